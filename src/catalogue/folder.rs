//! The saved queries of a dossier, by name. Each is read when it is asked for.

use super::saved_query::SavedQuery;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, error, nearest};
use crate::dossier::{Dossier, SourceFile};
use crate::parallel::in_parts;
use crate::sparql::declared_prefixes;
use crate::vocabulary::Prefixes;

/// How many queries are worth a thread to read them.
const WORTH_A_THREAD: usize = 8;

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
            Some(source) => self.parse(&source).map_err(Diagnostic::input),
            None => {
                let misnamed = self.dossier.misnamed_queries()?;
                if let Some((_, path)) = misnamed.iter().find(|(stem, _)| stem == name) {
                    return Err(error!("query-unknown", "unknown saved query `{name}`")
                        .note(format!("`{path}` is ignored: a saved query is a `.rq` file"))
                        .help(format!("rename it to `queries/{name}.rq`"))
                        .usage());
                }
                let names = self.names()?;
                let problem = error!("query-unknown", "unknown saved query `{name}`");
                // (What is given may be a path, or a query.)
                let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".rq");
                let near = nearest(stem, names.iter().map(String::as_str));
                Err(problem
                    .suggest(near, || {
                        if name.contains('{') {
                            "run your own query with `dossier query`"
                        } else {
                            "`dossier list` shows all saved queries"
                        }
                    })
                    .usage())
            }
        }
    }

    /// Reads a saved query of the dossier.
    ///
    /// # Errors
    /// If the file is none; if it lacks a prefix that other files of the dossier declare, with its namespace.
    pub fn parse(&self, source: &SourceFile) -> Result<SavedQuery, Diagnostic> {
        SavedQuery::parse_among(source, &|| self.prefixes())
    }

    /// The prefixes that the ontology and the queries declare, as far as they can be read.
    fn prefixes(&self) -> Prefixes {
        let mut prefixes = Prefixes::default();
        let sources = [self.dossier.ontology(), self.dossier.queries()];
        for source in sources.into_iter().flatten().flatten() {
            for (prefix, namespace) in declared_prefixes(source.text().unwrap_or_default()).iter() {
                prefixes.add(prefix, namespace);
            }
        }
        prefixes
    }

    /// All queries, in the order of their names.
    ///
    /// # Errors
    /// The first error of each broken file.
    pub fn all(&self) -> Result<Vec<SavedQuery>> {
        let (queries, problems) = self.readable()?;
        if problems.is_empty() {
            Ok(queries)
        } else {
            Err(Error { kind: ErrorKind::Input, problems })
        }
    }

    /// The queries that can be read, in the order of their names, and the first error of each broken file.
    ///
    /// # Errors
    /// If the folder or a file cannot be read.
    pub(crate) fn readable(&self) -> Result<(Vec<SavedQuery>, Vec<Diagnostic>)> {
        let sources = self.dossier.queries()?;
        let parsed = in_parts(&sources, WORTH_A_THREAD, |sources| {
            Ok(sources.iter().map(|source| self.parse(source)).collect())
        })?;
        let (mut queries, mut problems) = (Vec::new(), Vec::new());
        for query in parsed {
            match query {
                Ok(query) => queries.push(query),
                Err(problem) => problems.push(problem),
            }
        }
        Ok((queries, problems))
    }
}
