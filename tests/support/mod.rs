//! What several tests need.

#![allow(
    dead_code,
    clippy::format_collect,
    reason = "each test uses its part, and speed is no matter"
)]

pub mod random_query;

use proptest::test_runner::Config;

/// How a property test is run: with so many cases, or with as many times more as `DOSSIER_TEST_FACTOR` says.
pub fn cases(cases: u32) -> Config {
    let factor =
        std::env::var("DOSSIER_TEST_FACTOR").ok().and_then(|f| f.parse().ok()).unwrap_or(1);
    Config {
        cases: cases * factor,
        max_global_rejects: 100_000,
        failure_persistence: None,
        ..Config::default()
    }
}
