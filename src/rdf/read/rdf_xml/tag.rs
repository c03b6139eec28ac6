//! Rewrites the tags of elements and their attributes.

use super::RdfXmlReader;
use super::attribute::{Attribute, attributes};
use super::entities::utf8;
use super::literal::XmlLiteral;
use super::scope::{Content, RDF};
use crate::diagnostic::Fault;
use quick_xml::events::BytesStart;
use std::borrow::Cow;
use std::io::BufRead;
use std::ops::Range;

/// The attributes that may omit the prefix `rdf:`
/// ([6.1.4](https://www.w3.org/TR/rdf-syntax-grammar/#section-attribute-node)).
const WITHOUT_PREFIX: [&str; 5] = ["ID", "about", "resource", "parseType", "type"];

/// The RDF names that are not properties when used as attributes.
const SYNTAX: [&str; 6] = ["ID", "about", "resource", "parseType", "nodeID", "datatype"];

/// The local names of the datatypes of language-tagged strings.
const LANGUAGE_TYPES: [Option<&[u8]>; 2] = [Some(b"langString"), Some(b"dirLangString")];

/// The content of a property, by its `rdf:parseType`.
enum ParseType {
    Resource,
    Collection,
    Literal,
}

impl<R: BufRead> RdfXmlReader<R> {
    /// Rewrites the start tag of an element.
    pub(super) fn start(
        &mut self,
        tag: &BytesStart<'_>,
        span: Range<usize>,
        is_empty: bool,
    ) -> Result<(), Fault> {
        let name = utf8(tag.name().into_inner(), &span)?;
        let is_property = self.check_place(&span)?;
        let mut attributes = attributes(tag, &span, &mut self.entities)?;
        let mut is_changed = attributes.iter().any(|one| matches!(one.value, Cow::Owned(_)));
        self.scope.enter(name, span.start);
        for attribute in &attributes {
            if let Some(prefix) = attribute.declared_prefix() {
                let namespace = self.entities.decoded(&attribute.value, &span, attribute.at)?;
                self.progress.prefixes.borrow_mut().add(prefix, &namespace);
                self.scope.declare(prefix, namespace);
            }
        }
        let mut element = Element::default();
        for i in (0..attributes.len()).rev() {
            is_changed |= self.rewrite(&mut attributes, i, &span, &mut element)?;
        }
        if is_property {
            element.check_parse_type(&span)?;
            is_changed |= self.complete(&mut attributes, &element);
        }
        let content = match element.parse_type {
            _ if !is_property && self.is_root_of_rdf(name) => Content::Nodes,
            _ if !is_property => Content::Properties,
            Some(ParseType::Resource) => Content::Properties,
            Some(ParseType::Collection) => Content::Nodes,
            Some(ParseType::Literal) => Content::Xml,
            None => Content::Value {
                is_given: element.has_value || element.has_properties || element.type_.is_some(),
            },
        };
        self.has_root = true;
        if let Some(place) = self.scope.content() {
            *place = content;
        }
        self.hand_on(span, |out| {
            out.push(b'<');
            if is_changed {
                write(out, name, &attributes);
            } else {
                out.extend_from_slice(tag);
            }
            out.extend_from_slice(if is_empty { b"/>" } else { b">" });
        });
        if is_empty {
            self.scope.leave();
        } else if content == Content::Xml {
            self.literal = Some(XmlLiteral::default());
        }
        Ok(())
    }

    /// Checks that an element is allowed at this position. Returns `true` for a property, `false` for a node.
    fn check_place(&mut self, span: &Range<usize>) -> Result<bool, Fault> {
        let has_text = !self.text.is_blank();
        match self.scope.content() {
            None if self.has_root => Err(Fault::new(span.clone(), "rdf-xml-structure", "this is a second root element").help("put all nodes into one `<rdf:RDF>`")),
            Some(Content::Value { is_given: true }) => Err(Fault::new(span.clone(), "rdf-xml-structure", "a property can have only one value, and this is the second").help("repeat the property for each value, or list them with `rdf:parseType=\"Collection\"`")),
            Some(Content::Value { .. }) if has_text => Err(Fault::new(span.clone(), "rdf-xml-structure", "the value of a property is either text or an element, not both").help("remove the text, or keep the XML as it is with `rdf:parseType=\"Literal\"`")),
            Some(Content::Value { is_given }) => {
                *is_given = true;
                Ok(false)
            }
            Some(Content::Properties) => Ok(true),
            None | Some(Content::Nodes | Content::Xml) => Ok(false),
        }
    }

    /// Returns whether the current element is the root and is named `rdf:RDF`.
    fn is_root_of_rdf(&self, name: &str) -> bool {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        !self.has_root && local == "RDF" && self.scope.namespace(prefix) == Some(RDF)
    }

    /// Rewrites an attribute. Returns whether it changed.
    fn rewrite(
        &mut self,
        attributes: &mut Vec<Attribute<'_>>,
        i: usize,
        span: &Range<usize>,
        element: &mut Element,
    ) -> Result<bool, Fault> {
        let Some(attribute) = attributes.get_mut(i) else { return Ok(false) };
        if attribute.declared_prefix().is_some() {
            return Ok(false);
        }
        let at = attribute.at..attribute.at + attribute.value.len();
        let (prefix, local) = match attribute.key.split_once(':') {
            Some(("xml", "lang")) => {
                let tag = self.entities.decoded(&attribute.value, span, attribute.at)?;
                let code = self.tags.code(&tag).ok_or_else(|| {
                    Fault::new(at, "language-tag", format!("`{tag}` is not a language tag"))
                        .help("a language tag looks like `en`, `de` or `pt-BR`")
                })?;
                attribute.value = Cow::Owned(code.as_bytes().to_vec());
                return Ok(true);
            }
            Some(("xml", "base")) => {
                let base = self.entities.decoded(&attribute.value, span, attribute.at)?;
                let Some(base) = self.scope.rebase(&base) else { return Ok(false) };
                let base = quick_xml::escape::escape(base);
                let is_changed = *attribute.value != *base.as_bytes();
                attribute.value = Cow::Owned(base.into_owned().into_bytes());
                return Ok(is_changed);
            }
            // Names that begin with `xml` are reserved and ignored (6.1.2,
            // https://www.w3.org/TR/rdf-syntax-grammar/#section-element-node).
            _ if attribute.key.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("xml")) => {
                attributes.remove(i);
                return Ok(true);
            }
            Some((prefix, local)) => (prefix, local.to_owned()),
            None if WITHOUT_PREFIX.contains(&&*attribute.key) => {
                let local = attribute.key.to_string();
                let (prefix, added) = self.rdf_prefix();
                attribute.key = Cow::Owned(format!("{prefix}:{local}"));
                let attribute = attributes.remove(i);
                element.take(&local, &attribute, span)?;
                attributes.insert(i, attribute);
                attributes.extend(added);
                return Ok(true);
            }
            None => {
                let message = format!("the attribute `{}` has no namespace", attribute.key);
                let help = "give it a prefix, such as `rdf:about`";
                return Err(Fault::new(span.clone(), "rdf-xml-structure", message).help(help));
            }
        };
        if self.scope.namespace(prefix) == Some(RDF) {
            element.take(&local, attribute, span)?;
        } else {
            element.has_properties = true;
        }
        Ok(false)
    }

    /// Returns a prefix for the RDF namespace, and its declaration if there is none yet.
    fn rdf_prefix(&mut self) -> (String, Option<Attribute<'static>>) {
        if let Some(prefix) = self.scope.rdf_prefix() {
            return (prefix.to_owned(), None);
        }
        let mut prefix = "rdf".to_owned();
        while self.scope.namespace(&prefix).is_some() {
            prefix.push('_');
        }
        self.scope.declare(&prefix, RDF.to_owned());
        let key = Cow::Owned(format!("xmlns:{prefix}"));
        (prefix, Some(Attribute { key, value: Cow::Borrowed(RDF.as_bytes()), at: 0 }))
    }

    /// Completes the attributes of a property. Returns whether they changed.
    fn complete(&mut self, attributes: &mut Vec<Attribute<'_>>, element: &Element) -> bool {
        let has_other = element.has_value || element.has_properties;
        match element.parse_type {
            // XML literals are passed on like any other literal.
            Some(ParseType::Literal) => {
                let key = |one: &Attribute<'_>| one.key.ends_with(":parseType");
                if let Some(attribute) = attributes.iter_mut().find(|one| key(one)) {
                    let prefix = attribute.key.split(':').next().unwrap_or_default();
                    attribute.key = Cow::Owned(format!("{prefix}:datatype"));
                    attribute.value = Cow::Owned(format!("{RDF}XMLLiteral").into_bytes());
                }
                true
            }
            // A type alone also makes the value a blank node, which the parser misses.
            None if element.type_.is_some() && !has_other => {
                let (prefix, added) = self.rdf_prefix();
                let label = format!("of-a-type-{}", element.type_.unwrap_or_default());
                attributes.extend(added);
                attributes.push(Attribute {
                    key: Cow::Owned(format!("{prefix}:nodeID")),
                    value: Cow::Owned(label.into_bytes()),
                    at: 0,
                });
                true
            }
            None | Some(ParseType::Resource | ParseType::Collection) => false,
        }
    }
}

/// The meaning of an element's attributes.
#[derive(Default)]
struct Element {
    parse_type: Option<ParseType>,
    /// Whether an attribute names the value of a property.
    has_value: bool,
    /// Whether there is a datatype.
    has_datatype: bool,
    /// Whether there are properties of a node.
    has_properties: bool,
    /// The index of `rdf:type`.
    type_: Option<usize>,
}

impl Element {
    /// Checks that a property with `rdf:parseType` has no other attribute that determines its value.
    fn check_parse_type(&self, span: &Range<usize>) -> Result<(), Fault> {
        let is_said =
            self.has_value || self.has_datatype || self.has_properties || self.type_.is_some();
        if self.parse_type.is_none() || !is_said {
            return Ok(());
        }
        Err(Fault::new(
            span.clone(),
            "rdf-xml-structure",
            "`rdf:parseType` cannot be combined with another attribute for the value",
        )
        .help("use no other attribute but `rdf:ID` with `rdf:parseType`"))
    }

    /// Evaluates an attribute of the RDF namespace.
    fn take(
        &mut self,
        local: &str,
        attribute: &Attribute<'_>,
        span: &Range<usize>,
    ) -> Result<(), Fault> {
        let value = &*attribute.value;
        let at = attribute.at..attribute.at + value.len();
        let newer = |what: &str| {
            let message = format!("{what} is not supported");
            let help = "this build knows RDF 1.1 only: use `rdf:ID`, or the feature `rdf-12`";
            Fault::new(span.clone(), "rdf-xml-structure", message).help(help)
        };
        match local {
            "parseType" => {
                self.parse_type = Some(match value {
                    b"Resource" => ParseType::Resource,
                    b"Collection" => ParseType::Collection,
                    b"Triple" if cfg!(feature = "rdf-12") => ParseType::Collection,
                    b"Triple" => return Err(newer("a triple inside a triple")),
                    _ => ParseType::Literal,
                });
            }
            "annotation" | "annotationNodeID" | "version" if cfg!(feature = "rdf-12") => {}
            "annotation" | "annotationNodeID" => return Err(newer("an annotation")),
            "version" if value.starts_with(b"1.2") => return Err(newer("RDF 1.2")),
            "datatype" if LANGUAGE_TYPES.contains(&value.strip_prefix(RDF.as_bytes())) => {
                return Err(Fault::new(
                    at,
                    "rdf-xml-structure",
                    "a literal of this datatype must have a language tag",
                )
                .help("remove `rdf:datatype`, and give the language with `xml:lang`"));
            }
            "datatype" => self.has_datatype = true,
            "resource" | "nodeID" => self.has_value = true,
            "type" => self.type_ = Some(attribute.at),
            _ if SYNTAX.contains(&local) => {}
            _ => self.has_properties = true,
        }
        Ok(())
    }
}

/// Writes the content of a tag between `<` and `>`.
fn write(out: &mut Vec<u8>, name: &str, attributes: &[Attribute<'_>]) {
    out.extend_from_slice(name.as_bytes());
    for Attribute { key, value, .. } in attributes {
        out.push(b' ');
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b"=\"");
        for byte in &**value {
            match byte {
                b'"' => out.extend_from_slice(b"&quot;"),
                byte => out.push(*byte),
            }
        }
        out.push(b'"');
    }
}
