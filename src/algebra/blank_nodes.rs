//! Replaces blank nodes by variables. A blank node in a pattern is a variable without a name. With a name, parts of the
//! pattern can be evaluated separately, and their solutions include its value.

use super::unique_names::NUMBERED;
use super::walk::{change, variables};
use spargebra::algebra::GraphPattern;
use spargebra::term::{BlankNode, TermPattern, Variable};
use std::collections::HashMap;

/// Replaces each blank node of a pattern by a variable. The solutions are the same, with the values of the blank nodes
/// in addition. No other variable has these names.
pub(crate) fn with_variables_for_blank_nodes(pattern: &GraphPattern) -> GraphPattern {
    let mut beginning = beginning();
    while variables(pattern).iter().any(|variable| variable.as_str().starts_with(&beginning)) {
        beginning.push('_');
    }
    let mut names: HashMap<BlankNode, Variable> = HashMap::new();
    let mut pattern = pattern.clone();
    for_each_end(&mut pattern, &mut |term| {
        if let TermPattern::BlankNode(node) = term {
            let next = names.len() + 1;
            let new = || Variable::new_unchecked(format!("{beginning}{next}"));
            *term = names.entry(node.clone()).or_insert_with(new).clone().into();
        }
    });
    pattern
}

/// Returns whether a variable represents a blank node.
pub(crate) fn is_for_blank_node(variable: &Variable) -> bool {
    variable.as_str().starts_with(&beginning())
}

/// Renumbers from one the variables that represent blank nodes. Then a separately parsed part of a query can be
/// compared with a part of the whole query.
pub(crate) fn counted_from_one(pattern: &GraphPattern) -> GraphPattern {
    let mut names: HashMap<Variable, Variable> = HashMap::new();
    let mut pattern = pattern.clone();
    for_each_end(&mut pattern, &mut |term| {
        if let TermPattern::Variable(variable) = term
            && is_for_blank_node(variable)
        {
            let next = names.len() + 1;
            let new = || Variable::new_unchecked(format!("{}{next}", beginning()));
            *term = names.entry(variable.clone()).or_insert_with(new).clone().into();
        }
    });
    pattern
}

/// Returns the prefix of the names of these variables, which people do not use.
fn beginning() -> String {
    format!("blank{NUMBERED}")
}

/// Calls back with the subjects and objects of a pattern.
fn for_each_end(pattern: &mut GraphPattern, visit: &mut dyn FnMut(&mut TermPattern)) {
    change(pattern, &mut |pattern| {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                for triple in patterns {
                    visit_end(&mut triple.subject, visit);
                    visit_end(&mut triple.object, visit);
                }
            }
            GraphPattern::Path { subject, object, .. } => {
                visit_end(subject, visit);
                visit_end(object, visit);
            }
            _ => {}
        }
        true
    });
}

/// Calls back with a subject or an object, or with those in a triple term.
fn visit_end(term: &mut TermPattern, visit: &mut dyn FnMut(&mut TermPattern)) {
    match term {
        #[cfg(feature = "rdf-12")]
        TermPattern::Triple(triple) => {
            visit_end(&mut triple.subject, visit);
            visit_end(&mut triple.object, visit);
        }
        term => visit(term),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Prefixes;

    fn with_variables(text: &str) -> String {
        let query = crate::sparql::parse("q", text, &Prefixes::default()).unwrap();
        with_variables_for_blank_nodes(crate::algebra::walk::pattern_of(&query)).to_string()
    }

    #[test]
    fn a_blank_node_becomes_one_variable() {
        let text =
            with_variables("ASK { _:a <x:p> [] . _:a <x:q>* ?b FILTER EXISTS { [] <x:r> ?b } }");
        // A path, a triple and a triple inside a condition: three nodes, the first of them used twice.
        for (name, times) in [("?blank·1", 2), ("?blank·2", 1), ("?blank·3", 1)] {
            assert_eq!(text.matches(name).count(), times, "{name} {text}");
        }
    }

    #[test]
    fn a_name_that_somebody_did_write_is_not_taken() {
        let text = with_variables("ASK { [] <x:p> ?blank·1 }");
        assert!(text.contains("?blank·_1"), "{text}");
    }
}
