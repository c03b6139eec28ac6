//! What the check queries of a dossier say about its claims: above all, which of them contradict each other. Whoever uses
//! such a claim should know.

use super::check_queries::{FindingRow, message, rows};
use crate::catalogue::{Catalogue, Parameter, SavedQuery};
use crate::diagnostic::Result;
use crate::dossier::Dossier;
use crate::session::Session;
use oxigraph::model::NamedNode;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

/// A finding of a check query about claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// The claims that it is about, at least one.
    pub claims: Vec<NamedNode>,
    /// What the check looks for, without a full stop.
    pub message: String,
    /// The values of the finding, each with its name.
    pub values: String,
    /// The description of the check query: sentences, or nothing.
    pub explanation: String,
}

/// All doubts about the claims of a session.
#[derive(Debug, Default)]
pub(crate) struct Doubts(Vec<Doubt>);

/// The doubts about the claims of a session, which are looked for when they are first needed. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedDoubts(Arc<OnceLock<Doubts>>);

impl SharedDoubts {
    /// Returns the doubts about the claims of a session: always the same one.
    ///
    /// # Errors
    /// Fails if the check queries cannot be read, or one is stopped.
    pub(crate) fn of(&self, session: &Session) -> Result<&Doubts> {
        if let Some(doubts) = self.0.get() {
            return Ok(doubts);
        }
        let doubts = Doubts::look_for(session)?;
        Ok(self.0.get_or_init(|| doubts))
    }
}

impl Doubts {
    /// Asks all check queries of a dossier, or of several together.
    ///
    /// A broken check query says nothing here: it is reported when the dossier is checked.
    ///
    /// # Errors
    /// Fails if the check queries cannot be read, or one is stopped.
    pub(crate) fn look_for(session: &Session) -> Result<Self> {
        let mut doubts = Vec::new();
        let mut known = HashMap::new();
        let mut is_claim = |iri: &NamedNode| -> Result<bool> {
            if let Some(is_claim) = known.get(iri) {
                return Ok(*is_claim);
            }
            let is_claim = session.claim(iri)?.has_evidence();
            known.insert(iri.clone(), is_claim);
            Ok(is_claim)
        };
        for (dossier, source) in check_queries(session.dossier())? {
            let Ok(query) = Catalogue::new(dossier).parse(&source) else { continue };
            if query.parameters.iter().any(Parameter::is_required) {
                continue;
            }
            match rows(session, &mut is_claim, &query) {
                Ok(found) => {
                    for row in found.into_iter().flatten().filter(|row| !row.claims.is_empty()) {
                        doubts.push(doubt(session, &query, row)?);
                    }
                }
                Err(error) if error.kind.is_stop() => return Err(error),
                Err(_) => {}
            }
        }
        Ok(Self(doubts))
    }

    /// Returns the doubts about some claims.
    pub(crate) fn about(&self, claims: &BTreeSet<NamedNode>) -> impl Iterator<Item = &Doubt> {
        self.0.iter().filter(|doubt| doubt.claims.iter().any(|claim| claims.contains(claim)))
    }
}

fn check_queries(dossier: &Dossier) -> Result<Vec<(&Dossier, crate::dossier::SourceFile)>> {
    let parts = dossier.parts().iter().map(|part| &part.dossier);
    let alone = dossier.parts().is_empty().then_some(dossier);
    let mut queries = Vec::new();
    for dossier in parts.chain(alone) {
        queries.extend(dossier.checks()?.into_iter().map(|source| (dossier, source)));
    }
    Ok(queries)
}

fn doubt(session: &Session, query: &SavedQuery, row: FindingRow) -> Result<Doubt> {
    let explanation = query.front_matter.description.trim().to_owned();
    let values = row.values_in_words(session)?;
    Ok(Doubt { claims: row.claims, message: message(query), values, explanation })
}
