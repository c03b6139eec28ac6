use super::arguments;
use crate::cli::{Choice, read_query};
use crate::output::{OutputOptions, Target};
use clap::Args;
use dossier::answer::Answer;
use dossier::query::to_sparql;
use dossier::session::Session;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Ask a SPARQL query of your own; the prefixes of the dossier are known
#[derive(Debug, Args)]
pub struct Query {
    /// The query; - or nothing for standard input
    #[arg(value_name = "SPARQL", conflicts_with = "file")]
    text: Option<String>,

    /// Read the query from this file
    #[arg(long, short, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Put a value in the place of a parameter, such as `?_state_iri`
    #[arg(long, value_name = "PARAM=VALUE")]
    bind: Vec<String>,

    /// Print the query as it is asked, as SPARQL for any other tool, and do not ask it
    #[arg(long)]
    show_query: bool,

    /// Exit with 1 if the answer is no
    #[arg(long)]
    exit_status: bool,

    #[command(flatten)]
    output: OutputOptions,
}

impl Query {
    pub fn run(&self, choice: &Choice) -> anyhow::Result<ExitCode> {
        let (origin, text) = match (&self.text, &self.file) {
            (Some(text), _) if text != "-" => ("query".to_owned(), text.clone()),
            (Some(_), _) => read_query(Some(Path::new("-")))?,
            (None, file) => read_query(file.as_deref())?,
        };
        let arguments = arguments(&self.bind)?;
        let session = choice.session()?;
        let query = session.ad_hoc_query(&origin, &text, &arguments)?;
        ask(&session, query, &self.output, self.show_query, self.exit_status, choice.quiet)
    }
}

/// Asks a query and writes the answer, or writes the query.
pub fn ask(
    session: &Session,
    query: spargebra::Query,
    output: &OutputOptions,
    show_query: bool,
    exit_status: bool,
    quiet: bool,
) -> anyhow::Result<ExitCode> {
    if show_query {
        let text = to_sparql(&query, session.prefixes());
        Target::new(output.output.as_deref()).write(|out| Ok(out.write_all(text.as_bytes())?))?;
        return Ok(ExitCode::SUCCESS);
    }
    let answer = session.answer(query, output.limit)?;
    let is_no = matches!(answer, Answer::Boolean(false));
    output.write(session, answer, quiet)?;
    Ok(ExitCode::from(u8::from(is_no && exit_status)))
}
