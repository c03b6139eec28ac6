//! The labels and names of things.

use super::{dcterms, foaf, rdfs, schema, schema_http, skos};
use oxigraph::model::{NamedNode, NamedNodeRef};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The properties that name a thing, the preferred one first.
pub(crate) const NAMES: [NamedNodeRef<'static>; 6] =
    [skos::PREF_LABEL, rdfs::LABEL, dcterms::TITLE, foaf::NAME, schema::NAME, schema_http::NAME];

/// The label properties. In searches, they take precedence over other names.
pub(crate) const LABELS: [NamedNodeRef<'static>; 3] =
    [skos::PREF_LABEL, rdfs::LABEL, skos::ALT_LABEL];

/// The properties that searches use.
pub(crate) const ALL_NAMES: [NamedNodeRef<'static>; 7] = [
    skos::PREF_LABEL,
    rdfs::LABEL,
    skos::ALT_LABEL,
    dcterms::TITLE,
    foaf::NAME,
    schema::NAME,
    schema_http::NAME,
];

/// Returns a name without case and accents, for searches: `Kalniņš` becomes `kalnins`.
pub(crate) fn folded(name: &str) -> String {
    let letters = name.nfd().filter(|letter| !is_combining_mark(*letter));
    letters.flat_map(char::to_lowercase).collect()
}

/// The labels of IRIs. The session fills it; the writers of results read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    labels: HashMap<NamedNode, String>,
}

impl Labels {
    /// Returns the label of an IRI.
    pub fn get(&self, iri: &NamedNode) -> Option<&str> {
        self.labels.get(iri).map(String::as_str)
    }

    /// Returns the labels alone, in arbitrary order.
    pub(crate) fn into_values(self) -> impl Iterator<Item = String> {
        self.labels.into_values()
    }
}

impl FromIterator<(NamedNode, String)> for Labels {
    fn from_iter<I: IntoIterator<Item = (NamedNode, String)>>(labels: I) -> Self {
        Self { labels: labels.into_iter().collect() }
    }
}
