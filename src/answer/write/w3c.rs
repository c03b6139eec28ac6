//! The formats of the W3C, by `sparesults`.

use super::WriteError;
use crate::diagnostic::error;
use crate::error::Result;
use crate::format::ResultFormat;
use crate::whole::{Shared, WriteWhole};
use oxigraph::model::Term;
use oxigraph::sparql::{QuerySolution, Variable};
use sparesults::{QueryResultsFormat, QueryResultsSerializer};
use std::io::{self, Write};

pub(super) fn write(
    format: ResultFormat,
    variables: &[Variable],
    solutions: impl Iterator<Item = Result<QuerySolution>>,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    let shared = Shared::new(&mut *out);
    let count = if matches!(format, ResultFormat::Xml) {
        let solutions = solutions.map(|solution| solution.and_then(checked_for_xml));
        write_plain(format, variables, solutions, WithReturns(&shared), &shared)?
    } else {
        write_plain(format, variables, solutions, &shared, &shared)?
    };
    end_line(format, out)?;
    Ok(out.whole(Some(count), "")?)
}

/// Writes solutions, reports after each that the text can end there, and returns how many they were.
fn write_plain(
    format: ResultFormat,
    variables: &[Variable],
    solutions: impl Iterator<Item = Result<QuerySolution>>,
    out: impl Write,
    shared: &Shared<'_>,
) -> Result<usize, WriteError> {
    let closing = match format {
        ResultFormat::Json => "]}}\n",
        ResultFormat::Xml => "</results></sparql>\n",
        _ => "",
    };
    let serializer = QueryResultsSerializer::from_format(library_format(format));
    let mut writer = serializer.serialize_solutions_to_writer(out, variables.to_vec())?;
    let mut count = 0;
    shared.whole(Some(count), closing)?;
    for solution in solutions {
        writer.serialize(&solution?)?;
        count += 1;
        shared.whole(Some(count), closing)?;
    }
    writer.finish()?;
    Ok(count)
}

/// Returns a solution, or an error if a literal has a character that XML cannot hold.
fn checked_for_xml(solution: QuerySolution) -> Result<QuerySolution> {
    for (variable, term) in &solution {
        if let Term::Literal(literal) = term
            && let Some(character) = literal.value().chars().find(|c| !is_xml_character(*c))
        {
            let code = u32::from(character);
            return Err(error!("character-not-in-xml", "cannot write the results as XML: `{variable}` has the character U+{code:04X}, which XML 1.0 cannot hold")
            .help("choose another format: `--format json`")
            .input());
        }
    }
    Ok(solution)
}

/// [`Char`](https://www.w3.org/TR/xml/#NT-Char).
const fn is_xml_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Writes carriage returns as references: readers of XML make line feeds of those that stand as they are
/// ([XML 1.0, 2.11](https://www.w3.org/TR/xml/#sec-line-ends)).
struct WithReturns<'a>(&'a Shared<'a>);

impl Write for WithReturns<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = self.0;
        for (number, part) in bytes.split(|byte| *byte == b'\r').enumerate() {
            if number > 0 {
                out.write_all(b"&#xD;")?;
            }
            out.write_all(part)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut out = self.0;
        out.flush()
    }
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
fn end_line(format: ResultFormat, out: &mut dyn WriteWhole) -> io::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::Literal;

    fn xml(value: &str) -> Result<String, WriteError> {
        let variables = [Variable::new_unchecked("v")];
        let row = vec![Some(Literal::new_simple_literal(value).into())];
        let solution = QuerySolution::from((variables.to_vec(), row));
        let mut out = Vec::new();
        write(ResultFormat::Xml, &variables, [Ok(solution)].into_iter(), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn xml_holds_what_it_can() {
        assert!(xml("a\r\nb").unwrap().contains("<literal>a&#xD;\nb</literal>"));
        for value in ["\u{1}", "\u{fffe}"] {
            assert!(matches!(xml(value), Err(WriteError::Failed(_))));
        }
    }
}
