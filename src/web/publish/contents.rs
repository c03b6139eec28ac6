//! What a published site has: the addresses of its pages, in a fixed order, and the index for its search.

use super::entries::{Entry, Kind, entries};
use crate::catalogue::SavedQuery;
use crate::diagnostic::{Diagnostic, Result};
use crate::format::{GraphFormat, ResultFormat};
use crate::session::Session;
use crate::vocabulary::{dos, rdf};
use crate::web::address::Address;
use crate::web::media::Media;
use crate::web::page;
use crate::web::publish::paths::path_of;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use serde::Serialize;
use std::collections::BTreeSet;

/// The formats that stand beside the pages of rows, of graphs, of things and of claims.
const ROW_FORMATS: [Media; 2] =
    [Media::Results(ResultFormat::Csv), Media::Results(ResultFormat::Json)];
const GRAPH_FORMATS: [Media; 2] =
    [Media::Graph(GraphFormat::Turtle), Media::Graph(GraphFormat::JsonLd)];
const THING_FORMATS: [Media; 2] =
    [Media::Results(ResultFormat::Json), Media::Graph(GraphFormat::Turtle)];
const CLAIM_FORMATS: [Media; 2] =
    [Media::Results(ResultFormat::Json), Media::Graph(GraphFormat::TriG)];

/// The addresses of a site, each with the formats that stand beside its page.
pub(super) struct Contents {
    /// Those of saved queries.
    pub questions: Vec<(Address, &'static [Media])>,
    /// All others.
    pub others: Vec<(Address, &'static [Media])>,
    /// The queries with more combinations than are published, and how many are left out.
    pub left_out: Vec<(String, usize)>,
    entries: Vec<Entry>,
}

/// The index of a search, as the script reads it.
#[derive(Serialize)]
struct SearchFile<'a> {
    /// How the search page leads to the folder of the site.
    up: &'static str,
    kinds: Vec<&'static str>,
    entries: Vec<(usize, &'a str, &'a str, String)>,
}

impl Contents {
    /// Returns what there is in a session.
    ///
    /// # Errors
    /// Fails if a saved query is invalid, or the store fails.
    pub(super) fn of(session: &Session) -> Result<Self> {
        let mut contents = Self {
            questions: Vec::new(),
            others: vec![(Address::Overview, &[]), (Address::Search(String::new()), &[])],
            left_out: Vec::new(),
            entries: entries(session)?,
        };
        for query in session.catalogue().all()? {
            contents.add_question(session, &query)?;
        }
        contents.add_things(session)?;
        Ok(contents)
    }

    /// Returns the addresses of all pages.
    pub(super) fn pages(&self) -> impl Iterator<Item = &Address> {
        self.questions.iter().chain(&self.others).map(|(address, _)| address)
    }

    fn add_question(&mut self, session: &Session, query: &SavedQuery) -> Result<()> {
        let (variants, left_out) = page::variants(session, query)?;
        if left_out > 0 {
            self.left_out.push((query.name.clone(), left_out));
        }
        let formats: &[Media] = if query.is_graph() { &GRAPH_FORMATS } else { &ROW_FORMATS };
        let address = |arguments| Address::Question { name: query.name.clone(), arguments };
        let without = variants.iter().any(Vec::is_empty);
        if !without {
            // The page that lists the answers.
            self.questions.push((address(Vec::new()), &[]));
        }
        self.questions.extend(variants.into_iter().map(|variant| (address(variant), formats)));
        Ok(())
    }

    /// Adds everything that something is said about, but not the passages, which documents have.
    fn add_things(&mut self, session: &Session) -> Result<()> {
        let store = session.store();
        let passages: BTreeSet<NamedNode> =
            store.things(rdf::TYPE, dos::PASSAGE_CLASS.into())?.into_iter().collect();
        let mut things = BTreeSet::new();
        for quad in store.quads() {
            let quad = quad?;
            if let NamedOrBlankNode::NamedNode(thing) = quad.subject
                && quad.graph_name.is_default_graph()
                && !passages.contains(&thing)
            {
                things.insert(thing);
            }
        }
        for thing in things {
            match page::address_of(session, &thing)? {
                Some(address @ Address::Document(_)) if session.text_of(&thing).is_ok() => {
                    self.others.push((address, &page::DOCUMENT_FORMATS));
                }
                Some(address @ Address::Claim(_)) => {
                    self.others.push((address, &CLAIM_FORMATS));
                }
                Some(address @ Address::Thing(_)) => {
                    self.others.push((address, &THING_FORMATS));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Returns the script with the index of the search.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub(super) fn search_index(&self) -> Result<String> {
        let pages: BTreeSet<String> = self.pages().map(|page| path_of(page, Media::Html)).collect();
        let place = |kind| Kind::ALL.iter().position(|known| *known == kind);
        let entries = self.entries.iter().filter_map(|entry| {
            let path = path_of(&entry.address, Media::Html);
            let is_there = pages.contains(&path);
            is_there.then_some((
                place(entry.kind)?,
                entry.title.as_str(),
                entry.detail.as_str(),
                path,
            ))
        });
        let index = SearchFile {
            up: "../",
            kinds: Kind::ALL.iter().map(|kind| kind.heading()).collect(),
            entries: entries.collect(),
        };
        let json = serde_json::to_string(&index)
            .map_err(|error| Diagnostic::new(format!("the search index: {error}")).store())?;
        Ok(format!("\"use strict\";\nglobalThis.dossierSearch = {};\n", in_script(&json)))
    }
}

/// Returns JSON as a script may hold it: nothing in it ends an element or a line.
fn in_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_script() {
        let json = serde_json::to_string("</script>&\u{2028}\"").unwrap_or_default();
        assert_eq!(in_script(&json), "\"\\u003c/script\\u003e\\u0026\\u2028\\\"\"");
        assert_eq!(
            serde_json::from_str::<String>(&in_script(&json)).ok().as_deref(),
            Some("</script>&\u{2028}\"")
        );
    }
}
