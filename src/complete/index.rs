//! The completion index: classes, properties, and the names of resources.

use crate::diagnostic::Result;
use crate::engine::Store;
use crate::vocabulary::{ALL_NAMES, folded, rdf};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::HashMap;

/// The most triples that are read.
const MOST_TRIPLES: usize = 20_000_000;

/// The most labels that are stored.
const MOST_LABELS: usize = 1_000_000;

/// The classes and properties of a store with their numbers of uses, and the names of its resources.
#[derive(Debug, Default)]
pub(crate) struct CompletionIndex {
    /// The properties, most used first.
    pub properties: Vec<(NamedNode, usize)>,
    /// The classes, most used first.
    pub classes: Vec<(NamedNode, usize)>,
    /// The names of resources: without case and accents, as written, and the resource. Sorted by the first.
    names: Vec<(Box<str>, Box<str>, NamedNode)>,
}

impl CompletionIndex {
    /// Builds the index from the default graph of a store.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn of(store: &Store) -> Result<Self> {
        let mut properties: HashMap<NamedNode, usize> = HashMap::new();
        let mut classes: HashMap<NamedNode, usize> = HashMap::new();
        let mut names = Vec::new();
        for triple in store.triples(None, None, None, None).take(MOST_TRIPLES) {
            let triple = triple?;
            let property = triple.predicate.as_ref();
            match (&triple.subject, &triple.object) {
                (_, Term::NamedNode(class)) if property == rdf::TYPE => {
                    count(&mut classes, class);
                }
                (NamedOrBlankNode::NamedNode(thing), Term::Literal(name))
                    if ALL_NAMES.contains(&property) && names.len() < MOST_LABELS =>
                {
                    let name: Box<str> = name.value().into();
                    names.push((folded(&name).into(), name, thing.clone()));
                }
                _ => {}
            }
            count(&mut properties, &triple.predicate);
        }
        names.sort_unstable();
        names.dedup();
        Ok(Self { properties: ranked(properties), classes: ranked(classes), names })
    }

    /// Returns the resources with a name that begins like this, ignoring case and accents, sorted by that name.
    pub(crate) fn called(&self, beginning: &str) -> impl Iterator<Item = (&str, &NamedNode)> {
        let beginning = folded(beginning);
        let start = self.names.partition_point(|(folded, ..)| **folded < *beginning);
        self.names[start..]
            .iter()
            .take_while(move |(folded, ..)| folded.starts_with(beginning.as_str()))
            .map(|(_, name, thing)| (&**name, thing))
    }

    /// Returns the named resources whose IRI begins like this, in no particular order, once for each name.
    pub(crate) fn in_namespace<'a>(
        &'a self,
        beginning: &'a str,
    ) -> impl Iterator<Item = &'a NamedNode> {
        let things = self.names.iter().map(|(.., thing)| thing);
        things.filter(move |thing| thing.as_str().starts_with(beginning))
    }
}

fn count(counts: &mut HashMap<NamedNode, usize>, term: &NamedNode) {
    match counts.get_mut(term) {
        Some(count) => *count += 1,
        None => {
            counts.insert(term.clone(), 1);
        }
    }
}

/// Sorts by number of uses, descending, and then by IRI.
fn ranked(counts: HashMap<NamedNode, usize>) -> Vec<(NamedNode, usize)> {
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_unstable_by(|(a, most), (b, more)| more.cmp(most).then_with(|| a.cmp(b)));
    ranked
}
