//! All checks of a dossier, as one report: its claims and their quotes, misspelt names, facts without a claim, queries
//! and their answers, and contradictions between documents.
//!
//! The dossier's files are read again, because the store knows neither duplicates nor positions.

mod background;
mod check_queries;
mod evidence;
mod figures;
mod files;
mod invisible;
mod json;
mod labels;
mod outline;
mod queries;
mod statements;
mod suggestions;
mod typos;
mod values;

pub(crate) use json::write_json;

use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::session::Session;
use files::Files;
use serde::Serialize;

/// The findings, and how much was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The findings: errors first, then by location.
    pub findings: Vec<Diagnostic>,
    /// How much was checked.
    pub checked: CheckCounts,
}

/// The number of checked objects of each kind.
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
    /// The dossier's own checks.
    pub checks: usize,
}

impl Report {
    /// Returns the number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Checks a dossier. The session must be on the dossier's own data.
///
/// # Errors
/// Fails if the store fails or a file cannot be read. Problems of the dossier are findings in the report, not errors.
pub fn check(session: &Session) -> Result<Report> {
    let files = Files::read(session)?;
    let mut checked = CheckCounts::default();
    let mut findings = Vec::new();
    evidence::check(&files, &mut checked, &mut findings);
    let unknown = typos::check(session, &files, &mut findings)?;
    labels::check(session, &files, &unknown, &mut findings)?;
    values::check(files.prefixes, files.all(), &mut findings);
    figures::check(&files, &mut findings);
    background::check(&files, &mut findings);
    queries::check(session, &files, &mut checked, &mut findings)?;
    check_queries::check(session, &files, &mut checked, &mut findings)?;
    findings.sort_by_cached_key(|finding| {
        let place = finding.excerpt.as_ref();
        let line = place.map(|excerpt| (excerpt.origin.clone(), excerpt.line, excerpt.column));
        // Findings without a line come after those with one.
        (finding.severity, line.is_none(), line, finding.id.clone())
    });
    Ok(Report { findings, checked })
}
