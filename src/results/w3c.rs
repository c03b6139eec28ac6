//! The formats of the W3C, by `sparesults`.

use super::WriteError;
use crate::error::Result;
use crate::format::ResultFormat;
use oxigraph::sparql::{QuerySolution, Variable};
use sparesults::{QueryResultsFormat, QueryResultsSerializer};
use std::io::{self, Write};

pub(super) fn write(
    format: ResultFormat,
    variables: &[Variable],
    solutions: impl Iterator<Item = Result<QuerySolution>>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let serializer = QueryResultsSerializer::from_format(library_format(format));
    let mut writer = serializer.serialize_solutions_to_writer(&mut *out, variables.to_vec())?;
    for solution in solutions {
        writer.serialize(&solution?)?;
    }
    writer.finish()?;
    Ok(end_line(format, out)?)
}

pub(super) fn write_boolean(
    format: ResultFormat,
    value: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    QueryResultsSerializer::from_format(library_format(format))
        .serialize_boolean_to_writer(&mut *out, value)?;
    writeln!(out)
}

/// JSON and XML end without a line break, which leaves a shell's prompt behind the last brace.
fn end_line(format: ResultFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        ResultFormat::Json | ResultFormat::Xml => writeln!(out),
        _ => Ok(()),
    }
}

fn library_format(format: ResultFormat) -> QueryResultsFormat {
    match format {
        ResultFormat::Csv => QueryResultsFormat::Csv,
        ResultFormat::Tsv => QueryResultsFormat::Tsv,
        ResultFormat::Xml => QueryResultsFormat::Xml,
        _ => QueryResultsFormat::Json,
    }
}
