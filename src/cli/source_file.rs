//! The argument that names the file of a document, and the options that say how its text is taken.

use super::converter::Converter;
use crate::author::Source;
use crate::diagnostic::error;
use crate::dossier::unreadable;
use clap::Args;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct SourceFileArgs {
    /// The file: text, Markdown or HTML, or anything that `--via` converts; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// A program that prints the text of the file, such as 'pdftotext - -' or 'pandoc -t plain --wrap=none'
    #[arg(long, value_name = "COMMAND", value_parser = Converter::parse)]
    via: Option<Converter>,

    /// Keep the whole text of a web page, not only its article
    #[arg(long)]
    whole: bool,
}

impl SourceFileArgs {
    /// The size in bytes that no text for people has.
    const LARGEST: u64 = 50_000_000;

    /// Reads the file, and has it converted.
    ///
    /// # Errors
    /// If it cannot be read or is too large, or if the converter fails.
    pub(super) fn read(&self) -> anyhow::Result<Source> {
        let mut original = Vec::new();
        let read = if self.file == Path::new("-") {
            std::io::stdin().take(Self::LARGEST + 1).read_to_end(&mut original)
        } else {
            File::open(&self.file)
                .and_then(|file| file.take(Self::LARGEST + 1).read_to_end(&mut original))
        };
        let path = self.file.to_string_lossy();
        if read.is_err() && ["http://", "https://"].iter().any(|scheme| path.starts_with(scheme)) {
            return Err(error!("file-unreadable", "cannot read `{path}`: nothing is downloaded")
                .help("save the page with your browser, and name that file; `--source` records its address")
                .usage()
                .into());
        }
        read.map_err(|error| unreadable(&self.file, &error))?;
        if original.len() as u64 > Self::LARGEST {
            return Err(error!("file-too-large", "`{}` has more than 50 MB", self.file.display())
                .help("a document is a text that people read: split it")
                .usage()
                .into());
        }
        let converted = self.via.as_ref().map(|via| via.run(&self.file, &original)).transpose()?;
        let file = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Source { file, original, converted, is_whole: self.whole })
    }
}
