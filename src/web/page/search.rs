//! Search over questions, things, documents and the quotes of claims.

use super::layout::{Page, name_of as name_of_dossier, search_box};
use super::question::title_of;
use super::term::{address_of, name_of, shown};
use crate::diagnostic::Result;
use crate::session::Session;
use crate::vocabulary::{dos, folded};
use crate::web::address::Address;
use crate::web::site::Site;
use crate::wording::counted;
use maud::{Markup, html};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::BTreeMap;

/// The most hits of each kind that a page shows.
const MOST_HITS: usize = 30;

/// The kinds of what is searched, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// A saved query.
    Question,
    /// A document.
    Document,
    /// A thing.
    Thing,
    /// A claim, found by its quote.
    Quote,
}

impl Kind {
    /// All kinds.
    pub(in crate::web) const ALL: [Self; 4] =
        [Self::Question, Self::Document, Self::Thing, Self::Quote];

    /// Returns the heading of its hits.
    pub(in crate::web) const fn heading(self) -> &'static str {
        match self {
            Self::Question => "Questions",
            Self::Document => "Documents",
            Self::Thing => "Things",
            Self::Quote => "Quotes",
        }
    }
}

/// What can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Entry {
    /// Its kind.
    pub kind: Kind,
    /// The words that it is found by, and shown as.
    pub title: String,
    /// Further words that it is found by.
    pub detail: String,
    /// Where it is.
    pub address: Address,
}

/// Returns all that can be found, in a fixed order. The things and quotes behind an endpoint are too many to read.
///
/// # Errors
/// Fails if the queries cannot be read or the store fails.
pub(in crate::web) fn entries(session: &Session) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for query in session.catalogue().readable()?.0 {
        let detail = [query.name.as_str(), &query.front_matter.description];
        entries.push(Entry {
            kind: Kind::Question,
            title: title_of(&query),
            detail: detail.join(" ").trim().to_owned(),
            address: Address::Question { name: query.name.clone(), arguments: Vec::new() },
        });
    }
    if !session.store().capabilities().can_scan {
        return Ok(entries);
    }
    let mut names: BTreeMap<NamedNode, Vec<String>> = BTreeMap::new();
    for (name, thing) in session.names()?.iter() {
        names.entry(thing.clone()).or_default().push(name.to_owned());
    }
    let labels = session.labels(names.keys())?;
    for (thing, mut names) in names {
        let kind = match address_of(session, &thing)? {
            Some(Address::Document(_)) => Kind::Document,
            Some(Address::Thing(_)) => Kind::Thing,
            _ => continue,
        };
        names.sort();
        names.dedup();
        let best = labels.get(&thing).or(names.first().map(String::as_str));
        let title = best.unwrap_or_default().to_owned();
        names.retain(|name| *name != title);
        names.push(session.prefixes().show(&thing));
        let name = name_of(session, &thing);
        let address = match kind {
            Kind::Document => Address::Document(name),
            _ => Address::Thing(name),
        };
        entries.push(Entry { kind, title, detail: names.join(" · "), address });
    }
    let mut quotes = Vec::new();
    for (claim, quote) in session.store().pairs(dos::QUOTE)? {
        if let (NamedOrBlankNode::NamedNode(claim), Term::Literal(quote)) = (claim, quote) {
            quotes.push((claim, quote.destruct().0));
        }
    }
    quotes.sort();
    for (claim, quote) in quotes {
        let title = quote.split_whitespace().collect::<Vec<_>>().join(" ");
        let detail = session.prefixes().show(&claim);
        let address = Address::Claim(name_of(session, &claim));
        entries.push(Entry { kind: Kind::Quote, title, detail, address });
    }
    Ok(entries)
}

/// Returns how well an entry fits what was typed, the best first, or `None` if it does not: all words must occur in it.
fn fit(entry: &Entry, typed: &str, words: &[&str]) -> Option<usize> {
    let (title, detail) = (folded(&entry.title), folded(&entry.detail));
    let occurs = |word: &&str| title.contains(word) || detail.contains(word);
    if words.is_empty() || !words.iter().all(occurs) {
        return None;
    }
    let begins_word = |text: &str| {
        text.match_indices(typed).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
    };
    Some(match () {
        () if title == typed => 0,
        () if detail.split(" · ").any(|name| name == typed) => 1,
        () if title.starts_with(typed) => 2,
        () if begins_word(&title) => 3,
        () if title.contains(typed) => 4,
        () => 5,
    })
}

/// Returns the entries that fit what was typed, the best of each kind first.
pub(super) fn find<'e>(entries: &'e [Entry], typed: &str) -> Vec<&'e Entry> {
    let typed = folded(typed.trim());
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut hits: Vec<(usize, &Entry)> =
        entries.iter().filter_map(|entry| Some((fit(entry, &typed, &words)?, entry))).collect();
    hits.sort_by_key(|(fit, entry)| (entry.kind, *fit, entry.title.chars().count()));
    hits.into_iter().map(|(_, entry)| entry).collect()
}

/// Returns, for each of some texts, the kind, the title and the name of what fits it, the best of each kind first.
///
/// # Errors
/// Fails if the queries cannot be read or the store fails.
#[cfg(feature = "mcp")]
pub(crate) fn hits(session: &Session, typed: &[&str]) -> Result<Vec<Vec<(Kind, String, String)>>> {
    let entries = entries(session)?;
    let name = |address: &Address| match address {
        Address::Question { name, .. }
        | Address::Document(name)
        | Address::Thing(name)
        | Address::Claim(name) => name.clone(),
        other => other.path(None),
    };
    let hit = |hit: &Entry| (hit.kind, hit.title.clone(), name(&hit.address));
    Ok(typed.iter().map(|typed| find(&entries, typed).into_iter().map(hit).collect()).collect())
}

/// Returns the page with what fits some words.
///
/// # Errors
/// Fails if the queries cannot be read or the store fails.
pub(super) fn search(site: &Site, typed: &str) -> Result<Markup> {
    let address = Address::Search(typed.to_owned());
    let is_live = site.links.are_live();
    let entries =
        if is_live && !typed.trim().is_empty() { entries(&site.session)? } else { Vec::new() };
    let hits = find(&entries, typed);
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
                p class="count" { (counted(hits.len(), "hit")) }
                @for kind in Kind::ALL { (of_kind(site, kind, &hits)) }
            }
        }
    };
    let page = Page { title: "Search", address: Some(&address), formats: &[], content };
    Ok(page.write(&name_of_dossier(site)?, &site.links))
}

fn of_kind(site: &Site, kind: Kind, hits: &[&Entry]) -> Markup {
    let these: Vec<&&Entry> = hits.iter().filter(|hit| hit.kind == kind).collect();
    let id = format!("hits-{}", kind.heading().to_lowercase());
    html! {
        @if !these.is_empty() {
            section aria-labelledby=(id) {
                h2 id=(id) { (kind.heading()) }
                ul class="hits" {
                    @for hit in these.iter().take(MOST_HITS) {
                        li {
                            a href=(site.links.to(&hit.address)) {
                                @if kind == Kind::Quote { "“" (shown(&hit.title)) "”" } @else { (shown(&hit.title)) }
                            }
                            " " span class="quiet" { (shown(&hit.detail)) }
                        }
                    }
                }
                @if these.len() > MOST_HITS { p class="quiet" { "and " (these.len() - MOST_HITS) " more" } }
            }
        }
    }
}
