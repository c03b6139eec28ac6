//! Matches the blank nodes of two datasets.

use super::graph::{BlankNodeQuads, Slot, hash};
use super::pairs::BlankNodePairs;
use super::{alignment, colour, isomorphism};

/// Matches the blank nodes of two graphs: first those of isomorphic components, then the most similar ones. Also
/// returns whether a comparison of components was abandoned because it took too long.
///
/// The graphs are put into a canonical order first, so that the matching is symmetric.
pub(super) fn matched(
    one: &BlankNodeQuads<'_>,
    other: &BlankNodeQuads<'_>,
) -> (BlankNodePairs, bool) {
    let mut levels = colour::colours([one, other]);
    let is_turned = sorts_before(other, one, &levels);
    let graphs = if is_turned { [other, one] } else { [one, other] };
    if is_turned {
        for level in &mut levels {
            level.reverse();
        }
    }
    let mut pairs = BlankNodePairs::none(graphs.map(|graph| graph.nodes.len()));
    let given_up = levels
        .last()
        .is_some_and(|colours| isomorphism::match_components(graphs, colours, &mut pairs));
    alignment::align(graphs, &levels, &mut pairs);
    if is_turned {
        pairs.turn();
    }
    (pairs, given_up)
}

fn sorts_before(
    other: &BlankNodeQuads<'_>,
    one: &BlankNodeQuads<'_>,
    levels: &[[Vec<u64>; 2]],
) -> bool {
    let Some([colours, other_colours]) = levels.last() else { return false };
    let key = |graph: &BlankNodeQuads<'_>, colours: &[u64]| {
        let mut colours = colours.to_vec();
        colours.sort_unstable();
        let mut quads: Vec<u64> = (graph.quads.iter())
            .map(|quad| {
                hash(&quad.map(|slot| match slot {
                    Slot::Ground(ground) => (ground, ""),
                    Slot::Node(node) => (0, graph.nodes[node]),
                }))
            })
            .collect();
        quads.sort_unstable();
        (graph.nodes.len(), graph.quads.len(), colours, quads)
    };
    key(other, other_colours) < key(one, colours)
}
