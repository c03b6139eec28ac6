//! The checks of the dossier's own (`queries/checks/`): saved queries of which every row is a finding. Where the
//! documents contradict themselves is such a finding too: it is for people to know, and nothing to correct.

use super::files::Files;
use super::queries::{at_top, out_of_scope};
use super::{Checked, Finding};
use crate::answer::write::{Naming, Terms};
use crate::catalogue::{Parameter, SavedQuery};
use crate::error::{Error, Problem, Result, Severity, lower_first};
use crate::session::Session;
use oxigraph::model::{NamedNode, Term};
use std::collections::HashMap;

pub(super) fn check(
    session: &Session,
    files: &Files<'_>,
    checked: &mut Checked,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    for source in session.dossier().checks()? {
        checked.checks += 1;
        let query = match session.catalogue().parse(&source) {
            Ok(query) => query,
            Err(problem) => {
                findings.push(Finding::error("query-broken", problem));
                continue;
            }
        };
        findings.extend(out_of_scope(&source, &query));
        if query.parameters.iter().any(Parameter::is_required) {
            let problem = at_top(&source, "a check has no parameters")
                .help("ask for all at once: each row is a finding");
            findings.push(Finding::error("query-broken", problem));
            continue;
        }
        match rows(session, files, &query) {
            Ok(Some(rows)) => {
                for row in rows {
                    findings.push(finding(session, files, &query, &row)?);
                }
            }
            Ok(None) => {
                let problem =
                    at_top(&source, "a check is a SELECT").help("each of its rows is a finding");
                findings.push(Finding::error("query-broken", problem));
            }
            Err(error) => {
                let problems = files.untold(error);
                findings.extend(problems.map(|problem| Finding::error("query-fails", problem)));
            }
        }
    }
    Ok(())
}

/// What a check found once: the claims that it names are the evidence.
struct Row {
    values: Vec<(String, Term)>,
    claims: Vec<NamedNode>,
}

/// The rows of a check. Rows that differ in their claims only are one.
fn rows(
    session: &Session,
    files: &Files<'_>,
    query: &SavedQuery,
) -> Result<Option<Vec<Row>>, Error> {
    let bound = session.bind(query, &[])?;
    let Some(found) = session.answer(&bound, None, None)?.rows() else { return Ok(None) };
    let variables = found.variables().to_vec();
    let mut rows: Vec<Row> = Vec::new();
    let mut known: HashMap<Vec<(String, Term)>, usize> = HashMap::new();
    for row in found {
        let solution = row?.solution;
        let mut values = Vec::new();
        let mut claims = Vec::new();
        for (variable, value) in variables.iter().zip(solution.values()) {
            match value {
                Some(Term::NamedNode(claim)) if files.claims.contains_key(claim) => {
                    claims.push(claim.clone());
                }
                Some(value) => values.push((variable.as_str().to_owned(), value.clone())),
                None => {}
            }
        }
        let index = *known.entry(values.clone()).or_insert_with(|| {
            rows.push(Row { values, claims: Vec::new() });
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

/// A sentence as messages are written: lower case, and no full stop.
fn as_message(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    match sentence.chars().nth(1) {
        // An acronym stays as it is.
        Some(second) if second.is_uppercase() => sentence.to_owned(),
        _ => lower_first(sentence),
    }
}

fn finding(session: &Session, files: &Files<'_>, query: &SavedQuery, row: &Row) -> Result<Finding> {
    let front = &query.front_matter;
    let iris = || {
        row.values.iter().filter_map(|(_, value)| match value {
            Term::NamedNode(iri) => Some(iri),
            _ => None,
        })
    };
    let labels = session.labels(iris())?;
    let naming = Naming { terms: Terms::Label, prefixes: session.prefixes(), labels: &labels };
    let names = naming.names(row.values.iter().map(|(_, value)| value));
    let values = row.values.iter().map(|(name, value)| format!("{name}: {}", names.name(value)));
    let message = if front.summary.is_empty() { &query.name } else { &front.summary };
    let mut problem = Problem::new(as_message(message));
    // What the check says of itself explains, and is no advice.
    let explanation = Some(front.description.clone()).filter(|text| !text.is_empty());
    let values = Some(values.collect::<Vec<_>>().join("; ")).filter(|text| !text.is_empty());
    let note: Vec<String> = values.into_iter().chain(explanation).collect();
    if !note.is_empty() {
        problem = problem.note(note.join("\n"));
    }
    let about = iris().next().cloned();
    let mut evidence = Vec::new();
    // Where a text cannot be read, which has been told, there are no quotes to show.
    if files.text_sources.iter().all(|(_, broken)| broken.is_none()) {
        for claim in &row.claims {
            let claim = session.claim(claim)?;
            evidence.extend(claim.has_evidence().then_some(claim));
        }
    }
    let severity = front.severity.unwrap_or(Severity::Warning);
    // Where there is nothing to correct, the quotes tell more than a line of a file.
    if (evidence.is_empty() || severity != Severity::Info)
        && let Some(place) = about.as_ref().and_then(|thing| files.subject(thing))
    {
        problem = problem.at(place);
    }
    Ok(Finding { about, evidence, ..Finding::new(severity, &query.name, problem) })
}
