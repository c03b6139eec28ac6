//! Aligns blank nodes that are not identical in both datasets with the most similar ones.

use super::graph::BlankNodeQuads;
use super::pairs::BlankNodePairs;
use std::collections::{BTreeMap, HashMap};

/// A fact shared by more nodes of one side than this is ignored until no other fact helps.
const WIDEST: usize = 32;
/// The number of rounds in which all nodes are compared. The rest is matched by single facts.
const ROUNDS: usize = 64;

/// Matches the remaining nodes: by unique colours, along quads, and by shared facts, most first.
pub(super) fn align(
    graphs: [&BlankNodeQuads<'_>; 2],
    levels: &[[Vec<u64>; 2]],
    matching: &mut BlankNodePairs,
) {
    let left = [0, 1].map(|side: usize| -> Vec<usize> {
        let nodes = 0..graphs[side].nodes.len();
        nodes.filter(|node| matching.of(side, *node).is_none()).collect()
    });
    if left.iter().any(Vec::is_empty) {
        return;
    }
    let ranks = [0, 1].map(|side| ranks(graphs[side], levels, side));
    for _ in 0..ROUNDS {
        let mut matched = by_colour(levels, &left, matching);
        matched += along_quads(graphs, levels, &left[0], matching);
        matched += by_likeness(graphs, levels, &left, &ranks, matching);
        if matched == 0 {
            break;
        }
    }
    by_single_facts(graphs, &left, &ranks, matching);
}

/// Returns the nodes' ranks by colour, and by label only among nodes of one colour.
fn ranks(graph: &BlankNodeQuads<'_>, levels: &[[Vec<u64>; 2]], side: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..graph.nodes.len()).collect();
    if let Some(colours) = levels.last() {
        order.sort_unstable_by_key(|node| (colours[side][*node], *node));
    }
    let mut ranks = vec![0; order.len()];
    for (rank, node) in order.into_iter().enumerate() {
        ranks[node] = rank;
    }
    ranks
}

/// Matches nodes whose colour is unique on either side, those with the largest matching surroundings first.
fn by_colour(
    levels: &[[Vec<u64>; 2]],
    left: &[Vec<usize>; 2],
    matching: &mut BlankNodePairs,
) -> usize {
    let mut matched = 0;
    for colours in levels.iter().skip(1).rev() {
        let mut only: BTreeMap<u64, [Vec<usize>; 2]> = BTreeMap::new();
        for side in [0, 1] {
            for &node in &left[side] {
                if matching.of(side, node).is_none() {
                    only.entry(colours[side][node]).or_default()[side].push(node);
                }
            }
        }
        for [ones, others] in only.into_values() {
            if let ([one], [other]) = (ones.as_slice(), others.as_slice()) {
                matching.pair(*one, *other);
                matched += 1;
            }
        }
    }
    matched
}

/// Matches nodes that are linked in the same way to matched nodes, if no others are and their own statements agree.
fn along_quads(
    graphs: [&BlankNodeQuads<'_>; 2],
    levels: &[[Vec<u64>; 2]],
    left: &[usize],
    matching: &mut BlankNodePairs,
) -> usize {
    let Some(colours) = levels.get(1) else { return 0 };
    let mut queue: Vec<(usize, usize)> =
        left.iter().filter_map(|one| Some((*one, matching.of(0, *one)?))).collect();
    let mut matched = 0;
    while let Some((one, other)) = queue.pop() {
        let mut hanging: BTreeMap<u64, [Vec<usize>; 2]> = BTreeMap::new();
        for (side, node) in [(0, one), (1, other)] {
            for (key, child) in graphs[side].neighbours(node, &colours[side]) {
                if matching.of(side, child).is_none() {
                    hanging.entry(key).or_default()[side].push(child);
                }
            }
        }
        for [ones, others] in hanging.into_values() {
            if let ([one], [other]) = (ones.as_slice(), others.as_slice())
                && matching.of(0, *one).is_none()
                && matching.of(1, *other).is_none()
            {
                matching.pair(*one, *other);
                queue.push((*one, *other));
                matched += 1;
            }
        }
    }
    matched
}

/// Matches pairs of nodes that are each other's most similar node.
fn by_likeness(
    graphs: [&BlankNodeQuads<'_>; 2],
    levels: &[[Vec<u64>; 2]],
    left: &[Vec<usize>; 2],
    ranks: &[Vec<usize>; 2],
    matching: &mut BlankNodePairs,
) -> usize {
    let mut sharing: HashMap<Fact, [Vec<usize>; 2]> = HashMap::new();
    for side in [0, 1] {
        for &node in &left[side] {
            if matching.of(side, node).is_none() {
                for fact in facts(graphs[side], side, node, matching) {
                    sharing.entry(fact).or_default()[side].push(node);
                }
            }
        }
    }
    let mut likeness: HashMap<(usize, usize), usize> = HashMap::new();
    for (fact, [ones, others]) in &sharing {
        if ones.len() <= WIDEST && others.len() <= WIDEST {
            for one in ones {
                for other in others {
                    *likeness.entry((*one, *other)).or_default() +=
                        2 + 14 * usize::from(fact.is_sure);
                }
            }
        }
    }
    let mut best: [HashMap<usize, (usize, usize, usize)>; 2] = [HashMap::new(), HashMap::new()];
    for ((one, other), shared) in likeness {
        let agree = levels.iter().take_while(|colours| colours[0][one] == colours[1][other]);
        let likeness = shared + agree.count();
        let (rank, other_rank) = (ranks[0][one], ranks[1][other]);
        for (side, node, key) in [
            (0, one, (likeness, usize::MAX - other_rank, other)),
            (1, other, (likeness, usize::MAX - rank, one)),
        ] {
            let best = best[side].entry(node).or_insert(key);
            *best = key.max(*best);
        }
    }
    let mut matched = 0;
    for (one, (_, _, other)) in &best[0] {
        if best[1].get(other).is_some_and(|(_, _, back)| back == one) {
            matching.pair(*one, *other);
            matched += 1;
        }
    }
    matched
}

/// Matches nodes that share any fact, in order.
fn by_single_facts(
    graphs: [&BlankNodeQuads<'_>; 2],
    left: &[Vec<usize>; 2],
    ranks: &[Vec<usize>; 2],
    matching: &mut BlankNodePairs,
) {
    let free = |side: usize, matching: &BlankNodePairs| {
        let mut free = left[side].clone();
        free.retain(|node| matching.of(side, *node).is_none());
        free.sort_unstable_by_key(|node| ranks[side][*node]);
        free
    };
    let mut sharing: HashMap<Fact, std::collections::VecDeque<usize>> = HashMap::new();
    for node in free(1, matching) {
        for fact in facts(graphs[1], 1, node, matching) {
            sharing.entry(fact).or_default().push_back(node);
        }
    }
    for node in free(0, matching) {
        let mut facts = facts(graphs[0], 0, node, matching);
        facts.sort_unstable_by_key(|fact| (!fact.is_sure, fact.view));
        for fact in facts {
            let Some(others) = sharing.get_mut(&fact) else { continue };
            while others.front().is_some_and(|other| matching.of(1, *other).is_some()) {
                others.pop_front();
            }
            if let Some(other) = others.pop_front() {
                matching.pair(node, other);
                break;
            }
        }
    }
}

/// A fact that a quad states about a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Fact {
    view: u64,
    /// Whether all other terms of the quad are matched or ground.
    is_sure: bool,
}

/// Returns the distinct facts about a node.
fn facts(
    graph: &BlankNodeQuads<'_>,
    side: usize,
    node: usize,
    matching: &BlankNodePairs,
) -> Vec<Fact> {
    let known = |other: usize| match (side, matching.of(side, other)) {
        (_, None) => u64::MAX,
        (0, Some(_)) => other as u64,
        (_, Some(one)) => one as u64,
    };
    let mut facts: Vec<Fact> = graph
        .views(node, known)
        .zip(&graph.incident[node])
        .map(|(view, quad)| {
            let is_sure = super::graph::nodes_of(&graph.quads[*quad])
                .all(|other| other == node || matching.of(side, other).is_some());
            Fact { view, is_sure }
        })
        .collect();
    facts.sort_unstable();
    facts.dedup();
    facts
}
