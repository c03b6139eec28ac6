//! A document to read: its text with the claims that quote it, what is left out, and what nothing covers yet; as text
//! for people, as Markdown and as JSON.

mod json;
mod markdown;
mod shelf;
mod statements;
mod text;
mod wrap;

pub(crate) use json::write_json;
pub(crate) use markdown::write_markdown;
pub(crate) use text::{Looks, write_text};

use crate::claim::{Claim, Cover, Misplaced, WordCounts, words};
use crate::diagnostic::{Result, error};
use crate::dossier::{Document, Passage, PassageLocator, last_part};
use crate::session::Session;
use crate::vocabulary::dos;
use oxigraph::model::{NamedNode, Triple};
use shelf::Shelf;
use std::ops::Range;

/// A document with the claims and omissions that quote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnnotatedDocument {
    /// The document.
    pub document: NamedNode,
    /// Its title, else its label.
    pub title: Option<String>,
    /// What it is derived from.
    pub derived_from: Option<NamedNode>,
    /// Its text.
    pub text: Document,
    /// What quotes it and has a place, in the order in which the quotes end; those that end together, the shortest first.
    pub quotes: Vec<Annotation>,
    /// The claims and omissions whose quotes have no place.
    pub without_place: Vec<Claim>,
    /// How many words are covered.
    pub words: WordCounts,
}

/// What quotes a part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Annotation {
    /// The claim or the omission.
    pub claim: Claim,
    /// What the quote covers, without the white space at its ends.
    pub cover: Cover,
    /// What the claim states, in an order that does not change.
    pub states: Vec<Triple>,
}

/// A block of a text: the header or a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextBlock {
    /// The number of the paragraph: none for the header.
    pub paragraph: Option<u32>,
    /// The lines of the header, or the paragraph as a whole: bytes of the text.
    pub lines: Vec<Range<usize>>,
}

impl TextBlock {
    /// Where it stands as a whole: bytes of the text.
    pub(crate) fn span(&self) -> Range<usize> {
        let start = self.lines.first().map_or(0, |line| line.start);
        start..self.lines.last().map_or(start, |line| line.end)
    }
}

impl AnnotatedDocument {
    /// Opens the document that a name stands for: an IRI, a CURIE, a title or a label, or the name of its file. The
    /// name may be left out where there is one document only.
    ///
    /// # Errors
    /// If the name is that of no document or of several, or the document has no text.
    pub(crate) fn open(session: &Session, name: Option<&str>) -> Result<Self> {
        let document = Shelf::of(session)?.find(name)?;
        let text = session.texts()?.of(document.as_str()).map_err(|misplaced| {
            let shown = session.prefixes().show(&document);
            let file = last_part(document.as_str());
            let problem = match misplaced {
                Misplaced::SharedText => error!(
                    "text-shared",
                    "`data/documents/{file}.txt` could belong to `{shown}` or to another document"
                )
                .help(format!(
                    "give each document an IRI whose last part is unique: `{file}` names the text"
                )),
                _ => error!("document-without-text", "the document `{shown}` has no text")
                    .help(format!("save it as `data/documents/{file}.txt`")),
            };
            problem.input()
        })?;
        let mut quotes = Vec::new();
        let mut without_place = Vec::new();
        let things = session.store().things(dos::DOCUMENT, document.as_ref().into())?;
        session.store().look_up(&things)?;
        let mut stated = session.store().graphs(&things)?;
        for thing in things {
            let claim = session.claim(&thing)?;
            match claim.place() {
                Ok(span) => quotes.push(Annotation {
                    cover: Cover { span: trimmed(text.text(), span.bytes.clone()), by: claim.kind },
                    states: statements::in_order(stated.remove(&thing).unwrap_or_default()),
                    claim,
                }),
                Err(_) => without_place.push(claim),
            }
        }
        quotes.sort_by(|a, b| {
            let (one, other) = (&a.cover.span, &b.cover.span);
            let order = one.end.cmp(&other.end).then(other.start.cmp(&one.start));
            order.then_with(|| a.claim.name.cmp(&b.claim.name))
        });
        without_place.sort_by(|a, b| a.name.cmp(&b.name));
        let covers: Vec<Cover> = quotes.iter().map(|quote| quote.cover.clone()).collect();
        let source = session.source(&document)?;
        Ok(Self {
            title: source.title.clone(),
            derived_from: source.derived_from.clone(),
            words: words(text.text(), &covers),
            text: text.clone(),
            document,
            quotes,
            without_place,
        })
    }

    /// The header, then the paragraphs.
    pub(crate) fn blocks(&self) -> Vec<TextBlock> {
        let mut blocks: Vec<TextBlock> = Vec::new();
        for Passage { place, span } in self.text.passages() {
            let paragraph = match place {
                PassageLocator::HeaderLine(_) => None,
                PassageLocator::Sentence { paragraph, .. } => Some(*paragraph),
            };
            match blocks.last_mut() {
                Some(block) if block.paragraph == paragraph => {
                    match (place, block.lines.last_mut()) {
                        (PassageLocator::Sentence { .. }, Some(line)) => line.end = span.end,
                        _ => block.lines.push(span.clone()),
                    }
                }
                _ => blocks.push(TextBlock { paragraph, lines: vec![span.clone()] }),
            }
        }
        blocks
    }

    /// The quotes that end in a part of the text, by their numbers from 0.
    pub(crate) fn ending_in(&self, part: &Range<usize>) -> Range<usize> {
        let ends = |quote: &Annotation| quote.cover.span.end;
        let start = self.quotes.partition_point(|quote| ends(quote) <= part.start);
        let end = self.quotes.partition_point(|quote| ends(quote) <= part.end);
        start..end.max(start)
    }

    /// What the quotes cover.
    pub(crate) fn covers(&self) -> Vec<Cover> {
        self.quotes.iter().map(|quote| quote.cover.clone()).collect()
    }

    /// How many of the words are covered, in a line.
    pub(crate) fn coverage(&self) -> String {
        let WordCounts { claims, omissions, uncovered } = self.words;
        let total = self.words.total();
        if total == 0 {
            return "the text has no words".to_owned();
        }
        let share = |part: usize| match part * 100 / total {
            // Nothing is rounded up to all, and little not down to nothing.
            0 if part > 0 => "under 1 %".to_owned(),
            percent => format!("{percent} %"),
        };
        let noun = if total == 1 { "word" } else { "words" };
        format!(
            "{total} {noun}: {claims} covered by claims ({}), {omissions} left out ({}), {uncovered} not covered ({})",
            share(claims),
            share(omissions),
            share(uncovered),
        )
    }
}

/// A range of a text without the white space at its ends.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let words = &text[span.clone()];
    let start = span.start + (words.len() - words.trim_start().len());
    start..(start + words.trim().len()).min(span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::write::{Naming, Terms};
    use crate::claim::ClaimKind;
    use crate::vocabulary::{Labels, Prefixes};
    use proptest::prelude::*;

    /// A reading of a text of which some parts are quoted, each by its first and last byte.
    fn reading(text: &str, spans: &[(usize, usize)]) -> AnnotatedDocument {
        let mut quotes: Vec<Annotation> = spans
            .iter()
            .filter_map(|&(start, end)| {
                let (start, end) = (start % (text.len() + 1), end % (text.len() + 1));
                let span = start.min(end)..start.max(end);
                text.get(span.clone())?;
                Some(Annotation {
                    claim: Claim {
                        name: NamedNode::new_unchecked("http://example.com/\u{202e}claim"),
                        kind: ClaimKind::Claim,
                        documents: Vec::new(),
                        quotes: Vec::new(),
                        notes: vec![text.to_owned()],
                        source: None,
                    },
                    cover: Cover { span: trimmed(text, span), by: ClaimKind::Claim },
                    states: Vec::new(),
                })
            })
            .collect();
        quotes.sort_by_key(|quote| quote.cover.span.end);
        let covers: Vec<Cover> = quotes.iter().map(|quote| quote.cover.clone()).collect();
        AnnotatedDocument {
            document: NamedNode::new_unchecked("http://example.com/document"),
            title: Some(text.to_owned()),
            derived_from: None,
            text: Document::new(text),
            words: words(text, &covers),
            quotes,
            without_place: Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn no_text_is_obeyed_or_lost(
            text in "([a-c]|\\PC|[\\x00-\\x1f\\x7f\\u{9b}\\u{202e}]|[.] |\n\n|[<*\\[`]){0,40}",
            spans in prop::collection::vec((0_usize..99, 0_usize..99), 0..5),
        ) {
            let reading = reading(&text, &spans);
            let (prefixes, labels) = (Prefixes::default(), Labels::default());
            let naming = Naming { terms: Terms::Label, prefixes: &prefixes, labels: &labels };
            let mut pages = [Vec::new(), Vec::new(), Vec::new()];
            let looks = Looks { width: 30, colour: false };
            write_text(&reading, &naming, looks, &mut pages[0]).unwrap();
            write_markdown(&reading, &naming, &mut pages[1]).unwrap();
            write_json(&reading, &mut pages[2]).unwrap();
            for page in &pages {
                let page = std::str::from_utf8(page).unwrap();
                let is_obeyed = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
                prop_assert!(!page.contains(is_obeyed), "{:?}", page);
            }
            // The blocks hold all that is no white space.
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let blocks = reading.blocks();
            let lines = blocks.iter().flat_map(|block| &block.lines);
            let whole: String = lines.map(|line| bare(&text[line.clone()])).collect();
            prop_assert_eq!(whole, bare(&text));
            // Each quote that is not empty stands below one block.
            let below = |number: &usize| {
                blocks.iter().filter(|block| reading.ending_in(&block.span()).contains(number)).count()
            };
            for (number, quote) in reading.quotes.iter().enumerate() {
                prop_assert!(quote.cover.span.is_empty() || below(&number) == 1);
            }
        }
    }
}
