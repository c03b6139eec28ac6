//! The things, classes and properties that a text in their place may mean.

use crate::diagnostic::nearest;
use crate::dossier::last_part;
use crate::vocabulary::{LABELS, dcterms, owl, rdf, rdfs, xsd};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use rustc_hash::{FxHashMap, FxHashSet};

/// The names by which things are found.
#[derive(Default)]
pub(super) struct Meant<'a> {
    /// The things with each label, without case.
    labelled: FxHashMap<String, Vec<&'a NamedNode>>,
    /// Everything with a type, in the order of the files.
    things: Vec<&'a NamedNode>,
    classes: FxHashSet<&'a NamedNode>,
    properties: FxHashSet<&'a NamedNode>,
}

/// What the value of a property of RDF Schema or OWL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TermKind {
    Class,
    /// A class or a datatype.
    Range,
    Property,
    /// Anything with an IRI.
    Thing,
}

impl TermKind {
    /// Returns what the values of a property are, if it is one whose values always have IRIs.
    pub(super) fn of(property: NamedNodeRef<'_>) -> Option<Self> {
        Some(match property {
            rdf::TYPE
            | rdfs::DOMAIN
            | rdfs::SUB_CLASS_OF
            | owl::DISJOINT_WITH
            | owl::EQUIVALENT_CLASS => Self::Class,
            rdfs::RANGE => Self::Range,
            rdfs::SUB_PROPERTY_OF | owl::INVERSE_OF | owl::EQUIVALENT_PROPERTY => Self::Property,
            owl::SAME_AS | owl::DIFFERENT_FROM => Self::Thing,
            _ => return None,
        })
    }

    /// Returns the words for one of them.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Class => "a class",
            Self::Range => "a class or a datatype",
            Self::Property => "a property",
            Self::Thing => "a thing",
        }
    }
}

impl<'a> Meant<'a> {
    pub(super) fn of(quads: impl Iterator<Item = &'a Quad>) -> Self {
        let mut meant = Self::default();
        for quad in quads {
            let NamedOrBlankNode::NamedNode(thing) = &quad.subject else { continue };
            let property = quad.predicate.as_ref();
            match &quad.object {
                Term::Literal(label)
                    if LABELS.contains(&property) || property == dcterms::TITLE =>
                {
                    meant.labelled.entry(label.value().to_lowercase()).or_default().push(thing);
                }
                Term::NamedNode(kind) if property == rdf::TYPE => {
                    meant.things.push(thing);
                    if [owl::CLASS, rdfs::CLASS].contains(&kind.as_ref()) {
                        meant.classes.insert(thing);
                    } else if kind.as_str().ends_with("Property") {
                        meant.properties.insert(thing);
                    }
                }
                _ => {}
            }
        }
        meant
    }

    /// Returns the first thing that is accepted.
    pub(super) fn first(&self, is_one: impl Fn(&NamedNode) -> bool) -> Option<&'a NamedNode> {
        self.things.iter().copied().find(|thing| is_one(thing))
    }

    /// Returns the thing that a text means, of those that are accepted: its label, the last part of its IRI, perhaps with
    /// the extension of a file, or nearly one of them.
    pub(super) fn thing(
        &self,
        text: &str,
        is_one: impl Fn(&NamedNode) -> bool,
    ) -> Option<&'a NamedNode> {
        let text = text.trim().to_lowercase();
        let labelled = |label: &str| {
            let things = self.labelled.get(label).into_iter().flatten().copied();
            things.into_iter().find(|thing| is_one(thing))
        };
        let things = || self.things.iter().copied().filter(|thing| is_one(thing));
        let named = |name: &str| {
            things().find(|thing| {
                let local = last_part(thing.as_str());
                // Names have hyphens where texts have spaces.
                local.to_lowercase() == name || local.to_lowercase().replace('-', " ") == name
            })
        };
        let stem = text.rsplit_once('.').map(|(stem, _)| stem).filter(|stem| !stem.is_empty());
        let local = text.rsplit([':', '/', '#']).next().unwrap_or_default();
        labelled(&text)
            .or_else(|| named(&text))
            .or_else(|| named(stem?))
            .or_else(|| named(local).filter(|_| !local.is_empty()))
            .or_else(|| {
                let near = nearest(&text, things().map(|thing| last_part(thing.as_str())))?;
                things().find(|thing| last_part(thing.as_str()) == near)
            })
            .or_else(|| {
                let labels = self.labelled.iter();
                let labels = labels.filter(|(_, things)| things.iter().any(|thing| is_one(thing)));
                let mut labels: Vec<&str> = labels.map(|(label, _)| label.as_str()).collect();
                labels.sort_unstable();
                labelled(nearest(&text, labels)?)
            })
    }

    /// Returns the term of a kind that a text means.
    pub(super) fn term(&self, text: &str, kind: TermKind) -> Option<NamedNode> {
        let is_class = |term: &NamedNode| self.classes.contains(term);
        let found = match kind {
            TermKind::Class => self.thing(text, is_class),
            TermKind::Range => match datatype(text) {
                Some(datatype) => return Some(datatype),
                None => self.thing(text, is_class),
            },
            TermKind::Property => self.thing(text, |term| self.properties.contains(term)),
            TermKind::Thing => self.thing(text, |term| {
                !self.classes.contains(term) && !self.properties.contains(term)
            }),
        };
        found.cloned()
    }
}

/// Returns the datatype of XML Schema that a text means.
fn datatype(text: &str) -> Option<NamedNode> {
    let name = text.trim().rsplit([':', '#']).next().unwrap_or_default();
    let name = match name.to_lowercase().as_str() {
        "text" | "literal" => "string",
        "number" | "float" => "decimal",
        "int" | "whole number" => "integer",
        "year" => "gYear",
        "month" => "gYearMonth",
        "bool" => "boolean",
        other => [
            "string",
            "decimal",
            "integer",
            "double",
            "boolean",
            "date",
            "dateTime",
            "gYear",
            "gYearMonth",
            "anyURI",
        ]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(other))?,
    };
    let namespace = xsd::STRING.as_str().trim_end_matches("string");
    NamedNode::new(format!("{namespace}{name}")).ok()
}
