//! What there is to push: counted before anything is sent, so that the server can be compared with it.

use super::triple_set::TripleSet;
use crate::diagnostic::{Result, error};
use crate::session::Session;
use crate::vocabulary::{dos, rdf};
use oxigraph::model::{
    GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, QuadRef, Term,
    TermRef,
};
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// The things that are evidence, by their classes.
pub(super) const EVIDENCE: [NamedNodeRef<'static>; 4] =
    [dos::CLAIM, dos::DOCUMENT_CLASS, dos::OMISSION, dos::PASSAGE_CLASS];

/// How a server lays out the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServerLayout {
    /// The default graph is one of its own: the triples of named graphs stand there as well, once each.
    Merged,
    /// The default graph is the union of the named graphs: what no named graph states stands in a graph of its own.
    Union,
}

/// A graph that is pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PushedGraph {
    pub name: NamedNode,
    pub triples: u64,
    pub is_claim: bool,
}

/// What there is to push.
pub(crate) struct Survey {
    /// The named graphs, sorted.
    pub(super) graphs: Vec<PushedGraph>,
    /// The triples that stand in a named graph.
    pub(super) named: TripleSet,
    /// The quads with blank nodes, in order.
    pub(super) with_blank_nodes: Vec<Quad>,
    /// The triples about evidence in the default graph, by class, and the same without those of named graphs.
    pub(super) evidence: [[u64; 2]; EVIDENCE.len()],
    /// The triples of the default graph that no named graph states.
    pub(super) unnamed: u64,
    /// What identifies the data and its order.
    pub(super) digest: String,
}

impl Survey {
    /// Reads all quads of a session once.
    ///
    /// # Errors
    /// Fails if the store fails, or a named graph has no IRI.
    pub(crate) fn of(session: &Session) -> Result<Self> {
        // (Its passages are computed when its quads are first read.)
        let quads = session.stored_quads()?;
        let kinds = EVIDENCE.map(|class| session.store().subjects(rdf::TYPE, class.into()));
        let kinds: Vec<HashSet<NamedOrBlankNode>> = kinds
            .into_iter()
            .map(|found| Ok(found?.into_iter().collect()))
            .collect::<Result<_>>()?;
        let mut triples_of: HashMap<NamedNode, u64> = HashMap::new();
        let mut named = TripleSet::default();
        let mut with_blank_nodes = Vec::new();
        let mut digest = Sha256::new();
        for quad in quads {
            let quad = quad?;
            add_to_digest(&mut digest, &quad);
            match &quad.graph_name {
                GraphName::DefaultGraph => {}
                GraphName::NamedNode(name) => {
                    named.insert(quad.as_ref());
                    match triples_of.get_mut(name) {
                        Some(count) => *count += 1,
                        None => drop(triples_of.insert(name.clone(), 1)),
                    }
                }
                GraphName::BlankNode(_) => {
                    return Err(error!(
                        "push-blank-node",
                        "cannot push a named graph whose name is a blank node: a server could not be asked for it"
                    )
                    .help("give each named graph an IRI")
                    .input());
                }
            }
            if has_blank_node(quad.as_ref()) {
                with_blank_nodes.push(quad);
            }
        }
        let (mut evidence, mut unnamed) = ([[0; 2]; EVIDENCE.len()], 0);
        for quad in session.stored_quads()? {
            let quad = quad?;
            if quad.graph_name != GraphName::DefaultGraph {
                continue;
            }
            let is_named = named.contains(quad.as_ref());
            unnamed += u64::from(!is_named);
            for (counts, things) in evidence.iter_mut().zip(&kinds) {
                if things.contains(&quad.subject) {
                    counts[0] += 1;
                    counts[1] += u64::from(!is_named);
                }
            }
        }
        let claims = &kinds[0];
        let mut graphs: Vec<PushedGraph> = triples_of
            .into_iter()
            .map(|(name, triples)| {
                let is_claim = claims.contains(&NamedOrBlankNode::NamedNode(name.clone()));
                PushedGraph { name, triples, is_claim }
            })
            .collect();
        graphs.sort_by(|a, b| a.name.cmp(&b.name));
        let digest = digest.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Ok(Self { graphs, named, with_blank_nodes, evidence, unnamed, digest })
    }

    /// Returns the number of graphs of claims, or of other named graphs, and of their triples.
    pub(crate) fn graphs(&self, of_claims: bool) -> (u64, u64) {
        let graphs = self.graphs.iter().filter(|graph| graph.is_claim == of_claims);
        graphs.fold((0, 0), |(count, triples), graph| (count + 1, triples + graph.triples))
    }

    /// Returns the number of triples that the default graph has, or the graph in its place.
    pub(crate) fn default_triples(&self, layout: ServerLayout) -> u64 {
        match layout {
            ServerLayout::Merged => self.unnamed + self.named.len(),
            ServerLayout::Union => self.unnamed,
        }
    }

    /// Returns the number of quads to send.
    pub(crate) fn quads(&self, layout: ServerLayout) -> u64 {
        self.graphs(true).1 + self.graphs(false).1 + self.default_triples(layout)
    }
}

pub(super) fn has_blank_node(quad: QuadRef<'_>) -> bool {
    matches!(quad.subject, NamedOrBlankNodeRef::BlankNode(_))
        || matches!(quad.object, TermRef::BlankNode(_))
}

/// Returns the blank nodes of a quad.
pub(super) fn blank_nodes(quad: &Quad) -> impl Iterator<Item = &str> {
    let subject = match &quad.subject {
        NamedOrBlankNode::BlankNode(node) => Some(node.as_str()),
        NamedOrBlankNode::NamedNode(_) => None,
    };
    let object = match &quad.object {
        Term::BlankNode(node) => Some(node.as_str()),
        _ => None,
    };
    subject.into_iter().chain(object)
}

/// Adds a quad to a digest, with the kind and the length of each part, so that no other quad adds the same bytes.
fn add_to_digest(digest: &mut Sha256, quad: &Quad) {
    let mut add = |kind: u8, part: &str| {
        digest.update([kind]);
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    };
    match &quad.subject {
        NamedOrBlankNode::NamedNode(iri) => add(b'<', iri.as_str()),
        NamedOrBlankNode::BlankNode(node) => add(b'_', node.as_str()),
    }
    add(b'<', quad.predicate.as_str());
    match &quad.object {
        Term::NamedNode(iri) => add(b'<', iri.as_str()),
        Term::BlankNode(node) => add(b'_', node.as_str()),
        Term::Literal(literal) => {
            add(b'"', literal.value());
            add(b'@', literal.language().unwrap_or_default());
            add(b'^', literal.datatype().as_str());
        }
        #[cfg(feature = "rdf-12")]
        Term::Triple(triple) => add(b'(', &triple.to_string()),
    }
    match &quad.graph_name {
        GraphName::NamedNode(iri) => add(b'<', iri.as_str()),
        GraphName::BlankNode(node) => add(b'_', node.as_str()),
        GraphName::DefaultGraph => add(b'.', ""),
    }
}
