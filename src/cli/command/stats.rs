use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, by_name};
use crate::cli::output::chosen_format;
use crate::diagnostic::Diagnostic;
use crate::engine::plan::Statistics;
use crate::format::{Format, GraphFormat, ResultFormat};
use crate::printable::printable;
use crate::rdf::write::{Layout, write_quads};
use crate::vocabulary::Prefixes;
use clap::Args;
use oxigraph::model::GraphName;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// The namespace of the words that statistics are described in.
const VOID: &str = "http://rdfs.org/ns/void#";

/// Show statistics of the data: triples, subjects and objects, by property and by class
///
/// A triple that several claims state is counted once. These statistics are also used to plan queries.
#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "the help is for a terminal")]
pub(crate) struct StatsArgs {
    /// Output format: table, or an RDF format such as turtle for a description in VoID [default: from the name of the
    /// output file, else table]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = FORMAT, hide_possible_values = true)]
    format: Option<Format>,

    /// Write to FILE instead of standard output, compressed if its name ends in .gz or .zst
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Reads the name of a format, or the extension of its files.
const FORMAT: OneOf<Format> = OneOf::new(|| by_name(formats(), Format::name))
    .or(|extension| GraphFormat::from_extension(extension).map(Format::Graph));

fn formats() -> impl Iterator<Item = Format> {
    std::iter::once(Format::Results(ResultFormat::Table))
        .chain(GraphFormat::ALL.into_iter().map(Format::Graph))
}

impl StatsArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let format = chosen_format(self.format, self.output.as_deref(), Format::from_extension)?;
        if let Some(Format::Results(format)) = format
            && format != ResultFormat::Table
        {
            let names = GraphFormat::ALL.map(GraphFormat::name).join(", ");
            return Err(Diagnostic::error(
                "format-unsuitable",
                format!("cannot write statistics as `{}`", format.name()),
            )
            .help(format!("use one of table, {names}"))
            .usage()
            .into());
        }
        let session = context.session()?;
        let statistics = session.statistics()?;
        let target = context.target(self.output.as_deref());
        target.write(|out| match format {
            Some(Format::Graph(format)) => {
                let quads = statistics.to_void().into_iter();
                let quads = quads.map(|triple| triple.in_graph(GraphName::DefaultGraph)).collect();
                let mut prefixes = session.prefixes().clone();
                prefixes.add("void", VOID);
                let layout = Layout { prefixes: &prefixes, ontology: session.ontology()? };
                Ok(write_quads(format, quads, &layout, out)?)
            }
            _ => Ok(write_tables(&statistics, session.prefixes(), out)?),
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes a line for all, a table of the properties and one of the classes, what there is most of first.
fn write_tables(
    statistics: &Statistics,
    prefixes: &Prefixes,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut properties: Vec<_> = statistics.properties.iter().collect();
    properties.sort_by_key(|(_, property)| std::cmp::Reverse(property.triples));
    let mut rows = vec![["triples", "subjects", "objects", "property"].map(str::to_owned)];
    let numbers = |triples: u64, subjects: u64, objects: u64, name: String| {
        [triples.to_string(), subjects.to_string(), objects.to_string(), name]
    };
    rows.push(numbers(
        statistics.triples,
        statistics.subjects,
        statistics.objects,
        "(all)".to_owned(),
    ));
    rows.extend(properties.into_iter().map(|(name, property)| {
        numbers(
            property.triples,
            property.subjects,
            property.objects,
            printable(&prefixes.show(name)).into_owned(),
        )
    }));
    write_aligned(&rows, out)?;
    let mut classes: Vec<_> = statistics.classes.iter().collect();
    classes.sort_by_key(|&(_, &instances)| std::cmp::Reverse(instances));
    if !classes.is_empty() {
        let mut rows = vec![["instances", "class"].map(str::to_owned)];
        rows.extend(classes.into_iter().map(|(name, count)| {
            [count.to_string(), printable(&prefixes.show(name)).into_owned()]
        }));
        writeln!(out)?;
        write_aligned(&rows, out)?;
    }
    Ok(())
}

/// Writes rows of numbers with a name at the end.
fn write_aligned<const N: usize>(rows: &[[String; N]], out: &mut dyn Write) -> std::io::Result<()> {
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..N).map(width).collect();
    for row in rows {
        for (i, (cell, width)) in row.iter().zip(&widths).enumerate() {
            if i + 1 == N {
                writeln!(out, "{cell}")?;
            } else {
                write!(out, "{cell:>width$}  ")?;
            }
        }
    }
    Ok(())
}
