//! Drafts of derivations: the required triples are known, but not yet who states them.

use super::absence::Absence;
use super::citation::{CitedTriple, Derivation, Reason};
use super::graphs::Graphs;
use crate::diagnostic::Result;
use oxigraph::model::{NamedNode, Term, Triple};
use rustc_hash::FxHashSet;
use std::hash::Hash;
use std::sync::Arc;

/// The drafts of a row's derivations, as far as they were searched for.
#[derive(Debug, Clone, Default)]
pub(super) struct Drafts {
    /// The alternative ways to obtain the row.
    pub drafts: Vec<Draft>,
    /// Whether there may be more.
    pub has_more: bool,
}

/// A finished draft: a derivation whose stating graphs were looked up.
pub(super) struct DraftResult {
    /// The derivation.
    pub derivation: Derivation,
    /// Whether one of several equivalent triples was chosen as evidence that a term occurs in the data.
    pub is_choice: bool,
    /// What is missing in it.
    pub gap: Option<Reason>,
}

/// A triple that a derivation needs.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum DraftTriple {
    /// Its stating graphs are known.
    Cited(CitedTriple),
    /// It has yet to be looked up, in the named graph if one is given and otherwise in the default graph of the query.
    Stated(Arc<Triple>, Option<NamedNode>),
}

/// A derivation whose stating graphs are not looked up yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Draft {
    /// The required triples.
    pub triples: Vec<DraftTriple>,
    /// Terms that must occur in the data, each with the named graph of its GRAPH, if any.
    pub things: Vec<(Term, Option<NamedNode>)>,
    /// Named graphs that must be in the data.
    pub graphs: Vec<NamedNode>,
    /// What must be absent.
    pub absences: Vec<Absence>,
    /// What is missing in it.
    pub gap: Option<Reason>,
}

impl Draft {
    /// Returns the union of two drafts' requirements.
    fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.add(other.clone());
        both
    }

    /// Adds the requirements of another draft.
    pub(super) fn add(&mut self, other: Self) {
        self.triples.extend(other.triples);
        self.things.extend(other.things);
        self.graphs.extend(other.graphs);
        self.absences.extend(other.absences);
        self.gap = self.gap.take().or(other.gap);
    }

    /// Looks up who states each triple. Returns `None` if a triple is not in the data: then this is not a way to obtain
    /// the row.
    pub(super) fn finish(self, graphs: &Graphs) -> Result<Option<DraftResult>> {
        let mut cited: Vec<CitedTriple> = Vec::with_capacity(self.triples.len());
        for needed in self.triples {
            let found = match needed {
                DraftTriple::Cited(cited) => Some(cited),
                DraftTriple::Stated(triple, Some(graph)) => graphs.cite_in(&triple, graph)?,
                DraftTriple::Stated(triple, None) => graphs.cite(&triple)?,
            };
            let Some(found) = found else { return Ok(None) };
            cited.push(found);
        }
        let mut triples = once_each(cited);
        let mut is_choice = false;
        for (thing, graph) in self.things {
            let mentions = |cited: &CitedTriple| {
                let triple = &cited.triple;
                (triple.object == thing || Term::from(triple.subject.clone()) == thing)
                    && graph.as_ref().is_none_or(|graph| *cited.graphs == [graph.clone()])
            };
            if triples.iter().any(mentions) {
                continue;
            }
            let mut found = graphs.mentions(&thing, graph.as_ref())?.into_iter();
            if let Some(triple) = found.next() {
                // In a named graph, all triples are stated by the same claim.
                is_choice |= graph.is_none() && found.next().is_some();
                triples.extend(match graph {
                    Some(graph) => Some(CitedTriple::of_graph(triple.into(), graph)),
                    None => graphs.cite(&triple.into())?,
                });
            }
        }
        for graph in self.graphs {
            if !triples.iter().any(|cited| *cited.graphs == [graph.clone()])
                && let Some(triple) = graphs.any_of(&graph)?
            {
                triples.push(CitedTriple::of_graph(triple.into(), graph));
            }
        }
        let mut absences: Vec<Absence> = Vec::with_capacity(self.absences.len());
        for absence in self.absences {
            if !absences.contains(&absence) {
                absences.push(absence);
            }
        }
        let derivation = Derivation { triples, absences };
        Ok(Some(DraftResult { derivation, is_choice, gap: self.gap }))
    }
}

impl Drafts {
    /// Changes each draft.
    pub(super) fn each(&mut self, change: impl FnMut(&mut Draft)) {
        self.drafts.iter_mut().for_each(change);
    }

    /// Marks each draft as incomplete.
    pub(super) fn lacks(&mut self, reason: &Reason) {
        self.each(|draft| draft.gap = Some(reason.clone()));
    }

    /// Combines alternatives: either of the two sets of drafts is enough.
    pub(super) fn or(&mut self, other: Self, most: usize) {
        self.has_more |= other.has_more;
        for draft in other.drafts {
            if self.drafts.len() >= most {
                self.has_more = true;
                return;
            }
            if !self.drafts.contains(&draft) {
                self.drafts.push(draft);
            }
        }
    }

    /// Combines requirements: each draft of this set with each draft of the other.
    pub(super) fn times(&mut self, others: &Self, most: usize) {
        self.has_more |= others.has_more;
        if others.drafts.is_empty() {
            self.lacks(&Reason::NotTraced);
            return;
        }
        let mut product = Vec::new();
        for other in &others.drafts {
            for draft in &self.drafts {
                if product.len() >= most {
                    self.has_more = true;
                    break;
                }
                product.push(draft.and(other));
            }
        }
        self.drafts = product;
    }
}

/// Removes duplicates, keeping the order.
fn once_each<T: Eq + Hash + Clone>(elements: Vec<T>) -> Vec<T> {
    /// The number of elements up to which a linear search is faster than a set.
    const FEW: usize = 8;
    if elements.len() > FEW {
        let mut seen = FxHashSet::default();
        return elements.into_iter().filter(|element| seen.insert(element.clone())).collect();
    }
    let mut once: Vec<T> = Vec::with_capacity(elements.len());
    for element in elements {
        if !once.contains(&element) {
            once.push(element);
        }
    }
    once
}
