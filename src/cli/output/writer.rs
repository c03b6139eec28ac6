//! The writer of answers, and answers without citations.

use super::arrangement::refused;
use super::part::Cut;
use super::target::Target;
use super::{OutputOptions, graph_format, iris, kept, result_format};
use crate::cli::reporter::Reporter;
use dossier::answer::write::{
    Naming, Terms, write_boolean, write_diagnosed_no, write_diagnosed_solutions, write_solutions,
};
use dossier::answer::{Answer, Page};
use dossier::diagnose::Diagnosis;
use dossier::error::Result;
use dossier::format::{Format, GraphFormat, ResultFormat};
use dossier::rdf::write::{Stream, write_quads};
use dossier::session::Session;
use dossier::vocabulary::{Labels, Prefixes};
use dossier::whole::WriteWhole;
use oxigraph::model::{GraphName, Quad, Triple};
use oxigraph::sparql::{QuerySolution, Variable};

/// Writes an answer as the options say.
pub struct AnswerWriter<'a> {
    pub(super) options: &'a OutputOptions,
    pub(super) session: &'a Session,
    /// The session that names what was found, although the time is over.
    pub(super) naming_session: Session,
    /// Where the answer goes.
    pub target: Target,
}

impl OutputOptions {
    /// Returns the writer of an answer that comes from a session.
    pub fn writer<'a>(&'a self, session: &'a Session, reporter: &Reporter) -> AnswerWriter<'a> {
        let mut target = Target::new(self.output.as_deref(), reporter);
        target.width = target.width.filter(|_| !self.whole);
        AnswerWriter { options: self, session, naming_session: session.for_naming(), target }
    }
}

impl AnswerWriter<'_> {
    /// Writes the answer of a query. In JSON it has its diagnosis with it, if it is empty and was diagnosed.
    ///
    /// # Errors
    /// If the format cannot hold the answer, the answer is stopped, or it cannot be written.
    pub fn write(&self, answer: Answer, diagnosis: Option<&Diagnosis>) -> anyhow::Result<()> {
        let (format, target) = (self.options.chosen_format()?, &self.target);
        let is_json = format == Some(Format::Results(ResultFormat::Json));
        match (answer, diagnosis.filter(|_| is_json)) {
            (Answer::Boolean(_), Some(diagnosis)) => {
                target.write(|out| Ok(write_diagnosed_no(diagnosis, out)?))
            }
            (Answer::Boolean(value), None) => {
                let format = result_format(format, "yes or no")?;
                target.write(|out| Ok(write_boolean(format, value, out)?))
            }
            (Answer::Solutions { variables, solutions }, Some(diagnosis)) => {
                let rows = solutions.collect::<Result<Vec<_>>>()?;
                target
                    .write(|out| Ok(write_diagnosed_solutions(&variables, &rows, diagnosis, out)?))
            }
            (Answer::Solutions { variables, mut solutions }, None) => {
                let format = result_format(format, "rows")?;
                let count = self.write_rows(&variables, solutions.by_ref(), format)?;
                if diagnosis.is_none() {
                    target.reporter.results(count, "row", solutions.has_more());
                }
                Ok(())
            }
            (Answer::Graph(triples), _) => {
                self.write_graph(triples, graph_format(format)?, diagnosis.is_some())
            }
        }
    }

    fn write_graph(
        &self,
        mut triples: Page<Triple>,
        format: GraphFormat,
        is_diagnosed: bool,
    ) -> anyhow::Result<()> {
        let (session, target, cut) = (self.session, &self.target, Cut::default());
        let mut quads: Vec<Quad> = Vec::new();
        for triple in cut.before(triples.by_ref()) {
            quads.push(triple?.in_graph(GraphName::DefaultGraph));
        }
        let count = quads.len();
        if !is_diagnosed && !cut.is_short() {
            target.reporter.results(count, "triple", triples.has_more());
        }
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

    /// Writes solutions, and returns how many they were.
    ///
    /// # Errors
    /// If a solution is an error, they are stopped, or they cannot be written.
    pub fn write_rows(
        &self,
        variables: &[Variable],
        solutions: impl Iterator<Item = Result<QuerySolution>>,
        format: ResultFormat,
    ) -> anyhow::Result<usize> {
        let cut = Cut::default();
        let solutions = cut.before(solutions);
        let is_named = self.options.is_named(format)?;
        let mut labels = Labels::default();
        let rows: Box<dyn Iterator<Item = _>> = if is_named || format.is_for_people() {
            let mut rows = solutions.collect::<Result<Vec<_>>>()?;
            cut.shorten(&mut rows, &self.session.limits().cancellation);
            if self.options.terms() == Terms::Label {
                labels = self.naming_session.labels(iris(&rows))?;
            }
            if is_named {
                rows = self.naming(&labels).named(&rows);
            }
            Box::new(rows.into_iter().map(Ok))
        } else {
            Box::new(solutions)
        };
        let (naming, width) = (self.naming(&labels), self.target.width);
        self.target.write(|out| {
            let count = kept(write_solutions(format, variables, rows, &naming, width, out))?;
            cut.tell(count, "row", &self.target)?;
            Ok(count)
        })
    }

    pub(super) fn naming<'b>(&'b self, labels: &'b Labels) -> Naming<'b> {
        Naming { terms: self.options.terms(), prefixes: self.session.prefixes(), labels }
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
