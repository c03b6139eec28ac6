//! The options that name the dossier and the data.

use super::inputs::{self, InputOptions};
use super::one_of::{OneOf, by_name};
use crate::diagnostic::{Diagnostic, Error};
use crate::format::{GraphFormat, InputFormat};
use clap::Args;
use oxigraph::model::NamedNode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::path::{Path, PathBuf};

/// Which dossier and data to ask, as typed. [`Context`](super::context::Context) opens them.
#[derive(Clone, Args, Serialize, Deserialize)]
pub(super) struct DataOptions {
    /// Folder of the dossier [default: the current folder or its nearest parent that is a dossier, else the built-in
    /// dossier]. If it is given several times, the dossiers are asked together; see `dossier help several`
    #[arg(long, global = true, value_name = "DIR", help_heading = "Data")]
    pub dossier: Vec<PathBuf>,

    /// Use these RDF files instead of the data of the dossier; - is standard input. Files may be compressed. More
    /// files may follow, or each may have its own `--data`
    #[arg(long, global = true, value_name = "FILE", help_heading = "Data")]
    pub data: Vec<PathBuf>,

    /// Use this store on disk instead of the data of the dossier; see `dossier load`
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "data", help_heading = "Data")]
    pub store: Option<PathBuf>,

    /// Use this SPARQL endpoint instead of the data of the dossier; see `dossier help endpoints`
    #[arg(
        long,
        global = true,
        value_name = "URL",
        value_hint = clap::ValueHint::Url,
        conflicts_with_all = ["data", "store"],
        help_heading = "Data"
    )]
    pub endpoint: Option<String>,

    /// Format of files whose names do not show it
    #[arg(long, global = true, value_name = "FORMAT", value_parser = INPUT_FORMAT, hide_possible_values = true, help_heading = "Data")]
    #[serde(serialize_with = "write_format", deserialize_with = "read_format")]
    from: Option<InputFormat>,

    /// Resolve relative IRIs in the files against this IRI [default: the IRI of each file]
    #[arg(long, global = true, value_name = "IRI", value_parser = absolute_iri, help_heading = "Data")]
    base: Option<String>,

    /// Use this file for the JSON-LD context at this address; more may follow, each with its own `--context-for`.
    /// schema.org, DCAT, PROV, Web Annotation, ActivityStreams and others are built in; see `dossier help json-ld`
    #[arg(long, global = true, value_name = "URL=FILE", value_parser = context_for, help_heading = "Data")]
    context_for: Vec<(String, PathBuf)>,

    /// Skip invalid statements in Turtle, TriG, N-Triples and N-Quads files, and report how many
    #[arg(long, global = true, help_heading = "Data")]
    pub lenient: bool,

    /// Do not use statistics to order joins. Without ORDER BY, this may change the order of the results and which of
    /// them LIMIT selects
    #[arg(long, global = true, help_heading = "Data")]
    pub no_plan: bool,
}

impl DataOptions {
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
            Diagnostic::error("option-missing", format!("missing store to {verb}"))
                .help("name it with `--store DIR`")
                .usage()
        })
    }

    /// Returns what the options say of files.
    ///
    /// # Errors
    /// For each file of `--context-for` that is not a context.
    pub(super) fn described(&self) -> Result<InputOptions<'_>, Error> {
        let contexts = inputs::contexts(&self.context_for)?;
        Ok(InputOptions { format: self.from, base: self.base.as_deref(), contexts })
    }
}

/// Writes a format by its name.
#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn write_format<S: Serializer>(
    format: &Option<InputFormat>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    format.map(InputFormat::name).serialize(serializer)
}

fn read_format<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<InputFormat>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    Ok(name.and_then(|name| InputFormat::from_name(&name)))
}

/// An IRI that other IRIs can be relative to, for clap.
fn absolute_iri(iri: &str) -> Result<String, String> {
    NamedNode::new(iri)
        .map(NamedNode::into_string)
        .map_err(|_| "expected an IRI with a scheme, such as `http://example.com/`".to_owned())
}

/// The address of a context and the file with it, for clap.
fn context_for(text: &str) -> Result<(String, PathBuf), String> {
    match text.rsplit_once('=') {
        Some((address, file)) if !address.is_empty() && !file.is_empty() => {
            Ok((address.to_owned(), file.into()))
        }
        _ => {
            Err("expected `URL=FILE`, such as `https://example.com/context=context.jsonld`"
                .to_owned())
        }
    }
}

/// Reads the name of a format of files, or one of their extensions.
const INPUT_FORMAT: OneOf<InputFormat> =
    OneOf::new(|| by_name(InputFormat::all(), InputFormat::name)).or(InputFormat::from_extension);

/// Reads the name of a format of graphs, or the extension of its files.
pub(super) const GRAPH_FORMAT: OneOf<GraphFormat> =
    OneOf::new(|| by_name(GraphFormat::ALL, GraphFormat::name)).or(GraphFormat::from_extension);
