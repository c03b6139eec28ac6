//! A query with its source text.

use crate::algebra::{Binding, DateBoundError, bind, expand_date_bounds};
use crate::diagnostic::{Diagnostic, Result, error};
use spargebra::Query;
use spargebra::term::Variable;
use std::collections::HashMap;

/// A query to evaluate, with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundQuery {
    /// The query with its parameters replaced by values.
    pub query: Query,
    /// The name of its text: a file's path, or `query`.
    pub origin: String,
    /// Its text.
    pub text: String,
    /// The values of its parameters.
    pub values: HashMap<Variable, Binding>,
}

impl BoundQuery {
    /// Replaces the parameters of a query by values, and the functions for dates of different precision by plain SPARQL.
    ///
    /// # Errors
    /// If a value is not allowed at an occurrence of its parameter, or if such a function has not one argument.
    pub fn new(
        origin: &str,
        text: &str,
        query: &Query,
        values: HashMap<Variable, Binding>,
    ) -> Result<Self, Diagnostic> {
        let query = with_values(query, &values)?;
        Ok(Self { query, origin: origin.to_owned(), text: text.to_owned(), values })
    }

    /// Returns another query, such as one of a part of the text, with the values of this one.
    ///
    /// # Errors
    /// Like those of [`new`](Self::new).
    pub(crate) fn bind_alike(&self, query: &Query) -> Result<Query, Diagnostic> {
        with_values(query, &self.values)
    }
}

fn with_values(query: &Query, values: &HashMap<Variable, Binding>) -> Result<Query, Diagnostic> {
    let mut query = bind(query, values)
        .map_err(|error| Diagnostic::error("parameter-misplaced", error.to_string()))?;
    expand_date_bounds(&mut query).map_err(|error| match &error {
        DateBoundError::Arguments { function, .. } => {
            error!("argument-count", "{error}").help(format!("write `{function}(?date)`"))
        }
        DateBoundError::ComparedWithDate { date, .. } => error!("day-compared", "{error}")
            .help(format!("write `dos:earliest({date})` or `dos:latest({date})`")),
    })?;
    Ok(query)
}
