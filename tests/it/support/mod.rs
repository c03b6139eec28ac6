//! What several tests need.

#![allow(
    dead_code,
    unused_imports,
    clippy::format_collect,
    clippy::panic,
    clippy::unwrap_used,
    reason = "each test uses its part, and speed is no matter"
)]

pub mod endpoint;
pub mod files;
pub mod graph_store;
pub mod missing;
pub mod program;
pub mod random_data;
pub mod random_query;
pub mod reference;
pub mod rows;
#[cfg(target_os = "linux")]
pub mod small_disk;

use dossier::Session;
use proptest::test_runner::{Config, RngSeed};
use spargebra::Query;
use std::collections::BTreeMap;

/// How many times more often than usual what is random is tried.
pub fn factor() -> u32 {
    std::env::var("DOSSIER_TEST_FACTOR").ok().and_then(|factor| factor.parse().ok()).unwrap_or(1)
}

/// How a property test is run: with so many cases, or with as many times more as `DOSSIER_TEST_FACTOR` says; the same
/// ones each time, or those of the number that `DOSSIER_TEST_SEED` says.
pub fn cases(cases: u32) -> Config {
    let seed = std::env::var("DOSSIER_TEST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    Config {
        cases: cases * factor(),
        max_global_rejects: 100_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    }
}

/// The query as the engine is asked it.
pub fn for_engine(query: &Query) -> Query {
    dossier::internals::prepare(query).rewritten().clone()
}

/// Whether the answer of a random query depends on the order in which solutions are found. It is another one each time
/// where they come out of a hash table, whose keys are drawn anew in each process.
pub fn leaves_a_choice(text: &str) -> bool {
    ["LIMIT", "OFFSET", "SAMPLE", "GROUP_CONCAT"].iter().any(|word| text.contains(word))
}

/// The cases of all saved queries: the file of the expected answer, the query, and its arguments.
pub fn saved_cases(session: &Session) -> BTreeMap<String, (String, Vec<(String, String)>)> {
    let mut cases = BTreeMap::new();
    for query in session.catalogue().all().unwrap() {
        for (case, arguments) in query.cases() {
            cases.insert(case, (query.name.clone(), arguments));
        }
    }
    cases
}
