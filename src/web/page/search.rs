//! Search by words over questions, documents, things, claims and passages.

use super::layout::{Page, formats, name_of as name_of_dossier, search_box};
use super::notes::claim_link;
use super::term::{PageTerms, TermLabels, name_of, shown};
use crate::cite::Citation;
use crate::diagnostic::{ErrorKind, Result, did_you_mean};
use crate::format::ResultFormat;
use crate::search::{
    Hit, HitKind, HitPlace, HitTarget, SearchExcerpt, SearchOptions, SearchResults,
};
use crate::web::address::Address;
use crate::web::media::Media;
use crate::web::site::Site;
use crate::wording::counted;
use maud::{Markup, html};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::BTreeSet;

/// The most hits of each kind that a page shows.
const MOST_HITS: usize = 30;

/// The formats of hits.
pub(in crate::web) const FORMATS: [Media; 3] = [
    Media::Results(ResultFormat::Json),
    Media::Results(ResultFormat::Csv),
    Media::Results(ResultFormat::Markdown),
];

/// The length of the texts, in characters.
const EXCERPT: usize = 200;

/// Returns the page with what some words find.
///
/// # Errors
/// Fails if the queries cannot be read or the store fails.
pub(super) fn search(site: &Site, typed: &str) -> Result<Markup> {
    let address = Address::Search(typed.to_owned());
    let is_live = site.links.are_live();
    let content = html! {
        h1 { "Search" }
        (search_box(&site.links, typed, "search"))
        div id="hits" data-search[!is_live] aria-live="polite" {
            @if !is_live {
                noscript {
                    p {
                        "The search in files needs JavaScript. The "
                        a href=(site.links.to(&Address::Overview)) { "first page" }
                        " lists all questions, documents and things."
                    }
                }
            } @else if !typed.trim().is_empty() {
                (hits(site, typed)?)
            }
        }
        @if is_live && !typed.trim().is_empty() { (formats(&site.links, &address, &FORMATS)) }
    };
    let is_empty = !is_live || typed.trim().is_empty();
    let formats = if is_empty { &[][..] } else { &FORMATS };
    let page = Page { title: "Search", address: Some(&address), formats, content };
    Ok(page.write(&name_of_dossier(site)?, &site.links))
}

fn hits(site: &Site, typed: &str) -> Result<Markup> {
    let options = SearchOptions { kinds: &[], most: MOST_HITS, cite: true, any: false };
    let found = match site.search_index()?.find(&site.session, typed, options) {
        // There are no words in what was typed.
        Err(error) if error.kind == ErrorKind::Usage => SearchResults::default(),
        found => found?,
    };
    let terms: Vec<Term> = found.hits.iter().flat_map(terms_of).collect();
    let properties: Vec<&NamedNode> = found.hits.iter().filter_map(property_of).collect();
    let labels = TermLabels::of(&site.session, &terms)?;
    let terms = PageTerms::new(site, &labels, properties)?;
    let page = HitPage { site, terms };
    let omitted: usize = found.omitted.iter().map(|(_, more)| more).sum();
    Ok(html! {
        p class="count" {
            (counted(found.hits.len() + omitted, "hit"))
            @if found.is_partial { "; only the best of what was found was looked at" }
        }
        @for (word, near) in &found.missing {
            p {
                code { (shown(word)) } " occurs nowhere"
                @if let Some(near) = near { ": " (shown(&did_you_mean(near))) }
            }
        }
        @for kind in HitKind::ALL { (page.of_kind(kind, &found)) }
    })
}

/// Returns the terms that a hit names.
fn terms_of(hit: &Hit) -> Vec<Term> {
    let target = match &hit.target {
        HitTarget::Query(_) => None,
        HitTarget::Resource(resource) => Some(resource.clone().into()),
    };
    target.into_iter().chain(property_of(hit).cloned().map(Term::from)).collect()
}

fn property_of(hit: &Hit) -> Option<&NamedNode> {
    match &hit.place {
        Some(HitPlace::Property(property)) => Some(property),
        _ => None,
    }
}

/// Returns the heading of the hits of a kind.
const fn heading(kind: HitKind) -> &'static str {
    match kind {
        HitKind::Query => "Questions",
        HitKind::Document => "Documents",
        HitKind::Thing => "Things",
        HitKind::Term => "Terms",
        HitKind::Claim => "Claims",
        HitKind::Omission => "Omissions",
        HitKind::Passage => "Passages",
    }
}

/// Writes hits.
struct HitPage<'a> {
    site: &'a Site,
    terms: PageTerms<'a>,
}

impl HitPage<'_> {
    fn of_kind(&self, kind: HitKind, found: &SearchResults) -> Markup {
        let more = found.omitted.iter().find(|(omitted, _)| *omitted == kind);
        let id = format!("hits-{}", heading(kind).to_lowercase());
        let is_empty = found.hits.iter().all(|hit| hit.kind != kind);
        html! {
            @if !is_empty {
                section aria-labelledby=(id) {
                    h2 id=(id) { (heading(kind)) }
                    ul class="hits" {
                        @for hit in found.hits.iter().filter(|hit| hit.kind == kind) {
                            li { (self.hit(hit)) }
                        }
                    }
                    @if let Some((_, more)) = more { p class="quiet" { "and " (more) " more" } }
                }
            }
        }
    }

    fn hit(&self, hit: &Hit) -> Markup {
        let (session, links) = (&self.site.session, &self.site.links);
        let text = marked(&hit.excerpt(EXCERPT));
        match (&hit.target, hit.kind, &hit.place) {
            (HitTarget::Query(name), ..) => {
                let address = Address::Question { name: name.clone(), arguments: Vec::new() };
                html! { a href=(links.to(&address)) { (text) } " " span class="name quiet" { (shown(name)) } }
            }
            (_, HitKind::Passage, Some(HitPlace::Passage(document, place))) => {
                let address = Address::Document(name_of(session, document));
                html! {
                    a href=(links.to_part(&address, &place.fragment())) { (place.short()) } " "
                    span { (text) } (self.claims(hit.citation.as_ref()))
                }
            }
            (
                HitTarget::Resource(NamedOrBlankNode::NamedNode(claim)),
                HitKind::Claim | HitKind::Omission,
                place,
            ) => {
                let place = match place {
                    Some(HitPlace::Passage(_, place)) => place.short(),
                    _ => String::new(),
                };
                html! {
                    a href=(links.to(&Address::Claim(name_of(session, claim)))) { "“" (text) "”" } " "
                    span class="quiet" { (shown(&session.prefixes().show(claim))) " " (place) }
                }
            }
            (HitTarget::Resource(resource), _, place) => html! {
                (self.terms.term(&resource.clone().into())) " "
                @if let Some(HitPlace::Property(property)) = place {
                    span class="quiet" { (shown(&self.terms.property_name(property))) ": " (text) }
                }
                (self.claims(hit.citation.as_ref()))
            },
        }
    }

    /// Writes the claims that a hit rests on, or that quote it.
    fn claims(&self, citation: Option<&Citation>) -> Markup {
        let derivations = citation.into_iter().flat_map(|citation| &citation.derivations);
        let claims: BTreeSet<&NamedNode> =
            derivations.flat_map(|derivation| derivation.graphs()).collect();
        html! {
            @if !claims.is_empty() {
                span class="quiet" {
                    @for claim in claims { " · " (claim_link(&self.site.session, &self.site.links, claim)) }
                }
            }
        }
    }
}

/// Writes an excerpt with the words that were looked for.
fn marked(excerpt: &SearchExcerpt) -> Markup {
    let mut at = 0;
    let mut parts = Vec::new();
    for mark in &excerpt.marks {
        parts.push((&excerpt.text[at..mark.start], &excerpt.text[mark.clone()]));
        at = mark.end;
    }
    html! {
        @for (before, word) in parts { (shown(before)) mark { (shown(word)) } }
        (shown(&excerpt.text[at..]))
    }
}
