//! Where answers go: standard output, or a file that is whole or not there.

mod arrangement;
mod cited;
mod closable;
mod diagnosed;
mod part;
mod phrases;
mod progress;
mod target;
mod warned;

pub use arrangement::Arrangement;
pub use cited::CiteOptions;
pub use diagnosed::{DiagnoseOptions, Diagnosed};
pub use part::Cut;
pub use progress::{Meter, Progress};
pub use target::{Target, close_unfinished, format_of_file};
pub use warned::tell_warnings;

use super::one_of::{OneOf, by_name};
use super::report;
use arrangement::refused;
use dossier::answer::Answer;
use dossier::answer::write::{
    Naming, Terms, WriteError, write_boolean, write_diagnosed_no, write_diagnosed_solutions,
    write_solutions,
};
use dossier::diagnose::Diagnosis;
use dossier::error::Problem;
use dossier::format::{Format, GraphFormat, ResultFormat};
use dossier::rdf::write::{Stream, write_quads};
use dossier::session::Session;
use dossier::vocabulary::{Labels, Prefixes};
use dossier::whole::WriteWhole;

use clap::Args;
use oxigraph::model::{GraphName, NamedNode, Quad, Term};
use oxigraph::sparql::{QuerySolution, Variable};
use std::path::PathBuf;

/// How an answer is written.
#[derive(Debug, Args)]
pub struct OutputOptions {
    /// The format of the answer: table, csv, tsv, json, xml, markdown or jsonl for rows and yes/no; turtle, trig,
    /// ntriples, nquads, rdfxml or jsonld for graphs [default: what the name of the output file tells, else table or
    /// turtle]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = FORMAT, hide_possible_values = true, help_heading = "The answer")]
    pub format: Option<Format>,

    /// Write to this file instead of standard output, compressed if its name ends in .gz or .zst: FILE.csv.gz
    #[arg(long, short, value_name = "FILE", help_heading = "The answer")]
    pub output: Option<PathBuf>,

    /// Stop after this many rows or triples
    #[arg(long, value_name = "N", value_parser = super::supervise::whole_number, help_heading = "The answer")]
    pub limit: Option<usize>,

    /// Do not fit tables to the width of the terminal
    #[arg(long, help_heading = "The answer")]
    pub whole: bool,

    /// How to show IRIs in tables and Markdown, and, if it is given, in CSV and TSV [default: label]
    #[arg(long, value_enum, value_name = "KIND", help_heading = "The answer")]
    pub terms: Option<TermsOption>,
}

/// [`Terms`], for clap.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
pub enum TermsOption {
    #[default]
    Label,
    Curie,
    Iri,
}

impl From<TermsOption> for Terms {
    fn from(option: TermsOption) -> Self {
        match option {
            TermsOption::Label => Self::Label,
            TermsOption::Curie => Self::Curie,
            TermsOption::Iri => Self::Iri,
        }
    }
}

/// Reads the name of a format, or the extension of its files, such as `ttl` or `md`.
const FORMAT: OneOf<Format> =
    OneOf::new(|| by_name(Format::all(), Format::name)).or(Format::from_extension);

/// Reads the name of a format of rows, or the extension of its files.
pub const ROW_FORMAT: OneOf<Format> =
    OneOf::new(|| by_name(ResultFormat::ALL.map(Format::Results), Format::name)).or(|extension| {
        Format::from_extension(extension).filter(|format| matches!(format, Format::Results(_)))
    });

impl OutputOptions {
    /// The format that is asked for: by name, else by the name of the output file.
    pub fn chosen_format(&self) -> anyhow::Result<Option<Format>> {
        match self.format {
            Some(format) => Ok(Some(format)),
            None => format_of_file(self.output.as_deref(), Format::from_extension),
        }
    }

    /// Where the answer goes.
    pub fn target(&self) -> Target {
        let mut target = Target::new(self.output.as_deref());
        target.width = target.width.filter(|_| !self.whole);
        target
    }

    /// Writes the answer of a query.
    ///
    /// In JSON it has the reason with it why it is empty, if that was looked for.
    pub fn write(
        &self,
        session: &Session,
        answer: Answer,
        diagnosis: Option<&Diagnosis>,
        quiet: bool,
    ) -> anyhow::Result<()> {
        let format = self.chosen_format()?;
        let target = self.target();
        let quiet = quiet || diagnosis.is_some();
        let diagnosis = diagnosis.filter(|_| format == Some(Format::Results(ResultFormat::Json)));
        match (answer, diagnosis) {
            (Answer::Boolean(_), Some(diagnosis)) => {
                target.write(|out| Ok(write_diagnosed_no(diagnosis, out)?))
            }
            (Answer::Solutions { variables, solutions }, Some(diagnosis)) => {
                let rows = solutions.collect::<dossier::error::Result<Vec<_>>>()?;
                target
                    .write(|out| Ok(write_diagnosed_solutions(&variables, &rows, diagnosis, out)?))
            }
            (answer, _) => self.write_plain(session, answer, format, &target, quiet),
        }
    }

    fn write_plain(
        &self,
        session: &Session,
        answer: Answer,
        format: Option<Format>,
        target: &Target,
        quiet: bool,
    ) -> anyhow::Result<()> {
        match answer {
            Answer::Boolean(value) => {
                let format = result_format(format, "yes or no")?;
                target.write(|out| Ok(write_boolean(format, value, out)?))
            }
            Answer::Solutions { variables, mut solutions } => {
                let format = result_format(format, "rows")?;
                let count =
                    self.write_rows(session, &variables, solutions.by_ref(), format, target)?;
                tell(count, "row", solutions.has_more(), quiet);
                Ok(())
            }
            Answer::Graph(mut triples) => {
                let format = graph_format(format)?;
                let cut = Cut::default();
                let mut quads: Vec<Quad> = Vec::new();
                for triple in cut.before(triples.by_ref()) {
                    quads.push(triple?.in_graph(GraphName::DefaultGraph));
                }
                let count = quads.len();
                tell(count, "triple", triples.has_more(), quiet || cut.is_short());
                let layout = session.layout()?;
                let cancellation = &session.limits().cancellation;
                if format == GraphFormat::JsonLd {
                    // It is a tree: there is none of what comes one by one.
                    cut.shorten(&mut quads, cancellation);
                }
                if !cut.is_too_late_for(quads.len(), cancellation) {
                    return target.write(|out| {
                        let written = quads.len();
                        write_quads(format, quads, &layout, out).map_err(refused)?;
                        Ok(cut.tell(written, "triple", target)?)
                    });
                }
                cut.note_found(count);
                let mut quads = quads.into_iter();
                let written = target.write(|out| {
                    let quads = quads.by_ref().take_while(|_| !cancellation.is_late());
                    let written = write_as_found(format, quads, session.prefixes(), out)?;
                    Ok(cut.tell(written, "triple", target)?)
                });
                // To drop many takes longer than there is time.
                let _ = std::thread::Builder::new().spawn(move || drop(quads));
                written
            }
        }
    }

    fn naming<'a>(&self, session: &'a Session, labels: &'a Labels) -> Naming<'a> {
        Naming { terms: self.terms(), prefixes: session.prefixes(), labels }
    }

    /// How IRIs are shown to people.
    pub fn terms(&self) -> Terms {
        self.terms.unwrap_or_default().into()
    }

    /// Whether IRIs are shown by their names in a format that else has them in full: in CSV and TSV, if that is asked for.
    ///
    /// # Errors
    /// If the format says of each term what it is, so that a name cannot stand for an IRI.
    fn is_named(&self, format: ResultFormat) -> anyhow::Result<bool> {
        match (self.terms, format) {
            (None | Some(TermsOption::Iri), _)
            | (_, ResultFormat::Table | ResultFormat::Markdown) => Ok(false),
            (Some(_), ResultFormat::Csv | ResultFormat::Tsv) => Ok(true),
            (Some(_), ResultFormat::Json | ResultFormat::JsonLines | ResultFormat::Xml) => {
                Err(Problem::new(format!(
                    "`--terms` has no effect on `{}`, which has IRIs in full",
                    format.name()
                ))
                .help("leave `--terms` out, or use it with table, markdown, csv or tsv")
                .usage()
                .into())
            }
        }
    }

    /// Writes solutions, and tells how many they were.
    pub fn write_rows(
        &self,
        session: &Session,
        variables: &[Variable],
        solutions: impl Iterator<Item = dossier::error::Result<QuerySolution>>,
        format: ResultFormat,
        target: &Target,
    ) -> anyhow::Result<usize> {
        let width = target.width;
        let cut = Cut::default();
        let solutions = cut.before(solutions);
        let cancellation = session.limits().cancellation.clone();
        // What was found is named although the time is over.
        let session = &session.for_naming();
        let is_named = self.is_named(format)?;
        if is_named || format.is_for_people() {
            let mut rows = solutions.collect::<dossier::error::Result<Vec<_>>>()?;
            cut.shorten(&mut rows, &cancellation);
            let labels = match self.terms() {
                Terms::Label => session.labels(iris(&rows))?,
                Terms::Curie | Terms::Iri => Labels::default(),
            };
            let naming = self.naming(session, &labels);
            if is_named {
                rows = naming.named(&rows);
            }
            let rows = rows.into_iter().map(Ok);
            target.write(|out| {
                let count = kept(write_solutions(format, variables, rows, &naming, width, out))?;
                cut.tell(count, "row", target)?;
                Ok(count)
            })
        } else {
            let labels = Labels::default();
            let naming = self.naming(session, &labels);
            target.write(|out| {
                let count =
                    kept(write_solutions(format, variables, solutions, &naming, width, out))?;
                cut.tell(count, "row", target)?;
                Ok(count)
            })
        }
    }
}

/// Writes quads as they were found, without laying them out, and returns how many they were.
fn write_as_found(
    format: GraphFormat,
    quads: impl Iterator<Item = Quad>,
    prefixes: &Prefixes,
    out: &mut dyn WriteWhole,
) -> anyhow::Result<usize> {
    let mut stream = Stream::new(format, prefixes, out)?;
    let mut count = 0;
    for quad in quads {
        stream.write(quad).map_err(refused)?;
        count += 1;
    }
    stream.finish()?;
    Ok(count)
}

/// Says what the rows or triples themselves do not: that there are more, or that there are none.
pub fn tell(count: usize, what: &str, has_more: bool, quiet: bool) {
    if quiet {
        return;
    }
    if has_more {
        report::note(&format!("there are more than {}", report::counted(count, what)));
    } else if count == 0 {
        report::note(&format!("no {what}s"));
    }
}

/// A library's error keeps its class on the way to the exit code.
pub fn kept<T>(written: Result<T, WriteError>) -> anyhow::Result<T> {
    written.map_err(|error| match error {
        WriteError::Io(error) => error.into(),
        WriteError::Answer(error) => error.into(),
    })
}

/// The IRIs of an answer.
pub fn iris<'a>(
    rows: impl IntoIterator<Item = &'a QuerySolution>,
) -> std::collections::BTreeSet<&'a NamedNode> {
    rows.into_iter()
        .flat_map(|row| row.values().iter().flatten())
        .filter_map(|term| match term {
            Term::NamedNode(iri) => Some(iri),
            _ => None,
        })
        .collect()
}

/// The format for rows or yes/no; a table if none is asked for.
pub fn result_format(format: Option<Format>, what: &str) -> anyhow::Result<ResultFormat> {
    match format {
        None => Ok(ResultFormat::Table),
        Some(Format::Results(format)) => Ok(format),
        Some(Format::Graph(format)) => {
            Err(wrong_format(format.name(), what, &ResultFormat::ALL.map(ResultFormat::name)))
        }
    }
}

/// The format for a graph; Turtle if none is asked for.
pub fn graph_format(format: Option<Format>) -> anyhow::Result<GraphFormat> {
    match format {
        None => Ok(GraphFormat::Turtle),
        Some(Format::Graph(format)) => Ok(format),
        Some(Format::Results(format)) => {
            Err(wrong_format(format.name(), "a graph", &GraphFormat::ALL.map(GraphFormat::name)))
        }
    }
}

fn wrong_format(format: &str, what: &str, names: &[&str]) -> anyhow::Error {
    Problem::new(format!("the answer is {what}, which `{format}` cannot hold"))
        .help(format!("use one of {}", names.join(", ")))
        .usage()
        .into()
}
