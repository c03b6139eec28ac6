//! What becomes of a quote when its document has a new text.

use super::Quote;
use super::folding::{Folding, folded};
use super::marks::{Mark, MarkedSide, Spellings, marks};
use super::nearest::Nearest;
use super::selector::Selector;
use super::sloppy::QuoteFinder;
use super::word_boundary::{cuts, widened};
use super::word_diff::{DiffPart, WordDiff};
use crate::dossier::Document;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation as _;

/// Two versions of a document. What the revisions of its quotes have in common is prepared when it is first needed.
#[derive(Debug)]
pub struct Revision<'a> {
    old: &'a Document,
    new: &'a Document,
    finder: QuoteFinder<'a>,
    spellings: OnceCell<Spellings>,
}

/// What became of a quote in the new version of its document.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The words stand there, once or selected by their prefix and suffix.
    Stands {
        /// Their byte range in the new text.
        span: Range<usize>,
        /// The negations and hedges that were added to or removed from the rest of their sentence.
        around: BTreeSet<Mark>,
    },
    /// The words stand there once, in another typography.
    Typographic(Proposal),
    /// The words stand there, but it is not certain which of the occurrences is meant.
    Ambiguous {
        /// The places.
        places: Vec<Range<usize>>,
        /// The place whose surroundings are most like the old ones.
        likely: Option<Proposal>,
    },
    /// Similar words stand there, clearly in one place. Whether they still state the same is for a person to decide.
    Changed(Change),
    /// No words are similar enough. The nearest ones, if there are any.
    Vanished(Option<Nearest>),
}

/// Words of the new text that can replace a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Their byte range in the new text.
    pub span: Range<usize>,
    /// The prefix or the suffix that selects them. Both are empty if the words occur once.
    pub selector: Selector,
}

/// Similar words in the new text.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The words.
    pub proposal: Proposal,
    /// How similar they are, from 0 to 1.
    pub similarity: f64,
    /// The difference.
    pub parts: Vec<DiffPart>,
    /// What in the difference can change what the quote states.
    pub marks: BTreeSet<Mark>,
}

impl Verdict {
    /// Returns what can replace the quote, if it does not stand.
    pub fn proposal(&self) -> Option<&Proposal> {
        match self {
            Self::Typographic(proposal) | Self::Changed(Change { proposal, .. }) => Some(proposal),
            Self::Ambiguous { likely, .. } => likely.as_ref(),
            Self::Stands { .. } | Self::Vanished(_) => None,
        }
    }

    /// Returns the name of the verdict.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Stands { .. } => "stands",
            Self::Typographic(_) => "typographic",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Changed(_) => "changed",
            Self::Vanished(_) => "vanished",
        }
    }
}

impl<'a> Revision<'a> {
    /// The least similarity of words that are proposed for a quote.
    pub const SIMILARITY: f64 = 0.75;
    /// The least lead of a place over the second best one.
    pub const LEAD: f64 = 0.1;
    /// The words before and after a quote that are compared to find the likely one of several occurrences.
    const SURROUNDINGS: usize = 12;
    /// The most occurrences that are looked at. If there are more, none is called the likely one.
    const MOST_PLACES: usize = 1_000;

    /// Prepares the revision of quotes of a document.
    pub fn new(old: &'a Document, new: &'a Document) -> Self {
        Self { old, new, finder: QuoteFinder::new(new), spellings: OnceCell::new() }
    }

    /// Returns what became of a quote, whose place is that in the old text.
    pub fn verdict(&self, quote: &Quote) -> Verdict {
        let text = self.new.text();
        let [prefix, suffix] =
            [&quote.prefix, &quote.suffix].map(|side| side.as_deref().unwrap_or_default());
        match self.new.locate(&quote.text, prefix, suffix) {
            // A new text in which a word or a number goes on, such as `5.5` for `5`, is a change.
            Ok(span) if self.is_cut_anew(quote, &span) => {
                return self
                    .changed(quote, widened(text, span), 1.0)
                    .unwrap_or(Verdict::Vanished(None));
            }
            Ok(span) => return Verdict::Stands { around: self.around(quote, &span), span },
            Err(_) => {}
        }
        let exact: Vec<_> = self.new.occurrences(&quote.text).take(Self::MOST_PLACES).collect();
        if !exact.is_empty() {
            return self.ambiguous(quote, exact);
        }
        let typographic = self.finder.folded(&quote.text, Folding::Typographic);
        match typographic.as_slice() {
            [] => {}
            [only] => {
                if let Some(proposal) = Proposal::new(text, only.clone()) {
                    return Verdict::Typographic(proposal);
                }
            }
            _ => return self.ambiguous(quote, typographic),
        }
        let nearest = self.finder.nearest(&quote.text);
        let clear = nearest
            .clone()
            .filter(|nearest| nearest.similarity >= Self::SIMILARITY && nearest.lead >= Self::LEAD);
        let changed = clear
            .and_then(|Nearest { span, similarity, .. }| self.changed(quote, span, similarity));
        changed.unwrap_or(Verdict::Vanished(nearest))
    }

    /// Returns whether words begin or end inside a word of the new text, as they do not in the old one.
    fn is_cut_anew(&self, quote: &Quote, span: &Range<usize>) -> bool {
        let was_cut = quote.place.as_ref().is_ok_and(|old| cuts(self.old.text(), &old.bytes));
        !was_cut && cuts(self.new.text(), span)
    }

    fn ambiguous(&self, quote: &Quote, places: Vec<Range<usize>>) -> Verdict {
        let likely =
            self.likely(quote, &places).and_then(|place| Proposal::new(self.new.text(), place));
        Verdict::Ambiguous { places, likely }
    }

    /// Returns the place whose surroundings are most like those of the quote, if one is clearly more alike.
    fn likely(&self, quote: &Quote, places: &[Range<usize>]) -> Option<Range<usize>> {
        if places.len() >= Self::MOST_PLACES {
            return None;
        }
        let around = |text: &str, span: &Range<usize>| {
            [
                folded(last_words(&text[..span.start]), Folding::Loose),
                folded(first_words(&text[span.end..]), Folding::Loose),
            ]
        };
        let wanted = match &quote.place {
            Ok(old) => around(self.old.text(), &old.bytes),
            Err(_) => [&quote.prefix, &quote.suffix]
                .map(|side| folded(side.as_deref().unwrap_or_default(), Folding::Loose)),
        };
        let mut best: Option<(f64, &Range<usize>)> = None;
        let mut second = 0.0_f64;
        for place in places {
            let alike = likeness(&wanted, &around(self.new.text(), place));
            match best {
                Some((known, _)) if alike <= known => second = second.max(alike),
                _ => {
                    second = best.map_or(second, |(known, _)| known);
                    best = Some((alike, place));
                }
            }
        }
        let (alike, place) = best?;
        (alike >= 0.5 && alike - second >= Self::LEAD).then(|| place.clone())
    }

    fn changed(&self, quote: &Quote, span: Range<usize>, similarity: f64) -> Option<Verdict> {
        let text = self.new.text();
        let span = self.whole_sentences(quote, span);
        let new = &text[span.clone()];
        let diff = WordDiff::between(&quote.text, new);
        let old = match &quote.place {
            Ok(place) => MarkedSide { text: self.old.text(), start: place.bytes.start },
            Err(_) => MarkedSide { text: &quote.text, start: 0 },
        };
        let spellings = self.spellings.get_or_init(|| Spellings::of([self.old.text(), text]));
        let marks = marks(&diff, &old, &MarkedSide { text, start: span.start }, spellings);
        let parts = diff.parts(&quote.text, new);
        let proposal = Proposal::new(text, span)?;
        Some(Verdict::Changed(Change { proposal, similarity, parts, marks }))
    }
}

impl Revision<'_> {
    /// Returns the negations and hedges that differ around words that stand, in their sentence.
    fn around(&self, quote: &Quote, span: &Range<usize>) -> BTreeSet<Mark> {
        let Ok(old) = &quote.place else { return BTreeSet::new() };
        let mut around = BTreeSet::new();
        for part in [before_in_sentence, after_in_sentence] {
            let [old, new] = [part(self.old, &old.bytes), part(self.new, span)];
            if old != new {
                let [one, other] = [old, new].map(|text| MarkedSide { text, start: 0 });
                around.extend(marks(
                    &WordDiff::between(old, new),
                    &one,
                    &other,
                    &Spellings::default(),
                ));
            }
        }
        around.retain(|mark| matches!(mark, Mark::Negation | Mark::Hedge));
        around
    }

    /// Widens the words for a quote that began or ended with its sentence as far as their own sentence, since what was
    /// added there, such as `it is not true that`, can change what it states.
    fn whole_sentences(&self, quote: &Quote, span: Range<usize>) -> Range<usize> {
        let Ok(old) = &quote.place else { return span };
        let mut whole = span.clone();
        let is_near = |words: &str| words.unicode_words().nth(Self::SURROUNDINGS).is_none();
        if is_blank(before_in_sentence(self.old, &old.bytes)) {
            let before = before_in_sentence(self.new, &span);
            if is_near(before) && !is_blank(before) {
                let start = before.find(char::is_alphanumeric).unwrap_or(0);
                whole.start -= before.len() - start;
            }
        }
        if is_blank(after_in_sentence(self.old, &old.bytes)) {
            let after = after_in_sentence(self.new, &span);
            if is_near(after) && !is_blank(after) {
                whole.end += after.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
            }
        }
        whole
    }
}

impl Proposal {
    fn new(text: &str, span: Range<usize>) -> Option<Self> {
        Some(Self { selector: Selector::shortest(text, &span)?, span })
    }
}

fn is_blank(words: &str) -> bool {
    !words.contains(char::is_alphanumeric)
}

/// Returns what stands before a span in the sentence in which it begins.
fn before_in_sentence<'a>(document: &'a Document, span: &Range<usize>) -> &'a str {
    let passage = document.passages_at(span.clone()).first();
    let start = passage.map_or(span.start, |passage| passage.span.start.min(span.start));
    &document.text()[start..span.start]
}

/// Returns what stands after a span in the sentence in which it ends.
fn after_in_sentence<'a>(document: &'a Document, span: &Range<usize>) -> &'a str {
    let passage = document.passages_at(span.clone()).last();
    let end = passage.map_or(span.end, |passage| passage.span.end.max(span.end));
    &document.text()[span.end..end]
}

/// Returns the last words of a text before a quote.
fn last_words(text: &str) -> &str {
    let words = text.unicode_word_indices().rev().nth(Revision::SURROUNDINGS - 1);
    &text[words.map_or(0, |(start, _)| start)..]
}

/// Returns the first words of a text after a quote.
fn first_words(text: &str) -> &str {
    let words = text.unicode_word_indices().nth(Revision::SURROUNDINGS - 1);
    &text[..words.map_or(text.len(), |(start, word)| start + word.len())]
}

/// Returns the share of the words before and after a quote that two places have in common, from 0 to 1.
fn likeness(wanted: &[String; 2], around: &[String; 2]) -> f64 {
    let (mut common, mut all) = (0_u32, 0_u32);
    for (wanted, around) in wanted.iter().zip(around) {
        let mut left: FxHashMap<&str, u32> = FxHashMap::default();
        for word in around.unicode_words() {
            *left.entry(word).or_default() += 1;
        }
        for word in wanted.unicode_words() {
            all += 1;
            if let Some(count) = left.get_mut(word).filter(|count| **count > 0) {
                *count -= 1;
                common += 1;
            }
        }
    }
    f64::from(common) / f64::from(all.max(1))
}
