//! CSV, and TSV by `sparesults`. Citations are an extra column.

use super::delimited::Delimited;
use super::words::citation_words;
use super::{
    CitationDetail, CitedRow, Head, ResultWriter, RowWriter, Style, Verdict, WriteError,
    with_citations,
};
use crate::diagnostic::Result;
use crate::vocabulary::Prefixes;
use crate::write_whole::{SharedWriter, WriteWhole};
use oxigraph::model::{Literal, Term, Variable};
use oxigraph::sparql::QuerySolution;
use sparesults::{QueryResultsFormat, QueryResultsSerializer, WriterSolutionsSerializer};
use std::io;
use std::sync::Arc;

/// [SPARQL 1.1 Query Results CSV](https://www.w3.org/TR/sparql11-results-csv-tsv/).
pub(super) static CSV: SeparatedValues = SeparatedValues(QueryResultsFormat::Csv);

/// [SPARQL 1.1 Query Results TSV](https://www.w3.org/TR/sparql11-results-csv-tsv/).
pub(super) static TSV: SeparatedValues = SeparatedValues(QueryResultsFormat::Tsv);

pub(super) struct SeparatedValues(QueryResultsFormat);

impl ResultWriter for SeparatedValues {
    fn rows<'a>(
        &self,
        head: Head<'a>,
        style: Style<'a>,
        out: &'a mut dyn WriteWhole,
    ) -> Result<Box<dyn RowWriter + 'a>, WriteError> {
        Ok(Box::new(Columns::new(self.0, head, style, out)?))
    }

    fn boolean(
        &self,
        verdict: Verdict<'_>,
        style: Style<'_>,
        out: &mut dyn WriteWhole,
    ) -> Result<(), WriteError> {
        let Some(citation) = verdict.citation else {
            QueryResultsSerializer::from_format(self.0)
                .serialize_boolean_to_writer(&mut *out, verdict.value)?;
            return Ok(writeln!(out)?);
        };
        let variables = [Variable::new_unchecked("boolean")];
        let head = Head { variables: &variables, is_cited: true, diagnosis: None };
        let values = vec![Some(Term::from(Literal::from(verdict.value)))];
        let solution = QuerySolution::from((variables.to_vec(), values));
        let mut columns = self.rows(head, style, out)?;
        columns.row(CitedRow { solution, citation: Some(citation) })?;
        columns.end()
    }

    fn citing(&self) -> CitationDetail {
        CitationDetail::Names
    }
}

enum Lines<'a> {
    Csv(Delimited<'a>),
    Tsv(WriterSolutionsSerializer<SharedWriter<'a>>),
}

impl Lines<'_> {
    fn write(&mut self, solution: &QuerySolution) -> io::Result<()> {
        match self {
            Self::Csv(lines) => lines.row(solution.values()),
            Self::Tsv(serializer) => serializer.serialize(solution),
        }
    }
}

/// Rows as lines, with a column for each variable and one for the citations.
struct Columns<'a> {
    lines: Lines<'a>,
    out: SharedWriter<'a>,
    variables: Arc<[Variable]>,
    prefixes: &'a Prefixes,
    count: usize,
}

impl<'a> Columns<'a> {
    fn new(
        format: QueryResultsFormat,
        head: Head<'_>,
        style: Style<'a>,
        out: &'a mut dyn WriteWhole,
    ) -> Result<Self, WriteError> {
        let out = SharedWriter::new(out);
        let variables = with_citations(head);
        let lines = if format == QueryResultsFormat::Csv {
            Lines::Csv(Delimited::start(&variables, style, out.clone())?)
        } else {
            let serializer = QueryResultsSerializer::from_format(format);
            Lines::Tsv(serializer.serialize_solutions_to_writer(out.clone(), variables.clone())?)
        };
        out.whole(Some(0), "")?;
        let prefixes = style.naming.prefixes;
        Ok(Self { lines, out, variables: variables.into(), prefixes, count: 0 })
    }
}

impl RowWriter for Columns<'_> {
    fn row(&mut self, row: CitedRow) -> Result<(), WriteError> {
        match row.citation {
            None => self.lines.write(&row.solution)?,
            Some(cited) => {
                let words = citation_words(&cited.citation, self.prefixes);
                let mut values = row.solution.values().to_vec();
                values.push(Some(Literal::new_simple_literal(words).into()));
                let variables = Arc::clone(&self.variables);
                self.lines.write(&QuerySolution::from((variables, values)))?;
            }
        }
        self.count += 1;
        Ok(self.out.whole(Some(self.count), "")?)
    }

    fn end(self: Box<Self>) -> Result<(), WriteError> {
        match self.lines {
            Lines::Csv(_) => Ok(()),
            Lines::Tsv(serializer) => Ok(serializer.finish().map(drop)?),
        }
    }
}
