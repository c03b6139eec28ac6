//! The box of a thing: its name, and its values below.

use super::markup::Markup;
use super::style::{LABEL, NUMBER, SIGN_WIDTH, VALUE, sign};
use crate::draw::layout::{Point, Rect, Size};
use crate::draw::picture::{Basis, Line, Node, Standing};
use crate::draw::text::{shortened, width, wrap};
use oxigraph::model::NamedNode;

/// The room between the frame of a box and its text.
const PADDING: Size = Size { width: 10.0, height: 7.0 };

/// The widest name and the most lines of it.
const WIDEST_LABEL: f64 = 160.0;
const MOST_LABEL_LINES: usize = 3;

/// The widest value, and the most values of a thing.
const WIDEST_VALUE: f64 = 180.0;
const MOST_VALUES: usize = 6;

const LABEL_HEIGHT: f64 = 16.0;
const VALUE_HEIGHT: f64 = 14.0;

/// The room before a number.
pub(super) const NUMBER_SPACE: f64 = 2.5;

/// Returns the link of a thing or a claim, or `None` if it has none.
pub type LinkOf<'a> = dyn Fn(&NamedNode) -> Option<String> + 'a;

/// The text of a box, broken into lines.
pub(super) struct NodeBox<'a> {
    node: &'a Node,
    label: Vec<String>,
    values: Vec<(String, &'a Basis)>,
    /// How many values are not shown.
    hidden: Option<String>,
    pub(super) size: Size,
}

impl<'a> NodeBox<'a> {
    pub(super) fn new(node: &'a Node) -> Self {
        let label = wrap(&node.label, LABEL.size, WIDEST_LABEL, MOST_LABEL_LINES);
        let is_crowded = node.lines.len() > MOST_VALUES;
        let shown = if is_crowded { MOST_VALUES - 1 } else { node.lines.len() };
        let value = |line: &'a Line| (shortened(&line.text, VALUE.size, WIDEST_VALUE), &line.basis);
        let values: Vec<_> = node.lines[..shown].iter().map(value).collect();
        let hidden = is_crowded.then(|| format!("and {} more", node.lines.len() - shown));
        let indent = if node.class.is_some() { SIGN_WIDTH } else { 0.0 };
        let labels = label.iter().map(|line| indent + width(line, LABEL.size));
        let widths = values
            .iter()
            .map(|(text, basis)| width(text, VALUE.size) + numbers_width(basis))
            .chain(hidden.iter().map(|text| width(text, VALUE.size)));
        let widest = labels.chain(widths).fold(12.0, f64::max);
        let rows: f64 = label.iter().map(|_| LABEL_HEIGHT).sum::<f64>().max(LABEL_HEIGHT)
            + values.iter().map(|_| VALUE_HEIGHT).sum::<f64>()
            + hidden.iter().map(|_| VALUE_HEIGHT).sum::<f64>();
        let size =
            Size { width: widest + 2.0 * PADDING.width, height: rows + 2.0 * PADDING.height };
        Self { node, label, values, hidden, size }
    }

    /// Draws the box. `connections` are words about its edges, for readers who do not see them.
    pub(super) fn draw(
        &self,
        rect: Rect,
        link_of: &LinkOf<'_>,
        connections: &str,
        markup: &mut Markup,
    ) {
        let link = self.node.iri.as_ref().and_then(link_of);
        let is_link = markup.open_link(link.as_deref());
        let lines = self.node.lines.iter().map(|line| line.text.as_str());
        let mut words: Vec<&str> = lines.collect();
        words.extend(Some(connections).filter(|words| !words.is_empty()));
        let class = if self.node.is_focus { "box focus" } else { "box" };
        markup.open_group(class, &self.node.label, &words.join("; "));
        markup.rect("frame", rect, 5.0);
        let left = rect.left() + PADDING.width;
        let mut y = rect.top() + PADDING.height;
        let mut indent = 0.0;
        if let Some(class) = self.node.class {
            sign(class, Point::new(left + 5.0, y + LABEL_HEIGHT / 2.0), markup);
            indent = SIGN_WIDTH;
        }
        for line in &self.label {
            markup.words(LABEL, Point::new(left + indent, y + 12.5), line);
            y += LABEL_HEIGHT;
        }
        for (text, basis) in &self.values {
            markup.words(VALUE, Point::new(left, y + 10.5), text);
            draw_numbers(basis, Point::new(left + width(text, VALUE.size), y + 7.5), markup);
            y += VALUE_HEIGHT;
        }
        if let Some(hidden) = &self.hidden {
            markup.words(VALUE, Point::new(left, y + 10.5), hidden);
        }
        markup.line("</g>");
        markup.close_link(is_link);
    }
}

/// Draws the numbers of footnotes behind a text that ends at a point.
pub(super) fn draw_numbers(basis: &Basis, end: Point, markup: &mut Markup) {
    if !basis.notes.is_empty() {
        markup.words(NUMBER, end.plus(Point::new(NUMBER_SPACE, 0.0)), &basis.numbers());
    }
}

/// Returns the width of the numbers of footnotes with the room before them.
pub(super) fn numbers_width(basis: &Basis) -> f64 {
    if basis.notes.is_empty() { 0.0 } else { NUMBER_SPACE + width(&basis.numbers(), NUMBER.size) }
}

/// Returns the class of a standing in the style sheet.
pub(in crate::draw) const fn class_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Background => "background",
        Standing::Uncertain => "uncertain",
        Standing::Stated => "stated",
    }
}
