//! Footnotes: the cited claims in the order of their documents, and how certain they make what they state.

use super::statements::Evidence;
use crate::answer::write::source_of;
use crate::claim::Reference;
use crate::diagnostic::Result;
use crate::draw::picture::{Basis, Note, Standing};
use crate::session::Session;
use oxigraph::model::NamedNode;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The cited claims by name, each with its number.
pub(in crate::draw) struct Notes {
    numbers: BTreeMap<NamedNode, (usize, Arc<Reference>)>,
}

impl Notes {
    /// Numbers the claims that some statements rest on.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(in crate::draw) fn new<'a>(
        session: &Session,
        evidence: impl IntoIterator<Item = &'a Evidence>,
    ) -> Result<Self> {
        let graphs: BTreeSet<&NamedNode> =
            evidence.into_iter().flat_map(|evidence| evidence.0.iter().flatten()).collect();
        let mut references = Vec::new();
        for graph in graphs {
            references.push(session.reference(graph)?);
        }
        references.sort_by_cached_key(|reference| reference.reading_order());
        let numbered = references.into_iter().enumerate();
        let numbers =
            numbered.map(|(place, note)| (note.name().clone(), (place + 1, note))).collect();
        Ok(Self { numbers })
    }

    /// Returns the numbers of some evidence, and how certain it is: uncertain if a part of it is stated only by claims
    /// with a reading.
    pub(in crate::draw) fn basis(&self, evidence: &Evidence) -> Basis {
        let known = |graph: &NamedNode| self.numbers.get(graph);
        let mut notes: Vec<usize> =
            evidence.0.iter().flatten().filter_map(known).map(|(number, _)| *number).collect();
        notes.sort_unstable();
        notes.dedup();
        let is_read = |graph: &NamedNode| {
            known(graph).is_some_and(|(_, reference)| match &**reference {
                Reference::Claim(claim) => !claim.notes.is_empty(),
                Reference::Graph { .. } => false,
            })
        };
        let standing = if self.numbers.is_empty() {
            Standing::Stated
        } else if evidence.0.is_empty() {
            Standing::Background
        } else if evidence.0.iter().any(|any| any.iter().all(is_read)) {
            Standing::Uncertain
        } else {
            Standing::Stated
        };
        Basis { notes, standing }
    }

    /// Returns the footnotes in their order.
    pub(in crate::draw) fn into_notes(self, session: &Session) -> Vec<Note> {
        let mut numbered: Vec<(usize, Arc<Reference>)> = self.numbers.into_values().collect();
        numbered.sort_by_key(|(number, _)| *number);
        numbered.into_iter().map(|(_, reference)| note(session, &reference)).collect()
    }
}

fn note(session: &Session, reference: &Reference) -> Note {
    let name = session.prefixes().show(reference.name());
    let iri = reference.name().clone();
    match reference {
        Reference::Claim(claim) => Note {
            iri,
            name,
            source: source_of(claim, session.prefixes()),
            quote: claim.quotes.first().map(|quote| quote.text.trim().to_owned()),
            readings: claim.notes.clone(),
            link: claim.source_link(),
        },
        Reference::Graph { label, .. } => {
            let label = label.as_ref().map(|label| format!("{label}, ")).unwrap_or_default();
            let source = format!("{label}the graph {name} (no quote)");
            Note { iri, name, source, quote: None, readings: Vec::new(), link: None }
        }
    }
}
