//! What a picture is made of: statements, each with the claims that it rests on.

use crate::cite::Citation;
use crate::diagnostic::Result;
use crate::session::{Entity, Selection, Session};
use crate::vocabulary::{NAMES, dos, rdf};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, Triple};
use std::collections::{BTreeMap, BTreeSet};

/// A connection of two things, or a value of one.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::draw) struct Statement {
    pub subject: Term,
    pub relation: Relation,
    pub value: Term,
    pub rests_on: Evidence,
}

impl Statement {
    /// Returns what a graph is sorted by.
    pub(super) fn key(&self) -> (String, String, String) {
        let relation = match &self.relation {
            Relation::Property(property) => property.as_str().to_owned(),
            Relation::Column(name) => name.clone(),
        };
        (self.subject.to_string(), relation, self.value.to_string())
    }
}

/// What a connection is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::draw) enum Relation {
    /// By the label of a property.
    Property(NamedNode),
    /// By the name of a column.
    Column(String),
}

/// The claims that something needs: of each set, any one is enough. Empty for background.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::draw) struct Evidence(pub Vec<Vec<NamedNode>>);

impl Evidence {
    /// Returns the smallest way to obtain something.
    pub(super) fn of(citation: &Citation) -> Self {
        let smallest = citation.derivations.first();
        let factors = smallest.map(|way| way.factors()).unwrap_or_default();
        Self(factors.into_iter().map(<[NamedNode]>::to_vec).collect())
    }

    /// Returns what a triple that is among the cited ones rests on, or `None` if it is not.
    pub(super) fn of_triple(citation: &Citation, fits: impl Fn(&Triple) -> bool) -> Option<Self> {
        let triples = citation.derivations.iter().flat_map(|way| &way.triples);
        let cited = triples.into_iter().find(|cited| fits(&cited.triple))?;
        let graphs = cited.graphs.to_vec();
        Some(Self(if graphs.is_empty() { Vec::new() } else { vec![graphs] }))
    }
}

/// The most facts that an overview looks at.
const MOST_FACTS: usize = 50_000;

/// Returns cited triples as statements. Their types and the names of things are no connections.
pub(super) fn of_triples(triples: Vec<Triple>, citations: &[Citation]) -> Vec<Statement> {
    let pairs = triples.into_iter().zip(citations);
    pairs.filter_map(|(triple, citation)| statement(triple, Evidence::of(citation))).collect()
}

/// Returns a triple as a statement, unless it is a type or a name.
fn statement(triple: Triple, rests_on: Evidence) -> Option<Statement> {
    let Triple { subject, predicate, object } = triple;
    let is_drawn = predicate.as_ref() != rdf::TYPE && !NAMES.contains(&predicate.as_ref());
    is_drawn.then(|| Statement {
        subject: subject.into(),
        relation: Relation::Property(predicate),
        value: object,
        rests_on,
    })
}

/// Returns what the claims of a session state or, if there are none, all of its facts.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn of_session(session: &Session) -> Result<Vec<Statement>> {
    let claims = session.store().things(rdf::TYPE, dos::CLAIM.into())?;
    let mut graphs_of: BTreeMap<String, (Triple, Vec<NamedNode>)> = BTreeMap::new();
    let mut by_claim: Vec<_> = session.store().graphs(&claims)?.into_iter().collect();
    by_claim.sort_by(|a, b| a.0.cmp(&b.0));
    for (claim, triples) in by_claim {
        for triple in triples {
            let stated =
                graphs_of.entry(triple.to_string()).or_insert_with(|| (triple, Vec::new()));
            stated.1.push(claim.clone());
        }
    }
    if graphs_of.is_empty() {
        let mut triples = Vec::new();
        for quad in session.select(Selection::Facts)?.take(MOST_FACTS) {
            triples.push(Triple::from(quad?));
        }
        triples.sort_by_cached_key(ToString::to_string);
        return cited(session, triples);
    }
    let stated = graphs_of.into_values();
    Ok(stated.filter_map(|(triple, claims)| statement(triple, Evidence(vec![claims]))).collect())
}

/// Returns the facts about an entity and about the things around it, up to a number of steps.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn around(session: &Session, entity: Entity, hops: usize) -> Result<Vec<Statement>> {
    let mut seen: BTreeSet<NamedNode> = BTreeSet::from([entity.iri]);
    let mut triples: Vec<Triple> = entity.facts;
    triples.extend(entity.nested);
    let mut begin = 0;
    for _ in 1..hops {
        // A class is no step: everything of a kind would be near.
        let links = triples[begin..].iter().filter(|triple| triple.predicate.as_ref() != rdf::TYPE);
        let ends = links.flat_map(|triple| [triple.subject.clone().into(), triple.object.clone()]);
        let near: BTreeSet<NamedNode> =
            ends.filter_map(as_iri).filter(|iri| !seen.contains(iri)).collect();
        begin = triples.len();
        for iri in near {
            triples.extend(session.facts_about(&iri)?);
            seen.insert(iri);
        }
    }
    let mut known = BTreeSet::new();
    triples.retain(|triple| known.insert(triple.to_string()));
    cited(session, triples)
}

fn cited(session: &Session, triples: Vec<Triple>) -> Result<Vec<Statement>> {
    let citations = session.cite_facts(&triples)?;
    Ok(of_triples(triples, &citations))
}

fn as_iri(term: Term) -> Option<NamedNode> {
    match term {
        Term::NamedNode(iri) => Some(iri),
        _ => None,
    }
}

/// Returns a term as what can have statements, or `None` for a literal.
pub(in crate::draw) fn as_thing(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(iri) => Some(iri.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        _ => None,
    }
}
