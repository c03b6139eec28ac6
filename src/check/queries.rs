//! Saved queries: whether each can be read, and returns its expected answers.

use super::CheckCounts;
use super::files::Files;
use crate::catalogue::{Expected, SavedQuery, in_shell};
use crate::diagnose::{self, Clause};
use crate::diagnostic::{Diagnostic, Excerpt, Result, error, nearest};
use crate::dossier::SourceFile;
use crate::session::Session;
use crate::vocabulary::Prefixes;
use oxigraph::model::Term;
use std::collections::BTreeMap;

pub(super) fn check(
    session: &Session,
    files: &Files<'_>,
    checked: &mut CheckCounts,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let expected = session.dossier().expected()?;
    let mut answers: BTreeMap<&str, &SourceFile> =
        expected.iter().map(|source| (source.stem(), source)).collect();
    let mut names = Vec::new();
    for (name, path) in session.dossier().misnamed_queries()? {
        let message = format!("`{path}` is ignored: a saved query is a `.rq` file");
        findings.push(
            Diagnostic::warning("query-unread", message)
                .help(format!("rename it to `queries/{name}.rq`")),
        );
    }
    for source in session.dossier().queries()? {
        checked.queries += 1;
        names.push(source.stem().to_owned());
        let query = match session.catalogue().parse(&source) {
            Ok(query) => query,
            Err(problem) => {
                findings.push(problem.with_id("query-broken"));
                // The cases of a query that cannot be read are unknown.
                answers.retain(|case, _| query_of(case) != source.stem());
                continue;
            }
        };
        if query.front_matter.summary.is_empty() {
            findings.push(
                Diagnostic::warning("no-summary", "the query has no summary")
                    .at(top(&source))
                    .help(summary_help(&source)),
            );
        }
        findings.extend(out_of_scope(&source, &query));
        let cases = query.cases();
        if cases.is_empty() {
            let message = "the query has a parameter but no example";
            findings.push(
                Diagnostic::warning("no-example", message)
                    .at(top(&source))
                    .help("add one: `#+ examples: { some-name: { parameter: value } }`"),
            );
        }
        for (case, arguments) in cases {
            let asked = QueryCase { query: &query, source: &source, arguments: &arguments };
            let expected = answers.remove(case.as_str());
            checked.answers += usize::from(expected.is_some());
            match asked.given(session) {
                Ok(given) => findings.extend(asked.compare(session, &case, given, expected)),
                Err(error) => {
                    findings.extend(files.unreported(error).map(|problem| asked.failed(problem)));
                }
            }
        }
    }
    findings.extend(answers.into_iter().map(|(case, file)| without_case(case, file, &names)));
    Ok(())
}

/// Returns the advice for a query without a summary. A comment that is meant as one has to begin with `#+`.
fn summary_help(source: &SourceFile) -> String {
    let comments =
        source.text().unwrap_or_default().lines().take_while(|line| line.starts_with('#'));
    let mut comments = comments.map(|line| line.trim_start_matches(['#', '+']).trim());
    let summary = comments.find_map(|comment| {
        let (field, text) = comment.split_once(':')?;
        field.eq_ignore_ascii_case("summary").then(|| text.trim())
    });
    match summary {
        Some(text) if !text.is_empty() => {
            format!("front matter begins with `#+`: write `#+ summary: {text}`")
        }
        _ => "write the question it answers: `#+ summary: Who …?`".to_owned(),
    }
}

/// Returns the variables that a query uses where they have no value, so that a condition is never true.
pub(super) fn out_of_scope<'a>(
    source: &'a SourceFile,
    query: &'a SavedQuery,
) -> impl Iterator<Item = Diagnostic> + 'a {
    // The others were created by the parser, or are parameters.
    let is_written =
        |name: &str| !name.starts_with('_') && query.text.contains(&format!("?{name}"));
    diagnose::out_of_scope(&query.query)
        .into_iter()
        .filter(move |found| is_written(found.variable.as_str()))
        .map(|found| {
            let (variable, clause) = (&found.variable, found.clause.name());
            let message = format!("`{variable}` has no value in {clause}");
            Diagnostic::warning("variable-out-of-scope", message).at(top(source)).help(match found
                .clause
            {
                Clause::Having => format!(
                    "write the aggregate itself: SELECT names it `{variable}` only after HAVING"
                ),
                Clause::Filter | Clause::Bind => {
                    format!("it is bound outside the braces around the {clause}")
                }
            })
        })
}

/// Returns the finding for an expected answer without a case.
fn without_case(case: &str, file: &SourceFile, names: &[String]) -> Diagnostic {
    let query = query_of(case);
    let near = nearest(query, names.iter().map(String::as_str));
    let finding = error!("answer-without-case", "no case has this expected answer").at(top(file));
    if near == Some(query) {
        return finding.help(format!(
            "add the case to `#+ examples:` of `queries/{query}.rq`, or delete the file"
        ));
    }
    finding.suggest(near, || "it is named for a query, or for a query and a case: `QUERY.CASE.csv`")
}

/// Returns the name of the query in the name of a case.
fn query_of(case: &str) -> &str {
    case.split('.').next().unwrap_or(case)
}

/// A saved query with the arguments of one case.
struct QueryCase<'a> {
    query: &'a SavedQuery,
    source: &'a SourceFile,
    arguments: &'a [(String, String)],
}

/// The variables and rows of an answer.
struct AnswerTable {
    variables: Vec<String>,
    rows: Vec<Vec<Option<Term>>>,
}

impl QueryCase<'_> {
    /// Runs the query. Returns `None` if its result has no rows.
    fn given(&self, session: &Session) -> Result<Option<AnswerTable>> {
        let bound = session.bind(self.query, self.arguments)?;
        let Some(rows) = session.answer(&bound, None, None)?.rows() else { return Ok(None) };
        let variables = rows.variables().to_vec();
        let rows = rows.map(|row| Ok(row?.solution.values().to_vec()));
        Ok(Some(AnswerTable {
            variables: variables.iter().map(|variable| variable.as_str().to_owned()).collect(),
            rows: rows.collect::<Result<_>>()?,
        }))
    }

    /// Returns the finding for an answer that differs from the expected one, if it does.
    fn compare(
        &self,
        session: &Session,
        case: &str,
        given: Option<AnswerTable>,
        expected: Option<&SourceFile>,
    ) -> Option<Diagnostic> {
        match (given, expected) {
            (None, None) => None,
            (None, Some(file)) => {
                let message = "the query returns no rows, so its answer cannot be a table";
                Some(
                    Diagnostic::error("answer-without-rows", message)
                        .at(top(file))
                        .help("make the query a SELECT, or delete the file"),
                )
            }
            (Some(_), None) => {
                let message = format!("`{}` has no expected answer", self.command());
                Some(Diagnostic::warning("case-without-answer", message).at(top(self.source)).help(
                    format!(
                        "write the correct one, according to the documents, to `queries/expected/{case}.csv`"
                    ),
                ))
            }
            (Some(given), Some(file)) => match Expected::parse(file, session.prefixes()) {
                Err(problem) => Some(problem.with_id("answer-broken")),
                Ok(expected) => {
                    let finding = difference(file, &expected, &given, session.prefixes())?;
                    Some(finding.help(format!(
                        "run `{}`, and correct the data, the query or the file",
                        self.command()
                    )))
                }
            },
        }
    }

    fn failed(&self, problem: Diagnostic) -> Diagnostic {
        let message = format!("cannot run `{}`: {}", self.command(), problem.message);
        let place = problem.excerpt.map_or_else(|| top(self.source), |excerpt| *excerpt);
        Diagnostic { help: problem.help, ..Diagnostic::error("query-fails", message).at(place) }
    }

    /// Returns the command that runs the query.
    fn command(&self) -> String {
        let mut command = format!("dossier run {}", self.query.name);
        for (name, value) in self.arguments {
            command.push(' ');
            command.push_str(&in_shell(&format!("{name}={value}")));
        }
        command
    }
}

/// Returns the first difference between the expected and the actual answer.
fn difference(
    source: &SourceFile,
    expected: &Expected,
    given: &AnswerTable,
    prefixes: &Prefixes,
) -> Option<Diagnostic> {
    if expected.variables != given.variables {
        let message = format!(
            "expected the columns {}, but found {}",
            expected.variables.join(", "),
            given.variables.join(", ")
        );
        return Some(Diagnostic::error("answer-differs", message).at(top(source)));
    }
    let rows = expected.rows.len().max(given.rows.len());
    let at = (0..rows).find(|&row| expected.rows.get(row) != given.rows.get(row))?;
    let show = |row: &Vec<Option<Term>>| {
        let cells = row.iter().map(|cell| match cell {
            Some(term) => prefixes.show_term(term),
            None => "nothing".to_owned(),
        });
        cells.collect::<Vec<_>>().join(", ")
    };
    let number = at + 1;
    let message = match (expected.rows.get(at), given.rows.get(at)) {
        (Some(wanted), Some(given)) => {
            format!("row {number} is `{}`, expected `{}`", show(given), show(wanted))
        }
        (Some(wanted), None) => format!("row {number} is missing: expected `{}`", show(wanted)),
        (None, Some(given)) => format!("row {number} is unexpected: `{}`", show(given)),
        (None, None) => return None,
    };
    let line = expected.lines.get(at).or(expected.lines.last()).copied().unwrap_or(1);
    let problem = Diagnostic::error("answer-differs", message).at(line_of(source, line));
    let (wanted, given) = (expected.rows.len(), given.rows.len());
    Some(if wanted == given {
        problem
    } else {
        let rows = if wanted == 1 { "row" } else { "rows" };
        problem.note(format!("expected {wanted} {rows}, found {given}"))
    })
}

/// Returns the location of a finding about a whole file.
pub(super) fn top(source: &SourceFile) -> Excerpt {
    line_of(source, 1)
}

/// Returns a whole line of a file as a location.
fn line_of(source: &SourceFile, line: usize) -> Excerpt {
    let text = String::from_utf8_lossy(&source.bytes);
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text[start..].lines().next().map_or(0, str::len);
    Excerpt::new(&source.path, &text, start..start + length)
}
