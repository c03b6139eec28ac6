//! Batched path searches on an endpoint. Pending edges of all searches are looked up together, so the number of
//! requests is the length of the longest path, not the total length of all paths.

use super::graphs::Graphs;
use super::path::{PathSearch, SearchKey};
use crate::diagnostic::Result;
use oxigraph::model::Term;
use rustc_hash::FxHashMap;

/// Looks up all edges along paths from their starts to their ends, and the graphs that state them.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn follow(ways: &[(SearchKey, Term)], graphs: &Graphs) -> Result<()> {
    let mut searches: FxHashMap<&SearchKey, PathSearch> = FxHashMap::default();
    let mut open: Vec<&(SearchKey, Term)> = ways.iter().collect();
    let mut found = Vec::new();
    while !open.is_empty() {
        let mut unknown = Vec::new();
        let mut waiting = Vec::new();
        for way @ (key, end) in open {
            let (path, start, graph) = key;
            let search =
                searches.entry(key).or_insert_with(|| PathSearch::new(path, start, graph.clone()));
            let waits_for = search.waits_for(end, graphs)?;
            if waits_for.is_empty() {
                found.extend(search.triples_to(end));
            } else {
                waiting.push(way);
                unknown.extend(waits_for);
            }
        }
        graphs.look_up_edges(&unknown)?;
        open = waiting;
    }
    // Most resources beside a path lead nowhere. Once that is known, it is certain that there is no other path.
    let beside: Vec<_> = ways
        .iter()
        .filter_map(|(key, end)| Some(searches.get(key)?.beside(end, graphs)))
        .flatten()
        .collect();
    graphs.look_up_edges(&beside)?;
    graphs.look_up(&found)
}
