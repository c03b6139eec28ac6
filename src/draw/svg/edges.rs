//! Edges: a line for all that connects two things, with its names on a halo.

use super::boxes::{class_of, draw_numbers, numbers_width};
use super::markup::Markup;
use super::style::EDGE;
use crate::draw::layout::{Link, Point, Rect, Size};
use crate::draw::picture::{Basis, Edge, Picture, Standing};
use crate::draw::text::{shortened, width};
use std::collections::BTreeMap;

/// The widest name of an edge, and the most names of a line.
const WIDEST: f64 = 150.0;
const MOST_NAMES: usize = 4;

const NAME_HEIGHT: f64 = 13.0;

/// The length of the head of an arrow, and half of its width.
const HEAD: Size = Size { width: 8.0, height: 3.2 };

/// All edges between two things, which one line shows.
pub(super) struct Bundle<'a> {
    pub(super) link: Link,
    edges: Vec<&'a Edge>,
    is_mutual: bool,
}

/// Returns the edges between things, in bundles, in the order of the first edge of each.
pub(super) fn bundles(picture: &Picture) -> Vec<Bundle<'_>> {
    let mut places: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut bundles: Vec<Bundle<'_>> = Vec::new();
    for edge in &picture.edges {
        let ends = (edge.from.min(edge.to), edge.from.max(edge.to));
        let place = *places.entry(ends).or_insert(bundles.len());
        if place == bundles.len() {
            let link = Link { from: edge.from, to: edge.to, label: Size::default() };
            bundles.push(Bundle { link, edges: Vec::new(), is_mutual: false });
        }
        let bundle = &mut bundles[place];
        bundle.is_mutual |= edge.from != bundle.link.from;
        bundle.edges.push(edge);
    }
    for bundle in &mut bundles {
        let names = bundle.names(true);
        let widths = names
            .iter()
            .map(|(text, basis)| width(text, EDGE.size) + basis.map_or(0.0, numbers_width));
        bundle.link.label = Size {
            width: widths.fold(0.0, f64::max),
            height: names.iter().map(|_| NAME_HEIGHT).sum(),
        };
    }
    bundles
}

impl<'a> Bundle<'a> {
    /// Returns the lines of the label. If edges lead both ways, arrows tell them apart; `goes_right` is whether the line
    /// does.
    fn names(&self, goes_right: bool) -> Vec<(String, Option<&'a Basis>)> {
        let is_crowded = self.edges.len() > MOST_NAMES;
        let shown = if is_crowded { MOST_NAMES - 1 } else { self.edges.len() };
        let name = |edge: &&'a Edge| {
            let text = shortened(&edge.label, EDGE.size, WIDEST);
            let is_right = (edge.from == self.link.from) == goes_right;
            let text = match (self.is_mutual, is_right) {
                (false, _) => text,
                (true, true) => format!("{text} →"),
                (true, false) => format!("← {text}"),
            };
            (text, Some(&edge.basis))
        };
        let mut names: Vec<_> = self.edges[..shown].iter().map(name).collect();
        if is_crowded {
            names.push((format!("and {} more", self.edges.len() - shown), None));
        }
        names.retain(|(text, basis)| {
            !text.is_empty() || basis.is_some_and(|basis| !basis.notes.is_empty())
        });
        names
    }

    fn standing(&self) -> Standing {
        self.edges.iter().map(|edge| edge.basis.standing).max().unwrap_or_default()
    }

    /// Opens the group of the bundle, with its words and the quotes that they rest on.
    fn open(&self, picture: &Picture, markup: &mut Markup) {
        let words = self.edges.iter().map(|edge| {
            let [from, to] = [edge.from, edge.to].map(|end| picture.nodes[end].label.as_str());
            let numbers = edge.basis.numbers();
            let numbers = if numbers.is_empty() { numbers } else { format!(" [{numbers}]") };
            format!("{from} → {} → {to}{numbers}", edge.label)
        });
        let title = words.collect::<Vec<_>>().join("; ");
        let cited = self.edges.iter().flat_map(|edge| &edge.basis.notes);
        let quotes = cited.filter_map(|number| {
            let note = picture.notes.get(number.checked_sub(1)?)?;
            Some(format!("[{number}] {}", note.words()))
        });
        let description = quotes.collect::<Vec<_>>().join(" ");
        let class = format!("edge {}", class_of(self.standing()));
        markup.open_group(&class, &title, &description);
    }

    /// Draws the line.
    pub(super) fn draw_line(&self, picture: &Picture, path: &[Point], markup: &mut Markup) {
        let [first, second, ..] = path else { return };
        let (last, before) = (path[path.len() - 1], path[path.len() - 2]);
        self.open(picture, markup);
        let (start, first_head) = head(*first, *second);
        let (end, last_head) = head(last, before);
        let mut line = path.to_vec();
        if self.is_mutual {
            line[0] = start;
        }
        if let Some(point) = line.last_mut() {
            *point = end;
        }
        markup.path("line", &line, false);
        markup.path("head", &last_head, true);
        if self.is_mutual {
            markup.path("head", &first_head, true);
        }
        markup.line("</g>");
    }

    /// Draws the label.
    pub(super) fn draw_label(&self, path: &[Point], place: Rect, markup: &mut Markup) {
        let goes_right = match (path.first(), path.last()) {
            (Some(first), Some(last)) => last.x >= first.x,
            _ => true,
        };
        let class = format!("edge {}", class_of(self.standing()));
        markup.line(&format!("<g class=\"{class}\" aria-hidden=\"true\">"));
        let mut y = place.top() + 10.0;
        for (text, basis) in self.names(goes_right) {
            let own = width(&text, EDGE.size);
            let whole = own + basis.map_or(0.0, numbers_width);
            let left = place.centre.x - whole / 2.0;
            if !text.is_empty() {
                markup.words(EDGE, Point::new(left, y), &text);
            }
            if let Some(basis) = basis {
                draw_numbers(basis, Point::new(left + own, y - 3.0), markup);
            }
            y += NAME_HEIGHT;
        }
        markup.line("</g>");
    }
}

/// Returns where a line ends before the head of its arrow, and the corners of the head, whose tip is the end.
fn head(tip: Point, from: Point) -> (Point, [Point; 3]) {
    let along = tip.minus(from);
    let unit = along.times(1.0 / along.length().max(1e-6));
    let base = tip.minus(unit.times(HEAD.width));
    let aside = Point::new(-unit.y, unit.x).times(HEAD.height);
    (base, [tip, base.plus(aside), base.minus(aside)])
}
