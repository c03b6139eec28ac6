//! A query with its source text.

use crate::algebra::{Binding, bind};
use crate::diagnostic::{Diagnostic, Result};
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
    /// Replaces the parameters of a query by values.
    ///
    /// # Errors
    /// If a value is not allowed at an occurrence of its parameter.
    pub fn new(
        origin: &str,
        text: &str,
        query: &Query,
        values: HashMap<Variable, Binding>,
    ) -> Result<Self, Diagnostic> {
        let query = bind(query, &values)
            .map_err(|error| Diagnostic::error("parameter-misplaced", error.to_string()))?;
        Ok(Self { query, origin: origin.to_owned(), text: text.to_owned(), values })
    }
}
