use crate::output::{CiteOptions, DiagnoseOptions, OutputOptions, Target, tell_diagnosis};
use clap::Args;
use dossier::answer::{Answer, CitedAnswer};
use dossier::diagnose::Diagnosis;
use dossier::query::{Asked, to_sparql};
use dossier::session::Session;
use spargebra::Query;
use std::process::ExitCode;

/// What `run` and `query` share: how a query is asked and its answer written.
#[derive(Debug, Args)]
pub struct AskOptions {
    #[command(flatten)]
    cite: CiteOptions,

    /// Print the query as it is asked, as SPARQL for any other tool, and do not ask it
    #[arg(long)]
    show_query: bool,

    /// Exit with 1 if the answer is no
    #[arg(long)]
    exit_status: bool,

    #[command(flatten)]
    diagnose: DiagnoseOptions,

    #[command(flatten)]
    output: OutputOptions,
}

impl AskOptions {
    /// Asks a query and writes the answer, or writes the query.
    pub fn ask(&self, session: &Session, asked: &Asked, quiet: bool) -> anyhow::Result<ExitCode> {
        let query = &asked.query;
        let cite = self.cite.options()?;
        if self.show_query {
            let text = to_sparql(query, session.prefixes());
            let target = Target::new(self.output.output.as_deref());
            target.write(|out| Ok(out.write_all(text.as_bytes())?))?;
            return Ok(ExitCode::SUCCESS);
        }
        let is_no = match cite {
            None => {
                let mut answer = session.answer(query, self.output.limit)?;
                let is_no = matches!(answer, Answer::Boolean(false));
                let diagnosis = self.diagnosis(session, asked, answer.is_nothing(query)?, quiet)?;
                self.output.write(session, answer, quiet || diagnosis.is_some())?;
                if let Some(diagnosis) = diagnosis {
                    tell_diagnosis(session, asked, &diagnosis);
                }
                is_no
            }
            Some(options) => {
                let is_graph = matches!(query, Query::Construct { .. } | Query::Describe { .. });
                self.output.check_citable(is_graph)?;
                self.cite.check(query)?;
                let mut answer = session.cited_answer(query, self.output.limit, options)?;
                let is_no = matches!(answer, CitedAnswer::Boolean(false, _));
                let diagnosis = self.diagnosis(session, asked, answer.is_nothing(query)?, quiet)?;
                self.output.write_cited(session, answer, self.cite.is_strict(), quiet)?;
                if let Some(diagnosis) = diagnosis {
                    tell_diagnosis(session, asked, &diagnosis);
                }
                is_no
            }
        };
        Ok(ExitCode::from(u8::from(is_no && self.exit_status)))
    }

    /// The reason why an answer has nothing, if it has nothing and it is asked for.
    fn diagnosis(
        &self,
        session: &Session,
        asked: &Asked,
        is_nothing: bool,
        quiet: bool,
    ) -> anyhow::Result<Option<Diagnosis>> {
        if is_nothing { self.diagnose.diagnose(session, asked, quiet) } else { Ok(None) }
    }
}
