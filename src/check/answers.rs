//! The cases of saved queries: their answers, and how these differ from the expected ones.

use super::answer_labels::AnswerLabels;
use super::figures::WrittenFigure;
use super::queries::{line_of, top};
use crate::catalogue::{Expected, SavedQuery, in_shell};
use crate::diagnostic::{Diagnostic, Excerpt, Result};
use crate::dossier::SourceFile;
use crate::session::Session;
use crate::vocabulary::{DATES, Prefixes, lexical_form};
use imara_diff::{Algorithm, Diff, InternedInput};
use oxigraph::model::{Literal, Term};
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr as _;

/// The number of differing rows that a finding shows.
const MOST_ROWS: usize = 10;

/// The widest cell of the table with both answers, in columns.
const WIDEST: usize = 60;

/// A saved query with the arguments of one case.
pub(crate) struct QueryCase<'a> {
    /// The query.
    pub query: &'a SavedQuery,
    /// Its file.
    pub source: &'a SourceFile,
    /// The name of the case, which is also that of the file with the expected answer.
    pub name: &'a str,
    /// The arguments.
    pub arguments: &'a [(String, String)],
}

impl QueryCase<'_> {
    /// Returns the names that the file of the expected answer may have, without `.csv`. An example without arguments is
    /// the case that is named after the query.
    pub(crate) fn file_names(&self) -> Vec<String> {
        let mut names = vec![self.name.to_owned()];
        if self.name == self.query.name {
            let examples = self.query.front_matter.examples.iter();
            let same = examples.filter(|(_, arguments)| arguments.is_empty());
            names.extend(same.map(|(example, _)| format!("{}.{example}", self.name)));
        }
        names
    }

    /// Runs the query. Returns `None` if its result has no rows.
    pub(crate) fn answer(&self, session: &Session) -> Result<Option<Expected>> {
        let bound = session.bind(self.query, self.arguments)?;
        let Some(rows) = session.answer(&bound, None, None)?.rows() else { return Ok(None) };
        let variables = rows.variables().to_vec();
        let rows = rows.map(|row| Ok(row?.solution.values().to_vec()));
        Ok(Some(Expected {
            variables: variables.iter().map(|variable| variable.as_str().to_owned()).collect(),
            rows: rows.collect::<Result<_>>()?,
            lines: Vec::new(),
        }))
    }

    /// Returns the finding for an answer that differs from the expected one, if it does.
    pub(crate) fn compare(
        &self,
        session: &Session,
        answer: Option<Expected>,
        expected: Option<&SourceFile>,
    ) -> Result<Option<Diagnostic>> {
        Ok(match (answer, expected) {
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
                        "work out the answer from the documents, and write it to `queries/expected/{}.csv`; \
                         if the query returns the same, `dossier check --accept {}` writes it",
                        self.name,
                        in_shell(self.name)
                    ),
                ))
            }
            (Some(answer), Some(file)) => match Expected::parse(file, session.prefixes()) {
                Err(problem) => Some(problem.with_id("answer-broken")),
                Ok(mut expected) => {
                    let prefixes = session.prefixes();
                    let labels = AnswerLabels::resolve(session, &mut expected, &answer)?;
                    difference(file, &expected, &answer, prefixes).map(|finding| {
                        let notes = labels.notes(prefixes).into_iter();
                        let finding = notes.fold(finding, Diagnostic::note);
                        if finding.help.is_some() {
                            return finding;
                        }
                        if let Some(help) = labels.advice() {
                            return finding.help(help);
                        }
                        finding.help(format!(
                        "run `{}`, and correct the data, the query or the file; if the new answer is right, \
                         `dossier check --accept {}`",
                        self.command(),
                        in_shell(self.name)
                    ))
                    })
                }
            },
        })
    }

    /// Returns the finding for a case whose query fails.
    pub(super) fn failed(&self, problem: Diagnostic) -> Diagnostic {
        let message = format!("cannot run `{}`: {}", self.command(), problem.message);
        let place = problem.excerpt.map_or_else(|| self.place(), |excerpt| *excerpt);
        let missing = self.query.parameters.iter().find(|parameter| {
            let name = &parameter.declaration.name;
            parameter.is_required() && self.arguments.iter().all(|(given, _)| given != name)
        });
        let help = match (problem.help, missing) {
            (Some(help), Some(missing)) => Some(format!(
                "{help} in the example; if the query works without it, write `?_{0}` instead of `?{0}`",
                missing.declaration.variable.as_str()
            )),
            (help, _) => help.map(|help| self.in_front_matter(&help)),
        };
        Diagnostic { help, ..Diagnostic::error("query-fails", message).at(place) }
    }

    /// Returns the line of the front matter with the example.
    fn place(&self) -> Excerpt {
        let text = self.source.text().unwrap_or_default();
        let example = self.name.split_once('.').map(|(_, example)| example);
        let is_it = |line: &&str| {
            let line = line.trim_start_matches("#+").trim_start();
            example
                .and_then(|example| line.strip_prefix(example))
                .is_some_and(|rest| rest.trim_start().starts_with(':'))
        };
        let number =
            text.lines().take_while(|line| line.starts_with("#+")).position(|line| is_it(&line));
        line_of(self.source, number.map_or(1, |number| number + 1))
    }

    /// Writes the arguments in a help as front matter does: `mill: Low Mill` instead of `'mill=Low Mill'`.
    fn in_front_matter(&self, help: &str) -> String {
        let mut pieces: Vec<String> = help.split('`').map(str::to_owned).collect();
        for piece in pieces.iter_mut().skip(1).step_by(2) {
            let argument = piece.trim_matches('\'').to_owned();
            if let Some((name, value)) = argument.split_once('=')
                && self.arguments.iter().any(|(known, _)| known == name)
            {
                *piece = format!("{name}: {value}");
            }
        }
        pieces.join("`")
    }

    /// Returns the command that runs the query.
    fn command(&self) -> String {
        let mut command = format!("dossier run {}", in_shell(&self.query.name));
        for (name, value) in self.arguments {
            command.push(' ');
            command.push_str(&in_shell(&format!("{name}={value}")));
        }
        command
    }
}

/// Returns how an answer differs from the expected one, at the first difference.
fn difference(
    source: &SourceFile,
    expected: &Expected,
    answer: &Expected,
    prefixes: &Prefixes,
) -> Option<Diagnostic> {
    if expected.variables != answer.variables {
        let message = format!(
            "expected the columns `{}`, but found `{}`",
            expected.variables.join("`, `"),
            answer.variables.join("`, `")
        );
        let problem = Diagnostic::error("answer-differs", message).at(top(source));
        return Some(match renamed_columns(expected, answer, prefixes) {
            Some(help) => problem.help(help),
            None => problem,
        });
    }
    let changes = row_changes(&expected.rows, &answer.rows);
    let (wanted, found) = changes.first()?;
    let show = |row: usize, rows: &[AnswerRow]| shown(&rows[row], prefixes);
    let message = match (wanted, found) {
        (Some(wanted), Some(found)) => format!(
            "row {} is `{}`, expected `{}`",
            found + 1,
            show(*found, &answer.rows),
            show(*wanted, &expected.rows)
        ),
        (Some(wanted), None) => {
            format!("row {} is missing: expected `{}`", wanted + 1, show(*wanted, &expected.rows))
        }
        (None, Some(found)) => {
            format!("row {} is unexpected: `{}`", found + 1, show(*found, &answer.rows))
        }
        (None, None) => return None,
    };
    let line = wanted
        .or_else(|| found.filter(|found| *found < expected.lines.len()))
        .and_then(|row| expected.lines.get(row))
        .or(expected.lines.last());
    let mut problem = Diagnostic::error("answer-differs", message)
        .at(line_of(source, line.copied().unwrap_or(1)));
    if let Some(note) = mistyped_column(&changes, expected, answer, prefixes) {
        problem = problem.note(note);
    }
    if let (Some(wanted), Some(found)) = (wanted, found)
        && let Some(help) =
            changed_by_spreadsheet(&expected.rows[*wanted], &answer.rows[*found], answer, prefixes)
    {
        problem = problem.help(help);
    }
    let (wanted, found) = (expected.rows.len(), answer.rows.len());
    if wanted != found {
        let rows = if wanted == 1 { "row" } else { "rows" };
        problem = problem.note(format!("expected {wanted} {rows}, found {found}"));
    }
    if is_reordered(expected, answer) {
        problem = problem
            .note("the same rows come in another order")
            .help("put the rows of the file into the order of the query, or correct its ORDER BY");
    }
    Some(match changes.len() {
        1 => problem,
        _ => problem.note(side_by_side(&changes, expected, answer, prefixes)),
    })
}

/// Says what to write instead of a value that is not valid, as spreadsheets change dates.
fn changed_by_spreadsheet(
    wanted: &[Option<Term>],
    found: &[Option<Term>],
    answer: &Expected,
    prefixes: &Prefixes,
) -> Option<String> {
    let pairs = wanted.iter().zip(found).enumerate();
    pairs.into_iter().find_map(|(column, pair)| match pair {
        // A cell with quotation marks was written without quotation marks of its own.
        (Some(Term::Literal(wanted)), Some(found))
            if ["\"^^", "\"@"].iter().any(|mark| wanted.value().contains(mark)) =>
        {
            let cell = prefixes.show_term(found).replace('"', "\"\"");
            Some(format!("write the cell as `\"{cell}\"`: CSV doubles the marks in it"))
        }
        (Some(Term::Literal(wanted)), Some(Term::Literal(found)))
            if DATES.contains(&found.datatype())
                && wanted.value() != found.value()
                && is_date_for_people(wanted.value(), found) =>
        {
            let typed = if wanted.datatype() == found.datatype() {
                String::new()
            } else {
                let datatype = prefixes.show(&found.datatype().into_owned());
                format!(" in a column `{}^^{datatype}`", answer.variables[column])
            };
            let (wanted, found) = (wanted.value(), found.value());
            Some(format!("write `{found}`{typed}: a spreadsheet may have changed it to `{wanted}`"))
        }
        (Some(Term::Literal(wanted)), Some(Term::Literal(found)))
            if wanted != found
                && wanted.datatype() == found.datatype()
                && lexical_form(wanted).is_err()
                && lexical_form(found).is_ok() =>
        {
            let (wanted, found) = (wanted.value(), found.value());
            Some(format!(
                "`{wanted}` is not a value of this type: a spreadsheet may have changed `{found}`"
            ))
        }
        _ => None,
    })
}

/// Returns whether a text can be a date as people and spreadsheets write it: `May 1874` or `May-74` for `1874-05`,
/// `12/03/1902` for `1902-03-12`.
fn is_date_for_people(text: &str, date: &Literal) -> bool {
    let written = WrittenFigure::of(text).and_then(|figure| figure.literal(date.datatype()));
    if written.is_some_and(|written| written == *date) {
        return true;
    }
    let date = date.value();
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).collect();
    let year = date.split('-').next().unwrap_or_default();
    let is_year = |part: &&str| part.len() >= 2 && year.ends_with(part);
    (2..=3).contains(&parts.len()) && !text.starts_with(year) && parts.iter().any(is_year)
}

/// Says what the columns are called, if those of the expected answer only differ in their case or their order.
fn renamed_columns(expected: &Expected, answer: &Expected, prefixes: &Prefixes) -> Option<String> {
    let sorted = |names: &[String]| {
        let mut names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        names.sort_unstable();
        names
    };
    let (wanted, found) = (&expected.variables, &answer.variables);
    let are_alike = wanted.len() == found.len()
        && wanted.iter().zip(found).all(|(one, other)| one.eq_ignore_ascii_case(other));
    let marked = |name: &&String| name.starts_with(['?', '$']);
    if are_alike {
        let names = found.join("`, `");
        return Some(format!("write the names as SELECT does, with the same case: `{names}`"));
    }
    if wanted.iter().any(|name| marked(&name)) {
        return Some("write the names of the variables without `?`".to_owned());
    }
    if wanted.iter().all(|name| !found.iter().any(|known| known.eq_ignore_ascii_case(name))) {
        let names = answer.first_line(prefixes);
        return Some(format!(
            "if line 1 is a row of the answer, write the names of the columns above it: `{names}`"
        ));
    }
    (sorted(wanted) == sorted(found)).then(|| {
        let names = found.join("`, `");
        format!("put the columns into the order of SELECT: `{names}`")
    })
}

/// Returns whether both answers have the same rows, in another order.
fn is_reordered(expected: &Expected, answer: &Expected) -> bool {
    let sorted = |rows: &[AnswerRow]| {
        let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
        rows.sort_unstable();
        rows
    };
    expected.rows.len() == answer.rows.len() && sorted(&expected.rows) == sorted(&answer.rows)
}

/// The values of a row.
type AnswerRow = Vec<Option<Term>>;

/// The numbers of a row in the expected and in the actual answer: both if it changed, else one.
type RowChange = (Option<usize>, Option<usize>);

/// Returns the rows that differ, in order. Rows that are in both answers are aligned first.
fn row_changes(expected: &[AnswerRow], answer: &[AnswerRow]) -> Vec<RowChange> {
    let mut input = InternedInput::default();
    input.update_before(expected.iter().map(Vec::as_slice));
    input.update_after(answer.iter().map(Vec::as_slice));
    let mut changes = Vec::new();
    for hunk in Diff::compute(Algorithm::Myers, &input).hunks() {
        let (mut old, mut new) =
            (hunk.before.map(|row| row as usize), hunk.after.map(|row| row as usize));
        changes.extend((0..old.len().max(new.len())).map(|_| (old.next(), new.next())));
    }
    changes
}

/// Returns a table of the rows that differ, the expected ones to the left.
fn side_by_side(
    changes: &[RowChange],
    expected: &Expected,
    answer: &Expected,
    prefixes: &Prefixes,
) -> String {
    let cell = |row: Option<usize>, rows: &[AnswerRow]| match row {
        Some(row) => clipped(&shown(&rows[row], prefixes)),
        None => "-".to_owned(),
    };
    let pairs: Vec<(String, String)> = changes
        .iter()
        .take(MOST_ROWS)
        .map(|(wanted, found)| (cell(*wanted, &expected.rows), cell(*found, &answer.rows)))
        .collect();
    let header = ("expected".to_owned(), "found".to_owned());
    let width = pairs.iter().chain([&header]).map(|(wanted, _)| wanted.width()).max().unwrap_or(0);
    let mut lines: Vec<String> = [&header]
        .into_iter()
        .chain(&pairs)
        .map(|(wanted, found)| format!("{wanted}{} | {found}", " ".repeat(width - wanted.width())))
        .collect();
    if let Some(more) = changes.len().checked_sub(MOST_ROWS).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

/// Returns the advice for a column whose values differ only in their datatype.
fn mistyped_column(
    changes: &[RowChange],
    expected: &Expected,
    answer: &Expected,
    prefixes: &Prefixes,
) -> Option<String> {
    changes.iter().find_map(|change| {
        let (Some(wanted), Some(found)) = change else { return None };
        let cells = expected.rows[*wanted].iter().zip(&answer.rows[*found]);
        cells.zip(&answer.variables).enumerate().find_map(|(column, (cells, variable))| {
            let (Some(Term::Literal(wanted)), Some(Term::Literal(found))) = cells else {
                return None;
            };
            if wanted == found || wanted.value() != found.value() {
                return None;
            }
            let types = answer.rows.iter().filter_map(|row| match row.get(column) {
                Some(Some(Term::Literal(literal))) => {
                    Some((literal.datatype(), literal.language()))
                }
                _ => None,
            });
            if types.collect::<BTreeSet<_>>().len() > 1 {
                let cell = prefixes.show_term(&found.clone().into()).replace('"', "\"\"");
                return Some(format!(
                    "the type of `{variable}` differs, and the column has several types: \
                     give the type in each cell, such as `\"{cell}\"`"
                ));
            }
            let header = match found.language() {
                Some(tag) => format!("{variable}@{tag}"),
                None => {
                    let datatype = prefixes.show(&found.datatype().into_owned());
                    format!("{variable}^^{datatype}")
                }
            };
            Some(format!("the type of `{variable}` differs: its column is called `{header}`"))
        })
    })
}

/// Shortens a text in the middle of a table.
fn clipped(text: &str) -> String {
    if text.width() <= WIDEST {
        return text.to_owned();
    }
    let mut width = 0;
    let start = text.chars().take_while(|c| {
        width += unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
        width < WIDEST
    });
    format!("{}…", start.collect::<String>())
}

/// Returns the values of a row as a text.
fn shown(row: &AnswerRow, prefixes: &Prefixes) -> String {
    let cells = row.iter().map(|cell| match cell {
        Some(term) => prefixes.show_term(term),
        None => "nothing".to_owned(),
    });
    cells.collect::<Vec<_>>().join(", ")
}
