//! Tables for people: on a terminal and in Markdown. An extra column refers to footnotes, which say what a row rests
//! on.

use super::footnotes::Footnotes;
use super::markup::{Markup, escape_markdown};
use super::naming::{IriNames, Naming};
use super::{
    CitedRow, Head, ResolvedCitation, ResultWriter, RowWriter, Style, Verdict, WriteError,
    no_variable,
};
use crate::diagnostic::Result;
use crate::format::ResultFormat;
use crate::write_whole::WriteWhole;
use comfy_table::{ColumnConstraint, ContentArrangement, Width, presets};
use oxigraph::sparql::{QuerySolution, Variable};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr as _;

/// The most letters of a word on one line. Longer words are broken beforehand, because the table library copies the
/// rest of a word for each of its lines.
const LONGEST_WORD: usize = 60_000;

/// The same limit for a table fitted to a width, whose lines have few letters.
const LONGEST_FITTED_WORD: usize = 4_096;

/// The padding on both sides of a cell together.
const PADDING: u16 = 2;

/// The least useful width of a column with broken words.
const BROKEN: u16 = 10 + PADDING;

/// A table with borders, for a terminal.
pub(super) static TERMINAL: Table = Table(Markup::Plain);

/// A Markdown table ([GitHub flavour](https://github.github.com/gfm/#tables-extension-)).
pub(super) static MARKDOWN: Table = Table(Markup::Markdown);

pub(super) struct Table(Markup);

impl ResultWriter for Table {
    fn rows<'a>(
        &self,
        head: Head<'a>,
        style: Style<'a>,
        out: &'a mut dyn WriteWhole,
    ) -> Result<Box<dyn RowWriter + 'a>, WriteError> {
        let tables = Tables { markup: self.0, style, footnotes: self.footnotes(style) };
        Ok(Box::new(OneTable { head, tables, rows: Vec::new(), out }))
    }

    fn boolean(
        &self,
        verdict: Verdict<'_>,
        style: Style<'_>,
        out: &mut dyn WriteWhole,
    ) -> Result<(), WriteError> {
        let mut footnotes = self.footnotes(style);
        let word = if verdict.value { "yes" } else { "no" };
        let mark = verdict.citation.map(|cited| footnotes.mark(&cited));
        match (self.0, mark) {
            (Markup::Plain, None) => writeln!(out, "{word}")?,
            (Markup::Plain, Some(mark)) => writeln!(out, "{word}  [{mark}]")?,
            (Markup::Markdown, None) => writeln!(out, "**{word}**")?,
            (Markup::Markdown, Some(mark)) => writeln!(out, "**{word}** {mark}")?,
        }
        Ok(footnotes.write(style.width, out)?)
    }
}

impl Table {
    fn footnotes<'a>(&self, style: Style<'a>) -> Footnotes<'a> {
        Footnotes::new(self.0, style.naming.prefixes)
    }
}

/// A table that is the whole answer. Its column widths are known only after the last row.
struct OneTable<'a> {
    head: Head<'a>,
    tables: Tables<'a>,
    rows: Vec<CitedRow>,
    out: &'a mut dyn WriteWhole,
}

impl RowWriter for OneTable<'_> {
    fn row(&mut self, row: CitedRow) -> Result<(), WriteError> {
        self.rows.push(row);
        Ok(())
    }

    fn end(mut self: Box<Self>) -> Result<(), WriteError> {
        self.tables.table(self.head.variables, self.head.is_cited, self.rows, self.out)?;
        Ok(self.tables.finish(self.out)?)
    }
}

/// Tables that share their footnotes.
pub(crate) struct Tables<'a> {
    markup: Markup,
    style: Style<'a>,
    footnotes: Footnotes<'a>,
}

impl<'a> Tables<'a> {
    /// Creates an empty set of tables, for Markdown or else for a terminal.
    pub(crate) fn new(format: ResultFormat, style: Style<'a>) -> Self {
        let table = if format == ResultFormat::Markdown { &MARKDOWN } else { &TERMINAL };
        Self { markup: table.0, style, footnotes: table.footnotes(style) }
    }

    /// Writes a table. If the rows are cited, an extra column refers to the footnotes.
    ///
    /// # Errors
    /// Fails if the writer fails.
    pub(crate) fn table(
        &mut self,
        variables: &[Variable],
        are_cited: bool,
        rows: Vec<CitedRow>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (solutions, citations): (Vec<_>, Vec<Option<ResolvedCitation>>) =
            rows.into_iter().map(|row| (row.solution, row.citation)).unzip();
        let mut cells = Cells::of(variables, &solutions, &self.style.naming, self.markup);
        if are_cited {
            let mark = |cited: &Option<ResolvedCitation>| match cited {
                Some(cited) => self.footnotes.mark(cited),
                None => String::new(),
            };
            let marks = citations.iter().map(mark).collect();
            cells.add_column(&no_variable("cited", variables), marks);
        }
        cells.write(self.style.width, out)
    }

    /// Writes the footnotes.
    ///
    /// # Errors
    /// Fails if the writer fails.
    pub(crate) fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        self.footnotes.write(self.style.width, out)
    }
}

/// A table of texts. For Markdown they are already escaped.
struct Cells {
    markup: Markup,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Cells {
    /// Creates the table of some solutions, for a terminal or for Markdown.
    pub(crate) fn of(
        variables: &[Variable],
        solutions: &[QuerySolution],
        naming: &Naming<'_>,
        markup: Markup,
    ) -> Self {
        let terms = solutions.iter().flat_map(|solution| solution.values().iter().flatten());
        let names = naming.names(terms);
        let clean = |text| cleaned(text, markup);
        Self {
            markup,
            header: variables.iter().map(|variable| clean(variable.as_str().to_owned())).collect(),
            rows: solutions
                .iter()
                .map(|solution| words(solution, &names).map(clean).collect())
                .collect(),
        }
    }

    /// Adds a column whose cells may contain markup.
    pub(crate) fn add_column(&mut self, heading: &str, column: Vec<String>) {
        self.header.push(cleaned(heading.to_owned(), self.markup));
        for (row, cell) in self.rows.iter_mut().zip(column) {
            row.push(cell);
        }
    }

    /// Writes a bordered table, with cells wrapped to fit the width if there is one, or a Markdown table.
    pub(crate) fn write(self, width: Option<u16>, out: &mut dyn Write) -> io::Result<()> {
        if self.markup == Markup::Markdown {
            let rule = vec!["---".to_owned(); self.header.len()];
            for row in [self.header, rule].into_iter().chain(self.rows) {
                write!(out, "|")?;
                for cell in row {
                    write!(out, " {cell} |")?;
                }
                writeln!(out)?;
            }
            return Ok(());
        }
        let mut table = comfy_table::Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        let least = width.map(|width| self.least_widths(width));
        let longest = if width.is_some() { LONGEST_FITTED_WORD } else { LONGEST_WORD };
        let broken = |row: Vec<String>| row.into_iter().map(move |cell| broken(cell, longest));
        table.set_header(broken(self.header));
        for (column, least) in table.column_iter_mut().zip(least.into_iter().flatten()) {
            if let Some(least) = least {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
            }
        }
        for row in self.rows {
            table.add_row(broken(row));
        }
        for line in table.lines() {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    /// Returns the least width of each column that keeps its words whole in a table of a given width, or `None` if its
    /// words have to be broken. Narrow columns are served first, and enough width is reserved for the broken words in
    /// the others.
    fn least_widths(&self, width: u16) -> Vec<Option<u16>> {
        let widest = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            let cells = self.header.get(column).into_iter().chain(cells);
            let words = cells.flat_map(|cell| cell.split_whitespace());
            let widest = words.map(str::width).max().unwrap_or(0);
            u16::try_from(widest).unwrap_or(u16::MAX).saturating_add(PADDING)
        };
        let mut needed: Vec<(u16, usize)> =
            (0..self.header.len()).map(|i| (widest(i), i)).collect();
        needed.sort_unstable();
        let borders = needed.len() + 1;
        let room = usize::from(width).saturating_sub(borders);
        let taken = |broken: u16| -> usize {
            needed.iter().map(|(needed, _)| usize::from(*needed.min(&broken))).sum()
        };
        let broken = (0..=BROKEN).rev().find(|broken| taken(*broken) <= room).unwrap_or(0);
        let mut left = room.saturating_sub(taken(broken));
        let mut widths = vec![None; needed.len()];
        for (needed, column) in needed {
            let more = usize::from(needed.saturating_sub(broken));
            if more > left {
                break;
            }
            widths[column] = Some(needed);
            left -= more;
        }
        widths
    }
}

/// Breaks the words of a text that have more than `longest` letters.
fn broken(text: String, longest: usize) -> String {
    if text.len() <= longest {
        return text;
    }
    let mut broken = String::with_capacity(text.len() + text.len() / longest);
    let mut letters = 0;
    for c in text.chars() {
        if c.is_whitespace() {
            letters = 0;
        } else if letters == longest {
            broken.push('\n');
            letters = 1;
        } else {
            letters += 1;
        }
        broken.push(c);
    }
    broken
}

/// Escapes a text so that it is shown literally.
fn cleaned(text: String, markup: Markup) -> String {
    match markup {
        Markup::Markdown => escape_markdown(&text),
        Markup::Plain => text,
    }
}

fn words(solution: &QuerySolution, names: &IriNames<'_>) -> impl Iterator<Item = String> {
    let values = solution.values().iter();
    values.map(|value| value.as_ref().map(|term| names.name(term)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn words_stay_whole_where_there_is_room_for_them() {
        let cells = |words: &[&str]| Cells {
            markup: Markup::Plain,
            header: words.iter().map(|_| "x".to_owned()).collect(),
            rows: vec![words.iter().map(|word| (*word).to_owned()).collect()],
        };
        let least = |words: &[&str], width| cells(words).least_widths(width);
        // 34 columns: five borders leave 29 for four cells.
        assert_eq!(
            least(&["2001", "a", "a member", "of"], 34),
            [Some(6), Some(3), Some(8), Some(4)]
        );
        assert_eq!(
            least(&["2001-07-15", "organisation", "x", "y"], 36),
            [Some(12), None, Some(3), Some(3)]
        );
        assert_eq!(least(&["organisation", "organisation"], 20), [None, None]);
        let mut text = Vec::new();
        let long = "the words of a long text that does not fit";
        cells(&[long, "2001-07-15", "organisation"]).write(Some(44), &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains(" 2001-07-15 ") && text.contains(" organisation "), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 44), "{text}");
    }

    #[test]
    fn only_long_words_are_broken() {
        for (text, expected) in [
            ("short", "short"),
            ("ab cde fghij klm", "ab cde fghi\nj klm"),
            ("ééééééééé", "éééé\néééé\né"),
        ] {
            assert_eq!(broken(text.to_owned(), 4), expected.replace("short", "shor\nt"));
        }
    }

    #[test]
    fn a_long_word_is_written_in_time_that_grows_with_its_length() {
        let time = |letters: usize, width| {
            let cells = Cells {
                markup: Markup::Plain,
                header: vec!["word".to_owned()],
                rows: vec![vec!["a".repeat(letters)]],
            };
            let started = Instant::now();
            cells.write(width, &mut Vec::new()).unwrap();
            started.elapsed()
        };
        for width in [None, Some(80)] {
            let limit = time(100_000, width) * 400 + Duration::from_millis(200);
            assert!(time(2_000_000, width) < limit, "{width:?}");
        }
    }
}
