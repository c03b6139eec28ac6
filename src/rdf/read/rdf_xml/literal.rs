//! XML literals in the form that RDF/XML requires
//! ([7.2.17](https://www.w3.org/TR/rdf-syntax-grammar/#parseTypeLiteralPropertyElt)):
//! [Exclusive XML Canonicalization](https://www.w3.org/TR/xml-exc-c14n/), with comments.

use super::attribute::{Attribute, attributes};
use super::entities::{Entities, utf8};
use super::scope::OpenElements;
use crate::diagnostic::Fault;
use quick_xml::events::BytesStart;
use std::collections::BTreeMap;
use std::ops::Range;

/// An XML literal that is being read.
#[derive(Default)]
pub(super) struct XmlLiteral {
    text: String,
    /// The open elements, each with its name and the number of namespaces declared outside of it.
    open: Vec<(String, usize)>,
    /// The prefixes that the open elements of the literal declare, with their namespaces.
    declared: Vec<(String, String)>,
}

impl XmlLiteral {
    /// Returns whether no element is open.
    pub(super) fn is_outside(&self) -> bool {
        self.open.is_empty()
    }

    /// Returns the whole literal.
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Begins an element.
    pub(super) fn start(
        &mut self,
        tag: &BytesStart<'_>,
        span: &Range<usize>,
        entities: &mut Entities,
        scope: &mut OpenElements,
    ) -> Result<(), Fault> {
        let name = utf8(tag.name().into_inner(), span)?.to_owned();
        let attributes = attributes(tag, span, entities)?;
        scope.enter(&name, span.start);
        let mut plain = Vec::new();
        for attribute in attributes {
            let value = entities.decoded(&attribute.value, span, attribute.at)?;
            match attribute.declared_prefix() {
                Some(prefix) => scope.declare(prefix, value),
                None => plain.push((attribute, value)),
            }
        }
        let mut used = BTreeMap::new();
        let mut sorted = Vec::new();
        use_prefix(prefix_of(&name), span, scope, &mut used)?;
        for (Attribute { key, .. }, value) in plain {
            let prefix = prefix_of(&key);
            let namespace = if prefix.is_empty() {
                String::new()
            } else {
                use_prefix(prefix, span, scope, &mut used)?
            };
            let local = key.rsplit(':').next().unwrap_or_default().to_owned();
            sorted.push((namespace, local, key, value));
        }
        sorted.sort();
        self.open.push((name.clone(), self.declared.len()));
        self.text.push('<');
        self.text.push_str(&name);
        for (prefix, namespace) in used {
            self.declare(prefix, namespace);
        }
        for (_, _, key, value) in sorted {
            self.attribute(&key, &value);
        }
        self.text.push('>');
        Ok(())
    }

    /// Declares a used prefix, unless an outer element has done so.
    fn declare(&mut self, prefix: String, namespace: String) {
        let outside = self.declared.iter().rev().find(|(declared, _)| *declared == prefix);
        let outside = outside.map_or("", |(_, namespace)| namespace);
        if prefix == "xml" || outside == namespace {
            return;
        }
        let key = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        self.attribute(&key, &namespace);
        self.declared.push((prefix, namespace));
    }

    fn attribute(&mut self, key: &str, value: &str) {
        self.text.push(' ');
        self.text.push_str(key);
        self.text.push_str("=\"");
        for c in value.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '"' => self.text.push_str("&quot;"),
                '\t' => self.text.push_str("&#x9;"),
                '\n' => self.text.push_str("&#xA;"),
                '\r' => self.text.push_str("&#xD;"),
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }

    /// Ends an element.
    pub(super) fn end(&mut self, scope: &mut OpenElements) {
        if let Some((name, outside)) = self.open.pop() {
            self.declared.truncate(outside);
            self.text.push_str("</");
            self.text.push_str(&name);
            self.text.push('>');
            scope.leave();
        }
    }

    /// Adds unescaped text.
    pub(super) fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '\r' => self.text.push_str("&#xD;"),
                c => self.text.push(c),
            }
        }
    }

    /// Adds a comment.
    pub(super) fn comment(&mut self, comment: &str) {
        self.text.push_str("<!--");
        self.text.push_str(comment);
        self.text.push_str("-->");
    }

    /// Adds a processing instruction.
    pub(super) fn instruction(&mut self, instruction: &str) {
        let instruction = instruction.trim_start();
        let end = instruction.find(|c: char| c.is_ascii_whitespace()).unwrap_or(instruction.len());
        let (target, content) = instruction.split_at(end);
        self.text.push_str("<?");
        self.text.push_str(target);
        let content = content.trim_start();
        if !content.is_empty() {
            self.text.push(' ');
            self.text.push_str(content);
        }
        self.text.push_str("?>");
    }
}

fn prefix_of(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

/// Records that an element uses a prefix, and returns the namespace.
fn use_prefix(
    prefix: &str,
    span: &Range<usize>,
    scope: &OpenElements,
    used: &mut BTreeMap<String, String>,
) -> Result<String, Fault> {
    let namespace = match scope.namespace(prefix) {
        Some(namespace) => namespace.to_owned(),
        None if prefix.is_empty() => String::new(),
        None => {
            return Err(Fault::new(
                span.clone(),
                "prefix-undeclared",
                format!("the prefix `{prefix}:` is not declared"),
            )
            .help(format!("add to the first element: `xmlns:{prefix}=\"…\"`")));
        }
    };
    used.insert(prefix.to_owned(), namespace.clone());
    Ok(namespace)
}
