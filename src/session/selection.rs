//! Which part of the data is exported.

use super::Session;
use crate::error::Result;
use crate::vocabulary::{dos, owl, rdf};
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term, Triple};
use std::collections::{HashMap, HashSet};

/// A part of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// # Errors
    /// If the store fails.
    pub fn select(&self, selection: Selection) -> Result<Vec<Quad>> {
        let quads = self.store.quads().collect::<Result<Vec<_>>>()?;
        let kinds = Kinds::of(&quads);
        let mut named: HashMap<Triple, bool> = HashMap::new();
        for quad in &quads {
            if quad.graph_name != GraphName::DefaultGraph {
                let is_fact = !kinds.ontologies.contains(&quad.graph_name);
                *named.entry(Triple::from(quad.clone())).or_default() |= is_fact;
            }
        }
        Ok(quads
            .into_iter()
            .filter_map(|quad| {
                if quad.graph_name == GraphName::DefaultGraph {
                    let is_evidence = kinds.evidence.contains(&quad.subject);
                    let in_facts = named.get(&Triple::from(quad.clone())).copied();
                    let is_selected = match selection {
                        Selection::Facts => in_facts.unwrap_or(!is_evidence),
                        Selection::Claims => in_facts.is_none() && is_evidence,
                        Selection::Ontology => false,
                        Selection::All => in_facts.is_none(),
                    };
                    return is_selected.then_some(quad);
                }
                match selection {
                    Selection::Facts => None,
                    Selection::Claims => kinds.claims.contains(&quad.graph_name).then_some(quad),
                    Selection::Ontology => kinds
                        .ontologies
                        .contains(&quad.graph_name)
                        .then(|| Triple::from(quad).in_graph(GraphName::DefaultGraph)),
                    Selection::All => Some(quad),
                }
            })
            .collect())
    }

    /// How much of each kind there is.
    ///
    /// # Errors
    /// If the store fails.
    pub fn counts(&self) -> Result<Counts> {
        let quads = self.store.quads().collect::<Result<Vec<_>>>()?;
        let kinds = Kinds::of(&quads);
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
}

/// What graphs and subjects are.
struct Kinds {
    claims: HashSet<GraphName>,
    ontologies: HashSet<GraphName>,
    evidence: HashSet<NamedOrBlankNode>,
}

impl Kinds {
    fn of(quads: &[Quad]) -> Self {
        let mut kinds =
            Self { claims: HashSet::new(), ontologies: HashSet::new(), evidence: HashSet::new() };
        for quad in quads {
            let Term::NamedNode(class) = &quad.object else { continue };
            if quad.predicate.as_ref() != rdf::TYPE || quad.graph_name != GraphName::DefaultGraph {
                continue;
            }
            let class = class.as_ref();
            if class == dos::CLAIM {
                kinds.claims.insert(quad.subject.clone().into());
            } else if class == owl::ONTOLOGY {
                kinds.ontologies.insert(quad.subject.clone().into());
            }
            if [dos::CLAIM, dos::DOCUMENT_CLASS, dos::OMISSION, dos::PASSAGE_CLASS].contains(&class)
            {
                kinds.evidence.insert(quad.subject.clone());
            }
        }
        kinds
    }
}
