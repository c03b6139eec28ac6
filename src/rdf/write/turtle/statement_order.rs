//! Statements in output order, and their nesting.

use super::TermContext;
use super::comments::{Around, Comments};
use crate::rdf::write::blank::TermForm;
use crate::rdf::write::dataset::{Id, QuadIds};
use crate::vocabulary::rdf;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// The statements of a dataset in output order, with their nesting.
pub(super) struct StatementOrder<'a> {
    /// Grouped by graph and subject; predicates and objects in order.
    pub statements: Vec<QuadIds>,
    /// The statements about each nested blank node.
    pub nested: FxHashMap<Id, Range<usize>>,
    /// The graphs, each with its blocks, in order.
    pub graphs: Vec<GraphStatements>,
    /// The comments for readers.
    pub comments: Comments,
    pub terms: TermContext<'a>,
}

/// The statements of one graph.
pub(super) struct GraphStatements {
    pub name: Id,
    /// The statements of the default graph about the name of this graph.
    pub head: Option<Range<usize>>,
    /// The statements about each subject.
    pub blocks: Vec<Range<usize>>,
    pub comments: Around,
}

impl StatementOrder<'_> {
    /// Returns the statements of a range.
    pub(super) fn statements(&self, range: Range<usize>) -> &[QuadIds] {
        self.statements.get(range).unwrap_or(&[])
    }

    /// Returns the statements about a nested node.
    pub(super) fn about(&self, node: Id) -> Range<usize> {
        self.nested.get(&node).cloned().unwrap_or(0..0)
    }

    /// Splits the statements about one subject by property.
    pub(super) fn properties(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = Range<usize>> + use<'_> {
        let mut start = range.start;
        self.statements(range).chunk_by(|a, b| a.predicate == b.predicate).map(move |same| {
            let property = start..start + same.len();
            start = property.end;
            property
        })
    }

    /// Returns the items of a list from its head, each with the position of its statement.
    ///
    /// Each cell has two statements, `rdf:first` and `rdf:rest`, in either order.
    pub(super) fn items(&self, head: Id) -> impl Iterator<Item = (usize, Id)> + use<'_> {
        let rest = self.terms.dataset.id_of(rdf::REST);
        let mut cell = Some(head);
        std::iter::from_fn(move || {
            let (mut item, mut next) = (None, None);
            for place in self.about(cell?) {
                let Some(statement) = self.statements.get(place) else { continue };
                if rest == Some(statement.predicate) {
                    next = Some(statement.object);
                } else {
                    item = Some((place, statement.object));
                }
            }
            cell = next.filter(|next| matches!(self.terms.form(*next), TermForm::Cell(_)));
            item
        })
    }

    /// Returns the position of the statement with the item of a list cell.
    pub(super) fn item(&self, cell: Id) -> Option<usize> {
        self.items(cell).next().map(|(place, _)| place)
    }

    /// Returns whether some of the statements have comments.
    pub(super) fn has_comments(&self, mut range: Range<usize>) -> bool {
        !self.comments.statements.is_empty()
            && range.any(|place| self.comments.statements.contains_key(&place))
    }
}
