//! Tables for people: on a terminal and in Markdown.

use super::Naming;
use super::naming::Names;
use crate::format::ResultFormat;
use comfy_table::{ContentArrangement, Table, presets};
use oxigraph::sparql::{QuerySolution, Variable};
use std::io::{self, Write};

/// A table of words. In Markdown, what has meaning there is already escaped.
pub(super) struct Cells {
    format: ResultFormat,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Cells {
    /// The table of some solutions, for a terminal or for Markdown.
    pub fn of(
        variables: &[Variable],
        solutions: &[QuerySolution],
        naming: &Naming<'_>,
        format: ResultFormat,
    ) -> Self {
        let terms = solutions.iter().flat_map(|solution| solution.values().iter().flatten());
        let names = naming.names(terms);
        let clean = |text| cleaned(text, format);
        Self {
            format,
            header: variables.iter().map(|variable| clean(variable.as_str().to_owned())).collect(),
            rows: solutions
                .iter()
                .map(|solution| words(solution, &names).map(clean).collect())
                .collect(),
        }
    }

    /// Adds a column, in whose cells markup means what it says.
    pub fn add_column(&mut self, heading: &str, column: Vec<String>) {
        self.header.push(cleaned(heading.to_owned(), self.format));
        for (row, cell) in self.rows.iter_mut().zip(column) {
            row.push(cell);
        }
    }

    /// Writes a table with borders, fitted to a width by breaking cells into lines or as wide as it gets, or one in
    /// Markdown.
    pub fn write(self, width: Option<u16>, out: &mut dyn Write) -> io::Result<()> {
        if self.format == ResultFormat::Markdown {
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
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        table.set_header(self.header);
        for row in self.rows {
            table.add_row(row);
        }
        for line in table.lines() {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }
}

/// A text that stands for itself.
fn cleaned(text: String, format: ResultFormat) -> String {
    match format {
        ResultFormat::Markdown => escape_markdown(&text),
        _ => text,
    }
}

fn words(solution: &QuerySolution, names: &Names<'_>) -> impl Iterator<Item = String> {
    let values = solution.values().iter();
    values.map(|value| value.as_ref().map(|term| names.name(term)).unwrap_or_default())
}

/// A text in which no character is Markdown's or HTML's.
pub fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("<br>"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
