//! Quads with a number for each term, so that they can be counted, sorted and compared without reading their text.

use crate::vocabulary::{rdf, rdfs, skos};
use oxigraph::model::{GraphNameRef, NamedNodeRef, NamedOrBlankNodeRef, Quad, TermRef};
use rustc_hash::FxHashMap;
use std::io;

/// The number of a term.
pub(super) type Id = u32;

/// The id of the default graph, which has no name.
pub(super) const DEFAULT_GRAPH: Id = Id::MAX;

/// A quad as the numbers of its terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct QuadIds {
    pub graph: Id,
    pub subject: Id,
    pub predicate: Id,
    pub object: Id,
}

/// Distinct quads and their terms.
pub(super) struct Dataset<'a> {
    terms: Vec<TermRef<'a>>,
    numbers: FxHashMap<TermRef<'a>, Id>,
    pub statements: Vec<QuadIds>,
}

impl<'a> Dataset<'a> {
    /// Numbers the terms of some quads in the order of their first occurrence.
    ///
    /// # Errors
    /// If there are more terms than numbers.
    pub(super) fn of(quads: impl IntoIterator<Item = &'a Quad>) -> io::Result<Self> {
        let mut dataset = Self::in_order(quads)?;
        dataset.statements.sort_unstable();
        dataset.statements.dedup();
        Ok(dataset)
    }

    /// Numbers the terms like [`Self::of`], but keeps the statements in the order of the quads, with duplicates.
    ///
    /// # Errors
    /// If there are more terms than numbers.
    pub(super) fn in_order(quads: impl IntoIterator<Item = &'a Quad>) -> io::Result<Self> {
        let quads = quads.into_iter();
        let mut dataset = Self {
            terms: Vec::new(),
            numbers: FxHashMap::default(),
            statements: Vec::with_capacity(quads.size_hint().0),
        };
        for quad in quads {
            let graph = match quad.graph_name.as_ref() {
                GraphNameRef::DefaultGraph => DEFAULT_GRAPH,
                GraphNameRef::NamedNode(name) => dataset.number(name.into())?,
                GraphNameRef::BlankNode(name) => dataset.number(name.into())?,
            };
            let subject = match quad.subject.as_ref() {
                NamedOrBlankNodeRef::NamedNode(node) => node.into(),
                NamedOrBlankNodeRef::BlankNode(node) => TermRef::from(node),
            };
            let statement = QuadIds {
                graph,
                subject: dataset.number(subject)?,
                predicate: dataset.number(quad.predicate.as_ref().into())?,
                object: dataset.number(quad.object.as_ref())?,
            };
            dataset.statements.push(statement);
        }
        Ok(dataset)
    }

    /// Numbers a term that occurs in no quad.
    ///
    /// # Errors
    /// If there are more terms than numbers.
    pub(super) fn add(&mut self, term: TermRef<'a>) -> io::Result<()> {
        self.number(term).map(|_| ())
    }

    fn number(&mut self, term: TermRef<'a>) -> io::Result<Id> {
        if let Some(number) = self.numbers.get(&term) {
            return Ok(*number);
        }
        let number = Id::try_from(self.terms.len()).ok().filter(|number| *number != DEFAULT_GRAPH);
        let number =
            number.ok_or_else(|| io::Error::other("there are too many different terms"))?;
        self.numbers.insert(term, number);
        self.terms.push(term);
        Ok(number)
    }

    /// Returns the number of terms. Their ids are the integers below it.
    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    /// Returns the term with an id of this dataset.
    pub(super) fn term(&self, id: Id) -> TermRef<'a> {
        // Only an id of another dataset is out of range; any term will do then.
        self.terms.get(id as usize).copied().unwrap_or(TermRef::NamedNode(rdf::NIL))
    }

    /// Returns the id of a term, if it has one.
    pub(super) fn number_of(&self, term: TermRef<'_>) -> Option<Id> {
        self.numbers.get(&term).copied()
    }

    /// Returns a quad as ids, if all of its terms have one.
    pub(super) fn statement(&self, quad: &Quad) -> Option<QuadIds> {
        Some(QuadIds {
            graph: match quad.graph_name.as_ref() {
                GraphNameRef::DefaultGraph => DEFAULT_GRAPH,
                GraphNameRef::NamedNode(name) => self.number_of(name.into())?,
                GraphNameRef::BlankNode(name) => self.number_of(name.into())?,
            },
            subject: match quad.subject.as_ref() {
                NamedOrBlankNodeRef::NamedNode(node) => self.number_of(node.into())?,
                NamedOrBlankNodeRef::BlankNode(node) => self.number_of(node.into())?,
            },
            predicate: self.number_of(quad.predicate.as_ref().into())?,
            object: self.number_of(quad.object.as_ref())?,
        })
    }

    /// Returns the id of an IRI, if it occurs in a quad.
    pub(super) fn id_of(&self, iri: NamedNodeRef<'static>) -> Option<Id> {
        self.numbers.get(&TermRef::from(iri)).copied()
    }

    /// Returns the ids of the label properties, the preferred one first.
    pub(super) fn labels(&self) -> [Option<Id>; 2] {
        [self.id_of(skos::PREF_LABEL), self.id_of(rdfs::LABEL)]
    }

    /// Returns whether there are blank nodes in triple terms.
    pub(super) fn hides_blank_nodes(&self) -> bool {
        self.terms.iter().any(|term| match term {
            #[cfg(feature = "rdf-12")]
            TermRef::Triple(_) => crate::vocabulary::hides_blank_node(&term.into_owned()),
            _ => false,
        })
    }

    pub(super) fn is_blank(&self, id: Id) -> bool {
        matches!(self.terms.get(id as usize), Some(TermRef::BlankNode(_)))
    }
}
