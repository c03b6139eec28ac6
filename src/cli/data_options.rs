//! The options that name the dossier and the data.

use super::inputs::InputOptions;
use super::one_of::{OneOf, by_name};
use crate::diagnostic::{Diagnostic, Error};
use crate::format::GraphFormat;
use clap::Args;
use oxigraph::model::NamedNode;
use std::path::{Path, PathBuf};

/// Which dossier and data to ask, as typed. [`Context`](super::context::Context) opens them.
#[derive(Clone, Args)]
pub(super) struct DataOptions {
    /// The folder of the dossier [default: the nearest one at or above this folder, else the built-in one]
    #[arg(long, global = true, value_name = "DIR", help_heading = "What is asked")]
    pub dossier: Option<PathBuf>,

    /// Ask these files of RDF instead of the dossier's own data, compressed or not; - is standard input. More files may
    /// follow, or have a `--data` each
    #[arg(long, global = true, value_name = "FILE", help_heading = "What is asked")]
    pub data: Vec<PathBuf>,

    /// Ask this store on disk instead of the dossier's own data: see `dossier load`
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        conflicts_with = "data",
        help_heading = "What is asked"
    )]
    pub store: Option<PathBuf>,

    /// Ask this SPARQL endpoint instead of the dossier's own data: see `dossier help endpoints`
    #[arg(
        long,
        global = true,
        value_name = "URL",
        value_hint = clap::ValueHint::Url,
        conflicts_with_all = ["data", "store"],
        help_heading = "What is asked"
    )]
    pub endpoint: Option<String>,

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
    pub no_plan: bool,
}

impl DataOptions {
    /// Whether other data than the dossier's own is asked.
    pub(super) const fn names_data(&self) -> bool {
        !self.data.is_empty() || self.store.is_some() || self.endpoint.is_some()
    }

    /// Returns the same options without files.
    #[must_use]
    pub(super) fn without_files(self) -> Self {
        Self { data: Vec::new(), ..self }
    }

    /// The store on disk that a command works on.
    ///
    /// # Errors
    /// If `--store` does not name it; `verb` is what would be done with it.
    pub(super) fn store_to(&self, verb: &str) -> Result<&Path, Error> {
        self.store.as_deref().ok_or_else(|| {
            Diagnostic::error("option-missing", format!("there is no store to {verb}"))
                .help("say which with `--store DIR`")
                .usage()
        })
    }

    /// Returns what the options say of files.
    pub(super) fn described(&self) -> InputOptions<'_> {
        InputOptions { format: self.from, base: self.base.as_deref() }
    }
}

/// An IRI that other IRIs can be relative to, for clap.
fn absolute_iri(iri: &str) -> Result<String, String> {
    NamedNode::new(iri)
        .map(NamedNode::into_string)
        .map_err(|_| "an IRI with its scheme is needed, such as `http://example.com/`".to_owned())
}

/// Reads the name of a format of graphs, or the extension of its files.
pub(super) const GRAPH_FORMAT: OneOf<GraphFormat> =
    OneOf::new(|| by_name(GraphFormat::ALL, GraphFormat::name)).or(GraphFormat::from_extension);
