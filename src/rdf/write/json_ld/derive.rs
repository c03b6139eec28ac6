//! Derives a context from the data: the classes and properties in use by their local names, with the traits that all
//! values of a property share.
//!
//! `id` and `type` stand for `@id` and `@type`, as the W3C's best practices for JSON-LD advise. A program then reads
//! `thing.id` and never meets an `@` outside the context.

use super::compact::{is_type, native};
use super::context::JsonLdContext;
use super::json::JsonValue;
use super::node_map::{NodeMaps, TermId};
use crate::diagnostic::Diagnostic;
use crate::vocabulary::{Ontology, Prefixes, xsd};
use oxigraph::model::{NamedNodeRef, TermRef};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The properties, classes, things and datatypes that the data uses.
struct Usage<'q> {
    properties: HashMap<&'q str, ValueTraits<'q>>,
    classes: BTreeSet<TermId>,
    /// The IRIs of nodes.
    things: BTreeSet<&'q str>,
    /// The datatypes that are written in values or in the context.
    datatypes: BTreeSet<&'q str>,
}

impl<'q> Usage<'q> {
    fn by(maps: &NodeMaps<'q>) -> Self {
        let mut properties: HashMap<&str, ValueTraits<'_>> = HashMap::new();
        let mut classes: BTreeSet<TermId> = BTreeSet::new();
        for (place, thing) in maps.things().iter().enumerate() {
            if maps.is_cell(place) {
                continue;
            }
            for (property, values) in maps.properties(place) {
                if is_type(property.as_str()) {
                    classes.extend(values.clone().filter(|class| is_iri(maps.term(*class))));
                    if values.clone().all(|class| maps.literal(class).is_none()) {
                        continue;
                    }
                }
                let common = properties.entry(property.as_str()).or_default();
                common.add(maps, thing.graph, values);
            }
        }
        let (mut things, mut datatypes) = (BTreeSet::new(), BTreeSet::new());
        for (id, term) in (0..).zip(maps.terms()) {
            match term {
                TermRef::NamedNode(iri) if !classes.contains(&id) && !maps.is_nil(id) => {
                    things.insert(iri.as_str());
                }
                TermRef::Literal(literal)
                    if literal.language().is_some() || native(*literal).is_some() => {}
                TermRef::Literal(literal) => {
                    datatypes.insert(literal.datatype().as_str());
                }
                _ => {}
            }
        }
        for thing in maps.things() {
            if let TermRef::NamedNode(iri) = maps.term(thing.subject) {
                things.insert(iri.as_str());
            }
        }
        Self { properties, classes, things, datatypes }
    }
}

/// The traits that all values of a property share.
#[derive(Default)]
struct ValueTraits<'q> {
    kinds: BTreeSet<ValueKind<'q>>,
    has_several: bool,
    has_several_of_a_language: bool,
    lists: usize,
    others: usize,
    has_list_among_several: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ValueKind<'q> {
    Thing,
    Plain,
    Native,
    Language(&'q str),
    Datatype(&'q str),
    List,
}

/// Derives the context for some data.
///
/// # Errors
/// If a name of the ontology is not a valid IRI.
pub(super) fn derive(
    maps: &NodeMaps<'_>,
    prefixes: &Prefixes,
    ontology: &Ontology,
) -> Result<JsonLdContext, Diagnostic> {
    let Usage { properties, classes, things, datatypes } = Usage::by(maps);
    let mut named: Vec<&str> = classes.iter().filter_map(|class| maps.name(*class)).collect();
    named.extend(properties.keys().copied().filter(|property| !is_type(property)));
    named.sort_by_cached_key(|iri| {
        let rank = ontology.rank(NamedNodeRef::new_unchecked(iri)).unwrap_or(usize::MAX);
        (rank, *iri)
    });
    named.dedup();

    let schemes: BTreeSet<&str> = named
        .iter()
        .chain(&things)
        .chain(&datatypes)
        .filter_map(|iri| iri.split(':').next())
        .collect();
    let is_safe = |prefix: &str| {
        !prefix.is_empty()
            && prefix != "_"
            && !["id", "type"].contains(&prefix)
            && !prefix.contains(['/', '@'])
            && !schemes.contains(prefix)
    };
    let safe: Vec<(&str, &str)> = prefixes.iter().filter(|(prefix, _)| is_safe(prefix)).collect();
    let mut taken: BTreeSet<&str> = safe.iter().map(|(prefix, _)| *prefix).collect();
    taken.extend(["id", "type"]);
    taken.extend(&schemes);
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for iri in &named {
        match local_name(iri) {
            Some(local) if taken.insert(local) => {
                names.insert(iri, local);
            }
            _ => {}
        }
    }
    // A first context of prefixes alone shows which prefixes are used, and the compact IRIs of the terms.
    let all: Vec<(String, JsonValue)> = safe
        .iter()
        .map(|(prefix, namespace)| ((*prefix).to_owned(), prefix_definition(namespace)))
        .collect();
    let prefix_context = JsonLdContext::of(&JsonValue::Object(all))?;
    let short = |iri: &str| match prefix_context.curie(iri) {
        Some((prefix, local)) => format!("{prefix}:{local}"),
        None => iri.to_owned(),
    };
    let mut terms = Vec::new();
    for iri in &named {
        let common = properties.get(iri);
        if let Some(name) = names.get(iri) {
            let definition = match common {
                Some(common) => common.definition(&short(iri), &short),
                None => short(iri).into(),
            };
            terms.push(((*name).to_owned(), definition));
        } else if let (Some(common), Some(_)) = (common, prefix_context.curie(iri)) {
            let definition = common.definition(&short(iri), &short);
            if matches!(definition, JsonValue::Object(_)) {
                terms.push((short(iri), definition));
            }
        }
    }
    let used: BTreeSet<&str> = named
        .iter()
        .copied()
        .chain(things)
        .chain(datatypes.into_iter().filter(|datatype| *datatype != xsd::STRING.as_str()))
        .filter_map(|iri| Some(prefix_context.curie(iri)?.0))
        .collect();
    let mut members = vec![
        (
            "@version".to_owned(),
            JsonValue::Number(serde_json::Number::from_f64(1.1).unwrap_or(1.into())),
        ),
        ("id".to_owned(), "@id".into()),
        ("type".to_owned(), "@type".into()),
    ];
    let used = safe.iter().filter(|(prefix, _)| used.contains(prefix));
    members.extend(
        used.map(|(prefix, namespace)| ((*prefix).to_owned(), prefix_definition(namespace))),
    );
    members.extend(terms);
    JsonLdContext::of(&JsonValue::Object(members))
}

fn is_iri(term: TermRef<'_>) -> bool {
    matches!(term, TermRef::NamedNode(_))
}

/// Defines a prefix. A namespace without a delimiter at its end has to declare that it is a prefix
/// ([JSON-LD 1.1, 4.1.5](https://www.w3.org/TR/json-ld11/#compact-iris)).
fn prefix_definition(namespace: &str) -> JsonValue {
    if namespace.ends_with([':', '/', '?', '#', '[', ']', '@']) {
        namespace.into()
    } else {
        JsonValue::Object(vec![
            ("@id".to_owned(), namespace.into()),
            ("@prefix".to_owned(), JsonValue::Boolean(true)),
        ])
    }
}

/// Returns the part after the last `#`, `/` or `:`, if it is a plain name.
fn local_name(iri: &str) -> Option<&str> {
    let local = iri.rsplit(['#', '/', ':']).next()?;
    let is_plain = local.starts_with(|c: char| c.is_ascii_alphabetic())
        && local.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    is_plain.then_some(local)
}

impl<'q> ValueTraits<'q> {
    fn add(
        &mut self,
        maps: &NodeMaps<'q>,
        graph: Option<TermId>,
        values: impl ExactSizeIterator<Item = TermId> + Clone,
    ) {
        let count = values.len();
        self.has_several |= count > 1;
        let mut languages: Vec<&str> = Vec::new();
        for value in values {
            if let Some(cells) = maps.list(graph, value) {
                self.lists += 1;
                self.has_list_among_several |= count > 1;
                for (_, item) in cells {
                    let kind = match maps.list(graph, *item) {
                        Some(_) => ValueKind::List,
                        None => kind(maps.term(*item)),
                    };
                    self.kinds.insert(kind);
                }
                continue;
            }
            self.others += 1;
            let kind = kind(maps.term(value));
            if let ValueKind::Language(language) = kind {
                self.has_several_of_a_language |= languages.contains(&language);
                if languages.last() != Some(&language) {
                    languages.push(language);
                }
            }
            self.kinds.insert(kind);
        }
    }

    /// Returns the kind of all values, if they share one.
    fn only(&self) -> Option<ValueKind<'q>> {
        match (self.kinds.first(), self.kinds.len()) {
            (Some(kind), 1) => Some(*kind),
            _ => None,
        }
    }

    /// Returns the definition of the property's term.
    fn definition(&self, iri: &str, short: &impl Fn(&str) -> String) -> JsonValue {
        let mut members = Vec::new();
        let mut containers: Vec<JsonValue> = Vec::new();
        let languages = |kind: &ValueKind<'_>| matches!(kind, ValueKind::Language(_));
        match self.only() {
            Some(ValueKind::Thing) => members.push(("@type".to_owned(), "@id".into())),
            Some(ValueKind::Datatype(datatype)) => {
                members.push(("@type".to_owned(), short(datatype).into()));
            }
            Some(ValueKind::Language(language)) => {
                members.push(("@language".to_owned(), language.into()));
            }
            None if self.lists == 0
                && !self.kinds.is_empty()
                && self.kinds.iter().all(languages) =>
            {
                containers.push("@language".into());
            }
            _ => {}
        }
        let is_map = !containers.is_empty();
        if self.lists > 0 && self.others == 0 && !self.has_list_among_several {
            containers.push("@list".into());
        } else if if is_map { self.has_several_of_a_language } else { self.has_several } {
            containers.push("@set".into());
        }
        let container = match containers.pop() {
            Some(one) if containers.is_empty() => Some(one),
            Some(one) => {
                containers.push(one);
                Some(JsonValue::Array(containers))
            }
            None => None,
        };
        members.extend(container.map(|container| ("@container".to_owned(), container)));
        if members.is_empty() {
            return iri.into();
        }
        members.insert(0, ("@id".to_owned(), iri.into()));
        JsonValue::Object(members)
    }
}

fn kind(term: TermRef<'_>) -> ValueKind<'_> {
    match term {
        TermRef::Literal(literal) => match literal.language() {
            Some(language) => ValueKind::Language(language),
            None if literal.datatype() == xsd::STRING => ValueKind::Plain,
            None if native(literal).is_some() => ValueKind::Native,
            None => ValueKind::Datatype(literal.datatype().as_str()),
        },
        _ => ValueKind::Thing,
    }
}
