//! The page of a document: its text, and beside each paragraph the claims that quote it.

use super::layout::{Page, formats, name_of as name_of_dossier};
use super::notes::claim_link;
use super::segments::{Segment, segments};
use super::statement::statements;
use super::term::{PageTerms, TermLabels, elsewhere, name_of, shown};
use crate::annotate::{AnnotatedDocument, Annotation};
use crate::claim::{ClaimKind, Cover};
use crate::diagnostic::Result;
use crate::dossier::{PassageLocator, PassagePart, TextBlock, TextLine};
use crate::format::ResultFormat;
use crate::session::Session;
use crate::web::address::Address;
use crate::web::media::Media;
use crate::web::site::Site;
use maud::{Markup, html};
use std::ops::Range;

/// The formats of documents.
pub(in crate::web) const FORMATS: [Media; 2] =
    [Media::Results(ResultFormat::Json), Media::Results(ResultFormat::Markdown)];

/// Returns the page of a document.
///
/// # Errors
/// Fails if no document has the name, or it has no text.
pub(super) fn document(site: &Site, name: &str) -> Result<Markup> {
    let (session, links) = (&site.session, &site.links);
    let reading = AnnotatedDocument::open(session, Some(name))?;
    let stated = || reading.quotes.iter().flat_map(|quote| &quote.states);
    let labels = TermLabels::of_triples(session, stated(), [])?;
    let terms = PageTerms::new(site, &labels, stated().map(|triple| &triple.predicate))?;
    let text = Text { site, reading: &reading, covers: reading.covers(), terms };
    let address = Address::Document(name_of(session, &reading.document));
    let curie = session.prefixes().show(&reading.document);
    let title = reading.title.as_deref().unwrap_or(&curie);
    let thing = Address::Thing(name_of(session, &reading.document));
    let content = html! {
        h1 { (shown(title)) }
        p class="lead" {
            @if links.has(&thing) { a class="name" href=(links.to(&thing)) { (shown(&curie)) } }
            @else { span class="name" { (shown(&curie)) } }
            @if let Some(source) = &reading.derived_from {
                ", derived from " (elsewhere(source.as_str(), source.as_str()))
            }
        }
        p class="coverage" { (reading.coverage()) }
        p class="legend" {
            mark class="claim" { "quoted by a claim" } " "
            mark class="omission" { "left out on purpose" } " "
            span class="uncovered" { "not covered" }
        }
        (formats(links, &address, &FORMATS))
        div class="document" {
            @for block in reading.blocks() { (text.block(&block)) }
        }
        (text.unplaced())
    };
    let page = Page { title, address: Some(&address), formats: &FORMATS, content };
    Ok(page.write(&name_of_dossier(site)?, links))
}

/// A document that is being written.
struct Text<'a> {
    site: &'a Site,
    reading: &'a AnnotatedDocument,
    covers: Vec<Cover>,
    terms: PageTerms<'a>,
}

impl Text<'_> {
    fn block(&self, block: &TextBlock) -> Markup {
        let anchor = anchor_of_block(block);
        let quotes = self.reading.ending_in(&block.span());
        html! {
            section class="block" {
                h2 class="number" id=(anchor) { a href={ "#" (anchor) } { (heading(block)) } }
                div class="text" {
                    @for line in &block.lines { (self.line(block, line)) }
                }
                @if !quotes.is_empty() { (self.claims(quotes)) }
            }
        }
    }

    fn line(&self, block: &TextBlock, line: &TextLine) -> Markup {
        let anchor = line.begins.and_then(|part| anchor_of_line(block.page, part));
        let number = match line.begins {
            Some(PassagePart::Item { item: number, .. } | PassagePart::Row { row: number, .. }) => {
                Some(number)
            }
            _ => None,
        };
        let class = if line.is_prose { "prose" } else { "line" };
        let indent = (line.indent / 2).min(4);
        let text = self.reading.text.text();
        let segments = segments(&self.reading.text, &line.span, &self.covers);
        html! {
            p class={ (class) " indent-" (indent) } id=[&anchor] {
                @if let Some(number) = number {
                    span class="item" aria-hidden="true" { (number) }
                }
                (marked(text, &segments, &self.passages(&line.span), &|i| Some((i + 1, self.anchor(i)))))
            }
        }
    }

    /// Returns where sentences begin in a part of the text, with their anchors. Lines of the header, items and rows have
    /// theirs already.
    fn passages(&self, part: &Range<usize>) -> Vec<(usize, String)> {
        let passages = self.reading.text.passages_at(part.clone()).iter();
        let begins = passages.filter(|passage| {
            let is_sentence = match passage.place.part {
                PassagePart::Sentence { .. } => true,
                PassagePart::Item { sentence, .. } => sentence > 1,
                PassagePart::HeaderLine(_) | PassagePart::Row { .. } => false,
            };
            is_sentence && part.contains(&passage.span.start)
        });
        begins.map(|passage| (passage.span.start, passage.place.fragment())).collect()
    }

    /// Returns the anchor at the words of a quote.
    fn anchor(&self, quote: usize) -> String {
        name_of(&self.site.session, &self.reading.quotes[quote].claim.name)
    }

    /// Writes the claims whose quotes end in a part of the text.
    fn claims(&self, quotes: Range<usize>) -> Markup {
        html! {
            ol class="claims" aria-label="Claims" {
                @for number in quotes {
                    (self.claim(number + 1, &self.reading.quotes[number]))
                }
            }
        }
    }

    fn claim(&self, number: usize, quote: &Annotation) -> Markup {
        let (session, links) = (&self.site.session, &self.site.links);
        let is_omission = quote.cover.by == ClaimKind::Omission;
        html! {
            li id={ "c" (number) } data-claim=(number) class=[is_omission.then_some("omission")] {
                p class="head" {
                    a class="number" href=(crate::web::links::fragment(&self.anchor(number - 1)))
                        aria-label={ "The words of claim " (number) } { (number) }
                    " " (claim_link(session, links, &quote.claim.name))
                }
                (statements(&quote.states, &self.terms))
                @for note in &quote.claim.notes {
                    p class="reading" {
                        span class="quiet" { @if is_omission { "Left out: " } @else { "Reading: " } }
                        (shown(note))
                    }
                }
            }
        }
    }

    /// Writes the claims whose quotes could not be located.
    fn unplaced(&self) -> Markup {
        let (session, links) = (&self.site.session, &self.site.links);
        html! {
            @if !self.reading.without_place.is_empty() {
                section class="unplaced" aria-labelledby="unplaced" {
                    h2 id="unplaced" { "Without a position" }
                    ul {
                        @for claim in &self.reading.without_place {
                            li {
                                (claim_link(session, links, &claim.name))
                                @for quote in &claim.quotes { " “" (shown(&quote.text)) "”" }
                                @if let Err(misplaced) = claim.place() { ": " (misplaced.to_string()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Writes segments, each as one mark with the list of its claims.
///
/// # Arguments
/// `anchors` are places in the text that links lead to, in order. `number_of` returns the number of a quote and its
/// anchor, or `None` if the quote is not listed on the page.
pub(super) fn marked(
    text: &str,
    segments: &[Segment],
    anchors: &[(usize, String)],
    number_of: &dyn Fn(usize) -> Option<(usize, String)>,
) -> Markup {
    let numbers = |quotes: &[usize]| {
        let numbers = quotes.iter().filter_map(|&quote| Some(number_of(quote)?.0.to_string()));
        numbers.collect::<Vec<_>>().join(" ")
    };
    html! {
        @for segment in segments {
            @let words = words(text, &segment.span, anchors);
            @if segment.quotes.is_empty() {
                @if segment.is_uncovered { span class="uncovered" { (words) } } @else { (words) }
            } @else {
                mark class=(class_of(segment.cover)) data-claims=(numbers(&segment.quotes)) {
                    @for &quote in &segment.begin {
                        @if let Some((_, anchor)) = number_of(quote) { span class="anchor" id=(anchor) {} }
                    }
                    (words)
                }
            }
            @for &quote in &segment.end {
                @if let Some((number, _)) = number_of(quote) {
                    sup class="ref" { a href={ "#c" (number) } aria-label={ "Claim " (number) } { (number) } }
                }
            }
        }
    }
}

/// Writes words with the anchors among them.
fn words(text: &str, span: &Range<usize>, anchors: &[(usize, String)]) -> Markup {
    let inside = anchors.iter().filter(|(at, _)| span.contains(at));
    let shown = |part: Range<usize>| shown(&text[part].replace('\x0c', " "));
    let mut start = span.start;
    let mut parts = Vec::new();
    for (at, anchor) in inside {
        parts.push((start..*at, anchor));
        start = *at;
    }
    html! {
        @for (before, anchor) in parts {
            (shown(before))
            span id=(anchor) {}
        }
        (shown(start..span.end))
    }
}

fn class_of(cover: Option<ClaimKind>) -> &'static str {
    match cover {
        Some(ClaimKind::Omission) => "omission",
        _ => "claim",
    }
}

/// Returns the anchor of a block: the beginning of those of its passages.
fn anchor_of_block(block: &TextBlock) -> String {
    let page = block.page.map(|page| format!("page{page}")).unwrap_or_default();
    match block.paragraph {
        Some(number) => format!("{page}p{number}"),
        None => format!("{page}header"),
    }
}

/// Returns the anchor of a line of the header, an item or a row.
fn anchor_of_line(page: Option<u32>, part: PassagePart) -> Option<String> {
    match part {
        PassagePart::Sentence { .. } => None,
        part => Some(PassageLocator { page, part }.fragment()),
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

/// Writes the paragraphs in which a claim's quote stands, with its words marked.
pub(super) fn in_context(session: &Session, claim: &crate::claim::Claim) -> Markup {
    let [document] = claim.documents.as_slice() else { return Markup::default() };
    let (Ok(place), Ok(text)) = (claim.place(), session.text_of(document)) else {
        return Markup::default();
    };
    let cover = Cover { span: place.bytes.clone(), by: claim.kind };
    let overlaps = |block: &TextBlock| {
        let span = block.span();
        span.start < place.bytes.end && place.bytes.start < span.end
    };
    let marks = |line: &TextLine| segments(text, &line.span, std::slice::from_ref(&cover));
    html! {
        div class="text context" {
            @for block in text.blocks().iter().filter(|block| overlaps(block)) {
                // Of a list or a table, only the lines with the quote.
                @for line in block.lines.iter().filter(|line| {
                    line.is_prose || line.span.start < place.bytes.end && place.bytes.start < line.span.end
                }) {
                    p { (marked(text.text(), &without_uncovered(marks(line)), &[], &|_| None)) }
                }
            }
        }
    }
}

/// Removes what only a whole document shows: which words nothing covers.
fn without_uncovered(segments: Vec<Segment>) -> Vec<Segment> {
    segments.into_iter().map(|segment| Segment { is_uncovered: false, ..segment }).collect()
}
