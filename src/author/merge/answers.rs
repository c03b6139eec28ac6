//! The expected answers of a merged dossier. Those that were right for one dossier are replaced by the answers over all
//! data; those that were wrong stay, and stay wrong.

use super::plan::Plan;
use super::renames::Renames;
use crate::author::accepted_answers::{AcceptedAnswers, accept_answers};
use crate::catalogue::Expected;
use crate::check::QueryCase;
use crate::diagnostic::Result;
use crate::dossier::{Edit, Part};
use crate::session::{Data, Session};
use oxigraph::model::Term;
use std::collections::BTreeMap;

/// The expected answers of a merged dossier.
pub(super) struct MergedAnswers {
    /// The change that writes them.
    pub edit: Edit,
    /// The cases whose answers differ over all data together.
    pub changed: Vec<ChangedAnswer>,
}

/// A case whose answer differs over all data together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChangedAnswer {
    /// The name of the case in the merged dossier.
    pub case: String,
    /// The dossier that it comes from.
    pub part: String,
    /// The number of rows there.
    pub before: usize,
    /// The number of rows now, or `None` if it cannot be answered now.
    pub after: Option<usize>,
}

/// Compares the answers of all cases with those of their own dossiers.
///
/// # Errors
/// Fails if a file cannot be read or a store fails.
pub(super) fn of(parts: &[Part], plan: &Plan, merged: &Session) -> Result<MergedAnswers> {
    let sources = merged.dossier().queries()?;
    let mut cases = BTreeMap::new();
    for source in &sources {
        let Ok(query) = merged.catalogue().parse(source) else { continue };
        for (name, arguments) in query.cases() {
            cases.insert(name, (query.clone(), source, arguments));
        }
    }
    let (mut accepted, mut changed) = (Vec::new(), Vec::new());
    for (part, renames) in parts.iter().zip(&plan.renames) {
        for (old, answer) in right_answers(part)? {
            let (query, case) = old.split_once('.').unwrap_or((&old, ""));
            let key = (part.name.clone(), query.to_owned());
            let Some(query) = plan.queries.get(&key) else { continue };
            let name = if case.is_empty() { query.clone() } else { format!("{query}.{case}") };
            let Some((query, source, arguments)) = cases.get(&name) else { continue };
            let case = QueryCase { query, source, name: &name, arguments };
            let now = case.answer(merged).ok().flatten();
            if now.as_ref().is_none_or(|now| rows(now, None) != rows(&answer, Some(renames))) {
                changed.push(ChangedAnswer {
                    case: name.clone(),
                    part: part.name.clone(),
                    before: answer.rows.len(),
                    after: now.as_ref().map(|now| now.rows.len()),
                });
            }
            if now.is_some() {
                accepted.push(name);
            }
        }
    }
    let accepted = accept_answers(merged, &accepted).or_else(|_| {
        // An answer with a blank node cannot be written: what was expected stays, and differs.
        accepted.retain(|case| accept_answers(merged, std::slice::from_ref(case)).is_ok());
        accept_answers(merged, &accepted)
    });
    let AcceptedAnswers { edit, .. } = accepted?;
    Ok(MergedAnswers { edit, changed })
}

/// Returns the answers of the cases of a dossier that are as expected, by the names of the cases.
fn right_answers(part: &Part) -> Result<Vec<(String, Expected)>> {
    let session = Session::open(part.dossier.clone(), &Data::Dossier)?;
    let expected = part.dossier.expected()?;
    let mut right = Vec::new();
    for source in &part.dossier.queries()? {
        let Ok(query) = session.catalogue().parse(source) else { continue };
        for (name, arguments) in &query.cases() {
            let case = QueryCase { query: &query, source, name, arguments };
            let names = case.file_names();
            let file = names.iter().find_map(|name| expected.iter().find(|f| f.stem() == *name));
            let (Some(_), Ok(Some(answer))) = (file, case.answer(&session)) else { continue };
            if case.compare(&session, Some(answer.clone()), file)?.is_none() {
                right.push((name.clone(), answer));
            }
        }
    }
    Ok(right)
}

/// Returns the rows of an answer in a fixed order, with new names.
fn rows(answer: &Expected, renames: Option<&Renames>) -> Vec<Vec<String>> {
    let cell = |term: &Option<Term>| match (term, renames) {
        (Some(Term::NamedNode(iri)), Some(renames)) => renames.iri(iri.clone()).to_string(),
        (Some(term), _) => term.to_string(),
        (None, _) => String::new(),
    };
    let mut rows: Vec<Vec<String>> =
        answer.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    rows.sort();
    rows
}
