//! Footnotes: numbers for claims, letters for absences, and their texts.

use super::ResolvedCitation;
use super::absences::Absences;
use super::markup::{Markup, escape_markdown};
use super::words::rests_on_background;
use crate::cite::{Derivation, Reason, Status};
use crate::claim::{Claim, Reference};
use crate::printable::printable;
use crate::vocabulary::Prefixes;
use oxigraph::model::NamedNode;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};
use std::sync::Arc;

/// The most derivations of a row that are shown to people.
const MOST_SHOWN: usize = 3;

/// The most alternative claims that are shown to people.
const MOST_ALTERNATIVES: usize = 5;

/// The number of consecutive numbers from which they are written as a range.
const SHORTEST_RUN: usize = 4;

/// The footnotes of an answer, numbered in the order of first use.
pub(super) struct Footnotes<'a> {
    markup: Markup,
    prefixes: &'a Prefixes,
    numbers: HashMap<NamedNode, usize>,
    notes: Vec<Arc<Reference>>,
    absences: Absences,
    reasons: Vec<String>,
}

/// Alternative claims, by number.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Choice {
    /// The numbers that are shown.
    numbers: Vec<usize>,
    /// Whether there are others.
    has_more: bool,
}

impl<'a> Footnotes<'a> {
    /// Creates an empty list of footnotes.
    pub(super) fn new(markup: Markup, prefixes: &'a Prefixes) -> Self {
        Self {
            markup,
            prefixes,
            numbers: HashMap::new(),
            notes: Vec::new(),
            absences: Absences::default(),
            reasons: Vec::new(),
        }
    }

    /// Returns the marks of a citation, such as `1+2 or 5`, `3 −a` or `background`.
    pub(super) fn mark(&mut self, cited: &ResolvedCitation) -> String {
        let (citation, references) = (&cited.citation, &cited.in_order());
        let shown = citation.derivations.iter().take(MOST_SHOWN);
        let mut ways = Vec::new();
        for derivation in shown {
            let way = self.derivation(derivation, references);
            // Derivations that differ only in the row's values in an absence share its letter, and so their whole mark.
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        if citation.derivations.len() > MOST_SHOWN || citation.has_more {
            ways.push("…".to_owned());
        }
        let mut mark = ways.join(" or ");
        if let Some(reason) = citation.status.reason() {
            let reason = format!("{}: {reason}", citation.status.name());
            if !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
        let is_fine = matches!(
            citation.status,
            Status::Verified | Status::Background | Status::Unverified(Reason::NotAsked)
        );
        if !is_fine {
            if !mark.is_empty() {
                mark.push(' ');
            }
            mark.push_str(citation.status.name());
        }
        mark
    }

    fn derivation(&mut self, derivation: &Derivation, references: &[Arc<Reference>]) -> String {
        let factors = derivation.factors();
        self.number(factors.iter().copied().flat_map(shown), references);
        let mut factors: Vec<Choice> = factors
            .iter()
            .map(|graphs| {
                let mut numbers: Vec<usize> =
                    shown(graphs).iter().map(|graph| self.numbers[graph]).collect();
                numbers.sort_unstable();
                Choice { numbers, has_more: graphs.len() > MOST_ALTERNATIVES }
            })
            .collect();
        factors.sort();
        let is_alone = factors.len() == 1 && derivation.absences.is_empty();
        let is_background = rests_on_background(derivation);
        let mut words = if is_background { "background".to_owned() } else { String::new() };
        let mut rest = factors.as_slice();
        while let Some(factor) = rest.first() {
            if !words.is_empty() {
                words.push('+');
            }
            let run = self.run(rest);
            if run >= SHORTEST_RUN {
                let first = factor.numbers[0];
                words.push_str(&format!("{first}–{}", first + run - 1));
                rest = &rest[run..];
                continue;
            }
            let numbers = factor.numbers.iter().map(|number| self.reference(&number.to_string()));
            let marks: Vec<String> =
                numbers.chain(factor.has_more.then(|| "…".to_owned())).collect();
            let choice = marks.join(" or ");
            let needs_brackets = marks.len() > 1 && !is_alone;
            words.push_str(&if needs_brackets { format!("({choice})") } else { choice });
            rest = &rest[1..];
        }
        let letters: BTreeSet<usize> =
            derivation.absences.iter().map(|absence| self.absences.add(absence)).collect();
        for letter in letters {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push('−');
            words.push_str(&self.reference(&self::letters(letter)));
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

    /// Numbers graphs that have no number: claims in the order of their documents, then the others.
    fn number<'g>(
        &mut self,
        graphs: impl Iterator<Item = &'g NamedNode>,
        references: &[Arc<Reference>],
    ) {
        let unnumbered: BTreeSet<&NamedNode> =
            graphs.filter(|graph| !self.numbers.contains_key(*graph)).collect();
        // Both are sorted by name.
        let known = |graph: &NamedNode| references.binary_search_by(|r| r.name().cmp(graph)).ok();
        let mut new: Vec<Arc<Reference>> = unnumbered
            .into_iter()
            .filter_map(|graph| known(graph).map(|place| Arc::clone(&references[place])))
            .collect();
        new.sort_by_cached_key(|reference| reference.reading_order());
        for reference in new {
            self.numbers.insert(reference.name().clone(), self.notes.len() + 1);
            self.notes.push(reference);
        }
    }

    /// Writes the footnotes, wrapped at the width if there is one.
    pub(super) fn write(&self, width: Option<u16>, out: &mut dyn Write) -> io::Result<()> {
        if self.notes.is_empty() && self.absences.is_empty() && self.reasons.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let widest = letters(self.absences.len().saturating_sub(1)).len();
        let room = self.notes.len().to_string().len().max(widest);
        for (i, reference) in self.notes.iter().enumerate() {
            let lines = self.words(reference);
            self.write_note(&(i + 1).to_string(), &lines, room, width, out)?;
        }
        for (i, words) in self.absences.words("row", self.prefixes).into_iter().enumerate() {
            let lines = [self.clean(&words)];
            self.write_note(&letters(i), &lines, room, width, out)?;
        }
        let has_notes = !self.notes.is_empty() || !self.absences.is_empty();
        if has_notes && !self.reasons.is_empty() {
            writeln!(out)?;
        }
        for reason in &self.reasons {
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

/// Returns those of several alternative graphs that are shown.
fn shown(graphs: &[NamedNode]) -> &[NamedNode] {
    graphs.get(..MOST_ALTERNATIVES).unwrap_or(graphs)
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
fn host(iri: &NamedNode) -> &str {
    let iri = iri.as_str();
    match iri.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or(rest),
        None => iri,
    }
}

/// Returns a number as letters: a to z, then aa and so on.
fn letters(mut number: usize) -> String {
    let mut letters = String::new();
    loop {
        let letter = u8::try_from(number % 26).unwrap_or_default();
        letters.insert(0, char::from(b'a' + letter));
        match (number / 26).checked_sub(1) {
            Some(rest) => number = rest,
            None => return letters,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count_on_behind_z() {
        assert_eq!(
            [0, 1, 25, 26, 27, 51, 52, 701, 702].map(letters),
            ["a", "b", "z", "aa", "ab", "az", "ba", "zz", "aaa"]
        );
    }

    #[test]
    fn a_page_is_called_by_its_host() {
        let host_of = |iri: &str| host(&NamedNode::new_unchecked(iri)).to_owned();
        assert_eq!(host_of("https://dig.watch/actor/x?y#z"), "dig.watch");
        assert_eq!(host_of("urn:isbn:1"), "urn:isbn:1");
    }
}
