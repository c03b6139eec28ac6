//! The options of JSON-LD.

use crate::diagnostic::Diagnostic;
use crate::format::GraphFormat;
use crate::rdf::read::unreadable;
use crate::rdf::write::{JsonLdContext, JsonLdFrame, JsonLdOptions};
use clap::Args;
use std::path::{Path, PathBuf};

/// What shape JSON-LD is written in.
#[derive(Debug, Args)]
#[command(next_help_heading = "JSON-LD")]
pub(super) struct JsonLdArguments {
    /// Use the names of the context in FILE instead of one made for the data
    #[arg(long, value_name = "FILE", conflicts_with = "expanded")]
    context: Option<PathBuf>,

    /// Write the tree that the frame in FILE describes
    #[arg(long, value_name = "FILE", conflicts_with = "flattened")]
    frame: Option<PathBuf>,

    /// Write full names, without a context
    #[arg(long)]
    expanded: bool,

    /// Write every node at the top level, without nesting
    #[arg(long)]
    flattened: bool,
}

impl JsonLdArguments {
    /// The name of the first option that is given.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [
            ("context", self.context.is_some()),
            ("frame", self.frame.is_some()),
            ("expanded", self.expanded),
            ("flattened", self.flattened),
        ];
        given.into_iter().find(|(_, is_given)| *is_given).map(|(name, _)| name)
    }

    /// The options, if any is given.
    ///
    /// # Errors
    /// If one is given and the format is another one, or a file cannot be used.
    pub(super) fn options(
        &self,
        format: Option<GraphFormat>,
    ) -> anyhow::Result<Option<JsonLdOptions>> {
        let Some(name) = self.given() else { return Ok(None) };
        if let Some(format) = format.filter(|format| *format != GraphFormat::JsonLd) {
            return Err(Diagnostic::error(
                "option-format",
                format!("`--{name}` applies to JSON-LD, not to {}", format.name()),
            )
            .help("use `--format jsonld`")
            .usage()
            .into());
        }
        Ok(Some(JsonLdOptions {
            context: self
                .context
                .as_deref()
                .map(|path| read(path, JsonLdContext::parse))
                .transpose()?,
            frame: self.frame.as_deref().map(|path| read(path, JsonLdFrame::parse)).transpose()?,
            expanded: self.expanded,
            flattened: self.flattened,
        }))
    }
}

fn read<T>(path: &Path, parse: impl Fn(&str) -> Result<T, Diagnostic>) -> anyhow::Result<T> {
    let bytes =
        std::fs::read(path).map_err(|error| unreadable(&path.to_string_lossy(), &error).usage())?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Diagnostic::error("not-utf-8", format!("`{}` is not UTF-8", path.display())).input()
    })?;
    let parsed = parse(&text).map_err(|mut problem| {
        problem.message = format!("`{}`: {}", path.display(), problem.message);
        problem.input()
    });
    Ok(parsed?)
}
