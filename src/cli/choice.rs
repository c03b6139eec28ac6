//! What is asked: the dossier and the data that the arguments name, and queries from files.

use super::inputs::{self, Described};
use super::one_of::{OneOf, by_name};
use super::output::Meter;
use super::report;
use super::supervise::RowLimit;
use anyhow::Context as _;
use clap::Args;
use dossier::budget::Limits;
use dossier::dossier::{Dossier, Source};
use dossier::endpoint::Address;
use dossier::error::{Error, Problem, reason};
use dossier::format::GraphFormat;
use dossier::rdf::read::{Compression, RdfFile, RdfInput};
use dossier::session::{Data, Session};
use oxigraph::model::NamedNode;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

/// What is asked: which dossier, and which data.
#[derive(Clone, Args)]
pub struct Choice {
    /// The folder of the dossier [default: the nearest one at or above this folder, else the built-in one]
    #[arg(long, global = true, value_name = "DIR", help_heading = "What is asked")]
    dossier: Option<PathBuf>,

    /// Ask these files of RDF instead of the dossier's own data, compressed or not; - is standard input
    #[arg(long, global = true, value_name = "FILE", num_args = 1.., help_heading = "What is asked")]
    data: Vec<PathBuf>,

    /// Ask this store on disk instead of the dossier's own data: see `dossier load`
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        conflicts_with = "data",
        help_heading = "What is asked"
    )]
    store: Option<PathBuf>,

    /// Ask this SPARQL endpoint instead of the dossier's own data: see `dossier help endpoints`
    #[arg(
        long,
        global = true,
        value_name = "URL",
        value_hint = clap::ValueHint::Url,
        conflicts_with_all = ["data", "store"],
        help_heading = "What is asked"
    )]
    endpoint: Option<String>,

    /// The format of files whose names do not tell it
    #[arg(long, global = true, value_name = "FORMAT", value_parser = GRAPH_FORMAT, hide_possible_values = true, help_heading = "What is asked")]
    from: Option<GraphFormat>,

    /// Resolve relative IRIs in the files against this IRI [default: the IRI of each file]
    #[arg(long, global = true, value_name = "IRI", value_parser = absolute_iri, help_heading = "What is asked")]
    base: Option<String>,

    /// Skip broken statements in files of Turtle, TriG, N-Triples and N-Quads, and report how many
    #[arg(long, global = true, help_heading = "What is asked")]
    pub lenient: bool,

    /// Do not order the joins of queries by statistics of the data. The answers are the same, but for their order where
    /// there is no ORDER BY, and for which rows a LIMIT without one takes
    #[arg(long, global = true, help_heading = "What is asked")]
    no_plan: bool,

    /// Say nothing but answers and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// How far the command may go.
    #[arg(skip)]
    pub limits: Limits,

    /// How many results a query may have that does not say so itself.
    #[arg(skip)]
    pub rows: RowLimit,

    /// The session, once something asked for it.
    #[arg(skip)]
    session: OnceCell<Session>,
}

impl Choice {
    /// The same choice, for one command over a session that is open already.
    #[must_use]
    pub fn over(self, session: &Session, limits: Limits) -> Self {
        Self { session: session.limited(&limits).into(), limits, ..self }
    }

    /// The folder that `--dossier` names.
    pub fn dossier_folder(&self) -> Option<&Path> {
        self.dossier.as_deref()
    }

    /// Whether other data than the dossier's own is asked.
    pub const fn names_data(&self) -> bool {
        !self.data.is_empty() || self.store.is_some() || self.endpoint.is_some()
    }

    /// The store on disk that `--store` names.
    pub fn store_folder(&self) -> Option<&Path> {
        self.store.as_deref()
    }

    /// The store on disk that a command works on.
    ///
    /// # Errors
    /// If `--store` does not name it; `verb` is what would be done with it.
    pub fn store_to(&self, verb: &str) -> Result<&Path, Error> {
        self.store_folder().ok_or_else(|| {
            Problem::new(format!("there is no store to {verb}"))
                .help("say which with `--store DIR`")
                .usage()
        })
    }

    /// The files that `--data` names.
    pub fn data_files(&self) -> &[PathBuf] {
        &self.data
    }

    /// The dossier that is meant.
    pub fn dossier(&self) -> anyhow::Result<Dossier> {
        if let Some(folder) = &self.dossier {
            return Ok(Dossier::open(folder)?);
        }
        let here = std::env::current_dir().context("the current folder cannot be read")?;
        Ok(Dossier::find(&here).unwrap_or_else(Dossier::built_in))
    }

    /// A session on what is meant, loaded when something first asks for it. Its store lasts as long as the process: to
    /// take a large one apart again, term by term, would only keep the user waiting.
    pub fn session(&self) -> anyhow::Result<&Session> {
        if let Some(session) = self.session.get() {
            return Ok(session);
        }
        let mut session = self.open()?;
        if self.no_plan {
            session = session.without_planning();
        }
        std::mem::forget(session.clone());
        let session = session.limited(&self.limits);
        self.limits.cancellation.check()?;
        report::skipped(session.skipped());
        if !self.quiet {
            report::respelled(session.respelled(), session.prefixes());
            report::lowered(session.lowered());
            if let Some(folder) = &self.store
                && !self.no_plan
                && session.lacks_index()?
            {
                report::without_index(folder);
            }
        }
        Ok(self.session.get_or_init(|| session))
    }

    /// A session for somebody who waits for a key to do something: none if what is meant is broken, large or compressed,
    /// stands on standard input, or is a store on disk or an endpoint.
    pub fn small_session(&self, most_bytes: u64) -> Option<&Session> {
        let is_elsewhere = self.store.is_some() || self.endpoint.is_some();
        if is_elsewhere || self.data.iter().any(|path| path == Path::new("-")) {
            return None;
        }
        let bytes = if self.data.is_empty() {
            self.dossier().ok()?.data_size().ok()?
        } else {
            let files = inputs::expanded(&self.data).ok()?;
            // How much there is in what is compressed is not known.
            if files.iter().any(|file| Compression::of(file).is_some()) {
                return None;
            }
            Meter::of_files(&files).size()
        };
        if bytes > most_bytes { None } else { self.session().ok() }
    }

    fn open(&self) -> anyhow::Result<Session> {
        let dossier = self.dossier()?;
        if let Some(folder) = &self.store {
            return Ok(Session::open(dossier, &Data::Store(folder.clone()))?);
        }
        if let Some(url) = &self.endpoint {
            return Ok(Session::open(dossier, &Data::Endpoint(Address::parse(url)?))?);
        }
        if self.data.is_empty() {
            return Ok(Session::open(dossier, &Data::Dossier)?);
        }
        let files = self.data_inputs(&inputs::expanded(&self.data)?)?;
        Ok(if self.lenient {
            Session::of_files_leniently(dossier, files)?
        } else {
            Session::of_files(dossier, files)?
        })
    }

    /// Files that are to be asked.
    pub fn data_inputs(&self, paths: &[PathBuf]) -> Result<Vec<RdfInput>, Error> {
        inputs::data_inputs(paths, &self.described())
    }

    /// A file of RDF as a whole, or standard input.
    pub fn rdf_file(&self, path: &Path) -> Result<RdfFile, Problem> {
        inputs::rdf_file(path, &self.described())
    }

    /// Files that are to be read once, without being kept.
    pub fn rdf_inputs(&self, paths: &[PathBuf], meter: &Meter) -> Result<Vec<RdfInput>, Error> {
        inputs::rdf_inputs(paths, &self.described(), meter)
    }

    fn described(&self) -> Described<'_> {
        Described { format: self.from, base: self.base.as_deref() }
    }
}

/// An IRI that other IRIs can be relative to, for clap.
fn absolute_iri(iri: &str) -> Result<String, String> {
    NamedNode::new(iri)
        .map(NamedNode::into_string)
        .map_err(|_| "an IRI with its scheme is needed, such as `http://example.com/`".to_owned())
}

/// Reads the name of a format of graphs, or the extension of its files.
pub const GRAPH_FORMAT: OneOf<GraphFormat> =
    OneOf::new(|| by_name(GraphFormat::ALL, GraphFormat::name)).or(GraphFormat::from_extension);

/// The text of a query that is read from a file or standard input, with the name it goes by in messages.
pub fn read_query(path: Option<&Path>) -> anyhow::Result<(String, String)> {
    match path {
        Some(path) if path != Path::new("-") => {
            let name = path.display().to_string();
            let bytes = std::fs::read(path).map_err(|error| {
                Problem::new(format!("`{name}` cannot be read: {}", reason(&error))).input()
            })?;
            let source = Source { path: name.clone(), bytes: Cow::Owned(bytes) };
            let text = source.text().map_err(Problem::input)?.to_owned();
            Ok((name, text))
        }
        path => {
            if path.is_none() && std::io::stdin().is_terminal() {
                return Err(Problem::new("there is no query")
                    .help("give one: `dossier query 'SELECT * { ?s ?p ?o } LIMIT 10'`, `-f FILE`, or `-` for standard input")
                    .usage()
                    .into());
            }
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).context("standard input cannot be read")?;
            let text = String::from_utf8(bytes)
                .map_err(|_| Problem::new("standard input is not UTF-8").input())?;
            Ok(("query".to_owned(), text))
        }
    }
}
