//! Tables for people: on a terminal and in Markdown.

use super::naming::Names;
use super::{Naming, WriteError};
use crate::error::Result;
use comfy_table::{ContentArrangement, Table, presets};
use oxigraph::sparql::{QuerySolution, Variable};
use std::io::Write;

/// A table with borders, fitted to a width by breaking cells into lines, or as wide as it gets.
pub(super) fn write_table(
    variables: &[Variable],
    solutions: impl Iterator<Item = Result<QuerySolution>>,
    naming: &Naming<'_>,
    width: Option<u16>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let solutions: Vec<_> = solutions.collect::<Result<_>>()?;
    let names = naming.names(terms(&solutions));
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.set_header(variables.iter().map(Variable::as_str));
    for solution in &solutions {
        table.add_row(cells(solution, &names));
    }
    for line in table.lines() {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A Markdown table, in which no text is markup.
pub(super) fn write_markdown(
    variables: &[Variable],
    solutions: impl Iterator<Item = Result<QuerySolution>>,
    naming: &Naming<'_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let solutions: Vec<_> = solutions.collect::<Result<_>>()?;
    let names = naming.names(terms(&solutions));
    write_markdown_row(variables.iter().map(|variable| escape_markdown(variable.as_str())), out)?;
    write_markdown_row(variables.iter().map(|_| "---".to_owned()), out)?;
    for solution in &solutions {
        let cells = cells(solution, &names);
        write_markdown_row(cells.iter().map(|cell| escape_markdown(cell)), out)?;
    }
    Ok(())
}

fn write_markdown_row(
    cells: impl Iterator<Item = String>,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    write!(out, "|")?;
    for cell in cells {
        write!(out, " {cell} |")?;
    }
    writeln!(out)
}

fn terms(solutions: &[QuerySolution]) -> impl Iterator<Item = &oxigraph::model::Term> {
    solutions.iter().flat_map(|solution| solution.values().iter().flatten())
}

fn cells(solution: &QuerySolution, names: &Names<'_>) -> Vec<String> {
    let values = solution.values().iter();
    values.map(|value| value.as_ref().map(|term| names.name(term)).unwrap_or_default()).collect()
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
