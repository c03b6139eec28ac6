//! Selecting the part of the data to export.

use super::Session;
use crate::claim::is_place_of_quote;
use crate::diagnostic::{Diagnostic, Result};
use crate::engine::Store;
use crate::sparql;
use crate::vocabulary::{dos, owl, rdf};
use oxigraph::model::{GraphName, NamedNodeRef, NamedOrBlankNode, Quad, Term, Triple};
use std::collections::HashSet;

/// A part of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Selection {
    /// The statements: the triples of claims, of other named graphs and of background, without graph names.
    Facts,
    /// The claims as named graphs, with their evidence.
    Claims,
    /// The ontology.
    Ontology,
    /// The named graphs, and the triples outside them.
    All,
}

/// The number of each kind of object in a dossier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents.
    pub documents: usize,
    /// Claims.
    pub claims: usize,
    /// Distinct triples that claims state.
    pub claimed_triples: usize,
    /// Passages that are left out on purpose.
    pub omissions: usize,
}

impl Selection {
    /// All selections, in the order of the help.
    pub const ALL: [Self; 4] = [Self::Facts, Self::Claims, Self::Ontology, Self::All];

    /// Returns the name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Claims => "claims",
            Self::Ontology => "ontology",
            Self::All => "all",
        }
    }

    /// Returns whether the selection's quads are in named graphs.
    pub const fn has_named_graphs(self) -> bool {
        matches!(self, Self::Claims | Self::All)
    }
}

impl Session {
    /// Returns the quads of a part of the data, in no particular order. The computed passages are never included,
    /// because they are derived from the rest.
    ///
    /// The quads are read lazily from the store; only the names of the claims and the ontology are held in memory.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn select(&self, selection: Selection) -> Result<impl Iterator<Item = Result<Quad>>> {
        self.store.check_whole()?;
        let choosing = Choosing::of(&self.store, selection, self.has_passages())?;
        Ok(self
            .store
            .quads()
            .filter_map(move |quad| quad.and_then(|quad| choosing.chosen(quad)).transpose()))
    }

    /// Returns all quads as they are in the store, including the passages of the documents.
    ///
    /// # Errors
    /// Fails if the store fails or a text cannot be read.
    pub fn stored_quads(&self) -> Result<impl Iterator<Item = Result<Quad>>> {
        self.store.check_whole()?;
        self.load_passages()?;
        Ok(self.store.quads())
    }

    /// Counts each kind of object.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn counts(&self) -> Result<Counts> {
        if !self.store.capabilities().can_scan {
            return self.requested_counts();
        }
        let quads = self.store.quads().collect::<Result<Vec<_>>>()?;
        let kinds = Kinds::of(&self.store)?;
        let count = |class: Term| {
            let is_type = |quad: &&Quad| {
                quad.predicate.as_ref() == rdf::TYPE
                    && quad.object == class
                    && quad.graph_name == GraphName::DefaultGraph
            };
            quads.iter().filter(is_type).count()
        };
        let claimed: HashSet<Triple> = quads
            .iter()
            .filter(|quad| kinds.claims.contains(&quad.graph_name))
            .map(|quad| Triple::from(quad.clone()))
            .collect();
        Ok(Counts {
            documents: count(dos::DOCUMENT_CLASS.into()),
            claims: count(dos::CLAIM.into()),
            claimed_triples: claimed.len(),
            omissions: count(dos::OMISSION.into()),
        })
    }

    /// Counts each kind of object with queries to an endpoint.
    fn requested_counts(&self) -> Result<Counts> {
        let count = |text: &str| -> Result<usize> {
            let query = sparql::parse("counts", text, &self.prefixes).map_err(Diagnostic::input)?;
            let rows = crate::answer::answer(self.store(), &query, None, None)?.rows();
            let row = rows.and_then(|mut rows| rows.next()).transpose()?;
            let count = match row.as_ref().and_then(|row| row.solution.get(0)) {
                Some(Term::Literal(count)) => count.value().parse().ok(),
                _ => None,
            };
            Ok(count.unwrap_or_default())
        };
        let things = |class: NamedNodeRef<'_>| {
            count(&format!("SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a {class} }}"))
        };
        let claim = dos::CLAIM;
        Ok(Counts {
            documents: things(dos::DOCUMENT_CLASS)?,
            claims: things(claim)?,
            claimed_triples: count(&format!(
                "SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ ?c a {claim} GRAPH ?c {{ ?s ?p ?o }} }} }}"
            ))?,
            omissions: things(dos::OMISSION)?,
        })
    }
}

/// The kinds of graphs and subjects.
struct Kinds {
    claims: HashSet<GraphName>,
    ontologies: HashSet<GraphName>,
    evidence: HashSet<NamedOrBlankNode>,
    passages: HashSet<NamedOrBlankNode>,
}

impl Kinds {
    fn of(store: &Store) -> Result<Self> {
        let mut kinds = Self {
            claims: HashSet::new(),
            ontologies: HashSet::new(),
            evidence: HashSet::new(),
            passages: HashSet::new(),
        };
        for class in [dos::CLAIM, dos::DOCUMENT_CLASS, dos::OMISSION, dos::PASSAGE_CLASS] {
            for subject in store.subjects(rdf::TYPE, class.into())? {
                if class == dos::CLAIM {
                    kinds.claims.insert(subject.clone().into());
                }
                if class == dos::PASSAGE_CLASS {
                    kinds.passages.insert(subject.clone());
                }
                kinds.evidence.insert(subject);
            }
        }
        for subject in store.subjects(rdf::TYPE, owl::ONTOLOGY.into())? {
            kinds.ontologies.insert(subject.into());
        }
        Ok(kinds)
    }
}

/// Decides which quads of a store are in a selection.
struct Choosing<'a> {
    store: &'a Store,
    selection: Selection,
    kinds: Kinds,
    /// The triples of the ontologies.
    terms: HashSet<Triple>,
    has_graphs: bool,
    has_passages: bool,
}

impl<'a> Choosing<'a> {
    fn of(store: &'a Store, selection: Selection, has_passages: bool) -> Result<Self> {
        let kinds = Kinds::of(store)?;
        let mut terms = HashSet::new();
        for name in &kinds.ontologies {
            if let GraphName::NamedNode(name) = name {
                terms.extend(store.graph(name.as_ref())?);
            }
        }
        let has_graphs = store.has_named_graphs()?;
        Ok(Self { store, selection, kinds, terms, has_graphs, has_passages })
    }

    /// Returns the quad as it is in the selection, or `None` if it is not.
    fn chosen(&self, quad: Quad) -> Result<Option<Quad>> {
        let graph = &quad.graph_name;
        let is_chosen = if *graph == GraphName::DefaultGraph {
            return Ok(self.is_chosen(&quad)?.then_some(quad));
        } else {
            match self.selection {
                Selection::Facts => false,
                Selection::Claims => self.kinds.claims.contains(graph),
                Selection::Ontology => self.kinds.ontologies.contains(graph),
                Selection::All => true,
            }
        };
        Ok(is_chosen.then(|| match self.selection {
            Selection::Ontology => Triple::from(quad).in_graph(GraphName::DefaultGraph),
            _ => quad,
        }))
    }

    /// Returns whether a triple of the default graph is selected. It is looked up in the named graphs only if that
    /// matters.
    fn is_chosen(&self, quad: &Quad) -> Result<bool> {
        let is_evidence = || self.kinds.evidence.contains(&quad.subject);
        let is_computed = || {
            self.kinds.passages.contains(&quad.subject)
                || is_evidence() && is_place_of_quote(quad.predicate.as_ref())
        };
        if self.has_passages && is_computed() {
            return Ok(false);
        }
        let triple = || Triple::from(quad.clone());
        Ok(match self.selection {
            Selection::Ontology => false,
            Selection::Claims => is_evidence() && self.graphs_of(&triple())?.is_empty(),
            Selection::All => self.graphs_of(&triple())?.is_empty(),
            Selection::Facts => {
                let triple = triple();
                if !is_evidence() && !self.terms.contains(&triple) {
                    return Ok(true);
                }
                let graphs = self.graphs_of(&triple)?;
                let is_ontology = |graph: &NamedOrBlankNode| {
                    self.kinds.ontologies.contains(&GraphName::from(graph.clone()))
                };
                graphs.iter().any(|graph| !is_ontology(graph))
            }
        })
    }

    fn graphs_of(&self, triple: &Triple) -> Result<Vec<NamedOrBlankNode>> {
        if self.has_graphs { self.store.graphs_of(triple) } else { Ok(Vec::new()) }
    }
}
