//! The data in batches: bounded, in an order that is always the same, with each claim and each blank node whole.

use super::survey::{ServerLayout, Survey, blank_nodes, has_blank_node};
use crate::diagnostic::{Result, error};
use crate::endpoint::Insertion;
use crate::session::Session;
use crate::vocabulary::push;
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term};
use std::collections::{HashMap, VecDeque};

/// The bounds of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BatchLimit {
    /// The number of quads from which a batch ends.
    pub quads: usize,
    /// The size in bytes, as N-Quads, from which a batch ends.
    pub bytes: usize,
}

/// The data in batches. The quads with blank nodes come last, because a label means another node in each request: all
/// quads that are connected by blank nodes are in one batch.
pub(super) struct Batches<'a> {
    quads: Box<dyn Iterator<Item = Result<Quad>> + 'a>,
    groups: VecDeque<Vec<Quad>>,
    next: Option<Vec<Quad>>,
    limit: BatchLimit,
}

/// A batch.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub quads: Insertion,
    /// The approximate size in bytes, as N-Quads.
    pub bytes: usize,
}

impl<'a> Batches<'a> {
    /// Prepares the batches of a session's data for a server.
    ///
    /// # Errors
    /// Fails if the store fails, or more quads are connected by blank nodes than a batch can have.
    pub(super) fn new(
        session: &'a Session,
        survey: &'a Survey,
        layout: ServerLayout,
        limit: BatchLimit,
    ) -> Result<Self> {
        let quads = session.stored_quads()?.filter_map(move |quad| match quad {
            Ok(quad) if has_blank_node(quad.as_ref()) => None,
            Ok(quad) => placed(quad, survey, layout).map(Ok),
            Err(error) => Some(Err(error)),
        });
        let with_blank_nodes = survey.with_blank_nodes.iter();
        let with_blank_nodes =
            with_blank_nodes.filter_map(|quad| placed(quad.clone(), survey, layout));
        let groups = connected(with_blank_nodes.collect());
        let largest = groups.iter().map(Vec::len).max().unwrap_or_default();
        if largest > most_in_batch(limit) {
            return Err(error!(
                "push-blank-node",
                "{largest} quads are connected by blank nodes, more than a batch can have ({})",
                most_in_batch(limit)
            )
            .note("a server takes the labels of each request for other blank nodes")
            .help(format!("allow larger batches with `--batch {largest}`, or give the nodes IRIs"))
            .input());
        }
        Ok(Self { quads: Box::new(quads), groups: groups.into(), next: None, limit })
    }

    /// Skips the first quads, which the server has already.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(super) fn skip(&mut self, mut count: u64) -> Result<()> {
        while count > 0 {
            let Some(parcel) = self.take()? else { return Ok(()) };
            count = count.saturating_sub(parcel.len() as u64);
        }
        Ok(())
    }

    /// Returns the next batch, or `None` after the last one.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(super) fn next_batch(&mut self) -> Result<Option<Batch>> {
        let mut batch = Batch::default();
        let mut graph = None;
        while let Some(parcel) = self.take()? {
            let is_full = batch.quads.len() >= self.limit.quads || batch.bytes >= self.limit.bytes;
            let is_too_full = batch.quads.len() >= most_in_batch(self.limit);
            if is_too_full || is_full && may_end(&batch, graph.as_ref(), &parcel) {
                self.next = Some(parcel);
                break;
            }
            batch.bytes += parcel.iter().map(size).sum::<usize>();
            let named = parcel.iter().find(|quad| quad.graph_name != GraphName::DefaultGraph);
            graph = named.map(|quad| quad.graph_name.clone()).or(graph);
            if parcel.iter().any(|quad| has_blank_node(quad.as_ref())) {
                batch.quads.groups.push(parcel);
            } else {
                batch.quads.ground.extend(parcel);
            }
        }
        Ok((batch.quads.len() > 0).then_some(batch))
    }

    /// Returns the next quads that must be sent together.
    fn take(&mut self) -> Result<Option<Vec<Quad>>> {
        if let Some(parcel) = self.next.take() {
            return Ok(Some(parcel));
        }
        match self.quads.next() {
            Some(quad) => Ok(Some(vec![quad?])),
            None => Ok(self.groups.pop_front()),
        }
    }
}

/// The most quads of a batch, which a claim or blank nodes may need to stay whole.
const fn most_in_batch(limit: BatchLimit) -> usize {
    limit.quads.saturating_mul(2)
}

/// Returns whether a batch may end before some quads. A store in memory has each quad of a named graph next to its copy
/// in the default graph, and a store on disk has graph after graph.
fn may_end(batch: &Batch, graph: Option<&GraphName>, next: &[Quad]) -> bool {
    let Some(first) = next.first() else { return true };
    match &first.graph_name {
        GraphName::DefaultGraph => {
            batch.quads.ground.last().is_none_or(|last| last.graph_name == GraphName::DefaultGraph)
        }
        name => graph != Some(name),
    }
}

/// Returns a quad as the server receives it, or `None` if it does not.
fn placed(quad: Quad, survey: &Survey, layout: ServerLayout) -> Option<Quad> {
    if layout == ServerLayout::Merged || quad.graph_name != GraphName::DefaultGraph {
        return Some(quad);
    }
    let is_unnamed = !survey.named.contains(quad.as_ref());
    is_unnamed.then(|| Quad { graph_name: push::BACKGROUND.into_owned().into(), ..quad })
}

/// Returns quads in groups that share no blank node, in the order of their first quads.
fn connected(quads: Vec<Quad>) -> Vec<Vec<Quad>> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut parents: Vec<usize> = Vec::new();
    for quad in &quads {
        let mut first = None;
        for node in blank_nodes(quad) {
            let number = match numbers.get(node) {
                Some(number) => *number,
                None => {
                    numbers.insert(node.to_owned(), parents.len());
                    parents.push(parents.len());
                    parents.len() - 1
                }
            };
            let root = root_of(&mut parents, number);
            let kept = *first.get_or_insert(root);
            parents[root] = kept;
        }
    }
    let mut groups: Vec<Vec<Quad>> = Vec::new();
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    for quad in quads {
        let number = blank_nodes(&quad).next().and_then(|node| numbers.get(node)).copied();
        let root = root_of(&mut parents, number.unwrap_or_default());
        let group = *group_of.entry(root).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(quad);
    }
    groups
}

fn root_of(parents: &mut [usize], mut number: usize) -> usize {
    while parents[number] != number {
        parents[number] = parents[parents[number]];
        number = parents[number];
    }
    number
}

/// Returns the approximate size of a quad as N-Quads.
fn size(quad: &Quad) -> usize {
    let subject = match &quad.subject {
        NamedOrBlankNode::NamedNode(iri) => iri.as_str().len() + 2,
        NamedOrBlankNode::BlankNode(node) => node.as_str().len() + 2,
    };
    let object = match &quad.object {
        Term::NamedNode(iri) => iri.as_str().len() + 2,
        Term::BlankNode(node) => node.as_str().len() + 2,
        Term::Literal(literal) => {
            let kind = literal.language().unwrap_or_else(|| literal.datatype().as_str());
            literal.value().len() + kind.len() + 6
        }
        #[cfg(feature = "rdf-12")]
        Term::Triple(triple) => triple.to_string().len() + 10,
    };
    let graph = match &quad.graph_name {
        GraphName::NamedNode(iri) => iri.as_str().len() + 3,
        GraphName::BlankNode(_) | GraphName::DefaultGraph => 0,
    };
    subject + quad.predicate.as_str().len() + 2 + object + graph + 5
}
