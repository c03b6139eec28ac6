//! Leaves that are triples: their variables are filled in from solutions.

use super::citation::{CitedTriple, Reason};
use super::draft::{DraftTriple, Drafts};
use super::witness::{Leaf, Support};
use crate::algebra::variables_of_triple;
use crate::diagnostic::Result;
use crate::engine::NumberedTriples;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, Triple};
use oxigraph::sparql::QuerySolution;
use rustc_hash::FxHashMap;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::sync::Arc;

/// Returns whether a leaf is a triple of the default graph.
pub(super) fn is_plain(leaf: &Leaf) -> bool {
    matches!(leaf.support, Support::Triple { graph: None, .. })
}

/// Returns whether a leaf counts for a solution.
pub(super) fn applies(leaf: &Leaf, solution: &QuerySolution) -> bool {
    leaf.when.as_ref().is_none_or(|variable| solution.get(variable).is_some())
        && leaf.unless.as_ref().is_none_or(|variable| solution.get(variable).is_none())
}

/// Adds a triple to what a solution rests on. Who states it is looked up later.
pub(super) fn add_triple(
    triple: &TriplePattern,
    graph: Option<&NamedNodePattern>,
    solution: &QuerySolution,
    found: &mut Drafts,
) {
    match ground(triple, solution) {
        Some(triple) => {
            let graph = graph.and_then(|graph| name(graph, solution));
            let needed = DraftTriple::Stated(Arc::new(triple), graph);
            found.each(|draft| draft.triples.push(needed.clone()));
        }
        None => found.lacks(&Reason::NotTraced),
    }
}

/// Adds the triples of plain leaves to each solution. They are looked up by numbers, for all solutions at once.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn add_plain(
    leaves: &[Leaf],
    numbered: &NumberedTriples,
    solutions: &[&QuerySolution],
    found: &mut [Drafts],
) -> Result<()> {
    let mut columns: FxHashMap<&Variable, Vec<Option<u32>>> = FxHashMap::default();
    for triple in leaves.iter().filter_map(triple_of) {
        for variable in variables_of_triple(triple) {
            columns.entry(variable).or_insert_with(|| {
                let number = |term: &Term| numbered.number(term.as_ref());
                solutions.iter().map(|solution| solution.get(variable).and_then(number)).collect()
            });
        }
    }
    for leaf in leaves {
        let Some(triple) = triple_of(leaf) else { continue };
        let [subject, predicate, object] = [
            Numbers::of(&triple.subject, numbered, &columns),
            Numbers::of(&triple.predicate.clone().into(), numbered, &columns),
            Numbers::of(&triple.object, numbered, &columns),
        ];
        let (mut places, mut numbers) = (Vec::new(), Vec::new());
        for i in (0..solutions.len()).filter(|&i| applies(leaf, solutions[i])) {
            match (subject.at(i), predicate.at(i), object.at(i)) {
                (Some(subject), Some(predicate), Some(object)) => {
                    places.push(i);
                    numbers.push([subject, predicate, object]);
                }
                _ => add_triple(triple, None, solutions[i], &mut found[i]),
            }
        }
        for (i, stated) in places.into_iter().zip(numbered.stating_graphs(&numbers)?) {
            match stated.and_then(CitedTriple::of) {
                Some(cited) => {
                    let needed = DraftTriple::Cited(cited);
                    found[i].each(|draft| draft.triples.push(needed.clone()));
                }
                None => add_triple(triple, None, solutions[i], &mut found[i]),
            }
        }
    }
    Ok(())
}

const fn triple_of(leaf: &Leaf) -> Option<&TriplePattern> {
    match &leaf.support {
        Support::Triple { triple, .. } => Some(triple),
        _ => None,
    }
}

/// The numbers that a position of a triple pattern has in some solutions.
enum Numbers<'a> {
    Same(Option<u32>),
    Each(&'a [Option<u32>]),
}

impl<'a> Numbers<'a> {
    fn of(
        pattern: &TermPattern,
        numbered: &NumberedTriples,
        columns: &'a FxHashMap<&Variable, Vec<Option<u32>>>,
    ) -> Self {
        match pattern {
            TermPattern::NamedNode(iri) => Self::Same(numbered.number(iri.as_ref().into())),
            TermPattern::Literal(literal) => Self::Same(numbered.number(literal.as_ref().into())),
            TermPattern::Variable(variable) => {
                columns.get(variable).map_or(Self::Same(None), |numbers| Self::Each(numbers))
            }
            _ => Self::Same(None),
        }
    }

    /// Returns the number in a solution, or `None` if there is none or no triple has the term.
    fn at(&self, solution: usize) -> Option<u32> {
        match self {
            Self::Same(number) => *number,
            Self::Each(numbers) => numbers.get(solution).copied().flatten(),
        }
    }
}

pub(super) fn term(pattern: &TermPattern, solution: &QuerySolution) -> Option<Term> {
    match pattern {
        TermPattern::NamedNode(iri) => Some(iri.clone().into()),
        TermPattern::Literal(literal) => Some(literal.clone().into()),
        TermPattern::Variable(variable) => solution.get(variable).cloned(),
        _ => None,
    }
}

pub(super) fn name(pattern: &NamedNodePattern, solution: &QuerySolution) -> Option<NamedNode> {
    match pattern {
        NamedNodePattern::NamedNode(iri) => Some(iri.clone()),
        NamedNodePattern::Variable(variable) => match solution.get(variable) {
            Some(Term::NamedNode(iri)) => Some(iri.clone()),
            _ => None,
        },
    }
}

/// Returns a triple with the values of a solution filled in, or `None` if one is missing.
fn ground(triple: &TriplePattern, solution: &QuerySolution) -> Option<Triple> {
    Some(Triple {
        subject: term(&triple.subject, solution).and_then(subject)?,
        predicate: name(&triple.predicate, solution)?,
        object: term(&triple.object, solution)?,
    })
}

fn subject(term: Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(iri) => Some(iri.into()),
        Term::BlankNode(node) => Some(node.into()),
        _ => None,
    }
}
