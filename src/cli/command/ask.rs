use crate::answer::Nothing;
use crate::catalogue::BoundQuery;
use crate::cli::context::Context;
use crate::cli::output::{
    CiteOptions, DiagnoseOptions, OutputOptions, Target, tell_empty_answer, tell_warnings,
};
use crate::cli::supervise::RowLimit;
use crate::diagnostic::Diagnostic;
use crate::format::{Format, ResultFormat};
use crate::profile::{write_json, write_text};
use crate::session::Session;
use crate::sparql::to_sparql;
use clap::Args;
use spargebra::Query;
use std::process::ExitCode;

/// What `run` and `query` share: how a query is asked and its answer written.
#[derive(Debug, Args)]
pub(crate) struct AskOptions {
    #[command(flatten)]
    pub cite: CiteOptions,

    /// Print the final query as SPARQL for other tools, without running it
    #[arg(long)]
    show_query: bool,

    /// Show how the query was evaluated instead of its results: each step with its rows and its time, as text or as
    /// JSON (`--format json`)
    #[arg(long, conflicts_with_all = ["show_query", "cite", "exit_status"])]
    explain: bool,

    /// Exit with code 1 if the result is false or empty
    #[arg(long)]
    exit_status: bool,

    #[command(flatten)]
    diagnose: DiagnoseOptions,

    #[command(flatten)]
    output: OutputOptions,

    #[command(flatten)]
    rows: RowLimit,
}

impl AskOptions {
    /// Asks a query and writes the answer, or writes the query.
    pub(crate) fn ask(&self, context: &Context, asked: &BoundQuery) -> anyhow::Result<ExitCode> {
        let session = &self.rows.or(context.rows).of(context.session()?);
        let (query, reporter) = (&asked.query, &context.reporter);
        let writer = self.output.writer(session, reporter);
        let citing = self.cite.options()?;
        if self.show_query {
            let text = to_sparql(query, session.prefixes());
            writer.target.write(|out| Ok(out.write_all(text.as_bytes())?))?;
            return Ok(ExitCode::SUCCESS);
        }
        writer.format()?;
        // What fails here fails again when the query is asked, and is told then.
        let is_quiet = reporter.is_quiet();
        let warnings =
            if is_quiet { Vec::new() } else { session.warnings(asked).unwrap_or_default() };
        tell_warnings(session, asked, &warnings, reporter);
        if self.explain {
            self.explain(session, asked, &writer.target)?;
            return Ok(ExitCode::SUCCESS);
        }
        if citing.is_some() {
            let is_graph = matches!(query, Query::Construct { .. } | Query::Describe { .. });
            self.output.check_citable(is_graph)?;
            self.cite.check(query)?;
        }
        let mut answer = session.answer(asked, self.output.limit, citing)?;
        let nothing = answer.nothing(query);
        let diagnosed = self.diagnose.diagnose(session, asked, nothing, reporter);
        answer.diagnosis = diagnosed.as_ref().map(|diagnosed| diagnosed.diagnosis().clone());
        writer.write(answer, self.cite.is_strict())?;
        if let Some(diagnosed) = diagnosed {
            tell_empty_answer(&diagnosed, session, asked, &warnings, reporter);
        }
        let is_empty = nothing.is_some_and(Nothing::is_empty);
        Ok(ExitCode::from(u8::from(is_empty && self.exit_status)))
    }

    fn explain(
        &self,
        session: &Session,
        query: &BoundQuery,
        target: &Target,
    ) -> anyhow::Result<()> {
        let write = match self.output.chosen_format()? {
            None | Some(Format::Results(ResultFormat::Table)) => write_text,
            Some(Format::Results(ResultFormat::Json)) => write_json,
            Some(format) => {
                let message = format!("cannot write an explanation as `{}`", format.name());
                return Err(Diagnostic::error("format-unsuitable", message)
                    .help("use `--format json`, or remove `--format`")
                    .usage()
                    .into());
            }
        };
        let explanation = session.explain(query, self.output.limit)?;
        target.write(|out| Ok(write(&explanation, out)?))
    }
}
