//! The saved queries of a dossier, by name. Each is read on demand.

use super::saved_query::SavedQuery;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, error, nearest};
use crate::dossier::{Dossier, SourceFile};
use crate::parallel::in_parts;
use crate::sparql::declared_prefixes;
use crate::vocabulary::Prefixes;

/// The minimum number of queries per thread for reading them.
const WORTH_A_THREAD: usize = 8;

/// The saved queries of a dossier.
#[derive(Debug, Clone)]
pub struct Catalogue<'a> {
    dossier: &'a Dossier,
}

impl<'a> Catalogue<'a> {
    /// Creates the catalogue of a dossier.
    pub const fn new(dossier: &'a Dossier) -> Self {
        Self { dossier }
    }

    /// Returns the sorted names of the queries.
    pub fn names(&self) -> Result<Vec<String>> {
        self.dossier.query_names()
    }

    /// Returns the query with a name.
    ///
    /// # Errors
    /// If there is none, with the nearest name; or if its file is invalid.
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
                // (The argument may be a path or the text of a query.)
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

    /// Parses a saved query of the dossier.
    ///
    /// # Errors
    /// If the file is not a saved query. For a prefix that only other files declare, the error has the namespace.
    pub fn parse(&self, source: &SourceFile) -> Result<SavedQuery, Diagnostic> {
        SavedQuery::parse_among(source, &|| self.prefixes())
    }

    /// Returns the prefixes that the ontology and the queries declare, as far as they can be parsed.
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

    /// Returns all queries, sorted by name.
    ///
    /// # Errors
    /// The first error of each invalid file.
    pub fn all(&self) -> Result<Vec<SavedQuery>> {
        let (queries, problems) = self.readable()?;
        if problems.is_empty() {
            Ok(queries)
        } else {
            Err(Error { kind: ErrorKind::Input, problems })
        }
    }

    /// Returns the valid queries, sorted by name, and the first error of each invalid file.
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
