//! Determines whether a query could match triples that do not exist yet.

use super::walk::{pattern_of, walk};
use super::zero_length::may_be_zero_length;
use crate::vocabulary::rdf;
use oxigraph::model::NamedNodeRef;
use spargebra::Query;
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};

/// A set of triples, described by their predicates and by the classes of their subjects.
pub(crate) struct Region<'a> {
    /// The predicates, except `rdf:type`.
    pub predicates: &'a [NamedNodeRef<'a>],
    /// The classes that are objects of `rdf:type`.
    pub classes: &'a [NamedNodeRef<'a>],
}

impl Region<'_> {
    /// Returns whether a query could match a triple of the region. If not, its results are the same with and without
    /// them. If so, it may still match none.
    pub(crate) fn is_reached_by(&self, query: &Query) -> bool {
        if matches!(query, Query::Describe { .. }) {
            return true;
        }
        let mut reached = false;
        walk(pattern_of(query), &mut |pattern| {
            reached = reached
                || match pattern {
                    GraphPattern::Bgp { patterns } => {
                        patterns.iter().any(|triple| self.matches(triple))
                    }
                    GraphPattern::Path { subject, path, object } => {
                        // A zero-length path connects every term to itself.
                        let both_open = !is_constant(subject) && !is_constant(object);
                        self.path(path) || (both_open && may_be_zero_length(path))
                    }
                    _ => false,
                };
        });
        reached
    }

    fn matches(&self, triple: &TriplePattern) -> bool {
        match &triple.predicate {
            NamedNodePattern::Variable(_) => true,
            NamedNodePattern::NamedNode(predicate) if predicate.as_ref() == rdf::TYPE => {
                match &triple.object {
                    TermPattern::NamedNode(class) => self.classes.contains(&class.as_ref()),
                    TermPattern::Variable(_) | TermPattern::BlankNode(_) => true,
                    _ => false,
                }
            }
            NamedNodePattern::NamedNode(predicate) => self.predicates.contains(&predicate.as_ref()),
        }
    }

    fn path(&self, path: &PropertyPathExpression) -> bool {
        match path {
            PropertyPathExpression::NamedNode(predicate) => {
                predicate.as_ref() == rdf::TYPE || self.predicates.contains(&predicate.as_ref())
            }
            PropertyPathExpression::NegatedPropertySet(_) => true,
            PropertyPathExpression::Reverse(inner)
            | PropertyPathExpression::ZeroOrMore(inner)
            | PropertyPathExpression::OneOrMore(inner)
            | PropertyPathExpression::ZeroOrOne(inner) => self.path(inner),
            PropertyPathExpression::Sequence(a, b) | PropertyPathExpression::Alternative(a, b) => {
                self.path(a) || self.path(b)
            }
        }
    }
}

fn is_constant(term: &TermPattern) -> bool {
    matches!(term, TermPattern::NamedNode(_) | TermPattern::Literal(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{Prefixes, rdfs};

    #[test]
    fn a_query_reaches_what_it_could_match() {
        let class = NamedNodeRef::new_unchecked("x:C");
        let region = Region { predicates: &[rdfs::LABEL], classes: &[class] };
        let reaches = |text: &str| {
            let mut prefixes = Prefixes::default();
            prefixes.add("rdfs", "http://www.w3.org/2000/01/rdf-schema#");
            region.is_reached_by(&crate::sparql::parse("q", text, &prefixes).unwrap())
        };
        for text in [
            "ASK { ?s ?p 1 }",
            "ASK { ?s rdfs:label 1 }",
            "ASK { ?s a ?c }",
            "ASK { ?s a <x:C> }",
            "DESCRIBE <x:a>",
            "ASK { ?s <x:p>/rdfs:label ?o }",
            "ASK { ?s !<x:p> ?o }",
            "ASK { ?s <x:p>* ?o }",
            "ASK { ?s a/<x:p>* <x:C> }",
            "ASK { FILTER NOT EXISTS { { SELECT * { ?s ?p ?o } } } }",
            "ASK { GRAPH ?g { ?s (<x:p>?)+ ?o } }",
            "SELECT (COUNT(*) AS ?n) { ?x <x:p> ?y } ORDER BY (EXISTS { ?x rdfs:label ?y })",
        ] {
            assert!(reaches(text), "{text}");
        }
        for text in [
            "ASK {}",
            "ASK { ?s <x:p> ?o }",
            "ASK { ?s a <x:D> }",
            "ASK { ?s <x:p>* <x:a> }",
            "ASK { ?s <x:p>+ ?o }",
            "ASK { <x:C> <x:p> rdfs:label }",
            "ASK { ?s (<x:p>|^<x:q>/<x:r>) ?o }",
        ] {
            assert!(!reaches(text), "{text}");
        }
    }
}
