//! Checks the built-in dossier and prints what was looked at and what was found.
//!
//! Run it with `cargo run --example check`.

#![expect(clippy::print_stdout, reason = "an example prints")]

use dossier::{CheckCounts, Checked, Data, Dossier, Remark, Session, Severity, check};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let session = Session::open(Dossier::built_in(), &Data::Dossier)?;
    let report = check(&session)?;
    if let Checked::Dossier(CheckCounts { documents, claims, queries, .. }) = report.checked {
        println!("checked: documents: {documents}, claims: {claims}, saved queries: {queries}");
    }
    let [errors, warnings, infos] =
        [Severity::Error, Severity::Warning, Severity::Note].map(|severity| report.count(severity));
    println!("found: errors: {errors}, warnings: {warnings}, infos: {infos}");
    for finding in &report.findings {
        println!("{}: {}", finding.id.as_deref().unwrap_or("internal"), finding.message);
        for remark in &finding.remarks {
            if let Remark::Quote(quote) = remark {
                println!("  {}", quote.sentence);
            }
        }
    }
    Ok(())
}
