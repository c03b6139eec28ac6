//! The page of a claim: its quote in context, what it states, what was read into it.

use super::document::in_context;
use super::layout::{Page, formats, name_of as name_of_dossier};
use super::notes::{quoted, readings, source};
use super::statement::statements;
use super::term::{PageTerms, TermLabels, address_of, name_of, named, shown};
use crate::annotate::in_order;
use crate::claim::ClaimKind;
use crate::diagnostic::Result;
use crate::format::{GraphFormat, ResultFormat};
use crate::web::address::Address;
use crate::web::media::Media;
use crate::web::site::Site;
use crate::wording::counted;
use maud::{Markup, html};

/// The formats of claims.
const FORMATS: [Media; 3] = [
    Media::Results(ResultFormat::Json),
    Media::Graph(GraphFormat::TriG),
    Media::Graph(GraphFormat::JsonLd),
];

/// The most statements of a graph that a page shows.
const MOST_STATEMENTS: usize = 1_000;

/// Returns the page of a claim or of another named graph.
///
/// # Errors
/// Fails if nothing has the name, or the store fails.
pub(super) fn claim(site: &Site, name: &str) -> Result<Markup> {
    let (session, links) = (&site.session, &site.links);
    // A graph may have a name that nothing is said about.
    let graph = named(session, name);
    let triples = graph.as_ref().map(|graph| session.store().graph(graph.as_ref())).transpose()?;
    let (iri, triples) = match (graph, triples) {
        (Some(graph), Some(triples)) if !triples.is_empty() => (graph, triples),
        _ => {
            let iri = session.entity(name)?.iri;
            let triples = session.store().graph(iri.as_ref())?;
            (iri, triples)
        }
    };
    let claim = session.claim(&iri)?;
    let mut triples = in_order(triples);
    let more = triples.len().saturating_sub(MOST_STATEMENTS);
    triples.truncate(MOST_STATEMENTS);
    let labels = TermLabels::of_triples(session, &triples, [])?;
    let terms = PageTerms::new(site, &labels, triples.iter().map(|triple| &triple.predicate))?;
    let address = Address::Claim(name_of(session, &iri));
    let title = session.prefixes().show(&iri);
    let kind = match claim.kind {
        ClaimKind::Claim => "Claim",
        ClaimKind::Omission => "Omission",
        ClaimKind::Other => "Graph",
    };
    let is_described = address_of(session, &iri)?.is_some();
    let thing = Address::Thing(name_of(session, &iri));
    let content = html! {
        p class="kind" { (kind) }
        h1 { (shown(&title)) }
        @for quote in &claim.quotes {
            blockquote class="big" { (quoted(session, links, &claim, &quote.text)) }
        }
        @if !claim.documents.is_empty() { p class="source" { (source(session, links, &claim)) } }
        (formats(links, &address, &FORMATS))
        @if claim.kind == ClaimKind::Omission {
            section aria-labelledby="why" {
                h2 id="why" { "Why it is left out" }
                @for note in &claim.notes { p { (shown(note)) } }
            }
        } @else {
            section aria-labelledby="states" {
                h2 id="states" { "What it states" }
                (statements(&triples, &terms))
                @if more > 0 { p class="quiet" { "and " (counted(more, "more statement")) } }
                @if triples.is_empty() { p { "Nothing." } }
                (readings(&claim))
            }
        }
        @if claim.place().is_ok() {
            section aria-labelledby="context" {
                h2 id="context" { "In context" }
                (in_context(session, &claim))
            }
        }
        @if is_described && links.has(&thing) {
            p { a href=(links.to(&thing)) { "All facts about it" } }
        }
    };
    let page = Page { title: &title, address: Some(&address), formats: &FORMATS, content };
    Ok(page.write(&name_of_dossier(site)?, links))
}
