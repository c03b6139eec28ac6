//! What a search in a query's pattern asks with: a store for some time, the words of the query, and small patterns.

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

/// The graph that a part is asked of: the default graph if it is none.
pub(super) type InGraph<'a> = Option<&'a NamedNodePattern>;

/// All triples, for whether there are any.
pub(super) fn anything() -> GraphPattern {
    let (subject, predicate, object) = ends();
    triple(subject, predicate, object)
}

/// All triples of the named graphs, for whether there are any.
pub(super) fn anywhere() -> GraphPattern {
    let name = Variable::new_unchecked("any_g");
    GraphPattern::Graph { name: name.into(), inner: anything().into() }
}

/// The variables of the patterns that names are asked with.
pub(super) fn ends() -> (Variable, Variable, Variable) {
    let [s, p, o] = ["any_s", "any_p", "any_o"].map(Variable::new_unchecked);
    (s, p, o)
}

/// A pattern of one triple.
pub(super) fn triple(
    subject: impl Into<TermPattern>,
    predicate: impl Into<NamedNodePattern>,
    object: impl Into<TermPattern>,
) -> GraphPattern {
    let (subject, predicate, object) = (subject.into(), predicate.into(), object.into());
    GraphPattern::Bgp { patterns: vec![TriplePattern { subject, predicate, object }] }
}

impl<'a> PatternSearch<'a> {
    /// A search that has not asked anything yet.
    pub(super) const fn new(probe: &'a Probe<'a>, words: &'a QueryText<'a>) -> Self {
        Self { probe, words }
    }

    /// Whether a pattern has a solution: nothing if the time does not suffice.
    pub(super) fn has(&self, pattern: &GraphPattern) -> Result<Option<bool>> {
        self.probe.has_match(pattern)
    }
}
