//! An endpoint as a backend. It receives the query as written, in standard SPARQL, and does its own planning.

use super::backend::{Backend, Capabilities, Gather, QuadPattern, Quads};
use super::evaluation_failed;
use super::plan::RowGoal;
use super::prepare::{EngineQuery, Planned};
use crate::budget::Cancellation;
use crate::diagnostic::Result;
use crate::endpoint::{self, Endpoint};
use oxigraph::model::{
    GraphName, GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Term,
    TermRef,
};
use oxigraph::sparql::{QueryEvaluationError, QueryResults};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use std::iter;

impl Backend for Endpoint {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            can_scan: false,
            can_ask_about_blank_nodes: false,
            can_derive: false,
            asks_by_request: true,
        }
    }

    fn plan(
        &self,
        query: EngineQuery,
        wanted: RowGoal,
        _gather: Gather,
        _cancellation: &Cancellation,
    ) -> Result<Planned> {
        let mut query = query.into_bound();
        if let RowGoal::First(most) | RowGoal::AtMost(most) = wanted {
            // One extra row tells whether there are more.
            limit_rows(&mut query, most.saturating_add(1));
        }
        Ok(Planned::as_it_is(query))
    }

    fn evaluate(
        &self,
        Planned { query, .. }: Planned,
        _cancellation: &Cancellation,
        until: &Cancellation,
    ) -> Result<QueryResults<'static>, QueryEvaluationError> {
        self.ask(&query, &until.token())
    }

    fn quads(
        &self,
        pattern: QuadPattern<'_>,
        most: Option<usize>,
        cancellation: &Cancellation,
    ) -> Quads {
        let QuadPattern { subject, predicate, object, graph } = pattern;
        let Some(query) = endpoint::pattern(subject, predicate, object, graph, most) else {
            return Box::new(iter::empty());
        };
        let failed = {
            let cancellation = cancellation.clone();
            move |error| evaluation_failed(error, &cancellation)
        };
        let results = self.ask(&query, &cancellation.token()).map_err(&failed);
        let solutions = match results.and_then(|results| cancellation.check().map(|()| results)) {
            Ok(QueryResults::Solutions(solutions)) => solutions,
            Ok(_) => return Box::new(iter::empty()),
            Err(error) => return Box::new(iter::once(Err(error))),
        };
        let subject = subject.map(NamedOrBlankNodeRef::into_owned);
        let predicate = predicate.map(NamedNodeRef::into_owned);
        let object = object.map(TermRef::into_owned);
        let graph = graph.map(GraphNameRef::into_owned);
        Box::new(solutions.filter_map(move |solution| {
            match solution {
                Ok(solution) => endpoint::quad_of(
                    &solution,
                    subject.as_ref().map(NamedOrBlankNode::as_ref),
                    predicate.as_ref().map(NamedNode::as_ref),
                    object.as_ref().map(Term::as_ref),
                    graph.as_ref().map(GraphName::as_ref),
                )
                .map(Ok),
                Err(error) => Some(Err(failed(error))),
            }
        }))
    }
}

/// Limits the rows of a SELECT, so that the endpoint need not find and send rows that are not wanted.
fn limit_rows(query: &mut Query, most: usize) {
    let Query::Select { pattern, .. } = query else { return };
    if let GraphPattern::Slice { length, .. } = pattern {
        *length = Some(length.map_or(most, |length| length.min(most)));
    } else {
        let inner = std::mem::take(pattern).into();
        *pattern = GraphPattern::Slice { inner, start: 0, length: Some(most) };
    }
}
