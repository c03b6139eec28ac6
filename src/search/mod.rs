//! Searching by words: saved queries, things by their names and texts, claims by their quotes, and documents by their
//! passages.
//!
//! ```text
//!   rows                       hits as rows of a table
//!    │
//!   resolver                   from texts to what was found: places, claims, one hit for each thing
//!    │
//!   sources   hit ── excerpt   what the texts of a session are; what was found; the part of a text that is shown
//!    │
//!   text_index ── postings     which texts have some words, and how well they fit
//!    │
//!   terms ── words             what was typed, and the words of a text
//! ```
//!
//! All words have to occur in the same text, in any order. Case and accents are ignored, and the beginning of a word is
//! enough; between double quotes stands a phrase, which has to occur as it is.

mod excerpt;
mod hit;
mod postings;
mod resolver;
mod rows;
mod sources;
mod terms;
mod text_index;
mod words;

pub use excerpt::SearchExcerpt;
pub use hit::{Hit, HitKind, HitPlace, HitTarget, SearchOptions, SearchResults};
pub(crate) use rows::rows_of;

use crate::catalogue;
use crate::diagnostic::{Result, error, nearest};
use crate::session::Session;
use crate::vocabulary::{Prefixes, dos};
use oxigraph::model::{Literal, Term};
use resolver::Resolver;
use sources::Sources;
use std::sync::{Arc, OnceLock};
use terms::{SearchTerm, terms_of};
use text_index::{TextIndex, TextMatch};

/// All that can be found in a session, indexed. It remains true as long as the session's data stay the same.
#[derive(Debug)]
pub struct SearchIndex {
    sources: Sources,
    texts: TextIndex,
}

/// The index of a session, which is made when it is first needed. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedSearchIndex(Arc<OnceLock<SearchIndex>>);

impl SharedSearchIndex {
    /// Returns the index of a session: always the same one.
    ///
    /// # Errors
    /// Fails if the saved queries or the texts cannot be read, or the store fails.
    pub(crate) fn of(&self, session: &Session) -> Result<&SearchIndex> {
        if let Some(index) = self.0.get() {
            return Ok(index);
        }
        let index = SearchIndex::new(session)?;
        Ok(self.0.get_or_init(|| index))
    }
}

/// The most statements that an endpoint is asked for.
const MOST_REQUESTED: &str = "1000";

impl SearchIndex {
    /// Reads and indexes what can be found. Behind an endpoint, these are the saved queries and the documents: the data
    /// themselves are searched there.
    ///
    /// # Errors
    /// Fails if the saved queries or the texts cannot be read, or the store fails.
    pub fn new(session: &Session) -> Result<Self> {
        let (sources, texts) = Sources::read(session)?;
        Ok(Self { sources, texts })
    }

    /// Finds what was typed: words, of which the beginnings are enough, and phrases between double quotes.
    ///
    /// # Errors
    /// Fails if there are no words in it, or the store fails.
    pub fn find(
        &self,
        session: &Session,
        typed: &str,
        options: SearchOptions<'_>,
    ) -> Result<SearchResults> {
        let terms = terms_of(typed);
        if terms.is_empty() {
            return Err(error!("search-empty", "there are no words to look for in `{typed}`")
                .help("type words or their beginnings; a phrase stands between double quotes")
                .usage());
        }
        let mut resolver = Resolver::new(session, &terms);
        resolver.look_at(&self.sources, matches(&self.texts, &terms, options.any))?;
        if !session.store().capabilities().can_scan {
            let (sources, texts) = requested(session, &terms)?;
            resolver.look_at(&sources, matches(&texts, &terms, options.any))?;
        }
        let missing = if resolver.is_empty() { self.missing(&terms) } else { Vec::new() };
        resolver.finish(options, missing)
    }

    /// Returns the words that occur nowhere, each with the nearest one that does.
    fn missing(&self, terms: &[SearchTerm]) -> Vec<(String, Option<String>)> {
        let missing = self.texts.missing(terms).into_iter();
        missing.map(|term| (term.typed.clone(), self.nearest(term).map(str::to_owned))).collect()
    }

    /// Returns the word that is nearest to one that occurs nowhere, or that begins nearly like it.
    fn nearest(&self, term: &SearchTerm) -> Option<&str> {
        let [typed] = term.keys.as_slice() else { return None };
        let whole = nearest(typed, self.texts.words());
        if whole.is_some() || !term.is_open {
            return whole;
        }
        let length = typed.chars().count();
        let beginning = |word| str::char_indices(word).nth(length).map(|(end, _)| &word[..end]);
        let beginning = nearest(typed, self.texts.words().filter_map(beginning))?;
        self.texts.words().find(|word| word.starts_with(beginning))
    }
}

fn matches(texts: &TextIndex, terms: &[SearchTerm], any: bool) -> Vec<TextMatch> {
    if any { texts.find_any(terms) } else { texts.find(terms) }
}

/// Asks an endpoint for literals with the longest word of a search: how it divides texts into words is its own affair, so
/// that the others are looked for here.
fn requested(session: &Session, terms: &[SearchTerm]) -> Result<(Sources, TextIndex)> {
    let words = terms.iter().flat_map(|term| term.typed.split_whitespace());
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let Some(word) = words.max_by_key(|word| word.chars().count()) else {
        return Ok(Sources::of_literals([]));
    };
    let text = format!(
        "SELECT DISTINCT ?text {{ ?thing ?property ?text \
         FILTER(isLiteral(?text) && CONTAINS(LCASE(STR(?text)), ?_word)) }} LIMIT {MOST_REQUESTED}"
    );
    let arguments = [("word".to_owned(), word.to_lowercase())];
    // No parameter stands for an IRI, so none is resolved.
    let query =
        catalogue::bind_ad_hoc("search", &text, &Prefixes::default(), &arguments, &mut |_, _| {
            Ok(dos::QUOTE.into())
        })?;
    let mut literals: Vec<Literal> = Vec::new();
    for row in session.answer(&query, None, None)?.rows().into_iter().flatten() {
        if let [Some(Term::Literal(literal))] = row?.solution.values() {
            literals.push(literal.clone());
        }
    }
    Ok(Sources::of_literals(literals))
}
