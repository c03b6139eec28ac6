//! Unknown names in the dossier's own namespaces.

use super::files::Files;
use super::suggestions::Suggestions;
use crate::diagnostic::{Diagnostic, Excerpt, Result, did_you_mean, nearest};
use crate::dossier::{SourceFile, last_part};
use crate::session::Session;
use crate::sparql::declared_prefixes;
use crate::sparql::lexer::{TokenKind, tokens};
use crate::vocabulary::{
    DOS, LABELS, Prefixes, dos, is_misspelt_language_term, is_of_ontology_language, language_terms,
    owl, prov, rdf, rdfs,
};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Reports unknown names. Returns the unknown names in the data.
pub(super) fn check(
    session: &Session,
    files: &Files<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<HashSet<NamedNode>> {
    let known = NameRegistry::of(files);
    let mut unknown: BTreeMap<&NamedNode, Use> = BTreeMap::new();
    // An unknown document is reported with the claim that quotes it, and the source of a document is an address.
    let elsewhere = [dos::DOCUMENT, prov::WAS_DERIVED_FROM];
    let data = files.data_quads().filter(|quad| !elsewhere.contains(&quad.predicate.as_ref()));
    for quad in data.chain(files.ontology_quads()) {
        let (iris, is_type) = used(quad);
        for (i, iri) in iris.into_iter().enumerate() {
            let Some(iri) = iri.filter(|iri| known.is_unknown(iri)) else { continue };
            let used = match i {
                0 => Use::Property,
                _ if is_type => Use::Class,
                _ if [rdfs::DOMAIN, rdfs::RANGE].contains(&quad.predicate.as_ref()) => Use::Class,
                _ if is_of_ontology_language(quad.predicate.as_ref())
                    || quad.predicate.as_ref() == dos::OPEN_LIST =>
                {
                    known.use_of_value(iri)
                }
                _ => Use::Thing,
            };
            let known_use = unknown.entry(iri).or_insert(used);
            *known_use = (*known_use).max(used);
        }
    }
    for (iri, used) in &unknown {
        findings.push(known.finding(files, iri, *used, files.mention(iri)));
    }
    let dossier = session.dossier();
    for source in [dossier.queries()?, dossier.checks()?, dossier.patterns()?].concat() {
        query(files, &known, &source, findings);
    }
    Ok(unknown.into_keys().cloned().collect())
}

/// Reports properties and classes that are not declared in the vocabulary to which they belong.
pub(super) fn check_terms(files: &Files<'_>, findings: &mut Vec<Diagnostic>) {
    let known = NameRegistry::of(files);
    let mut unknown: BTreeSet<&NamedNode> = BTreeSet::new();
    for file in &files.ontology {
        let uses = file.quads.iter().filter_map(|quad| {
            let ([property, value], is_type) = used(quad);
            let class = value.filter(|_| is_type);
            let uses = [(property, Use::Property), (class, Use::Class)].into_iter();
            let mut terms = uses.filter_map(|(term, used)| Some((term?, used)));
            let (term, used) = terms.find(|(term, _)| known.is_unknown(term))?;
            Some((quad, term, used))
        });
        let first: Vec<(&Quad, &NamedNode, Use)> =
            uses.filter(|(_, term, _)| unknown.insert(term)).collect();
        let places = file.statements(first.iter().map(|(quad, _, _)| *quad));
        for (quad, term, used) in first {
            let place = places.get(quad).map(|place| match used {
                Use::Property => place.predicate.clone(),
                _ => place.object.clone(),
            });
            findings.push(known.finding(files, term, used, place));
        }
    }
}

/// Returns the names that a triple uses, property first, and whether its value is a class.
fn used(quad: &Quad) -> ([Option<&NamedNode>; 2], bool) {
    let value = match &quad.object {
        Term::NamedNode(iri) => Some(iri),
        _ => None,
    };
    ([Some(&quad.predicate), value], quad.predicate.as_ref() == rdf::TYPE)
}

/// How a name is used, from the least to the most certain kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Thing,
    /// A name in a namespace of terms, in a place where things stand, too.
    Term,
    Property,
    Class,
}

/// The dossier's own namespaces, and the names that exist there.
struct NameRegistry<'a> {
    prefixes: &'a Prefixes,
    /// The namespaces in which the ontology declares its terms.
    terms: BTreeSet<String>,
    /// The namespaces in which the data describes resources.
    things: BTreeSet<String>,
    subjects: HashSet<NamedNode>,
    meant: Suggestions,
    /// The classes among them.
    classes: Suggestions,
    /// Those that are not classes.
    others: Suggestions,
}

impl<'a> NameRegistry<'a> {
    /// Collects the namespaces and names. A namespace is the dossier's own if its ontology declares a prefix for it,
    /// and the dossier declares a term or describes a resource in it. Giving labels to external resources, or repeating
    /// that an external term is a property, is not enough.
    fn of(files: &Files<'a>) -> Self {
        let mut known = Self {
            prefixes: files.prefixes,
            terms: BTreeSet::new(),
            things: BTreeSet::new(),
            subjects: HashSet::new(),
            meant: Suggestions::new(std::iter::empty()),
            classes: Suggestions::new(std::iter::empty()),
            others: Suggestions::new(std::iter::empty()),
        };
        let ontologies: Vec<&str> = files.ontologies.iter().map(NamedNode::as_str).collect();
        for quad in files.ontology_quads() {
            let NamedOrBlankNode::NamedNode(term) = &quad.subject else { continue };
            known.subjects.insert(term.clone());
            let is_own = match (quad.predicate.as_ref(), &quad.object) {
                (property, Term::NamedNode(ontology)) if property == rdfs::IS_DEFINED_BY => {
                    ontologies.contains(&ontology.as_str())
                }
                (property, class) if property == rdf::TYPE => {
                    let is_below = |ontology: &&str| term.as_str().starts_with(*ontology);
                    *class != Term::from(owl::ONTOLOGY) && ontologies.iter().any(is_below)
                }
                _ => false,
            };
            if is_own && let Some(namespace) = known.namespace(term) {
                known.terms.insert(namespace.to_owned());
            }
        }
        for quad in files.data_quads() {
            if let GraphName::NamedNode(name) = &quad.graph_name {
                known.subjects.insert(name.clone());
            }
            let NamedOrBlankNode::NamedNode(thing) = &quad.subject else { continue };
            known.subjects.insert(thing.clone());
            let is_described = quad.graph_name != GraphName::DefaultGraph
                || !LABELS.contains(&quad.predicate.as_ref());
            if is_described && let Some(namespace) = known.namespace(thing) {
                known.things.insert(namespace.to_owned());
            }
        }
        // Queries call them as functions.
        known.subjects.extend([dos::EARLIEST, dos::LATEST].map(NamedNodeRef::into_owned));
        let shown = |iri: &NamedNode| files.prefixes.show(iri);
        known.meant = Suggestions::new(known.subjects.iter().map(shown));
        let classes = classes(files);
        let is_class = |iri: &&NamedNode| classes.contains(*iri);
        known.classes = Suggestions::new(known.subjects.iter().filter(is_class).map(shown));
        known.others =
            Suggestions::new(known.subjects.iter().filter(|iri| !is_class(iri)).map(shown));
        known
    }

    /// Returns the longest namespace of an IRI that has a prefix.
    fn namespace(&self, iri: &NamedNode) -> Option<&'a str> {
        self.prefixes
            .iter()
            .map(|(_, namespace)| namespace)
            .filter(|namespace| iri.as_str().starts_with(namespace))
            .max_by_key(|namespace| namespace.len())
    }

    fn is_unknown(&self, iri: &NamedNode) -> bool {
        let is_own = |namespace: &str| {
            iri.as_str() != namespace
                && (self.things.contains(namespace) || self.terms.contains(namespace))
        };
        is_misspelt_language_term(iri.as_ref())
            || !self.subjects.contains(iri) && self.namespace(iri).is_some_and(is_own)
    }

    fn is_like_a_term(&self, iri: &NamedNode) -> bool {
        self.namespace(iri).is_some_and(|namespace| self.terms.contains(namespace))
    }

    /// Returns how a name is used that is the value of a property other than `rdf:type`.
    fn use_of_value(&self, iri: &NamedNode) -> Use {
        if self.is_like_a_term(iri) { Use::Term } else { Use::Thing }
    }

    fn finding(
        &self,
        files: &Files<'_>,
        iri: &NamedNode,
        used: Use,
        place: Option<Excerpt>,
    ) -> Diagnostic {
        if is_misspelt_language_term(iri.as_ref()) {
            return misspelt_language_term(files, iri, place);
        }
        let candidates = match used {
            Use::Class => &self.classes,
            Use::Property => &self.others,
            Use::Term | Use::Thing => &self.meant,
        };
        let name = files.prefixes.show(iri);
        let near = candidates.near(&name);
        let is_term = used != Use::Thing;
        let (id, message) = if is_term {
            ("undeclared-term", format!("the term {} is not declared", files.show(iri)))
        } else {
            ("unknown-thing", format!("{} has no description", files.show(iri)))
        };
        Diagnostic::error(id, message).at(place).about(iri).suggest(near, || match used {
            _ if is_term && files.data.is_empty() => {
                "declare it in the vocabulary, with a label and a comment".to_owned()
            }
            Use::Class if is_range_of_literals(files, iri) => {
                "write the datatype of the values, such as `xsd:integer`, `xsd:decimal` or `xsd:string`"
                    .to_owned()
            }
            Use::Class if iri.as_str().starts_with(DOS) => {
                "`dossier` itself declares the terms of `dos:`: use one of them, or a class of your own ontology".to_owned()
            }
            Use::Class => format!(
                "correct its name, or declare the class in `ontology/`: `{name} a owl:Class ; rdfs:label \"…\"@en .`"
            ),
            Use::Property if iri.as_str().starts_with(DOS) => built_in_property(files, iri),
            Use::Property => {
                let mut uses = files.data_quads().filter(|quad| quad.predicate == *iri);
                let takes_literals = uses.any(|quad| matches!(quad.object, Term::Literal(_)));
                let kind =
                    if takes_literals { "owl:DatatypeProperty" } else { "owl:ObjectProperty" };
                format!(
                    "declare it in `ontology/`: `{name} a {kind} ; rdfs:label \"{}\"@en .`",
                    words_of(iri)
                )
            }
            Use::Term => format!(
                "declare it in `ontology/`: `{name} a owl:ObjectProperty ; rdfs:label \"{}\"@en .` (or `owl:DatatypeProperty`, or `owl:Class`)",
                words_of(iri)
            ),
            Use::Thing => {
                format!("describe it in a file of `data/`: `{name} rdfs:label \"…\"@en .`")
            }
        })
    }
}

/// Returns whether a name is the range of a property whose values are literals.
fn is_range_of_literals(files: &Files<'_>, iri: &NamedNode) -> bool {
    let of_literals = |property: &NamedOrBlankNode| {
        files.ontology_quads().any(|quad| {
            quad.subject == *property
                && quad.predicate == rdf::TYPE
                && quad.object == Term::from(owl::DATATYPE_PROPERTY)
        })
    };
    let is_it =
        |quad: &&Quad| quad.predicate == rdfs::RANGE && quad.object == Term::from(iri.clone());
    files.ontology_quads().filter(is_it).any(|quad| of_literals(&quad.subject))
}

/// Returns the finding for a name that RDF, RDF Schema and OWL do not have, wherever it stands.
fn misspelt_language_term(
    files: &Files<'_>,
    iri: &NamedNode,
    place: Option<Excerpt>,
) -> Diagnostic {
    let terms: Vec<String> = language_terms().collect();
    let near = nearest(iri.as_str(), terms.iter().map(String::as_str));
    let local = last_part(iri.as_str());
    // The end of a name says more than the namespace that all of them share.
    let near = terms
        .iter()
        .filter(|term| nearest(local, [last_part(term)]).is_some())
        .min_by_key(|term| {
            let namespace = &term[..term.len() - last_part(term).len()];
            let name = last_part(term);
            let is_capital = |name: &str| name.starts_with(char::is_uppercase);
            (
                !iri.as_str().starts_with(namespace),
                !name.eq_ignore_ascii_case(local),
                is_capital(name) != is_capital(local),
                name.len().abs_diff(local.len()),
            )
        })
        .map(String::as_str)
        .or(near);
    let near = near.and_then(|term| NamedNode::new(term).ok());
    let message = format!("{} is not a term of RDF, RDF Schema or OWL", files.show(iri));
    Diagnostic::error("undeclared-term", message).at(place).about(iri).suggest(
        near.map(|term| files.prefixes.show(&term)).as_deref(),
        || "use one of their terms, such as `owl:Class`, `owl:ObjectProperty` or `rdfs:range`",
    )
}

/// Says what to write instead of an unknown property in the namespace of the core ontology, in which nobody else declares
/// terms: what its subject lacks.
fn built_in_property(files: &Files<'_>, property: &NamedNode) -> String {
    let mut uses = files.data_quads().filter(|quad| quad.predicate == *property);
    let missing = uses.find_map(|quad| {
        let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { return None };
        let is_omission = files.omissions.contains_key(subject);
        if !is_omission && !files.claims.contains_key(subject) {
            return None;
        }
        let has = |known: NamedNodeRef<'_>| {
            files.properties_of(subject).iter().any(|(property, _)| property.as_ref() == known)
        };
        let last = if is_omission { dos::REASON } else { dos::READING };
        let takes_things = !quad.object.is_literal();
        let mut known = [dos::DOCUMENT, dos::QUOTE, last].into_iter();
        known.find(|known| !has(*known) && (*known == dos::DOCUMENT) == takes_things)
    });
    match missing {
        Some(missing) => did_you_mean(files.prefixes.show(&missing.into_owned())),
        None => "`dossier` itself declares the terms of `dos:`: use one of them, or a property of your own ontology"
            .to_owned(),
    }
}

/// Returns the words in the last part of an IRI: `meeting place` for `meetingPlace`.
fn words_of(iri: &NamedNode) -> String {
    let mut words = String::new();
    for c in last_part(iri.as_str()).chars() {
        match c {
            '-' | '_' => words.push(' '),
            c if c.is_uppercase() => {
                words.push(' ');
                words.extend(c.to_lowercase());
            }
            c => words.push(c),
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what is declared as a class.
fn classes<'a>(files: &'a Files<'_>) -> HashSet<&'a NamedNode> {
    let is_declaration = |quad: &&Quad| match (quad.predicate.as_ref(), &quad.object) {
        (rdf::TYPE, Term::NamedNode(kind)) => [owl::CLASS, rdfs::CLASS].contains(&kind.as_ref()),
        (property, _) => property == rdfs::SUB_CLASS_OF,
    };
    let declarations = files.all().flat_map(|file| &file.quads).filter(is_declaration);
    declarations
        .filter_map(|quad| match &quad.subject {
            NamedOrBlankNode::NamedNode(class) => Some(class),
            NamedOrBlankNode::BlankNode(_) => None,
        })
        .collect()
}

/// Reports unknown names in a saved query, which would find nothing.
fn query(
    files: &Files<'_>,
    known: &NameRegistry<'_>,
    source: &SourceFile,
    findings: &mut Vec<Diagnostic>,
) {
    let Ok(text) = source.text() else { return };
    let prefixes = declared_prefixes(text);
    let mut seen = BTreeSet::new();
    let mut is_class = false;
    for token in tokens(text) {
        let word = &text[token.span.clone()];
        let iri = match token.kind {
            TokenKind::Word => prefixes.expand(word),
            TokenKind::Iri => NamedNode::new(&word[1..word.len() - 1]).ok(),
            _ => None,
        };
        let after_a = std::mem::replace(&mut is_class, word == "a");
        // The namespace of a prefix is not a name.
        let Some(iri) = iri.filter(|iri| !iri.as_str().ends_with(['#', '/'])) else { continue };
        if known.is_unknown(&iri) && seen.insert(iri.clone()) {
            let used = if after_a { Use::Class } else { known.use_of_value(&iri) };
            let place = Excerpt::new(&source.path, text, token.span);
            findings.push(known.finding(files, &iri, used, Some(place)));
        }
    }
}
