//! What the search of published pages finds: an entry for each question, document, thing and quote. A script compares it
//! with what is typed, so that no server is needed.

use crate::diagnostic::Result;
use crate::session::Session;
use crate::vocabulary::dos;
use crate::web::address::Address;
use crate::web::page::{address_of, name_of, title_of};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::BTreeMap;

/// The kinds of what is searched, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
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
    pub(super) const ALL: [Self; 4] = [Self::Question, Self::Document, Self::Thing, Self::Quote];

    /// Returns the heading of its hits.
    pub(super) const fn heading(self) -> &'static str {
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
pub(super) struct Entry {
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
pub(super) fn entries(session: &Session) -> Result<Vec<Entry>> {
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
