//! Variables that are used where they have no value, although they have one elsewhere in the query: in a FILTER of an
//! inner group, in a BIND of an OPTIONAL, or as a name of SELECT in a HAVING.

use super::steps::GroupStep;
use crate::algebra::{conjuncts, in_scope, named_variable, pattern_of, walk_expression};
use crate::sparql::tree_of;
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::Variable;
use std::collections::BTreeSet;
use std::ops::Range;

/// The clause that uses a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clause {
    /// A condition.
    Filter,
    /// A condition on groups.
    Having,
    /// A value for another variable.
    Bind,
}

impl Clause {
    /// Returns the keyword.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filter => "FILTER",
            Self::Having => "HAVING",
            Self::Bind => "BIND",
        }
    }
}

/// A variable that is used where it has no value.
pub(crate) struct OutOfScope {
    /// The variable.
    pub variable: Variable,
    /// The clause that uses it.
    pub clause: Clause,
    /// The element of the query that uses it.
    pub step: GroupStep,
}

/// Returns the variables of a query that are used out of their scope.
pub(crate) fn out_of_scope(query: &Query) -> Vec<OutOfScope> {
    let mut finder = Finder { found: Vec::new() };
    finder.pattern(pattern_of(query), &BTreeSet::new());
    finder.found
}

struct Finder {
    found: Vec<OutOfScope>,
}

impl Finder {
    /// Checks a pattern. The variables in `around` are bound outside and visible inside, as in an EXISTS.
    fn pattern(&mut self, pattern: &GraphPattern, around: &BTreeSet<Variable>) {
        let with = |inner: &GraphPattern| -> BTreeSet<Variable> {
            in_scope(inner).into_iter().chain(around.iter().cloned()).collect()
        };
        match pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => {}
            GraphPattern::Join { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right } => {
                self.pattern(left, around);
                self.pattern(right, around);
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.pattern(left, around);
                self.pattern(right, around);
                if let Some(condition) = expression {
                    let mut scope = with(left);
                    scope.extend(in_scope(right));
                    self.condition(condition, Clause::Filter, &scope);
                }
            }
            GraphPattern::Lateral { left, right } => {
                self.pattern(left, around);
                self.pattern(right, &with(left));
            }
            GraphPattern::Filter { expr, inner } => {
                self.pattern(inner, around);
                let clause = if is_grouped(inner) { Clause::Having } else { Clause::Filter };
                self.condition(expr, clause, &with(inner));
            }
            GraphPattern::Extend { inner, variable, expression } => {
                self.pattern(inner, around);
                let step = GroupStep::Bind(variable.clone(), expression.clone());
                self.expression(expression, Clause::Bind, &step, &with(inner));
            }
            GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
                let name = named_variable(name).cloned();
                self.pattern(inner, &around.iter().cloned().chain(name).collect());
            }
            GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::Group { inner, .. } => self.pattern(inner, around),
        }
    }

    fn condition(&mut self, condition: &Expression, clause: Clause, scope: &BTreeSet<Variable>) {
        for conjunct in conjuncts(condition) {
            self.expression(conjunct, clause, &GroupStep::Filter(conjunct.clone()), scope);
        }
    }

    fn expression(
        &mut self,
        expression: &Expression,
        clause: Clause,
        step: &GroupStep,
        scope: &BTreeSet<Variable>,
    ) {
        walk_expression(expression, &mut |inner| match inner {
            Expression::Variable(variable) if !scope.contains(variable) => {
                let is_known = |found: &OutOfScope| {
                    found.variable == *variable && found.clause == clause && found.step == *step
                };
                if !self.found.iter().any(is_known) {
                    let (variable, step) = (variable.clone(), step.clone());
                    self.found.push(OutOfScope { variable, clause, step });
                }
            }
            Expression::Exists(pattern) => self.pattern(pattern, scope),
            _ => {}
        });
    }
}

/// Returns whether a pattern is an aggregation, possibly with conditions around it.
fn is_grouped(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Group { .. } => true,
        GraphPattern::Extend { inner, .. } | GraphPattern::Filter { inner, .. } => {
            is_grouped(inner)
        }
        _ => false,
    }
}

/// Returns the positions of a variable in some ranges of a text.
pub(super) fn variable_in(
    text: &str,
    variable: &Variable,
    spans: &[Range<usize>],
) -> Option<Range<usize>> {
    let is_inside = |span: &Range<usize>| {
        spans.iter().any(|outer| outer.start <= span.start && span.end <= outer.end)
    };
    let tree = tree_of(text);
    let mut variables = tree.variables();
    variables
        .find(|(name, span)| *name == variable.as_str() && is_inside(span))
        .map(|(_, span)| span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Prefixes;

    /// Compares the variables out of scope, each with its keyword.
    fn check(text: &str, expected: &[&str]) {
        let query = crate::sparql::parse("q", text, &Prefixes::default()).unwrap();
        let found: Vec<String> = out_of_scope(&query)
            .iter()
            .map(|found| format!("{} {}", found.clause.name(), found.variable))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn what_is_out_of_scope_is_found() {
        check("SELECT * { ?s <x:p> ?o { ?s <x:q> ?z FILTER(?z > ?o) } }", &["FILTER ?o"]);
        check("SELECT * { ?s <x:p> ?x OPTIONAL { BIND(?x AS ?z) } }", &["BIND ?x"]);
        check("SELECT * { ?s <x:p> ?x MINUS { ?s <x:q> ?y FILTER(?y = ?x) } }", &["FILTER ?x"]);
        check(
            "SELECT ?s (COUNT(?o) AS ?n) { ?s <x:p> ?o } GROUP BY ?s HAVING(?n > 1)",
            &["HAVING ?n"],
        );
    }

    #[test]
    fn what_has_a_value_is_not() {
        for text in [
            "SELECT * { ?s <x:p> ?x OPTIONAL { ?s <x:q> ?y FILTER(?y = ?x) } }",
            "SELECT * { ?s <x:p> ?x FILTER EXISTS { ?s <x:q> ?y FILTER(?y = ?x) } }",
            "SELECT * { ?s <x:p> ?x FILTER NOT EXISTS { { ?s <x:q> ?y FILTER(?y = ?x) } } }",
            "SELECT * { GRAPH ?g { ?s <x:p> ?x FILTER(?g != <x:a>) } }",
            "SELECT ?s (COUNT(?o) AS ?n) { ?s <x:p> ?o } GROUP BY ?s HAVING(COUNT(?o) > 1)",
            "SELECT (YEAR(?d) AS ?y) { ?s <x:p> ?d } GROUP BY ?d HAVING(?d > 1) ORDER BY ?y",
            "SELECT * { ?s <x:p> ?x { ?s <x:q> ?y FILTER(!BOUND(?x)) } }",
            "SELECT (?a + 1 AS ?b) (?b + 1 AS ?c) { ?s <x:p> ?a }",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn the_expression_of_a_name_is_found() {
        let text = "SELECT ?s (SUM((?a + 1)) AS ?m) (COUNT(?o) as ?n) {}";
        let tree = tree_of(text);
        let named = |name| tree.expression_named(name);
        assert_eq!(
            (named("m"), named("n"), named("s")),
            (Some("SUM((?a + 1))"), Some("COUNT(?o)"), None)
        );
    }
}
