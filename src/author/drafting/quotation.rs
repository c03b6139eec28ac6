//! The words of a document that a draft quotes, and the context that selects them.

use super::finding::DraftSyntax;
use crate::author::draft::Draft;
use crate::check::AbsentQuotes;
use crate::claim::{Folding, QuoteFinder, QuoteMatch, QuotePlace, Selector, Span, folded};
use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::{Document, PassageLocator};
use crate::session::Session;
use oxigraph::model::NamedNode;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

/// A quote as it is written in the head of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quotation {
    /// The document's own words.
    pub words: String,
    /// The text before and after them that selects their place.
    pub selector: Selector,
    /// Where they stand.
    pub span: Span,
}

/// Finds quotes in a document.
pub(super) struct Quotations<'a> {
    document: &'a Document,
    name: String,
    finder: QuoteFinder<'a>,
    /// The searches for words that it does not have.
    absent: OnceCell<AbsentQuotes<'a>>,
}

impl<'a> Quotations<'a> {
    /// Prepares searches in a document with this name.
    pub(super) fn new(document: &'a Document, name: String) -> Self {
        Self { document, name, finder: QuoteFinder::new(document), absent: OnceCell::new() }
    }

    /// Finds the words that a draft quotes.
    ///
    /// # Errors
    /// If they stand nowhere, or in several places.
    pub(super) fn find(&self, draft: &Draft) -> Result<Quotation, Diagnostic> {
        let typed = draft.quote.trim();
        let syntax = DraftSyntax::of(draft.place.as_ref());
        if typed.is_empty() {
            return Err(error!("quote-empty", "the quote is empty").help(
                "type the words of the document, or the first and the last ones: `first … last`",
            ));
        }
        match self.finder.find(typed) {
            QuoteMatch::One { span, .. } => {
                // Another place is meant only if the given words stand around it.
                let is_meant = self.has_context(&span.bytes, draft);
                let other = if is_meant { None } else { self.in_context(typed, draft) };
                self.selected(draft, other.unwrap_or(span))
            }
            QuoteMatch::Several { places, .. } => {
                let fitting: Vec<&QuotePlace> = places
                    .iter()
                    .filter(|place| self.has_context(&place.span.bytes, draft))
                    .collect();
                match fitting.as_slice() {
                    [only] => self.selected(draft, only.span.clone()),
                    [] => match self.in_context(typed, draft) {
                        Some(span) => self.selected(draft, span),
                        None => Err(self.ambiguous(&places, syntax).help(
                            "the given words stand around none of them: give those of one place",
                        )),
                    },
                    several => Err(self
                        .ambiguous(several.iter().copied(), syntax)
                        .help("quote more words, or say which one")),
                }
            }
            QuoteMatch::Absent(_) => {
                let help = if self.document.text().contains(typed) {
                    "the words stand there only inside of longer ones: quote whole words".to_owned()
                } else {
                    self.absent.get_or_init(|| AbsentQuotes::of(self.document)).help(typed)
                };
                Err(error!("quote-absent", "the quote does not occur in {}", self.name)
                    .note(format!("“{typed}”"))
                    .help(help))
            }
        }
    }

    /// Returns the only place that has the context of a draft, where case and accents of the words may differ.
    fn in_context(&self, typed: &str, draft: &Draft) -> Option<Span> {
        let mut places = self.finder.folded(typed, Folding::Loose);
        places.retain(|place| self.has_context(place, draft));
        let [only] = <[_; 1]>::try_from(places).ok()?;
        Some(Span::of(self.document, only))
    }

    /// Returns whether the words that a draft gives as context stand around a place.
    fn has_context(&self, place: &Range<usize>, draft: &Draft) -> bool {
        let text = self.document.text();
        let (before, after) = (&text[..place.start], &text[place.end..]);
        let fold = |words: &str| {
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            folded(&words, Folding::Loose)
        };
        // Folding changes lengths, so a little more than the given words is compared.
        let window = |words: &str| 2 * words.chars().count() + 20;
        draft.prefix.as_deref().is_none_or(|words| {
            let start = before.char_indices().rev().nth(window(words)).map_or(0, |(at, _)| at);
            fold(&before[start..]).ends_with(&fold(words))
        }) && draft.suffix.as_deref().is_none_or(|words| {
            let end = after.char_indices().nth(window(words)).map_or(after.len(), |(at, _)| at);
            fold(&after[..end]).starts_with(&fold(words))
        })
    }

    /// Returns the quote at a place, with the context that the draft gives if that selects it, and otherwise with the
    /// shortest one.
    fn selected(&self, draft: &Draft, span: Span) -> Result<Quotation, Diagnostic> {
        let text = self.document.text();
        let words = text[span.bytes.clone()].to_owned();
        let given = |side: &Option<String>| side.clone().unwrap_or_default();
        let (prefix, suffix) = (given(&draft.prefix), given(&draft.suffix));
        let is_selected = self.document.locate(&words, &prefix, &suffix) == Ok(span.bytes.clone());
        let selector = if is_selected {
            Selector { prefix, suffix }
        } else {
            Selector::shortest(text, &span.bytes).ok_or_else(|| {
                error!(
                    "quote-ambiguous",
                    "the quote occurs several times in {}, in long passages that are the same",
                    self.name
                )
                .note(format!("“{words}”"))
                .help("quote more words")
            })?
        };
        Ok(Quotation { words, selector, span })
    }

    fn ambiguous<'p>(
        &self,
        places: impl IntoIterator<Item = &'p QuotePlace>,
        syntax: DraftSyntax,
    ) -> Diagnostic {
        const SHOWN: usize = 5;
        let places: Vec<&QuotePlace> = places.into_iter().collect();
        let shown = places.iter().take(SHOWN).map(|place| {
            let selector = place.selector.as_ref();
            let context = selector.map(|Selector { prefix, suffix }| {
                let sides = [("before", prefix), ("after", suffix)];
                let sides = sides.into_iter().filter(|(_, words)| !words.trim().is_empty());
                sides.map(|(side, words)| syntax.context(side, words)).collect::<Vec<_>>().join(" ")
            });
            let context = context.filter(|context| !context.is_empty());
            let context = context.unwrap_or_else(|| "quote more words".to_owned());
            format!("{}: {context}", place_of(&place.span))
        });
        let mut shown: Vec<String> = shown.collect();
        if places.len() > SHOWN {
            shown.push(format!("and {} more", places.len() - SHOWN));
        }
        error!("quote-ambiguous", "the quote occurs {} times in {}", places.len(), self.name)
            .note(shown.join("\n"))
    }
}

/// The documents that drafts quote, by the names that drafts give them.
pub(super) struct QuotedDocuments<'a> {
    session: &'a Session,
    documents: HashMap<String, Result<(NamedNode, Quotations<'a>), Vec<Diagnostic>>>,
}

impl<'a> QuotedDocuments<'a> {
    pub(super) fn new(session: &'a Session) -> Self {
        Self { session, documents: HashMap::new() }
    }

    /// Finds the document and the words of a draft.
    ///
    /// # Errors
    /// If the document is unknown or has no text, or the words stand nowhere or in several places.
    pub(super) fn quotation(
        &mut self,
        draft: &Draft,
    ) -> Result<(NamedNode, Quotation), Vec<Diagnostic>> {
        let session = self.session;
        let open = || -> Result<_> {
            let name = draft.document.trim();
            let document = session.find_document((!name.is_empty()).then_some(name))?;
            let shown = format!("`{}`", session.prefixes().show(&document));
            Ok((document.clone(), Quotations::new(session.text_of(&document)?, shown)))
        };
        let document = self
            .documents
            .entry(draft.document.clone())
            .or_insert_with(|| open().map_err(|error| error.problems));
        match document {
            Ok((document, quotations)) => Ok((document.clone(), quotations.find(draft)?)),
            Err(problems) => Err(problems.clone()),
        }
    }
}

/// Returns the short locator of the passage where a span begins.
pub(crate) fn place_of(span: &Span) -> String {
    span.passages.first().map_or_else(String::new, PassageLocator::short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Dossier;
    use proptest::prelude::*;

    proptest! {
        /// Words that were typed without accents and special characters are those of the document.
        #[test]
        fn sloppy_words_are_those_of_the_document(start in 4_usize..300, words in 1_usize..12) {
            let built_in = Dossier::built_in().documents().unwrap();
            let text = built_in[0].1.text().replace('\'', "’").replace(" (SCO)", " – “Łódź” –");
            let document = Document::new(&text);
            let spans: Vec<_> = text.split_whitespace().map(|word| {
                let start = word.as_ptr() as usize - text.as_ptr() as usize;
                start..start + word.len()
            }).collect();
            let first = start.min(spans.len() - 1);
            let last = (first + words).min(spans.len()) - 1;
            let span = spans[first].start..spans[last].end;
            let typed = text[span.clone()].to_lowercase();
            let typed = typed.replace('’', "'").replace(['“', '”'], "\"").replace('–', "-");
            let typed = typed.replace("łódź", "lodz").split_whitespace().collect::<Vec<_>>().join("  ");
            let before = text[..span.start].split_whitespace().rev().take(4).collect::<Vec<_>>();
            let before = before.into_iter().rev().collect::<Vec<_>>().join(" ");
            let draft = Draft { quote: typed, prefix: Some(before), ..Draft::default() };
            let found = Quotations::new(&document, "`x`".to_owned()).find(&draft).unwrap();
            let Quotation { words, selector, .. } = &found;
            // Other words may be the same, and then the first exact ones are meant.
            prop_assert_eq!(folded(words, Folding::Loose), folded(&text[span.clone()], Folding::Loose));
            let place = document.locate(words, &selector.prefix, &selector.suffix);
            prop_assert_eq!(place, Ok(found.span.bytes.clone()));
        }
    }
}
