//! Renames variables so that no two variables of a query share a name.
//!
//! In SPARQL, a sub-query, the right side of a MINUS and an EXISTS may have local names that other parts use too. An
//! engine that passes bindings from one group to the next has to keep them apart, but not every engine does: Oxigraph
//! 0.5 passes those of a group into the EXISTS of its sibling. Also, a part that is evaluated outside of its scope, to
//! see what it matched, must not share names with other parts.

use super::scope::in_scope;
use super::walk::{for_each_operand, pattern_of_mut, variables};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::{NamedNodePattern, TermPattern, Variable};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Renames the variables of a query so that each name is unique. The results stay the same.
pub(crate) fn give_unique_names(query: &mut Query) {
    Renaming::default().whole(pattern_of_mut(query));
}

/// Returns the pattern with unique names. The solutions stay the same.
pub(crate) fn pattern_with_unique_names(pattern: &GraphPattern) -> GraphPattern {
    let mut pattern = pattern.clone();
    Renaming::default().whole(&mut pattern);
    pattern
}

/// Returns a pattern in which a variable in scope has another name. `taken` contains the names in use.
pub(crate) fn renamed(
    pattern: &GraphPattern,
    variable: &Variable,
    name: &Variable,
    taken: &mut HashSet<Variable>,
) -> GraphPattern {
    let mut names: VariableNames =
        variables(pattern).into_iter().map(|kept| (kept.clone(), kept.clone())).collect();
    names.insert(variable.clone(), name.clone());
    let mut renaming = Renaming { taken: std::mem::take(taken) };
    let mut pattern = pattern.clone();
    renaming.pattern(&mut pattern, &names, &VariableNames::new());
    *taken = renaming.taken;
    pattern
}

/// Separates a name from a number in the name of a derived variable.
/// [SPARQL](https://www.w3.org/TR/sparql11-query/#rVARNAME) allows it in names, and people do not use it.
pub(super) const NUMBERED: char = '·';

/// Derives a variable with an unused name from a name.
pub(crate) fn fresh(name: &str, taken: &mut HashSet<Variable>) -> Variable {
    let mut variable = Variable::new_unchecked(name);
    let mut number = 1;
    while !taken.insert(variable.clone()) {
        number += 1;
        variable = Variable::new_unchecked(format!("{name}{NUMBERED}{number}"));
    }
    variable
}

/// Returns the original variable of each derived one in a pattern, where the original name is still unique.
pub(crate) fn names_as_written(pattern: &GraphPattern) -> HashMap<Variable, Variable> {
    let mut made: HashMap<&str, Vec<&Variable>> = HashMap::new();
    for variable in variables(pattern) {
        let name = variable.as_str().split(NUMBERED).next().unwrap_or_default();
        made.entry(name).or_default().push(variable);
    }
    made.into_iter()
        .filter_map(|(name, variables)| match variables[..] {
            [variable] => Some((variable.clone(), Variable::new(name).ok()?)),
            _ => None,
        })
        .collect()
}

/// The new variables of a scope by the old ones.
type VariableNames = HashMap<Variable, Variable>;

#[derive(Default)]
struct Renaming {
    taken: HashSet<Variable>,
}

impl Renaming {
    fn whole(&mut self, pattern: &mut GraphPattern) {
        let names = self.names(in_scope(pattern), &VariableNames::new());
        self.pattern(pattern, &names, &VariableNames::new());
    }

    /// Returns the new names of a scope: the known ones, and unused ones for the rest.
    fn names(&mut self, variables: BTreeSet<Variable>, known: &VariableNames) -> VariableNames {
        let mut names = known.clone();
        for variable in variables {
            let new = |variable: &Variable| fresh(variable.as_str(), &mut self.taken);
            names.entry(variable).or_insert_with_key(new);
        }
        names
    }

    /// Renames a pattern. `visible` contains the variables of the solutions that an enclosing EXISTS tests.
    fn pattern(
        &mut self,
        pattern: &mut GraphPattern,
        names: &VariableNames,
        visible: &VariableNames,
    ) {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                for triple in patterns {
                    rename_end(&mut triple.subject, names);
                    rename_name(&mut triple.predicate, names);
                    rename_end(&mut triple.object, names);
                }
            }
            GraphPattern::Path { subject, object, .. } => {
                rename_end(subject, names);
                rename_end(object, names);
            }
            GraphPattern::Join { left, right }
            | GraphPattern::Lateral { left, right }
            | GraphPattern::Union { left, right } => {
                self.pattern(left, names, visible);
                self.pattern(right, names, visible);
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                let mut scope = in_scope(left);
                scope.extend(in_scope(right));
                if let Some(expression) = expression {
                    self.expression(expression, &seen(&scope, names, visible));
                }
                self.pattern(left, names, visible);
                self.pattern(right, names, visible);
            }
            GraphPattern::Minus { left, right } => {
                let known = seen(&in_scope(left), names, visible);
                let inside = self.names(in_scope(right), &known);
                self.pattern(left, names, visible);
                self.pattern(right, &inside, visible);
            }
            GraphPattern::Filter { expr, inner } => {
                self.expression(expr, &seen(&in_scope(inner), names, visible));
                self.pattern(inner, names, visible);
            }
            GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
                rename_name(name, names);
                self.pattern(inner, names, visible);
            }
            GraphPattern::Extend { inner, variable, expression } => {
                self.expression(expression, &seen(&in_scope(inner), names, visible));
                rename(variable, names);
                self.pattern(inner, names, visible);
            }
            GraphPattern::OrderBy { inner, expression } => {
                let scope = seen(&in_scope(inner), names, visible);
                for order in expression {
                    let (OrderExpression::Asc(expression) | OrderExpression::Desc(expression)) =
                        order;
                    self.expression(expression, &scope);
                }
                self.pattern(inner, names, visible);
            }
            GraphPattern::Values { variables, .. } => {
                for variable in variables {
                    rename(variable, names);
                }
            }
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner, names, visible),
            GraphPattern::Project { inner, variables } => {
                let (inside, visible) = self.enter(inner, variables, names, visible);
                self.pattern(inner, &inside, &visible);
                for variable in variables {
                    rename(variable, names);
                }
            }
            GraphPattern::Group { inner, variables, aggregates } => {
                let (inside, visible) = self.enter(inner, variables, names, visible);
                let scope = seen(&in_scope(inner), &inside, &visible);
                for (variable, aggregate) in aggregates {
                    rename(variable, names);
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        self.expression(expr, &scope);
                    }
                }
                self.pattern(inner, &inside, &visible);
                for variable in variables {
                    rename(variable, names);
                }
            }
        }
    }

    /// Returns the names and the visible variables inside a boundary that only some variables cross.
    fn enter(
        &mut self,
        inner: &GraphPattern,
        kept: &[Variable],
        names: &VariableNames,
        visible: &VariableNames,
    ) -> (VariableNames, VariableNames) {
        let pass = |names: &VariableNames| -> VariableNames {
            let pairs = kept.iter().filter_map(|variable| names.get_key_value(variable));
            pairs.map(|(old, new)| (old.clone(), new.clone())).collect()
        };
        (self.names(in_scope(inner), &pass(names)), pass(visible))
    }

    fn expression(&mut self, expression: &mut Expression, scope: &VariableNames) {
        match expression {
            Expression::Variable(variable) | Expression::Bound(variable) => {
                match scope.get(variable) {
                    Some(new) => *variable = new.clone(),
                    // The variable is unbound here, even if another one with this name is bound elsewhere.
                    None => *variable = fresh(variable.as_str(), &mut self.taken),
                }
            }
            Expression::Exists(pattern) => {
                let inside = self.names(in_scope(pattern), scope);
                self.pattern(pattern, &inside, scope);
            }
            _ => for_each_operand(expression, &mut |operand| self.expression(operand, scope)),
        }
    }
}

fn rename_end(term: &mut TermPattern, names: &VariableNames) {
    if let TermPattern::Variable(variable) = term {
        rename(variable, names);
    }
}

fn rename_name(name: &mut NamedNodePattern, names: &VariableNames) {
    if let NamedNodePattern::Variable(variable) = name {
        rename(variable, names);
    }
}

/// Returns the variables visible in an expression: those of its scope and of the solution that its EXISTS tests.
fn seen(
    scope: &BTreeSet<Variable>,
    names: &VariableNames,
    visible: &VariableNames,
) -> VariableNames {
    let mut seen = visible.clone();
    let pairs = scope.iter().filter_map(|variable| names.get_key_value(variable));
    seen.extend(pairs.map(|(old, new)| (old.clone(), new.clone())));
    seen
}

fn rename(variable: &mut Variable, names: &VariableNames) {
    if let Some(new) = names.get(variable) {
        *variable = new.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Prefixes;

    fn renamed(text: &str) -> String {
        let mut query = crate::sparql::parse("q", text, &Prefixes::default()).unwrap();
        give_unique_names(&mut query);
        let text = crate::sparql::to_sparql(&query, &Prefixes::default());
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn as_written(text: &str) -> String {
        let query = crate::sparql::parse("q", text, &Prefixes::default()).unwrap();
        let text = crate::sparql::to_sparql(&query, &Prefixes::default());
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_that_mean_one_thing_stay() {
        for text in [
            "SELECT ?s { ?s <x:p> ?o FILTER(?o > 1) OPTIONAL { ?s <x:q> ?q } MINUS { ?s <x:r> ?r } }",
            "SELECT ?s (COUNT(?o) AS ?n) { ?s <x:p> ?o } GROUP BY ?s HAVING (MAX(?o) > 1) ORDER BY ?n",
            "SELECT * { ?s <x:p> ?o FILTER EXISTS { ?s <x:q> ?z FILTER(?z > ?o) } { SELECT ?s { ?s <x:r> ?h } } }",
            "CONSTRUCT { ?s <x:p> ?o } { ?s <x:q> ?o }",
        ] {
            assert_eq!(renamed(text), as_written(text));
        }
    }

    #[test]
    fn namesakes_are_told_apart() {
        for (text, expected) in [
            (
                "ASK { { ?z <x:p> ?x } { ?z <x:r> ?y FILTER EXISTS { ?z <x:q> ?x } } }",
                "ASK { { ?z <x:p> ?x } { ?z <x:r> ?y FILTER EXISTS { ?z <x:q> ?x·2 } } }",
            ),
            (
                "SELECT ?a { { SELECT ?a { ?a <x:p> ?h } } { SELECT ?a { ?a <x:q> ?h } } }",
                "SELECT ?a { { SELECT ?a { ?a <x:p> ?h } } { SELECT ?a { ?a <x:q> ?h·2 } } }",
            ),
            (
                "ASK { { ?a <x:p> ?b MINUS { ?a <x:q> ?h } } ?h <x:r> ?a }",
                "ASK { { ?a <x:p> ?b MINUS { ?a <x:q> ?h·2 } } ?h <x:r> ?a }",
            ),
            (
                "ASK { ?a <x:p> ?b { ?c <x:q> ?d FILTER(?a = 1) } }",
                "ASK { ?a <x:p> ?b { ?c <x:q> ?d FILTER(?a·2 = 1) } }",
            ),
            (
                "ASK { { ?a <x:p> ?h } ?k <x:p> ?a . { SELECT ?a (SUM(?h) AS ?n) { ?a <x:q> ?h } GROUP BY ?a } }",
                "ASK { { ?a <x:p> ?h } ?k <x:p> ?a . { SELECT ?a (SUM(?h·2) AS ?n) { ?a <x:q> ?h·2 } GROUP BY ?a } }",
            ),
        ] {
            assert_eq!(renamed(text), as_written(expected));
        }
    }

    #[test]
    fn names_are_shown_as_they_were_written() {
        for (pattern, expected) in [
            ("{ ?a·2 <x:p> ?b }", "a·2 a, b b"),
            ("{ ?a·2 <x:p> ?a }", ""),
            ("{ ?a·2 <x:p> ?a·3 . ?b_2 <x:q> 1 }", "b_2 b_2"),
        ] {
            let text = format!("ASK {pattern}");
            let query = crate::sparql::parse("q", &text, &Prefixes::default()).unwrap();
            let names = names_as_written(crate::algebra::walk::pattern_of(&query));
            let mut names: Vec<String> =
                names.iter().map(|(a, b)| format!("{} {}", a.as_str(), b.as_str())).collect();
            names.sort();
            assert_eq!(names.join(", "), expected);
        }
    }

    #[test]
    fn what_an_exists_is_asked_for_keeps_its_name_in_it() {
        let text =
            "ASK { ?a <x:p> ?b FILTER EXISTS { ?b <x:q> ?c FILTER NOT EXISTS { ?c <x:r> ?a } } }";
        assert_eq!(renamed(text), as_written(text));
    }
}
