use crate::choice::Choice;
use crate::output::{OutputOptions, Target, iris, result_format};
use clap::Args;
use dossier::format::ResultFormat;
use dossier::results::{Naming, Terms, write_solutions};
use dossier::session::{Entity, Fact, Session};
use oxigraph::sparql::Variable;
use std::io::Write;
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
        let mut entity = session.entity(&self.entity)?;
        entity.facts.truncate(self.output.limit.unwrap_or(usize::MAX));
        let format = result_format(self.output.chosen_format()?, "rows")?;
        let target = Target::new(self.output.output.as_deref());
        if format.is_for_people() {
            self.write_page(session, &entity, format, &target)?;
        } else {
            let variables = variables(&["subject", "property", "value"]);
            let rows = Fact::solutions(&entity.facts, &variables).into_iter().map(Ok);
            self.output.write_rows(session, &variables, rows, format, &target)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// What the thing is called, a table of what is said of it, and one of what else speaks of it.
    fn write_page(
        &self,
        session: &Session,
        entity: &Entity,
        format: ResultFormat,
        target: &Target,
    ) -> anyhow::Result<()> {
        let (own, other) = entity.by_side();
        let own_variables = variables(&["property", "value"]);
        let other_variables = variables(&["subject", "property"]);
        let own = Fact::solutions(own, &own_variables);
        let other = Fact::solutions(other, &other_variables);
        let labels =
            session.labels(iris(&own).into_iter().chain(iris(&other)).chain([&entity.iri]))?;
        let terms = Terms::from(self.output.terms);
        let naming = Naming { terms, prefixes: session.prefixes(), labels: &labels };
        let name = match labels.get(&entity.iri) {
            Some(label) => format!("{label} ({})", session.prefixes().show(&entity.iri)),
            None => session.prefixes().show(&entity.iri),
        };
        target.write(|out| {
            let section = |heading: &str, variables: &[Variable], rows, out: &mut dyn Write| {
                let rows: Vec<_> = rows;
                if format == ResultFormat::Markdown {
                    writeln!(out, "## {}\n", dossier::results::escape_markdown(heading))?;
                } else {
                    writeln!(out, "{heading}")?;
                }
                write_solutions(
                    format,
                    variables,
                    rows.into_iter().map(Ok),
                    &naming,
                    target.width,
                    out,
                )
            };
            section(&name, &own_variables, own, out)?;
            if !other.is_empty() {
                writeln!(out)?;
                section("What else speaks of it", &other_variables, other, out)?;
            }
            Ok(())
        })
    }
}

fn variables(names: &[&str]) -> Vec<Variable> {
    names.iter().map(|name| Variable::new_unchecked(*name)).collect()
}
