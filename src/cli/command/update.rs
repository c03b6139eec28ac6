use super::TextFormat;
use crate::author::{Acceptance, DocumentUpdate, write_json, write_text};
use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, variant};
use crate::cli::output::chosen_format;
use crate::cli::reporter::listed;
use crate::cli::source_file::SourceFileArgs;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare a document with its new text: which quotes stand, which change and which vanish
///
/// Without an option, `update` writes nothing. `--accept` writes the new text and the new words of the named claims, if
/// every quote that stood in the old text then stands in the new one. Claims are never deleted. The exit code is 1 if a
/// quote does not stand or needs your attention, and 0 otherwise.
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// The document: an IRI, a CURIE, its title, or the name of its file
    document: String,

    #[command(flatten)]
    file: SourceFileArgs,

    /// Write the new text, and the proposed words of these claims and omissions. Without names, write the new text if all
    /// quotes stand
    #[arg(long, value_name = "CLAIM", num_args = 0..)]
    accept: Option<Vec<String>>,

    /// Write the new text, and the new words of all quotes that differ only in typography
    #[arg(long)]
    accept_typographic: bool,

    /// Write the new text even if other quotes no longer stand; `dossier check` reports them
    #[arg(long)]
    leave_rest: bool,

    /// Also list the quotes that stand
    #[arg(long)]
    all: bool,

    /// Output format: text or json [default: from the name of the output file, else text]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = OneOf::<TextFormat>::of_enum(), hide_possible_values = true)]
    format: Option<TextFormat>,

    /// Write the report to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl UpdateArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let format = chosen_format(self.format, self.output.as_deref(), variant)?
            .unwrap_or(TextFormat::Text);
        let source = self.file.read()?;
        let session = context.editable_session("update")?;
        let update = DocumentUpdate::plan(session, &self.document, &source)?;
        let target = context.target(self.output.as_deref());
        target.write(|out| {
            Ok(match format {
                TextFormat::Text => write_text(&update, self.all, target.is_colourful, out),
                TextFormat::Json => write_json(&update, out),
            }?)
        })?;
        if self.accept.is_none() && !self.accept_typographic && !self.leave_rest {
            return Ok(ExitCode::from(u8::from(update.needs_attention())));
        }
        let written = update.write(&Acceptance {
            claims: self.accept.as_deref().unwrap_or_default(),
            typographic: self.accept_typographic,
            leaves_rest: self.leave_rest,
        })?;
        let written: Vec<String> = written.iter().map(|path| format!("`{path}`")).collect();
        context.reporter.note(&format!("wrote {}", listed(&written)));
        Ok(ExitCode::SUCCESS)
    }
}
