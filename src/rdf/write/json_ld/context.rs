//! Contexts: which terms stand for which IRIs, and how their values are written
//! ([JSON-LD 1.1 API, 4.1 and 4.2](https://www.w3.org/TR/json-ld11-api/#context-processing-algorithm)).
//!
//! What scopes a context, and what writes values in other places than their property, is refused by name. So is a
//! context that would have to be fetched.

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
/// How many definitions may rest on one another.
const DEEPEST: usize = 64;

/// A context that values can be compacted with.
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

/// What a term stands for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct TermDefinition {
    /// The IRI or keyword: none if the term stands for nothing.
    pub iri: Option<String>,
    pub coercion: Option<Coercion>,
    /// The language of its strings: `Some(None)` if they have none whatever the context says.
    #[allow(clippy::option_option, reason = "no word on it, none, and one are three cases")]
    pub language: Option<Option<String>>,
    pub container: Container,
    /// Whether several values, and also one, are an array.
    pub is_set: bool,
    is_prefix: bool,
    /// Whether another context must not define it otherwise.
    is_protected: bool,
}

/// What a string is read as.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Coercion {
    Id,
    Vocab,
    None,
    Datatype(String),
}

/// Where values stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Container {
    #[default]
    None,
    List,
    Language,
}

impl JsonLdContext {
    /// Reads a context: an object with `@context`, or what stands there.
    ///
    /// # Errors
    /// If the text is no JSON, or the context is remote, wrong, or uses what is not supported.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let json: JsonValue = serde_json::from_str(text)
            .map_err(|error| error!("json-syntax", "this is no JSON: {error}"))?;
        Self::of(json.get("@context").unwrap_or(&json))
    }

    /// The context that a value of `@context` is.
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
                        "the context `{iri}` is remote, and remote contexts are never fetched"
                    )
                    .help("put the object of its `@context` into the file"));
                }
                JsonValue::Object(_) => context.add(part)?,
                _ => return Err(invalid("a context is an object")),
            }
        }
        context.index();
        Ok(context)
    }

    fn protected(&self) -> impl Iterator<Item = &str> {
        let protected = self.terms.iter().filter(|(_, term)| term.is_protected);
        protected.map(|(name, _)| name.as_str())
    }

    /// The value of `@context` as it was read.
    pub(super) const fn source(&self) -> Option<&JsonValue> {
        self.source.as_ref()
    }

    /// The language of strings whose term does not say one.
    pub(super) fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// What a name stands for, if it is a term.
    pub(super) fn term(&self, name: &str) -> Option<&TermDefinition> {
        self.terms.get(name)
    }

    /// The terms of an IRI, the best first: the shorter one, then the first by name.
    pub(super) fn terms_of(&self, iri: &str) -> impl Iterator<Item = (&str, &TermDefinition)> {
        let names = self.by_iri.get(iri).map_or(&[][..], Vec::as_slice);
        names.iter().filter_map(|name| Some((name.as_str(), self.terms.get(name)?)))
    }

    /// How a keyword is written: an alias if there is one.
    pub(super) fn keyword<'a>(&'a self, keyword: &'a str) -> &'a str {
        self.by_iri.get(keyword).and_then(|names| names.first()).map_or(keyword, String::as_str)
    }

    /// The shortest compact IRI of an IRI.
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

    /// The IRI as it is written where names are read against the vocabulary: as a key, a type, a datatype.
    /// With `as_term`, also as a term.
    ///
    /// # Errors
    /// If the context would read every way to write it as something else.
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

    /// The IRI as it is written where it is read as an IRI alone.
    ///
    /// # Errors
    /// If the context would read it as another one.
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
                "<{iri}> cannot be written: the context's term `{term}` makes it mean something else"
            ))
            .help("rename the term")),
        }
    }

    /// The IRI or keyword that a key, type or datatype stands for: none if it stands for nothing.
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

    /// The IRI that the value of an `@id` stands for.
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

    fn add(&mut self, object: &JsonValue) -> Result<(), Diagnostic> {
        for (key, value) in object.members() {
            match (key.as_str(), value) {
                ("@vocab", JsonValue::Null) => self.vocab = None,
                ("@vocab", JsonValue::String(vocab)) if vocab.is_empty() => {
                    return Err(unsupported("an empty `@vocab`"));
                }
                ("@language", JsonValue::Null) => self.language = None,
                ("@language", JsonValue::String(language)) => {
                    self.language = Some(language.clone())
                }
                ("@version", JsonValue::Number(version)) if version.as_f64() == Some(1.1) => {}
                ("@version", _) => {
                    return Err(invalid("the context's `@version` is not 1.1")
                        .help("write `\"@version\": 1.1`, or remove it"));
                }
                // The vocabulary is resolved below.
                ("@protected", JsonValue::Boolean(_))
                | ("@base", JsonValue::Null)
                | ("@vocab", JsonValue::String(_)) => {}
                ("@protected", _) => {
                    return Err(invalid("the context's `@protected` is neither true nor false"));
                }
                ("@vocab" | "@language", _) => {
                    return Err(invalid(format!("the context's `{key}` is no string")));
                }
                (keyword, _) if keyword == "@base" || KEYWORDS.contains(&keyword) => {
                    return Err(unsupported(&format!("`{keyword}` in a context")));
                }
                _ => {}
            }
        }
        let members = object.members();
        let object = &ContextMembers::of(members);
        let mut open = Vec::new();
        if let Some(JsonValue::String(vocab)) = object.get("@vocab") {
            self.vocab = Some(self.resolve(object, vocab, &mut open)?);
        }
        let mut protected = Vec::new();
        for (name, _) in members.iter().filter(|(name, _)| !name.starts_with('@')) {
            let before = self.terms.remove(name).filter(|term| term.is_protected);
            protected.extend(before.map(|before| (name, before)));
        }
        for (name, _) in members.iter().filter(|(name, _)| !name.starts_with('@')) {
            self.define(object, name, &mut open)?;
        }
        for (name, before) in protected {
            let Some(term) = self.terms.get_mut(name) else { continue };
            term.is_protected = true;
            if *term != before {
                return Err(invalid(format!("the context redefines its protected term `{name}`"))
                    .help("rename the term, or remove the `@protected`"));
            }
        }
        Ok(())
    }

    /// Defines a term, and those that it rests on first.
    fn define(
        &mut self,
        object: &ContextMembers<'_>,
        name: &str,
        open: &mut Vec<String>,
    ) -> Result<(), Diagnostic> {
        if self.terms.contains_key(name) {
            return Ok(());
        }
        let Some(value) = object.get(name) else { return Ok(()) };
        if name.is_empty() {
            return Err(invalid("the context has an empty term"));
        }
        if open.iter().any(|other| other == name) || open.len() > DEEPEST {
            return Err(invalid(format!("the context's term `{name}` is defined by itself")));
        }
        open.push(name.to_owned());
        let is_protected = object.get("@protected") == Some(&JsonValue::Boolean(true));
        let mut term = TermDefinition { is_protected, ..TermDefinition::default() };
        let nothing = JsonValue::Object(Vec::new());
        let (definition, is_simple) = match value {
            JsonValue::Null => (&nothing, false),
            JsonValue::String(_) => (value, true),
            JsonValue::Object(_) => (value, false),
            _ => {
                return Err(invalid(format!(
                    "the context's term `{name}` is neither a string nor an object"
                )));
            }
        };
        if !is_simple {
            self.describe(object, name, definition, &mut term, open)?;
        }
        let id = if is_simple { Some(definition) } else { definition.get("@id") };
        term.iri = match id {
            _ if *value == JsonValue::Null => None,
            Some(JsonValue::Null) => None,
            Some(JsonValue::String(id)) if id != name => Some(self.resolve(object, id, open)?),
            Some(JsonValue::String(_)) | None => self.resolve_own(object, name, open)?,
            Some(_) => return Err(wrong(name, "@id")),
        };
        let is_namespace = term
            .iri
            .as_deref()
            .is_some_and(|iri| iri.ends_with([':', '/', '?', '#', '[', ']', '@']));
        let may_be =
            !name.contains([':', '/']) && !term.iri.as_deref().unwrap_or("@").starts_with('@');
        if definition.get("@prefix").is_some() && name.contains([':', '/']) {
            return Err(invalid(format!(
                "the context's term `{name}` has a `@prefix`, but a name with `:` or `/` is never a prefix"
            ))
            .help("remove the `@prefix`"));
        }
        if term.is_prefix && !may_be {
            return Err(wrong(name, "@prefix"));
        }
        term.is_prefix |= is_simple && is_namespace;
        term.is_prefix &= may_be;
        open.pop();
        self.terms.insert(name.to_owned(), term);
        Ok(())
    }

    fn describe(
        &mut self,
        object: &ContextMembers<'_>,
        name: &str,
        definition: &JsonValue,
        term: &mut TermDefinition,
        open: &mut Vec<String>,
    ) -> Result<(), Diagnostic> {
        for (key, value) in definition.members() {
            match (key.as_str(), value) {
                ("@id", _) => {}
                ("@protected", JsonValue::Boolean(is_protected)) => {
                    term.is_protected = *is_protected
                }
                ("@prefix", JsonValue::Boolean(is_prefix)) => term.is_prefix = *is_prefix,
                ("@type", JsonValue::String(coercion)) => {
                    term.coercion = Some(match coercion.as_str() {
                        "@id" => Coercion::Id,
                        "@vocab" => Coercion::Vocab,
                        "@none" => Coercion::None,
                        "@json" => return Err(unsupported("`@json`")),
                        other => Coercion::Datatype(self.resolve(object, other, open)?),
                    });
                }
                ("@language", JsonValue::Null) => term.language = Some(None),
                ("@language", JsonValue::String(language)) => {
                    term.language = Some(Some(language.clone()));
                }
                ("@container", containers) => {
                    for container in containers.items() {
                        match container.as_str() {
                            Some("@set") => term.is_set = true,
                            Some("@list") => term.container = Container::List,
                            Some("@language") => term.container = Container::Language,
                            Some(other) => {
                                return Err(unsupported(&format!(
                                    "the container `{other}` of `{name}`"
                                )));
                            }
                            None if *containers == JsonValue::Null => {}
                            None => return Err(wrong(name, "@container")),
                        }
                    }
                    if term.container == Container::List && term.is_set {
                        return Err(wrong(name, "@container"));
                    }
                }
                ("@prefix" | "@type" | "@language" | "@protected", _) => {
                    return Err(wrong(name, key));
                }
                _ if key.starts_with('@') => {
                    return Err(unsupported(&format!("`{key}` of the term `{name}`")));
                }
                _ => return Err(wrong(name, key)),
            }
        }
        if term.coercion.is_some() {
            term.language = None;
        }
        if term.container == Container::Language && term.coercion.is_some() {
            return Err(wrong(name, "@container"));
        }
        Ok(())
    }

    /// The IRI of a term that gives none: what its own name stands for.
    fn resolve_own(
        &mut self,
        object: &ContextMembers<'_>,
        name: &str,
        open: &mut Vec<String>,
    ) -> Result<Option<String>, Diagnostic> {
        if let Some((prefix, local)) = name.split_once(':') {
            if prefix != "_" && !local.starts_with("//") {
                self.define(object, prefix, open)?;
                if let Some(TermDefinition { iri: Some(iri), .. }) = self.terms.get(prefix) {
                    return Ok(Some(format!("{iri}{local}")));
                }
            }
            return Ok(Some(name.to_owned()));
        }
        match &self.vocab {
            Some(vocab) => Ok(Some(format!("{vocab}{name}"))),
            None => Err(invalid(format!("the context does not say what `{name}` stands for"))),
        }
    }

    fn resolve(
        &mut self,
        object: &ContextMembers<'_>,
        name: &str,
        open: &mut Vec<String>,
    ) -> Result<String, Diagnostic> {
        if name.starts_with('@') {
            return match name {
                "@id" | "@type" | "@value" | "@language" | "@list" | "@set" | "@graph"
                | "@none" | "@index" => Ok(name.to_owned()),
                _ => Err(unsupported(&format!("an alias of `{name}`"))),
            };
        }
        self.define(object, name, open)?;
        if let Some(TermDefinition { iri: Some(iri), .. }) = self.terms.get(name) {
            return Ok(iri.clone());
        }
        match self.resolve_own(object, name, open)? {
            Some(iri) if iri.contains(':') => Ok(iri),
            _ => Err(invalid(format!("`{name}` in the context is no IRI"))),
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

/// The members of a context by their names: of those that come twice the first counts.
struct ContextMembers<'a>(HashMap<&'a str, &'a JsonValue>);

impl<'a> ContextMembers<'a> {
    fn of(members: &'a [(String, JsonValue)]) -> Self {
        let mut named = HashMap::new();
        for (name, value) in members {
            named.entry(name.as_str()).or_insert(value);
        }
        Self(named)
    }

    fn get(&self, name: &str) -> Option<&'a JsonValue> {
        self.0.get(name).copied()
    }
}

fn unsupported(what: &str) -> Diagnostic {
    invalid(format!("{what} is not supported"))
}

fn wrong(term: &str, key: &str) -> Diagnostic {
    invalid(format!("the context's term `{term}` has a wrong `{key}`"))
}

fn invalid(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("json-ld-context", message)
}
