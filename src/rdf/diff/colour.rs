//! Colour refinement: distinguishes blank nodes by their own statements, then by those of their neighbours, and so on.

use super::graph::{BlankNodeQuads, hash};
use std::collections::HashSet;

/// The number of refinement steps around a node. Anything further away is found by following the quads.
const STEPS: usize = 8;

/// Returns the colours of the nodes of two graphs for each number of steps, from 0. Nodes of one colour look alike up
/// to that distance.
pub(super) fn colours(graphs: [&BlankNodeQuads<'_>; 2]) -> Vec<[Vec<u64>; 2]> {
    let mut levels = vec![graphs.map(|graph| vec![0; graph.nodes.len()])];
    let mut told_apart = [0, 0];
    while levels.len() <= STEPS {
        let Some([one, other]) = levels.last() else { break };
        let next = [refined(graphs[0], one), refined(graphs[1], other)];
        let count = [0, 1].map(|side: usize| next[side].iter().collect::<HashSet<_>>().len());
        levels.push(next);
        if count == told_apart {
            break;
        }
        told_apart = count;
    }
    levels
}

fn refined(graph: &BlankNodeQuads<'_>, colours: &[u64]) -> Vec<u64> {
    (0..graph.nodes.len())
        .map(|node| {
            let mut views: Vec<u64> = graph.views(node, |other| colours[other]).collect();
            views.sort_unstable();
            hash(&(colours[node], views))
        })
        .collect()
}
