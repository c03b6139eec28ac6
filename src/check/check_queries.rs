//! The dossier's own checks (`queries/checks/`): saved queries whose rows are findings. Contradictions between
//! documents are findings too, which inform people and need no correction.

use super::CheckCounts;
use super::files::Files;
use super::queries::{out_of_scope, top};
use crate::answer::write::{Naming, Terms};
use crate::catalogue::{Parameter, SavedQuery};
use crate::claim::Claim;
use crate::diagnostic::{
    Diagnostic, Error, Evidence, Remark, Result, Severity, error, lower_first,
};
use crate::dossier::PassageLocator;
use crate::session::Session;
use oxigraph::model::{NamedNode, Term};
use std::collections::HashMap;

pub(super) fn check(
    session: &Session,
    files: &Files<'_>,
    checked: &mut CheckCounts,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    for source in session.dossier().checks()? {
        checked.checks += 1;
        let query = match session.catalogue().parse(&source) {
            Ok(query) => query,
            Err(problem) => {
                findings.push(problem.with_id("query-broken"));
                continue;
            }
        };
        findings.extend(out_of_scope(&source, &query));
        if query.parameters.iter().any(Parameter::is_required) {
            findings.push(
                error!("query-broken", "a check query cannot have parameters")
                    .at(top(&source))
                    .help("query all values at once: each row is a finding"),
            );
            continue;
        }
        match rows(session, |iri| Ok(files.claims.contains_key(iri)), &query) {
            Ok(Some(rows)) => {
                for row in rows {
                    findings.push(finding(session, files, &query, &row)?);
                }
            }
            Ok(None) => {
                findings.push(
                    error!("query-broken", "a check query must be a SELECT")
                        .at(top(&source))
                        .help("each row is a finding"),
                );
            }
            Err(error) => {
                let problems = files.unreported(error);
                findings.extend(problems.map(|problem| problem.with_id("query-fails")));
            }
        }
    }
    Ok(())
}

/// A distinct row of a check query. The claims that it names are the evidence.
pub(super) struct FindingRow {
    pub(super) values: Vec<(String, Term)>,
    pub(super) claims: Vec<NamedNode>,
}

impl FindingRow {
    fn things(&self) -> impl Iterator<Item = &NamedNode> {
        self.values.iter().filter_map(|(_, value)| match value {
            Term::NamedNode(iri) => Some(iri),
            _ => None,
        })
    }

    /// Formats the values, each with its name.
    pub(super) fn values_in_words(&self, session: &Session) -> Result<String> {
        let labels = session.labels(self.things())?;
        let naming = Naming { terms: Terms::Label, prefixes: session.prefixes(), labels: &labels };
        let names = naming.names(self.values.iter().map(|(_, value)| value));
        let value = |(name, value): &(String, Term)| format!("{name}: {}", names.name(value));
        Ok(self.values.iter().map(value).collect::<Vec<_>>().join("; "))
    }
}

/// Returns what the rows of a check query say.
pub(super) fn message(query: &SavedQuery) -> String {
    let summary = &query.front_matter.summary;
    as_message(if summary.is_empty() { &query.name } else { summary })
}

/// Returns the rows of a check, merging those that differ only in their claims.
pub(super) fn rows(
    session: &Session,
    mut is_claim: impl FnMut(&NamedNode) -> Result<bool>,
    query: &SavedQuery,
) -> Result<Option<Vec<FindingRow>>, Error> {
    let bound = session.bind(query, &[])?;
    let Some(found) = session.answer(&bound, None, None)?.rows() else { return Ok(None) };
    let variables = found.variables().to_vec();
    let mut rows: Vec<FindingRow> = Vec::new();
    let mut known: HashMap<Vec<(String, Term)>, usize> = HashMap::new();
    for row in found {
        let solution = row?.solution;
        let mut values = Vec::new();
        let mut claims = Vec::new();
        for (variable, value) in variables.iter().zip(solution.values()) {
            match value {
                Some(Term::NamedNode(claim)) if is_claim(claim)? => claims.push(claim.clone()),
                Some(value) => values.push((variable.as_str().to_owned(), value.clone())),
                None => {}
            }
        }
        let index = *known.entry(values.clone()).or_insert_with(|| {
            rows.push(FindingRow { values, claims: Vec::new() });
            rows.len() - 1
        });
        for claim in claims {
            if !rows[index].claims.contains(&claim) {
                rows[index].claims.push(claim);
            }
        }
    }
    Ok(Some(rows))
}

/// Formats a sentence as a message: in lower case, without a full stop.
fn as_message(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    match sentence.chars().nth(1) {
        // An acronym keeps its case.
        Some(second) if second.is_uppercase() => sentence.to_owned(),
        _ => lower_first(sentence),
    }
}

pub(super) fn finding(
    session: &Session,
    files: &Files<'_>,
    query: &SavedQuery,
    row: &FindingRow,
) -> Result<Diagnostic> {
    let front = &query.front_matter;
    let severity = front.severity.unwrap_or(Severity::Warning);
    let mut finding = Diagnostic::of(severity, query.name.clone(), message(query));
    // The check's description explains the finding; it is not advice.
    let values = row.values_in_words(session)?;
    let notes = [values.as_str(), &front.description].into_iter().filter(|text| !text.is_empty());
    let notes = notes.collect::<Vec<_>>().join("\n");
    if !notes.is_empty() {
        finding = finding.note(notes);
    }
    let mut quotes = Vec::new();
    // If a text cannot be read, which is reported elsewhere, there are no quotes to show.
    if files.text_sources.iter().all(|source| source.problem.is_none()) {
        for claim in &row.claims {
            let claim = session.claim(claim)?;
            quotes.extend(claim.has_evidence().then(|| quote(files, &claim)));
        }
    }
    if let Some(thing) = row.things().next() {
        finding = finding.about(thing);
        // If there is nothing to correct, the quotes are more informative than a line of a file.
        if quotes.is_empty() || severity != Severity::Note {
            finding = finding.at(files.subject(thing));
        }
    }
    finding.remarks.extend(quotes);
    Ok(finding)
}

/// Returns the quote of a claim that a finding rests on.
fn quote(files: &Files<'_>, claim: &Claim) -> Remark {
    let show = |iri: &NamedNode| files.prefixes.show(iri);
    let document = claim.documents.first();
    let passages = claim.passages().iter();
    let place: Vec<String> =
        document.map(show).into_iter().chain(passages.clone().map(PassageLocator::short)).collect();
    let quote = claim.quotes.first().map(|quote| quote.text.clone()).unwrap_or_default();
    let characters = claim.place().ok().map(|span| span.characters.clone());
    Remark::Quote(Evidence {
        sentence: format!("{} quotes {}: “{quote}”", show(&claim.name), place.join(" ")),
        claim: claim.name.as_str().to_owned(),
        document: document.map(|document| document.as_str().to_owned()).unwrap_or_default(),
        quote,
        places: passages.map(PassageLocator::words).collect(),
        start: characters.as_ref().map(|characters| characters.start),
        end: characters.map(|characters| characters.end),
    })
}
