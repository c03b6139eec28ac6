//! A report as JSON.

use super::{Finding, Report};
use crate::claim::Claim;
use crate::dossier::Place;
use crate::error::Severity;
use crate::printable::write_pretty;
use oxigraph::model::NamedNode;
use serde::Serialize;
use std::io::{self, Write};

/// Writes a report as JSON.
///
/// # Errors
/// If the writer fails.
pub fn write_json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let checked = report.checked;
    let json = Json {
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        infos: report.count(Severity::Info),
        checked: Checked {
            documents: checked.documents,
            claims: checked.claims,
            omissions: checked.omissions,
            queries: checked.queries,
            answers: checked.answers,
            checks: checked.checks,
        },
        findings: report.findings.iter().map(FindingJson::new).collect(),
    };
    write_pretty(&json, out)
}

#[derive(Serialize)]
struct Json<'a> {
    errors: usize,
    warnings: usize,
    infos: usize,
    checked: Checked,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct Checked {
    documents: usize,
    claims: usize,
    omissions: usize,
    queries: usize,
    answers: usize,
    checks: usize,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    severity: Severity,
    rule: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Position<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<EvidenceJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Position<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct EvidenceJson<'a> {
    claim: &'a str,
    document: Option<&'a str>,
    quote: Option<&'a str>,
    places: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
}

impl<'a> FindingJson<'a> {
    fn new(finding: &'a Finding) -> Self {
        let problem = &finding.problem;
        Self {
            severity: finding.severity,
            rule: &finding.rule,
            message: &problem.message,
            about: finding.about.as_ref().map(NamedNode::as_str),
            place: problem.excerpt.as_deref().map(|excerpt| Position {
                file: &excerpt.origin,
                line: excerpt.line,
                column: excerpt.column,
            }),
            note: problem.note.as_deref(),
            evidence: finding.evidence.iter().map(EvidenceJson::new).collect(),
            help: problem.help.as_deref(),
        }
    }
}

impl<'a> EvidenceJson<'a> {
    fn new(claim: &'a Claim) -> Self {
        let characters = claim.place().ok().map(|span| span.characters.clone());
        Self {
            claim: claim.name.as_str(),
            document: claim.documents.first().map(NamedNode::as_str),
            quote: claim.quotes.first().map(|quote| quote.text.as_str()),
            places: claim.passages().iter().map(Place::words).collect(),
            start: characters.as_ref().map(|characters| characters.start),
            end: characters.map(|characters| characters.end),
        }
    }
}
