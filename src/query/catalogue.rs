//! The saved queries of a dossier, by name. Each is read when it is asked for.

use super::SavedQuery;
use crate::dossier::Dossier;
use crate::error::{Error, ErrorKind, Problem, Result, nearest};

/// The saved queries of a dossier.
#[derive(Debug, Clone)]
pub struct Catalogue<'a> {
    dossier: &'a Dossier,
}

impl<'a> Catalogue<'a> {
    /// The catalogue of a dossier.
    pub const fn new(dossier: &'a Dossier) -> Self {
        Self { dossier }
    }

    /// The names of the queries, in order.
    pub fn names(&self) -> Result<Vec<String>> {
        self.dossier.query_names()
    }

    /// The query with a name.
    ///
    /// # Errors
    /// If there is none, with the nearest name; or if its file is broken.
    pub fn get(&self, name: &str) -> Result<SavedQuery> {
        match self.dossier.query(name)? {
            Some(source) => SavedQuery::parse(&source).map_err(Problem::input),
            None => {
                let names = self.names()?;
                let problem = Problem::new(format!("there is no saved query `{name}`"));
                Err(match nearest(name, names.iter().map(String::as_str)) {
                    Some(nearest) => problem.help(format!("did you mean `{nearest}`?")),
                    None => problem.help("`dossier list` shows them all"),
                }
                .usage())
            }
        }
    }

    /// All queries, in the order of their names.
    ///
    /// # Errors
    /// The first error of each broken file.
    pub fn all(&self) -> Result<Vec<SavedQuery>> {
        let mut queries = Vec::new();
        let mut problems = Vec::new();
        for source in self.dossier.queries()? {
            match SavedQuery::parse(&source) {
                Ok(query) => queries.push(query),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok(queries)
        } else {
            Err(Error { kind: ErrorKind::Input, problems })
        }
    }
}
