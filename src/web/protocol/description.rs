//! The [service description](https://www.w3.org/TR/sparql11-service-description/).

use super::{GRAPHS, SPARQL};
use crate::diagnostic::Result;
use crate::vocabulary::{rdf, rdfs, sd};
use crate::web::answer::graph;
use crate::web::incoming::Incoming;
use crate::web::media::Media;
use crate::web::refusal::Refusal;
use crate::web::response::Response;
use crate::web::site::{Site, cacheable, chosen};
use oxigraph::model::{BlankNode, GraphName, NamedNode, NamedNodeRef, Triple};

/// The formats of results and graphs, by their names in W3C's list.
const FORMATS: [&str; 10] = [
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "TriG",
    "N-Quads",
];

/// Describes the service.
///
/// # Errors
/// Fails if no format suits the client.
pub(super) fn answer(
    site: &Site,
    incoming: &Incoming,
    suffix: Option<Media>,
) -> Result<Response, Refusal> {
    let offers = [&GRAPHS[..], &[Media::Html]].concat();
    let Media::Graph(format) = chosen(incoming, suffix, &offers)? else {
        return Ok(Response::see_other("/query".to_owned()).with("vary", "Accept"));
    };
    let triples = describe(&incoming.origin);
    let quads = triples.into_iter().map(|triple| triple.in_graph(GraphName::DefaultGraph));
    let response = graph(&site.session, quads.collect(), format);
    Ok(cacheable(response, incoming))
}

fn describe(origin: &str) -> Vec<Triple> {
    // (The origin was checked when the request came in.)
    let endpoint = NamedNode::new_unchecked(format!("{origin}{SPARQL}"));
    let (service, dataset, graph) =
        (endpoint.clone(), BlankNode::new_unchecked("dataset"), BlankNode::new_unchecked("graph"));
    let statistics = NamedNode::new_unchecked(format!("{origin}/void"));
    let mut triples = vec![
        Triple::new(service.clone(), rdf::TYPE, sd::SERVICE),
        Triple::new(service.clone(), sd::ENDPOINT, endpoint),
        Triple::new(service.clone(), sd::SUPPORTED_LANGUAGE, sd::SPARQL_11_QUERY),
        Triple::new(service.clone(), sd::DEFAULT_DATASET, dataset.clone()),
        Triple::new(dataset.clone(), rdf::TYPE, sd::DATASET),
        Triple::new(dataset.clone(), sd::DEFAULT_GRAPH, graph.clone()),
        Triple::new(graph, rdf::TYPE, sd::GRAPH),
        Triple::new(dataset, rdfs::SEE_ALSO, statistics),
    ];
    for format in FORMATS {
        let name = format!("http://www.w3.org/ns/formats/{format}");
        let format = NamedNodeRef::new_unchecked(&name);
        triples.push(Triple::new(service.clone(), sd::RESULT_FORMAT, format));
    }
    triples
}
