//! Computes the variables that a pattern binds: those in scope, and those that every solution binds.
//!
//! [SPARQL 1.1, 18.2.1](https://www.w3.org/TR/sparql11-query/#variableScope).

use super::walk::{named_variable, term_variable, variables_of_triple};
use spargebra::algebra::GraphPattern;
use spargebra::term::Variable;
use std::collections::BTreeSet;

/// Returns the variables in scope after a pattern, which a solution may bind.
pub fn in_scope(pattern: &GraphPattern) -> BTreeSet<Variable> {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => certain(pattern),
        GraphPattern::Join { left, right }
        | GraphPattern::LeftJoin { left, right, .. }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right } => {
            let mut variables = in_scope(left);
            variables.extend(in_scope(right));
            variables
        }
        GraphPattern::Minus { left, .. } => in_scope(left),
        GraphPattern::Filter { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => in_scope(inner),
        GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
            let mut variables = in_scope(inner);
            variables.extend(named_variable(name).cloned());
            variables
        }
        GraphPattern::Extend { inner, variable, .. } => {
            let mut variables = in_scope(inner);
            variables.insert(variable.clone());
            variables
        }
        GraphPattern::Values { variables, .. } | GraphPattern::Project { variables, .. } => {
            variables.iter().cloned().collect()
        }
        GraphPattern::Group { variables, aggregates, .. } => {
            let aggregates = aggregates.iter().map(|(variable, _)| variable);
            variables.iter().chain(aggregates).cloned().collect()
        }
    }
}

/// Returns the variables that every solution binds by a triple, a graph name or VALUES. Results of expressions are
/// excluded, because they may be errors.
pub(crate) fn certain(pattern: &GraphPattern) -> BTreeSet<Variable> {
    match pattern {
        GraphPattern::Bgp { patterns } => {
            patterns.iter().flat_map(variables_of_triple).cloned().collect()
        }
        GraphPattern::Path { subject, object, .. } => {
            [subject, object].into_iter().filter_map(term_variable).cloned().collect()
        }
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
            let mut variables = certain(left);
            variables.extend(certain(right));
            variables
        }
        GraphPattern::Union { left, right } => {
            let right = certain(right);
            certain(left).into_iter().filter(|variable| right.contains(variable)).collect()
        }
        GraphPattern::LeftJoin { left: inner, .. }
        | GraphPattern::Minus { left: inner, .. }
        | GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => certain(inner),
        GraphPattern::Graph { name, inner } => {
            let mut variables = certain(inner);
            variables.extend(named_variable(name).cloned());
            variables
        }
        GraphPattern::Project { inner, variables }
        | GraphPattern::Group { inner, variables, .. } => {
            let inner = certain(inner);
            variables.iter().filter(|variable| inner.contains(variable)).cloned().collect()
        }
        GraphPattern::Values { variables, bindings } => variables
            .iter()
            .enumerate()
            .filter(|(i, _)| bindings.iter().all(|row| row[*i].is_some()))
            .map(|(_, variable)| variable.clone())
            .collect(),
        // A SILENT service may give an empty solution.
        GraphPattern::Service { .. } => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::walk::pattern_of;
    use crate::vocabulary::Prefixes;

    fn names(variables: &BTreeSet<Variable>) -> String {
        let names: Vec<&str> = variables.iter().map(Variable::as_str).collect();
        names.join(" ")
    }

    /// Checks the variables in scope and the certain ones for the group of an ASK.
    fn check(group: &str, expected_scope: &str, expected_certain: &str) {
        let query =
            crate::sparql::parse("q", &format!("ASK {group}"), &Prefixes::default()).unwrap();
        assert_eq!(names(&in_scope(pattern_of(&query))), expected_scope, "scope of {group}");
        assert_eq!(names(&certain(pattern_of(&query))), expected_certain, "certain of {group}");
    }

    #[test]
    fn each_operator_binds_what_the_specification_says() {
        check("{ ?a ?b ?c }", "a b c", "a b c");
        check("{ ?a <x:p>* ?b }", "a b", "a b");
        check("{ ?a <x:p> 1 OPTIONAL { ?a <x:q> ?b } }", "a b", "a");
        check("{ { ?a <x:p> ?b } UNION { ?a <x:q> ?c } }", "a b c", "a");
        check("{ ?a <x:p> 1 MINUS { ?a <x:q> ?b } }", "a", "a");
        check("{ ?a <x:p> 1 FILTER(?z > 1) }", "a", "a");
        check("{ ?a <x:p> 1 FILTER EXISTS { ?a <x:q> ?z } }", "a", "a");
        check("{ ?a <x:p> 1 BIND(1 AS ?b) }", "a b", "a");
        check("{ VALUES (?a ?b) { (1 2) (UNDEF 3) } }", "a b", "b");
        check("{ GRAPH ?g { ?a <x:p> 1 } }", "a g", "a g");
        check("{ { SELECT ?a { ?a <x:p> ?b } } ?a <x:q> ?c }", "a c", "a c");
        check("{ { SELECT ?a (COUNT(*) AS ?n) { ?a <x:p> ?b } GROUP BY ?a } }", "a n", "a");
    }
}
