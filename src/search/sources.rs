//! What can be found: the texts of a session, in the order in which they are numbered.

use super::text_index::{TextIndex, TextIndexBuilder};
use crate::diagnostic::Result;
use crate::dossier::last_part;
use crate::session::Session;
use crate::vocabulary::{ALL_NAMES, dos, rdf};
use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Term};
use rustc_hash::FxHashSet;
use std::mem;

/// The texts of a session: those of its saved queries, the literals of its data, the last parts of IRIs without a name, and
/// the passages of its documents.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// The names of the saved queries.
    queries: Vec<String>,
    /// The literals, each once, sorted.
    literals: Vec<Literal>,
    /// The subjects without a name, sorted.
    nameless: Vec<NamedNode>,
    /// The documents with a text, sorted, each with the number of its first passage.
    documents: Vec<(NamedNode, u32)>,
}

/// One of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source<'s> {
    /// The summary of a saved query, with its name and description.
    Query(&'s str),
    /// A literal.
    Literal(&'s Literal),
    /// The last part of an IRI.
    Nameless(&'s NamedNode),
    /// A passage of a document, by its place in the text.
    Passage(&'s NamedNode, usize),
}

impl Sources {
    /// Reads the texts of a session, and indexes them. Behind an endpoint, these are the saved queries and the documents.
    ///
    /// # Errors
    /// Fails if the saved queries or the texts cannot be read, or the store fails.
    pub(super) fn read(session: &Session) -> Result<(Self, TextIndex)> {
        let mut index = TextIndexBuilder::default();
        let mut sources = Self::default();
        for query in session.catalogue().readable()?.0 {
            index.add(
                &[
                    query.name.as_str(),
                    &query.front_matter.summary,
                    &query.front_matter.description,
                ]
                .join(" "),
            );
            sources.queries.push(query.name);
        }
        if session.store().capabilities().can_scan {
            sources.read_data(session)?;
        }
        for literal in &sources.literals {
            index.add(literal.value());
        }
        for thing in &sources.nameless {
            index.add(last_part(thing.as_str()));
        }
        let mut documents = session.store().things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?;
        documents.sort();
        for document in documents {
            let Ok(text) = session.texts()?.of(document.as_str()) else { continue };
            sources.documents.push((document, index.next()));
            for passage in text.passages() {
                index.add(&text.text()[passage.span.clone()]);
            }
        }
        Ok((sources, index.finish()))
    }

    /// Indexes literals alone.
    pub(super) fn of_literals(literals: impl IntoIterator<Item = Literal>) -> (Self, TextIndex) {
        let mut index = TextIndexBuilder::default();
        let literals: Vec<Literal> = literals.into_iter().collect();
        for literal in &literals {
            index.add(literal.value());
        }
        (Self { literals, ..Self::default() }, index.finish())
    }

    fn read_data(&mut self, session: &Session) -> Result<()> {
        let store = session.store();
        // Passages are in the store only if a query has needed them; their texts are read from the documents.
        let passages: FxHashSet<NamedNode> =
            store.things(rdf::TYPE, dos::PASSAGE_CLASS.into())?.into_iter().collect();
        let mut named: FxHashSet<NamedNode> = FxHashSet::default();
        let mut literals = Vec::new();
        let mut room = MOST_BEFORE_SORTING;
        for triple in store.triples(None, None, None, None) {
            let triple = triple?;
            let NamedOrBlankNode::NamedNode(subject) = triple.subject else {
                literals.extend(literal(triple.object));
                continue;
            };
            if passages.contains(&subject) {
                continue;
            }
            if ALL_NAMES.contains(&triple.predicate.as_ref()) && !named.contains(&subject) {
                named.insert(subject.clone());
            }
            if self.nameless.last() != Some(&subject) {
                self.nameless.push(subject);
            }
            literals.extend(literal(triple.object));
            if literals.len() > room {
                sort(&mut literals);
                room = literals.len() + MOST_BEFORE_SORTING;
            }
        }
        sort(&mut literals);
        self.literals = literals;
        let mut nameless = mem::take(&mut self.nameless);
        nameless.retain(|thing| !named.contains(thing));
        nameless.sort_unstable();
        nameless.dedup();
        self.nameless = nameless;
        Ok(())
    }

    /// Returns the text with a number.
    pub(super) fn get(&self, number: u32) -> Option<Source<'_>> {
        let at = self.documents.partition_point(|(_, first)| *first <= number);
        if let Some((document, first)) = at.checked_sub(1).map(|at| &self.documents[at]) {
            return Some(Source::Passage(document, (number - first) as usize));
        }
        let mut number = number as usize;
        if let Some(name) = self.queries.get(number) {
            return Some(Source::Query(name));
        }
        number -= self.queries.len();
        if let Some(literal) = self.literals.get(number) {
            return Some(Source::Literal(literal));
        }
        self.nameless.get(number - self.literals.len()).map(Source::Nameless)
    }
}

/// How many literals are read before those that are equal are removed.
const MOST_BEFORE_SORTING: usize = 1 << 18;

fn literal(term: Term) -> Option<Literal> {
    match term {
        Term::Literal(literal) if !literal.value().is_empty() => Some(literal),
        _ => None,
    }
}

/// Sorts literals, and removes those that are equal.
fn sort(literals: &mut Vec<Literal>) {
    literals.sort_unstable_by(|one, other| {
        let parts = |literal: &Literal| {
            (literal.language().map(str::to_owned), literal.datatype().as_str().to_owned())
        };
        one.value().cmp(other.value()).then_with(|| parts(one).cmp(&parts(other)))
    });
    literals.dedup();
}
