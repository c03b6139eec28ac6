//! CSV and TSV for spreadsheets: what these need, and what they read as formulas.

use crate::answer::Row;
use crate::cli::reporter::{Reporter, counted};
use crate::diagnostic::{Diagnostic, Result};
use crate::format::{Format, ResultFormat};
use clap::Args;
use oxigraph::model::Term;
use std::cell::Cell;

/// What a spreadsheet needs to read CSV.
#[derive(Debug, Args)]
pub(crate) struct SpreadsheetOptions {
    /// Separate the cells of CSV with this character, such as `;` or `tab`
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter, help_heading = "Output")]
    delimiter: Option<char>,

    /// Begin CSV or TSV with a byte-order mark, so that Excel recognizes UTF-8
    #[arg(long, help_heading = "Output")]
    bom: bool,
}

/// Reads the delimiter of CSV.
fn delimiter(text: &str) -> Result<char, String> {
    let mut letters = text.chars();
    match (text, letters.next(), letters.next()) {
        ("tab", ..) => Ok('\t'),
        (_, Some('"' | '\n' | '\r'), None) => {
            Err("quotes and line breaks have a special meaning in CSV".to_owned())
        }
        (_, Some(delimiter), None) => Ok(delimiter),
        _ => Err("expected one character, or `tab`".to_owned()),
    }
}

impl SpreadsheetOptions {
    /// Checks that the options act on a format.
    ///
    /// # Errors
    /// If one of them does not.
    pub(super) fn check(&self, format: Option<Format>) -> Result<()> {
        let is = |wanted| format == Some(Format::Results(wanted));
        let (option, formats) = if self.delimiter.is_some() && !is(ResultFormat::Csv) {
            ("--delimiter", "--format csv")
        } else if self.bom && !is(ResultFormat::Csv) && !is(ResultFormat::Tsv) {
            ("--bom", "--format csv` or `--format tsv")
        } else {
            return Ok(());
        };
        let name = format.map_or(ResultFormat::Table.name(), Format::name);
        Err(Diagnostic::error("option-format", format!("`{option}` has no effect on `{name}`"))
            .help(format!("use it with `{formats}`"))
            .usage())
    }

    /// Returns what stands between the cells of CSV.
    pub(super) fn delimiter(&self) -> char {
        self.delimiter.unwrap_or(',')
    }

    /// Returns what an answer begins with.
    pub(super) const fn beginning(&self) -> &'static str {
        if self.bom { "\u{feff}" } else { "" }
    }
}

/// Counts the cells that a spreadsheet reads as formulas.
pub(super) struct Formulas(Option<Cell<usize>>);

impl Formulas {
    /// Counts none yet, and none at all in a format that is not read like this.
    pub(super) fn of(format: ResultFormat) -> Self {
        Self(matches!(format, ResultFormat::Csv | ResultFormat::Tsv).then(Cell::default))
    }

    /// Takes note of a row.
    pub(super) fn note(&self, row: &Row) {
        let Some(count) = &self.0 else { return };
        let cells = row.solution.values().iter().flatten().filter(|term| is_formula(term)).count();
        // The words of what is absent begin with a `-`.
        let is_absence = row.citation.as_ref().and_then(|citation| citation.derivations.first());
        let is_absence =
            is_absence.is_some_and(|way| way.triples.is_empty() && !way.absences.is_empty());
        count.set(count.get() + cells + usize::from(is_absence));
    }

    /// Reports how many there are, if there are any.
    pub(super) fn tell(&self, reporter: &Reporter) {
        let count = self.0.as_ref().map_or(0, Cell::get);
        if count > 0 {
            let formulas = if count == 1 { "a formula: it begins" } else { "formulas: they begin" };
            let cells = counted(count, "cell");
            reporter.note(&format!(
                "a spreadsheet reads {cells} as {formulas} with `=`, `+`, `-` or `@`"
            ));
        }
    }
}

/// Returns whether a spreadsheet reads a term as a formula, and not as a number such as `-5`.
fn is_formula(term: &Term) -> bool {
    match term {
        Term::Literal(literal) => {
            let value = literal.value();
            value.starts_with(['=', '+', '-', '@']) && value.parse::<f64>().is_err()
        }
        _ => false,
    }
}
