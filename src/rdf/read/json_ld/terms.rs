//! Collects the terms that the contexts of a document define.

use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// The terms that the contexts of a document define.
#[derive(Default)]
pub(super) struct ContextTerms {
    /// The aliases of keywords, with their keywords.
    aliases: HashMap<String, String>,
    /// The terms whose values are type maps in every definition, and that the parser rejects.
    pub type_maps: HashSet<String>,
    /// The terms with another definition as well, or whose strings are vocabulary names.
    not_type_maps: HashSet<String>,
    /// The terms whose values are language maps.
    pub language_maps: HashSet<String>,
    /// The terms whose values are JSON.
    pub json: HashSet<String>,
}

impl ContextTerms {
    pub(super) fn learn(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(object) => {
                for (key, value) in object {
                    self.learn(value);
                    if key == "@context" {
                        self.learn_context(value);
                    }
                }
            }
            _ => {}
        }
    }

    fn learn_context(&mut self, context: &Value) {
        match context {
            Value::Array(contexts) => contexts.iter().for_each(|one| self.learn_context(one)),
            Value::Object(context) => {
                for (term, definition) in context {
                    self.learn_term(term, definition);
                }
            }
            _ => {}
        }
    }

    fn learn_term(&mut self, term: &str, definition: &Value) {
        let name = definition.as_str().or_else(|| definition.get("@id")?.as_str());
        if let Some(keyword) = name.filter(|name| name.starts_with('@')) {
            self.aliases.insert(term.to_owned(), keyword.to_owned());
        }
        if definition.get("@type").and_then(Value::as_str) == Some("@json") {
            self.json.insert(term.to_owned());
        }
        let container = definition.get("@container").unwrap_or(&Value::Null);
        let is_of_vocabulary = definition.get("@type").is_some_and(|coercion| coercion == "@vocab");
        if holds(container, "@type") && !is_of_vocabulary {
            self.type_maps.insert(term.to_owned());
        } else {
            self.not_type_maps.insert(term.to_owned());
        }
        if holds(container, "@language") {
            self.language_maps.insert(term.to_owned());
        }
    }

    /// Retains the type maps that the parser rejects: those with a node that has a name.
    pub(super) fn keep_refused(&mut self, document: &Value) {
        self.type_maps.retain(|term| !self.not_type_maps.contains(term));
        let mut refused = HashSet::new();
        self.find_refused(document, &mut refused);
        self.type_maps = refused;
    }

    fn find_refused(&self, value: &Value, refused: &mut HashSet<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.find_refused(item, refused)),
            Value::Object(object) => {
                for (key, value) in object {
                    let is_named = |node: &Value| {
                        node.as_object().is_some_and(|node| self.key(node, "@id").is_some())
                    };
                    if self.type_maps.contains(key)
                        && let Value::Object(map) = value
                        && map.values().any(|value| match value {
                            Value::Array(nodes) => nodes.iter().any(is_named),
                            node => is_named(node),
                        })
                    {
                        refused.insert(key.clone());
                    }
                    if key != "@context" {
                        self.find_refused(value, refused);
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns whether a key is a keyword or one of its aliases.
    pub(super) fn is(&self, key: &str, keyword: &str) -> bool {
        key == keyword || self.aliases.get(key).is_some_and(|alias| alias == keyword)
    }

    pub(super) fn key<'a>(
        &self,
        object: &'a Map<String, Value>,
        keyword: &str,
    ) -> Option<&'a String> {
        object.keys().find(|key| self.is(key, keyword))
    }
}

/// Returns whether a container is a keyword, or an array with it.
pub(super) fn holds(container: &Value, keyword: &str) -> bool {
    match container {
        Value::Array(containers) => containers.iter().any(|one| one == keyword),
        one => one == keyword,
    }
}
