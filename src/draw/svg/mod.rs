//! A picture as SVG: a title, the graph, a legend and the footnotes.

mod boxes;
mod edges;
mod legend;
pub(super) mod markup;
pub(super) mod style;

pub use boxes::LinkOf;
pub(super) use boxes::class_of;
pub(super) use legend::{draw_classes, draw_notes};

use super::layout::{Arrangement, Point, Rect, Size, arrange};
use super::picture::Picture;
use boxes::NodeBox;
use edges::{Bundle, bundles};
use markup::{Markup, Type, escaped, number};
pub(crate) use style::style_sheet_within;
use style::{SMALL, TITLE, style_sheet};

/// The room around a picture, and between its parts.
pub(super) const MARGIN: f64 = 24.0;

/// The least width of a picture, so that footnotes are readable.
const LEAST_WIDTH: f64 = 600.0;

/// The height of a line of notes.
pub(super) const LINE_HEIGHT: f64 = 17.0;

/// Draws a picture as SVG.
///
/// # Arguments
/// `is_layered` asks for layers from left to right, as for trees. `link_of` returns the links of things and claims; links that are
/// neither relative nor to the web are ignored.
pub fn draw_svg(picture: &Picture, is_layered: bool, link_of: &LinkOf<'_>) -> String {
    let boxes: Vec<NodeBox<'_>> = picture.nodes.iter().map(NodeBox::new).collect();
    let bundles = bundles(picture);
    let arrangement = arrange_all(&boxes, &bundles, is_layered);
    let width = arrangement.size.width.max(LEAST_WIDTH);
    let mut body = Markup::default();
    let top = MARGIN + draw_title(&picture.title, &mut body);
    let corner = Point::new(MARGIN + (width - arrangement.size.width) / 2.0, top);
    draw_graph(picture, &boxes, &bundles, &arrangement.moved(corner), link_of, &mut body);
    let mut y = top + arrangement.size.height + MARGIN;
    y += draw_classes(picture, Point::new(MARGIN, y), width, &mut body);
    let missing = arrangement.labels.iter().filter(|label| label.is_none()).count();
    let remarks = picture.left_out.iter().cloned().chain(no_room(missing));
    for remark in remarks {
        y += LINE_HEIGHT;
        body.words(SMALL, Point::new(MARGIN, y - 5.0), &remark);
    }
    y += draw_notes(&picture.notes, Point::new(MARGIN, y), width, link_of, &mut body);
    sheet(&picture.title, &summary(picture), Size { width: width + 2.0 * MARGIN, height: y }, &body)
}

/// Makes of a picture what stands inside a page: without a style sheet of its own, which the page has
/// ([`style_sheet_within`]), and as a group, since readers who do not see it can follow its links.
pub(crate) fn inline(svg: &str) -> String {
    let (start, end) = ("<style>", "</style>\n");
    let (before, rest) = svg.split_once(start).unwrap_or((svg, ""));
    let after = rest.split_once(end).map_or(rest, |(_, after)| after);
    before.replacen("role=\"img\"", "role=\"group\"", 1) + after
}

/// Returns a whole file of SVG: the paper, and what is on it.
pub(super) fn sheet(title: &str, description: &str, size: Size, body: &Markup) -> String {
    let (width, height) = (number(size.width), number(size.height));
    let paper = Rect::new(Point::new(size.width / 2.0, size.height / 2.0), size);
    let mut markup = Markup::default();
    markup.line(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">"
    ));
    markup.line(&format!("<title>{}</title>", escaped(title)));
    markup.line(&format!("<desc>{}</desc>", escaped(description)));
    markup.line(&format!("<style>\n{}</style>", style_sheet()));
    markup.rect("paper", paper, 0.0);
    markup.text.push_str(&body.text);
    markup.line("</svg>");
    markup.text
}

/// Draws a title, and returns the height that it takes.
pub(super) fn draw_title(title: &str, markup: &mut Markup) -> f64 {
    let Type { size, .. } = TITLE;
    markup.words(TITLE, Point::new(MARGIN, MARGIN + size - 3.0), title);
    size + 18.0
}

fn summary(picture: &Picture) -> String {
    let (things, edges, notes) = (picture.nodes.len(), picture.edges.len(), picture.notes.len());
    let many = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    };
    let (things, edges) = (many(things, "thing"), many(edges, "connection"));
    format!("A graph with {things}, {edges} and {}.", many(notes, "footnote"))
}

fn no_room(labels: usize) -> Option<String> {
    let names = if labels == 1 { "1 name has" } else { &format!("{labels} names have") };
    (labels > 0).then(|| format!("{names} no room at its edge; the title of the edge shows it."))
}

fn arrange_all(boxes: &[NodeBox<'_>], bundles: &[Bundle<'_>], is_layered: bool) -> Arrangement {
    let sizes: Vec<Size> = boxes.iter().map(|node| node.size).collect();
    let links: Vec<_> = bundles.iter().map(|bundle| bundle.link).collect();
    arrange(&sizes, &links, is_layered)
}

/// Draws lines below boxes, and names above both.
fn draw_graph(
    picture: &Picture,
    boxes: &[NodeBox<'_>],
    bundles: &[Bundle<'_>],
    arrangement: &Arrangement,
    link_of: &LinkOf<'_>,
    markup: &mut Markup,
) {
    for (bundle, path) in bundles.iter().zip(&arrangement.paths) {
        bundle.draw_line(picture, path, markup);
    }
    for (place, (node, rect)) in boxes.iter().zip(&arrangement.boxes).enumerate() {
        node.draw(*rect, link_of, &connections(picture, place), markup);
    }
    let paths = arrangement.paths.iter().zip(&arrangement.labels);
    for (bundle, (path, label)) in bundles.iter().zip(paths) {
        if let Some(label) = label {
            bundle.draw_label(path, *label, markup);
        }
    }
}

/// Returns what begins at a thing, in words.
fn connections(picture: &Picture, place: usize) -> String {
    let own = picture.edges.iter().filter(|edge| edge.from == place);
    let words = own.map(|edge| format!("{}: {}", edge.label, picture.nodes[edge.to].label));
    words.collect::<Vec<_>>().join("; ")
}
