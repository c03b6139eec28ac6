use crate::cli::Choice;
use crate::output::{OutputOptions, Target, result_format};
use clap::Args;

use std::process::ExitCode;

/// Show all that is said about one thing
#[derive(Debug, Args)]
pub struct Show {
    /// The thing: an IRI, a CURIE such as `country:IR`, or a label
    #[arg(value_name = "ENTITY")]
    entity: String,

    #[command(flatten)]
    output: OutputOptions,
}

impl Show {
    pub fn run(&self, choice: &Choice) -> anyhow::Result<ExitCode> {
        let session = choice.session()?;
        let entity = session.entity(&self.entity)?;
        let format = result_format(self.output.chosen_format()?, "rows")?;
        let target = Target::new(self.output.output.as_deref());
        let (variables, facts) = entity.solutions();
        let limit = self.output.limit.unwrap_or(usize::MAX);
        self.output.write_rows(&session, &variables, facts.take(limit), format, &target)?;
        Ok(ExitCode::SUCCESS)
    }
}
