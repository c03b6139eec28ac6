//! Writing rows and booleans, in each of the result formats. Where they come from is not known here.
//!
//! A format is a `ResultWriter`: a file of this folder, and a line in `writer_of`.

mod absences;
mod csv;
mod delimited;
mod footnotes;
mod json;
mod json_lines;
mod markup;
mod naming;
mod table;
mod terms;
mod words;
#[cfg_attr(not(feature = "xlsx"), path = "no_xlsx.rs")]
mod xlsx;
mod xml;

pub(crate) use absences::Absences;
pub(crate) use markup::escape_markdown;
pub(crate) use naming::IriNames;
pub use naming::{Naming, Terms};
pub(crate) use table::Tables;
pub(crate) use terms::TermJson;
pub use words::citation_words;

pub(crate) use crate::diagnostic::WriteError;

use super::Row;
use crate::cite::Citation;
use crate::claim::Reference;
use crate::diagnose::Diagnosis;
use crate::diagnostic::{Result, error};
use crate::format::ResultFormat;
use crate::parallel::in_parts;
use crate::write_whole::WriteWhole;
use oxigraph::model::NamedNode;
use oxigraph::sparql::{QuerySolution, Variable};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// What the rows of an answer have in common.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    /// The variables, in the order of the SELECT.
    pub variables: &'a [Variable],
    /// Whether each row has a citation.
    pub is_cited: bool,
    /// Why there are no rows, or counts of nothing.
    pub diagnosis: Option<&'a Diagnosis>,
}

/// How an answer is shown.
#[derive(Clone, Copy)]
pub struct Style<'a> {
    /// How terms are written for people.
    pub naming: Naming<'a>,
    /// How many columns a line of a terminal may have; none for as long as it gets.
    pub width: Option<u16>,
    /// What stands between the cells of CSV.
    pub delimiter: char,
}

impl<'a> Style<'a> {
    /// Returns a style in which terms have these names, lines are as long as they get, and CSV has commas.
    pub const fn new(naming: Naming<'a>) -> Self {
        Self { naming, width: None, delimiter: ',' }
    }
}

/// Tells what the citation of a graph refers to.
pub(crate) type References<'a> = dyn Fn(&NamedNode) -> Result<Arc<Reference>> + Sync + 'a;

/// A row as it is written: the solution, its citation, and the claims that the citation refers to.
#[derive(Debug)]
pub(crate) struct CitedRow {
    /// The solution.
    pub solution: QuerySolution,
    /// What it rests on, if that is shown.
    pub citation: Option<ResolvedCitation>,
}

/// A citation with the claims and graphs that it refers to.
#[derive(Debug, Clone)]
pub(crate) struct ResolvedCitation {
    /// The citation.
    pub citation: Citation,
    /// The graphs that it names, each once; empty if the format does not show them.
    pub references: Vec<Arc<Reference>>,
}

/// The answer of an ASK.
pub(crate) struct Verdict<'a> {
    /// Yes or no.
    pub value: bool,
    /// What it rests on, if that is shown.
    pub citation: Option<ResolvedCitation>,
    /// Why it is a no.
    pub diagnosis: Option<&'a Diagnosis>,
}

/// A format of results.
trait ResultWriter {
    /// Begins to write rows.
    fn rows<'a>(
        &self,
        head: Head<'a>,
        style: Style<'a>,
        out: &'a mut dyn WriteWhole,
    ) -> Result<Box<dyn RowWriter + 'a>, WriteError>;

    /// Writes a yes or a no.
    fn boolean(
        &self,
        verdict: Verdict<'_>,
        style: Style<'_>,
        out: &mut dyn WriteWhole,
    ) -> Result<(), WriteError>;

    /// What the format shows of citations.
    fn citing(&self) -> CitationDetail {
        CitationDetail::References
    }

    /// Checks that this program was built with the format.
    fn check_built(&self) -> Result<()> {
        Ok(())
    }
}

/// How much of its citations a format shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CitationDetail {
    /// It cannot hold them.
    Nothing,
    /// The names of the claims.
    Names,
    /// What the claims quote.
    References,
}

/// Writes rows, one after the other.
trait RowWriter {
    /// Writes a row, or keeps it to be written with others.
    fn row(&mut self, row: CitedRow) -> Result<(), WriteError>;

    /// Writes what comes after the last row.
    fn end(self: Box<Self>) -> Result<(), WriteError>;
}

fn writer_of(format: ResultFormat) -> &'static dyn ResultWriter {
    match format {
        ResultFormat::Table => &table::TERMINAL,
        ResultFormat::Markdown => &table::MARKDOWN,
        ResultFormat::Csv => &csv::CSV,
        ResultFormat::Tsv => &csv::TSV,
        ResultFormat::Json => &json::Json,
        ResultFormat::JsonLines => &json_lines::JsonLines,
        ResultFormat::Xml => &xml::Xml,
        ResultFormat::Xlsx => &xlsx::Xlsx,
    }
}

/// Writes rows, and tells how many they were.
///
/// `references` tells what is cited; of rows that are not it is asked nothing.
///
/// # Errors
/// If the format cannot hold citations that there are, the writer fails or a row is an error.
pub fn write_rows(
    format: ResultFormat,
    head: Head<'_>,
    rows: impl Iterator<Item = Result<Row>>,
    style: Style<'_>,
    references: &References<'_>,
    out: &mut dyn WriteWhole,
) -> Result<usize, WriteError> {
    if head.is_cited {
        check_citable(format)?;
    }
    let format = writer_of(format);
    let mut writer = format.rows(head, style, out)?;
    let mut count = 0;
    let mut rows = rows;
    if !head.is_cited {
        for row in rows {
            writer.row(CitedRow { solution: row?.solution, citation: None })?;
            count += 1;
        }
        writer.end()?;
        return Ok(count);
    }
    loop {
        // What comes before an error is written.
        let mut failed = None;
        let good = rows.by_ref().map_while(|row| row.map_err(|error| failed = Some(error)).ok());
        let some: Vec<Row> = good.take(ROWS_AT_ONCE).collect();
        let is_last = some.len() < ROWS_AT_ONCE;
        let shown = match format.citing() {
            CitationDetail::References => resolve(some, references)?,
            CitationDetail::Names | CitationDetail::Nothing => {
                some.into_iter().map(CitedRow::without_references).collect()
            }
        };
        for row in shown {
            writer.row(row)?;
            count += 1;
        }
        match failed {
            Some(error) => return Err(error.into()),
            None if is_last => break,
            None => {}
        }
    }
    writer.end()?;
    Ok(count)
}

/// How many cited rows are looked at together.
const ROWS_AT_ONCE: usize = 1024;

/// How many graphs are worth a thread.
const FEWEST: usize = 64;

/// Writes the answer of an ASK.
///
/// # Errors
/// If the format cannot hold a citation that there is, or the writer fails.
pub(crate) fn write_boolean(
    format: ResultFormat,
    verdict: Verdict<'_>,
    style: Style<'_>,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    if verdict.citation.is_some() {
        check_citable(format)?;
    }
    writer_of(format).boolean(verdict, style, out)
}

/// Checks that this program was built with a format of results.
///
/// # Errors
/// If it was built without it.
pub(crate) fn check_built(format: ResultFormat) -> Result<()> {
    writer_of(format).check_built()
}

/// Whether a format of results can hold citations.
///
/// # Errors
/// If it cannot.
pub(crate) fn check_citable(format: ResultFormat) -> Result<()> {
    if writer_of(format).citing() != CitationDetail::Nothing {
        return Ok(());
    }
    let can_hold = |format: &ResultFormat| writer_of(*format).citing() != CitationDetail::Nothing;
    let citable: Vec<&str> =
        ResultFormat::ALL.iter().filter(|f| can_hold(f)).map(|f| f.name()).collect();
    Err(error!("format-without-citations", "`{}` cannot hold citations", format.name())
        .help(format!("use one of {} with `--cite`", citable.join(", ")))
        .usage())
}

impl CitedRow {
    fn without_references(Row { solution, citation }: Row) -> Self {
        let citation =
            citation.map(|citation| ResolvedCitation { citation, references: Vec::new() });
        Self { solution, citation }
    }
}

impl ResolvedCitation {
    /// A citation with its references, if a format shows them.
    ///
    /// # Errors
    /// If they cannot be looked up.
    pub(crate) fn new(
        format: ResultFormat,
        citation: Citation,
        references: &References<'_>,
    ) -> Result<Self> {
        let references = match writer_of(format).citing() {
            CitationDetail::References => {
                graphs_of(&citation).into_iter().map(references).collect::<Result<_>>()?
            }
            CitationDetail::Names | CitationDetail::Nothing => Vec::new(),
        };
        Ok(Self { citation, references })
    }

    /// Returns the references in the order of their names.
    fn in_order(&self) -> Vec<Arc<Reference>> {
        let mut references = self.references.clone();
        references.sort_unstable_by(|one, other| one.name().cmp(other.name()));
        references
    }
}

/// Rows with what their citations refer to.
///
/// # Errors
/// If that cannot be looked up.
pub(crate) fn resolve(rows: Vec<Row>, references: &References<'_>) -> Result<Vec<CitedRow>> {
    let of = |row: &Row| match &row.citation {
        Some(citation) => graphs_of(citation).into_iter().map(references).collect(),
        None => Ok(Vec::new()),
    };
    let found = in_parts(&rows, FEWEST, |rows| rows.iter().map(of).collect::<Result<Vec<_>>>())?;
    let row = |(Row { solution, citation }, references)| {
        let citation = citation.map(|citation| ResolvedCitation { citation, references });
        CitedRow { solution, citation }
    };
    Ok(rows.into_iter().zip(found).map(row).collect())
}

/// The graphs that a citation names, each once.
fn graphs_of(citation: &Citation) -> Vec<&NamedNode> {
    /// Up to how many graphs it is quicker to look at all of them.
    const FEW: usize = 8;
    let triples = citation.derivations.iter().flat_map(|derivation| &derivation.triples);
    let all = triples.flat_map(|cited| cited.graphs.iter());
    let (mut graphs, mut seen): (Vec<&NamedNode>, _) = (Vec::new(), FxHashSet::default());
    for graph in all {
        let is_new = if graphs.len() < FEW {
            !graphs.contains(&graph)
        } else {
            if seen.is_empty() {
                seen.extend(graphs.iter().copied());
            }
            seen.insert(graph)
        };
        if is_new {
            graphs.push(graph);
        }
    }
    graphs
}

/// The variables, and one more if it is needed for the citations.
fn with_citations(head: Head<'_>) -> Vec<Variable> {
    let mut variables = head.variables.to_vec();
    if head.is_cited {
        variables.push(Variable::new_unchecked(no_variable("citations", head.variables)));
    }
    variables
}

/// A name that no variable has: this one, with as many `_` behind it as that takes.
fn no_variable(name: &str, variables: &[Variable]) -> String {
    let mut name = name.to_owned();
    while variables.iter().any(|variable| variable.as_str() == name) {
        name.push('_');
    }
    name
}
