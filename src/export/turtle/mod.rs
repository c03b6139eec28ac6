//! Turtle and TriG for people and for version control: the same data gives the same bytes, in whatever order and with
//! whatever labels of blank nodes it comes, and a small change of the data is a small change of the text.
//!
//! ```text
//!   dataset ── blank ── canonical     terms as numbers; which blank nodes nest; labels for the others
//!                         ▼
//!   sorted  ── order                  the statements, block by block, in the order in which they are written
//!                         ▼
//!   layout  ── term                   lines, indents and brackets; how each term is written
//!   running ── term                   the same language without any order, as the quads come
//! ```

mod layout;
mod running;
mod sorted;
mod term;

use super::Layout;
use super::blank::{self, Place};
use super::canonical::Labels;
use super::dataset::Dataset;
use super::order::{Predicates, Subjects};
use layout::Page;
use oxigraph::model::Quad;
pub(super) use running::Running;
use sorted::Sorted;
use std::io::{self, Write};
use term::Names;

/// Writes quads as Turtle or, if some are in named graphs, as TriG.
///
/// # Errors
/// If the writer fails.
pub(super) fn write(quads: &[Quad], layout: &Layout<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut dataset = Dataset::of(quads)?;
    let places = blank::places(&dataset);
    let ids = || (0..).zip(&places);
    let is_labelled = ids().any(|(id, place)| *place == Place::Name && dataset.is_blank(id));
    let labels = if is_labelled { Labels::of(&dataset) } else { Labels::none() };
    let names = Names::of(layout.prefixes);
    let predicates = Predicates::of(&dataset, layout.ontology);
    let subjects = Subjects::of(&dataset, layout.ontology);
    let statements = std::mem::take(&mut dataset.statements);
    let terms = Terms { dataset: &dataset, places: &places, labels: &labels, names: &names };
    let sorted = Sorted::of(statements, terms, &predicates, &subjects);
    Page::new(terms, &sorted, out).write()
}

/// What the writing of a term goes by.
#[derive(Clone, Copy)]
struct Terms<'a> {
    dataset: &'a Dataset<'a>,
    places: &'a [Place],
    labels: &'a Labels,
    names: &'a Names<'a>,
}

impl Terms<'_> {
    fn place(&self, id: u32) -> Place {
        self.places.get(id as usize).copied().unwrap_or(Place::Name)
    }
}
