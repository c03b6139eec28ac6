//! Following paths together behind an endpoint: what all searches wait for is looked up at once, so that there are as
//! many requests as the longest way has steps, and not as all of them have.

use super::graphs::Graphs;
use super::path::{PathSearch, SearchKey};
use crate::diagnostic::Result;
use oxigraph::model::Term;
use rustc_hash::FxHashMap;

/// Looks up all that leads from the beginnings of paths to their ends, and who states it.
///
/// # Errors
/// If the store fails.
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
    // Most things beside a way lead nowhere: once that is known, so is that there is no other way.
    let beside: Vec<_> = ways
        .iter()
        .filter_map(|(key, end)| Some(searches.get(key)?.beside(end, graphs)))
        .flatten()
        .collect();
    graphs.look_up_edges(&beside)?;
    graphs.look_up(&found)
}
