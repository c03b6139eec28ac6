//! Queries on the index of the default graph, with the engine's own evaluator.

use super::index::{TripleIndex, TripleRange};
use super::query_terms::{QueryTerms, RESERVED};
use super::quirks::stored_form;
use crate::algebra::{pattern_of, walk};
use crate::budget::Cancellation;
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef, Triple};
use oxigraph::sparql::QueryEvaluationError;
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use std::cell::Cell;
use std::iter;
use std::rc::Rc;
use std::sync::Arc;

/// The most values of a row that is fed to a query.
pub(super) const MOST_FED: usize = 6;

/// A row that is fed to a query.
pub(super) type FedRow = [u32; MOST_FED];

/// The names of the properties whose triples are the values of the rows that are fed. They are not valid IRIs, so no
/// query can use them.
pub(super) const FED: [&str; MOST_FED] =
    ["first value", "second value", "third value", "fourth value", "fifth value", "sixth value"];

/// The index of the default graph, as a dataset for the engine, in which other rows can stand for the triples of some
/// properties.
#[derive(Clone)]
pub(super) struct IndexDataset {
    pub terms: Rc<QueryTerms>,
    pub feed: Option<Feed>,
}

/// Rows that are fed to a query, one after the other. A row is a triple for each of its values, which is the object: the
/// optimizer takes subjects and properties for IRIs.
#[derive(Clone)]
pub(super) struct Feed {
    rows: Rc<Cell<Option<FedRows>>>,
    /// The row that is being evaluated.
    current: Rc<Cell<FedRow>>,
}

type FedRows = Box<dyn FnMut() -> Option<FedRow>>;

impl Feed {
    pub(super) fn new(rows: impl FnMut() -> Option<FedRow> + 'static) -> Self {
        let rows: FedRows = Box::new(rows);
        Self { rows: Rc::new(Cell::new(Some(rows))), current: Rc::default() }
    }
}

/// Returns whether a query uses only the store's default graph.
pub(super) fn is_of_default_graph(query: &Query) -> bool {
    let mut is_of_it = query.dataset().is_none();
    walk(pattern_of(query), &mut |pattern| {
        is_of_it = is_of_it && !matches!(pattern, GraphPattern::Graph { .. });
    });
    is_of_it
}

/// Returns whether a query reads no data, but computes its results from constants.
pub(super) fn reads_nothing(query: &Query) -> bool {
    let mut reads_nothing = query.dataset().is_none() && !matches!(query, Query::Describe { .. });
    walk(pattern_of(query), &mut |pattern| {
        reads_nothing = reads_nothing
            && match pattern {
                GraphPattern::Bgp { patterns } => patterns.is_empty(),
                GraphPattern::Path { .. }
                | GraphPattern::Graph { .. }
                | GraphPattern::Service { .. } => false,
                _ => true,
            };
    });
    reads_nothing
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

/// Returns the triple of three terms.
pub(super) fn triple(triples: &TripleIndex, numbers: [u32; 3]) -> Option<Triple> {
    let [subject, property, object] = numbers.map(|number| triples.term(number));
    let subject = match subject? {
        TermRef::NamedNode(node) => NamedOrBlankNode::from(node),
        TermRef::BlankNode(node) => node.into(),
        _ => return None,
    };
    let TermRef::NamedNode(property) = property? else { return None };
    Some(Triple::new(subject, property, object?))
}

impl IndexDataset {
    /// Returns the dataset of a query that is evaluated until work is stopped.
    pub(super) fn new(index: Arc<TripleIndex>, until: &Cancellation) -> Self {
        Self { terms: QueryTerms::new(index, until).into(), feed: None }
    }
}

/// The number of the property of the fed values at a place.
const fn fed_property(place: u32) -> u32 {
    RESERVED + 1 + place
}

/// The quads that match a pattern.
enum InternalQuads {
    Found(Rc<QueryTerms>, TripleRange),
    /// The first value of each row. It begins the row.
    Fed(Feed, FedRows),
    /// Another value of the current row.
    Value(Option<InternalQuad<u32>>),
}

impl Iterator for InternalQuads {
    type Item = Result<InternalQuad<u32>, QueryEvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        let quad = |[subject, predicate, object]: [u32; 3]| InternalQuad {
            subject,
            predicate,
            object,
            graph_name: None,
        };
        match self {
            // The engine gathers the error of each quad that is read after a stop. A join could do that for hours.
            Self::Found(terms, _) if terms.is_stopped() => None,
            Self::Found(terms, found) => found.next(&terms.index).map(quad).map(Ok),
            Self::Fed(feed, rows) => {
                let row = rows()?;
                feed.current.set(row);
                let [object, ..] = row;
                Some(Ok(quad([RESERVED, fed_property(0), object])))
            }
            Self::Value(value) => value.take().map(Ok),
        }
    }
}

impl QueryableDataset<'static> for IndexDataset {
    type InternalTerm = u32;
    type Error = QueryEvaluationError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&u32>,
        predicate: Option<&u32>,
        object: Option<&u32>,
        graph_name: Option<Option<&u32>>,
    ) -> impl Iterator<Item = Result<InternalQuad<u32>, QueryEvaluationError>> + use<> {
        let place = predicate.and_then(|predicate| predicate.checked_sub(fed_property(0)));
        if let (Some(place), Some(feed)) = (place, &self.feed) {
            // The first values are asked for once, and the others for each row.
            let rows = if place == 0 { feed.rows.take() } else { None };
            return match rows {
                Some(rows) => InternalQuads::Fed(feed.clone(), rows),
                None => {
                    InternalQuads::Value(feed.current.get().get(place as usize).map(|&object| {
                        let (subject, predicate) = (RESERVED, fed_property(place));
                        InternalQuad { subject, predicate, object, graph_name: None }
                    }))
                }
            };
        }
        let known = |term: Option<&u32>| match term {
            Some(&number) if number as usize >= self.terms.index.terms() => Err(NoTriple),
            term => Ok(term.copied()),
        };
        match (known(subject), known(predicate), known(object), graph_name) {
            (Ok(subject), Ok(predicate), Ok(object), Some(None)) => {
                let found = self.terms.index.find(subject, predicate, object);
                InternalQuads::Found(Rc::clone(&self.terms), found)
            }
            _ => InternalQuads::Value(None),
        }
    }

    fn internalize_term(&self, term: Term) -> Result<u32, QueryEvaluationError> {
        if let (Some(_), Term::NamedNode(name)) = (&self.feed, &term)
            && let Some((place, _)) = (0..).zip(FED).find(|(_, fed)| *fed == name.as_str())
        {
            return Ok(fed_property(place));
        }
        self.terms.number(term)
    }

    fn externalize_term(&self, number: u32) -> Result<Term, QueryEvaluationError> {
        self.terms.term(number)
    }

    fn internalize_expression_term(
        &self,
        term: ExpressionTerm,
    ) -> Result<u32, QueryEvaluationError> {
        self.terms.number(term.into())
    }
}

/// A term that no triple has.
struct NoTriple;
