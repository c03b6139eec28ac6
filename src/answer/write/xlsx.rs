//! Excel workbooks: a sheet with typed cells.

use super::words::citation_words;
use super::{
    CitationDetail, CitedRow, Head, ResultWriter, RowWriter, Style, Verdict, WriteError,
    with_citations,
};
use crate::diagnostic::{Result, error};
use crate::vocabulary::{Prefixes, is_numeric, xsd_name};
use crate::write_whole::WriteWhole;
use oxigraph::model::{Literal, Term, Variable};
use oxigraph::sparql::QuerySolution;
use oxsdatatypes::{Date, DateTime};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// The number of significant digits that spreadsheets keep.
const DIGITS: usize = 15;

/// The first year in which all spreadsheets count days alike: Excel treats 1900 as a leap year.
const FIRST_YEAR: i64 = 1901;

/// The last year that spreadsheets support.
const LAST_YEAR: i64 = 9999;

/// The widest column, in pixels.
const WIDEST: u32 = 400;

pub(super) struct Xlsx;

impl ResultWriter for Xlsx {
    fn rows<'a>(
        &self,
        head: Head<'a>,
        style: Style<'a>,
        out: &'a mut dyn WriteWhole,
    ) -> Result<Box<dyn RowWriter + 'a>, WriteError> {
        Ok(Box::new(Sheet::new(head, style.naming.prefixes, out)?))
    }

    fn boolean(
        &self,
        verdict: Verdict<'_>,
        style: Style<'_>,
        out: &mut dyn WriteWhole,
    ) -> Result<(), WriteError> {
        let variables = [Variable::new_unchecked("boolean")];
        let is_cited = verdict.citation.is_some();
        let head = Head { variables: &variables, is_cited, diagnosis: None };
        let values = vec![Some(Term::from(Literal::from(verdict.value)))];
        let solution = QuerySolution::from((variables.to_vec(), values));
        let mut sheet = self.rows(head, style, out)?;
        sheet.row(CitedRow { solution, citation: verdict.citation })?;
        sheet.end()
    }

    fn citing(&self) -> CitationDetail {
        CitationDetail::Names
    }
}

/// A sheet with a header of variable names and a row for each solution.
struct Sheet<'a> {
    cells: Worksheet,
    rows: u32,
    date: Format,
    date_time: Format,
    prefixes: &'a Prefixes,
    out: &'a mut dyn WriteWhole,
}

impl<'a> Sheet<'a> {
    fn new(
        head: Head<'_>,
        prefixes: &'a Prefixes,
        out: &'a mut dyn WriteWhole,
    ) -> Result<Self, WriteError> {
        let mut cells = Worksheet::new();
        let bold = Format::new().set_bold();
        for (column, variable) in (0..).zip(with_citations(head)) {
            cells.write_string_with_format(0, column, variable.as_str(), &bold).map_err(unfit)?;
        }
        cells.set_freeze_panes(1, 0).map_err(unfit)?;
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let date_time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        Ok(Self { cells, rows: 0, date, date_time, prefixes, out })
    }

    fn write(&mut self, column: u16, term: &Term) -> Result<(), XlsxError> {
        let (cells, row) = (&mut self.cells, self.rows);
        match Cell::of(term) {
            Cell::Text(text) => cells.write_string(row, column, text),
            Cell::Number(number) => cells.write_number(row, column, number),
            Cell::Boolean(value) => cells.write_boolean(row, column, value),
            Cell::Date(date) => cells.write_number_with_format(row, column, date, &self.date),
            Cell::DateTime(date) => {
                cells.write_number_with_format(row, column, date, &self.date_time)
            }
        }
        .map(drop)
    }
}

impl RowWriter for Sheet<'_> {
    fn row(&mut self, CitedRow { solution, citation }: CitedRow) -> Result<(), WriteError> {
        self.rows += 1;
        let mut column = 0;
        for value in solution.values() {
            if let Some(term) = value {
                self.write(column, term).map_err(unfit)?;
            }
            column += 1;
        }
        if let Some(cited) = citation {
            let words = citation_words(&cited.citation, self.prefixes);
            self.cells.write_string(self.rows, column, words).map_err(unfit)?;
        }
        Ok(())
    }

    fn end(mut self: Box<Self>) -> Result<(), WriteError> {
        self.cells.set_autofit_max_width(WIDEST);
        self.cells.autofit();
        // A fixed date makes the same answer always the same file.
        let written = ExcelDateTime::from_ymd(2000, 1, 1).map_err(unfit)?;
        let mut workbook = Workbook::new();
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&written));
        workbook.push_worksheet(self.cells);
        Ok(self.out.write_all(&workbook.save_to_buffer().map_err(unfit)?)?)
    }
}

/// The content of a cell.
#[derive(Debug, PartialEq)]
enum Cell {
    Text(String),
    Number(f64),
    Boolean(bool),
    /// A date, as a day number.
    Date(f64),
    /// A time, as a day number with a fraction.
    DateTime(f64),
}

impl Cell {
    /// Returns a term as a typed value, or as text if a spreadsheet would change the value.
    fn of(term: &Term) -> Self {
        match term {
            Term::NamedNode(iri) => Self::Text(iri.as_str().to_owned()),
            Term::Literal(literal) => {
                Self::typed(literal).unwrap_or_else(|| Self::Text(literal.value().to_owned()))
            }
            // A blank node, or a triple term.
            term => Self::Text(term.to_string()),
        }
    }

    fn typed(literal: &Literal) -> Option<Self> {
        let value = literal.value();
        match xsd_name(literal.datatype())? {
            "double" | "float" => number(value).map(Self::Number),
            // Not `0050`, which a number would show as `50`.
            "gYear" => (value.len() == 4 && value.starts_with(|c| ('1'..='9').contains(&c)))
                .then(|| number(value).map(Self::Number))?,
            name if is_numeric(name) => {
                (digits(value) <= DIGITS).then(|| number(value).map(Self::Number))?
            }
            "boolean" => match value {
                "true" | "1" => Some(Self::Boolean(true)),
                "false" | "0" => Some(Self::Boolean(false)),
                _ => None,
            },
            "date" => date(value).map(Self::Date),
            "dateTime" => date_time(value).map(Self::DateTime),
            _ => None,
        }
    }
}

/// Parses a finite number.
fn number(value: &str) -> Option<f64> {
    value.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Counts the significant digits of a number.
fn digits(value: &str) -> usize {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len()
}

/// Parses a date without a time zone, which spreadsheets do not support.
fn date(value: &str) -> Option<f64> {
    let date: Date = value.parse().ok()?;
    if date.timezone_offset().is_some() {
        return None;
    }
    day(date.year(), date.month(), date.day()).map(|day| day.to_excel())
}

/// Parses a time without a time zone or fractions of a second, which its cell does not show.
fn date_time(value: &str) -> Option<f64> {
    let time: DateTime = value.parse().ok()?;
    if time.timezone_offset().is_some() || value.contains('.') {
        return None;
    }
    let day = day(time.year(), time.month(), time.day())?;
    let second: u8 = time.second().to_string().parse().ok()?;
    let time = day.and_hms(time.hour().into(), time.minute(), second).ok()?;
    Some(time.to_excel())
}

fn day(year: i64, month: u8, day: u8) -> Option<ExcelDateTime> {
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return None;
    }
    ExcelDateTime::from_ymd(u16::try_from(year).ok()?, month, day).ok()
}

/// Returns the error for data that a workbook cannot hold.
fn unfit(error: XlsxError) -> WriteError {
    let message = match error {
        XlsxError::RowColumnLimitError => {
            "the results exceed the limit of a worksheet: 1,048,576 rows and 16,384 columns"
                .to_owned()
        }
        XlsxError::MaxStringLengthExceeded => {
            "the results have a value of more than 32,767 characters, the limit of a workbook cell"
                .to_owned()
        }
        other => format!("cannot write the workbook: {other}"),
    };
    error!("workbook-too-small", "{message}")
        .help("use `--format csv`, which has no such limits")
        .input()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::write::{Naming, Terms};
    use crate::vocabulary::Labels;
    use oxigraph::model::NamedNode;

    fn workbook(value: &str) -> Result<Vec<u8>, WriteError> {
        let variables = vec![Variable::new_unchecked("x")];
        let (prefixes, labels) = (Prefixes::default(), Labels::default());
        let naming = Naming { terms: Terms::Iri, prefixes: &prefixes, labels: &labels };
        let head = Head { variables: &variables, is_cited: false, diagnosis: None };
        let value = Some(Literal::from(value).into());
        let solution = (variables.clone(), vec![value]).into();
        let mut out = Vec::new();
        let mut sheet = Xlsx.rows(head, Style::new(naming), &mut out)?;
        sheet.row(CitedRow { solution, citation: None })?;
        sheet.end()?;
        Ok(out)
    }

    #[test]
    fn a_workbook_is_the_same_each_time() {
        let written = workbook("=1").unwrap();
        assert!(written.starts_with(b"PK"));
        std::thread::sleep(std::time::Duration::from_millis(1100));
        assert_eq!(workbook("=1").unwrap(), written);
    }

    #[test]
    fn a_text_that_no_cell_holds_is_refused() {
        assert!(workbook(&"x".repeat(32_767)).is_ok());
        let Err(WriteError::Failed(error)) = workbook(&"x".repeat(32_768)) else { panic!() };
        assert_eq!(error.problems[0].id.as_deref(), Some("workbook-too-small"));
    }

    #[test]
    fn cells_have_the_types_that_keep_their_values() {
        let literal = |value: &str, name: &str| {
            let datatype = format!("http://www.w3.org/2001/XMLSchema#{name}");
            Cell::of(&Literal::new_typed_literal(value, NamedNode::new_unchecked(datatype)).into())
        };
        let text = |value: &str| Cell::Text(value.to_owned());
        for (value, name, number) in [
            ("-5", "integer", -5.0),
            ("123456789012345", "long", 123_456_789_012_345.0),
            ("1000000000000000000000", "integer", 1e21),
            ("0.1", "decimal", 0.1),
            ("1.5E300", "double", 1.5e300),
            ("2001", "gYear", 2001.0),
        ] {
            assert_eq!(literal(value, name), Cell::Number(number), "{value}");
        }
        for (value, name) in [
            ("1234567890123456", "integer"),
            ("0.1234567890123456", "decimal"),
            ("INF", "double"),
            ("0050", "gYear"),
            ("-044", "gYear"),
            ("2001Z", "gYear"),
            ("maybe", "boolean"),
            ("2001-07-15Z", "date"),
            ("1900-02-28", "date"),
            ("2001-07-15T10:00:00Z", "dateTime"),
            ("2001-07-15T10:00:00.5", "dateTime"),
            ("5", "string"),
        ] {
            assert_eq!(literal(value, name), text(value), "{value}");
        }
        assert_eq!(literal("true", "boolean"), Cell::Boolean(true));
        let day = ExcelDateTime::from_ymd(2001, 7, 15).unwrap();
        assert_eq!(literal("2001-07-15", "date"), Cell::Date(day.to_excel()));
        let time = day.and_hms(10, 30, 5).unwrap();
        assert_eq!(literal("2001-07-15T10:30:05", "dateTime"), Cell::DateTime(time.to_excel()));
        assert_eq!(
            Cell::of(&Literal::new_language_tagged_literal("5", "en").unwrap().into()),
            text("5")
        );
    }
}
