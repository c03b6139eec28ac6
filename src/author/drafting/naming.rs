//! The IRIs of new claims and new things.

use super::lexicon::Lexicon;
use crate::author::slug::{short_slug, slug};
use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::last_part;
use crate::vocabulary::{dos, rdf};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use std::collections::BTreeMap;

/// The most words of a name that come from one label.
const MOST_WORDS: usize = 4;

/// The beginnings of the IRIs of new claims, omissions and things.
pub(super) struct Namespaces {
    things: String,
    terms: String,
    claims: BTreeMap<NamedNode, String>,
    omissions: BTreeMap<NamedNode, String>,
    all_claims: Option<String>,
    all_omissions: Option<String>,
}

impl Namespaces {
    /// Reads the names of the claims and things of a dossier.
    ///
    /// # Errors
    /// If the dossier has no namespace of its own, or the store fails.
    pub(super) fn of(lexicon: &Lexicon<'_>) -> Result<Self> {
        let session = lexicon.session();
        let evidence =
            [dos::CLAIM, dos::OMISSION, dos::DOCUMENT_CLASS].map(NamedNodeRef::into_owned);
        let evidence = [evidence.to_vec()];
        let is_evidence =
            |thing: &&NamedNode| lexicon.rules.is_of(thing, &evidence, &lexicon.types);
        let things = lexicon.described_things().filter(|thing| !is_evidence(thing));
        let things = own_namespace(lexicon, things)?;
        let terms = own_namespace(lexicon, lexicon.described_terms())?;
        let mut kinds = Vec::new();
        for class in [dos::CLAIM, dos::OMISSION] {
            let mut by_document: BTreeMap<NamedNode, Vec<NamedNode>> = BTreeMap::new();
            for thing in session.store().things(rdf::TYPE, class.into())? {
                for document in session.store().iris(thing.as_ref().into(), dos::DOCUMENT)? {
                    by_document.entry(document).or_default().push(thing.clone());
                }
            }
            let word = if class == dos::CLAIM { "claim-" } else { "omission-" };
            let all = beginning(by_document.values().flatten(), word);
            let by_document = by_document.into_iter();
            let each = by_document
                .filter_map(|(document, things)| Some((document, beginning(&things, word)?)));
            kinds.push((each.collect(), all));
        }
        let (omissions, all_omissions) = kinds.pop().unwrap_or_default();
        let (claims, all_claims) = kinds.pop().unwrap_or_default();
        Ok(Self { things, terms, claims, omissions, all_claims, all_omissions })
    }

    /// Returns a new IRI for a thing with a label.
    ///
    /// # Errors
    /// If the label has no letters and no digits.
    pub(super) fn new_thing(
        &self,
        lexicon: &Lexicon<'_>,
        label: &str,
    ) -> Result<NamedNode, Diagnostic> {
        let name = slug(label);
        if name.is_empty() {
            return Err(nameless(label));
        }
        Ok(free(lexicon, &format!("{}{name}", self.things), "-"))
    }

    /// Returns a new IRI for a class with a label, whose name begins with a capital.
    ///
    /// # Errors
    /// If the label has no letters and no digits.
    pub(super) fn new_class(
        &self,
        lexicon: &Lexicon<'_>,
        label: &str,
    ) -> Result<NamedNode, Diagnostic> {
        self.new_term(lexicon, label, true)
    }

    /// Returns a new IRI for a property with a label.
    ///
    /// # Errors
    /// If the label has no letters and no digits.
    pub(super) fn new_property(
        &self,
        lexicon: &Lexicon<'_>,
        label: &str,
    ) -> Result<NamedNode, Diagnostic> {
        self.new_term(lexicon, label, false)
    }

    /// Returns the IRI of a term: one that is used already without being declared, or else a new one.
    fn new_term(
        &self,
        lexicon: &Lexicon<'_>,
        label: &str,
        is_class: bool,
    ) -> Result<NamedNode, Diagnostic> {
        let name = camel_case(label, is_class);
        if name.is_empty() {
            return Err(nameless(label));
        }
        let iri = format!("{}{name}", self.terms);
        let term = NamedNode::new_unchecked(iri.as_str());
        Ok(if lexicon.is_undeclared(&term) { term } else { free(lexicon, &iri, "") })
    }

    /// Returns the IRI of the thing that some words identify. The same words always give the same IRI.
    pub(super) fn thing_of(&self, words: &str) -> Option<NamedNode> {
        let name = slug(words);
        (!name.is_empty()).then(|| NamedNode::new(format!("{}{name}", self.things)).ok()).flatten()
    }

    /// Returns a new IRI for a claim, named after its first statement, or for an omission, named after its first words.
    pub(super) fn new_claim(
        &self,
        lexicon: &Lexicon<'_>,
        document: &NamedNode,
        statements: &[Triple],
        words: &str,
        is_omission: bool,
    ) -> NamedNode {
        let name = if is_omission || statements.is_empty() {
            short_slug(words, MOST_WORDS)
        } else {
            named_after(lexicon, statements)
        };
        let name = if name.is_empty() { "1" } else { &name };
        free(lexicon, &format!("{}{name}", self.beginning(Some(document), is_omission)), "-")
    }

    /// Returns the IRI of a claim or an omission with a given name: a CURIE, an IRI in angle brackets, or what stands behind
    /// the namespace of the others.
    ///
    /// # Errors
    /// If the given text is not a valid name, or the name is taken.
    pub(super) fn given_claim(
        &self,
        lexicon: &Lexicon<'_>,
        document: Option<&NamedNode>,
        given: &str,
        is_omission: bool,
    ) -> Result<NamedNode, Diagnostic> {
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name = if let Some(name) = lexicon.iri(given) {
            name?
        } else if given.starts_with(char::is_alphanumeric) && given.chars().all(is_plain) {
            let beginning = self.beginning(document, is_omission);
            let namespace = &beginning[..beginning.len() - last_part(&beginning).len()];
            NamedNode::new_unchecked(format!("{namespace}{given}"))
        } else {
            let prefix = lexicon.own_prefixes().next().map_or("PREFIX", |(prefix, _)| prefix);
            return Err(error!("claim-name-invalid", "`{given}` is not the name of a claim").help(
                format!("write a name such as `some-name` or `{prefix}:some-name`, or an IRI in angle brackets"),
            ));
        };
        if lexicon.is_mentioned(&name) {
            return Err(error!("claim-name-taken", "the name {} is taken", lexicon.show(&name))
                .help("give the claim another name, or none"));
        }
        Ok(name)
    }

    /// Returns how the names of the claims or omissions of a document begin.
    fn beginning(&self, document: Option<&NamedNode>, is_omission: bool) -> String {
        let (by_document, all, word) = if is_omission {
            (&self.omissions, &self.all_omissions, "omission-")
        } else {
            (&self.claims, &self.all_claims, "claim-")
        };
        let of_document = document.and_then(|document| by_document.get(document));
        of_document.or(all.as_ref()).cloned().unwrap_or_else(|| format!("{}{word}", self.things))
    }
}

fn nameless(label: &str) -> Diagnostic {
    error!("label-empty", "`{label}` has no letters or digits to make a name of")
        .help("give it a label of words")
}

/// Returns the name of a term in the way of ontologies.
fn camel_case(label: &str, is_class: bool) -> String {
    let mut name = String::new();
    for word in slug(label).split('-') {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if is_class || !name.is_empty() => name.extend(first.to_uppercase()),
            first => name.extend(first),
        }
        name.extend(letters);
    }
    name
}

/// Returns the first of some IRIs that stands nowhere: with a number at its end from the second on.
fn free(lexicon: &Lexicon<'_>, iri: &str, hyphen: &str) -> NamedNode {
    let numbered = (2..).map(|number: usize| format!("{iri}{hyphen}{number}"));
    let mut names = std::iter::once(iri.to_owned()).chain(numbered).map(NamedNode::new_unchecked);
    let is_free = |name: &NamedNode| !lexicon.is_mentioned(name);
    names.find(is_free).unwrap_or_else(|| NamedNode::new_unchecked(iri))
}

/// Names a claim after its first thing and what it says of it. A new thing without a label is called what its IRI says.
fn named_after(lexicon: &Lexicon<'_>, statements: &[Triple]) -> String {
    let Some(first) = statements.first() else { return String::new() };
    let subject = match &first.subject {
        NamedOrBlankNode::NamedNode(subject) if lexicon.labels_of(subject).is_empty() => {
            return slug(last_part(subject.as_str()));
        }
        NamedOrBlankNode::NamedNode(subject) => lexicon.short_name(subject),
        NamedOrBlankNode::BlankNode(_) => String::new(),
    };
    let is_said = |triple: &&Triple| {
        triple.subject == first.subject && triple.predicate.as_ref() != rdf::TYPE
    };
    let said = match (statements.iter().find(is_said), &first.object) {
        (Some(triple), _) => lexicon.short_name(&triple.predicate),
        (None, Term::NamedNode(class)) => lexicon.short_name(class),
        (None, _) => String::new(),
    };
    let parts = [subject, said].map(|words| short_slug(&words, MOST_WORDS));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// Returns how the names of most of some things begin: their namespace, and a word that stands in all names.
fn beginning<'a>(things: impl IntoIterator<Item = &'a NamedNode>, word: &str) -> Option<String> {
    let mut namespaces: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for thing in things {
        let local = last_part(thing.as_str());
        let namespace = &thing.as_str()[..thing.as_str().len() - local.len()];
        let (all, with_word) = namespaces.entry(namespace).or_default();
        *all += 1;
        *with_word += usize::from(local.starts_with(word));
    }
    let (namespace, (all, with_word)) = namespaces.into_iter().max_by_key(|(_, (all, _))| *all)?;
    Some(if with_word == all { format!("{namespace}{word}") } else { namespace.to_owned() })
}

/// Returns the namespace of the dossier's own in which most of some things are named, or else the first one.
fn own_namespace<'a>(
    lexicon: &Lexicon<'_>,
    things: impl Iterator<Item = &'a NamedNode>,
) -> Result<String> {
    let own: Vec<(&str, &str)> = lexicon.own_prefixes().collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for thing in things {
        let of_thing = own.iter().map(|(_, namespace)| *namespace);
        let longest = of_thing
            .filter(|namespace| thing.as_str().starts_with(namespace))
            .max_by_key(|n| n.len());
        if let Some(namespace) = longest {
            *counts.entry(namespace).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count).map(|(namespace, _)| namespace);
    most.or_else(|| own.first().map(|(_, namespace)| *namespace)).map(str::to_owned).ok_or_else(
        || {
            error!("prefix-missing", "the dossier declares no prefix for names of its own")
                .help("declare one with `sh:declare` in a file of `ontology/`")
                .input()
        },
    )
}
