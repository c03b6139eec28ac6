//! A SPARQL endpoint, used instead of a local store ([SPARQL 1.1 Protocol](https://www.w3.org/TR/sparql11-protocol/)).
//!
//! Queries are plain SPARQL 1.1, without planning or statistics. Each lookup is a request, so frequent lookups (the
//! graphs that state a triple, the quotes of a claim, labels) are batched and cached.

mod address;
mod errors;
mod patterns;
mod recorder;
mod request;
mod results;
mod update;
mod virtuoso;
mod write;

pub use address::Address;
pub(crate) use patterns::{
    about, called, contents_of, edges_of, graph_of, graphs_of, instances_of, named_graphs_of,
    pattern, quad_of, triples_of,
};
pub(crate) use update::drop_graph;
pub(crate) use write::{Insertion, WriteFault, WriteMethod, Writer};

use crate::diagnostic::Result;
use crate::sparql::to_ascii_sparql;
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults};
use request::{Message, RequestError};
use results::ResponseCounter;
use spargebra::Query;
use std::sync::Arc;
use ureq::Agent;

/// An endpoint.
pub(crate) struct Endpoint {
    address: Arc<Address>,
    agent: Agent,
    names: Arc<ResponseCounter>,
}

impl Endpoint {
    /// Creates the endpoint at an address. Sends no request yet.
    pub(crate) fn new(address: Address) -> Self {
        Self { address: address.into(), agent: request::agent(), names: Arc::default() }
    }

    /// Evaluates a query. Solutions and triples are read lazily, until the token is cancelled.
    ///
    /// # Errors
    /// Fails if the endpoint cannot be reached or does not answer the query. The error is the source of a
    /// [`QueryEvaluationError::Service`], and so are later errors of the results.
    pub(crate) fn ask(
        &self,
        query: &Query,
        token: &CancellationToken,
    ) -> Result<QueryResults<'static>, QueryEvaluationError> {
        let (text, names) = to_ascii_sparql(query);
        let accept = results::accept(query);
        let message = Message::Query(text);
        let (head, body) = request::send(&self.agent, &self.address, message, &accept, token)
            .map_err(|unanswered| match unanswered {
                RequestError::Stopped => QueryEvaluationError::Cancelled,
                RequestError::Failed(error) => {
                    results::failed(errors::unreachable(&self.address, &error))
                }
            })?;
        let results = results::read(&self.address, query, &head, body, &self.names, token)?;
        let results = results::renamed(results, names);
        let misunderstood = || results::failed(errors::misunderstood(&self.address));
        match (query, results) {
            (Query::Ask { .. }, QueryResults::Solutions(table)) => {
                Ok(QueryResults::Boolean(virtuoso::boolean(table).ok_or_else(misunderstood)??))
            }
            (Query::Select { .. }, results @ QueryResults::Solutions(_))
            | (Query::Ask { .. }, results @ QueryResults::Boolean(_))
            | (
                Query::Construct { .. } | Query::Describe { .. },
                results @ QueryResults::Graph(_),
            ) => Ok(results),
            _ => Err(misunderstood()),
        }
    }
}
