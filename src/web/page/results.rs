//! The answer of a query: rows, yes or no, or triples, each with the marks of its footnotes.

use super::message::messages;
use super::notes::{footnotes, mark};
use super::term::{PageTerms, TermLabels};
use crate::answer::write::{FootnoteNumbers, Mark, ResolvedCitation, resolve};
use crate::answer::{Answer, Form, Row, WholeGraph};
use crate::catalogue::BoundQuery;
use crate::cite::{Citation, CitationOptions};
use crate::claim::Reference;
use crate::diagnostic::{Diagnostic, Error, Result};
use crate::format::ResultFormat;
use crate::session::Session;
use crate::web::site::{MOST_ROWS, Site};
use crate::wording::{EmptyAnswer, counted, warning_in_words};
use maud::{Markup, html};
use oxigraph::model::{NamedNode, Term, Triple};
use oxigraph::sparql::{QuerySolution, Variable};
use std::sync::Arc;

/// The most warnings of a page: nobody reads more.
const MOST_WARNINGS: usize = 20;

/// An answer with its footnotes, and what there is to say about it.
pub(super) struct Results {
    found: Found,
    numbers: FootnoteNumbers,
    /// Likely mistakes in the query.
    warnings: Vec<Diagnostic>,
    /// Why there is nothing.
    reasons: Vec<Diagnostic>,
    /// Whether there are results beyond the last one.
    has_more: bool,
    /// Why the rest is missing.
    stopped: Option<Error>,
}

enum Found {
    Rows(Vec<Variable>, Vec<(QuerySolution, Option<Mark>)>),
    Boolean(bool, Option<Mark>),
    Triples(Vec<(Triple, Option<Mark>)>),
}

impl Results {
    /// Asks a query, and reads the answer.
    ///
    /// # Errors
    /// Fails if the query cannot be evaluated, or is stopped before there is a result.
    pub(super) fn read(session: &Session, query: &BoundQuery) -> Result<Self> {
        // What fails here fails again when the query is asked, and is told then.
        let warnings = session.warnings(query).unwrap_or_default();
        let mut answer =
            session.answer(query, Some(MOST_ROWS), Some(CitationOptions::default()))?;
        let nothing = answer.nothing(&query.query);
        let mut results = Self::of(session, answer)?;
        if let Some(nothing) = nothing {
            let empty = EmptyAnswer::diagnose(session, query, nothing);
            results.reasons = empty.in_words(session, query, &warnings);
        }
        let words = |warning| warning_in_words(session, query, warning);
        results.warnings = warnings.iter().take(MOST_WARNINGS).map(words).collect();
        Ok(results)
    }

    fn of(session: &Session, answer: Answer) -> Result<Self> {
        let mut numbers = FootnoteNumbers::default();
        let references = |graph: &NamedNode| session.reference(graph);
        let (mut has_more, mut stopped) = (false, None);
        let found = match answer.form {
            Form::Rows(mut rows) => {
                let variables = rows.variables().to_vec();
                let mut read: Vec<Row> = Vec::new();
                for row in rows.by_ref() {
                    match row {
                        Ok(row) => read.push(row),
                        Err(error) if error.kind.is_stop() && !read.is_empty() => {
                            stopped = Some(error);
                        }
                        Err(error) => return Err(error),
                    }
                }
                has_more = rows.has_more();
                let cited = resolve(read, &references)?.into_iter().map(|row| {
                    let mark = row.citation.as_ref().map(|citation| numbers.mark(citation));
                    (row.solution, mark)
                });
                Found::Rows(variables, cited.collect())
            }
            Form::Boolean(value, citation) => {
                let mark = match citation {
                    Some(citation) => Some(marked(&mut numbers, citation, &references)?),
                    None => None,
                };
                Found::Boolean(value, mark)
            }
            Form::Graph(graph) => {
                let whole = graph.read()?;
                let WholeGraph { triples, citations, .. } = whole;
                (has_more, stopped) = (whole.has_more, whole.stopped);
                let mut citations = citations.unwrap_or_default().into_iter();
                let mut all = Vec::with_capacity(triples.len());
                for triple in triples {
                    let citation = citations.next();
                    let mark = citation.map(|one| marked(&mut numbers, one, &references));
                    all.push((triple, mark.transpose()?));
                }
                Found::Triples(all)
            }
        };
        let (warnings, reasons) = (Vec::new(), Vec::new());
        Ok(Self { found, numbers, warnings, reasons, has_more, stopped })
    }

    /// Writes the answer.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(super) fn write(&self, site: &Site) -> Result<Markup> {
        let labels = self.labels(&site.session)?;
        let properties = match &self.found {
            Found::Triples(triples) => {
                triples.iter().map(|(triple, _)| &triple.predicate).collect()
            }
            Found::Rows(..) | Found::Boolean(..) => Vec::new(),
        };
        let terms = PageTerms::new(site, &labels, properties)?;
        Ok(html! {
            section class="answer" aria-labelledby="answer" {
                h2 id="answer" { "Answer" }
                (messages(&self.warnings))
                (self.summary())
                @match &self.found {
                    Found::Rows(_, rows) if rows.is_empty() => {}
                    Found::Rows(variables, rows) => (table(variables, rows, &terms)),
                    Found::Boolean(value, marks) => p class="verdict" {
                        strong { @if *value { "Yes" } @else { "No" } }
                        @if let Some(marks) = marks { " " (mark(marks)) }
                    },
                    Found::Triples(triples) if triples.is_empty() => {}
                    Found::Triples(triples) => (statements(triples, &terms)),
                }
                (messages(&self.reasons))
            }
            (footnotes(site, &self.numbers))
        })
    }

    /// Writes how much there is.
    fn summary(&self) -> Markup {
        let (count, noun) = match &self.found {
            Found::Rows(_, rows) => (rows.len(), "row"),
            Found::Triples(triples) => (triples.len(), "triple"),
            Found::Boolean(..) => return Markup::default(),
        };
        html! {
            @if let Some(stopped) = &self.stopped {
                (messages(&stopped.problems))
                p class="count" { "Incomplete: the first " (counted(count, noun)) }
            } @else if self.has_more {
                p class="count" { "The first " (counted(count, noun)) "; there are more" }
            } @else if count > 0 || self.reasons.is_empty() {
                p class="count" { (counted(count, noun)) }
            }
        }
    }

    fn labels(&self, session: &Session) -> Result<TermLabels> {
        match &self.found {
            Found::Rows(_, rows) => TermLabels::of(
                session,
                rows.iter().flat_map(|(row, _)| row.values().iter().flatten()),
            ),
            Found::Triples(triples) => {
                TermLabels::of_triples(session, triples.iter().map(|(triple, _)| triple), [])
            }
            Found::Boolean(..) => TermLabels::of(session, []),
        }
    }
}

/// Numbers the claims of a citation.
fn marked(
    numbers: &mut FootnoteNumbers,
    citation: Citation,
    references: &(dyn Fn(&NamedNode) -> Result<Arc<Reference>> + Sync),
) -> Result<Mark> {
    let cited = ResolvedCitation::new(ResultFormat::Table, citation, references)?;
    Ok(numbers.mark(&cited))
}

/// Writes rows as a table.
fn table(
    variables: &[Variable],
    rows: &[(QuerySolution, Option<Mark>)],
    terms: &PageTerms<'_>,
) -> Markup {
    html! {
        div class="scroller" tabindex="0" role="region" aria-label="Table" {
            table {
                thead {
                    tr {
                        @for variable in variables { th scope="col" { (variable.as_str()) } }
                        th scope="col" class="cited" { "Sources" }
                    }
                }
                tbody {
                    @for (row, marks) in rows {
                        tr {
                            @for value in row.values() { td { (cell(value.as_ref(), terms)) } }
                            td class="cited" { @if let Some(marks) = marks { (mark(marks)) } }
                        }
                    }
                }
            }
        }
    }
}

fn cell(value: Option<&Term>, terms: &PageTerms<'_>) -> Markup {
    match value {
        Some(value) => terms.term(value),
        None => html! { span class="unseen" { "no value" } },
    }
}

/// Writes triples as a table.
fn statements(triples: &[(Triple, Option<Mark>)], terms: &PageTerms<'_>) -> Markup {
    html! {
        div class="scroller" tabindex="0" role="region" aria-label="Table" {
            table {
                thead {
                    tr {
                        th scope="col" { "Subject" }
                        th scope="col" { "Property" }
                        th scope="col" { "Value" }
                        th scope="col" class="cited" { "Sources" }
                    }
                }
                tbody {
                    @for (triple, marks) in triples {
                        tr {
                            td { (terms.term(&triple.subject.clone().into())) }
                            td { (terms.property(&triple.predicate)) }
                            td { (terms.term(&triple.object)) }
                            td class="cited" { @if let Some(marks) = marks { (mark(marks)) } }
                        }
                    }
                }
            }
        }
    }
}
