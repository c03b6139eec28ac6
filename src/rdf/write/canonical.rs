//! Canonical labels of blank nodes, independent of the order and the labels of the input:
//! [RDFC-1.0](https://www.w3.org/TR/rdf-canon/), with a bound on the work.
//!
//! The algorithm takes exponential time for some datasets, which are rare and mostly
//! [made for that](https://www.w3.org/TR/rdf-canon/#dataset-poisoning). The work is counted independently of the order
//! of the input. If it exceeds the bound, [`CanonicalLabels::is_standard`] is false and the labels come from a
//! [cheaper method](super::refinement): nodes are distinguished by their surroundings, near and far, and numbered from
//! neighbour to neighbour. Nodes that remain indistinguishable are numbered in input order. They are nearly always
//! interchangeable, so this does not matter. If they are not (as in strongly regular graphs), the labels depend on the
//! order of the input.

use super::dataset::{DEFAULT_GRAPH, Dataset, Id, QuadIds};
use super::refinement::{self, Edges};
use oxigraph::model::{BlankNode, BlankNodeRef, GraphName, NamedOrBlankNode, Quad, Term, TermRef};
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt::Write as _;
use std::hash::Hash;
use std::io;

/// The maximum work of RDFC-1.0, counted in hashes of neighbours: some seconds.
const WORK: usize = 500_000;

/// The maximum distance from a node that RDFC-1.0 may search.
const DEEPEST: usize = 200;

/// The canonical numbers of the blank nodes of a dataset.
pub(super) struct CanonicalLabels {
    numbers: HashMap<Id, usize>,
    /// Whether the numbers are those of RDFC-1.0.
    pub is_standard: bool,
}

impl CanonicalLabels {
    /// Creates an empty set of labels, for data that needs none.
    pub(super) fn none() -> Self {
        Self { numbers: HashMap::new(), is_standard: true }
    }

    /// Labels all blank nodes of a dataset.
    pub(super) fn of(dataset: &Dataset<'_>) -> Self {
        let graph = BlankGraph::of(dataset);
        if let Ok(numbers) = Rdfc::new(&graph).run() {
            return Self { numbers, is_standard: true };
        }
        Self { numbers: graph.numbered_by_neighbours(), is_standard: false }
    }

    /// Returns the canonical number of a blank node.
    pub(super) fn number(&self, node: Id) -> usize {
        self.numbers.get(&node).copied().unwrap_or_default()
    }

    /// Returns the label of a blank node, with its `_:`.
    pub(super) fn label(&self, node: Id) -> String {
        let prefix = if self.is_standard { "c14n" } else { "b" };
        format!("_:{prefix}{}", self.number(node))
    }
}

/// Returns the canonical number of each blank node of some quads.
///
/// # Errors
/// If there are too many terms.
pub(super) fn numbers(quads: &[Quad]) -> io::Result<HashMap<BlankNodeRef<'_>, usize>> {
    let dataset = Dataset::of(quads.iter().filter(|quad| mentions_blank(quad)))?;
    let numbers = CanonicalLabels::of(&dataset).numbers;
    Ok(numbers
        .into_iter()
        .filter_map(|(node, number)| match dataset.term(node) {
            TermRef::BlankNode(node) => Some((node, number)),
            _ => None,
        })
        .collect())
}

fn mentions_blank(quad: &Quad) -> bool {
    matches!(quad.subject, NamedOrBlankNode::BlankNode(_))
        || matches!(quad.object, Term::BlankNode(_))
        || matches!(quad.graph_name, GraphName::BlankNode(_))
}

/// Replaces the labels of the blank nodes of some quads by canonical ones.
///
/// # Errors
/// If there are too many terms.
pub(super) fn relabel(quads: &mut [Quad]) -> io::Result<()> {
    let mut labels = HashMap::new();
    {
        let dataset = Dataset::of(quads.iter().filter(|quad| mentions_blank(quad)))?;
        let found = CanonicalLabels::of(&dataset);
        for node in found.numbers.keys() {
            if let TermRef::BlankNode(label) = dataset.term(*node) {
                let new = found.label(*node).trim_start_matches("_:").to_owned();
                labels.insert(label.into_owned(), BlankNode::new_unchecked(new));
            }
        }
    }
    let relabel = |node: &mut BlankNode| {
        if let Some(label) = labels.get(node) {
            *node = label.clone();
        }
    };
    for quad in quads {
        if let NamedOrBlankNode::BlankNode(node) = &mut quad.subject {
            relabel(node);
        }
        if let Term::BlankNode(node) = &mut quad.object {
            relabel(node);
        }
        if let GraphName::BlankNode(node) = &mut quad.graph_name {
            relabel(node);
        }
    }
    Ok(())
}

/// The statements that mention blank nodes.
struct BlankGraph<'a> {
    dataset: &'a Dataset<'a>,
    /// The blank nodes, each with its statements.
    around: BTreeMap<Id, Vec<QuadIds>>,
    first_degree: HashMap<Id, String>,
}

impl<'a> BlankGraph<'a> {
    fn of(dataset: &'a Dataset<'a>) -> Self {
        let mut around: BTreeMap<Id, Vec<QuadIds>> = BTreeMap::new();
        for statement in &dataset.statements {
            let ids = [statement.subject, statement.object, statement.graph];
            for (i, id) in ids.iter().enumerate() {
                if dataset.is_blank(*id) && !ids.iter().take(i).any(|other| other == id) {
                    around.entry(*id).or_default().push(*statement);
                }
            }
        }
        let mut graph = Self { dataset, around, first_degree: HashMap::new() };
        graph.first_degree =
            graph.around.keys().map(|node| (*node, graph.hash_first_degree(*node))).collect();
        graph
    }

    fn around(&self, node: Id) -> &[QuadIds] {
        self.around.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Returns the other blank nodes of a statement, each with its
    /// [position](https://www.w3.org/TR/rdf-canon/#hash-related-blank-node).
    fn related(&self, node: Id, statement: &QuadIds) -> impl Iterator<Item = (&'static str, Id)> {
        [("s", statement.subject), ("o", statement.object), ("g", statement.graph)]
            .into_iter()
            .filter(move |(_, id)| *id != node && self.dataset.is_blank(*id))
    }

    /// Runs [Hash First Degree Quads](https://www.w3.org/TR/rdf-canon/#hash-1d-quads).
    fn hash_first_degree(&self, node: Id) -> String {
        let mut lines = Vec::new();
        for statement in self.around(node) {
            let mut line = String::new();
            let ids = [statement.subject, statement.predicate, statement.object, statement.graph];
            for id in ids {
                if id == DEFAULT_GRAPH {
                    continue;
                }
                let _ = match id {
                    _ if id == node => write!(line, "_:a "),
                    _ if self.dataset.is_blank(id) => write!(line, "_:z "),
                    _ => write!(line, "{} ", self.dataset.term(id)),
                };
            }
            line.push_str(".\n");
            lines.push(line);
        }
        lines.sort_unstable();
        hash(&lines.concat())
    }

    /// Numbers the nodes if RDFC-1.0 would take too long. Neighbours get adjacent numbers.
    fn numbered_by_neighbours(&self) -> HashMap<Id, usize> {
        let nodes: Vec<Id> = self.around.keys().copied().collect();
        let places: FxHashMap<Id, usize> = nodes.iter().copied().zip(self.places()).collect();
        let place = |node: &Id| places.get(node).copied().unwrap_or_default();
        let mut starts = nodes;
        starts.sort_unstable_by_key(place);
        let mut numbers = HashMap::with_capacity(starts.len());
        let mut queue = VecDeque::new();
        for start in starts {
            queue.push_back(start);
            while let Some(node) = queue.pop_front() {
                let next = numbers.len();
                if numbers.contains_key(&node) {
                    continue;
                }
                numbers.insert(node, next);
                let mut neighbours: Vec<_> = self
                    .around(node)
                    .iter()
                    .flat_map(|statement| {
                        let predicate = self.predicate(statement);
                        self.related(node, statement)
                            .map(move |(position, id)| (position, predicate, place(&id), id))
                    })
                    .filter(|(.., id)| !numbers.contains_key(id))
                    .collect();
                neighbours.sort_unstable();
                queue.extend(neighbours.into_iter().map(|(.., id)| id));
            }
        }
        numbers
    }

    fn predicate(&self, statement: &QuadIds) -> &'a str {
        match self.dataset.term(statement.predicate) {
            TermRef::NamedNode(iri) => iri.as_str(),
            _ => "",
        }
    }

    /// Returns the position of each node in an order by surroundings, near and far.
    fn places(&self) -> Vec<usize> {
        let numbers: FxHashMap<Id, u32> = self.around.keys().copied().zip(0..).collect();
        let number = |node: Id| numbers.get(&node).copied().unwrap_or_default();
        let all = || {
            self.around.iter().flat_map(|(node, statements)| {
                statements.iter().flat_map(|statement| {
                    self.related(*node, statement)
                        .map(|(position, id)| (*node, (position, self.predicate(statement)), id))
                })
            })
        };
        let labels = ranks(all().map(|(_, label, _)| label));
        let edges = all()
            .map(|(to, label, from)| {
                (number(from), labels.get(&label).copied().unwrap_or_default(), number(to))
            })
            .collect();
        let hashes = ranks(self.first_degree.values());
        let hash = |node| hashes.get(&self.first_degree[node]).copied().unwrap_or_default();
        let first: Vec<u32> = self.around.keys().map(hash).collect();
        refinement::places(&first, &Edges::of(first.len(), edges))
    }
}

/// Returns the rank of each key.
fn ranks<K: Ord + Hash + Copy>(keys: impl Iterator<Item = K>) -> FxHashMap<K, u32> {
    let mut keys: Vec<K> = keys.collect::<FxHashSet<K>>().into_iter().collect();
    keys.sort_unstable();
    keys.into_iter().zip(0..).collect()
}

/// Returns a SHA-256 hash in hexadecimal.
fn hash(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// RDFC-1.0 exceeded the bound on its work.
struct TooMuch;

/// An [identifier issuer](https://www.w3.org/TR/rdf-canon/#issue-identifier).
#[derive(Clone, Default)]
struct Issuer {
    numbers: HashMap<Id, usize>,
    order: Vec<Id>,
}

impl Issuer {
    fn issue(&mut self, node: Id) -> usize {
        let next = self.order.len();
        let number = *self.numbers.entry(node).or_insert(next);
        if number == next {
            self.order.push(node);
        }
        number
    }
}

/// The [canonicalization state](https://www.w3.org/TR/rdf-canon/#canon-state).
struct Rdfc<'a> {
    graph: &'a BlankGraph<'a>,
    canonical: Issuer,
    work: usize,
}

impl<'a> Rdfc<'a> {
    fn new(graph: &'a BlankGraph<'a>) -> Self {
        let statements: usize = graph.around.values().map(Vec::len).sum();
        Self { graph, canonical: Issuer::default(), work: WORK + 4 * statements }
    }

    /// Runs the [algorithm](https://www.w3.org/TR/rdf-canon/#canon-algo-algo).
    fn run(mut self) -> Result<HashMap<Id, usize>, TooMuch> {
        let mut by_hash: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
        for node in self.graph.around.keys() {
            by_hash.entry(self.first_degree(*node)).or_default().push(*node);
        }
        by_hash.retain(|_, nodes| match nodes.as_slice() {
            [only] => {
                self.canonical.issue(*only);
                false
            }
            _ => true,
        });
        for nodes in by_hash.into_values() {
            let mut paths = Vec::new();
            for node in nodes {
                if !self.canonical.numbers.contains_key(&node) {
                    let mut temporary = Issuer::default();
                    temporary.issue(node);
                    paths.push(self.hash_n_degree(node, temporary, 0)?);
                }
            }
            paths.sort_by(|(a, _), (b, _)| a.cmp(b));
            for (_, issuer) in paths {
                for node in issuer.order {
                    self.canonical.issue(node);
                }
            }
        }
        Ok(self.canonical.numbers)
    }

    fn first_degree(&self, node: Id) -> &'a str {
        self.graph.first_degree.get(&node).map_or("", String::as_str)
    }

    fn spend(&mut self, work: usize) -> Result<(), TooMuch> {
        self.work = self.work.checked_sub(work).ok_or(TooMuch)?;
        Ok(())
    }

    /// Runs [Hash Related Blank Node](https://www.w3.org/TR/rdf-canon/#hash-related-blank-node).
    fn hash_related(&self, node: Id, statement: &QuadIds, issuer: &Issuer, at: &str) -> String {
        let mut input = at.to_owned();
        if at != "g" {
            let _ = write!(input, "<{}>", self.graph.predicate(statement));
        }
        match (self.canonical.numbers.get(&node), issuer.numbers.get(&node)) {
            (Some(number), _) => {
                let _ = write!(input, "_:c14n{number}");
            }
            (None, Some(number)) => {
                let _ = write!(input, "_:b{number}");
            }
            (None, None) => input.push_str(self.first_degree(node)),
        }
        hash(&input)
    }

    /// Runs [Hash N-Degree Quads](https://www.w3.org/TR/rdf-canon/#hash-nd-quads). Every permutation is processed to
    /// its end, so that the work does not depend on their order.
    fn hash_n_degree(
        &mut self,
        node: Id,
        mut issuer: Issuer,
        depth: usize,
    ) -> Result<(String, Issuer), TooMuch> {
        if depth > DEEPEST {
            return Err(TooMuch);
        }
        let graph = self.graph;
        let mut by_hash: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
        for statement in graph.around(node) {
            for (position, related) in graph.related(node, statement) {
                self.spend(1)?;
                let related_hash = self.hash_related(related, statement, &issuer, position);
                by_hash.entry(related_hash).or_default().insert(related);
            }
        }
        let mut data = String::new();
        for (related_hash, nodes) in by_hash {
            data.push_str(&related_hash);
            let permutations = (1..=nodes.len()).try_fold(1_usize, usize::checked_mul);
            let issued = issuer.order.len() + nodes.len();
            let cost = permutations.and_then(|permutations| permutations.checked_mul(issued));
            self.spend(cost.ok_or(TooMuch)?)?;
            let mut chosen: Option<(String, Issuer)> = None;
            let mut nodes: Vec<Id> = nodes.into_iter().collect();
            loop {
                let (path, issued) = self.path(&nodes, issuer.clone(), depth)?;
                if chosen.as_ref().is_none_or(|(best, _)| path < *best) {
                    chosen = Some((path, issued));
                }
                if !next_permutation(&mut nodes) {
                    break;
                }
            }
            if let Some((path, issued)) = chosen {
                data.push_str(&path);
                issuer = issued;
            }
        }
        Ok((hash(&data), issuer))
    }

    /// Returns the path through some nodes in this order (5.4 of the algorithm).
    fn path(
        &mut self,
        nodes: &[Id],
        mut issuer: Issuer,
        depth: usize,
    ) -> Result<(String, Issuer), TooMuch> {
        let mut path = String::new();
        let mut unknown = Vec::new();
        for node in nodes {
            if let Some(number) = self.canonical.numbers.get(node) {
                let _ = write!(path, "_:c14n{number}");
            } else {
                if !issuer.numbers.contains_key(node) {
                    unknown.push(*node);
                }
                let _ = write!(path, "_:b{}", issuer.issue(*node));
            }
        }
        for node in unknown {
            let (hash, issued) = self.hash_n_degree(node, issuer, depth + 1)?;
            issuer = issued;
            let _ = write!(path, "_:b{}<{hash}>", issuer.issue(node));
        }
        Ok((path, issuer))
    }
}

/// Advances to the next permutation in lexicographic order. Returns `false` after the last one.
fn next_permutation(nodes: &mut [Id]) -> bool {
    let Some(i) = nodes.windows(2).rposition(|pair| matches!(pair, [a, b] if a < b)) else {
        return false;
    };
    let pivot = nodes.get(i).copied();
    if let Some(j) = nodes.iter().rposition(|node| Some(*node) > pivot) {
        nodes.swap(i, j);
    }
    if let Some(tail) = nodes.get_mut(i + 1..) {
        tail.reverse();
    }
    true
}
