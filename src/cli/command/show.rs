use crate::answer::Row;
use crate::answer::write::{Head, Naming, Style, Tables, escape_markdown, resolve};
use crate::cli::context::Context;
use crate::cli::output::{AnswerWriter, OutputOptions, ROW_FORMAT, Target, Truncation};
use crate::format::ResultFormat;
use crate::printable::printable;
use crate::session::{Entity, Session, iris_in, solutions_of};
use clap::Args;
use oxigraph::model::{NamedNode, Triple};
use oxigraph::sparql::{QuerySolution, Variable};
use std::io::Write;
use std::process::ExitCode;

const FORMAT_HELP: &str = if cfg!(feature = "xlsx") {
    "Output format: table, csv, tsv, json, xml, markdown, jsonl or xlsx [default: from the name of the output file, else table]"
} else {
    "Output format: table, csv, tsv, json, xml, markdown or jsonl [default: from the name of the output file, else table]"
};

/// Show all facts about an entity, and where they are stated
#[derive(Debug, Args)]
#[command(mut_arg("format", |format| format.value_parser(ROW_FORMAT).help(FORMAT_HELP)))]
pub(crate) struct ShowArgs {
    /// The entity: an IRI, a CURIE such as `country:IR`, or a label
    #[arg(value_name = "ENTITY")]
    entity: String,

    /// Cite each fact; this is the default in every format except xml, which cannot hold citations
    #[arg(long, help_heading = "Citations")]
    cite: bool,

    #[command(flatten)]
    output: OutputOptions,
}

impl ShowArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let session = context.session()?;
        let mut entity = session.entity(&self.entity)?;
        let all = entity.facts.len();
        entity.facts.truncate(self.output.limit.unwrap_or(usize::MAX));
        if entity.facts.len() < all {
            entity.nested.clear();
        }
        let writer = self.output.writer(session, &context.reporter);
        let format = ResultFormat::chosen(writer.format()?, "rows")?;
        if format.is_for_people() {
            self.write_page(session, &entity, format, &writer.target)?;
        } else {
            self.write_facts(session, &entity, format, &writer)?;
        }
        let shown = entity.facts.len();
        context.reporter.results(shown, "row", shown < all);
        Ok(ExitCode::SUCCESS)
    }

    /// The facts as rows, for programs.
    fn write_facts(
        &self,
        session: &Session,
        entity: &Entity,
        format: ResultFormat,
        writer: &AnswerWriter<'_>,
    ) -> anyhow::Result<()> {
        let variables = variables(&["subject", "property", "value"]);
        let rows = solutions_of(&entity.facts, &variables);
        let is_cited = self.cite || format != ResultFormat::Xml;
        let rows = if is_cited {
            self.output.check_citable(false)?;
            cited(session, &entity.facts, rows)?
        } else {
            rows.into_iter().map(Row::from).collect()
        };
        let head = Head { variables: &variables, is_cited, diagnosis: None };
        writer.write_page(head, rows, format, &Truncation::default()).map(drop)
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
        let own = cited(session, own, solutions_of(own, &own_variables))?;
        let other = cited(session, other, solutions_of(other, &other_variables))?;
        let nested_variables = variables(&["subject", "property", "value"]);
        let nested =
            cited(session, &entity.nested, solutions_of(&entity.nested, &nested_variables))?;
        let rows = own.iter().chain(&nested).chain(&other).map(|row| &row.solution);
        let labels = session.labels(iris_in(rows).into_iter().chain([&entity.iri]))?;
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
        let references = |graph: &NamedNode| session.reference(graph);
        let [own, nested, other] = [own, nested, other].map(|rows| resolve(rows, &references));
        let (own, nested, other) = (own?, nested?, other?);
        target.write(|out| {
            let mut tables =
                Tables::new(format, Style { width: target.width, ..Style::new(naming) });
            heading(&name, out)?;
            tables.table(&own_variables, true, own, out)?;
            if !nested.is_empty() {
                writeln!(out)?;
                heading("Facts about its blank nodes", out)?;
                tables.table(&nested_variables, true, nested, out)?;
            }
            if !other.is_empty() {
                writeln!(out)?;
                heading("Facts that refer to it", out)?;
                tables.table(&other_variables, true, other, out)?;
            }
            Ok(tables.finish(out)?)
        })
    }
}

/// Rows of facts with the citations of these.
fn cited(
    session: &Session,
    facts: &[Triple],
    rows: Vec<QuerySolution>,
) -> anyhow::Result<Vec<Row>> {
    let row = |(solution, citation)| Row { solution, citation: Some(citation) };
    Ok(rows.into_iter().zip(session.cite_facts(facts)?).map(row).collect())
}

fn variables(names: &[&str]) -> Vec<Variable> {
    names.iter().map(|name| Variable::new_unchecked(*name)).collect()
}
