//! Which part of the data is exported.

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
    /// What is said: the triples of claims and of other named graphs, and background, without the graphs.
    Facts,
    /// Who says it: the claims as named graphs, with their evidence.
    Claims,
    /// The ontology.
    Ontology,
    /// The named graphs, and the triples that stand in none.
    All,
}

/// How much of each kind a dossier has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents.
    pub documents: usize,
    /// Claims.
    pub claims: usize,
    /// Different triples that claims state.
    pub claimed_triples: usize,
    /// Quotes that are left out on purpose.
    pub omissions: usize,
}

impl Selection {
    /// All of them, in the order in which help lists them.
    pub const ALL: [Self; 4] = [Self::Facts, Self::Claims, Self::Ontology, Self::All];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Claims => "claims",
            Self::Ontology => "ontology",
            Self::All => "all",
        }
    }

    /// Whether quads of the selection are in named graphs.
    pub const fn has_named_graphs(self) -> bool {
        matches!(self, Self::Claims | Self::All)
    }
}

impl Session {
    /// The quads of a part of the data, in no order. The computed passages are in none: they follow from the rest.
    ///
    /// They come from the store one by one; what is kept besides is which claims there are, and the ontology.
    ///
    /// # Errors
    /// If the store fails.
    pub fn select(&self, selection: Selection) -> Result<impl Iterator<Item = Result<Quad>>> {
        self.store.check_whole()?;
        let choosing = Choosing::of(&self.store, selection, self.has_passages())?;
        Ok(self
            .store
            .quads()
            .filter_map(move |quad| quad.and_then(|quad| choosing.chosen(quad)).transpose()))
    }

    /// All quads as they stand in the store, with the passages of the documents.
    ///
    /// # Errors
    /// If the store fails or a text cannot be read.
    pub fn stored_quads(&self) -> Result<impl Iterator<Item = Result<Quad>>> {
        self.store.check_whole()?;
        self.load_passages()?;
        Ok(self.store.quads())
    }

    /// How much of each kind there is.
    ///
    /// # Errors
    /// If the store fails.
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

    /// How much of each kind there is, as an endpoint counts it.
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

/// What graphs and subjects are.
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

/// Which quads of a store a selection has.
struct Choosing<'a> {
    store: &'a Store,
    selection: Selection,
    kinds: Kinds,
    /// What the ontologies say.
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

    /// The quad as the selection has it, if it does.
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

    /// Whether a triple of the default graph is chosen. It is looked up in the named graphs only where that matters.
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
