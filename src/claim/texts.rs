//! The texts of documents, by the documents' names.

use super::Misplaced;
use crate::dossier::{Document, last_part};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The texts of a dossier's documents. Each has the last part of its document's IRI as its name.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// In the order of their names.
    texts: Arc<[(String, Document)]>,
    /// The names that several documents have: which one's text it is cannot be told.
    shared: BTreeSet<String>,
}

impl Texts {
    /// Texts with their names, each of one document.
    pub fn new(mut texts: Vec<(String, Document)>) -> Self {
        texts.sort_by(|(one, _), (other, _)| one.cmp(other));
        Self { texts: texts.into(), shared: BTreeSet::new() }
    }

    /// The same texts, of these documents and no others.
    #[must_use]
    pub(crate) fn of_documents<'a>(&self, documents: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known = BTreeMap::new();
        let mut shared = BTreeSet::new();
        for document in documents {
            let name = last_part(document);
            if known.insert(name, document).is_some_and(|other| other != document) {
                shared.insert(name.to_owned());
            }
        }
        Self { texts: Arc::clone(&self.texts), shared }
    }

    /// The text of a document.
    ///
    /// # Errors
    /// If it has none of its own.
    pub fn of(&self, document: &str) -> Result<&Document, Misplaced> {
        let name = last_part(document);
        let text = self.named(name).ok_or(Misplaced::NoText)?;
        if self.shared.contains(name) { Err(Misplaced::SharedText) } else { Ok(text) }
    }

    /// Whether there is a text by the name of a document's.
    pub fn has(&self, document: &str) -> bool {
        self.named(last_part(document)).is_some()
    }

    /// The text with a name, whosever it is.
    pub fn named(&self, name: &str) -> Option<&Document> {
        let place = self.texts.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        Some(&self.texts[place].1)
    }

    /// The names that several documents have for their texts.
    pub const fn shared(&self) -> &BTreeSet<String> {
        &self.shared
    }
}
