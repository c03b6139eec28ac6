//! The answer of a query as a result: a page of rows with their footnotes, or why there is nothing.

use super::call::ToolResult;
use super::doubts::{claims_of, doubts_in_words};
use super::structured;
use super::text::{MOST_BYTES, MOST_ROWS, all_in_words, bounded};
use crate::answer::write::{
    Head, Naming, ResolvedCitation, Style, Terms, Verdict, write_boolean, write_rows,
};
use crate::answer::{Answer, Form, Nothing, Row};
use crate::catalogue::BoundQuery;
use crate::check::SharedDoubts;
use crate::cite::{CitationOptions, Status};
use crate::diagnostic::{Error, Result, WriteError};
use crate::format::ResultFormat;
use crate::session::{Session, iris_in, solutions_of};
use crate::vocabulary::Labels;
use crate::wording::{EmptyAnswer, counted, counted_are, warning_in_words};
use oxigraph::model::{Literal, NamedNode, Term};
use oxigraph::sparql::{QuerySolution, Variable};
use std::sync::Arc;

/// How far rows are counted: to count all of them could take long.
const MOST_COUNTED: usize = 1_000;

/// The most warnings of a result: nobody reads more.
const MOST_WARNINGS: usize = 5;

/// The longest text of a cell, in characters.
const LONGEST_CELL: usize = 1_000;

/// Which rows of an answer are wanted, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The number of rows before the first one.
    pub after: usize,
    /// The name of the parameter for that.
    pub parameter: &'a str,
    /// Whether the result has a structured form, too.
    pub is_structured: bool,
    /// What the dossier's check queries doubt.
    pub doubts: &'a SharedDoubts,
}

/// Some rows of an answer.
pub(super) struct Page {
    pub variables: Vec<Variable>,
    pub rows: Vec<Row>,
    /// The number of rows before them.
    pub after: usize,
    /// The number of all rows, if they were counted to their end.
    pub total: Option<usize>,
    /// Why the others are missing, if the query was stopped.
    pub stopped: Option<Error>,
}

/// Answers a query.
///
/// # Errors
/// Fails if the query cannot be evaluated, or is stopped before there is a row.
pub(super) fn answer(
    session: &Session,
    query: &BoundQuery,
    wanted: Wanted<'_>,
) -> Result<ToolResult> {
    // What fails here fails again when the query is asked, and is told then.
    let warnings = session.warnings(query).unwrap_or_default();
    let most = MOST_COUNTED.max(wanted.after + MOST_ROWS);
    let mut answer = session.answer(query, Some(most), Some(CitationOptions::default()))?;
    let nothing = answer.nothing(&query.query);
    let words = |warning| warning_in_words(session, query, warning);
    let warned: Vec<_> = warnings.iter().take(MOST_WARNINGS).map(words).collect();
    let mut before = all_in_words(&warned);
    if !before.is_empty() {
        before.push_str("\n\n");
    }
    let reasons = nothing.map(|nothing| {
        let empty = EmptyAnswer::diagnose(session, query, nothing);
        all_in_words(&empty.in_words(session, query, &warnings))
    });
    let is_empty = nothing.is_some_and(Nothing::is_empty);
    let (text, structured) = match (answer, reasons) {
        (Answer { form: Form::Boolean(value, citation), .. }, reasons) => {
            let doubts = doubts_in_words(session, wanted.doubts, &claims_of(&citation));
            let mut text = boolean(session, value, citation)?;
            if let Some(reasons) = reasons {
                text.push_str(&format!("\n{reasons}\n"));
            }
            text.push_str(&doubts);
            (text, wanted.is_structured.then(|| structured::boolean(value, &doubts)))
        }
        (answer, Some(reasons)) if is_empty => {
            let variables = answer.rows().map(|rows| rows.variables().to_vec());
            let advice = "Do not guess: say that the dossier has no answer, or ask differently.";
            let reasons = if reasons.is_empty() { "no rows".to_owned() } else { reasons };
            let page = Page::empty(variables.unwrap_or_default());
            let text = format!("Nothing was found.\n\n{reasons}\n\n{advice}\n");
            let structured = wanted
                .is_structured
                .then(|| structured::rows(session, &page, &text))
                .transpose()?;
            (text, structured)
        }
        (answer, reasons) => {
            let page = read(answer.form, wanted.after)?;
            let (mut text, shown) = written(session, &page, wanted.parameter)?;
            if let Some(reasons) = reasons.filter(|reasons| !reasons.is_empty()) {
                text.push_str(&format!("\n{reasons}\n"));
            }
            let page = page.first(shown);
            let cited = page.rows.iter().filter_map(|row| row.citation.as_ref());
            let doubts = doubts_in_words(session, wanted.doubts, &claims_of(cited));
            text.push_str(&doubts);
            let structured = wanted
                .is_structured
                .then(|| structured::rows(session, &page, &format!("{before}{doubts}")))
                .transpose()?;
            (text, structured)
        }
    };
    Ok(ToolResult { text: bounded(before + &text), is_error: false, structured })
}

/// Reads a page of rows; of a graph, its triples as rows.
fn read(form: Form, after: usize) -> Result<Page> {
    let (mut rows, mut stopped) = (Vec::new(), None);
    let (variables, total) = match form {
        Form::Rows(mut all) => {
            let variables = all.variables().to_vec();
            let total = all.counted();
            for row in all.by_ref().skip(after).take(MOST_ROWS) {
                match row {
                    Ok(row) => rows.push(shortened(row)),
                    Err(error) if error.kind.is_stop() && !rows.is_empty() => stopped = Some(error),
                    Err(error) => return Err(error),
                }
            }
            (variables, total)
        }
        Form::Graph(graph) => {
            let whole = graph.read()?;
            let variables = ["subject", "property", "value"].map(Variable::new_unchecked).to_vec();
            let total = (!whole.has_more && whole.stopped.is_none()).then_some(whole.triples.len());
            let mut citations = whole.citations.into_iter().flatten();
            let all = solutions_of(&whole.triples, &variables).into_iter();
            let all = all.map(|solution| Row { solution, citation: citations.next() });
            rows.extend(all.skip(after).take(MOST_ROWS).map(shortened));
            stopped = whole.stopped;
            (variables, total)
        }
        Form::Boolean(..) => (Vec::new(), Some(0)),
    };
    Ok(Page { variables, rows, after, total, stopped })
}

impl Page {
    const fn empty(variables: Vec<Variable>) -> Self {
        Self { variables, rows: Vec::new(), after: 0, total: Some(0), stopped: None }
    }

    /// Returns the page with its first rows only.
    fn first(mut self, count: usize) -> Self {
        self.rows.truncate(count);
        self
    }

    /// Returns the number of rows up to the last one.
    pub(super) fn end(&self) -> usize {
        self.after + self.rows.len()
    }

    /// Returns whether there are rows behind the last one.
    pub(super) fn has_more(&self) -> bool {
        self.total.is_none_or(|total| total > self.end())
    }

    /// Says how many rows there are, and how to get the others.
    fn summary(&self, count: usize, parameter: &str) -> String {
        let end = self.after + count;
        if let Some(stopped) = &self.stopped {
            let why = all_in_words(&stopped.problems);
            return format!(
                "Incomplete: only the first {} before this:\n{why}",
                counted(end, "row")
            );
        }
        let total = match self.total {
            Some(total) if self.after == 0 && total == count => {
                return format!("{}.", counted(count, "row"));
            }
            Some(total) if count == 0 => {
                return format!("There are only {}.", counted(total, "row"));
            }
            Some(total) => total.to_string(),
            None => format!("more than {}", MOST_COUNTED.max(self.after + MOST_ROWS)),
        };
        let next = if self.total == Some(end) {
            String::new()
        } else {
            format!(" Call again with `{parameter}: {end}` for the next ones.")
        };
        format!("Rows {} to {end} of {total}.{next}", self.after + 1)
    }
}

/// Writes a page, with as many rows as fit. Returns their number, too.
fn written(session: &Session, page: &Page, parameter: &str) -> Result<(String, usize)> {
    let naming_session = session.for_naming();
    let labels = naming_session.labels(iris_in(page.rows.iter().map(|row| &row.solution)))?;
    let naming = Naming { terms: Terms::Label, prefixes: session.prefixes(), labels: &labels };
    let references = |graph: &NamedNode| naming_session.reference(graph);
    let is_cited = page.rows.iter().any(|row| row.citation.is_some());
    let head = Head { variables: &page.variables, is_cited, diagnosis: None };
    let mut count = page.rows.len();
    loop {
        let rows = page.rows[..count].iter().map(|row| {
            let solution = with_values(&row.solution, row.solution.values().to_vec());
            Ok(Row { solution, citation: row.citation.clone() })
        });
        let mut out = Vec::new();
        write_rows(ResultFormat::Markdown, head, rows, Style::new(naming), &references, &mut out)
            .map_err(not_io)?;
        let mut text = page.summary(count, parameter);
        if count > 0 {
            text.push_str("\n\n");
            text.push_str(String::from_utf8_lossy(&out).trim_end());
            text.push('\n');
            text.push_str(&weaknesses(&page.rows[..count]));
        } else {
            text.push('\n');
        }
        if text.len() < MOST_BYTES - 2_000 || count <= 1 {
            return Ok((text, count));
        }
        count = (count * (MOST_BYTES - 3_000) / text.len()).clamp(1, count - 1);
    }
}

/// Says how many rows rest on less than claims.
fn weaknesses(rows: &[Row]) -> String {
    let count = |is_it: fn(&Status) -> bool| {
        let citations = rows.iter().filter_map(|row| row.citation.as_ref());
        citations.filter(|citation| is_it(&citation.status)).count()
    };
    let mut text = String::new();
    for (count, words) in [
        (
            count(|status| matches!(status, Status::Uncited(_))),
            "uncited: no claim was found for what they say",
        ),
        (
            count(|status| matches!(status, Status::Partial(_))),
            "cited in part: something in them rests on no claim",
        ),
        (
            count(
                |status| matches!(status, Status::Unverified(reason) if *reason != crate::cite::Reason::NotAsked),
            ),
            "unverified: their claims were not shown to be enough",
        ),
    ] {
        if count > 0 {
            text.push_str(&format!("\n{} {words}.\n", counted_are(count, "row")));
        }
    }
    text
}

fn boolean(
    session: &Session,
    value: bool,
    citation: Option<crate::cite::Citation>,
) -> Result<String> {
    let labels = Labels::default();
    let naming = Naming { terms: Terms::Label, prefixes: session.prefixes(), labels: &labels };
    let references = |graph: &NamedNode| session.reference(graph);
    let resolve = |citation| ResolvedCitation::new(ResultFormat::Markdown, citation, &references);
    let verdict = Verdict { value, citation: citation.map(resolve).transpose()?, diagnosis: None };
    let mut out = Vec::new();
    write_boolean(ResultFormat::Markdown, verdict, Style::new(naming), &mut out).map_err(not_io)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Returns a row whose long texts are cut.
fn shortened(row: Row) -> Row {
    let is_long = |value: &Option<Term>| match value {
        Some(Term::Literal(literal)) => literal.value().len() > LONGEST_CELL,
        _ => false,
    };
    if !row.solution.values().iter().any(is_long) {
        return row;
    }
    let cut = |value: &Option<Term>| match value {
        Some(Term::Literal(literal)) if is_long(value) => {
            let words = super::text::abridged(literal.value(), LONGEST_CELL);
            let words = format!("{words} (cut: {} characters)", literal.value().chars().count());
            Some(Literal::new_simple_literal(words).into())
        }
        other => other.clone(),
    };
    let values = row.solution.values().iter().map(cut).collect();
    Row { solution: with_values(&row.solution, values), citation: row.citation }
}

/// Returns a solution of the same variables.
fn with_values(solution: &QuerySolution, values: Vec<Option<Term>>) -> QuerySolution {
    let variables: Arc<[Variable]> = solution.variables().into();
    QuerySolution::from((variables, values))
}

/// Returns the error of a writer that writes to memory.
pub(super) fn not_io(error: WriteError) -> Error {
    match error {
        WriteError::Failed(error) => error,
        WriteError::Io(error) => crate::diagnostic::Diagnostic::new(error.to_string()).store(),
    }
}
