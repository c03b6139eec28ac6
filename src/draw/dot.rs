//! A picture in the language of [Graphviz](https://graphviz.org/doc/info/lang.html).

use super::palette::{COLOURS, place_of};
use super::picture::{Edge, Line, Node, Picture, Standing};
use super::svg::LinkOf;
use super::svg::markup::safe_link;
use crate::printable::printable;

/// The shapes of the classes.
const SHAPES: [&str; COLOURS.len()] =
    ["ellipse", "box", "trapezium", "hexagon", "invtrapezium", "parallelogram", "octagon", "note"];

/// Draws a picture in the language of Graphviz. The footnotes are comments at its end.
///
/// # Arguments
/// `link_of` returns the links of things; links that are neither relative nor to the web are ignored.
pub fn draw_dot(picture: &Picture, link_of: &LinkOf<'_>) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&picture.title));
    text.push_str("  rankdir=LR;\n  node [fontname=\"Helvetica\", shape=box, style=rounded];\n");
    text.push_str("  edge [fontname=\"Helvetica\", fontsize=10, color=\"#7d8792\"];\n");
    for (place, node) in picture.nodes.iter().enumerate() {
        text.push_str(&format!(
            "  n{place} [label={}{}{}];\n",
            words(node),
            look(node),
            link(node, link_of)
        ));
    }
    for edge in &picture.edges {
        text.push_str(&arrow(edge));
    }
    for (place, name) in picture.classes.iter().enumerate() {
        let (shape, colour) = look_of(place);
        text.push_str(&format!("  // {}: {shape}, {colour}\n", line_of(name)));
    }
    for (place, note) in picture.notes.iter().enumerate() {
        text.push_str(&format!(
            "  // {}. {}, {}\n",
            place + 1,
            line_of(&note.name),
            line_of(&note.words())
        ));
    }
    if let Some(left_out) = &picture.left_out {
        text.push_str(&format!("  // {}\n", line_of(left_out)));
    }
    text.push_str("}\n");
    text
}

/// Returns the lines of a node as one quoted string.
fn words(node: &Node) -> String {
    let line =
        |line: &Line| format!("\\n{}{}", escaped(&line.text), numbers(&line.basis.numbers()));
    let lines: String = node.lines.iter().map(line).collect();
    format!("\"{}{lines}\"", escaped(&node.label))
}

/// Returns the shape and the colour of a class.
fn look_of(class: usize) -> (&'static str, &'static str) {
    (SHAPES[place_of(class)], COLOURS[place_of(class)])
}

fn look(node: &Node) -> String {
    let Some(class) = node.class else { return String::new() };
    let (shape, colour) = look_of(class);
    format!(", shape={shape}, color=\"{colour}\"")
}

fn link(node: &Node, link_of: &LinkOf<'_>) -> String {
    let link = node.iri.as_ref().and_then(link_of);
    let link = link.as_deref().and_then(safe_link);
    link.map(|link| format!(", URL={}", quoted(link))).unwrap_or_default()
}

fn numbers(numbers: &str) -> String {
    if numbers.is_empty() { String::new() } else { format!(" [{numbers}]") }
}

fn arrow(edge: &Edge) -> String {
    let label = format!("\"{}{}\"", escaped(&edge.label), numbers(&edge.basis.numbers()));
    let style = match edge.basis.standing {
        Standing::Stated => "",
        Standing::Uncertain => ", style=dashed",
        Standing::Background => ", color=\"#cdd3da\", fontcolor=\"#8b949e\"",
    };
    format!("  n{} -> n{} [label={label}{style}];\n", edge.from, edge.to)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Escapes a text for a quoted string, in which Graphviz replaces entities, too.
fn escaped(text: &str) -> String {
    line_of(text).replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"")
}

/// Returns a text on one line, as in a comment.
fn line_of(text: &str) -> String {
    printable(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
