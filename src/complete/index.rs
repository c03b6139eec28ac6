//! What a store can be asked about: its classes, its properties, and what its things are called.

use crate::diagnostic::Result;
use crate::engine::Store;
use crate::vocabulary::{ALL_NAMES, folded, rdf};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::HashMap;

/// The most triples that are looked at.
const MOST_TRIPLES: usize = 20_000_000;

/// The most labels that are kept.
const MOST_LABELS: usize = 1_000_000;

/// The classes and properties of a store with how often they stand there, and the names of its things.
#[derive(Debug, Default)]
pub(crate) struct CompletionIndex {
    /// The properties, most used first.
    pub properties: Vec<(NamedNode, usize)>,
    /// The classes, most used first.
    pub classes: Vec<(NamedNode, usize)>,
    /// What things are called, without case and accents, as it is written, and the things; in the order of the first.
    names: Vec<(Box<str>, Box<str>, NamedNode)>,
}

impl CompletionIndex {
    /// Looks through the default graph of a store.
    ///
    /// # Errors
    /// If the store fails.
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

    /// The things whose name begins so, whatever the case and accents, with that name; by their names.
    pub(crate) fn called(&self, beginning: &str) -> impl Iterator<Item = (&str, &NamedNode)> {
        let beginning = folded(beginning);
        let start = self.names.partition_point(|(folded, ..)| **folded < *beginning);
        self.names[start..]
            .iter()
            .take_while(move |(folded, ..)| folded.starts_with(beginning.as_str()))
            .map(|(_, name, thing)| (&**name, thing))
    }

    /// The things with a name whose IRI begins so, in no order, each as often as it has names.
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

/// Most used first; of those that are used as much, by their IRIs.
fn ranked(counts: HashMap<NamedNode, usize>) -> Vec<(NamedNode, usize)> {
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_unstable_by(|(a, most), (b, more)| more.cmp(most).then_with(|| a.cmp(b)));
    ranked
}
