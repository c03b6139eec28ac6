//! Citing triples as they are in the data, without a query.

use super::citation::{Citation, CitedTriple, Derivation, Reason, Status};
use super::graphs::Graphs;
use crate::diagnostic::Result;
use crate::engine::Store;
use oxigraph::model::{NamedNode, Triple};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Cites triples of a store.
///
/// # Errors
/// Fails if the store fails.
pub(crate) fn cite_triples(store: &Store, triples: &[Triple]) -> Result<Vec<Citation>> {
    let citations = cite_all(store, triples, &Graphs::new(store.clone(), None))?;
    look_up_claims(store, &citations)?;
    Ok(citations)
}

/// Cites named graphs as a whole, any one of which is enough. Returns `None` if there are none.
///
/// # Errors
/// Fails if the store fails.
pub(crate) fn cite_graphs(store: &Store, graphs: &[NamedNode]) -> Result<Option<Citation>> {
    let mut stated = store.graphs(graphs)?;
    let derivation = |graph: &NamedNode| {
        let mut triples = stated.remove(graph).unwrap_or_default();
        triples.sort_by_cached_key(Triple::to_string);
        let cited = |triple: Triple| CitedTriple::of_graph(triple.into(), graph.clone());
        Derivation { triples: triples.into_iter().map(cited).collect(), absences: Vec::new() }
    };
    let derivations: Vec<Derivation> =
        graphs.iter().map(derivation).filter(|derivation| !derivation.triples.is_empty()).collect();
    if derivations.is_empty() {
        return Ok(None);
    }
    Ok(Some(Citation { derivations, has_more: false, status: Status::Verified }))
}

/// Prefetches, in batches, the statements of the cited claims.
pub(super) fn look_up_claims(store: &Store, citations: &[Citation]) -> Result<()> {
    if !store.capabilities().asks_by_request {
        return Ok(());
    }
    let derivations = citations.iter().flat_map(|citation| &citation.derivations);
    let graphs: BTreeSet<&NamedNode> =
        derivations.flat_map(|derivation| &derivation.triples).flat_map(|t| &*t.graphs).collect();
    store.look_up_claims(graphs)
}

/// Cites triples that are in the data.
pub(super) fn cite_all(
    store: &Store,
    triples: &[Triple],
    graphs: &Graphs,
) -> Result<Vec<Citation>> {
    let triples: Vec<Arc<Triple>> = triples.iter().cloned().map(Arc::new).collect();
    store.look_up_graphs(&triples)?;
    triples.iter().map(|triple| cite_one(triple, graphs)).collect()
}

fn cite_one(triple: &Arc<Triple>, graphs: &Graphs) -> Result<Citation> {
    let Some(cited) = graphs.cite(triple)? else {
        return Ok(Citation::uncited(Reason::NotTraced));
    };
    let derivation = Derivation::of(cited);
    let status = match derivation.gap() {
        Some(gap) => Status::Partial(gap),
        None if derivation.is_background() => Status::Background,
        None => Status::Verified,
    };
    Ok(Citation { derivations: vec![derivation], has_more: false, status })
}
