//! Writing answers with the labels and the claims of the session.

use super::Session;
use crate::answer::write::{
    Head, Naming, ResolvedCitation, Style, Terms, Verdict, write_boolean, write_rows,
};
use crate::answer::{Answer, Form, Row, WholeGraph};
use crate::diagnostic::{Result, WriteError};
use crate::format::{Format, GraphFormat, ResultFormat};
use crate::rdf::write::write_quads;
use crate::vocabulary::Labels;
use crate::write_whole::WriteWhole;
use oxigraph::model::{GraphName, NamedNode, Term};
use oxigraph::sparql::QuerySolution;
use std::collections::BTreeSet;

impl Session {
    /// Writes an answer, including its citations.
    ///
    /// # Arguments
    /// Without a `format`, rows and booleans are written as a table, and a graph as Turtle or, if it is cited, as TriG.
    /// `terms` is how formats for people show IRIs; the others write them in full.
    ///
    /// # Errors
    /// Fails if the format does not support the form or the citations of the answer, the answer is stopped, or the
    /// writer fails.
    pub fn write(
        &self,
        answer: Answer,
        format: Option<Format>,
        terms: Terms,
        out: &mut dyn WriteWhole,
    ) -> Result<(), WriteError> {
        let Answer { form, diagnosis } = answer;
        let (diagnosis, unlabelled) = (diagnosis.as_ref(), Labels::default());
        let references = |graph: &NamedNode| self.reference(graph);
        let style = |labels| Style::new(Naming { terms, prefixes: self.prefixes(), labels });
        match form {
            Form::Boolean(value, citation) => {
                let format = ResultFormat::chosen(format, "a boolean")?;
                let resolve = |citation| ResolvedCitation::new(format, citation, &references);
                let citation = citation.map(resolve).transpose()?;
                let verdict = Verdict { value, citation, diagnosis };
                write_boolean(format, verdict, style(&unlabelled), out)
            }
            Form::Rows(rows) => {
                let format = ResultFormat::chosen(format, "a table of results")?;
                let (variables, is_cited) = (rows.variables().to_vec(), rows.are_cited());
                let head = Head { variables: &variables, is_cited, diagnosis };
                if !format.is_for_people() || terms != Terms::Label {
                    let style = style(&unlabelled);
                    return write_rows(format, head, rows, style, &references, out).map(drop);
                }
                let rows = rows.collect::<Result<Vec<Row>>>()?;
                let labels = self.labels(iris_in(rows.iter().map(|row| &row.solution)))?;
                let rows = rows.into_iter().map(Ok);
                write_rows(format, head, rows, style(&labels), &references, out).map(drop)
            }
            Form::Graph(graph) => {
                let format = match format {
                    None if graph.is_cited() => GraphFormat::TriG,
                    format => GraphFormat::chosen(format)?,
                };
                let WholeGraph { triples, citations, stopped, .. } = graph.read()?;
                if let Some(error) = stopped {
                    return Err(error.into());
                }
                let mut quads = self.cited_quads(citations.iter().flatten())?;
                quads.extend(
                    triples.into_iter().map(|triple| triple.in_graph(GraphName::DefaultGraph)),
                );
                write_quads(format, quads, &self.layout()?, out)
            }
        }
    }
}

/// Returns the IRIs in rows, each once.
pub(crate) fn iris_in<'a>(
    rows: impl IntoIterator<Item = &'a QuerySolution>,
) -> BTreeSet<&'a NamedNode> {
    let terms = rows.into_iter().flat_map(|row| row.values().iter().flatten());
    let iri = |term: &'a Term| match term {
        Term::NamedNode(iri) => Some(iri),
        _ => None,
    };
    terms.filter_map(iri).collect()
}
