//! Boxes change places if that leaves fewer crossings: of all that can be measured, what makes a drawing hardest to read
//! (Purchase 1997).

use super::Link;
use super::geometry::{Point, Rect, Size, cross};

/// The most times that all pairs are tried.
const ROUNDS: usize = 4;

/// What a crossing costs, in lengths of an average edge.
const CROSSING: f64 = 1.0;

/// What an edge behind a box costs.
const BEHIND: f64 = 2.0;

/// The saving from which a change pays off.
const LEAST_SAVING: f64 = 0.05;

/// Exchanges centres of boxes as long as that makes the drawing easier to read.
pub(super) fn reduce(centres: &mut [Point], sizes: &[Size], links: &[Link]) {
    let mut touching = vec![Vec::new(); centres.len()];
    for (place, link) in links.iter().enumerate() {
        touching[link.from].push(place);
        touching[link.to].push(place);
    }
    let length = |link: &Link| centres[link.from].minus(centres[link.to]).length();
    let count: f64 = links.iter().map(|_| 1.0).sum();
    let average = links.iter().map(length).sum::<f64>() / count;
    let drawing = Drawing { sizes, links, touching, average: average.max(1.0) };
    for _ in 0..ROUNDS {
        let mut is_better = false;
        for i in 0..centres.len() {
            for j in 0..i {
                is_better |= drawing.exchange(centres, i, j);
            }
        }
        if !is_better {
            break;
        }
    }
}

struct Drawing<'a> {
    sizes: &'a [Size],
    links: &'a [Link],
    /// The links of each box.
    touching: Vec<Vec<usize>>,
    /// The average length of a link.
    average: f64,
}

impl Drawing<'_> {
    /// Exchanges two boxes if that pays off, and returns whether it did.
    fn exchange(&self, centres: &mut [Point], i: usize, j: usize) -> bool {
        let before = self.cost(centres, i, j);
        centres.swap(i, j);
        if self.cost(centres, i, j) < before - LEAST_SAVING {
            return true;
        }
        centres.swap(i, j);
        false
    }

    /// Returns what the links of two boxes, and these boxes before other links, cost.
    fn cost(&self, centres: &[Point], i: usize, j: usize) -> f64 {
        let ends = |place: usize| {
            let link = self.links[place];
            (centres[link.from], centres[link.to])
        };
        let mut own: Vec<usize> = self.touching[i].iter().chain(&self.touching[j]).copied().collect();
        own.sort_unstable();
        own.dedup();
        let mut cost = 0.0;
        for &place in &own {
            let segment = ends(place);
            cost += segment.1.minus(segment.0).length() / self.average;
            for other in 0..self.links.len() {
                let is_counted = other <= place && own.binary_search(&other).is_ok();
                if !is_counted && cross(segment, ends(other)) {
                    cost += CROSSING;
                }
            }
            for node in 0..centres.len() {
                cost += self.behind(centres, place, node);
            }
        }
        for place in (0..self.links.len()).filter(|place| own.binary_search(place).is_err()) {
            cost += self.behind(centres, place, i) + self.behind(centres, place, j);
        }
        cost
    }

    /// Returns what it costs if a link is behind a box that it does not touch.
    fn behind(&self, centres: &[Point], place: usize, node: usize) -> f64 {
        let link = self.links[place];
        if link.from == node || link.to == node {
            return 0.0;
        }
        let segment = (centres[link.from], centres[link.to]);
        let rect = Rect::new(centres[node], self.sizes[node]);
        if rect.is_crossed_by(segment) { BEHIND } else { 0.0 }
    }
}
