//! Variables that are probably misspelt: those that occur once beside one with nearly the same name, and those that are
//! used but never bound.

use crate::algebra::{in_scope, pattern_of, walk, walk_expressions};
use crate::diagnostic::nearest;
use crate::sparql::tree_of;
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::NamedNodePattern;
use spargebra::term::Variable;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The most pairs of names that are compared, which bounds the time for queries with thousands of variables.
const MOST_COMPARED: usize = 100_000;

/// A variable that is probably misspelt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    /// The variable.
    pub variable: Variable,
    /// Whether it is never bound.
    pub is_unbound: bool,
    /// The probably intended variable.
    pub meant: Option<Variable>,
    /// Its position in the text.
    pub span: Range<usize>,
}

/// Returns the probably misspelt variables of a query. Names that begin with `_` are ignored.
pub(super) fn slips(text: &str, query: &Query) -> Vec<Slip> {
    let mut places: BTreeMap<&str, Vec<Range<usize>>> = BTreeMap::new();
    let tree = tree_of(text);
    for (name, span) in tree.variables() {
        places.entry(name).or_default().push(span);
    }
    let (bound, looked_at) = (bound(query), looked_at(query));
    let selects_all = tree.selects_all();
    let has_label_service = has_label_service(query);
    let mut slips = Vec::new();
    let mut left = MOST_COMPARED;
    for (name, spans) in &places {
        let Some(first) = spans.first().filter(|_| !name.starts_with('_')) else { continue };
        let is_unbound = !bound.contains(*name)
            && looked_at.contains(*name)
            && !(has_label_service && is_label(name, &bound));
        if !is_unbound && (spans.len() > 1 || selects_all) {
            continue;
        }
        let mut others = places.keys().copied().filter(|other| bound.contains(*other));
        let is_worn_out = left < bound.len();
        left = left.saturating_sub(bound.len());
        let meant = match is_unbound {
            _ if is_worn_out => None,
            true if name.chars().count() >= 3 => nearest(name, others),
            true => None,
            false => others.find(|other| is_slip_of(name, other)),
        };
        if is_unbound || meant.is_some() {
            slips.push(Slip {
                variable: Variable::new_unchecked(*name),
                is_unbound,
                meant: meant.map(Variable::new_unchecked),
                span: first.clone(),
            });
        }
    }
    slips.sort_by_key(|slip| slip.span.start);
    slips
}

/// Returns the names of the variables that are bound somewhere.
fn bound(query: &Query) -> BTreeSet<String> {
    let mut bound = BTreeSet::new();
    walk(pattern_of(query), &mut |pattern| match pattern {
        GraphPattern::Group { aggregates, .. } => {
            bound.extend(aggregates.iter().map(|(variable, _)| variable.as_str().to_owned()));
        }
        GraphPattern::Bgp { .. }
        | GraphPattern::Path { .. }
        | GraphPattern::Values { .. }
        | GraphPattern::Extend { .. }
        | GraphPattern::Graph { .. }
        | GraphPattern::Service { .. } => {
            bound.extend(in_scope(pattern).into_iter().map(Variable::into_string));
        }
        // The patterns inside the others are walked too.
        _ => {}
    });
    bound
}

/// Returns whether a query uses the label service of Wikidata, which binds variables by their names.
fn has_label_service(query: &Query) -> bool {
    const LABEL: &str = "http://wikiba.se/ontology#label";
    let mut has = false;
    walk(pattern_of(query), &mut |pattern| {
        has |= matches!(pattern, GraphPattern::Service { name: NamedNodePattern::NamedNode(name), .. }
            if name.as_str() == LABEL);
    });
    has
}

/// Returns whether that service binds a variable: `?itemLabel` is the label of `?item`.
fn is_label(name: &str, bound: &BTreeSet<String>) -> bool {
    let endings = ["AltLabel", "Label", "Description"];
    endings.iter().any(|ending| name.strip_suffix(ending).is_some_and(|item| bound.contains(item)))
}

/// Returns the names of the variables that are selected or used in an expression other than `BOUND`.
fn looked_at(query: &Query) -> BTreeSet<String> {
    let mut looked_at = BTreeSet::new();
    walk(pattern_of(query), &mut |pattern| {
        walk_expressions(pattern, &mut |expression| {
            if let Expression::Variable(variable) = expression {
                looked_at.insert(variable.as_str().to_owned());
            }
        });
        if let GraphPattern::Project { variables, .. } = pattern {
            looked_at.extend(variables.iter().map(|variable| variable.as_str().to_owned()));
        }
    });
    looked_at
}

/// Returns whether one name is probably a misspelling of another: one of at least four letters is wrong, or two are
/// exchanged. Names that differ in their digits or first letter, or one of which continues the other, are assumed to be
/// different on purpose.
fn is_slip_of(name: &str, other: &str) -> bool {
    let without_digits =
        |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let (lower, other_lower) = (name.to_lowercase(), other.to_lowercase());
    name != other
        && name.chars().count() >= 4
        && other.chars().count() >= 4
        && without_digits(name) != without_digits(other)
        && !lower.starts_with(&other_lower)
        && !other_lower.starts_with(&lower)
        && lower.chars().next() == other_lower.chars().next()
        && strsim::damerau_levenshtein(&lower, &other_lower) <= 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Prefixes;

    /// Compares the misspelt variables of a query: `name`, or `name>meant`, with `!` for one that is unbound.
    fn check(text: &str, expected: &[&str]) {
        let query = crate::sparql::parse("q", text, &Prefixes::default()).unwrap();
        let found: Vec<String> = slips(text, &query)
            .into_iter()
            .map(|slip| {
                let meant = slip.meant.map(|meant| format!(">{}", meant.as_str()));
                let mark = if slip.is_unbound { "!" } else { "" };
                format!("{mark}{}{}", slip.variable.as_str(), meant.unwrap_or_default())
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn only_likely_slips_are_told() {
        check("SELECT ?member { ?x <x:p> ?membr }", &["!member>membr"]);
        check(
            "SELECT ?x { ?x <x:p> ?member . ?y <x:q> ?memebr . ?member <x:r> ?x }",
            &["memebr>member"],
        );
        check("SELECT ?x { ?x <x:p> ?y . FILTER(?z > 1) }", &["!z"]);
        check("SELECT ?state { ?state <x:p> ?date FILTER(?daet > 1) }", &["!daet>date"]);
        check("SELECT ?n { ?s <x:p> ?date }", &["!n"]);
        check("SELECT ?xLabel { ?x <x:p> ?date }", &["!xLabel"]);
        let service = "SERVICE <http://wikiba.se/ontology#label> { <x:a> <x:l> 'en' }";
        check(&format!("SELECT ?zLabel {{ ?x <x:p> 1 {service} }}"), &["!zLabel"]);
    }

    #[test]
    fn thousands_of_variables_take_no_time() {
        let started = std::time::Instant::now();
        let joined =
            |word: &dyn Fn(usize) -> String| (0..3_000).map(word).collect::<Vec<_>>().join(" ");
        let names = joined(&|i| format!("?unbound{i}x"));
        let patterns = joined(&|i| format!("?x <x:p> ?used{i}y ."));
        let text = format!("SELECT {names} {{ {patterns} }}");
        let query = spargebra::SparqlParser::new().parse_query(&text).unwrap();
        assert_eq!(slips(&text, &query).len(), 3_000);
        assert!(started.elapsed().as_secs() < 30);
    }

    #[test]
    fn what_may_be_meant_is_not_told() {
        for text in [
            "SELECT * { ?x <x:p> ?member . ?y <x:q> ?memebr . ?member <x:r> ?x }",
            "SELECT ?x { ?x <x:p> ?y }",
            "SELECT ?x { ?x <x:p> ?name1 ; <x:q> ?name2 . ?name1 <x:r> 1 }",
            "SELECT (COUNT(*) AS ?n) { ?x <x:p> ?y ; <x:q> ?z }",
            "SELECT (COUNT(?member) AS ?members) { ?x <x:p> ?member }",
            "SELECT ?x { ?x <x:p> ?_state_iri FILTER(?_year = 1) }",
            "SELECT ?x { ?x <x:p> ?y FILTER(!BOUND(?z)) }",
            "SELECT ?x { ?x <x:p> ?y } GROUP BY ?x HAVING (COUNT(*) > 1) ORDER BY COUNT(?y)",
            "CONSTRUCT WHERE { ?x <x:p> ?y }",
            "DESCRIBE ?x { ?x <x:p> 1 }",
            "SELECT ?x { ?x <x:p> ?date . ?x <x:q> ?dated . ?date <x:r> 1 }",
            "ASK { ?x <x:p> ?from . ?x <x:q> ?till }",
            "SELECT ?xLabel ?xAltLabel { ?x <x:p> 1 SERVICE <http://wikiba.se/ontology#label> { <x:a> <x:l> 'en' } }",
        ] {
            check(text, &[]);
        }
    }
}
