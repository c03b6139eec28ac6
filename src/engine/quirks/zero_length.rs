//! Zero-length paths from a constant that the data does not have.
//!
//! `<x:a> <x:p>* ?x` has the solution `<x:a>`, whatever is in the data
//! ([SPARQL 1.1, 18.4](https://www.w3.org/TR/sparql11-query/#PropertyPathPatterns)): a zero-length path joins a term
//! to itself. The engine gives it only if the data has the term. From a term that the data does not have no edge leads
//! anywhere, so that this one solution is all that the path has.

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
    /// Gives a query the solutions of its zero-length paths from constants that the data does not have. In a named graph,
    /// which has to have even a constant, paths stay as they are.
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
            // VALUES can bind no blank node.
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

    /// Whether a term is the subject or the object of a triple of a graph. If the store cannot tell, it is taken to be:
    /// then the engine meets the failure as well.
    fn has_end(&self, term: &Term, graph: GraphNameRef<'_>, cancellation: &Cancellation) -> bool {
        let subject: Option<NamedOrBlankNode> = match term {
            Term::NamedNode(iri) => Some(iri.clone().into()),
            Term::BlankNode(node) => Some(node.clone().into()),
            Term::Literal(_) => None,
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

/// The constants at the ends of paths that may have no step, and whether the other end is a blank node.
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

/// Returns the one solution of a path between two ends of which one is a constant that is absent: that which has no
/// step. `None`: the engine gives what there is.
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
        TermPattern::BlankNode(_) | TermPattern::Variable(_) => None,
    }
}
