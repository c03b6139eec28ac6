//! Everything that can be wrong with a dossier, as one report: its claims and their quotes, names that are misspelt,
//! facts without a claim, queries and their answers, and where the documents contradict themselves.
//!
//! It reads the dossier's files once more: what is written twice, or where, the store no longer tells.

mod background;
mod check_queries;
mod evidence;
mod files;
mod invisible;
mod json;
mod labels;
mod outline;
mod queries;
mod suggestions;
mod typos;

pub(crate) use json::write_json;

use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::session::Session;
use files::Files;
use serde::Serialize;

/// What was found, and how much was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was found: errors first, and by place.
    pub findings: Vec<Diagnostic>,
    /// How much was looked at.
    pub checked: CheckCounts,
}

/// How many of each kind a check examined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CheckCounts {
    /// Documents.
    pub documents: usize,
    /// Claims.
    pub claims: usize,
    /// Omissions.
    pub omissions: usize,
    /// Saved queries.
    pub queries: usize,
    /// Expected answers.
    pub answers: usize,
    /// Checks of the dossier's own.
    pub checks: usize,
}

impl Report {
    /// How many findings of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Checks a dossier. The session is one on the dossier's own data.
///
/// # Errors
/// If the store fails or a file cannot be read. What is wrong with the dossier is no error: it is in the report.
pub fn check(session: &Session) -> Result<Report> {
    let files = Files::read(session)?;
    let mut checked = CheckCounts::default();
    let mut findings = Vec::new();
    evidence::check(&files, &mut checked, &mut findings);
    let unknown = typos::check(session, &files, &mut findings)?;
    labels::check(session, &files, &unknown, &mut findings)?;
    background::check(&files, &mut findings);
    queries::check(session, &files, &mut checked, &mut findings)?;
    check_queries::check(session, &files, &mut checked, &mut findings)?;
    findings.sort_by_cached_key(|finding| {
        let place = finding.excerpt.as_ref();
        let line = place.map(|excerpt| (excerpt.origin.clone(), excerpt.line, excerpt.column));
        // What has no line comes behind what has one.
        (finding.severity, line.is_none(), line, finding.id.clone())
    });
    Ok(Report { findings, checked })
}
