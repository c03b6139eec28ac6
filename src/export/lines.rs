//! N-Triples and N-Quads in an order that is always the same.

use super::canonical::Labels;
use super::dataset::{DEFAULT_GRAPH, Dataset};
use oxigraph::model::{GraphName, Quad};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Writes quads as lines in the order of their bytes, each once. The lines are in
/// [canonical form](https://www.w3.org/TR/rdf-canon/#canonical-quads), but for the labels of blank nodes.
pub(super) fn write_sorted(quads: &[Quad], out: &mut dyn Write) -> io::Result<()> {
    let lines = quads.iter().map(|quad| {
        let Quad { subject, predicate, object, graph_name } = quad;
        match graph_name {
            GraphName::DefaultGraph => format!("{subject} {predicate} {object} .\n"),
            graph => format!("{subject} {predicate} {object} {graph} .\n"),
        }
    });
    write_lines(lines.collect(), out)
}

/// Writes quads as canonical N-Quads, with the labels of RDFC-1.0.
///
/// # Errors
/// If the labels would take too long to find ([`io::ErrorKind::Unsupported`]), or the writer fails.
pub(super) fn write_canonical(quads: &[Quad], out: &mut dyn Write) -> io::Result<()> {
    let dataset = Dataset::of(quads)?;
    let labels = Labels::of(&dataset);
    if !labels.is_standard {
        let message = "the blank nodes are too alike: their labels by RDFC-1.0 would take too long";
        return Err(io::Error::new(io::ErrorKind::Unsupported, message));
    }
    let lines = dataset.statements.iter().map(|statement| {
        let mut line = String::new();
        let ids = [statement.subject, statement.predicate, statement.object, statement.graph];
        for id in ids.into_iter().filter(|id| *id != DEFAULT_GRAPH) {
            if dataset.is_blank(id) {
                line.push_str(&labels.label(id));
                line.push(' ');
            } else {
                let _ = write!(line, "{} ", dataset.term(id));
            }
        }
        line.push_str(".\n");
        line
    });
    write_lines(lines.collect(), out)
}

fn write_lines(mut lines: Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    lines.sort_unstable();
    lines.dedup();
    lines.iter().try_for_each(|line| out.write_all(line.as_bytes()))
}
