//! A SPARQL endpoint that is asked in the place of a store of our own
//! ([SPARQL 1.1 Protocol](https://www.w3.org/TR/sparql11-protocol/)).
//!
//! It is asked plain SPARQL 1.1: nothing is planned, and no statistics are gathered. Each question is a request, so what
//! is looked up again and again (which graphs state a triple, what a claim quotes, what a thing is called) is asked for
//! many at a time, and remembered.

mod address;
mod errors;
mod patterns;
mod recorder;
mod request;
mod results;
mod virtuoso;

pub use address::Address;
pub(crate) use patterns::{
    about, called, contents_of, edges_of, graph_of, graphs_of, instances_of, pattern, quad_of,
    triples_of,
};

use crate::diagnostic::Result;
use crate::sparql::to_ascii_sparql;
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults};
use request::RequestError;
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
    /// The endpoint at an address. Nothing is asked yet.
    pub(crate) fn new(address: Address) -> Self {
        Self { address: address.into(), agent: request::agent(), names: Arc::default() }
    }

    /// Asks a query. Solutions and triples come one by one, as they are asked for, until the token is cancelled.
    ///
    /// # Errors
    /// If the endpoint cannot be reached or does not answer the query. It is in the error that comes with
    /// [`QueryEvaluationError::Service`], as is what goes wrong half-way.
    pub(crate) fn ask(
        &self,
        query: &Query,
        token: &CancellationToken,
    ) -> Result<QueryResults<'static>, QueryEvaluationError> {
        let (text, names) = to_ascii_sparql(query);
        let accept = results::accept(query);
        let (head, body) = request::send(&self.agent, &self.address, text, &accept, token)
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
