//! Groups a diff into claims, other named graphs and the default graph.

use super::DatasetDiff;
use crate::vocabulary::{dos, rdf};
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term, Triple};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The changes of the default graph, of a claim, or of another named graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphChanges {
    /// The graph. The head of a claim belongs to its block, although its statements are in the default graph.
    pub graph: GraphName,
    /// Whether the graph is a claim.
    pub is_claim: bool,
    /// The side that has the claim.
    pub side: Side,
    /// The statements about a claim: its documents and quotes on both sides, and the changes.
    pub head: Vec<ChangedTriple>,
    /// The changes in the graph, with statements on both sides that lead to the changed blank nodes.
    pub body: Vec<ChangedTriple>,
}

/// Which datasets have something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// In the first dataset only.
    First,
    /// In the second dataset only.
    Second,
    /// In both.
    Both,
}

/// A triple that changed or leads to a change, with its side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedTriple {
    /// The datasets that have it.
    pub side: Side,
    /// The triple.
    pub triple: Triple,
}

/// The numbers of differing quads and claims.
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
    /// Claims of both datasets with changes.
    pub claims_changed: usize,
}

/// Counts the changes of a diff from its blocks.
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

/// Returns the sort key of a quad: by graph, the default graph first, then by subject, types before other properties.
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

/// Groups the diff between a first dataset, `one`, and a second into blocks: the default graph first, then claims and
/// other graphs by name.
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

/// Adds the statements that lead to the blank nodes of changes, because their labels alone do not identify them.
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

/// Returns the claim, if a quad states the type of one.
fn claim_of_type(quad: &Quad) -> Option<&NamedOrBlankNode> {
    let is_type = quad.graph_name.is_default_graph()
        && quad.predicate.as_ref() == rdf::TYPE
        && matches!(&quad.object, Term::NamedNode(class) if class.as_ref() == dos::CLAIM);
    is_type.then_some(&quad.subject)
}
