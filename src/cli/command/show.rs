use crate::cli::choice::Choice;
use crate::cli::output::{Cut, OutputOptions, ROW_FORMAT, Target, iris, result_format, tell};
use clap::Args;
use dossier::answer::write::{CitedRow, CitedTables, Naming, escape_markdown};
use dossier::format::ResultFormat;
use dossier::printable::printable;
use dossier::session::{Entity, Fact, Session};
use oxigraph::sparql::{QuerySolution, Variable};
use std::io::Write;
use std::process::ExitCode;

const FORMAT_HELP: &str = "The format: table, csv, tsv, json, xml, markdown or jsonl [default: what the name of the output file tells, else table]";

/// Show all that is said about one thing, and where it is said
#[derive(Debug, Args)]
#[command(mut_arg("format", |format| format.value_parser(ROW_FORMAT).help(FORMAT_HELP)))]
pub struct Show {
    /// The thing: an IRI, a CURIE such as `country:IR`, or a label
    #[arg(value_name = "ENTITY")]
    entity: String,

    /// Cite each fact: this is what `show` does in any format that can hold citations, which is all but xml
    #[arg(long, help_heading = "Citations")]
    cite: bool,

    #[command(flatten)]
    output: OutputOptions,
}

impl Show {
    pub fn run(&self, choice: &Choice) -> anyhow::Result<ExitCode> {
        let session = choice.session()?;
        let mut entity = session.entity(&self.entity)?;
        let all = entity.facts.len();
        entity.facts.truncate(self.output.limit.unwrap_or(usize::MAX));
        if entity.facts.len() < all {
            entity.nested.clear();
        }
        let format = result_format(self.output.chosen_format()?, "rows")?;
        let target = self.output.target();
        if format.is_for_people() {
            self.write_page(session, &entity, format, &target)?;
        } else {
            self.write_facts(session, &entity, format, &target)?;
        }
        let shown = entity.facts.len();
        tell(shown, "row", shown < all, choice.quiet);
        Ok(ExitCode::SUCCESS)
    }

    /// The facts as rows, for programs.
    fn write_facts(
        &self,
        session: &Session,
        entity: &Entity,
        format: ResultFormat,
        target: &Target,
    ) -> anyhow::Result<()> {
        let variables = variables(&["subject", "property", "value"]);
        let rows = Fact::solutions(&entity.facts, &variables);
        if format == ResultFormat::Xml && !self.cite {
            let rows = rows.into_iter().map(Ok);
            self.output.write_rows(session, &variables, rows, format, target)?;
        } else {
            self.output.check_citable(false)?;
            let rows = cited(session, &entity.facts, rows)?;
            let whole = Cut::default();
            self.output.write_cited_rows(session, &variables, rows, format, target, &whole)?;
        }
        Ok(())
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
        let own = cited(session, own, Fact::solutions(own, &own_variables))?;
        let other = cited(session, other, Fact::solutions(other, &other_variables))?;
        let nested_variables = variables(&["subject", "property", "value"]);
        let nested =
            cited(session, &entity.nested, Fact::solutions(&entity.nested, &nested_variables))?;
        let rows = own.iter().chain(&nested).chain(&other).map(|(row, _)| row);
        let labels = session.labels(iris(rows).into_iter().chain([&entity.iri]))?;
        let terms = self.output.terms();
        let naming = Naming { terms, prefixes: session.prefixes(), labels: &labels };
        let name = match labels.get(&entity.iri) {
            Some(label) => format!("{label} ({})", session.prefixes().show(&entity.iri)),
            None => session.prefixes().show(&entity.iri),
        };
        let heading = |heading: &str, out: &mut dyn Write| match format {
            ResultFormat::Markdown => {
                writeln!(out, "## {}\n", escape_markdown(&printable(heading)))
            }
            _ => writeln!(out, "{}", printable(heading)),
        };
        let described = |graph: &_| session.described(graph);
        target.write(|out| {
            let mut tables = CitedTables::new(format, naming, &described, target.width);
            heading(&name, out)?;
            tables.table(&own_variables, own, out)?;
            if !nested.is_empty() {
                writeln!(out)?;
                heading("What its blank nodes say", out)?;
                tables.table(&nested_variables, nested, out)?;
            }
            if !other.is_empty() {
                writeln!(out)?;
                heading("What else speaks of it", out)?;
                tables.table(&other_variables, other, out)?;
            }
            Ok(tables.finish(out)?)
        })
    }
}

/// Rows of facts with the citations of these.
fn cited(
    session: &Session,
    facts: &[Fact],
    rows: Vec<QuerySolution>,
) -> anyhow::Result<Vec<CitedRow>> {
    Ok(rows.into_iter().zip(session.cite_facts(facts)?).collect())
}

fn variables(names: &[&str]) -> Vec<Variable> {
    names.iter().map(|name| Variable::new_unchecked(*name)).collect()
}
