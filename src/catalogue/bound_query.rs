//! A query with the text that it was read from.

use crate::algebra::{Binding, bind};
use crate::diagnostic::{Diagnostic, Result};
use spargebra::Query;
use spargebra::term::Variable;
use std::collections::HashMap;

/// A query as it is asked, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundQuery {
    /// The query, with values in the place of its parameters.
    pub query: Query,
    /// The name of its text: a file's path, or `query`.
    pub origin: String,
    /// Its text.
    pub text: String,
    /// What was put in the place of its parameters.
    pub values: HashMap<Variable, Binding>,
}

impl BoundQuery {
    /// Puts values in the place of the parameters of a query.
    ///
    /// # Errors
    /// If a value cannot stand where its parameter stands.
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
