//! Warnings are no false alarms: no saved query has any.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use dossier::dossier::Dossier;
use dossier::session::{Data, Session};
use std::path::Path;
use support::saved_cases;

fn is_quiet(session: &Session) -> usize {
    let cases = saved_cases(session);
    for (case, (name, arguments)) in &cases {
        let saved = session.catalogue().get(name).unwrap();
        let asked = session.asked(&saved, arguments).unwrap();
        assert_eq!(session.warnings(&asked).unwrap(), [], "{case}");
    }
    cases.len()
}

#[test]
fn no_saved_query_of_the_built_in_dossier_has_a_warning() {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    assert!(is_quiet(&session) > 40);
    for check in session.dossier().checks().unwrap() {
        let text = check.text().unwrap();
        let asked = session.asked_ad_hoc(&check.path, text, &[]).unwrap();
        assert_eq!(session.warnings(&asked).unwrap(), [], "{}", check.path);
    }
}

#[test]
fn no_saved_query_of_the_fixtures_has_a_warning() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    for folder in ["check.in/right", "footnotes.in", "read.in", "diff.in/before"] {
        let session =
            Session::open(Dossier::open(&cases.join(folder)).unwrap(), &Data::Dossier).unwrap();
        is_quiet(&session);
    }
}
