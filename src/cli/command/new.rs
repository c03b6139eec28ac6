use crate::author::{Subject, write_template};
use crate::catalogue::in_shell;
use crate::cli::context::Context;
use crate::diagnostic::{Diagnostic, error, reason};
use crate::dossier::Edit;
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

/// Make a new dossier: a folder with an example of each part, for you to replace
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The folder; it must be empty or not exist yet
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,

    /// What the dossier is about [default: the name of the folder]
    #[arg(long, value_name = "SUBJECT")]
    about: Option<String>,

    /// The prefix of its names, and the IRI that it stands for [default: made from the name of the folder]
    #[arg(long, value_name = "PREFIX=IRI", value_parser = prefix)]
    prefix: Option<(String, String)>,

    /// Leave out the example: the document, its claims, and the query
    #[arg(long)]
    empty: bool,
}

fn prefix(text: &str) -> Result<(String, String), String> {
    let (prefix, namespace) = text
        .split_once('=')
        .ok_or("expected `PREFIX=IRI`, such as `tea=https://example.com/tea/`")?;
    Ok((prefix.trim_end_matches(':').to_owned(), namespace.to_owned()))
}

/// The folders of a dossier that are empty at first. A hidden file in each makes Git keep them.
const FOLDERS: [&str; 2] = ["data/documents", "queries"];

impl NewArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let folder = self.folder.as_path();
        let name = folder_name(folder);
        let prefix = self.prefix.as_ref().map(|(prefix, iri)| (prefix.as_str(), iri.as_str()));
        let subject =
            Subject::new(&name, self.about.as_deref(), prefix).map_err(Diagnostic::usage)?;
        let is_new = prepare(folder)?;
        let mut edit = Edit::at(folder);
        write_template(&subject, year(), self.empty, &mut edit);
        let mut paths: Vec<String> = edit.paths().map(str::to_owned).collect();
        if self.empty {
            paths.extend(FOLDERS.map(|folder| format!("{folder}/")));
            for folder in FOLDERS {
                edit.create(format!("{folder}/.gitkeep"), String::new());
            }
        }
        let folders = FOLDERS.iter().try_for_each(|inside| {
            let inside = folder.join(inside);
            fs::create_dir_all(&inside).map_err(|error| unwritable(&inside, &error))
        });
        if let Err(error) = folders.and_then(|()| Ok(edit.commit()?)) {
            if is_new {
                let _ = fs::remove_dir_all(folder);
            }
            return Err(error);
        }
        let run = if self.empty {
            None
        } else {
            Some("  dossier run begun --cite     an answer with its citation")
        };
        context.target(None).write(|out| {
            let shown = folder.display();
            writeln!(out, "made a dossier in `{shown}`:")?;
            for path in paths {
                writeln!(out, "  {path}")?;
            }
            writeln!(out, "\nNext")?;
            writeln!(out, "  cd {}", in_shell(&shown.to_string()))?;
            run.map_or(Ok(()), |run| writeln!(out, "{run}"))?;
            writeln!(out, "  dossier add PAGE.html        a document of your own")?;
            Ok(writeln!(out, "  dossier check                what is wrong or missing")?)
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Returns the name of a folder, also if it is given as `.`.
fn folder_name(folder: &Path) -> String {
    let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    absolute.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Makes the folder if it does not exist, and returns whether it did so.
fn prepare(folder: &Path) -> anyhow::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(error!("folder-not-empty", "`{}` is not empty", folder.display())
                    .help("name an empty or new folder")
                    .usage()
                    .into());
            }
            Ok(false)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
            Ok(true)
        }
        Err(error) => Err(unwritable(folder, &error)),
    }
}

fn unwritable(folder: &Path, error: &std::io::Error) -> anyhow::Error {
    error!(
        "dossier-unwritable",
        "cannot make a dossier in `{}`: {}",
        folder.display(),
        reason(error)
    )
    .usage()
    .into()
}

/// Returns the current year in UTC.
fn year() -> u16 {
    today()[..4].parse().unwrap_or_default()
}

/// Returns the current day in UTC, as `2026-11-30`.
pub(super) fn today() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()[..10].to_owned()
}
