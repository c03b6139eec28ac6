//! Writes the answers of cases as the expected ones.

use crate::catalogue::{Expected, UnwritableTerm};
use crate::check::{AnswerLabels, QueryCase};
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, error, nearest};
use crate::dossier::{Edit, SourceFile};
use crate::session::Session;
use std::collections::BTreeMap;

/// The answers that become the expected ones.
#[derive(Debug)]
pub(crate) struct AcceptedAnswers {
    /// For each case its file, in the order in which they were named.
    pub answers: Vec<AcceptedAnswer>,
    /// The change to the dossier.
    pub edit: Edit,
}

/// An answer that becomes the expected one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AcceptedAnswer {
    /// The path of its file in the dossier.
    pub path: String,
    /// The number of rows.
    pub rows: usize,
    /// Whether the file has it already.
    pub is_same: bool,
}

/// The cases that have another answer than expected, or none that is expected.
#[derive(Debug, Default)]
pub(crate) struct Unaccepted {
    /// Those whose answers can be accepted.
    pub cases: Vec<UnacceptedCase>,
    /// The number of cases that fail or have no rows.
    pub unanswered: usize,
    /// The number of saved queries that are invalid, so that their cases are unknown.
    pub invalid: usize,
}

/// A case whose answer is not the expected one.
#[derive(Debug)]
pub(crate) struct UnacceptedCase {
    /// Its name.
    pub name: String,
    /// How its answer differs.
    pub difference: String,
}

/// Returns the cases whose answers are not the expected ones.
///
/// # Errors
/// If a folder cannot be read or the store fails.
pub(crate) fn unaccepted_answers(session: &Session) -> Result<Unaccepted> {
    let files = session.dossier().expected()?;
    let mut found = Unaccepted::default();
    for source in &session.dossier().queries()? {
        let Ok(query) = session.catalogue().parse(source) else {
            found.invalid += 1;
            continue;
        };
        for (name, arguments) in &query.cases() {
            let case = QueryCase { query: &query, source, name, arguments };
            let Ok(answer @ Some(_)) = case.answer(session) else {
                found.unanswered += 1;
                continue;
            };
            let file = expected_file(&case, &files);
            if let Some(Diagnostic { message, .. }) = case.compare(session, answer, file)? {
                found.cases.push(UnacceptedCase { name: name.clone(), difference: message });
            }
        }
    }
    Ok(found)
}

/// Returns the file with the expected answer of a case.
fn expected_file<'a>(case: &QueryCase<'_>, files: &'a [SourceFile]) -> Option<&'a SourceFile> {
    case.file_names().iter().find_map(|name| files.iter().find(|file| file.stem() == *name))
}

/// Computes the changes that make the answers of cases the expected ones. A case is called `QUERY` or `QUERY.EXAMPLE`.
///
/// # Errors
/// If a case does not exist, fails, or has an answer that no file can hold. All of these are reported.
pub(crate) fn accept_answers(session: &Session, names: &[String]) -> Result<AcceptedAnswers> {
    let mut edit = Edit::of(session.dossier())?;
    let (mut cases, mut invalid, mut problems) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    let sources = session.dossier().queries()?;
    for source in &sources {
        let query = match session.catalogue().parse(source) {
            Ok(query) => query,
            Err(problem) => {
                invalid.insert(source.stem(), problem);
                continue;
            }
        };
        for (name, arguments) in query.cases() {
            cases.insert(name, (query.clone(), source, arguments));
        }
    }
    let files = session.dossier().expected()?;
    let mut answers = Vec::new();
    for (number, name) in names.iter().enumerate() {
        if names[..number].contains(name) {
            continue;
        }
        let Some((query, source, arguments)) = cases.get(name) else {
            // The cases of a query that cannot be read are unknown.
            if let Some(problem) = name.split('.').next().and_then(|query| invalid.get(query)) {
                problems.push(problem.clone());
                continue;
            }
            let near = nearest(name, cases.keys().map(String::as_str));
            problems.push(error!("case-unknown", "no saved query has the case `{name}`").suggest(
                near,
                || "a case is called `QUERY`, or `QUERY.EXAMPLE` after an example of its front matter",
            ));
            continue;
        };
        let case = QueryCase { query, source, name, arguments };
        let answer = match case.answer(session) {
            Ok(answer) => answer,
            Err(error) => {
                problems.extend(error.problems);
                continue;
            }
        };
        let Some(answer) = answer else {
            problems.push(
                error!(
                    "answer-without-rows",
                    "`{name}` returns no rows, so its answer cannot be a table"
                )
                .help("make the query a SELECT"),
            );
            continue;
        };
        match write(session, &case, &answer, expected_file(&case, &files), &mut edit) {
            Ok(accepted) => answers.push(accepted),
            Err(error) => problems.extend(error.problems),
        }
    }
    if problems.is_empty() {
        Ok(AcceptedAnswers { answers, edit })
    } else {
        Err(Error { kind: ErrorKind::Usage, problems })
    }
}

/// Adds the file of an answer to the changes, unless it says the same already.
fn write(
    session: &Session,
    case: &QueryCase<'_>,
    answer: &Expected,
    file: Option<&SourceFile>,
    edit: &mut Edit,
) -> Result<AcceptedAnswer> {
    let prefixes = session.prefixes();
    let before = file.and_then(|file| Expected::parse(file, prefixes).ok());
    let (mut before, mut written) = (before, None);
    if let Some(before) = &mut before {
        // What the file calls by labels stays so.
        written = Some(AnswerLabels::resolve(session, before, answer)?.applied(answer));
    }
    let text = written.as_ref().unwrap_or(answer).to_csv(prefixes).map_err(
        |UnwritableTerm { row, variable }| {
            let name = case.name;
            error!(
                "answer-with-blank-node",
                "row {row} of `{name}` has a blank node as `{variable}`"
            )
            .help("select values that are the same in each answer: an IRI or a literal")
            .usage()
        },
    )?;
    let is_same = before.is_some_and(|before| {
        (&before.variables, &before.rows) == (&answer.variables, &answer.rows)
    });
    let path = match file {
        Some(file) => file.path.clone(),
        None => format!("queries/expected/{}.csv", case.name),
    };
    match file {
        Some(_) if is_same => {}
        Some(file) => edit.replace(file, text),
        None => edit.create(path.clone(), text),
    }
    Ok(AcceptedAnswer { path, rows: answer.rows.len(), is_same })
}
