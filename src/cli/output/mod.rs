//! Where answers go: standard output, or a file that is whole or not there.

mod arrangement;
mod citations;
mod closable;
mod file_format;
mod spreadsheet;
mod target;
mod truncation;
mod warnings;
mod wrap;
mod writer;

pub(super) use arrangement::Arrangement;
pub(super) use citations::CiteOptions;
pub(super) use file_format::chosen_format;
pub(super) use target::{Target, close_unfinished, unwritable};
pub(super) use truncation::Truncation;
pub(super) use warnings::{DiagnoseOptions, tell_empty_answer, tell_warnings};
pub(super) use wrap::{write_filled, write_pairs};
pub(super) use writer::AnswerWriter;

use super::one_of::{OneOf, by_name};
use crate::answer::write::{Terms, check_built};
use crate::diagnostic::Diagnostic;
use crate::format::{Format, ResultFormat};
use clap::Args;
use spreadsheet::SpreadsheetOptions;
use std::path::PathBuf;

/// How an answer is written.
#[derive(Debug, Args)]
pub(super) struct OutputOptions {
    /// The output format
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = FORMAT, help = FORMAT_HELP, hide_possible_values = true, help_heading = "Output")]
    pub format: Option<Format>,

    /// Write to FILE instead of standard output, compressed if its name ends in .gz or .zst
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Show only the first N rows or triples
    #[arg(long, value_name = "N", value_parser = super::supervise::whole_number, allow_negative_numbers = true, help_heading = "Output")]
    pub limit: Option<usize>,

    /// Do not fit tables to the width of the terminal
    #[arg(long, help_heading = "Output")]
    pub whole: bool,

    /// How to show IRIs
    #[arg(long, value_enum, value_name = "KIND", help = TERMS_HELP, help_heading = "Output")]
    pub terms: Option<TermsOption>,

    #[command(flatten)]
    spreadsheet: SpreadsheetOptions,
}

/// The help for the format, with the formats of this build.
const FORMAT_HELP: &str = if cfg!(feature = "xlsx") {
    "Output format: table, csv, tsv, json, xml, markdown, jsonl or xlsx for rows and booleans; turtle, trig, ntriples, nquads, rdfxml or jsonld for graphs [default: from the name of the output file, else table or turtle]"
} else {
    "Output format: table, csv, tsv, json, xml, markdown or jsonl for rows and booleans; turtle, trig, ntriples, nquads, rdfxml or jsonld for graphs [default: from the name of the output file, else table or turtle]"
};

/// The help for how IRIs are shown, with the formats of this build.
const TERMS_HELP: &str = if cfg!(feature = "xlsx") {
    "How to show IRIs in tables, Markdown and xlsx and, if given, in CSV and TSV [default: label]"
} else {
    "How to show IRIs in tables and Markdown and, if given, in CSV and TSV [default: label]"
};

/// [`Terms`], for clap.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
pub enum TermsOption {
    #[default]
    Label,
    Curie,
    Iri,
}

impl From<TermsOption> for Terms {
    fn from(option: TermsOption) -> Self {
        match option {
            TermsOption::Label => Self::Label,
            TermsOption::Curie => Self::Curie,
            TermsOption::Iri => Self::Iri,
        }
    }
}

/// Reads the name of a format, or the extension of its files, such as `ttl` or `md`. By its extension, a format is read
/// that this program was built without, so that an error can say so.
const FORMAT: OneOf<Format> =
    OneOf::new(|| by_name(Format::built(), Format::name)).or(Format::from_extension);

/// Reads the name of a format of rows, or the extension of its files.
pub(super) const ROW_FORMAT: OneOf<Format> =
    OneOf::new(|| by_name(Format::built().filter(|format| format.is_for_rows()), Format::name))
        .or(|extension| Format::from_extension(extension).filter(|format| format.is_for_rows()));

impl OutputOptions {
    /// The format that is asked for: by name, else by the name of the output file.
    ///
    /// # Errors
    /// If there is no such format, this program was built without it, or another option has no effect on it.
    pub(super) fn chosen_format(&self) -> anyhow::Result<Option<Format>> {
        let format = chosen_format(self.format, self.output.as_deref(), Format::from_extension)?;
        self.spreadsheet.check(format)?;
        if let Some(Format::Results(format)) = format {
            check_built(format)?;
        }
        Ok(format)
    }

    /// How IRIs are shown to people.
    pub(super) fn terms(&self) -> Terms {
        self.terms.unwrap_or_default().into()
    }

    /// Whether names stand for IRIs in a format that does not name them itself: in CSV and TSV if that is asked for, and in
    /// workbooks unless it is not wanted.
    ///
    /// # Errors
    /// If the format says of each term what it is, so that a name cannot stand for an IRI.
    fn is_named(&self, format: ResultFormat) -> anyhow::Result<bool> {
        match (self.terms, format) {
            (None, ResultFormat::Xlsx) => Ok(true),
            (None | Some(TermsOption::Iri), _)
            | (_, ResultFormat::Table | ResultFormat::Markdown) => Ok(false),
            (Some(_), ResultFormat::Csv | ResultFormat::Tsv | ResultFormat::Xlsx) => Ok(true),
            (Some(_), _) => Err(Diagnostic::error(
                "option-format",
                format!(
                    "`--terms` has no effect on `{}`, which always writes full IRIs",
                    format.name()
                ),
            )
            .help(if ResultFormat::Xlsx.is_built() {
                "remove `--terms`, or use it with table, markdown, xlsx, csv or tsv"
            } else {
                "remove `--terms`, or use it with table, markdown, csv or tsv"
            })
            .usage()
            .into()),
        }
    }
}
