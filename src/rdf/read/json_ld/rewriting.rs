//! Rewrites constructs that the parser rejects: type maps with named nodes, and `null` languages.

use super::terms::{ContextTerms, holds};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

pub(super) struct Rewriting {
    pub terms: ContextTerms,
    pub tags: HashMap<String, String>,
    pub is_changed: bool,
}

impl Rewriting {
    pub(super) fn rewrite(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item)),
            Value::Object(object) => self.rewrite_object(object),
            _ => {}
        }
    }

    fn rewrite_object(&mut self, object: &mut Map<String, Value>) {
        let is_value = self.terms.key(object, "@value").is_some();
        if let Some(key) = self.terms.key(object, "@language").cloned() {
            match object.get(&key) {
                Some(Value::Null) if is_value => {
                    object.remove(&key);
                    self.is_changed = true;
                }
                Some(Value::String(tag)) => self.note(&tag.clone()),
                _ => {}
            }
        }
        let type_key = self.terms.key(object, "@type");
        if is_value && type_key.and_then(|key| object.get(key)?.as_str()) == Some("@json") {
            return;
        }
        for (key, value) in object {
            if key == "@context" {
                self.rewrite_context(value);
            } else if !self.terms.json.contains(key) {
                if self.terms.language_maps.contains(key)
                    && let Value::Object(map) = value
                {
                    map.keys().for_each(|tag| self.note(tag));
                }
                if self.terms.type_maps.contains(key)
                    && let Value::Object(map) = value
                {
                    *value = Value::Array(self.nodes(std::mem::take(map)));
                    self.is_changed = true;
                }
                self.rewrite(value);
            }
        }
    }

    /// Returns the nodes of a type map, each with its type.
    fn nodes(&self, map: Map<String, Value>) -> Vec<Value> {
        let mut nodes = Vec::new();
        for (name, value) in map {
            let is_none = self.terms.is(&name, "@none");
            let values = match value {
                Value::Array(values) => values,
                value => vec![value],
            };
            for value in values {
                let mut node = match value {
                    Value::Null => continue,
                    Value::String(name) => Map::from_iter([("@id".to_owned(), name.into())]),
                    Value::Object(node) => node,
                    // (The parser rejects this.)
                    other => {
                        nodes.push(other);
                        continue;
                    }
                };
                if !is_none {
                    let key = self.terms.key(&node, "@type").cloned();
                    let types = match key.as_ref().and_then(|key| node.remove(key)) {
                        Some(Value::Array(mut types)) => {
                            types.insert(0, json!(name));
                            Value::Array(types)
                        }
                        Some(other) => json!([name, other]),
                        None => json!(name),
                    };
                    node.insert("@type".to_owned(), types);
                }
                nodes.push(Value::Object(node));
            }
        }
        nodes
    }

    fn rewrite_context(&mut self, context: &mut Value) {
        match context {
            Value::Array(contexts) => contexts.iter_mut().for_each(|one| self.rewrite_context(one)),
            Value::Object(context) => {
                for (key, definition) in context {
                    if key == "@language"
                        && let Some(tag) = definition.as_str()
                    {
                        self.note(tag);
                    }
                    if let Some(tag) = definition.get("@language").and_then(Value::as_str) {
                        self.note(tag);
                    }
                    if let Some(container) = definition.get_mut("@container")
                        && holds(container, "@type")
                    {
                        let is_rewritten = self.terms.type_maps.contains(key);
                        let other = json!(if is_rewritten { "@set" } else { "@type" });
                        self.is_changed |= *container != other;
                        *container = other;
                    }
                    if let Some(scoped) = definition.get_mut("@context") {
                        self.rewrite_context(scoped);
                    }
                }
            }
            _ => {}
        }
    }

    /// Records the spelling of a language tag. The first spelling counts.
    fn note(&mut self, tag: &str) {
        if tag.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.tags.entry(tag.to_ascii_lowercase()).or_insert_with(|| tag.to_owned());
        }
    }
}
