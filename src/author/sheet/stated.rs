//! The claims and omissions of a dossier with what they state, as a sheet needs them.

use crate::claim::{QuoteFinder, QuoteMatch};
use crate::diagnostic::Result;
use crate::session::{Selection, Session};
use crate::vocabulary::{dos, oa, rdf};
use oxigraph::model::{
    BlankNode, GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

/// A claim or an omission with all statements about it.
#[derive(Debug)]
pub(super) struct StatedClaim {
    /// Its name.
    pub name: NamedNode,
    /// What it states.
    pub graph: Vec<Triple>,
    /// The statements about it, and about the blank nodes in them.
    head: Vec<Triple>,
    /// Whether other statements mention its blank nodes.
    shares_nodes: bool,
}

/// The head of a claim, as a sheet expresses it.
#[derive(Debug)]
pub(super) struct Evidence {
    pub document: NamedNode,
    /// Where the quote begins in the text.
    pub start: usize,
    pub quote: String,
    pub prefix: Option<String>,
    pub suffix: Option<String>,
    pub reading: Option<String>,
    /// The reason of an omission.
    pub reason: Option<String>,
    /// The statements that have no form of their own.
    pub others: Vec<Triple>,
}

/// Why a sheet cannot express a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Omitted {
    /// It does not have exactly one document and one quote, or is an omission without one reason.
    NotOneQuote,
    /// It states nothing.
    Empty,
    /// Its document has no text, or the quote does not stand in it exactly once.
    Misplaced,
    /// Its quote begins or ends within a word, or differs from the text in what a sheet does not keep.
    NotTyped,
    /// It shares blank nodes with other statements.
    SharedNodes,
}

impl fmt::Display for Omitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOneQuote => "it does not have one document with one quote",
            Self::Empty => "it states nothing",
            Self::Misplaced => "its quote does not stand in its document exactly once",
            Self::NotTyped => "its quote begins or ends within a word",
            Self::SharedNodes => "it shares blank nodes with other statements",
        })
    }
}

impl StatedClaim {
    /// Returns all claims and omissions that have a name, in the order of their names.
    ///
    /// # Errors
    /// If the store fails.
    pub(super) fn all(session: &Session) -> Result<Vec<Self>> {
        let mut graphs: HashMap<NamedNode, Vec<Triple>> = HashMap::new();
        let mut heads: HashMap<NamedNode, Vec<Triple>> = HashMap::new();
        let mut names = BTreeSet::new();
        for quad in session.select(Selection::Claims)? {
            let quad = quad?;
            match (&quad.graph_name, &quad.subject) {
                (GraphName::NamedNode(graph), _) => {
                    graphs.entry(graph.clone()).or_default().push(quad.into());
                }
                (GraphName::DefaultGraph, NamedOrBlankNode::NamedNode(subject)) => {
                    let is_kind =
                        [dos::CLAIM, dos::OMISSION].map(Term::from).contains(&quad.object);
                    if quad.predicate.as_ref() == rdf::TYPE && is_kind {
                        names.insert(subject.clone());
                    }
                    heads.entry(subject.clone()).or_default().push(quad.into());
                }
                _ => {}
            }
        }
        let mut claims = Vec::new();
        for name in names {
            let graph = graphs.remove(&name).unwrap_or_default();
            let mut head = heads.remove(&name).unwrap_or_default();
            add_nested(session, &mut head)?;
            claims.push(Self { name, graph, head, shares_nodes: false });
        }
        mark_shared_nodes(&mut claims);
        Ok(claims)
    }

    /// Returns the documents that it names.
    pub(super) fn documents(&self) -> impl Iterator<Item = &NamedNode> {
        self.values(dos::DOCUMENT).filter_map(|value| match value {
            Term::NamedNode(document) => Some(document),
            _ => None,
        })
    }

    fn values(&self, property: NamedNodeRef<'static>) -> impl Iterator<Item = &Term> {
        let own = self.head.iter().filter(|triple| triple.subject == self.name.clone().into());
        own.filter(move |triple| triple.predicate.as_ref() == property).map(|triple| &triple.object)
    }

    /// Returns the only value of a property, if it is a text without a language.
    fn text(&self, property: NamedNodeRef<'static>) -> Option<String> {
        let mut values = self.values(property);
        match (values.next(), values.next()) {
            (Some(Term::Literal(literal)), None) => {
                let is_plain = *literal == Literal::new_simple_literal(literal.value());
                (is_plain && !literal.value().trim().is_empty()).then(|| literal.value().to_owned())
            }
            _ => None,
        }
    }

    /// Returns its head as a sheet expresses it.
    ///
    /// # Errors
    /// If a sheet cannot express it.
    pub(super) fn evidence(&self, session: &Session) -> Result<Evidence, Omitted> {
        if self.shares_nodes {
            return Err(Omitted::SharedNodes);
        }
        let mut documents = self.documents();
        let (Some(document), None) = (documents.next(), documents.next()) else {
            return Err(Omitted::NotOneQuote);
        };
        let quote = self.text(dos::QUOTE).ok_or(Omitted::NotOneQuote)?;
        let is_claim = self.values(rdf::TYPE).any(|class| *class == Term::from(dos::CLAIM));
        if is_claim && self.graph.is_empty() {
            return Err(Omitted::Empty);
        }
        let (kind, reason) = if is_claim {
            (dos::CLAIM, None)
        } else {
            (dos::OMISSION, Some(self.text(dos::REASON).ok_or(Omitted::NotOneQuote)?))
        };
        let (prefix, suffix) = (self.text(oa::PREFIX), self.text(oa::SUFFIX));
        let reading = if is_claim { self.text(dos::READING) } else { None };
        let start = typed_place(session, document, &quote, [prefix.as_deref(), suffix.as_deref()])?;
        let is_expressed = |triple: &&Triple| {
            let text = |expressed: &Option<String>| expressed.is_some();
            match triple.predicate.as_ref() {
                _ if triple.subject != self.name.clone().into() => false,
                rdf::TYPE => triple.object == kind.into(),
                dos::DOCUMENT | dos::QUOTE => true,
                oa::PREFIX => text(&prefix),
                oa::SUFFIX => text(&suffix),
                dos::READING => text(&reading),
                dos::REASON => text(&reason),
                _ => false,
            }
        };
        let others = self.head.iter().filter(|triple| !is_expressed(triple)).cloned().collect();
        Ok(Evidence {
            document: document.clone(),
            start,
            quote,
            prefix,
            suffix,
            reading,
            reason,
            others,
        })
    }

    /// Returns the statements about the blank nodes of its head.
    #[cfg(test)]
    pub(super) fn nested(&self) -> Vec<oxigraph::model::Quad> {
        let is_nested = |triple: &&Triple| matches!(triple.subject, NamedOrBlankNode::BlankNode(_));
        let nested = self.head.iter().filter(is_nested).cloned();
        nested.map(|triple| triple.in_graph(GraphName::DefaultGraph)).collect()
    }

    /// Returns the blank nodes of all its statements.
    fn nodes(&self) -> BTreeSet<&str> {
        let statements = self.graph.iter().chain(&self.head);
        let nodes = statements.flat_map(|triple| {
            let subject = match &triple.subject {
                NamedOrBlankNode::BlankNode(node) => Some(node),
                NamedOrBlankNode::NamedNode(_) => None,
            };
            [subject, blank(&triple.object)]
        });
        nodes.flatten().map(BlankNode::as_str).collect()
    }
}

/// Returns where a quote stands in the text of its document, if typing it finds that place.
fn typed_place(
    session: &Session,
    document: &NamedNode,
    quote: &str,
    [prefix, suffix]: [Option<&str>; 2],
) -> Result<usize, Omitted> {
    let text = session.text_of(document).map_err(|_| Omitted::Misplaced)?;
    let (before, after) = (prefix.unwrap_or_default(), suffix.unwrap_or_default());
    let span = text.locate(quote, before, after).map_err(|_| Omitted::Misplaced)?;
    let typed = quote.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let is_found = match QuoteFinder::new(text).find(&typed) {
        QuoteMatch::One { span: found, .. } => found.bytes == span,
        QuoteMatch::Several { places, .. } => places.iter().any(|place| place.span.bytes == span),
        QuoteMatch::Absent(_) => false,
    };
    if is_found { Ok(span.start) } else { Err(Omitted::NotTyped) }
}

fn blank(term: &Term) -> Option<&BlankNode> {
    match term {
        Term::BlankNode(node) => Some(node),
        _ => None,
    }
}

/// Adds the statements about the blank nodes that statements mention.
fn add_nested(session: &Session, statements: &mut Vec<Triple>) -> Result<()> {
    let mut nodes: Vec<BlankNode> =
        statements.iter().filter_map(|triple| blank(&triple.object).cloned()).collect();
    let mut next = 0;
    while let Some(node) = nodes.get(next).cloned() {
        next += 1;
        for triple in session.store().triples(Some(node.as_ref().into()), None, None, None) {
            let triple = triple?;
            nodes.extend(blank(&triple.object).filter(|node| !nodes.contains(node)).cloned());
            statements.push(triple);
        }
    }
    Ok(())
}

/// Marks the claims that mention the same blank nodes as others.
fn mark_shared_nodes(claims: &mut [StatedClaim]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for claim in claims.iter() {
        for node in claim.nodes() {
            *counts.entry(node.to_owned()).or_default() += 1;
        }
    }
    for claim in claims {
        claim.shares_nodes =
            claim.nodes().iter().any(|node| counts.get(*node).is_some_and(|count| *count > 1));
    }
}
