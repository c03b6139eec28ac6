//! Footnotes: the marks of rows, and the quotes below.

use super::message::with_code;
use super::term::{name_of, outward, shown};
use crate::answer::write::{AbsentPattern, FootnoteNumbers, Mark, host, letters};
use crate::claim::{Claim, Reference};
use crate::dossier::PassageLocator;
use crate::session::Session;
use crate::web::address::Address;
use crate::web::links::Links;
use crate::web::site::Site;
use maud::{Markup, html};
use oxigraph::model::NamedNode;

/// Writes what a row refers to.
pub(super) fn mark(mark: &Mark) -> Markup {
    let link = |name: &str| html! { a href={ "#note-" (name) } role="doc-noteref" { (name) } };
    html! {
        span class="marks" {
            @for (i, way) in mark.ways.iter().enumerate() {
                @if i > 0 { " or " }
                @if way.is_background { span class="quiet" { "background" } }
                @for (j, choice) in way.choices.iter().enumerate() {
                    @if j > 0 || way.is_background { "+" }
                    @let has_several = choice.numbers.len() > 1 || choice.has_more;
                    @if has_several && way.needs_brackets() { "(" }
                    @for (k, number) in choice.numbers.iter().enumerate() {
                        @if k > 0 { " or " }
                        (link(&number.to_string()))
                    }
                    @if choice.has_more { " or …" }
                    @if has_several && way.needs_brackets() { ")" }
                }
                @for absence in &way.absences { " −" (link(&letters(*absence))) }
            }
            @if mark.has_more { " or …" }
            @if let Some(doubt) = mark.doubt { " " span class="doubt" { (doubt) } }
        }
    }
}

/// Writes the footnotes below an answer.
pub(super) fn footnotes(site: &Site, numbers: &FootnoteNumbers) -> Markup {
    let absences = numbers.absences(site.session.prefixes());
    html! {
        @if !numbers.is_empty() {
            section class="notes" aria-labelledby="notes" {
                h2 id="notes" { "Footnotes" }
                @if !numbers.notes().is_empty() {
                    ol class="quotes" {
                        @for (i, reference) in numbers.notes().iter().enumerate() {
                            li id={ "note-" (i + 1) } {
                                span class="number" { (i + 1) }
                                div { (note(site, reference)) }
                            }
                        }
                    }
                }
                @if !absences.is_empty() {
                    ol class="quotes" {
                        @for (i, absent) in absences.iter().enumerate() {
                            li id={ "note-" (letters(i)) } {
                                span class="number" { (letters(i)) }
                                div { (absence(absent)) }
                            }
                        }
                    }
                }
                @for reason in numbers.reasons() { p class="remark" { (with_code(reason)) } }
            }
        }
    }
}

/// Writes what is not there: a pattern.
fn absence(absent: &AbsentPattern) -> Markup {
    html! {
        p class="absence" {
            "Nothing matches " code { (shown(&absent.pattern)) }
            @for word in absent.values.iter().flat_map(|values| values.split(' ')) {
                // No line breaks between the mark of a variable and its name.
                " " @if word.starts_with('?') { span class="variable" { (shown(word)) } }
                @else { (shown(word)) }
            }
        }
    }
}

/// Writes a footnote.
fn note(site: &Site, reference: &Reference) -> Markup {
    let (session, links) = (&site.session, &site.links);
    match reference {
        Reference::Claim(claim) => html! {
            @for quote in claim.quotes.iter().take(1) {
                blockquote { (quoted(session, links, claim, &quote.text)) }
            }
            p class="source" {
                (source(session, links, claim))
                " · " (claim_link(session, links, &claim.name))
            }
            (readings(claim))
        },
        Reference::Graph { name, label } => html! {
            p {
                @if let Some(label) = label { (shown(label)) ", " }
                "the graph " (claim_link(session, links, name)) " (no quote)"
            }
        },
    }
}

/// Writes what was read into a quote.
pub(super) fn readings(claim: &Claim) -> Markup {
    html! {
        @for reading in &claim.notes { p class="reading" { span class="quiet" { "Reading: " } (shown(reading)) } }
    }
}

/// Writes a quote, which leads to its words in the document if these were found.
pub(super) fn quoted(session: &Session, links: &Links, claim: &Claim, words: &str) -> Markup {
    let words = shown(words.trim());
    let document = claim.documents.first().map(|iri| Address::Document(name_of(session, iri)));
    match document.filter(|document| claim.place().is_ok() && links.has(document)) {
        Some(document) => {
            let anchor = name_of(session, &claim.name);
            html! { a href=(links.to_part(&document, &anchor)) { "“" (words) "”" } }
        }
        None => html! { "“" (words) "”" },
    }
}

/// Writes where a claim's quote stands, and what page its document is derived from, with a link to the words there.
pub(super) fn source(session: &Session, links: &Links, claim: &Claim) -> Markup {
    let metadata = claim.source.as_deref();
    let document = claim.documents.first();
    let title = metadata
        .and_then(|source| source.title.clone())
        .or_else(|| document.map(|iri| session.prefixes().show(iri)))
        .unwrap_or_default();
    let address = document
        .map(|iri| Address::Document(name_of(session, iri)))
        .filter(|address| links.has(address));
    let places: Vec<String> = claim.passages().iter().map(PassageLocator::short).collect();
    let page = metadata.and_then(|source| source.derived_from.as_ref());
    html! {
        @match &address {
            Some(address) => a href=(links.to(address)) { (shown(&title)) },
            None => (shown(&title)),
        }
        @for place in &places { ", " (place) }
        @if let Err(misplaced) = claim.place() { " (" (misplaced.to_string()) ")" }
        @if let Some(page) = page { ", derived from " (source_page(page, claim)) }
    }
}

/// Writes the link to the page that a document is derived from, at the quoted words.
fn source_page(page: &NamedNode, claim: &Claim) -> Markup {
    let name = shown(host(page));
    match claim.source_link() {
        Some(link) => outward(&link, &html! { (name) }),
        None => html! { (name) },
    }
}

/// Writes the name of a claim or another graph, with the link to it.
pub(super) fn claim_link(session: &Session, links: &Links, claim: &NamedNode) -> Markup {
    let address = Address::Claim(name_of(session, claim));
    let name = shown(&session.prefixes().show(claim));
    html! {
        @if links.has(&address) {
            a class="name" href=(links.to(&address)) { (name) }
        } @else {
            span class="name" { (name) }
        }
    }
}
