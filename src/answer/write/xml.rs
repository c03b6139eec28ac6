//! [SPARQL Query Results XML](https://www.w3.org/TR/rdf-sparql-XMLres/), written by `sparesults`. The format has no
//! place for citations.

use super::{CitationDetail, CitedRow, Head, ResultWriter, RowWriter, Style, Verdict, WriteError};
use crate::diagnostic::{Result, error};
use crate::write_whole::{SharedWriter, WriteWhole};
use oxigraph::model::Term;
use oxigraph::sparql::QuerySolution;
use sparesults::{QueryResultsFormat, QueryResultsSerializer, WriterSolutionsSerializer};
use std::io::{self, Write};

pub(super) struct Xml;

/// The closing tags of the elements that are open between rows.
const CLOSING: &str = "</results></sparql>\n";

impl ResultWriter for Xml {
    fn rows<'a>(
        &self,
        head: Head<'a>,
        _style: Style<'a>,
        out: &'a mut dyn WriteWhole,
    ) -> Result<Box<dyn RowWriter + 'a>, WriteError> {
        let out = SharedWriter::new(out);
        let serializer = QueryResultsSerializer::from_format(QueryResultsFormat::Xml)
            .serialize_solutions_to_writer(WithReturns(out.clone()), head.variables.to_vec())?;
        out.whole(Some(0), CLOSING)?;
        Ok(Box::new(Results { serializer, out, count: 0 }))
    }

    fn boolean(
        &self,
        verdict: Verdict<'_>,
        _style: Style<'_>,
        out: &mut dyn WriteWhole,
    ) -> Result<(), WriteError> {
        QueryResultsSerializer::from_format(QueryResultsFormat::Xml)
            .serialize_boolean_to_writer(&mut *out, verdict.value)?;
        Ok(writeln!(out)?)
    }

    fn citing(&self) -> CitationDetail {
        CitationDetail::Nothing
    }
}

struct Results<'a> {
    serializer: WriterSolutionsSerializer<WithReturns<'a>>,
    out: SharedWriter<'a>,
    count: usize,
}

impl RowWriter for Results<'_> {
    fn row(&mut self, row: CitedRow) -> Result<(), WriteError> {
        check(&row.solution)?;
        self.serializer.serialize(&row.solution)?;
        self.count += 1;
        Ok(self.out.whole(Some(self.count), CLOSING)?)
    }

    fn end(mut self: Box<Self>) -> Result<(), WriteError> {
        self.serializer.finish()?;
        // The text ends with a line break, for the sake of shell prompts.
        writeln!(self.out)?;
        Ok(self.out.whole(Some(self.count), "")?)
    }
}

/// Rejects a literal with a character that is not allowed in XML.
fn check(solution: &QuerySolution) -> Result<()> {
    for (variable, term) in solution {
        if let Term::Literal(literal) = term
            && let Some(character) = literal.value().chars().find(|c| !is_xml_character(*c))
        {
            let code = u32::from(character);
            return Err(error!("character-not-in-xml", "cannot write the results as XML: `{variable}` has the character U+{code:04X}, which XML 1.0 does not allow")
            .help("choose another format: `--format json`")
            .input());
        }
    }
    Ok(())
}

/// [`Char`](https://www.w3.org/TR/xml/#NT-Char).
const fn is_xml_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Writes carriage returns as character references, because XML parsers turn literal ones into line feeds ([XML 1.0,
/// 2.11](https://www.w3.org/TR/xml/#sec-line-ends)).
struct WithReturns<'a>(SharedWriter<'a>);

impl Write for WithReturns<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for (number, part) in bytes.split(|byte| *byte == b'\r').enumerate() {
            if number > 0 {
                self.0.write_all(b"&#xD;")?;
            }
            self.0.write_all(part)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::write::{Naming, Terms};
    use crate::vocabulary::{Labels, Prefixes};
    use oxigraph::model::{Literal, Variable};

    fn xml(value: &str) -> Result<String, WriteError> {
        let variables = [Variable::new_unchecked("v")];
        let row = vec![Some(Literal::new_simple_literal(value).into())];
        let solution = QuerySolution::from((variables.to_vec(), row));
        let (prefixes, labels) = (Prefixes::default(), Labels::default());
        let naming = Naming { terms: Terms::Iri, prefixes: &prefixes, labels: &labels };
        let head = Head { variables: &variables, is_cited: false, diagnosis: None };
        let mut out = Vec::new();
        let mut writer = Xml.rows(head, Style::new(naming), &mut out)?;
        writer.row(CitedRow { solution, citation: None })?;
        writer.end()?;
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
