//! Reads the responses of an endpoint as the engine's result types. Solutions and triples are read lazily.
//!
//! Blank nodes of two responses are always different, even if they have the same label ([SPARQL 1.1 Query Results JSON,
//! 3.2.2](https://www.w3.org/TR/sparql11-results-json/#select-encode-terms)). So they are renamed in all responses
//! after the first one that has any.

use super::address::Address;
use super::errors;
use super::recorder::Recorder;
use super::request::{ResponseBody, ResponseHead};
use super::virtuoso::LabelReader;
use crate::algebra::pattern_of;
use crate::diagnostic::{Error, Result};
use crate::format::{GraphFormat, ResultFormat};
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParseError, RdfParser};
use oxigraph::model::{BlankNode, NamedOrBlankNode, Term, Triple};
use oxigraph::sparql::results::{
    QueryResultsFormat, QueryResultsParseError, QueryResultsParser, ReaderQueryResultsParserOutput,
};
use oxigraph::sparql::{
    CancellationToken, QueryEvaluationError, QueryResults, QuerySolution, QuerySolutionIter,
    QueryTripleIter, Variable,
};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The requested formats of solutions and booleans, in order of preference.
const RESULTS: [(ResultFormat, QueryResultsFormat); 2] =
    [(ResultFormat::Json, QueryResultsFormat::Json), (ResultFormat::Xml, QueryResultsFormat::Xml)];

/// The requested formats of graphs, in order of preference.
const GRAPHS: [(GraphFormat, RdfFormat); 3] = [
    (GraphFormat::NTriples, RdfFormat::NTriples),
    (GraphFormat::Turtle, RdfFormat::Turtle),
    (GraphFormat::RdfXml, RdfFormat::RdfXml),
];

/// Returns the `Accept` header for a query.
pub(super) fn accept(query: &Query) -> String {
    let media_types: Vec<&str> = if is_of_graph(query) {
        GRAPHS.iter().map(|(format, _)| format.media_type()).collect()
    } else {
        RESULTS.iter().map(|(format, _)| format.media_type()).collect()
    };
    let weighted = media_types.iter().enumerate().map(|(i, media_type)| match i {
        0 => (*media_type).to_owned(),
        i => format!("{media_type};q=0.{}", 9 - i),
    });
    weighted.collect::<Vec<_>>().join(", ")
}

const fn is_of_graph(query: &Query) -> bool {
    matches!(query, Query::Construct { .. } | Query::Describe { .. })
}

/// Reads the response to a query.
///
/// # Errors
/// Fails if the response is an error, or does not answer the query.
pub(super) fn read(
    address: &Arc<Address>,
    query: &Query,
    head: &ResponseHead,
    body: ResponseBody,
    names: &Arc<ResponseCounter>,
    token: &CancellationToken,
) -> Result<QueryResults<'static>, QueryEvaluationError> {
    if !head.has_results() {
        return Err(failed(errors::refused(address, head, body)));
    }
    let foreign = || failed(errors::foreign(address, &head.media_type));
    let (body, window) = Recorder::new(body);
    let shortage = Shortage::new(address, query, head);
    let (token, address) = (token.clone(), Arc::clone(address));
    let broken = move |error: BodyFault, is_first: bool| match error {
        _ if token.is_cancelled() => QueryEvaluationError::Cancelled,
        BodyFault::Off(error) => failed(errors::broken_off(&address, &error)),
        BodyFault::Format(error, offset) => match window.error().filter(|_| is_first) {
            Some(said) => failed(errors::error_as_results(&address, &said)),
            None => {
                let place = match offset {
                    Some(offset) => window.after(offset).map(errors::ResultsFault::Before),
                    None => window.bad_iri().map(errors::ResultsFault::BadIri),
                };
                failed(errors::broken(&address, &*error, place, is_first))
            }
        },
    };
    let mut own = ResponseBlankNodes { names: Arc::clone(names), number: None };
    if is_of_graph(query) {
        let format = graph_format(&head.media_type).ok_or_else(foreign)?;
        let quads = RdfParser::from_format(format).for_reader(body);
        let triples = quads.map(move |quad| match quad {
            Ok(quad) => Ok(own.triple(quad.into())),
            Err(error) => Err(broken(error.into(), false)),
        });
        return Ok(QueryResults::Graph(QueryTripleIter::new(shortage.after(triples))));
    }
    let format = results_format(&head.media_type).ok_or_else(foreign)?;
    let body: Box<dyn Read> = match format {
        QueryResultsFormat::Json => Box::new(LabelReader::new(body)),
        _ => Box::new(body),
    };
    let parser = QueryResultsParser::from_format(format);
    Ok(match parser.for_reader(body).map_err(|error| broken(error.into(), true))? {
        ReaderQueryResultsParserOutput::Boolean(false) if head.incomplete.is_some() => {
            return Err(shortage.error());
        }
        ReaderQueryResultsParserOutput::Boolean(value) => QueryResults::Boolean(value),
        ReaderQueryResultsParserOutput::Solutions(solutions) => {
            let variables: Arc<[_]> = solutions.variables().into();
            let shared = Arc::clone(&variables);
            let solutions = solutions.map(move |solution| match solution {
                Ok(solution) => Ok(own.solution(&shared, &solution)),
                Err(error) => Err(broken(error.into(), false)),
            });
            QueryResults::Solutions(QuerySolutionIter::new(variables, shortage.after(solutions)))
        }
    })
}

/// Why results may be incomplete.
struct Shortage {
    address: Arc<Address>,
    /// The message of a server that calls its results incomplete.
    incomplete: Option<String>,
    /// The server's row limit, if it is less than requested.
    most: Option<usize>,
}

impl Shortage {
    fn new(address: &Arc<Address>, query: &Query, head: &ResponseHead) -> Self {
        let limit = match pattern_of(query) {
            GraphPattern::Slice { length, .. } => *length,
            _ => None,
        };
        let is_select = matches!(query, Query::Select { .. });
        Self {
            address: Arc::clone(address),
            incomplete: head.incomplete.clone(),
            most: head
                .max_rows
                .filter(|most| is_select && *most > 0 && limit.is_none_or(|limit| limit > *most)),
        }
    }

    fn error(&self) -> QueryEvaluationError {
        failed(match (&self.incomplete, self.most) {
            (None, Some(most)) => errors::max_rows(&self.address, most),
            (said, _) => errors::incomplete(&self.address, said.as_deref().unwrap_or_default()),
        })
    }

    /// Appends an error to results if they are incomplete.
    fn after<T>(
        self,
        results: impl Iterator<Item = Result<T, QueryEvaluationError>>,
    ) -> impl Iterator<Item = Result<T, QueryEvaluationError>> {
        let mut results = results.fuse();
        let (mut count, mut has_ended) = (0, false);
        std::iter::from_fn(move || {
            if let Some(result) = results.next() {
                count += 1;
                has_ended |= result.is_err();
                return Some(result);
            }
            let is_short = self.incomplete.is_some() || self.most.is_some_and(|most| count >= most);
            (is_short && !std::mem::replace(&mut has_ended, true)).then(|| Err(self.error()))
        })
    }
}

/// Renames the variables of solutions from those that were sent to those of the query, which are the keys of `names`.
pub(super) fn renamed(
    results: QueryResults<'static>,
    names: HashMap<Variable, Variable>,
) -> QueryResults<'static> {
    match results {
        QueryResults::Solutions(solutions) if !names.is_empty() => {
            let own: HashMap<Variable, Variable> =
                names.into_iter().map(|(own, sent)| (sent, own)).collect();
            let variables = solutions.variables().iter();
            let variables: Arc<[Variable]> =
                variables.map(|variable| own.get(variable).unwrap_or(variable).clone()).collect();
            let shared = Arc::clone(&variables);
            let solutions = solutions
                .map(move |solution| Ok((Arc::clone(&shared), solution?.values().to_vec()).into()));
            QueryResults::Solutions(QuerySolutionIter::new(variables, solutions))
        }
        results => results,
    }
}

/// A fault in the body of a response.
enum BodyFault {
    /// The body ends too early.
    Off(io::Error),
    /// The body is malformed, at a byte offset if that is known.
    Format(Box<dyn std::error::Error>, Option<u64>),
}

impl From<QueryResultsParseError> for BodyFault {
    fn from(error: QueryResultsParseError) -> Self {
        match error {
            QueryResultsParseError::Io(error) => Self::Off(error),
            QueryResultsParseError::Syntax(error) => {
                let offset = error.location().map(|place| place.start.offset);
                Self::Format(error.into(), offset)
            }
        }
    }
}

impl From<RdfParseError> for BodyFault {
    fn from(error: RdfParseError) -> Self {
        match error {
            RdfParseError::Io(error) => Self::Off(error),
            RdfParseError::Syntax(error) => {
                let offset = error.location().map(|place| place.start.offset);
                Self::Format(error.into(), offset)
            }
        }
    }
}

/// Wraps an error of the endpoint as an evaluation error.
pub(super) fn failed(error: Error) -> QueryEvaluationError {
    QueryEvaluationError::Service(Box::new(error))
}

/// Returns the solutions format for a media type. Many servers send `application/json`.
fn results_format(media_type: &str) -> Option<QueryResultsFormat> {
    match media_type {
        "application/json" => Some(QueryResultsFormat::Json),
        "application/xml" | "text/xml" => Some(QueryResultsFormat::Xml),
        other => RESULTS.iter().find(|(format, _)| format.media_type() == other).map(|(_, f)| *f),
    }
}

/// Returns the graph format for a media type. JSON-LD is accepted, but not requested.
fn graph_format(media_type: &str) -> Option<RdfFormat> {
    match RdfFormat::from_media_type(media_type)? {
        RdfFormat::JsonLd { .. } => Some(RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() }),
        format => Some(format),
    }
}

/// Counts the responses with blank nodes, so that their labels can be kept apart.
#[derive(Default)]
pub(super) struct ResponseCounter(AtomicUsize);

/// Renames the blank nodes of one response.
struct ResponseBlankNodes {
    names: Arc<ResponseCounter>,
    /// The number of this response among those with blank nodes, or `None` before the first blank node.
    number: Option<usize>,
}

impl ResponseBlankNodes {
    fn blank_node(&mut self, node: BlankNode) -> BlankNode {
        let next = || self.names.0.fetch_add(1, Ordering::Relaxed);
        match *self.number.get_or_insert_with(next) {
            0 => node,
            number => BlankNode::new_unchecked(format!("{}.{number}", node.as_str())),
        }
    }

    fn term(&mut self, term: Term) -> Term {
        match term {
            Term::BlankNode(node) => self.blank_node(node).into(),
            term => term,
        }
    }

    fn triple(&mut self, Triple { subject, predicate, object }: Triple) -> Triple {
        let subject = match subject {
            NamedOrBlankNode::BlankNode(node) => self.blank_node(node).into(),
            subject @ NamedOrBlankNode::NamedNode(_) => subject,
        };
        Triple { subject, predicate, object: self.term(object) }
    }

    fn solution(&mut self, variables: &Arc<[Variable]>, solution: &QuerySolution) -> QuerySolution {
        let values = solution.values().iter().cloned();
        let values: Vec<_> = values.map(|value| value.map(|term| self.term(term))).collect();
        (Arc::clone(variables), values).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparql::parse;
    use crate::vocabulary::Prefixes;

    #[test]
    fn what_is_best_is_asked_for_first() {
        let query = |text| parse("query", text, &Prefixes::default()).unwrap();
        assert_eq!(
            accept(&query("ASK {}")),
            "application/sparql-results+json, application/sparql-results+xml;q=0.8"
        );
        assert_eq!(
            accept(&query("DESCRIBE <x:y>")),
            "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.7"
        );
    }

    #[test]
    fn blank_nodes_of_two_responses_are_two() {
        let names = Arc::new(ResponseCounter::default());
        let mut responses =
            [(); 3].map(|()| ResponseBlankNodes { names: Arc::clone(&names), number: None });
        let mut name = |i: usize| {
            let node = BlankNode::new_unchecked("b0");
            responses[i].blank_node(node).as_str().to_owned()
        };
        assert_eq!(["b0", "b0.1", "b0", "b0.2", "b0.1"], [1, 0, 1, 2, 0].map(&mut name)[..]);
    }
}
