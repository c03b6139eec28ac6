//! An annotated document as Markdown, in which the text is never interpreted as markup.

use super::AnnotatedDocument;
use super::statements::TermNames;
use super::text::{abridge, kind_of_note};
use crate::answer::write::{Naming, escape_markdown};
use crate::claim::stretches;
use crate::dossier::PassagePart;
use crate::printable::printable;
use std::io::{self, Write};
use std::ops::Range;

/// Writes a document as Markdown.
///
/// # Errors
/// Fails if the writer fails.
pub(crate) fn write_markdown(
    reading: &AnnotatedDocument,
    naming: &Naming<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let spoken = TermNames::new(reading, naming);
    let curie = naming.prefixes.show(&reading.document);
    writeln!(out, "# {}\n", escaped(reading.title.as_deref().unwrap_or(&curie)))?;
    write!(out, "{}", escaped(&curie))?;
    if let Some(source) = &reading.derived_from {
        write!(out, ", derived from {}", escaped(source.as_str()))?;
    }
    writeln!(out)?;
    for block in reading.blocks() {
        let page = block.page.map(|page| format!("Page {page}, ")).unwrap_or_default();
        match block.paragraph {
            Some(number) if page.is_empty() => writeln!(out, "\n## Paragraph {number}\n")?,
            Some(number) => writeln!(out, "\n## {page}paragraph {number}\n")?,
            None if page.is_empty() => writeln!(out, "\n## Header\n")?,
            None => writeln!(out, "\n## {page}header\n")?,
        }
        for line in &block.lines {
            // The beginning of a line can be markup in Markdown, so the text never begins one.
            match (line.begins, block.paragraph) {
                (Some(PassagePart::HeaderLine(number)), _) => write!(out, "- line {number}: ")?,
                (Some(PassagePart::Item { item, .. }), _) => write!(out, "- item {item}: ")?,
                (Some(PassagePart::Row { row, .. }), _) => write!(out, "- row {row}: ")?,
                (_, Some(number)) if line.is_prose => write!(out, "¶{number} ")?,
                _ => write!(out, "- … ")?,
            }
            write_marked(reading, line.span.clone(), out)?;
        }
        write_quotes(reading, naming, &spoken, reading.ending_in(&block.span()), out)?;
    }
    if !reading.without_place.is_empty() {
        writeln!(out, "\n## Without a position\n")?;
    }
    for unplaced in &reading.without_place {
        let thing = escaped(&naming.prefixes.show(&unplaced.name));
        write!(out, "- **{thing}**")?;
        for quote in unplaced.quotes.iter().map(|quote| &quote.text) {
            write!(out, " “{}”", escaped(quote))?;
        }
        if let Err(misplaced) = unplaced.place() {
            write!(out, ": {misplaced}")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "\n{}", reading.coverage())
}

/// Writes a part of the text, with uncovered words highlighted and marks where quotes end.
fn write_marked(
    reading: &AnnotatedDocument,
    part: Range<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = reading.text.text();
    for stretch in stretches(&reading.text, part, &reading.covers()) {
        let words = escaped(&text[stretch.span.clone()]);
        if stretch.is_uncovered(text) {
            write!(out, "⟨not covered: {words}⟩")?;
        } else {
            write!(out, "{words}")?;
        }
        for number in stretch.ends {
            write!(out, "\\[{}\\]", number + 1)?;
        }
    }
    writeln!(out)
}

fn write_quotes(
    reading: &AnnotatedDocument,
    naming: &Naming<'_>,
    spoken: &TermNames<'_>,
    numbers: Range<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if !numbers.is_empty() {
        writeln!(out)?;
    }
    for number in numbers {
        let quote = &reading.quotes[number];
        let words = &reading.text.text()[quote.cover.span.clone()];
        let thing = escaped(&naming.prefixes.show(&quote.claim.name));
        writeln!(out, "- \\[{}\\] **{thing}** “{}”", number + 1, escaped(&abridge(words)))?;
        for line in spoken.lines(&quote.states) {
            writeln!(out, "  - {}", escaped(&line))?;
        }
        for note in &quote.claim.notes {
            writeln!(out, "  - {}: {}", kind_of_note(quote.cover.by), escaped(note))?;
        }
    }
    Ok(())
}

/// Returns a text on one line, with markup escaped.
fn escaped(text: &str) -> String {
    escape_markdown(&printable(&text.replace(['\n', '\x0c'], " ")))
}
