//! An annotated document as text: each part with marks after its quotes, followed by the quotes.

use super::AnnotatedDocument;
use super::statements::TermNames;
use super::wrap::{Face, Piece, write_line, write_wrapped};
use crate::answer::write::Naming;
use crate::claim::{ClaimKind, stretches};
use crate::dossier::{PassagePart, TextBlock, TextLine};
use crate::printable::printable;
use oxigraph::model::NamedNode;
use std::io::{self, Write};
use std::ops::Range;

/// The capabilities of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Looks {
    /// The most columns of a line.
    pub width: usize,
    /// Whether colours are available, as on a terminal. Otherwise brackets replace them.
    pub colour: bool,
}

/// Writes a document for people, with all terminal control characters escaped.
///
/// # Errors
/// Fails if the writer fails.
pub(crate) fn write_text(
    reading: &AnnotatedDocument,
    naming: &Naming<'_>,
    looks: Looks,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page { reading, naming, spoken: TermNames::new(reading, naming), looks };
    page.title(out)?;
    for block in reading.blocks() {
        writeln!(out)?;
        page.line(&[(Face::Quiet, heading(&block))], out)?;
        let is_numbered = block.lines.iter().any(|line| line.begins.is_some());
        for line in &block.lines {
            page.text_line(line, is_numbered, out)?;
        }
        page.quotes(reading.ending_in(&block.span()), out)?;
    }
    page.unplaced(out)?;
    writeln!(out)?;
    let is_underlined = looks.colour && reading.words.uncovered > 0;
    let legend = if is_underlined { " (underlined)" } else { "" };
    page.wrapped(&[(Face::Plain, format!("{}{legend}", reading.coverage()))], ("", ""), out)
}

struct Page<'a> {
    reading: &'a AnnotatedDocument,
    naming: &'a Naming<'a>,
    spoken: TermNames<'a>,
    looks: Looks,
}

impl Page<'_> {
    fn line(&self, pieces: &[Piece], out: &mut dyn Write) -> io::Result<()> {
        write_line(pieces, self.looks.colour, out)
    }

    fn wrapped(
        &self,
        pieces: &[Piece],
        indents: (&str, &str),
        out: &mut dyn Write,
    ) -> io::Result<()> {
        write_wrapped(pieces, indents, self.looks.width, self.looks.colour, out)
    }

    /// Returns an IRI as a CURIE, with characters escaped that would change the writing direction.
    fn curie(&self, iri: &NamedNode) -> String {
        printable(&self.naming.prefixes.show(iri)).into_owned()
    }

    fn title(&self, out: &mut dyn Write) -> io::Result<()> {
        let curie = self.curie(&self.reading.document);
        let title = self.reading.title.as_deref().unwrap_or(&curie);
        self.wrapped(&[(Face::Name, printable(title).into_owned())], ("", ""), out)?;
        let mut pieces = vec![(Face::Quiet, curie.clone())];
        if let Some(source) = &self.reading.derived_from {
            pieces
                .push((Face::Quiet, format!(", derived from {}", printable(&source.to_string()))));
        }
        self.wrapped(&pieces, ("", ""), out)
    }

    /// Writes a line of the text, with its number if the block is a header, a list or a table.
    fn text_line(&self, line: &TextLine, is_numbered: bool, out: &mut dyn Write) -> io::Result<()> {
        let number = match line.begins {
            Some(PassagePart::HeaderLine(number)) => number.to_string(),
            Some(PassagePart::Item { item, .. }) => item.to_string(),
            Some(PassagePart::Row { row, .. }) => row.to_string(),
            Some(PassagePart::Sentence { .. }) | None => String::new(),
        };
        // A deep indent leaves room for words.
        let indent = " ".repeat(line.indent.min(self.looks.width / 4));
        let first =
            if is_numbered && !line.is_prose { format!("{number:>3}  {indent}") } else { indent };
        self.wrapped(&self.marked(&line.span), (&first, &" ".repeat(first.len())), out)
    }

    /// Returns a part of the text as pieces, with uncovered words highlighted and marks where quotes end.
    fn marked(&self, part: &Range<usize>) -> Vec<Piece> {
        let text = self.reading.text.text();
        let mut pieces: Vec<Piece> = Vec::new();
        for stretch in stretches(&self.reading.text, part.clone(), &self.reading.covers()) {
            // A form feed is white space here, where pages have headings.
            let words = text[stretch.span.clone()].replace('\x0c', " ");
            let words = printable(&words);
            pieces.push(match (stretch.is_uncovered(text), self.looks.colour) {
                (true, true) => (Face::Uncovered, words.into_owned()),
                (true, false) => (Face::Plain, format!("⟨not covered: {words}⟩")),
                (false, _) => (Face::Plain, words.into_owned()),
            });
            let marks = stretch.ends.iter().map(|number| format!("[{}]", number + 1));
            pieces.push((Face::Mark, marks.collect()));
        }
        pieces
    }

    /// Writes the quotes with these numbers, each with its claim and what that states, or the reason for an omission.
    fn quotes(&self, numbers: Range<usize>, out: &mut dyn Write) -> io::Result<()> {
        if !numbers.is_empty() {
            writeln!(out)?;
        }
        let widest = format!("[{}]", numbers.end).len();
        let indent = " ".repeat(2 + widest + 1);
        for number in numbers {
            let quote = &self.reading.quotes[number];
            let mark = format!("[{}]", number + 1);
            let words = &self.reading.text.text()[quote.cover.span.clone()];
            let head = [
                (Face::Mark, mark.clone()),
                (Face::Plain, " ".to_owned()),
                (Face::Name, self.curie(&quote.claim.name)),
                (Face::Quiet, format!(" “{}”", printable(&abridge(words)))),
            ];
            let first = " ".repeat(2 + widest - mark.len());
            self.wrapped(&head, (&first, &indent), out)?;
            let below = |line: &str, out: &mut dyn Write| {
                self.wrapped(
                    &[(Face::Plain, line.to_owned())],
                    (&indent, &format!("{indent}  ")),
                    out,
                )
            };
            for line in self.spoken.lines(&quote.states) {
                below(&printable(&line), out)?;
            }
            for note in &quote.claim.notes {
                below(&format!("{}: {}", kind_of_note(quote.cover.by), printable(note)), out)?;
            }
        }
        Ok(())
    }

    fn unplaced(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.reading.without_place.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        self.line(&[(Face::Quiet, "Without a position".into())], out)?;
        for unplaced in &self.reading.without_place {
            let mut pieces = vec![(Face::Name, self.curie(&unplaced.name))];
            for quote in unplaced.quotes.iter().map(|quote| &quote.text) {
                pieces.push((Face::Quiet, format!(" “{}”", printable(quote))));
            }
            if let Err(misplaced) = unplaced.place() {
                pieces.push((Face::Plain, format!(": {misplaced}")));
            }
            self.wrapped(&pieces, ("  ", "    "), out)?;
        }
        Ok(())
    }
}

/// Returns the heading of a block: `Header`, `¶3`, or `p. 2, ¶1`.
fn heading(block: &TextBlock) -> String {
    let heading = block.paragraph.map_or("Header".to_owned(), |number| format!("¶{number}"));
    match block.page {
        Some(page) => format!("p. {page}, {heading}"),
        None => heading,
    }
}

/// Returns the label for the notes of a quote.
pub(super) const fn kind_of_note(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Claim | ClaimKind::Other => "reading",
        ClaimKind::Omission => "omission",
    }
}

/// Returns a recognizable short form of a quote: its first and last words.
pub(super) fn abridge(quote: &str) -> String {
    const ENDS: usize = 3;
    let words: Vec<&str> = quote.split_whitespace().collect();
    if words.len() <= 2 * ENDS + 2 {
        words.join(" ")
    } else {
        let (first, last) = (words[..ENDS].join(" "), words[words.len() - ENDS..].join(" "));
        format!("{first} … {last}")
    }
}
