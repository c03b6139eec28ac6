//! How long a picture of a graph takes: `cargo bench --bench draw -- [THINGS]`.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use dossier::{Basis, Edge, Node, Picture, draw_svg};
use std::time::Instant;

const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let things = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(150);
    let picture = picture(things);
    for is_layered in [false, true] {
        let mut times = Vec::new();
        let mut bytes = 0;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            bytes = draw_svg(&picture, is_layered, &|_| None).len();
            times.push(start.elapsed());
        }
        times.sort();
        let layout = if is_layered { "layers" } else { "stress" };
        let edges = picture.edges.len();
        println!(
            "{layout}: {things} things, {edges} edges: {:?}, {bytes} bytes",
            times[ROUNDS / 2]
        );
    }
}

/// Returns a graph in which each thing is linked with one or two earlier ones.
fn picture(things: usize) -> Picture {
    let mut state = 1_u64;
    let mut below = |most: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % most
    };
    let mut picture = Picture { title: "A graph".to_owned(), ..Picture::default() };
    for place in 0..things {
        picture.nodes.push(Node {
            iri: None,
            label: format!("the thing with the number {place}"),
            class: None,
            lines: Vec::new(),
            is_focus: false,
        });
        if place == 0 {
            continue;
        }
        for _ in 0..=usize::from(below(5) < 2) {
            let from = below(place).min(below(place));
            let label = format!("relation {}", below(9));
            picture.edges.push(Edge { from, to: place, label, basis: Basis::default() });
        }
    }
    picture
}
