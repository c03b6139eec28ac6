//! The data as [VoID](https://www.w3.org/TR/void/), and the saved queries as
//! [`sh:SPARQLExecutable`](https://www.w3.org/TR/shacl/#sparql-constraints-prefixes), as editors of SPARQL read them.

use super::{GRAPHS, SPARQL};
use crate::catalogue::{BoundQuery, SavedQuery};
use crate::diagnostic::Result;
use crate::engine::plan::Statistics;
use crate::session::Session;
use crate::sparql::to_sparql;
use crate::vocabulary::{Prefixes, rdf, rdfs, schema, sh, void};
use crate::web::address::Address;
use crate::web::answer::graph;
use crate::web::incoming::Incoming;
use crate::web::media::Media;
use crate::web::refusal::Refusal;
use crate::web::response::Response;
use crate::web::site::{Site, cacheable, chosen};
use oxigraph::model::{BlankNode, GraphName, Literal, NamedNode, Triple};
use spargebra::Query;

/// Describes the data and the saved queries.
///
/// # Errors
/// Fails if no format suits the client, the store fails, or a saved query cannot be read.
pub(super) fn answer(
    site: &Site,
    incoming: &Incoming,
    suffix: Option<Media>,
) -> Result<Response, Refusal> {
    let Media::Graph(format) = chosen(incoming, suffix, &GRAPHS)? else {
        return Err(Refusal::not_acceptable(&GRAPHS));
    };
    let session = &site.session;
    let endpoint = NamedNode::new_unchecked(format!("{}{SPARQL}", incoming.origin));
    let dataset = BlankNode::new_unchecked("dataset");
    let mut triples = vec![
        Triple::new(dataset.clone(), rdf::TYPE, void::DATASET),
        Triple::new(dataset, void::SPARQL_ENDPOINT, endpoint.clone()),
    ];
    // An endpoint has no statistics.
    if session.store().capabilities().can_scan {
        triples.extend(Statistics::to_void(&*session.statistics()?));
    }
    let (queries, _) = session.catalogue().readable()?;
    for query in &queries {
        // A query without an example that can be asked has no text that can be run.
        if let Some(bound) = example(session, query) {
            describe(query, &bound, &incoming.origin, &endpoint, &mut triples);
        }
    }
    triples.sort_by_cached_key(|triple| triple.subject.to_string());
    triples.dedup();
    let quads = triples.into_iter().map(|triple| triple.in_graph(GraphName::DefaultGraph));
    let response = graph(session, quads.collect(), format);
    Ok(cacheable(response, incoming))
}

/// Returns a saved query with the arguments of its first case.
fn example(session: &Session, query: &SavedQuery) -> Option<BoundQuery> {
    let (_, arguments) = query.cases().into_iter().next()?;
    session.bind(query, &arguments).ok()
}

fn describe(
    saved: &SavedQuery,
    bound: &BoundQuery,
    origin: &str,
    endpoint: &NamedNode,
    triples: &mut Vec<Triple>,
) {
    let address = Address::Question { name: saved.name.clone(), arguments: Vec::new() };
    let name = NamedNode::new_unchecked(format!("{origin}{}", address.path(None)));
    let (class, property) = match bound.query {
        Query::Select { .. } => (sh::SPARQL_SELECT_EXECUTABLE, sh::SELECT),
        Query::Construct { .. } => (sh::SPARQL_CONSTRUCT_EXECUTABLE, sh::CONSTRUCT),
        Query::Describe { .. } => (sh::SPARQL_EXECUTABLE, sh::DESCRIBE),
        Query::Ask { .. } => (sh::SPARQL_ASK_EXECUTABLE, sh::ASK),
    };
    let text = |text: &str| Literal::new_simple_literal(text);
    // Whole IRIs: the text needs no prefixes of anybody.
    let query = to_sparql(&bound.query, &Prefixes::default());
    for class in [sh::SPARQL_EXECUTABLE, class] {
        triples.push(Triple::new(name.clone(), rdf::TYPE, class));
    }
    triples.push(Triple::new(name.clone(), rdfs::LABEL, text(&saved.name)));
    triples.push(Triple::new(name.clone(), rdfs::COMMENT, text(&saved.front_matter.summary)));
    triples.push(Triple::new(name.clone(), property, text(&query)));
    triples.push(Triple::new(name, schema::TARGET, endpoint.clone()));
}
