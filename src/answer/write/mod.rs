//! Writing solutions and booleans, in each of the result formats. Where they come from is not known here.

mod cited;
mod diagnosed;
mod for_people;
mod json_lines;
mod naming;
mod w3c;

pub use cited::{
    Absences, CitedRow, CitedTables, Described, EvidenceOf, check_citable, citation_words,
    write_cited_boolean, write_cited_diagnosed, write_cited_diagnosed_no, write_cited_solutions,
};
pub use diagnosed::{write_diagnosed_no, write_diagnosed_solutions};
pub use for_people::escape_markdown;
pub(crate) use json_lines::Binding;
pub(crate) use naming::Names;
pub use naming::{Naming, Terms};

pub use crate::error::WriteError;

use crate::error::Result;
use crate::format::ResultFormat;
use crate::whole::WriteWhole;
use oxigraph::sparql::{QuerySolution, Variable};
use std::io::{self, Write};

/// Writes solutions, and tells how many they were.
///
/// `naming` and `width` (in columns of a terminal; none for as wide as it gets) are for the formats that people read.
///
/// # Errors
/// If the writer fails or a solution is an error.
pub fn write_solutions(
    format: ResultFormat,
    variables: &[Variable],
    solutions: impl Iterator<Item = Result<QuerySolution>>,
    naming: &Naming<'_>,
    width: Option<u16>,
    out: &mut dyn WriteWhole,
) -> Result<usize, WriteError> {
    let mut count = 0;
    let solutions = solutions.inspect(|solution| count += usize::from(solution.is_ok()));
    match format {
        ResultFormat::Table | ResultFormat::Markdown => {
            let solutions: Vec<_> = solutions.collect::<Result<_>>()?;
            let cells = for_people::Cells::of(variables, &solutions, naming, format);
            cells.write(width, out).map_err(WriteError::from)
        }
        ResultFormat::JsonLines => json_lines::write(solutions, out),
        ResultFormat::Csv | ResultFormat::Tsv | ResultFormat::Json | ResultFormat::Xml => {
            w3c::write(format, variables, solutions, out)
        }
    }?;
    Ok(count)
}

/// Writes the answer of an ASK.
///
/// # Errors
/// If the writer fails.
pub fn write_boolean(format: ResultFormat, value: bool, out: &mut dyn Write) -> io::Result<()> {
    match format {
        ResultFormat::Table => writeln!(out, "{}", if value { "yes" } else { "no" }),
        ResultFormat::Markdown => writeln!(out, "{}", if value { "**yes**" } else { "**no**" }),
        ResultFormat::JsonLines => writeln!(out, "{{\"boolean\":{value}}}"),
        ResultFormat::Csv | ResultFormat::Tsv | ResultFormat::Json | ResultFormat::Xml => {
            w3c::write_boolean(format, value, out)
        }
    }
}
