//! All checks of a dossier, as one report: its claims and their quotes, misspelt names, facts without a claim, queries
//! and their answers, and contradictions between documents.
//!
//! Other RDF files have only what does not depend on claims checked.
//!
//! The dossier's files are read again, because the store knows neither duplicates nor positions.

mod absent_quote;
mod answer_labels;
mod answer_prefixes;
mod answers;
mod background;
mod bracketed;
mod check_queries;
mod classes;
mod consequences;
mod copies;
mod decimal_commas;
mod document_texts;
mod doubts;
mod evidence;
mod figures;
mod files;
mod invisible;
mod json;
mod labels;
mod languages;
mod namesakes;
mod other_files;
mod parameter_classes;
mod patterns;
mod prefixes;
mod properties;
mod queries;
mod quote_context;
mod repetitions;
mod retyped;
mod several;
mod statements;
mod suggestions;
mod twice;
mod typos;
mod values;

pub(crate) use absent_quote::AbsentQuotes;
pub(crate) use answer_labels::AnswerLabels;
pub(crate) use answers::QueryCase;
pub(crate) use doubts::SharedDoubts;
pub(crate) use figures::WrittenFigure;
pub(crate) use json::write_json;
pub(crate) use other_files::hidden_files;
pub(crate) use values::{PropertyRule, Types, ValueRules};

use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::rdf::read::RdfFile;
use crate::session::Session;
use crate::vocabulary::Prefixes;
use files::{Files, QuadFile};
use oxigraph::model::NamedNode;
use serde::Serialize;
use std::collections::BTreeSet;

/// The findings, and how much was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The findings: errors first, wrong namespaces before the other errors and wrong answers after them, then by
    /// location.
    pub findings: Vec<Diagnostic>,
    /// How much was checked.
    pub checked: Checked,
}

/// How much was checked: of a dossier, or of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Checked {
    /// A dossier.
    Dossier(CheckCounts),
    /// Files without claims.
    Files {
        /// The number of files that could be read.
        files: usize,
        /// The number of their statements.
        statements: usize,
    },
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

impl CheckCounts {
    fn add(&mut self, others: Self) {
        self.documents += others.documents;
        self.claims += others.claims;
        self.omissions += others.omissions;
        self.queries += others.queries;
        self.answers += others.answers;
        self.checks += others.checks;
    }
}

impl Report {
    fn of(mut findings: Vec<Diagnostic>, checked: Checked) -> Self {
        let is_answer = |finding: &Diagnostic| finding.id.as_deref() == Some("answer-differs");
        let has_misspelt = findings.iter().any(consequences::is_misspelt);
        findings.sort_by_cached_key(|finding| {
            let place = finding.excerpt.as_ref();
            let line = place.map(|excerpt| (excerpt.origin.clone(), excerpt.line, excerpt.column));
            let is_prefix = finding.id.as_deref() == Some("namespace-misspelt");
            // If a file is not read, many other findings follow from that.
            let is_unread = consequences::is_unread(finding);
            // Findings without a line come after those with one.
            (
                !is_unread,
                has_misspelt && is_answer(finding),
                finding.severity,
                !is_prefix,
                is_answer(finding),
                line.is_none(),
                line,
                finding.id.clone(),
            )
        });
        Self { findings, checked }
    }

    /// Returns the number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Checks a dossier. The session must be on the dossier's own data. Of several dossiers, each is checked by itself, and then
/// what only several can have wrong.
///
/// # Errors
/// Fails if the store fails or a file cannot be read. Problems of the dossier are findings in the report, not errors.
pub fn check(session: &Session) -> Result<Report> {
    if !session.dossier().parts().is_empty() {
        return several::check(session);
    }
    let files = Files::read(session)?;
    let mut checked = CheckCounts::default();
    let mut findings = Vec::new();
    findings.extend(files.copies.iter().cloned());
    let mut reported = typos::check(session, &files, &mut findings)?;
    document_texts::check(&files, &reported, &mut findings);
    evidence::check(&files, &reported, &mut checked, &mut findings);
    reported.extend(classes::check(&files, &mut findings));
    labels::check(session, &files, &reported, &mut findings)?;
    values::check(files.prefixes, files.all(), &mut findings);
    languages::check(&files, &mut findings);
    properties::check(&files, &mut findings);
    figures::check(&files, &mut findings);
    decimal_commas::check(&files, &mut findings);
    repetitions::check(&files, &BTreeSet::new(), &mut findings);
    namesakes::check(&files, &mut findings);
    bracketed::check(&files, &mut findings);
    let misspelt = prefixes::check(session, &files, &mut findings)?;
    background::check(&files, &reported, &mut findings);
    queries::check(session, &files, &mut checked, &mut findings)?;
    check_queries::check(session, &files, &mut checked, &mut findings)?;
    patterns::check(session, &mut findings)?;
    let unread = other_files::check(session, &mut findings)?;
    prefixes::remove_consequences(&misspelt, &mut findings);
    background::remove_consequences(&files, &mut findings);
    consequences::of_unread(&unread, &mut findings);
    consequences::sum_up_answers(&unread, &mut findings);
    Ok(Report::of(findings, Checked::Dossier(checked)))
}

/// Returns whether something else that is wrong with a dossier may be the reason why answers are not the expected ones.
///
/// # Errors
/// Fails if the store fails or a file cannot be read.
pub(crate) fn has_doubtful_answers(session: &Session) -> Result<bool> {
    Ok(check(session)?.findings.iter().any(consequences::is_of_doubtful_answers))
}

/// Checks the claims of a dossier of which some are new: everything but its saved queries and their expected answers. A
/// new claim that repeats another one is the one that is reported.
///
/// # Errors
/// Fails if the store fails or a file cannot be read.
pub(crate) fn check_claims(
    session: &Session,
    new: &BTreeSet<NamedNode>,
) -> Result<Vec<Diagnostic>> {
    let files = Files::read(session)?;
    let mut findings = Vec::new();
    findings.extend(files.copies.iter().cloned());
    let mut reported = typos::check(session, &files, &mut findings)?;
    document_texts::check(&files, &reported, &mut findings);
    evidence::check(&files, &reported, &mut CheckCounts::default(), &mut findings);
    reported.extend(classes::check(&files, &mut findings));
    labels::check(session, &files, &reported, &mut findings)?;
    values::check_each(files.prefixes, files.all(), &mut findings);
    languages::check(&files, &mut findings);
    figures::check(&files, &mut findings);
    decimal_commas::check(&files, &mut findings);
    repetitions::check(&files, new, &mut findings);
    namesakes::check(&files, &mut findings);
    background::check(&files, &reported, &mut findings);
    check_queries::check(session, &files, &mut CheckCounts::default(), &mut findings)?;
    Ok(findings)
}

/// Checks RDF files that are not a dossier: their syntax, their values, and the terms of the vocabularies that they
/// declare. The prefixes show names for which the files declare none.
pub fn check_files(files: &[RdfFile], prefixes: &Prefixes) -> Report {
    let mut findings = Vec::new();
    let mut known = Prefixes::default();
    let mut read = Vec::new();
    for (number, file) in (1..).zip(files) {
        match QuadFile::without_outline(number, file, &mut known) {
            Ok(file) => read.push(file),
            Err(problem) => findings.push(problem),
        }
    }
    known.complete(prefixes);
    let statements = read.iter().map(|file| file.quads.len()).sum();
    let checked = Checked::Files { files: read.len(), statements };
    let files = Files::of_ontology(&known, read);
    typos::check_terms(&files, &mut findings);
    classes::check(&files, &mut findings);
    values::check(files.prefixes, files.all(), &mut findings);
    languages::check(&files, &mut findings);
    properties::check(&files, &mut findings);
    decimal_commas::check(&files, &mut findings);
    Report::of(findings, checked)
}
