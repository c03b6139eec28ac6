//! The saved queries of a dossier, by name. Each is read on demand.

use super::pattern::Pattern;
use super::saved_query::SavedQuery;
use super::shell_word::in_shell;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Excerpt, Result, error, nearest};
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

    /// Returns whether there is a query, or several in different dossiers, with a name.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(crate) fn has(&self, name: &str) -> Result<bool> {
        Ok(self.names()?.iter().any(|known| known == name)
            || self.dossier.full_query_names()?.iter().any(|full| {
                full == name || full.split_once('/').is_some_and(|(_, stem)| stem == name)
            }))
    }

    /// Returns the sorted names of the queries that begin with a text. Of several dossiers, a text with `/` begins a name
    /// with that of a dossier in front, which every query can have.
    pub(crate) fn names_from(&self, begun: &str) -> Result<Vec<String>> {
        let has_dossiers = begun.contains('/') && !self.dossier.parts().is_empty();
        let mut names = if has_dossiers { self.dossier.full_query_names()? } else { self.names()? };
        names.retain(|name| name.starts_with(begun));
        names.sort();
        Ok(names)
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
                if let Ok(pattern) = self.pattern(name) {
                    return Err(error!(
                        "pattern-not-query",
                        "`{name}` is a pattern for claims, not a query"
                    )
                    .help(format!(
                        "use it for a claim: `dossier claim DOCUMENT 'WORDS' {}`",
                        pattern.option()
                    ))
                    .usage());
                }
                if self.dossier.checks()?.iter().any(|source| source.stem() == name) {
                    let message = format!("`{name}` is a check query, not a saved query");
                    return Err(Diagnostic::error("query-unknown", message)
                        .help("`dossier check` runs it")
                        .usage());
                }
                let names = self.names()?;
                let problem = error!("query-unknown", "unknown saved query `{name}`");
                // (The argument may be a path or the text of a query.)
                let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".rq");
                let near = nearest(stem, names.iter().map(String::as_str)).map(in_shell);
                Err(problem
                    .suggest(near.as_deref(), || {
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
        // (A pattern that was saved as a query has errors that a pattern would not have.)
        let parsed = |catalogue: &Self| {
            SavedQuery::parse_among(source, &|| catalogue.prefixes())
                .map_err(|problem| catalogue.misplaced_pattern(source).unwrap_or(problem))
        };
        match self.dossier.part_of(&source.path) {
            None => parsed(self),
            Some(part) => {
                let query = parsed(&Catalogue::new(&part.dossier))?;
                Ok(SavedQuery { name: self.dossier.query_name(source), ..query })
            }
        }
    }

    /// Returns the error for a pattern with parameters that is saved as a query.
    pub(crate) fn misplaced_pattern(&self, source: &SourceFile) -> Option<Diagnostic> {
        let pattern = self.parse_pattern(source).ok()?;
        if pattern.query.parameters.is_empty() {
            return None;
        }
        let name = source.stem();
        Some(
            error!("query-misplaced", "`{name}` is a pattern for claims, not a query")
                .at(first_line(source))
                .help(format!("move it to `queries/patterns/{name}.rq`")),
        )
    }

    /// Returns the prefixes that the ontology, the data and the queries declare for themselves, as far as they can be
    /// parsed.
    pub(crate) fn prefixes(&self) -> Prefixes {
        let mut prefixes = Prefixes::default();
        let sources = [self.dossier.ontology(), self.dossier.queries(), self.dossier.data()];
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
        let (mut queries, mut problems): (Vec<SavedQuery>, _) = (Vec::new(), Vec::new());
        for query in parsed {
            match query {
                Ok(query) => queries.push(query),
                Err(problem) => problems.push(problem),
            }
        }
        if !self.dossier.parts().is_empty() {
            queries.sort_by(|one, other| one.name.cmp(&other.name));
        }
        Ok((queries, problems))
    }

    /// Returns the sorted names of the patterns.
    pub(crate) fn pattern_names(&self) -> Result<Vec<String>> {
        Ok(self.dossier.patterns()?.iter().map(|source| source.stem().to_owned()).collect())
    }

    /// Returns the pattern with a name.
    ///
    /// # Errors
    /// If there is none, with the nearest name; or if its file is invalid.
    pub(crate) fn pattern(&self, name: &str) -> Result<Pattern> {
        let sources = self.dossier.patterns()?;
        if let Some(source) = sources.iter().find(|source| source.stem() == name) {
            return self.parse_pattern(source).map_err(Diagnostic::input);
        }
        let names = sources.iter().map(SourceFile::stem);
        let problem = error!("pattern-unknown", "unknown pattern `{name}`");
        let is_query = self.names()?.iter().any(|query| query == name);
        Err(problem
            .suggest(nearest(name, names), || match (is_query, sources.is_empty()) {
                (true, _) => "it is a saved query: `dossier run` runs it",
                (_, true) => "patterns are files in `queries/patterns/`: this dossier has none",
                _ => "`dossier list` shows all patterns",
            })
            .usage())
    }

    /// Parses a pattern of the dossier.
    ///
    /// # Errors
    /// If the file is not a pattern.
    pub(crate) fn parse_pattern(&self, source: &SourceFile) -> Result<Pattern, Diagnostic> {
        Pattern::parse_among(source, &|| self.prefixes())
    }

    /// Returns the valid patterns, sorted by name, and the first error of each invalid file.
    ///
    /// # Errors
    /// If the folder or a file cannot be read.
    pub(crate) fn readable_patterns(&self) -> Result<(Vec<Pattern>, Vec<Diagnostic>)> {
        let (mut patterns, mut problems) = (Vec::new(), Vec::new());
        for source in self.dossier.patterns()? {
            match self.parse_pattern(&source) {
                Ok(pattern) => patterns.push(pattern),
                Err(problem) => problems.push(problem),
            }
        }
        Ok((patterns, problems))
    }
}

/// Returns the location of an error about a whole file.
fn first_line(source: &SourceFile) -> Excerpt {
    let text = source.text().unwrap_or_default();
    Excerpt::new(&source.path, text, 0..text.lines().next().map_or(0, str::len))
}
