//! Turtle and TriG for people and for version control. The same data gives the same bytes, independently of its order
//! and of its blank node labels. A small change of the data is a small change of the text.
//!
//! ```text
//!   dataset ── blank ── canonical     terms as numbers; which blank nodes nest; labels for the others
//!                         ▼
//!   sorted  ── order                  the statements, block by block, in the order that readers expect
//!   written ── comments               the statements of a document, in source order, with its comments
//!                         ▼
//!   arranged                          the result of both: the order of output and the nesting
//!                         ▼
//!   layout  ── directives             lines, indents and brackets; which prefixes are declared
//!                         ▼
//!   flat    ── term                   text on one line; the form of each term
//!   running ── term                   the same syntax, streamed in the order of the quads
//! ```

mod comments;
mod directives;
mod document;
mod flat;
mod layout;
mod sorting;
mod statement_order;
mod stream;
mod term;

pub(crate) use comments::{Around, Comment, Notes};
pub(crate) use document::GraphBlock;
pub(crate) use document::{
    AnonymousNode, AnonymousNodeKind, BaseDeclaration, PrefixDeclaration, TurtleDocument,
};
pub(super) use stream::TurtleStream;
pub(crate) use term::{JOINED, RELATIVE, turtle_string};

use super::blank::{self, TermForm};
use super::canonical::CanonicalLabels;
use super::dataset::Dataset;
use super::layout::Layout;
use super::order::{Predicates, Subjects};
use crate::write_whole::WriteWhole;
use layout::TurtlePage;
use oxigraph::model::{GraphNameRef, Quad};
use statement_order::StatementOrder;
use std::io;
use term::PrefixTable;

/// Writes quads as Turtle or, if some are in named graphs, as TriG.
///
/// # Errors
/// If the writer fails.
pub(super) fn write(
    quads: &[Quad],
    layout: &Layout<'_>,
    out: &mut dyn WriteWhole,
) -> io::Result<()> {
    let names = PrefixTable::of(layout.prefixes.iter());
    write_in_order(Dataset::of(quads)?, layout, &names, None, out)
}

/// Writes a Turtle or TriG document with its comments: in source order with its blank node labels, or sorted like
/// [`write()`].
///
/// # Errors
/// If the writer fails.
pub(crate) fn write_written(
    written: &TurtleDocument,
    layout: &Layout<'_>,
    is_sorted: bool,
    out: &mut dyn WriteWhole,
) -> io::Result<()> {
    let mut names: Vec<(&str, &str)> = Vec::new();
    names.extend(written.prefixes.iter().map(|p| (p.prefix.as_str(), p.namespace.as_str())));
    for (prefix, namespace) in layout.prefixes.iter() {
        if names.iter().all(|(known, same)| *known != prefix && *same != namespace) {
            names.push((prefix, namespace));
        }
    }
    let names = PrefixTable::of(names.into_iter());
    if is_sorted {
        return write_in_order(Dataset::of(&written.quads)?, layout, &names, Some(written), out);
    }
    let mut dataset = Dataset::in_order(&written.quads)?;
    for part in &written.graphs {
        match part.graph.as_ref() {
            GraphNameRef::DefaultGraph => {}
            GraphNameRef::NamedNode(name) => dataset.add(name.into())?,
            GraphNameRef::BlankNode(name) => dataset.add(name.into())?,
        }
    }
    let places = written.places(&dataset);
    let terms = TermContext { dataset: &dataset, places: &places, labels: None, names: &names };
    let arranged = written.arranged(terms);
    TurtlePage::new(terms, &arranged, out).write(Some(written), false)
}

fn write_in_order(
    mut dataset: Dataset<'_>,
    layout: &Layout<'_>,
    names: &PrefixTable<'_>,
    written: Option<&TurtleDocument>,
    out: &mut dyn WriteWhole,
) -> io::Result<()> {
    // Canonical labels are those of RDF 1.1, which knows no blank nodes in terms.
    let keeps_labels = dataset.hides_blank_nodes();
    let places =
        if keeps_labels { vec![TermForm::Name; dataset.len()] } else { blank::places(&dataset) };
    let ids = || (0..).zip(&places);
    let is_labelled = ids().any(|(id, form)| *form == TermForm::Name && dataset.is_blank(id));
    let labels = if is_labelled && !keeps_labels {
        CanonicalLabels::of(&dataset)
    } else {
        CanonicalLabels::none()
    };
    let predicates = Predicates::of(&dataset, layout.ontology);
    let subjects = Subjects::of(&dataset, layout.ontology);
    let statements = std::mem::take(&mut dataset.statements);
    let labels = (!keeps_labels).then_some(&labels);
    let terms = TermContext { dataset: &dataset, places: &places, labels, names };
    let mut sorted = StatementOrder::sorted(statements, terms, &predicates, &subjects);
    if let Some(written) = written {
        written.annotate(&mut sorted);
    }
    TurtlePage::new(terms, &sorted, out).write(written, true)
}

/// The context that determines the form of a written term.
#[derive(Clone, Copy)]
struct TermContext<'a> {
    dataset: &'a Dataset<'a>,
    places: &'a [TermForm],
    /// The labels of blank nodes, or `None` if they keep their own.
    labels: Option<&'a CanonicalLabels>,
    names: &'a PrefixTable<'a>,
}

impl TermContext<'_> {
    fn form(&self, id: u32) -> TermForm {
        self.places.get(id as usize).copied().unwrap_or(TermForm::Name)
    }

    /// Returns the canonical number of a blank node.
    fn number(&self, node: u32) -> usize {
        self.labels.map_or(0, |labels| labels.number(node))
    }
}
