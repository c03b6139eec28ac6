//! The writer of answers.

use super::OutputOptions;
use super::citations::{Doubts, refuse_doubtful, tell_absences};
use super::spreadsheet::Formulas;
use super::target::Target;
use super::truncation::Truncation;
use crate::answer::write::{
    Head, Naming, ResolvedCitation, Style, Terms, Verdict, write_boolean, write_rows,
};
use crate::answer::{Answer, Form, Row, Rows, WholeGraph};
use crate::cite::Citation;
use crate::cli::reporter::Reporter;
use crate::diagnose::Diagnosis;
use crate::diagnostic::Result;
use crate::format::{Format, GraphFormat, ResultFormat};
use crate::rdf::write::{Stream, write_quads};
use crate::session::{Session, iris_in};
use crate::vocabulary::{Labels, Prefixes};
use crate::write_whole::WriteWhole;
use oxigraph::model::{GraphName, NamedNode, Quad, Triple};

/// Writes an answer as the options say.
pub(crate) struct AnswerWriter<'a> {
    pub(super) options: &'a OutputOptions,
    pub(super) session: &'a Session,
    /// The session that names what was found, although the time is over.
    pub(super) naming_session: Session,
    /// Where the answer goes.
    pub target: Target,
}

impl OutputOptions {
    /// Returns the writer of an answer that comes from a session.
    pub(crate) fn writer<'a>(
        &'a self,
        session: &'a Session,
        reporter: &Reporter,
    ) -> AnswerWriter<'a> {
        let mut target = Target::new(self.output.as_deref(), reporter);
        target.width = target.width.filter(|_| !self.whole);
        AnswerWriter { options: self, session, naming_session: session.for_naming(), target }
    }
}

impl AnswerWriter<'_> {
    /// Returns the format that is asked for.
    ///
    /// # Errors
    /// If the options do not tell one, or it is bytes and would go to a terminal.
    pub(crate) fn format(&self) -> anyhow::Result<Option<Format>> {
        let format = self.options.chosen_format()?;
        if let Some(Format::Results(format)) = format
            && format.is_binary()
        {
            let file = format!("answer.{}", format.extension());
            self.target.check_takes_bytes(format.name(), &file)?;
        }
        Ok(format)
    }

    /// Writes the answer of a query. If `is_strict`, nothing is written unless each row is verified, or background. In
    /// JSON it has its diagnosis with it, if it has one.
    ///
    /// # Errors
    /// If the format cannot hold the answer, a citation is refused, the answer is stopped, or it cannot be written.
    pub(crate) fn write(&self, answer: Answer, is_strict: bool) -> anyhow::Result<()> {
        let format = self.format()?;
        let Answer { form, diagnosis } = answer;
        let (diagnosis, reporter) = (diagnosis.as_ref(), &self.target.reporter);
        match form {
            Form::Boolean(value, citation) => {
                let format = ResultFormat::chosen(format, "a boolean")?;
                refuse_doubtful(is_strict, &citation)?;
                if !format.is_for_people() {
                    citation.iter().collect::<Doubts>().tell("answer", reporter);
                }
                let references = |graph: &NamedNode| self.naming_session.reference(graph);
                let resolve = |citation| ResolvedCitation::new(format, citation, &references);
                let citation = citation.map(resolve).transpose()?;
                let labels = Labels::default();
                let style = self.style(&labels);
                let verdict = Verdict { value, citation, diagnosis };
                self.write_begun(|out| Ok(write_boolean(format, verdict, style, out)?))
            }
            Form::Rows(mut rows) => {
                let format = ResultFormat::chosen(format, "a table of results")?;
                let count = self.write_rows(&mut rows, format, diagnosis, is_strict)?;
                if diagnosis.is_none() {
                    reporter.results(count, "row", rows.has_more());
                }
                Ok(())
            }
            Form::Graph(graph) => {
                let format = match format {
                    None if graph.is_cited() => GraphFormat::TriG,
                    format => GraphFormat::chosen(format)?,
                };
                let WholeGraph { triples, citations, has_more, found, stopped } = graph.read()?;
                let (cut, count) = (Truncation::by(stopped), triples.len());
                let report_results = || {
                    if diagnosis.is_none() && !cut.is_short() {
                        reporter.results(count, "triple", has_more);
                    }
                };
                let Some(citations) = citations else {
                    report_results();
                    return self.write_graph(triples, format, &cut);
                };
                cut.note_found(found);
                let quads = self.cited_quads(triples, &citations, is_strict)?;
                report_results();
                self.target.write(|out| {
                    write_quads(format, quads, &self.naming_session.layout()?, out)?;
                    Ok(cut.tell(count, "triple", &self.target)?)
                })
            }
        }
    }

    /// Returns triples with the claims that they rest on, and reports what their citations lack.
    fn cited_quads(
        &self,
        triples: Vec<Triple>,
        citations: &[Citation],
        is_strict: bool,
    ) -> anyhow::Result<Vec<Quad>> {
        let (session, reporter) = (&self.naming_session, &self.target.reporter);
        refuse_doubtful(is_strict, citations)?;
        let mut quads = session.cited_quads(citations)?;
        citations.iter().collect::<Doubts>().tell("triple", reporter);
        tell_absences(citations.iter(), session.prefixes(), reporter);
        quads.extend(triples.into_iter().map(|triple| triple.in_graph(GraphName::DefaultGraph)));
        Ok(quads)
    }

    fn write_graph(
        &self,
        mut triples: Vec<Triple>,
        format: GraphFormat,
        cut: &Truncation,
    ) -> anyhow::Result<()> {
        let (session, target, count) = (self.session, &self.target, triples.len());
        let layout = session.layout()?;
        let cancellation = &session.limits().cancellation;
        if format == GraphFormat::JsonLd {
            // It is a tree: there is none of what comes one by one.
            cut.shorten(&mut triples, cancellation);
        }
        let is_too_late = cut.is_too_late_for(triples.len(), cancellation);
        let mut quads = triples.into_iter().map(|triple| triple.in_graph(GraphName::DefaultGraph));
        if !is_too_late {
            let quads: Vec<Quad> = quads.collect();
            return target.write(|out| {
                let written = quads.len();
                write_quads(format, quads, &layout, out)?;
                Ok(cut.tell(written, "triple", target)?)
            });
        }
        cut.note_found(count);
        let written = target.write(|out| {
            let quads = quads.by_ref().take_while(|_| !cancellation.is_late());
            let written = write_as_found(format, quads, session.prefixes(), out)?;
            Ok(cut.tell(written, "triple", target)?)
        });
        // To drop many takes longer than there is time.
        let _ = std::thread::Builder::new().spawn(move || drop(quads));
        written
    }

    /// Writes rows as they come or, if all of them are needed first, at the end, and returns how many they were.
    fn write_rows(
        &self,
        rows: &mut Rows,
        format: ResultFormat,
        diagnosis: Option<&Diagnosis>,
        is_strict: bool,
    ) -> anyhow::Result<usize> {
        let (variables, is_cited) = (rows.variables().to_vec(), rows.are_cited());
        let head = Head { variables: &variables, is_cited, diagnosis };
        let (mut doubts, cut) = (Doubts::default(), Truncation::default());
        let is_named = self.options.is_named(format)?;
        let rows = cut.before(rows).inspect(|row| row.iter().for_each(|row| doubts.note(row)));
        let count = if is_strict || is_named || format.is_for_people() {
            let mut rows = rows.collect::<Result<Vec<_>>>()?;
            cut.shorten(&mut rows, &self.session.limits().cancellation);
            refuse_doubtful(is_strict, rows.iter().filter_map(|row| row.citation.as_ref()))?;
            self.write_page(head, rows, format, &cut)?
        } else {
            self.write_as_they_come(head, rows, format, &Labels::default(), &cut)?
        };
        if !format.is_for_people() {
            doubts.tell("row", &self.target.reporter);
        }
        Ok(count)
    }

    /// Writes rows that are all there, and returns how many they were. `cut` is where they came to an end.
    ///
    /// # Errors
    /// If the rows were stopped, or cannot be written.
    pub(crate) fn write_page(
        &self,
        head: Head<'_>,
        mut rows: Vec<Row>,
        format: ResultFormat,
        cut: &Truncation,
    ) -> anyhow::Result<usize> {
        let is_named = self.options.is_named(format)?;
        let mut labels = Labels::default();
        if self.options.terms() == Terms::Label && (is_named || format.is_for_people()) {
            labels = self.naming_session.labels(iris_in(rows.iter().map(|row| &row.solution)))?;
        }
        if is_named {
            let naming = self.naming(&labels);
            let solutions: Vec<_> = rows.iter().map(|row| &row.solution).collect();
            let named = naming.named(&solutions);
            for (row, named) in rows.iter_mut().zip(named) {
                row.solution = named;
            }
        }
        self.write_as_they_come(head, rows.into_iter().map(Ok), format, &labels, cut)
    }

    fn write_as_they_come(
        &self,
        head: Head<'_>,
        rows: impl Iterator<Item = Result<Row>>,
        format: ResultFormat,
        labels: &Labels,
        cut: &Truncation,
    ) -> anyhow::Result<usize> {
        let style = self.style(labels);
        let references = |graph: &NamedNode| self.naming_session.reference(graph);
        let formulas = Formulas::of(format);
        let rows = rows.inspect(|row| row.iter().for_each(|row| formulas.note(row)));
        let count = self.write_begun(|out| {
            let count = write_rows(format, head, rows, style, &references, out)?;
            cut.tell(count, "row", &self.target)?;
            Ok(count)
        })?;
        formulas.tell(&self.target.reporter);
        Ok(count)
    }

    /// Hands out a writer to the target, on which stands what the options want at the beginning.
    fn write_begun<T>(
        &self,
        write: impl FnOnce(&mut dyn WriteWhole) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.target.write(|out| {
            out.write_all(self.options.spreadsheet.beginning().as_bytes())?;
            write(out)
        })
    }

    fn style<'b>(&'b self, labels: &'b Labels) -> Style<'b> {
        Style {
            naming: self.naming(labels),
            width: self.target.width,
            quotes_formulas: false,
            delimiter: self.options.spreadsheet.delimiter(),
        }
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
        stream.write(quad)?;
        count += 1;
    }
    stream.finish()?;
    Ok(count)
}
