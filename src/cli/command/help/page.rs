//! A page of the documentation as plain text for a terminal.

use crate::cli::output::write_filled;
use regex::Regex;
use std::io::{self, Write};
use std::sync::LazyLock;
use unicode_width::UnicodeWidthStr as _;

#[expect(clippy::unwrap_used, reason = "the expression is constant")]
static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\[([^\]]+)\]\([^)]+\)").unwrap());

/// What goes on over the lines of a page until something else begins.
#[derive(Default)]
struct Block {
    /// The words of a paragraph or of an item of a list, on one line.
    paragraph: String,
    /// The rows of a table.
    rows: Vec<Vec<String>>,
}

/// Writes Markdown as plain text: paragraphs are filled, code is indented, the cells of tables are aligned, headings of
/// sections are underlined, and links are shown as their text.
pub(super) fn write_page(markdown: &str, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut block = Block::default();
    let mut is_code = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            block.end(width, out)?;
            is_code = !is_code;
        } else if is_code {
            writeln!(out, "{}", format!("    {line}").trim_end())?;
        } else if let Some(cells) = line.strip_prefix('|') {
            block.rows.push(cells_of(cells));
        } else if line.is_empty() {
            block.end(width, out)?;
            writeln!(out)?;
        } else if line.starts_with('#') {
            write_heading(line, out)?;
        } else {
            if marker(line) > 0 {
                block.end(width, out)?;
            }
            let gap = if block.paragraph.is_empty() { "" } else { " " };
            block.paragraph += gap;
            block.paragraph += line.trim_start();
        }
    }
    block.end(width, out)
}

impl Block {
    /// Writes the paragraph or the table, and begins anew.
    fn end(&mut self, width: usize, out: &mut dyn Write) -> io::Result<()> {
        let Self { paragraph, rows } = std::mem::take(self);
        if !paragraph.is_empty() {
            let hanging = " ".repeat(marker(&paragraph));
            write_filled(&plain(&paragraph), "", &hanging, width, out)?;
        }
        write_table(&rows, width, out)
    }
}

/// Returns the width of the marker of a list's item at the beginning of a line: zero if there is none.
fn marker(line: &str) -> usize {
    let Some((marker, _)) = line.split_once(' ') else { return 0 };
    let number = marker.strip_suffix('.').unwrap_or_default();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if marker == "-" || is_number { marker.len() + 1 } else { 0 }
}

/// Returns text with links as their text, and without the marks of bold print.
fn plain(text: &str) -> String {
    LINK.replace_all(text, "$1").replace("**", "")
}

fn write_heading(line: &str, out: &mut dyn Write) -> io::Result<()> {
    let title = plain(line.trim_start_matches('#').trim_start());
    writeln!(out, "{title}")?;
    if line.starts_with("##") {
        writeln!(out, "{}", "-".repeat(title.width()))?;
    }
    Ok(())
}

/// Returns the cells of a table's row behind its first bar. A bar in a cell has a backslash before it.
fn cells_of(row: &str) -> Vec<String> {
    let row = row.trim_end().trim_end_matches('|').replace("\\|", "\0");
    row.split('|').map(|cell| plain(cell.trim()).replace('\0', "|")).collect()
}

/// Writes the rows with their cells below each other; the last one is filled.
fn write_table(rows: &[Vec<String>], width: usize, out: &mut dyn Write) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width_of =
        |column: usize| rows.iter().filter_map(|row| Some(row.get(column)?.width())).max();
    let widths: Vec<usize> = (0..columns).filter_map(width_of).collect();
    for row in rows {
        let Some((last, first)) = row.split_last() else { continue };
        let mut before = String::new();
        for (cell, width) in first.iter().zip(&widths) {
            before += cell;
            before += &" ".repeat(width - cell.width() + 2);
        }
        let hanging = " ".repeat(before.width());
        if last.is_empty() {
            writeln!(out, "{}", before.trim_end())?;
        } else {
            write_filled(last, &before, &hanging, width, out)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_plain_text() {
        let page = "# A **page**\n\nA paragraph on [two](other.md#anchor)\nlines.\n\n## Its `section`\n\n\
            - An item that\n  goes on.\n- Another.\n1. First.\n\n\
            | a | b |\n| --- | --- |\n| one `\\|` two | what is long |\n| x | |\n\n```console\n$ [x](y)\n\n- z\n```\n";
        let mut out = Vec::new();
        write_page(page, 22, &mut out).unwrap();
        let expected = "A page\n\nA paragraph on two\nlines.\n\nIts `section`\n-------------\n\n\
            - An item that goes\n  on.\n- Another.\n1. First.\n\n\
            a            b\n---          ---\none `|` two  what is\n             long\nx\n\n    $ [x](y)\n\n    - z\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
