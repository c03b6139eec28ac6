//! The reference agrees with what the specification says by hand, with Oxigraph's engine on random queries, and with
//! itself on subsets of the claims.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use oxigraph::model::{Term, Triple};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use proptest::prelude::*;
use spargebra::algebra::GraphPattern;
use spargebra::term::NamedNodePattern;
use spargebra::{Query, SparqlParser};
use support::reference::{self, Answer, Dataset, Refused, Remark, Row};
use support::{random_data, random_query};

fn parse(text: &str) -> Option<Query> {
    SparqlParser::new().parse_query(text).ok()
}

fn nameless(value: Option<&Term>) -> String {
    match value {
        None => String::new(),
        Some(Term::BlankNode(_)) => "_:".to_owned(),
        Some(term) => term.to_string(),
    }
}

/// The rows of the reference, sorted, each as often as it is there.
fn right_rows(rows: &[Row]) -> Vec<String> {
    let text = |row: &Row| {
        let values: Vec<String> = row.values.iter().map(|value| nameless(value.as_ref())).collect();
        std::iter::repeat_n(values.join(" "), row.multiplicity)
    };
    let mut rows: Vec<String> = rows.iter().flat_map(text).collect();
    rows.sort();
    rows
}

/// The rows of the engine on the stored form of a dataset, sorted.
fn engine_rows(query: Query, dataset: &Dataset) -> Vec<String> {
    let store = Store::new().unwrap();
    store.extend(dataset.materialised()).unwrap();
    let of_triple = |triple: &Triple| {
        let subject = Term::from(triple.subject.clone());
        let predicate = Term::from(triple.predicate.clone());
        [&subject, &predicate, &triple.object].map(|term| nameless(Some(term))).join(" ")
    };
    let mut rows: Vec<String> =
        match SparqlEvaluator::new().for_query(query).on_store(&store).execute().unwrap() {
            QueryResults::Boolean(value) => vec![String::new(); usize::from(value)],
            QueryResults::Solutions(solutions) => solutions
                .map(|row| {
                    let row = row.unwrap();
                    let values = row.values().iter();
                    values.map(|value| nameless(value.as_ref())).collect::<Vec<_>>().join(" ")
                })
                .collect(),
            QueryResults::Graph(triples) => {
                triples.map(|triple| of_triple(&triple.unwrap())).collect()
            }
        };
    rows.sort();
    rows
}

/// What does not let a random query be compared.
fn skip<T>(why: &'static str) -> Result<T, TestCaseError> {
    Err(TestCaseError::reject(why))
}

fn all(query: &Query) -> Vec<&GraphPattern> {
    match query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => reference::patterns(pattern),
    }
}

/// Whether there are paths that should give a solution several times: the engine gives them once, or not, depending on
/// its plan.
fn has_bag_path(query: &Query) -> bool {
    let text = format!("{query:?}");
    text.contains("Alternative(") || text.contains("NegatedPropertySet(")
}

/// What the engine is known to do otherwise: each has its own test.
fn disagreement(query: &Query, answer: &Answer, dataset: &Dataset) -> Option<&'static str> {
    let is_grouped = answer.remarks.contains(&Remark::Grouped);
    if is_grouped && has_bag_path(query) {
        return Some("the multiplicity of paths");
    }
    if answer.remarks.contains(&Remark::ZeroLengthOutsideGraph) {
        return Some("a path of length zero outside of the graph");
    }
    if answer.remarks.contains(&Remark::LanguageStringAsBoolean) {
        return Some("a string with a language tag as a boolean");
    }
    if answer.remarks.contains(&Remark::OrderOfBooleans) {
        return Some("the order of booleans");
    }
    let text = format!("{query:?}");
    if text.contains("CountSolutions { distinct: true }") && text.contains("BlankNode") {
        return Some("COUNT(DISTINCT *) with blank nodes");
    }
    let is_odd_graph = |pattern: &&GraphPattern| match pattern {
        GraphPattern::Graph { name: NamedNodePattern::NamedNode(name), inner } => {
            dataset.claim(name).is_none() && !is_basic(inner)
        }
        GraphPattern::Graph { inner, .. } => !is_basic(inner),
        _ => false,
    };
    if all(query).iter().any(is_odd_graph) {
        return Some("GRAPH around more than triple patterns");
    }
    None
}

fn is_basic(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { patterns } => !patterns.is_empty(),
        GraphPattern::Join { left, right } => is_basic(left) && is_basic(right),
        _ => false,
    }
}

fn agrees(data: &str, text: &str) -> Result<bool, TestCaseError> {
    // The store keeps the value of a number, not how it was written.
    let text = text.replace("1e0", "\"1\"^^<http://www.w3.org/2001/XMLSchema#double>");
    let Some(query) = parse(&text) else { return skip("no SPARQL") };
    let dataset = Dataset::parse(data);
    let answer = match reference::evaluate(&query, &dataset) {
        Ok(answer) => answer,
        Err(Refused::TooLarge) => return skip("too large"),
        Err(Refused::Unsupported(what)) => return skip(what),
    };
    if answer.remarks.contains(&Remark::Choice) {
        return skip("a choice");
    }
    if let Some(why) = disagreement(&query, &answer, &dataset) {
        return skip(why);
    }
    let mut right = right_rows(&answer.rows);
    let mut engine = engine_rows(query.clone(), &dataset);
    if matches!(query, Query::Construct { .. }) || has_bag_path(&query) {
        right.dedup();
        engine.dedup();
    }
    if right != engine {
        return Err(TestCaseError::fail(format!(
            "{data}\n{text}\nengine: {engine:#?}\nright: {right:#?}\n{:?}",
            answer.remarks
        )));
    }
    Ok(!right.is_empty())
}

/// For exploring.
#[test]
fn explore() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::new(support::cases(1));
    let n: usize = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let strategy = (random_data::dataset(), random_query::query());
    let (mut same, mut rows, mut skipped, mut failed) =
        (0, 0, std::collections::BTreeMap::new(), 0);
    let start = std::time::Instant::now();
    for _ in 0..n {
        let mut tree = strategy.new_tree(&mut runner).unwrap();
        let (data, text) = tree.current();
        match agrees(&data, &text) {
            Ok(has_rows) => {
                same += 1;
                rows += usize::from(has_rows);
            }
            Err(TestCaseError::Reject(why)) => *skipped.entry(why.to_string()).or_insert(0) += 1,
            Err(_) => {
                failed += 1;
                if failed > 8 {
                    continue;
                }
                let mut steps = 0;
                'shrink: while steps < 2000 && tree.simplify() {
                    loop {
                        steps += 1;
                        let (data, text) = tree.current();
                        if matches!(agrees(&data, &text), Err(TestCaseError::Fail(_))) {
                            continue 'shrink;
                        }
                        if !tree.complicate() {
                            break 'shrink;
                        }
                    }
                }
                let (data, text) = tree.current();
                println!(
                    "---- {}",
                    agrees(&data, &text)
                        .map_or_else(|e| e.to_string(), |_| format!("lost {data} {text}"))
                );
            }
        }
    }
    println!(
        "same {same} with rows {rows} failed {failed} skipped {skipped:?} in {:?}",
        start.elapsed()
    );
}
