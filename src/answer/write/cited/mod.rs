//! Writing answers with what they rest on. The values look as they do without citations.

mod absences;
mod footnotes;
mod json;

pub use absences::Absences;

use super::for_people::Cells;
use super::naming::Naming;
use super::{WriteError, w3c};
use crate::cite::{Citation, Derivation, Evidence};
use crate::diagnose::Diagnosis;
use crate::diagnostic::error;
use crate::error::Result;
use crate::format::ResultFormat;
use crate::vocabulary::Prefixes;
use crate::whole::WriteWhole;
use absences::absent;
use footnotes::{Footnotes, Style};

use oxigraph::model::{Literal, NamedNode, Term};
use oxigraph::sparql::{QuerySolution, Variable};
use std::io::{self, Write};
use std::sync::Arc;

/// A solution and what it rests on.
pub type CitedRow = (QuerySolution, Citation);

/// What is known of a graph that is cited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// What it quotes, if it is a claim.
    pub evidence: Option<Evidence>,
    /// What it is called.
    pub label: Option<String>,
}

/// Tells what is known of a graph.
pub type EvidenceOf<'a> = dyn Fn(&NamedNode) -> Result<Arc<Described>> + Sync + 'a;

/// Writes solutions and what each of them rests on, and tells how many they were.
///
/// # Errors
/// If the format cannot hold citations, the writer fails or a solution is an error.
pub fn write_cited_solutions(
    format: ResultFormat,
    variables: &[Variable],
    rows: impl Iterator<Item = Result<CitedRow>>,
    naming: &Naming<'_>,
    evidence_of: &EvidenceOf<'_>,
    width: Option<u16>,
    out: &mut dyn WriteWhole,
) -> Result<usize, WriteError> {
    let mut count = 0;
    let rows = rows.inspect(|row| count += usize::from(row.is_ok()));
    let context = json::Context { prefixes: naming.prefixes, evidence_of, diagnosis: None };
    match format {
        ResultFormat::Json => json::write_rows(variables, rows, context, out)?,
        ResultFormat::JsonLines => json::write_lines(rows, context, out)?,
        ResultFormat::Csv | ResultFormat::Tsv => {
            let variables = with_citations(variables);
            let shared: Arc<[Variable]> = variables.clone().into();
            let rows = rows.map(|row| {
                let (solution, citation) = row?;
                let mut values = solution.values().to_vec();
                let words = citation_words(&citation, naming.prefixes);
                values.push(Some(Term::from(Literal::new_simple_literal(words))));
                Ok(QuerySolution::from((Arc::clone(&shared), values)))
            });
            w3c::write(format, &variables, rows, out)?;
        }
        ResultFormat::Table | ResultFormat::Markdown => {
            let rows = rows.collect::<Result<Vec<_>>>()?;
            let mut tables = CitedTables::new(format, *naming, evidence_of, width);
            tables.table(variables, rows, out)?;
            tables.finish(out)?;
        }
        ResultFormat::Xml => return Err(no_citations(format).into()),
    }
    Ok(count)
}

/// Tables for people that share their footnotes.
pub struct CitedTables<'a> {
    format: ResultFormat,
    naming: Naming<'a>,
    width: Option<u16>,
    footnotes: Footnotes<'a>,
}

impl<'a> CitedTables<'a> {
    /// No tables yet, for a terminal or for Markdown.
    pub fn new(
        format: ResultFormat,
        naming: Naming<'a>,
        evidence_of: &'a EvidenceOf<'a>,
        width: Option<u16>,
    ) -> Self {
        let footnotes = Footnotes::new(style_of(format), naming.prefixes, evidence_of);
        Self { format, naming, width, footnotes }
    }

    /// Writes a table, in which a column more refers to the footnotes.
    ///
    /// # Errors
    /// If the writer or the store fails.
    pub fn table(
        &mut self,
        variables: &[Variable],
        rows: Vec<CitedRow>,
        out: &mut dyn Write,
    ) -> Result<(), WriteError> {
        let (solutions, citations): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let marks = citations.iter().map(|citation| self.footnotes.mark(citation));
        let marks = marks.collect::<Result<Vec<_>>>()?;
        let mut cells = Cells::of(variables, &solutions, &self.naming, self.format);
        cells.add_column(&no_variable("cited", variables), marks);
        Ok(cells.write(self.width, out)?)
    }

    /// Writes the footnotes.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        self.footnotes.write(self.width, out)
    }
}

/// Writes the answer of an ASK and what it rests on.
///
/// # Errors
/// If the format cannot hold citations or the writer fails.
pub fn write_cited_boolean(
    format: ResultFormat,
    value: bool,
    citation: &Citation,
    prefixes: &Prefixes,
    evidence_of: &EvidenceOf<'_>,
    width: Option<u16>,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    let context = json::Context { prefixes, evidence_of, diagnosis: None };
    match format {
        ResultFormat::Json => json::write_boolean(value, citation, context, out),
        ResultFormat::JsonLines => json::write_boolean_line(value, citation, context, out),
        ResultFormat::Csv | ResultFormat::Tsv => {
            let variables = with_citations(&[Variable::new_unchecked("boolean")]);
            let words = citation_words(citation, prefixes);
            let values: Vec<Option<Term>> = vec![
                Some(Literal::from(value).into()),
                Some(Literal::new_simple_literal(words).into()),
            ];
            let row = QuerySolution::from((variables.clone(), values));
            w3c::write(format, &variables, std::iter::once(Ok(row)), out)
        }
        ResultFormat::Table | ResultFormat::Markdown => {
            let mut footnotes = Footnotes::new(style_of(format), prefixes, evidence_of);
            let mark = footnotes.mark(citation)?;
            let word = if value { "yes" } else { "no" };
            match format {
                ResultFormat::Markdown => writeln!(out, "**{word}** {mark}")?,
                _ => writeln!(out, "{word}  [{mark}]")?,
            }
            Ok(footnotes.write(width, out)?)
        }
        ResultFormat::Xml => Err(no_citations(format).into()),
    }
}

/// Writes rows in JSON with what they rest on, and the reason why they are none, or counts of nothing.
///
/// # Errors
/// If the writer or the store fails.
pub fn write_cited_diagnosed(
    variables: &[Variable],
    rows: Vec<CitedRow>,
    diagnosis: &Diagnosis,
    prefixes: &Prefixes,
    evidence_of: &EvidenceOf<'_>,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    let context = json::Context { prefixes, evidence_of, diagnosis: Some(diagnosis) };
    json::write_rows(variables, rows.into_iter().map(Ok), context, out)
}

/// Writes a no in JSON with what it rests on, and the reason.
///
/// # Errors
/// If the writer or the store fails.
pub fn write_cited_diagnosed_no(
    citation: &Citation,
    diagnosis: &Diagnosis,
    prefixes: &Prefixes,
    evidence_of: &EvidenceOf<'_>,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    let context = json::Context { prefixes, evidence_of, diagnosis: Some(diagnosis) };
    json::write_boolean(false, citation, context, out)
}

/// Whether a format of results can hold citations.
///
/// # Errors
/// If it cannot.
pub fn check_citable(format: ResultFormat) -> Result<()> {
    if format == ResultFormat::Xml { Err(no_citations(format)) } else { Ok(()) }
}

fn no_citations(format: ResultFormat) -> crate::error::Error {
    error!("format-without-citations", "`{}` cannot hold citations", format.name())
        .help("use one of table, csv, tsv, json, markdown, jsonl with `--cite`")
        .usage()
}

const fn style_of(format: ResultFormat) -> Style {
    match format {
        ResultFormat::Markdown => Style::Markdown,
        _ => Style::Plain,
    }
}

/// The variables, and one more for the citations.
fn with_citations(variables: &[Variable]) -> Vec<Variable> {
    let name = no_variable("citations", variables);
    variables.iter().cloned().chain([Variable::new_unchecked(name)]).collect()
}

/// A name that no variable has: this one, with as many `_` behind it as that takes.
fn no_variable(name: &str, variables: &[Variable]) -> String {
    let mut name = name.to_owned();
    while variables.iter().any(|variable| variable.as_str() == name) {
        name.push('_');
    }
    name
}

/// A citation as one word for programs: claims as CURIEs, `+` for "and", `|` for "or", and `-{…}` for what nothing
/// matches; `…` at the end if there may be more ways to obtain it. Empty: uncited.
pub fn citation_words(citation: &Citation, prefixes: &Prefixes) -> String {
    let mut ways: Vec<String> =
        citation.derivations.iter().map(|way| derivation_words(way, prefixes)).collect();
    if citation.has_more && !ways.is_empty() {
        ways.push("…".to_owned());
    }
    ways.join("|")
}

/// Whether nothing but background supports it, and not nothing at all.
fn rests_on_background(derivation: &Derivation) -> bool {
    derivation.is_background() && !derivation.triples.is_empty()
}

fn derivation_words(derivation: &Derivation, prefixes: &Prefixes) -> String {
    let factors = derivation.factors();
    let is_alone = factors.len() == 1 && derivation.absences.is_empty();
    let factors: Vec<String> = factors
        .into_iter()
        .map(|graphs| {
            let names: Vec<String> = graphs.iter().map(|graph| prefixes.show(graph)).collect();
            let choice = names.join("|");
            if names.len() > 1 && !is_alone { format!("({choice})") } else { choice }
        })
        .collect();
    let is_background = rests_on_background(derivation);
    let mut words = if is_background { "background".to_owned() } else { factors.join("+") };
    for absence in &derivation.absences {
        words.push('-');
        words.push_str(&absent(absence, prefixes));
    }
    words
}
