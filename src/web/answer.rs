//! Answers for programs: what stands at an address, in a format of results or of graphs.

use super::address::Address;
use super::media::Media;
use super::page;
use super::protocol::GRAPHS;
use super::refusal::Refusal;
use super::response::{Body, Response};
use super::site::{MOST_ROWS, Site};
use crate::annotate::{AnnotatedDocument, Looks, write_json, write_markdown, write_text};
use crate::answer::write::{Head, Naming, Style, Terms, check_citable, write_rows};
use crate::answer::{Form, Row};
use crate::budget::Limits;
use crate::catalogue::{self, BoundQuery};
use crate::cite::CitationOptions;
use crate::diagnostic::{Error, Result, WriteError, error};
use crate::format::{Format, GraphFormat, ResultFormat};
use crate::rdf::write::write_quads;
use crate::search::{SearchOptions, rows_of};
use crate::session::{Session, solutions_of};
use crate::vocabulary::Labels;
use crate::write_whole::WriteWhole;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Variable};
use spargebra::Query;
use std::sync::Arc;

/// The formats of rows and booleans, the preferred one first.
pub(super) const RESULTS: [Media; 7] = [
    Media::Results(ResultFormat::Json),
    Media::Results(ResultFormat::Xml),
    Media::Results(ResultFormat::Csv),
    Media::Results(ResultFormat::Tsv),
    Media::Results(ResultFormat::Markdown),
    Media::Results(ResultFormat::JsonLines),
    Media::Results(ResultFormat::Table),
];

/// The width of lines of text.
const WIDTH: usize = 100;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Options {
    /// Whether it is cited, if the format can hold citations.
    pub cite: bool,
    /// Whether spreadsheets must not take cells for formulas.
    pub safe: bool,
}

impl Options {
    /// Returns how answers of saved queries are written.
    pub(super) const fn of_saved() -> Self {
        Self { cite: true, safe: false }
    }

    /// Takes the switches `cite` and `safe` from a query string. Returns the rest of it, the options, and the switches
    /// as the end of an address.
    ///
    /// # Errors
    /// Fails if a switch has another value than 0 or 1.
    pub(super) fn taken_from(query: Option<&str>) -> Result<(String, Self, String), Refusal> {
        let (mut options, mut rest, mut switches) = (Self::of_saved(), Vec::new(), Vec::new());
        for part in query.unwrap_or_default().split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let switch = match name {
                "cite" => &mut options.cite,
                "safe" => &mut options.safe,
                _ => {
                    rest.push(part);
                    continue;
                }
            };
            *switch = match value {
                "1" => true,
                "0" => false,
                _ => {
                    let problem =
                        error!("request-parameter", "invalid value `{value}` for `{name}`");
                    let help = format!("write `{name}=1` or `{name}=0`");
                    return Err(Refusal::new(400, problem.help(help)));
                }
            };
            switches.push(part);
        }
        let end =
            if switches.is_empty() { String::new() } else { format!("?{}", switches.join("&")) };
        Ok((rest.join("&"), options, end))
    }
}

/// Returns the formats in which a query can be answered.
pub(super) const fn formats_of(query: &Query) -> &'static [Media] {
    match query {
        Query::Select { .. } | Query::Ask { .. } => &RESULTS,
        Query::Construct { .. } | Query::Describe { .. } => &GRAPHS,
    }
}

/// Returns the formats of what stands at an address, the one first that is sent if the client does not mind.
///
/// # Errors
/// Fails if there is no such saved query, or it is invalid.
pub(super) fn offers(site: &Site, address: &Address) -> Result<Vec<Media>> {
    const JSON: Media = Media::Results(ResultFormat::Json);
    const MARKDOWN: Media = Media::Results(ResultFormat::Markdown);
    const TEXT: Media = Media::Results(ResultFormat::Table);
    Ok(match address {
        Address::Overview => vec![Media::Html, JSON],
        Address::Question { name, .. } => {
            let saved = site.saved_query(name)?;
            let formats = if saved.is_graph() { &GRAPHS[..] } else { &RESULTS };
            [formats, &[Media::Html]].concat()
        }
        Address::Document(_) => vec![Media::Html, MARKDOWN, JSON, TEXT],
        Address::Thing(_) | Address::Claim(_) => [&[Media::Html, JSON][..], &GRAPHS].concat(),
        Address::Picture(_) => [&[Media::Html][..], &page::PICTURE_FORMATS].concat(),
        Address::Completion { .. } => vec![JSON],
        Address::Search(_) => [&[Media::Html][..], &RESULTS].concat(),
        Address::Query(_) | Address::Layout(_) | Address::Asset(_) => vec![Media::Html],
    })
}

/// Returns the media type of what stands at an address in a format, without parameters.
pub(super) fn media_type_of(address: &Address, media: Media) -> &'static str {
    const JSON: Media = Media::Results(ResultFormat::Json);
    match address {
        // These are not results of a query.
        Address::Overview
        | Address::Document(_)
        | Address::Claim(_)
        | Address::Completion { .. }
            if media == JSON =>
        {
            "application/json"
        }
        _ => media.content_type().split(';').next().unwrap_or_default(),
    }
}

/// Answers a request in a format that is not a page.
///
/// # Errors
/// Fails if nothing has the name, or the format does not suit it.
pub(super) fn answer_in(
    site: &Site,
    address: &Address,
    media: Media,
    options: Options,
) -> Result<Response> {
    match (address, media) {
        (Address::Overview, Media::Results(ResultFormat::Json)) => overview(site),
        (Address::Question { name, arguments }, _) => {
            let saved = site.saved_query(name)?;
            let query = site.session.bind(&saved, arguments)?;
            Ok(answer_to(site, query, media, options))
        }
        (Address::Search(words), Media::Results(format)) => search(site, words, format, options),
        (Address::Thing(name), Media::Graph(format)) => thing_as_graph(site, name, format),
        (Address::Thing(name), Media::Results(format)) => thing(site, name, format),
        (Address::Claim(name), Media::Graph(format)) => claim(site, name, format),
        (Address::Claim(name), Media::Results(ResultFormat::Json)) => {
            let mut response = claim(site, name, GraphFormat::JsonLd)?;
            response.headers = vec![("content-type", "application/json".to_owned())];
            Ok(response)
        }
        (Address::Document(name), Media::Results(format)) => document(site, name, format),
        (Address::Completion { before, after }, Media::Results(ResultFormat::Json)) => {
            page::completion(site, before, after)
        }
        (Address::Picture(drawing), Media::Picture(_)) => {
            let (_, svg) = page::drawn(site, *drawing)?;
            Ok(Response::new(200, media.content_type(), Body::Whole(svg.into_bytes())))
        }
        _ => Err(error!("format-unsuitable", "this is not available as `{}`", media.suffix())
            .help("leave out the end of the address, from its last dot")
            .usage()),
    }
}

/// Answers a query. What goes wrong is an error of the body.
pub(super) fn answer_to(
    site: &Site,
    query: BoundQuery,
    media: Media,
    options: Options,
) -> Response {
    let session = site.session.clone();
    let most = site.most_rows.or(match media {
        // These formats are read as a whole.
        Media::Results(
            ResultFormat::Json | ResultFormat::Xml | ResultFormat::Markdown | ResultFormat::Table,
        ) => Some(MOST_ROWS),
        _ => None,
    });
    let body = Body::Streamed(Box::new(move |out| {
        write_answer(&session, &query, media, options, most, out)
    }));
    let response = Response::new(200, media.content_type(), body);
    if options.safe && media == Media::Results(ResultFormat::Csv) {
        return response.with("content-disposition", "attachment");
    }
    response
}

fn write_answer(
    session: &Session,
    query: &BoundQuery,
    media: Media,
    options: Options,
    most: Option<usize>,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    let (format, can_cite) = match media {
        Media::Results(format) => (Format::Results(format), check_citable(format).is_ok()),
        Media::Graph(format) => (Format::Graph(format), format.has_named_graphs()),
        Media::Html | Media::Picture(_) => {
            let problem =
                error!("format-unsuitable", "cannot write results as `{}`", media.suffix());
            return Err(problem.usage().into());
        }
    };
    let citing = (options.cite && can_cite).then(CitationOptions::default);
    // A graph is read as a whole, so only the engine can stop it. Rows are counted before the first is written.
    let rows = if matches!(media, Media::Graph(_)) { most } else { None };
    let limits = Limits { rows: rows.or(session.limits().rows), ..session.limits().clone() };
    let mut answer = session.with_limits(&limits).answer(query, None, citing)?;
    if let (Form::Rows(rows), Some(most)) = (&mut answer.form, most)
        && rows.exceed(most)
    {
        return Err(too_many(most).into());
    }
    if !options.safe || media != Media::Results(ResultFormat::Csv) {
        let is_for_people = matches!(format, Format::Results(format) if format.is_for_people());
        let terms = if is_for_people { Terms::Label } else { Terms::Iri };
        return session.write(answer, Some(format), terms, out);
    }
    let labels = Labels::default();
    let naming = Naming { terms: Terms::Iri, prefixes: session.prefixes(), labels: &labels };
    let style = Style { quotes_formulas: true, ..Style::new(naming) };
    match answer.form {
        Form::Rows(rows) => {
            let variables = rows.variables().to_vec();
            let head = Head { variables: &variables, is_cited: rows.are_cited(), diagnosis: None };
            let references = |graph: &NamedNode| session.reference(graph);
            write_rows(ResultFormat::Csv, head, rows, style, &references, out).map(drop)
        }
        _ => session.write(answer, Some(format), Terms::Iri, out),
    }
}

/// Returns the error for an answer with too many rows.
fn too_many(most: usize) -> Error {
    error!("rows-exceeded", "the answer has more than {most} rows")
        .help("add LIMIT to the query, or ask for CSV")
        .input()
}

/// Returns what is in the dossier, as JSON: the saved queries.
fn overview(site: &Site) -> Result<Response> {
    let (queries, _) = site.session.catalogue().readable()?;
    Ok(json(move |out| catalogue::write_json(&queries, &mut *out)))
}

fn json(
    write: impl FnOnce(&mut dyn WriteWhole) -> std::io::Result<()> + Send + 'static,
) -> Response {
    let body = Body::Streamed(Box::new(move |out| Ok(write(out)?)));
    Response::new(200, "application/json", body)
}

/// Returns the facts of a thing as rows, cited if the format can hold citations.
fn thing(site: &Site, name: &str, format: ResultFormat) -> Result<Response> {
    let session = site.session.clone();
    let entity = session.entity(name)?;
    let citations = match check_citable(format) {
        Ok(()) => Some(session.cite_facts(&entity.facts)?),
        Err(_) => None,
    };
    let variables = ["subject", "property", "value"].map(Variable::new_unchecked);
    let is_cited = citations.is_some();
    let mut citations = citations.into_iter().flatten();
    let rows = solutions_of(&entity.facts, &variables).into_iter();
    let rows = rows.map(|solution| Row { solution, citation: citations.next() }).collect();
    Ok(as_rows(session, variables.into(), rows, is_cited, format))
}

/// Returns what some words find as rows, cited if the format can hold citations.
fn search(site: &Site, words: &str, format: ResultFormat, options: Options) -> Result<Response> {
    let is_cited = options.cite && check_citable(format).is_ok();
    let wanted = SearchOptions { kinds: &[], most: MOST_ROWS, cite: is_cited, any: false };
    let found = site.search_index()?.find(&site.session, words, wanted)?;
    let (variables, rows) = rows_of(found.hits, format.is_for_people());
    Ok(as_rows(site.session.clone(), variables, rows, is_cited, format))
}

/// Returns a response with rows that are all there.
fn as_rows(
    session: Session,
    variables: Arc<[Variable]>,
    rows: Vec<Row>,
    is_cited: bool,
    format: ResultFormat,
) -> Response {
    let body = Body::Streamed(Box::new(move |out| {
        let labels = Labels::default();
        let naming = Naming { terms: Terms::Iri, prefixes: session.prefixes(), labels: &labels };
        let head = Head { variables: &variables, is_cited, diagnosis: None };
        let references = |graph: &NamedNode| session.reference(graph);
        let rows = rows.into_iter().map(Ok);
        write_rows(format, head, rows, Style::new(naming), &references, out).map(drop)
    }));
    Response::new(200, format.media_type(), body)
}

/// Returns the facts of a thing as a graph, with the claims that state them if the format has named graphs.
fn thing_as_graph(site: &Site, name: &str, format: GraphFormat) -> Result<Response> {
    let session = &site.session;
    let entity = session.entity(name)?;
    let mut quads = Vec::new();
    if format.has_named_graphs() {
        quads = session.cited_quads(&session.cite_facts(&entity.facts)?)?;
    }
    let facts = entity.facts.into_iter().chain(entity.nested);
    quads.extend(facts.map(|fact| fact.in_graph(GraphName::DefaultGraph)));
    Ok(graph(session, quads, format))
}

/// Returns a claim or another named graph: what it states, and what is stated of it and of its document.
fn claim(site: &Site, name: &str, format: GraphFormat) -> Result<Response> {
    let session = &site.session;
    let entity = session.entity(name)?;
    let graph_name = format.has_named_graphs().then(|| GraphName::from(entity.iri.clone()));
    let graph_name = graph_name.unwrap_or(GraphName::DefaultGraph);
    let stated = session.store().graph(entity.iri.as_ref())?;
    let mut quads: Vec<Quad> =
        stated.into_iter().map(|triple| triple.in_graph(graph_name.clone())).collect();
    let claim = session.claim(&entity.iri)?;
    let subject = NamedOrBlankNode::from(entity.iri);
    let heads = entity.facts.into_iter().filter(|fact| fact.subject == subject);
    let documents = session.store().triples_of(&claim.documents)?;
    let background = heads.chain(entity.nested).chain(documents);
    quads.extend(background.map(|triple| triple.in_graph(GraphName::DefaultGraph)));
    Ok(graph(session, quads, format))
}

/// Returns a response with a graph.
pub(super) fn graph(session: &Session, quads: Vec<Quad>, format: GraphFormat) -> Response {
    let session = session.clone();
    let body =
        Body::Streamed(Box::new(move |out| write_quads(format, quads, &session.layout()?, out)));
    Response::new(200, Media::Graph(format).content_type(), body)
}

/// Returns a document with its claims.
fn document(site: &Site, name: &str, format: ResultFormat) -> Result<Response> {
    let session = site.session.clone();
    let reading = AnnotatedDocument::open(&session, Some(name))?;
    let content_type = match format {
        ResultFormat::Json => "application/json",
        format => format.media_type(),
    };
    let body = Body::Streamed(Box::new(move |out| {
        let labels = Labels::default();
        let naming = Naming { terms: Terms::Curie, prefixes: session.prefixes(), labels: &labels };
        match format {
            ResultFormat::Json => write_json(&reading, &mut *out)?,
            ResultFormat::Markdown => write_markdown(&reading, &naming, &mut *out)?,
            _ => write_text(&reading, &naming, Looks { width: WIDTH, colour: false }, &mut *out)?,
        }
        Ok(())
    }));
    Ok(Response::new(200, content_type, body))
}
