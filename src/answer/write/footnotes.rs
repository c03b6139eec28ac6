//! Footnotes: numbers for claims, letters for absences, and their texts.

use super::ResolvedCitation;
use super::markup::{Markup, escape_markdown};
use super::numbering::{Choice, FootnoteNumbers, Mark, Way, letters};
use crate::claim::{Claim, Reference};
use crate::printable::printable;
use crate::vocabulary::Prefixes;
use oxigraph::model::NamedNode;
use std::io::{self, Write};

/// The number of consecutive numbers from which they are written as a range.
const SHORTEST_RUN: usize = 4;

/// The footnotes of an answer as text.
pub(super) struct Footnotes<'a> {
    markup: Markup,
    prefixes: &'a Prefixes,
    numbers: FootnoteNumbers,
}

impl<'a> Footnotes<'a> {
    /// Creates an empty list of footnotes.
    pub(super) fn new(markup: Markup, prefixes: &'a Prefixes) -> Self {
        Self { markup, prefixes, numbers: FootnoteNumbers::default() }
    }

    /// Returns the marks of a citation, such as `1+2 or 5`, `3 −a` or `background`.
    pub(super) fn mark(&mut self, cited: &ResolvedCitation) -> String {
        let Mark { ways, has_more, doubt } = self.numbers.mark(cited);
        let mut ways: Vec<String> = ways.iter().map(|way| self.way(way)).collect();
        ways.extend(has_more.then(|| "…".to_owned()));
        let mut mark = ways.join(" or ");
        if let Some(doubt) = doubt {
            if !mark.is_empty() {
                mark.push(' ');
            }
            mark.push_str(doubt);
        }
        mark
    }

    fn way(&self, way: &Way) -> String {
        let mut words = if way.is_background { "background".to_owned() } else { String::new() };
        let mut rest = way.choices.as_slice();
        while let Some(choice) = rest.first() {
            if !words.is_empty() {
                words.push('+');
            }
            let run = self.run(rest);
            if run >= SHORTEST_RUN {
                let first = choice.numbers[0];
                words.push_str(&format!("{first}–{}", first + run - 1));
                rest = &rest[run..];
                continue;
            }
            let numbers = choice.numbers.iter().map(|number| self.reference(&number.to_string()));
            let marks: Vec<String> =
                numbers.chain(choice.has_more.then(|| "…".to_owned())).collect();
            let alternatives = marks.join(" or ");
            let has_brackets = marks.len() > 1 && way.needs_brackets();
            words.push_str(&if has_brackets { format!("({alternatives})") } else { alternatives });
            rest = &rest[1..];
        }
        for letter in &way.absences {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push('−');
            words.push_str(&self.reference(&letters(*letter)));
        }
        words
    }

    /// Returns the number of factors with consecutive numbers and without alternatives.
    fn run(&self, factors: &[Choice]) -> usize {
        match self.markup {
            Markup::Markdown => 0,
            Markup::Plain => {
                let first = factors[0].numbers[0];
                let follows = |(i, factor): &(usize, &Choice)| factor.numbers == [first + i];
                factors.iter().enumerate().take_while(follows).count()
            }
        }
    }

    fn reference(&self, name: &str) -> String {
        match self.markup {
            Markup::Plain => name.to_owned(),
            Markup::Markdown => format!("[^{name}]"),
        }
    }

    /// Writes the footnotes, wrapped at the width if there is one.
    pub(super) fn write(&self, width: Option<u16>, out: &mut dyn Write) -> io::Result<()> {
        if self.numbers.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let (notes, absences) = (self.numbers.notes(), self.numbers.absences(self.prefixes));
        let widest = letters(absences.len().saturating_sub(1)).len();
        let room = notes.len().to_string().len().max(widest);
        for (i, reference) in notes.iter().enumerate() {
            let lines = self.words(reference);
            self.write_note(&(i + 1).to_string(), &lines, room, width, out)?;
        }
        for (i, absent) in absences.iter().enumerate() {
            let lines = [self.clean(&absent.sentence())];
            self.write_note(&letters(i), &lines, room, width, out)?;
        }
        if self.numbers.has_notes() && !self.numbers.reasons().is_empty() {
            writeln!(out)?;
        }
        for reason in self.numbers.reasons() {
            writeln!(out, "{}", self.clean(reason))?;
        }
        Ok(())
    }

    /// Returns the lines of the footnote of a claim or of another graph.
    fn words(&self, reference: &Reference) -> Vec<String> {
        let name = self.prefixes.show(reference.name());
        match reference {
            Reference::Claim(claim) => {
                let mut lines =
                    vec![self.line(&format!("{name}, {}", source(claim, self.prefixes)))];
                let quote = claim.quotes.first();
                lines.extend(quote.map(|quote| self.line(&format!("“{}”", quote.text.trim()))));
                lines.extend(claim.notes.iter().map(|note| self.line(&format!("reading: {note}"))));
                lines
            }
            Reference::Graph { label, .. } => {
                let label = label.as_ref().map(|label| format!("{label}, ")).unwrap_or_default();
                vec![self.line(&format!("{label}the graph {name} (no quote)"))]
            }
        }
    }

    fn write_note(
        &self,
        name: &str,
        lines: &[String],
        room: usize,
        width: Option<u16>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.markup == Markup::Markdown {
            return writeln!(out, "[^{name}]: {}", lines.join(" — "));
        }
        let first = format!("{:>room$}[{name}] ", "", room = room - name.len());
        let indent = " ".repeat(room + 3);
        for (i, line) in lines.iter().enumerate() {
            let begin = if i == 0 { &first } else { &indent };
            match width {
                None => writeln!(out, "{begin}{line}")?,
                Some(width) => {
                    let options = textwrap::Options::new(usize::from(width))
                        .initial_indent(begin)
                        .subsequent_indent(&indent);
                    for line in textwrap::wrap(line, options) {
                        writeln!(out, "{line}")?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns words on one line, with white space normalized.
    fn line(&self, words: &str) -> String {
        self.clean(&words.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Escapes a text so that a terminal or Markdown shows it literally.
    fn clean(&self, text: &str) -> String {
        match self.markup {
            Markup::Plain => printable(text).into_owned(),
            Markup::Markdown => escape_markdown(&printable(text)),
        }
    }
}

/// Returns the source of a claim's quote: the title of the document, the location, and the document that it restates.
pub(crate) fn source(claim: &Claim, prefixes: &Prefixes) -> String {
    let source = claim.source.as_deref();
    let mut words = match (source.and_then(|source| source.title.as_ref()), &claim.documents[..]) {
        (Some(title), _) => title.clone(),
        (None, documents) => documents.first().map(|iri| prefixes.show(iri)).unwrap_or_default(),
    };
    for place in claim.passages() {
        words.push_str(&format!(", {}", place.short()));
    }
    if let Err(misplaced) = claim.place() {
        words.push_str(&format!(" ({misplaced})"));
    }
    if let Some(page) = source.and_then(|source| source.derived_from.as_ref()) {
        words.push_str(&format!(", derived from {}", host(page)));
    }
    words
}

/// Returns what people call a web page: its host.
pub(crate) fn host(iri: &NamedNode) -> &str {
    let iri = iri.as_str();
    match iri.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or(rest),
        None => iri,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_called_by_its_host() {
        let host_of = |iri: &str| host(&NamedNode::new_unchecked(iri)).to_owned();
        assert_eq!(host_of("https://dig.watch/actor/x?y#z"), "dig.watch");
        assert_eq!(host_of("urn:isbn:1"), "urn:isbn:1");
    }
}
