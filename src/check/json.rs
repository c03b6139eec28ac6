//! A report as JSON.

use super::{Checked, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::printable::write_pretty;
use serde::Serialize;
use std::io::{self, Write};

/// Writes a report as JSON.
///
/// # Errors
/// Fails if the writer fails.
pub(crate) fn write_json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let json = Json {
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        notes: report.count(Severity::Note),
        checked: report.checked,
        findings: &report.findings,
    };
    write_pretty(&json, out)
}

#[derive(Serialize)]
struct Json<'a> {
    errors: usize,
    warnings: usize,
    notes: usize,
    checked: Checked,
    findings: &'a [Diagnostic],
}
