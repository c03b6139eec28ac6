//! Annotated documents: the text with the claims that quote it, omissions, and uncovered parts. They are written as
//! text for people, Markdown or JSON.

mod json;
mod markdown;
mod statements;
mod text;
mod wrap;

pub(crate) use json::write_json;
pub(crate) use markdown::write_markdown;
pub(crate) use statements::{TermNames, in_order};
pub(crate) use text::{Looks, write_text};

use crate::claim::{Claim, Cover, WordCounts, words};
use crate::diagnostic::Result;
use crate::dossier::{Document, TextBlock};
use crate::session::Session;
use crate::vocabulary::dos;
use oxigraph::model::{NamedNode, Triple};
use std::ops::Range;

/// A document with the claims and omissions that quote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnnotatedDocument {
    /// The document.
    pub document: NamedNode,
    /// Its title, or else its label.
    pub title: Option<String>,
    /// What it is derived from.
    pub derived_from: Option<NamedNode>,
    /// Its text.
    pub text: Document,
    /// The located quotes, sorted by their ends; the shortest first if several end together.
    pub quotes: Vec<Annotation>,
    /// The claims and omissions whose quotes could not be located.
    pub without_place: Vec<Claim>,
    /// The number of covered words.
    pub words: WordCounts,
}

/// A quote of a part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Annotation {
    /// The claim or the omission.
    pub claim: Claim,
    /// What the quote covers, without white space at its ends.
    pub cover: Cover,
    /// The statements of the claim, in a deterministic order.
    pub states: Vec<Triple>,
}

impl AnnotatedDocument {
    /// Opens the document with a name: an IRI, a CURIE, a title, a label or a file name. The name may be omitted if
    /// there is only one document.
    ///
    /// # Errors
    /// Fails if no document or several documents have the name, or the document has no text.
    pub(crate) fn open(session: &Session, name: Option<&str>) -> Result<Self> {
        let document = session.find_document(name)?;
        let text = session.text_of(&document)?;
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
                    states: in_order(stated.remove(&thing).unwrap_or_default()),
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
            words: words(text, &covers),
            text: text.clone(),
            document,
            quotes,
            without_place,
        })
    }

    /// Returns the header, followed by the paragraphs.
    pub(crate) fn blocks(&self) -> Vec<TextBlock> {
        self.text.blocks()
    }

    /// Returns the range of the quotes that end in a part of the text, as indices into [`Self::quotes`].
    pub(crate) fn ending_in(&self, part: &Range<usize>) -> Range<usize> {
        let ends = |quote: &Annotation| quote.cover.span.end;
        let start = self.quotes.partition_point(|quote| ends(quote) <= part.start);
        let end = self.quotes.partition_point(|quote| ends(quote) <= part.end);
        start..end.max(start)
    }

    /// Returns what the quotes cover.
    pub(crate) fn covers(&self) -> Vec<Cover> {
        self.quotes.iter().map(|quote| quote.cover.clone()).collect()
    }

    /// Describes the coverage in one line.
    pub(crate) fn coverage(&self) -> String {
        let WordCounts { claims, omissions, uncovered } = self.words;
        let total = self.words.total();
        if total == 0 {
            return "the text has no words".to_owned();
        }
        let shares = percentages([claims, omissions, uncovered]);
        let share = |number: usize| match shares[number] {
            // Only none is shown as 0 %.
            0 if [claims, omissions, uncovered][number] > 0 => "under 1 %".to_owned(),
            percent => format!("{percent} %"),
        };
        let noun = if total == 1 { "word" } else { "words" };
        format!(
            "{total} {noun}: {claims} covered by claims ({}), {omissions} omitted ({}), {uncovered} not covered ({})",
            share(0),
            share(1),
            share(2),
        )
    }
}

/// Returns the shares of parts in whole percents, which add up to 100 wherever that is possible: only a whole is 100 %.
fn percentages(parts: [usize; 3]) -> [usize; 3] {
    let total = parts.iter().sum::<usize>().max(1);
    let mut shares = parts.map(|part| part * 100 / total);
    let mut by_rest = [0, 1, 2];
    by_rest.sort_by_key(|number| std::cmp::Reverse(parts[*number] * 100 % total));
    let missing = 100_usize.saturating_sub(shares.iter().sum());
    // (A share under 1 % is not rounded up.)
    let is_rounded_up = |number: &usize| (1..99).contains(&shares[*number]);
    let rounded_up: Vec<usize> = by_rest.into_iter().filter(is_rounded_up).take(missing).collect();
    for number in rounded_up {
        shares[number] += 1;
    }
    shares
}

/// Returns a range of a text without white space at its ends.
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

    #[test]
    fn percentages_add_up() {
        assert_eq!(percentages([17, 5, 78]), [17, 5, 78]);
        assert_eq!(percentages([5, 0, 12]), [29, 0, 71]);
        assert_eq!(percentages([177, 47, 776]), [18, 5, 77]);
        assert_eq!(percentages([1, 1, 1]), [34, 33, 33]);
        assert_eq!(percentages([3, 0, 0]), [100, 0, 0]);
        assert_eq!(percentages([999, 1, 0]), [99, 0, 0]);
        assert_eq!(percentages([0, 0, 0]), [0, 0, 0]);
    }

    /// Creates an annotated document from a text and the first and last byte of each quote.
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
        let document = Document::new(text);
        AnnotatedDocument {
            document: NamedNode::new_unchecked("http://example.com/document"),
            title: Some(text.to_owned()),
            derived_from: None,
            words: words(&document, &covers),
            text: document,
            quotes,
            without_place: Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn no_text_is_obeyed_or_lost(
            text in "([a-c]|- |1[.] |\t|\\PC|[\\x00-\\x1f\\x7f\\u{9b}\\u{202e}]|[.] |\n\n|[<*\\[`]){0,40}",
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
            // The blocks contain everything except white space.
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let blocks = reading.blocks();
            let lines = blocks.iter().flat_map(|block| &block.lines);
            let whole: String = lines.map(|line| bare(&text[line.span.clone()])).collect();
            prop_assert_eq!(whole, bare(&text));
            // Each quote that is not empty belongs to one block.
            let below = |number: &usize| {
                blocks.iter().filter(|block| reading.ending_in(&block.span()).contains(number)).count()
            };
            for (number, quote) in reading.quotes.iter().enumerate() {
                prop_assert!(quote.cover.span.is_empty() || below(&number) == 1);
            }
        }
    }
}
