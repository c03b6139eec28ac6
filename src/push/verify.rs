//! Compares a server with what it was sent: by counts of each kind of graph, and by a sample of the claims.

use super::queries::{about, default_pattern, parsed};
use super::server::{NAMES, Server, number};
use super::survey::{EVIDENCE, PushedGraph, ServerLayout, Survey};
use crate::diagnostic::Result;
use crate::engine::Store;
use crate::session::Session;
use crate::vocabulary::push;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Term, Triple};
use std::collections::{HashMap, HashSet};

/// The number of claims that are compared triple by triple.
const SAMPLE: usize = 100;

/// The number of graphs that a difference names.
const NAMED: usize = 3;

/// A comparison of a server with the data.
pub(super) struct Verification<'a> {
    pub server: &'a Server<'a>,
    pub session: &'a Session,
    pub survey: &'a Survey,
    pub layout: ServerLayout,
    /// Whether the server's default graph was empty before: otherwise it may have more than was sent.
    pub is_fresh: bool,
}

impl Verification<'_> {
    /// Returns the differences, in words, and the number of claims that were compared.
    ///
    /// # Errors
    /// Fails if the server or the store fails.
    pub(super) fn differences(&self) -> Result<(Vec<String>, usize)> {
        let mut differences = Vec::new();
        for (name, of_claims) in [("claims", true), ("other named graphs", false)] {
            let graphs: Vec<&PushedGraph> =
                self.survey.graphs.iter().filter(|graph| graph.is_claim == of_claims).collect();
            differences.extend(self.graphs(name, &graphs)?);
        }
        let of_default_graph = self.default_graph()?;
        // If the default graph has exactly as much as it should, nothing is missing.
        let may_lack_copies = of_default_graph.is_some() || !self.is_fresh;
        if self.layout == ServerLayout::Merged && may_lack_copies {
            differences.extend(self.merged_copy()?);
        }
        differences.extend(of_default_graph);
        differences.extend(self.evidence()?);
        let (sampled, different) = self.sample()?;
        differences.extend(different);
        Ok((differences, sampled))
    }

    /// Compares the triples of named graphs.
    fn graphs(&self, name: &str, graphs: &[&PushedGraph]) -> Result<Option<String>> {
        let text = "SELECT (COUNT(*) AS ?n) { VALUES ?g { <x:g> } GRAPH ?g { ?s ?p ?o } }";
        let (mut found, mut sent, mut examples) = (0, 0, Vec::new());
        for chunk in graphs.chunks(NAMES) {
            let names: Vec<NamedNode> = chunk.iter().map(|graph| graph.name.clone()).collect();
            let expected: u64 = chunk.iter().map(|graph| graph.triples).sum();
            let counted = self.server.count(&about(text, &names)?)?;
            if counted != expected && examples.len() < NAMED {
                examples.extend(self.different(chunk, &names)?);
                examples.truncate(NAMED);
            }
            found += counted;
            sent += expected;
        }
        let is_equal = found == sent && examples.is_empty();
        let examples = if examples.is_empty() {
            String::new()
        } else {
            format!(", for example {}", examples.join(", "))
        };
        Ok((!is_equal).then(|| format!("{name}: {found} of {sent} triples{examples}")))
    }

    /// Returns the graphs of which the server has another number of triples, each with both numbers.
    fn different(&self, graphs: &[&PushedGraph], names: &[NamedNode]) -> Result<Vec<String>> {
        let text =
            "SELECT ?g (COUNT(*) AS ?n) { VALUES ?g { <x:g> } GRAPH ?g { ?s ?p ?o } } GROUP BY ?g";
        let mut counted: HashMap<String, u64> = HashMap::new();
        for solution in self.server.solutions(&about(text, names)?)? {
            if let (Some(Term::NamedNode(name)), Some(count)) =
                (solution.get("g"), solution.get("n"))
            {
                counted.insert(name.as_str().to_owned(), number(count).unwrap_or_default());
            }
        }
        let different = graphs.iter().filter_map(|graph| {
            let found = counted.get(graph.name.as_str()).copied().unwrap_or_default();
            let name = self.session.prefixes().show(&graph.name);
            (found != graph.triples).then(|| format!("`{name}` ({found} of {})", graph.triples))
        });
        Ok(different.collect())
    }

    /// Checks that the triples of the named graphs stand in the default graph as well.
    fn merged_copy(&self) -> Result<Option<String>> {
        let text = "SELECT (COUNT(*) AS ?n) { VALUES ?g { <x:g> } GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } }";
        let mut missing = 0;
        for chunk in self.survey.graphs.chunks(NAMES) {
            let names: Vec<NamedNode> = chunk.iter().map(|graph| graph.name.clone()).collect();
            missing += self.server.count(&about(text, &names)?)?;
        }
        Ok((missing > 0).then(|| {
            format!("merged copy: {missing} triples of named graphs are not in the default graph")
        }))
    }

    /// Compares the size of the default graph, or of the graph in its place.
    fn default_graph(&self) -> Result<Option<String>> {
        let text = format!("SELECT (COUNT(*) AS ?n) {{ {} }}", default_pattern(self.layout));
        let (found, sent) =
            (self.server.count(&parsed(&text)?)?, self.survey.default_triples(self.layout));
        let name = match self.layout {
            ServerLayout::Merged => "the default graph".to_owned(),
            ServerLayout::Union => format!("the graph {}", push::BACKGROUND),
        };
        Ok(self.is_different(found, sent).then(|| format!("{name}: {found} of {sent} triples")))
    }

    /// Compares what is said of claims, documents, omissions and passages outside of the claims' own graphs.
    fn evidence(&self) -> Result<Vec<String>> {
        let names = ["claims", "documents", "omissions", "passages"];
        let mut differences = Vec::new();
        for ((class, counts), name) in EVIDENCE.iter().zip(&self.survey.evidence).zip(names) {
            let sent = counts[usize::from(self.layout == ServerLayout::Union)];
            let pattern = default_pattern(self.layout);
            let text = format!(
                "SELECT (COUNT(*) AS ?n) {{ {{ SELECT DISTINCT ?s {{ ?s a {class} }} }} {pattern} }}"
            );
            let found = self.server.count(&parsed(&text)?)?;
            if self.is_different(found, sent) {
                differences.push(format!("evidence of {name}: {found} of {sent} triples"));
            }
        }
        Ok(differences)
    }

    /// Returns whether a number of the default graph is wrong. With other data in it, there may be more.
    const fn is_different(&self, found: u64, sent: u64) -> bool {
        if self.is_fresh { found != sent } else { found < sent }
    }

    /// Compares some claims triple by triple, with their heads. Returns how many, and the difference.
    fn sample(&self) -> Result<(usize, Option<String>)> {
        let claims: Vec<&PushedGraph> =
            self.survey.graphs.iter().filter(|graph| graph.is_claim).collect();
        let step = claims.len().div_ceil(SAMPLE).max(1);
        let names: Vec<NamedNode> =
            claims.iter().step_by(step).map(|graph| graph.name.clone()).collect();
        if names.is_empty() {
            return Ok((0, None));
        }
        let (here, there) = (self.session.store(), canonical(self.server.store(), &names)?);
        let (graphs_here, graphs_there) = (here.graphs(&names)?, there.graphs(&names)?);
        let (heads_here, heads_there) = (heads(here, &names)?, heads(&there, &names)?);
        let mut different = Vec::new();
        for name in &names {
            let graphs = [&graphs_here, &graphs_there]
                .map(|graphs| graphs.get(name).into_iter().flatten().map(comparable).collect());
            let [stated_here, stated_there]: [HashSet<String>; 2] = graphs;
            let head_is_there = heads_here.get(name).is_none_or(|head| {
                heads_there.get(name).is_some_and(|there| head.is_subset(there))
            });
            if stated_here != stated_there || !head_is_there {
                different.push(format!("`{}`", self.session.prefixes().show(name)));
            }
        }
        let (sampled, count) = (names.len(), different.len());
        different.truncate(NAMED);
        let words = format!(
            "{count} of {sampled} sampled claims differ, for example {}",
            different.join(", ")
        );
        Ok((sampled, (count > 0).then_some(words)))
    }
}

/// Returns a store in memory with what a server has of some claims: it has their literals in the same form as the data
/// that was sent.
fn canonical(server: &Store, names: &[NamedNode]) -> Result<Store> {
    let heads = server.triples_of(names)?.into_iter();
    let heads = heads.map(|triple| triple.in_graph(GraphName::DefaultGraph));
    let stated = server.graphs(names)?.into_iter().flat_map(|(name, triples)| {
        triples.into_iter().map(move |triple| triple.in_graph(name.clone()))
    });
    Store::of(heads.chain(stated))
}

/// Returns what is said of claims outside of their graphs.
fn heads(store: &Store, names: &[NamedNode]) -> Result<HashMap<NamedNode, HashSet<String>>> {
    let mut heads: HashMap<NamedNode, HashSet<String>> = HashMap::new();
    for triple in store.triples_of(names)? {
        let text = comparable(&triple);
        if let NamedOrBlankNode::NamedNode(name) = triple.subject {
            heads.entry(name).or_default().insert(text);
        }
    }
    Ok(heads)
}

/// Returns a triple as it is compared: blank nodes have other labels on a server, and language tags other letters.
fn comparable(triple: &Triple) -> String {
    let subject = match &triple.subject {
        NamedOrBlankNode::NamedNode(iri) => iri.to_string(),
        NamedOrBlankNode::BlankNode(_) => "_".to_owned(),
    };
    let object = match &triple.object {
        Term::BlankNode(_) => "_".to_owned(),
        Term::Literal(literal) => match literal.language() {
            Some(tag) => format!("{:?}@{}", literal.value(), tag.to_ascii_lowercase()),
            None => literal.to_string(),
        },
        term => term.to_string(),
    };
    format!("{subject} {} {object}", triple.predicate)
}
