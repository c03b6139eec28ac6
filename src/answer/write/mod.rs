//! Writing rows and booleans in each of the result formats, independently of their source.
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
mod numbering;
mod table;
mod terms;
mod words;
#[cfg_attr(not(feature = "xlsx"), path = "no_xlsx.rs")]
mod xlsx;
mod xml;

pub(crate) use absences::{Absences, AbsentPattern};
pub(crate) use footnotes::{host, source as source_of};
pub(crate) use markup::escape_markdown;
pub(crate) use naming::IriNames;
pub use naming::{Naming, Terms};
pub(crate) use numbering::{FootnoteNumbers, Mark, letters};
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
    /// Why there are no rows, or counts of zero.
    pub diagnosis: Option<&'a Diagnosis>,
}

/// How an answer is shown.
#[derive(Clone, Copy)]
pub struct Style<'a> {
    /// How terms are written for people.
    pub naming: Naming<'a>,
    /// The most columns of a terminal line, or `None` for no limit.
    pub width: Option<u16>,
    /// The delimiter of CSV.
    pub delimiter: char,
    /// Whether a cell of CSV that a spreadsheet would read as a formula begins with a `'`.
    pub quotes_formulas: bool,
}

impl<'a> Style<'a> {
    /// Creates a style with this naming, lines of any length, and commas in CSV.
    pub const fn new(naming: Naming<'a>) -> Self {
        Self { naming, width: None, delimiter: ',', quotes_formulas: false }
    }
}

/// Returns what the citation of a graph refers to.
pub(crate) type References<'a> = dyn Fn(&NamedNode) -> Result<Arc<Reference>> + Sync + 'a;

/// A row to be written: the solution, its citation, and the cited claims.
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
    /// The boolean.
    pub value: bool,
    /// What it rests on, if that is shown.
    pub citation: Option<ResolvedCitation>,
    /// Why it is false.
    pub diagnosis: Option<&'a Diagnosis>,
}

/// A format of results.
trait ResultWriter {
    /// Begins writing rows.
    fn rows<'a>(
        &self,
        head: Head<'a>,
        style: Style<'a>,
        out: &'a mut dyn WriteWhole,
    ) -> Result<Box<dyn RowWriter + 'a>, WriteError>;

    /// Writes a boolean.
    fn boolean(
        &self,
        verdict: Verdict<'_>,
        style: Style<'_>,
        out: &mut dyn WriteWhole,
    ) -> Result<(), WriteError>;

    /// Returns how much of citations the format shows.
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
    /// It does not support citations.
    Nothing,
    /// The names of the claims.
    Names,
    /// The quotes of the claims.
    References,
}

/// Writes rows, one after the other.
trait RowWriter {
    /// Writes a row, or holds it back to be written with others.
    fn row(&mut self, row: CitedRow) -> Result<(), WriteError>;

    /// Writes what follows the last row.
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

/// Writes rows, and returns their number.
///
/// `references` looks up cited graphs; it is called only for cited rows.
///
/// # Errors
/// Fails if the answer has citations that the format does not support, the writer fails or a row is an error.
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
        // The rows before an error are written.
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

/// The number of cited rows that are resolved together.
const ROWS_AT_ONCE: usize = 1024;

/// The number of graphs from which another thread pays off.
const FEWEST: usize = 64;

/// Writes the answer of an ASK.
///
/// # Errors
/// Fails if the answer has a citation that the format does not support, or the writer fails.
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

/// Checks that this program was built with a result format.
///
/// # Errors
/// Fails if it was built without the format.
pub(crate) fn check_built(format: ResultFormat) -> Result<()> {
    writer_of(format).check_built()
}

/// Checks that a result format supports citations.
///
/// # Errors
/// Fails if it does not.
pub(crate) fn check_citable(format: ResultFormat) -> Result<()> {
    if writer_of(format).citing() != CitationDetail::Nothing {
        return Ok(());
    }
    let can_hold = |format: &ResultFormat| {
        format.is_built() && writer_of(*format).citing() != CitationDetail::Nothing
    };
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
    /// Resolves a citation, with its references if the format shows them.
    ///
    /// # Errors
    /// Fails if the references cannot be looked up.
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

    /// Returns the references sorted by name.
    fn in_order(&self) -> Vec<Arc<Reference>> {
        let mut references = self.references.clone();
        references.sort_unstable_by(|one, other| one.name().cmp(other.name()));
        references
    }
}

/// Resolves the citations of rows.
///
/// # Errors
/// Fails if a reference cannot be looked up.
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

/// Returns the graphs that a citation names, each once.
fn graphs_of(citation: &Citation) -> Vec<&NamedNode> {
    /// The number of graphs up to which a linear search is faster than a set.
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

/// Returns the variables, plus one for the citations if needed.
fn with_citations(head: Head<'_>) -> Vec<Variable> {
    let mut variables = head.variables.to_vec();
    if head.is_cited {
        variables.push(Variable::new_unchecked(no_variable("citations", head.variables)));
    }
    variables
}

/// Returns a name that no variable has: `name`, followed by as many `_` as necessary.
fn no_variable(name: &str, variables: &[Variable]) -> String {
    let mut name = name.to_owned();
    while variables.iter().any(|variable| variable.as_str() == name) {
        name.push('_');
    }
    name
}
