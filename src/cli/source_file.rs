//! The argument that names the file of a document, and the options that say how its text is taken.

use super::converter::Converter;
use crate::author::Source;
use crate::catalogue::in_shell;
use crate::diagnostic::{did_you_mean, error, nearest};
use crate::dossier::unreadable;
use clap::Args;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
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

    /// The most names of a folder that are compared with that of a file that does not exist.
    const MOST_NAMES: usize = 1_000;

    /// Returns what was probably meant by a file that does not exist.
    fn help_for_missing(&self) -> Option<String> {
        let given = self.file.to_str()?;
        if given.contains("://") {
            let help = "nothing is fetched: save the page with a browser, and add the file";
            return Some(format!("{help} with `--source {}`", in_shell(given)));
        }
        let folder = match self.file.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let names: Vec<String> = (std::fs::read_dir(folder).ok()?.take(Self::MOST_NAMES).flatten())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        let near = nearest(self.file.file_name()?.to_str()?, names.iter().map(String::as_str))?;
        Some(did_you_mean(self.file.with_file_name(near).display()))
    }

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
        read.map_err(|error| {
            let mut failure = unreadable(&self.file, &error);
            if error.kind() == ErrorKind::NotFound
                && let Some(problem) = failure.problems.last_mut()
            {
                problem.help = self.help_for_missing();
            }
            failure
        })?;
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
