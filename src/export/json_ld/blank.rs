//! Names for blank nodes that are the same whatever they were called and in whatever order they came.
//!
//! Blank nodes are told apart by what is said of them and of their neighbours (colour refinement). Where that leaves
//! several alike, those are named next that a named neighbour tells apart. Where that ends, each one that is left is
//! tried as the next, up to a bound, and the naming with the least hash stands. Past the bound, which only symmetric
//! and tangled blank nodes reach, the first one stands, and the names follow the order of the data.

use oxigraph::model::{BlankNodeRef, GraphNameRef, NamedOrBlankNodeRef, Quad, TermRef};
use std::collections::{BTreeMap, HashMap, HashSet};

const ROUNDS: usize = 8;
/// How many nodes may be looked at again while one component is named.
const BOUND: usize = 100_000;

#[derive(Clone, Copy, PartialEq)]
enum Slot {
    Fixed(u64),
    Blank(usize),
}

struct Edge {
    predicate: u64,
    slots: [Slot; 3],
}

struct Blanks {
    edges: Vec<Edge>,
    edges_of: Vec<Vec<usize>>,
    colour: Vec<u64>,
}

/// The number of each blank node of some quads, from 0.
pub(super) fn numbers(quads: &[Quad]) -> HashMap<BlankNodeRef<'_>, usize> {
    let mut index: HashMap<BlankNodeRef<'_>, usize> = HashMap::new();
    let mut edges = Vec::new();
    let mut seen = HashSet::new();
    for quad in quads {
        let slot = |node: Option<BlankNodeRef<'_>>, fixed: &dyn Fn() -> String| match node {
            None => Slot::Fixed(hash_text(&fixed())),
            Some(_) => Slot::Blank(0),
        };
        let subject = match quad.subject.as_ref() {
            NamedOrBlankNodeRef::BlankNode(node) => Some(node),
            NamedOrBlankNodeRef::NamedNode(_) => None,
        };
        let object = match quad.object.as_ref() {
            TermRef::BlankNode(node) => Some(node),
            _ => None,
        };
        let graph = match quad.graph_name.as_ref() {
            GraphNameRef::BlankNode(node) => Some(node),
            _ => None,
        };
        if subject.is_none() && object.is_none() && graph.is_none() {
            continue;
        }
        if !seen.insert(quad) {
            continue;
        }
        let mut slots = [
            slot(subject, &|| quad.subject.to_string()),
            slot(object, &|| quad.object.to_string()),
            slot(graph, &|| quad.graph_name.to_string()),
        ];
        for (slot, node) in slots.iter_mut().zip([subject, object, graph]) {
            if let Some(node) = node {
                let next = index.len();
                *slot = Slot::Blank(*index.entry(node).or_insert(next));
            }
        }
        edges.push(Edge { predicate: hash_text(quad.predicate.as_str()), slots });
    }
    let mut edges_of = vec![Vec::new(); index.len()];
    for (i, edge) in edges.iter().enumerate() {
        let mut last = None;
        for slot in edge.slots {
            if let Slot::Blank(node) = slot
                && last != Some(node)
            {
                edges_of[node].push(i);
                last = Some(node);
            }
        }
    }
    let count = index.len();
    let mut blanks = Blanks { edges, edges_of, colour: vec![1; count] };
    blanks.refine();
    let mut components: Vec<(u64, usize, Vec<usize>)> = blanks
        .components()
        .into_iter()
        .map(|nodes| {
            let (hash, order) = blanks.name(&nodes);
            (hash, order.len(), order)
        })
        .collect();
    components.sort_by_key(|(hash, size, _)| (*hash, *size));
    let mut number = vec![0; count];
    for (i, node) in components.into_iter().flat_map(|(_, _, order)| order).enumerate() {
        number[node] = i;
    }
    index.into_iter().map(|(node, i)| (node, number[i])).collect()
}

/// The nodes that are named so far.
#[derive(Clone)]
struct Naming {
    order: Vec<usize>,
    /// How many of `order` have told their neighbours apart.
    done: usize,
    number: HashMap<usize, usize>,
}

impl Naming {
    fn add(&mut self, node: usize) {
        if !self.number.contains_key(&node) {
            self.number.insert(node, self.order.len());
            self.order.push(node);
        }
    }
}

impl Blanks {
    fn refine(&mut self) {
        let mut classes = 1;
        for _ in 0..ROUNDS {
            let colour: Vec<u64> = (0..self.colour.len())
                .map(|node| {
                    self.signature(node, |other| if other == node { 7 } else { self.colour[other] })
                })
                .collect();
            let mut distinct = colour.clone();
            distinct.sort_unstable();
            distinct.dedup();
            self.colour = colour;
            if distinct.len() == classes {
                break;
            }
            classes = distinct.len();
        }
    }

    /// All that is said of a node, with the others by a number each.
    fn signature(&self, node: usize, number: impl Fn(usize) -> u64) -> u64 {
        let mut hashes: Vec<u64> =
            self.edges_of[node].iter().map(|&edge| hash_edge(&self.edges[edge], &number)).collect();
        hashes.sort_unstable();
        hashes.into_iter().fold(self.colour[node], mix)
    }

    fn neighbours(&self, node: usize) -> impl Iterator<Item = usize> {
        self.edges_of[node]
            .iter()
            .flat_map(|&edge| self.edges[edge].slots)
            .filter_map(|slot| match slot {
                Slot::Blank(other) => Some(other),
                Slot::Fixed(_) => None,
            })
            .filter(move |&other| other != node)
    }

    fn components(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.colour.len()];
        let mut components = Vec::new();
        for start in 0..seen.len() {
            if std::mem::replace(&mut seen[start], true) {
                continue;
            }
            let mut nodes = vec![start];
            let mut next = 0;
            while let Some(&node) = nodes.get(next) {
                next += 1;
                for other in self.neighbours(node) {
                    if !std::mem::replace(&mut seen[other], true) {
                        nodes.push(other);
                    }
                }
            }
            components.push(nodes);
        }
        components
    }

    /// Names the nodes of one component: the hash of what is then said, and the nodes in their order.
    fn name(&self, nodes: &[usize]) -> (u64, Vec<usize>) {
        let mut classes: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for &node in nodes {
            classes.entry(self.colour[node]).or_default().push(node);
        }
        let mut naming = Naming { order: Vec::new(), done: 0, number: HashMap::new() };
        for class in classes.values() {
            if let [node] = class[..] {
                naming.add(node);
            }
        }
        let tied: Vec<Vec<usize>> = classes.into_values().filter(|class| class.len() > 1).collect();
        let mut budget = BOUND;
        self.finish(naming, &tied, nodes.len(), &mut budget)
    }

    fn finish(
        &self,
        mut naming: Naming,
        tied: &[Vec<usize>],
        size: usize,
        budget: &mut usize,
    ) -> (u64, Vec<usize>) {
        loop {
            self.spread(&mut naming);
            let open = tied.iter().enumerate().find_map(|(i, class)| {
                let mut left = class.iter().filter(|node| !naming.number.contains_key(node));
                left.next().map(|&first| (i, first))
            });
            let Some((place, first)) = open else { break };
            let tied = &tied[place..];
            let candidates: Vec<usize> =
                tied[0].iter().copied().filter(|node| !naming.number.contains_key(node)).collect();
            let cost = candidates.len().saturating_mul(size);
            if candidates.len() > 1 && cost <= *budget {
                *budget -= cost;
                let tried = candidates.into_iter().map(|node| {
                    let mut naming = naming.clone();
                    naming.add(node);
                    self.finish(naming, tied, size, budget)
                });
                return tried.min_by_key(|(hash, _)| *hash).unwrap_or_default();
            }
            naming.add(first);
        }
        let number = |node: usize| naming.number.get(&node).map_or(0, |&i| i as u64 + 11);
        let hash = naming
            .order
            .iter()
            .fold(size as u64, |hash, &node| mix(hash, self.signature(node, number)));
        (hash, naming.order)
    }

    /// Names all that named neighbours tell apart, and those that nothing tells apart for all around them is named.
    fn spread(&self, naming: &mut Naming) {
        while let Some(&node) = naming.order.get(naming.done) {
            naming.done += 1;
            let mut open: Vec<usize> =
                self.neighbours(node).filter(|other| !naming.number.contains_key(other)).collect();
            open.sort_unstable();
            open.dedup();
            let mut by_signature: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
            for other in open {
                let signature = self.signature(other, |third| {
                    if third == other {
                        return 7;
                    }
                    naming.number.get(&third).map_or(self.colour[third], |&i| mix(11, i as u64))
                });
                by_signature.entry(signature).or_default().push(other);
            }
            for class in by_signature.into_values() {
                let is_surrounded = |node: usize| {
                    self.neighbours(node).all(|other| naming.number.contains_key(&other))
                };
                if class.len() == 1 || class.iter().all(|&node| is_surrounded(node)) {
                    for node in class {
                        naming.add(node);
                    }
                }
            }
        }
    }
}

fn hash_edge(edge: &Edge, number: impl Fn(usize) -> u64) -> u64 {
    edge.slots.iter().fold(edge.predicate, |hash, slot| match *slot {
        Slot::Fixed(fixed) => mix(hash, fixed),
        Slot::Blank(node) => mix(mix(hash, 3), number(node)),
    })
}

/// FNV-1a, the same on every machine and in every version.
fn hash_text(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn mix(hash: u64, value: u64) -> u64 {
    let mut z = (hash.rotate_left(23) ^ value).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
