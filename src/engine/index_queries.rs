//! Queries on the index of the default graph, with the engine's own evaluator.

use super::index::{TripleIndex, TripleRange};
use super::quirks::stored_form;
use crate::algebra::{pattern_of, walk};
use oxigraph::model::{
    Literal, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef, Triple,
};
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use std::iter;
use std::sync::Arc;

/// The index of the default graph, as a dataset for the engine.
pub(super) struct IndexDataset(pub Arc<TripleIndex>);

/// A term of the default graph, or one that does not occur there because it comes from the query or was computed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum IndexTerm {
    Known(u32),
    Other(Arc<Term>),
}

/// Returns whether a query uses only the store's default graph.
pub(super) fn is_of_default_graph(query: &Query) -> bool {
    let mut is_of_it = query.dataset().is_none();
    walk(pattern_of(query), &mut |pattern| {
        is_of_it = is_of_it && !matches!(pattern, GraphPattern::Graph { .. });
    });
    is_of_it
}

/// Returns the range of the triples in an index that match the given terms, or `None` if there can be none.
pub(super) fn find(
    triples: &TripleIndex,
    subject: Option<NamedOrBlankNodeRef<'_>>,
    property: Option<NamedNodeRef<'_>>,
    object: Option<TermRef<'_>>,
) -> Option<TripleRange> {
    let number = |term: Option<TermRef<'_>>| match term {
        Some(term) => number(triples, term).map(Some),
        None => Some(None),
    };
    let (subject, property) = (subject.map(TermRef::from), property.map(TermRef::from));
    Some(triples.find(number(subject)?, number(property)?, number(object)?))
}

/// Returns the number of a term. A literal is looked up in its stored form.
pub(super) fn number(triples: &TripleIndex, term: TermRef<'_>) -> Option<u32> {
    match term {
        TermRef::Literal(literal) => match stored_form(literal) {
            Some(stored) => triples.number(stored.as_ref().into()),
            None => triples.number(term),
        },
        _ => triples.number(term),
    }
}

/// Returns the triples of an index that match the given terms.
pub(super) fn matching(
    triples: Arc<TripleIndex>,
    subject: Option<NamedOrBlankNodeRef<'_>>,
    property: Option<NamedNodeRef<'_>>,
    object: Option<TermRef<'_>>,
) -> impl Iterator<Item = Triple> + use<> {
    let mut found = find(&triples, subject, property, object);
    iter::from_fn(move || triple(&triples, found.as_mut()?.next(&triples)?))
}

fn triple(triples: &TripleIndex, numbers: [u32; 3]) -> Option<Triple> {
    let [subject, property, object] = numbers.map(|number| triples.term(number));
    let subject = match subject? {
        TermRef::NamedNode(node) => NamedOrBlankNode::from(node),
        TermRef::BlankNode(node) => node.into(),
        TermRef::Literal(_) => return None,
    };
    let TermRef::NamedNode(property) = property? else { return None };
    Some(Triple::new(subject, property, object?))
}

impl IndexDataset {
    fn encode(&self, term: Term) -> IndexTerm {
        let term = match &term {
            Term::Literal(literal) => stored_form(literal.as_ref()).map_or(term, Literal::into),
            _ => term,
        };
        match self.0.number(term.as_ref()) {
            Some(number) => IndexTerm::Known(number),
            None => IndexTerm::Other(term.into()),
        }
    }
}

/// Returns the constraint on a triple's term: a number, none, or an error for a term that no triple has.
fn given(term: Option<&IndexTerm>) -> Result<Option<u32>, NoTriple> {
    match term {
        None => Ok(None),
        Some(IndexTerm::Known(number)) => Ok(Some(*number)),
        Some(IndexTerm::Other(_)) => Err(NoTriple),
    }
}

struct NoTriple;

/// The error for a number without a term, which means that the index file has been changed.
#[derive(Debug, thiserror::Error)]
#[error(
    "the index of the store is damaged (it has no term number {0}); rebuild it with `dossier compact`, or query without it with `--no-plan`"
)]
pub(super) struct NoTerm(u32);

impl QueryableDataset<'static> for IndexDataset {
    type InternalTerm = IndexTerm;
    type Error = NoTerm;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&IndexTerm>,
        predicate: Option<&IndexTerm>,
        object: Option<&IndexTerm>,
        graph_name: Option<Option<&IndexTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<IndexTerm>, NoTerm>> + use<> {
        let mut found = match (given(subject), given(predicate), given(object), graph_name) {
            (Ok(s), Ok(p), Ok(o), Some(None)) => Some((Arc::clone(&self.0), self.0.find(s, p, o))),
            _ => None,
        };
        iter::from_fn(move || {
            let (index, found) = found.as_mut()?;
            let [subject, predicate, object] = found.next(index)?.map(IndexTerm::Known);
            Some(Ok(InternalQuad { subject, predicate, object, graph_name: None }))
        })
    }

    fn internalize_term(&self, term: Term) -> Result<IndexTerm, NoTerm> {
        Ok(self.encode(term))
    }

    fn externalize_term(&self, term: IndexTerm) -> Result<Term, NoTerm> {
        Ok(match term {
            IndexTerm::Known(number) => self.0.term(number).ok_or(NoTerm(number))?.into_owned(),
            IndexTerm::Other(term) => Arc::unwrap_or_clone(term),
        })
    }

    fn internalize_expression_term(&self, term: ExpressionTerm) -> Result<IndexTerm, NoTerm> {
        Ok(self.encode(term.into()))
    }
}
