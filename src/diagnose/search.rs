//! The state of a search in a query's pattern: a time-limited store and the query's text.

use super::probe::Probe;
use super::query_text::QueryText;
use crate::diagnostic::Result;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};

/// Searches a pattern for the part that has no match.
pub(super) struct PatternSearch<'a> {
    pub probe: &'a Probe<'a>,
    pub words: &'a QueryText<'a>,
}

/// The graph in which a part is evaluated, or `None` for the default graph.
pub(super) type InGraph<'a> = Option<&'a NamedNodePattern>;

/// Returns the pattern of all triples, to check whether there are any.
pub(super) fn anything() -> GraphPattern {
    let (subject, predicate, object) = ends();
    triple(subject, predicate, object)
}

/// Returns the pattern of all triples in named graphs, to check whether there are any.
pub(super) fn anywhere() -> GraphPattern {
    let name = Variable::new_unchecked("any_g");
    GraphPattern::Graph { name: name.into(), inner: anything().into() }
}

/// Returns the variables of the patterns for name lookups.
pub(super) fn ends() -> (Variable, Variable, Variable) {
    let [s, p, o] = ["any_s", "any_p", "any_o"].map(Variable::new_unchecked);
    (s, p, o)
}

/// Returns a pattern of one triple.
pub(super) fn triple(
    subject: impl Into<TermPattern>,
    predicate: impl Into<NamedNodePattern>,
    object: impl Into<TermPattern>,
) -> GraphPattern {
    let (subject, predicate, object) = (subject.into(), predicate.into(), object.into());
    GraphPattern::Bgp { patterns: vec![TriplePattern { subject, predicate, object }] }
}

impl<'a> PatternSearch<'a> {
    /// Creates a search that has not run any query yet.
    pub(super) const fn new(probe: &'a Probe<'a>, words: &'a QueryText<'a>) -> Self {
        Self { probe, words }
    }

    /// Returns whether a pattern has a solution, or `None` if the time runs out.
    pub(super) fn has(&self, pattern: &GraphPattern) -> Result<Option<bool>> {
        self.probe.has_match(pattern)
    }
}
