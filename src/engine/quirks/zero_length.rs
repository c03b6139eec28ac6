//! Zero-length paths from a constant that the data does not have.
//!
//! `<x:a> <x:p>* ?x` has the solution `<x:a>`, whatever the data ([SPARQL 1.1,
//! 18.4](https://www.w3.org/TR/sparql11-query/#PropertyPathPatterns)): a zero-length path joins a term to itself. The
//! engine gives that solution only if the data has the term. If it does not, no edge leads from the term, so this is
//! the only solution of the path.

use crate::algebra::{
    change, may_be_zero_length, pattern_of, pattern_of_mut, walk, with_variables_for_blank_nodes,
};
use crate::budget::Cancellation;
use crate::engine::Embedded;
use crate::engine::backend::{Backend as _, QuadPattern};
use oxigraph::model::{GraphNameRef, NamedOrBlankNode, Term};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{GroundTerm, TermPattern};

impl Embedded {
    /// Adds the solutions of zero-length paths from constants that the data does not have. Paths in named graphs stay
    /// as they are, because a named graph must contain even a constant.
    pub(in crate::engine) fn add_zero_length_paths(
        &self,
        query: &mut Query,
        cancellation: &Cancellation,
    ) {
        let ends = constant_ends(pattern_of(query));
        if ends.is_empty() {
            return;
        }
        let merged = query.dataset().map(|dataset| dataset.default.clone());
        let is_absent = |term: &Term| match &merged {
            None => !self.has_end(term, GraphNameRef::DefaultGraph, cancellation),
            Some(graphs) => {
                !graphs.iter().any(|graph| self.has_end(term, graph.as_ref().into(), cancellation))
            }
        };
        let pattern = pattern_of_mut(query);
        if ends.iter().any(|(constant, is_to_blank)| *is_to_blank && is_absent(constant)) {
            // VALUES cannot bind blank nodes.
            *pattern = with_variables_for_blank_nodes(pattern);
        }
        change(pattern, &mut |pattern| {
            if let GraphPattern::Path { subject, path, object } = pattern
                && may_be_zero_length(path)
                && let Some(solution) = zero_length(subject, object, &is_absent)
            {
                *pattern = solution;
            }
            !matches!(pattern, GraphPattern::Graph { .. })
        });
    }

    /// Returns whether a term is the subject or the object of a triple of a graph. If the store fails, returns `true`:
    /// then the engine meets the same failure.
    fn has_end(&self, term: &Term, graph: GraphNameRef<'_>, cancellation: &Cancellation) -> bool {
        let subject: Option<NamedOrBlankNode> = match term {
            Term::NamedNode(iri) => Some(iri.clone().into()),
            Term::BlankNode(node) => Some(node.clone().into()),
            _ => None,
        };
        let has = |subject: Option<&NamedOrBlankNode>, object: Option<&Term>| {
            let subject = subject.map(NamedOrBlankNode::as_ref);
            let (predicate, object, graph) = (None, object.map(Term::as_ref), Some(graph));
            let pattern = QuadPattern { subject, predicate, object, graph };
            self.quads(pattern, Some(1), cancellation).next().is_some()
        };
        subject.is_some_and(|subject| has(Some(&subject), None)) || has(None, Some(term))
    }
}

/// Returns the constants at the ends of paths that can have zero length, each with whether the other end is a blank
/// node.
fn constant_ends(pattern: &GraphPattern) -> Vec<(Term, bool)> {
    let mut ends = Vec::new();
    walk(pattern, &mut |pattern| {
        if let GraphPattern::Path { subject, path, object } = pattern
            && may_be_zero_length(path)
        {
            for (end, other) in [(subject, object), (object, subject)] {
                let is_to_blank = matches!(other, TermPattern::BlankNode(_));
                ends.extend(constant(end).map(|constant| (constant.into(), is_to_blank)));
            }
        }
    });
    ends
}

/// Returns the only solution of a path from an absent constant, which has zero length. Returns `None` if the engine's
/// solutions are right.
fn zero_length(
    subject: &TermPattern,
    object: &TermPattern,
    is_absent: &dyn Fn(&Term) -> bool,
) -> Option<GraphPattern> {
    match (constant(subject), constant(object)) {
        (Some(one), Some(other)) => {
            (one == other && is_absent(&one.into())).then(GraphPattern::default)
        }
        (Some(constant), None) => bound(object, constant, is_absent),
        (None, Some(constant)) => bound(subject, constant, is_absent),
        (None, None) => None,
    }
}

fn bound(
    open: &TermPattern,
    constant: GroundTerm,
    is_absent: &dyn Fn(&Term) -> bool,
) -> Option<GraphPattern> {
    let TermPattern::Variable(variable) = open else { return None };
    is_absent(&constant.clone().into()).then(|| GraphPattern::Values {
        variables: vec![variable.clone()],
        bindings: vec![vec![Some(constant)]],
    })
}

fn constant(term: &TermPattern) -> Option<GroundTerm> {
    match term {
        TermPattern::NamedNode(iri) => Some(iri.clone().into()),
        TermPattern::Literal(literal) => Some(literal.clone().into()),
        _ => None,
    }
}
