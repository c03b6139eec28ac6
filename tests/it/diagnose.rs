//! The laws of a diagnosis, on random data and random queries of the whole language: what it says has no match has none,
//! and what it counts has that count. The reference evaluator, which shares no code with the program, is the judge.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use crate::support::reference::{self, Dataset};
use crate::support::{random_data, random_query};
use dossier::internals::{QueryPart, Store, answer, diagnose};
use dossier::{BoundQuery, Prefixes};
use proptest::prelude::*;
use spargebra::algebra::{GraphPattern, QueryDataset};
use spargebra::{Query, SparqlParser};
use std::collections::HashMap;
use std::time::Duration;

/// Whether what is said of the parts of a query without an answer is true, and how many causes there are: nothing if it
/// has an answer.
fn check(text: &str, data: &str) -> Result<Option<usize>, TestCaseError> {
    let Ok(query) = SparqlParser::new().parse_query(text) else {
        return Err(TestCaseError::reject("no SPARQL"));
    };
    let dataset = Dataset::parse(data);
    let store = Store::of(dataset.materialised()).unwrap();
    let Ok(mut given) = answer(&store, &query, None, None) else {
        return Err(TestCaseError::reject("no evaluation"));
    };
    if given.nothing(&query).is_none() {
        return Ok(None);
    }
    let from = query.dataset().cloned();
    let asked =
        BoundQuery { query, origin: "query".into(), text: text.into(), values: HashMap::new() };
    let found = diagnose(&store, &asked, &Prefixes::default(), Duration::from_secs(20)).unwrap();
    let shown = format!("\nquery: {text}\ndata:  {data}\nfound: {found:#?}");
    prop_assert!(found.is_complete, "{shown}");
    // Of a variable that names a graph and is used in it too, the engine makes something else.
    let judge = (!text.contains("GRAPH ?")).then_some(&dataset);
    let count = |part: &QueryPart| count(&store, judge, from.as_ref(), part);
    for cause in &found.causes {
        for part in [&cause.part, &cause.element] {
            prop_assert!(!part.words.is_empty(), "{shown}");
            for span in &part.spans {
                prop_assert!(
                    text.get(span.clone()).is_some_and(|words| !words.is_empty()),
                    "{shown}"
                );
            }
        }
        prop_assert_eq!(count(&cause.part), 0, "{}", shown);
        if let Some((part, number)) = &cause.matched {
            prop_assert!(number.number > 0 && !number.has_more);
            prop_assert_eq!(count(part), number.number, "{} {}", part.words, shown);
        }
    }
    Ok(Some(found.causes.len()))
}

/// How many solutions a part has. What the specification leaves open, the engine decides.
fn count(
    store: &Store,
    judge: Option<&Dataset>,
    from: Option<&QueryDataset>,
    part: &QueryPart,
) -> usize {
    let pattern =
        GraphPattern::Project { inner: part.pattern.clone().into(), variables: Vec::new() };
    let query = Query::Select { pattern, dataset: from.cloned(), base_iri: None };
    match judge.map(|dataset| reference::evaluate(&query, dataset)) {
        Some(Ok(answer)) if answer.remarks.is_empty() => {
            answer.rows.iter().map(|row| row.multiplicity).sum()
        }
        _ => answer(store, &query, None, None).unwrap().rows().unwrap().count(),
    }
}

proptest! {
    #![proptest_config(support::cases(250))]

    #[test]
    fn what_is_said_of_the_parts_of_a_query_is_true(
        text in random_query::query(),
        data in random_data::dataset(),
    ) {
        check(&text, &data)?;
    }

    /// Groups of a few triples and conditions, which often have no match.
    #[test]
    fn a_group_without_a_match_has_a_cause(
        text in random_query::monotone(),
        data in random_data::dataset(),
    ) {
        if let Some(causes) = check(&text, &data)? {
            prop_assert!(causes > 0, "{text}\n{data}");
        }
    }
}
