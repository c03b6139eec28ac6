//! A picture as a flowchart of [Mermaid](https://mermaid.js.org/syntax/flowchart.html).

use super::palette::{COLOURS, place_of};
use super::picture::{Edge, Line, Node, Picture, Standing};
use super::svg::LinkOf;
use super::svg::markup::safe_link;
use crate::printable::printable;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Draws a picture as a flowchart. The footnotes are comments at its end.
///
/// # Arguments
/// `link_of` returns the links of things; links that are neither relative nor to the web are ignored.
pub fn draw_mermaid(picture: &Picture, link_of: &LinkOf<'_>) -> String {
    let mut text = format!("---\ntitle: \"{}\"\n---\nflowchart LR\n", escaped(&picture.title));
    for (place, node) in picture.nodes.iter().enumerate() {
        text.push_str(&format!("  n{place}[\"{}\"]{}\n", words(node), class(node)));
    }
    for edge in &picture.edges {
        text.push_str(&arrow(edge));
    }
    for (place, edge) in picture.edges.iter().enumerate() {
        if edge.basis.standing == Standing::Background {
            text.push_str(&format!("  linkStyle {place} stroke:#cdd3da,color:#8b949e\n"));
        }
    }
    for (place, node) in picture.nodes.iter().enumerate() {
        let link = node.iri.as_ref().and_then(link_of);
        if let Some(link) = link.as_deref().and_then(safe_link) {
            text.push_str(&format!("  click n{place} href \"{}\"\n", in_link(link)));
        }
    }
    for (place, name) in picture.classes.iter().enumerate() {
        let colour = COLOURS[place_of(place)];
        text.push_str(&format!("  %% {}\n", escaped(name)));
        text.push_str(&format!("  classDef c{place} fill:#fff,stroke:{colour},color:#1f2328\n"));
    }
    for (place, note) in picture.notes.iter().enumerate() {
        text.push_str(&format!(
            "  %% {}. {}, {}\n",
            place + 1,
            escaped(&note.name),
            escaped(&note.words())
        ));
    }
    if let Some(left_out) = &picture.left_out {
        text.push_str(&format!("  %% {}\n", escaped(left_out)));
    }
    text
}

fn words(node: &Node) -> String {
    let line = |line: &Line| {
        format!("<br/><small>{}{}</small>", escaped(&line.text), numbers(&line.basis.numbers()))
    };
    let lines: String = node.lines.iter().map(line).collect();
    format!("{}{lines}", escaped(&node.label))
}

fn class(node: &Node) -> String {
    node.class.map(|class| format!(":::c{class}")).unwrap_or_default()
}

fn numbers(numbers: &str) -> String {
    if numbers.is_empty() { String::new() } else { format!(" <sup>{numbers}</sup>") }
}

fn arrow(edge: &Edge) -> String {
    let label = format!("{}{}", escaped(&edge.label), numbers(&edge.basis.numbers()));
    let line = if edge.basis.standing == Standing::Uncertain { "-.->" } else { "-->" };
    format!("  n{} {line}|\"{label}\"| n{}\n", edge.from, edge.to)
}

/// Encodes what would end a link in quotes, and what is not part of one anyway.
fn in_link(link: &str) -> String {
    utf8_percent_encode(link, LINK).to_string()
}

/// What is encoded in a link.
const LINK: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'\\');

/// Escapes a text for a quoted string of Mermaid, in which `#` begins an entity. What begins a directive or a comment in
/// other places is escaped as well.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in printable(text).split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '`' | '%' | '{' | '}' | '|' | '\\' | '*' | '_' | '~' => {
                safe.push_str(&format!("#{};", u32::from(c)));
            }
            c => safe.push(c),
        }
    }
    safe
}
