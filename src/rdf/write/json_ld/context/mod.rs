//! Contexts: the IRIs of terms, and how their values are written.
//!
//! Scoped contexts, and features that move values away from their property, are rejected by name. So are remote
//! contexts.

mod definitions;

use super::json::JsonValue;
use crate::diagnostic::{Diagnostic, error};
use std::collections::{BTreeMap, HashMap};

const KEYWORDS: [&str; 21] = [
    "@base",
    "@container",
    "@context",
    "@direction",
    "@graph",
    "@id",
    "@import",
    "@included",
    "@index",
    "@json",
    "@language",
    "@list",
    "@nest",
    "@none",
    "@prefix",
    "@propagate",
    "@protected",
    "@reverse",
    "@set",
    "@type",
    "@value",
];

/// A context for compacting values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JsonLdContext {
    source: Option<JsonValue>,
    terms: BTreeMap<String, TermDefinition>,
    vocab: Option<String>,
    language: Option<String>,
    /// The names of the terms of each IRI, the best first.
    by_iri: HashMap<String, Vec<String>>,
    /// The terms that may be prefixes, with their namespaces.
    prefixes: Vec<(String, String)>,
}

/// The definition of a term.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct TermDefinition {
    /// The IRI or keyword, or `None` if the term is mapped to `null`.
    pub iri: Option<String>,
    pub coercion: Option<Coercion>,
    /// The language of its strings: `Some(None)` if they have no language even if the context sets one.
    #[allow(clippy::option_option, reason = "no word on it, none, and one are three cases")]
    pub language: Option<Option<String>>,
    pub container: Container,
    /// Whether the values are always an array, even a single one.
    pub is_set: bool,
    is_prefix: bool,
    /// Whether another context must not redefine it.
    is_protected: bool,
}

/// The type to which strings are coerced.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Coercion {
    Id,
    Vocab,
    None,
    Datatype(String),
}

/// The container of the values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Container {
    #[default]
    None,
    List,
    Language,
}

impl JsonLdContext {
    /// Parses a context: an object with `@context`, or the value of `@context` itself.
    ///
    /// # Errors
    /// If the text is not JSON, or if the context is remote, invalid, or uses an unsupported feature.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let json: JsonValue = serde_json::from_str(text)
            .map_err(|error| error!("json-syntax", "invalid JSON: {error}"))?;
        Self::of(json.get("@context").unwrap_or(&json))
    }

    /// Builds the context from a value of `@context`.
    pub(super) fn of(json: &JsonValue) -> Result<Self, Diagnostic> {
        let mut context = Self { source: Some(json.clone()), ..Self::default() };
        for part in json.items() {
            match part {
                JsonValue::Null => {
                    if let Some(name) = context.protected().next() {
                        return Err(invalid(format!(
                            "`null` would undo the protected term `{name}` of the context"
                        ))
                        .help("remove the `null` or the `@protected`"));
                    }
                    context = Self { source: context.source, ..Self::default() };
                }
                JsonValue::String(iri) => {
                    return Err(error!(
                        "json-ld-context-remote",
                        "the context `{iri}` is remote, and remote contexts are not downloaded"
                    )
                    .help("put the object of its `@context` in the file"));
                }
                JsonValue::Object(_) => context.add(part)?,
                _ => return Err(invalid("a context must be an object")),
            }
        }
        context.index();
        Ok(context)
    }

    fn protected(&self) -> impl Iterator<Item = &str> {
        let protected = self.terms.iter().filter(|(_, term)| term.is_protected);
        protected.map(|(name, _)| name.as_str())
    }

    /// Returns the value of `@context` as it was parsed.
    pub(super) const fn source(&self) -> Option<&JsonValue> {
        self.source.as_ref()
    }

    /// Returns the language of strings whose term does not set one.
    pub(super) fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// Returns the definition of a name, if it is a term.
    pub(super) fn term(&self, name: &str) -> Option<&TermDefinition> {
        self.terms.get(name)
    }

    /// Returns the terms of an IRI, the best first: by length, then by name.
    pub(super) fn terms_of(&self, iri: &str) -> impl Iterator<Item = (&str, &TermDefinition)> {
        let names = self.by_iri.get(iri).map_or(&[][..], Vec::as_slice);
        names.iter().filter_map(|name| Some((name.as_str(), self.terms.get(name)?)))
    }

    /// Returns the alias of a keyword, or the keyword itself.
    pub(super) fn keyword<'a>(&'a self, keyword: &'a str) -> &'a str {
        self.by_iri.get(keyword).and_then(|names| names.first()).map_or(keyword, String::as_str)
    }

    /// Returns the shortest compact IRI of an IRI.
    pub(super) fn curie<'a, 'i>(&'a self, iri: &'i str) -> Option<(&'a str, &'i str)> {
        self.prefixes
            .iter()
            .filter_map(|(prefix, namespace)| {
                let local = iri.strip_prefix(namespace.as_str())?;
                let is_usable = !local.is_empty()
                    && !local.starts_with("//")
                    && (self.terms.is_empty()
                        || !self.terms.contains_key(&format!("{prefix}:{local}")));
                is_usable.then_some((prefix.as_str(), local))
            })
            .min_by_key(|(prefix, local)| (prefix.len() + local.len(), *prefix))
    }

    /// Compacts an IRI where names are resolved against the vocabulary: a key, a type or a datatype. With `as_term`,
    /// the result may be a term.
    ///
    /// # Errors
    /// If the context would expand every possible form to another IRI.
    pub(super) fn compact_name(&self, iri: &str, as_term: bool) -> Result<String, Diagnostic> {
        if as_term && let Some(name) = self.by_iri.get(iri).and_then(|names| names.first()) {
            return Ok(name.clone());
        }
        if let Some(local) = self.vocab.as_deref().and_then(|vocab| iri.strip_prefix(vocab))
            && !local.is_empty()
            && !local.contains(':')
            && !local.starts_with('@')
            && !self.terms.contains_key(local)
        {
            return Ok(local.to_owned());
        }
        self.absolute(iri, true)
    }

    /// Compacts an IRI where names are not resolved against the vocabulary.
    ///
    /// # Errors
    /// If the context would expand it to another IRI.
    pub(super) fn compact_id(&self, iri: &str) -> Result<String, Diagnostic> {
        self.absolute(iri, false)
    }

    fn absolute(&self, iri: &str, is_name: bool) -> Result<String, Diagnostic> {
        if iri.starts_with("_:") {
            return Ok(iri.to_owned());
        }
        if let Some((prefix, local)) = self.curie(iri) {
            return Ok(format!("{prefix}:{local}"));
        }
        let misread = match iri.split_once(':') {
            _ if is_name && self.terms.contains_key(iri) => Some(iri),
            Some((scheme, rest)) if !rest.starts_with("//") => {
                self.terms.get(scheme).is_some_and(|term| term.is_prefix).then_some(scheme)
            }
            _ => None,
        };
        match misread {
            None => Ok(iri.to_owned()),
            Some(term) => Err(invalid(format!(
                "cannot write <{iri}>: the context's term `{term}` would change its meaning"
            ))
            .help("rename the term")),
        }
    }

    /// Returns the IRI or keyword of a key, type or datatype, or `None` if it has no meaning.
    pub(super) fn expand_name(&self, name: &str) -> Option<String> {
        if KEYWORDS.contains(&name) {
            return Some(name.to_owned());
        }
        if let Some(term) = self.terms.get(name) {
            return term.iri.clone();
        }
        let absolute = self.expand_id(name);
        if absolute.contains(':') {
            return Some(absolute);
        }
        self.vocab.as_ref().map(|vocab| format!("{vocab}{name}"))
    }

    /// Returns the IRI for the value of an `@id`.
    pub(super) fn expand_id(&self, name: &str) -> String {
        match name.split_once(':') {
            Some((prefix, local)) if prefix != "_" && !local.starts_with("//") => {
                match self.terms.get(prefix) {
                    Some(TermDefinition { iri: Some(iri), is_prefix: true, .. }) => {
                        format!("{iri}{local}")
                    }
                    _ => name.to_owned(),
                }
            }
            _ => name.to_owned(),
        }
    }

    fn index(&mut self) {
        self.by_iri.clear();
        self.prefixes.clear();
        for (name, term) in &self.terms {
            if let Some(iri) = &term.iri {
                self.by_iri.entry(iri.clone()).or_default().push(name.clone());
                if term.is_prefix {
                    self.prefixes.push((name.clone(), iri.clone()));
                }
            }
        }
        for names in self.by_iri.values_mut() {
            names.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        }
    }
}

fn invalid(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("json-ld-context", message)
}
