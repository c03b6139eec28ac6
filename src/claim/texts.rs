//! The texts of documents, by name.

use super::Misplaced;
use crate::dossier::{Document, last_part};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The texts of a dossier's documents. Each is named after the last part of its document's IRI.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// Sorted by name.
    named: Arc<[(String, Document)]>,
    /// The names shared by several documents, whose texts are therefore ambiguous.
    shared: BTreeSet<String>,
    /// The texts, by the IRIs of their documents, that have the same names in several dossiers.
    of_dossiers: Arc<BTreeMap<String, Document>>,
}

impl Texts {
    /// Creates the set from names and texts, each of one document.
    pub fn new(mut texts: Vec<(String, Document)>) -> Self {
        texts.sort_by(|(one, _), (other, _)| one.cmp(other));
        Self { named: texts.into(), ..Self::default() }
    }

    /// Adds the texts of documents, by the IRIs of these.
    #[must_use]
    pub(crate) fn with_texts_of(self, documents: BTreeMap<String, Document>) -> Self {
        Self { of_dossiers: documents.into(), ..self }
    }

    /// Assigns the texts to these documents, and records the names that several of them share.
    #[must_use]
    pub(crate) fn of_documents<'a>(&self, documents: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known = BTreeMap::new();
        let mut shared = BTreeSet::new();
        for document in documents {
            if self.of_dossiers.contains_key(document) {
                continue;
            }
            let name = last_part(document);
            if known.insert(name, document).is_some_and(|other| other != document) {
                shared.insert(name.to_owned());
            }
        }
        Self { shared, ..self.clone() }
    }

    /// Returns the text of a document.
    ///
    /// # Errors
    /// If it has none, or shares its name with another document.
    pub fn of(&self, document: &str) -> Result<&Document, Misplaced> {
        if let Some(text) = self.of_dossiers.get(document) {
            return Ok(text);
        }
        let name = last_part(document);
        let text = self.named(name).ok_or(Misplaced::NoText)?;
        if self.shared.contains(name) { Err(Misplaced::SharedText) } else { Ok(text) }
    }

    /// Returns whether there is a text with the name of a document.
    pub fn has(&self, document: &str) -> bool {
        self.of_dossiers.contains_key(document) || self.named(last_part(document)).is_some()
    }

    /// Returns the text with a name, whichever document it belongs to.
    pub fn named(&self, name: &str) -> Option<&Document> {
        let place = self.named.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        Some(&self.named[place].1)
    }

    /// Returns the names shared by several documents.
    pub const fn shared(&self) -> &BTreeSet<String> {
        &self.shared
    }
}
