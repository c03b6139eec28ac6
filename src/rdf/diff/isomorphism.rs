//! Matches components of blank nodes that are identical except for their labels.

use super::graph::{BlankNodeQuads, Slot, hash, nodes_of};
use super::pairs::BlankNodePairs;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, VecDeque};

/// The maximum number of search steps per quad of a component. If nodes that look alike are interchangeable, as they
/// nearly always are, a few steps suffice.
const STEPS_PER_QUAD: usize = 64;
/// The maximum number of candidate components to try for one component.
const TRIES: usize = 8;

/// A connected component of blank nodes.
struct Component {
    nodes: Vec<usize>,
    quads: usize,
}

/// Matches the isomorphic components. Returns whether the search for one was abandoned.
pub(super) fn match_components(
    graphs: [&BlankNodeQuads<'_>; 2],
    colours: &[Vec<u64>; 2],
    matching: &mut BlankNodePairs,
) -> bool {
    let mut alike: BTreeMap<u64, [Vec<Component>; 2]> = BTreeMap::new();
    for side in [0, 1] {
        for component in components(graphs[side]) {
            let mut key: Vec<u64> =
                component.nodes.iter().map(|node| colours[side][*node]).collect();
            key.sort_unstable();
            let key = hash(&(key, component.quads));
            alike.entry(key).or_default()[side].push(component);
        }
    }
    let mut given_up = false;
    for [ones, others] in alike.into_values() {
        let mut others: VecDeque<Component> = others.into();
        for one in ones {
            for place in 0..others.len().min(TRIES) {
                match search(graphs, colours, &one, &others[place]) {
                    SearchOutcome::Isomorphism(pairs) => {
                        for (node, other) in pairs {
                            matching.pair(node, other);
                        }
                        others.remove(place);
                        break;
                    }
                    SearchOutcome::Nothing => {}
                    SearchOutcome::NotInTime => given_up = true,
                }
            }
        }
    }
    given_up
}

fn components(graph: &BlankNodeQuads<'_>) -> Vec<Component> {
    let mut seen = vec![false; graph.nodes.len()];
    let mut components = Vec::new();
    for start in 0..graph.nodes.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let (mut nodes, mut quads, mut next) = (vec![start], FxHashSet::default(), 0);
        while let Some(&node) = nodes.get(next) {
            next += 1;
            for &quad in &graph.incident[node] {
                quads.insert(quad);
                for other in nodes_of(&graph.quads[quad]) {
                    if !std::mem::replace(&mut seen[other], true) {
                        nodes.push(other);
                    }
                }
            }
        }
        components.push(Component { nodes, quads: quads.len() });
    }
    components
}

enum SearchOutcome {
    Isomorphism(Vec<(usize, usize)>),
    Nothing,
    NotInTime,
}

/// A node of the first component, in search order, and the quad that links it to an earlier one.
struct MatchStep {
    node: usize,
    hangs: Option<(usize, u64)>,
}

/// Searches for an isomorphism, node by node along the quads, with backtracking (after
/// [VF2](https://doi.org/10.1109/TPAMI.2004.75)).
fn search(
    graphs: [&BlankNodeQuads<'_>; 2],
    colours: &[Vec<u64>; 2],
    one: &Component,
    other: &Component,
) -> SearchOutcome {
    let order = order(graphs[0], &colours[0], one);
    let Some(first) = order.first() else { return SearchOutcome::Nothing };
    let starts: Vec<usize> = (other.nodes.iter().copied())
        .filter(|node| colours[1][*node] == colours[0][first.node])
        .collect();
    let quads: FxHashSet<[Slot; 4]> = (other.nodes.iter())
        .flat_map(|node| &graphs[1].incident[*node])
        .map(|quad| graphs[1].quads[*quad])
        .collect();
    let mut budget = 1000 + STEPS_PER_QUAD * one.quads;
    let mut hanging: FxHashMap<usize, FxHashMap<u64, Vec<usize>>> = FxHashMap::default();
    // The position of the first candidate that may be free in each list. Without it, a node with many similar
    // neighbours would take quadratic time.
    let mut free: FxHashMap<(usize, u64), usize> = FxHashMap::default();
    let mut to: FxHashMap<usize, usize> = FxHashMap::default();
    let mut taken: FxHashSet<usize> = FxHashSet::default();
    let mut tried = vec![0; order.len()];
    let mut at = 0;
    while let Some(step) = order.get(at) {
        let place = step.hangs.and_then(|(parent, key)| Some((*to.get(&parent)?, key)));
        let candidates: &[usize] = match place {
            None => &starts,
            Some((parent, key)) => hanging
                .entry(parent)
                .or_insert_with(|| {
                    let mut hanging: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
                    for (key, child) in graphs[1].neighbours(parent, &colours[1]) {
                        hanging.entry(key).or_default().push(child);
                    }
                    hanging
                })
                .get(&key)
                .map_or(&[], Vec::as_slice),
        };
        if let Some(place) = place {
            let free = free.entry(place).or_default();
            while candidates.get(*free).is_some_and(|candidate| taken.contains(candidate)) {
                *free += 1;
            }
            tried[at] = tried[at].max(*free);
        }
        let mut found = false;
        while let Some(&candidate) = candidates.get(tried[at]) {
            tried[at] += 1;
            let cost = 1 + graphs[0].incident[step.node].len();
            if budget < cost {
                return SearchOutcome::NotInTime;
            }
            budget -= cost;
            if !taken.contains(&candidate)
                && colours[1][candidate] == colours[0][step.node]
                && graphs[1].incident[candidate].len() == graphs[0].incident[step.node].len()
            {
                to.insert(step.node, candidate);
                if fits(graphs[0], step.node, &to, &quads) {
                    taken.insert(candidate);
                    found = true;
                    break;
                }
                to.remove(&step.node);
            }
        }
        if found {
            at += 1;
        } else if at == 0 {
            return SearchOutcome::Nothing;
        } else {
            tried[at] = 0;
            at -= 1;
            free.clear();
            if let Some(candidate) = to.remove(&order[at].node) {
                taken.remove(&candidate);
            }
        }
    }
    SearchOutcome::Isomorphism(to.into_iter().collect())
}

/// Returns the nodes of a component, each linked to an earlier one. The first node has one of the rarest colours.
fn order(graph: &BlankNodeQuads<'_>, colours: &[u64], component: &Component) -> Vec<MatchStep> {
    let mut counts: FxHashMap<u64, usize> = FxHashMap::default();
    for node in &component.nodes {
        *counts.entry(colours[*node]).or_default() += 1;
    }
    let rarest = component.nodes.iter().min_by_key(|node| (counts.get(&colours[**node]), **node));
    let mut order: Vec<MatchStep> =
        rarest.map(|node| MatchStep { node: *node, hangs: None }).into_iter().collect();
    let mut seen: FxHashSet<usize> = rarest.copied().into_iter().collect();
    let mut next = 0;
    while let Some(step) = order.get(next) {
        next += 1;
        let parent = step.node;
        let mut children: Vec<(u64, usize)> = graph.neighbours(parent, colours).collect();
        children.sort_unstable();
        for (key, node) in children {
            if seen.insert(node) {
                order.push(MatchStep { node, hangs: Some((parent, key)) });
            }
        }
    }
    order
}

/// Returns whether the other component has all quads of a node that are fully mapped.
fn fits(
    graph: &BlankNodeQuads<'_>,
    node: usize,
    to: &FxHashMap<usize, usize>,
    quads: &FxHashSet<[Slot; 4]>,
) -> bool {
    graph.incident[node].iter().all(|&quad| {
        let slots = graph.quads[quad];
        let is_mapped = nodes_of(&slots).all(|node| to.contains_key(&node));
        !is_mapped
            || quads.contains(&slots.map(|slot| match slot {
                Slot::Node(node) => Slot::Node(to.get(&node).copied().unwrap_or_default()),
                ground @ Slot::Ground(_) => ground,
            }))
    })
}
