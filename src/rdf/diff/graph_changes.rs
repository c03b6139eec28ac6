//! A difference in the parts in which people think of it: claims, other graphs, and what stands in none.

use super::DatasetDiff;
use crate::vocabulary::{dos, rdf};
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term, Triple};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The changes of the default graph, of a claim, or of another named graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphChanges {
    /// The graph. The head of a claim is in its block, although it stands in the default graph.
    pub graph: GraphName,
    /// Whether the graph is a claim.
    pub is_claim: bool,
    /// Of a claim, which dataset has it.
    pub side: Side,
    /// Of a claim, what is said about it: what both say of its documents and quotes, and what changed.
    pub head: Vec<ChangedTriple>,
    /// What changed in the graph, and, of blank nodes of which something changed, what leads to them in both.
    pub body: Vec<ChangedTriple>,
}

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// In the first dataset only.
    First,
    /// In the second dataset only.
    Second,
    /// In both.
    Both,
}

/// A triple that changed, or leads to one that did, and the side that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedTriple {
    /// Where it stands.
    pub side: Side,
    /// The triple.
    pub triple: Triple,
}

/// How many quads and claims differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChangeCounts {
    /// Quads of the first dataset only.
    pub removed: usize,
    /// Quads of the second dataset only.
    pub added: usize,
    /// Claims of the first dataset only.
    pub claims_removed: usize,
    /// Claims of the second dataset only.
    pub claims_added: usize,
    /// Claims of both in which something differs.
    pub claims_changed: usize,
}

/// How much a difference has, by its blocks.
pub fn counts(diff: &DatasetDiff, blocks: &[GraphChanges]) -> ChangeCounts {
    let claims = |side| blocks.iter().filter(|block| block.is_claim && block.side == side).count();
    ChangeCounts {
        removed: diff.removed.len(),
        added: diff.added.len(),
        claims_removed: claims(Side::First),
        claims_added: claims(Side::Second),
        claims_changed: claims(Side::Both),
    }
}

/// The order of quads: graph by graph, the default graph first, subject by subject, types before other properties.
pub(super) fn order(quad: &Quad) -> (String, String, bool, String, String) {
    let graph = match &quad.graph_name {
        GraphName::DefaultGraph => String::new(),
        name => name.to_string(),
    };
    (
        graph,
        quad.subject.to_string(),
        quad.predicate.as_ref() != rdf::TYPE,
        quad.predicate.to_string(),
        quad.object.to_string(),
    )
}

/// The blocks of the difference between a first dataset, `one`, and a second: the default graph first, then the claims
/// and other graphs by their names.
pub fn blocks(diff: &DatasetDiff, one: &[Quad]) -> Vec<GraphChanges> {
    let removed: HashSet<&Quad> = diff.removed.iter().collect();
    let claims: HashSet<&NamedOrBlankNode> =
        one.iter().chain(&diff.added).filter_map(claim_of_type).collect();
    let mut blocks: BTreeMap<String, GraphChanges> = BTreeMap::new();
    for (side, quads) in [(Side::First, &diff.removed), (Side::Second, &diff.added)] {
        for quad in quads {
            let is_head = quad.graph_name.is_default_graph() && claims.contains(&quad.subject);
            let graph = if is_head { quad.subject.clone().into() } else { quad.graph_name.clone() };
            let key = if graph.is_default_graph() { String::new() } else { graph.to_string() };
            let block = blocks.entry(key).or_insert_with(|| GraphChanges {
                is_claim: is_claim(&graph, &claims),
                graph,
                side: Side::Both,
                head: Vec::new(),
                body: Vec::new(),
            });
            let statement = ChangedTriple { side, triple: quad.clone().into() };
            if is_head { &mut block.head } else { &mut block.body }.push(statement);
        }
    }
    add_ways(&mut blocks, one, &removed);
    let names: HashMap<GraphName, String> = (blocks.iter())
        .filter(|(_, block)| block.is_claim)
        .map(|(key, block)| (block.graph.clone(), key.clone()))
        .collect();
    let mut in_both: HashSet<&str> = HashSet::new();
    if !names.is_empty() {
        for quad in one.iter().filter(|quad| !removed.contains(quad)) {
            let is_default = quad.graph_name.is_default_graph();
            let name =
                if is_default { quad.subject.clone().into() } else { quad.graph_name.clone() };
            let Some(key) = names.get(&name) else { continue };
            in_both.insert(key);
            if let Some(block) = blocks.get_mut(key)
                && is_default
                && [dos::DOCUMENT, dos::QUOTE].contains(&quad.predicate.as_ref())
            {
                block.head.push(ChangedTriple { side: Side::Both, triple: quad.clone().into() });
            }
        }
    }
    for (key, block) in &mut blocks {
        let has = |side| block.head.iter().chain(&block.body).any(|change| change.side == side);
        block.side = match (in_both.contains(key.as_str()), has(Side::First), has(Side::Second)) {
            (false, true, false) => Side::First,
            (false, false, true) => Side::Second,
            _ => Side::Both,
        };
        for statements in [&mut block.head, &mut block.body] {
            statements.sort_by_cached_key(|statement| {
                let triple = &statement.triple;
                (
                    triple.subject.to_string(),
                    triple.predicate.as_ref() != rdf::TYPE,
                    triple.predicate.to_string(),
                    statement.side,
                    triple.object.to_string(),
                )
            });
        }
    }
    blocks.into_values().collect()
}

/// Adds what leads to the blank nodes that changes are about: their labels alone would not tell which ones they are.
fn add_ways(blocks: &mut BTreeMap<String, GraphChanges>, one: &[Quad], removed: &HashSet<&Quad>) {
    let mut unknown: HashMap<(GraphName, Term), String> = HashMap::new();
    for (key, block) in blocks.iter() {
        for statement in &block.body {
            if let NamedOrBlankNode::BlankNode(node) = &statement.triple.subject {
                unknown.insert((block.graph.clone(), node.clone().into()), key.clone());
            }
        }
        for statement in &block.body {
            if matches!(statement.triple.object, Term::BlankNode(_)) {
                unknown.remove(&(block.graph.clone(), statement.triple.object.clone()));
            }
        }
    }
    for quad in one.iter().filter(|quad| matches!(quad.object, Term::BlankNode(_))) {
        if unknown.is_empty() {
            break;
        }
        let node = (quad.graph_name.clone(), quad.object.clone());
        if !removed.contains(quad)
            && let Some(block) = unknown.remove(&node).and_then(|key| blocks.get_mut(&key))
        {
            block.body.push(ChangedTriple { side: Side::Both, triple: quad.clone().into() });
        }
    }
}

fn is_claim(graph: &GraphName, claims: &HashSet<&NamedOrBlankNode>) -> bool {
    match graph {
        GraphName::DefaultGraph => false,
        GraphName::NamedNode(name) => claims.contains(&NamedOrBlankNode::from(name.clone())),
        GraphName::BlankNode(name) => claims.contains(&NamedOrBlankNode::from(name.clone())),
    }
}

/// The claim that a quad says to be one.
fn claim_of_type(quad: &Quad) -> Option<&NamedOrBlankNode> {
    let is_type = quad.graph_name.is_default_graph()
        && quad.predicate.as_ref() == rdf::TYPE
        && matches!(&quad.object, Term::NamedNode(class) if class.as_ref() == dos::CLAIM);
    is_type.then_some(&quad.subject)
}
