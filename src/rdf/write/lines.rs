//! Writes N-Triples and N-Quads: streamed, sorted by line, or canonical.

use super::canonical::CanonicalLabels;
use super::dataset::{DEFAULT_GRAPH, Dataset};
use crate::diagnostic::{Diagnostic, WriteError};
use crate::vocabulary::{tag_of, xsd};
use crate::write_whole::WriteWhole;
use oxigraph::model::{GraphNameRef, NamedNodeRef, NamedOrBlankNodeRef, Quad, TermRef};
use std::fmt::Write as _;
use std::io;

/// The number of bytes to buffer before writing.
const KEPT: usize = 1 << 16;

/// Writes distinct quads as lines, sorted by their bytes. The lines are in
/// [canonical form](https://www.w3.org/TR/rdf-canon/#canonical-quads), except for the labels of blank nodes.
pub(super) fn write_sorted(quads: &[Quad], out: &mut dyn WriteWhole) -> io::Result<()> {
    let lines = quads.iter().map(|quad| {
        let mut line = String::new();
        push_quad(quad, &mut line);
        line
    });
    write_lines(lines.collect(), out)
}

/// Writes a line for each quad, in the order given.
pub(super) struct LineWriter<'a> {
    text: String,
    out: &'a mut dyn WriteWhole,
}

impl<'a> LineWriter<'a> {
    pub(super) fn new(out: &'a mut dyn WriteWhole) -> Self {
        Self { text: String::with_capacity(2 * KEPT), out }
    }

    pub(super) fn write(&mut self, quad: &Quad) -> io::Result<()> {
        push_quad(quad, &mut self.text);
        if self.text.len() > KEPT {
            self.out.write_all(self.text.as_bytes())?;
            self.out.whole(None, "")?;
            self.text.clear();
        }
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<()> {
        self.out.write_all(self.text.as_bytes())?;
        self.out.whole(None, "")?;
        self.out.flush()
    }
}

/// Writes a quad and the end of its line.
pub(crate) fn push_quad(quad: &Quad, line: &mut String) {
    let subject = match quad.subject.as_ref() {
        NamedOrBlankNodeRef::NamedNode(iri) => iri.into(),
        NamedOrBlankNodeRef::BlankNode(node) => TermRef::from(node),
    };
    push_term(subject, line);
    push_term(quad.predicate.as_ref().into(), line);
    push_term(quad.object.as_ref(), line);
    match quad.graph_name.as_ref() {
        GraphNameRef::DefaultGraph => {}
        GraphNameRef::NamedNode(iri) => push_term(iri.into(), line),
        GraphNameRef::BlankNode(node) => push_term(node.into(), line),
    }
    line.push_str(".\n");
}

/// Writes a term and a space. Most literals need no escapes and are copied whole.
fn push_term(term: TermRef<'_>, line: &mut String) {
    match term {
        TermRef::NamedNode(iri) => push_iri(iri, line),
        TermRef::Literal(literal) if is_plain(literal.value()) => {
            line.push('"');
            line.push_str(literal.value());
            line.push('"');
            if let Some(tag) = tag_of(literal) {
                line.push('@');
                line.push_str(&tag);
            } else if literal.datatype() != xsd::STRING {
                line.push_str("^^");
                push_iri(literal.datatype(), line);
            }
        }
        TermRef::Literal(literal) => {
            let _ = write!(line, "{literal}");
        }
        TermRef::BlankNode(node) => {
            line.push_str("_:");
            line.push_str(node.as_str());
        }
        #[cfg(feature = "rdf-12")]
        TermRef::Triple(triple) => {
            line.push_str("<<( ");
            push_term(triple.subject.as_ref().into(), line);
            push_term(triple.predicate.as_ref().into(), line);
            push_term(triple.object.as_ref(), line);
            line.push_str(")>>");
        }
    }
    line.push(' ');
}

fn push_iri(iri: NamedNodeRef<'_>, line: &mut String) {
    line.push('<');
    line.push_str(iri.as_str());
    line.push('>');
}

/// Returns whether a text needs no escapes. The non-ASCII characters that need one begin with the byte 0xEF.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| !matches!(byte, 0..b' ' | b'"' | b'\\' | 0x7F | 0xEF))
}

/// Writes quads as canonical N-Quads, with the labels of RDFC-1.0.
///
/// # Errors
/// If the labels would take too long to compute, or the writer fails.
pub(super) fn write_canonical(quads: &[Quad], out: &mut dyn WriteWhole) -> Result<(), WriteError> {
    let dataset = Dataset::of(quads)?;
    let labels = CanonicalLabels::of(&dataset);
    if !labels.is_standard {
        let message =
            "the blank nodes are too similar: labelling them by RDFC-1.0 would take too long";
        return Err(Diagnostic::error("blank-nodes-alike", message)
            .help("use `--sorted`, which keeps the labels")
            .input()
            .into());
    }
    let lines = dataset.statements.iter().map(|statement| {
        let mut line = String::new();
        let ids = [statement.subject, statement.predicate, statement.object, statement.graph];
        for id in ids.into_iter().filter(|id| *id != DEFAULT_GRAPH) {
            if dataset.is_blank(id) {
                line.push_str(&labels.label(id));
                line.push(' ');
            } else {
                push_term(dataset.term(id), &mut line);
            }
        }
        line.push_str(".\n");
        line
    });
    Ok(write_lines(lines.collect(), out)?)
}

fn write_lines(mut lines: Vec<String>, out: &mut dyn WriteWhole) -> io::Result<()> {
    lines.sort_unstable();
    lines.dedup();
    lines.iter().try_for_each(|line| {
        out.write_all(line.as_bytes())?;
        out.whole(None, "")
    })
}
