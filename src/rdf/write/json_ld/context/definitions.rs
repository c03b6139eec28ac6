//! Processes the definitions of a context
//! ([JSON-LD 1.1 API, 4.1 and 4.2](https://www.w3.org/TR/json-ld11-api/#context-processing-algorithm)).

use super::super::json::JsonValue;
use super::{Coercion, Container, JsonLdContext, KEYWORDS, TermDefinition, invalid};
use crate::diagnostic::Diagnostic;
use std::collections::HashMap;

/// The maximum length of a chain of definitions that depend on one another.
const DEEPEST: usize = 64;

impl JsonLdContext {
    /// Adds the definitions of an object.
    pub(super) fn add(&mut self, object: &JsonValue) -> Result<(), Diagnostic> {
        for (key, value) in object.members() {
            match (key.as_str(), value) {
                ("@vocab", JsonValue::Null) => self.vocab = None,
                ("@vocab", JsonValue::String(vocab)) if vocab.is_empty() => {
                    return Err(unsupported("an empty `@vocab`"));
                }
                ("@language", JsonValue::Null) => self.language = None,
                ("@language", JsonValue::String(language)) => {
                    self.language = Some(language.clone());
                }
                ("@version", JsonValue::Number(version)) if version.as_f64() == Some(1.1) => {}
                ("@version", _) => {
                    return Err(invalid("the context's `@version` is not 1.1")
                        .help("write `\"@version\": 1.1`, or remove it"));
                }
                // `@vocab` is resolved below.
                ("@protected", JsonValue::Boolean(_))
                | ("@base", JsonValue::Null)
                | ("@vocab", JsonValue::String(_)) => {}
                ("@protected", _) => {
                    return Err(invalid("the context's `@protected` is neither true nor false"));
                }
                ("@vocab" | "@language", _) => {
                    return Err(invalid(format!("the context's `{key}` is not a string")));
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

    /// Defines a term after the terms that it depends on.
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
                    term.is_protected = *is_protected;
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

    /// Resolves the IRI of a term without `@id` from the term's own name.
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
            None => Err(invalid(format!("the context does not define `{name}`"))),
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
            _ => Err(invalid(format!("`{name}` in the context is not an IRI"))),
        }
    }
}

/// The members of a context by name. If a name is repeated, the first member counts.
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
    invalid(format!("the context's term `{term}` has an invalid `{key}`"))
}
