//! Reading the graphs of the store, by the
//! [SPARQL 1.1 Graph Store HTTP Protocol](https://www.w3.org/TR/sparql11-http-rdf-update/) with indirect names.

use super::GRAPHS;
use super::fields::{check_known, fields, one};
use super::operation::graph;
use crate::diagnostic::{Result, WriteError, error};
use crate::format::GraphFormat;
use crate::rdf::write::write_quads;
use crate::session::{Selection, Session};
use crate::web::incoming::Incoming;
use crate::web::media::Media;
use crate::web::refusal::Refusal;
use crate::web::response::{Body, Response};
use crate::web::site::{Site, cacheable, chosen};
use crate::write_whole::WriteWhole;
use oxigraph::model::{GraphName, NamedNode, Quad};

/// A part of the store.
enum Part {
    /// All graphs.
    Dataset,
    /// The default graph.
    Default,
    /// A named graph.
    Named(NamedNode),
}

/// The formats of all graphs, the preferred one first.
const DATASETS: [Media; 3] = [
    Media::Graph(GraphFormat::TriG),
    Media::Graph(GraphFormat::NQuads),
    Media::Graph(GraphFormat::JsonLd),
];

/// Answers a request for `?default`, `?graph=IRI`, or for all graphs.
///
/// # Errors
/// Fails if the graph is not in the store, or no format suits the client.
pub(super) fn answer(
    site: &Site,
    incoming: &Incoming,
    suffix: Option<Media>,
) -> Result<Response, Refusal> {
    let fields = fields(incoming.query.as_deref().unwrap_or_default())?;
    check_known(&fields, &["default", "graph"])?;
    let part = match (one(&fields, "default")?, one(&fields, "graph")?) {
        (None, None) => Part::Dataset,
        (Some(_), None) => Part::Default,
        (None, Some(iri)) => Part::Named(graph(iri, "graph")?),
        (Some(_), Some(_)) => {
            let problem = error!("request-parameter", "`default` and `graph` exclude each other");
            return Err(Refusal::new(400, problem.help("remove one of them")));
        }
    };
    let offers = if matches!(part, Part::Dataset) { &DATASETS[..] } else { &GRAPHS };
    let Media::Graph(format) = chosen(incoming, suffix, offers)? else {
        return Err(Refusal::not_acceptable(offers));
    };
    if let Part::Named(name) = &part {
        let mut triples = site.session.store().triples(None, None, None, Some(name.as_ref()));
        if triples.next().transpose()?.is_none() {
            let problem = error!("graph-unknown", "there is no graph `{}`", name.as_str())
                .help("`SELECT DISTINCT ?g { GRAPH ?g {} }` lists the graphs");
            return Err(Refusal::new(404, problem));
        }
    }
    let session = site.session.clone();
    let body = Body::Streamed(Box::new(move |out| write(&session, &part, format, out)));
    let response = Response::new(200, Media::Graph(format).content_type(), body);
    Ok(cacheable(response, incoming))
}

fn write(
    session: &Session,
    part: &Part,
    format: GraphFormat,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    let quads: Vec<Quad> = match part {
        Part::Dataset => session.select(Selection::All)?.collect::<Result<_>>()?,
        // What queries find there, with the passages.
        Part::Default => {
            let is_default = |quad: &Result<Quad>| {
                quad.as_ref().map_or(true, |quad| quad.graph_name.is_default_graph())
            };
            session.stored_quads()?.filter(is_default).collect::<Result<_>>()?
        }
        Part::Named(name) => {
            let triples = session.store().triples(None, None, None, Some(name.as_ref()));
            triples
                .map(|triple| triple.map(|triple| triple.in_graph(GraphName::DefaultGraph)))
                .collect::<Result<_>>()?
        }
    };
    write_quads(format, quads, &session.layout()?, out)
}
