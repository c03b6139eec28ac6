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
    let mut burdens = drawing.burdens(centres);
    for _ in 0..ROUNDS {
        let mut is_better = false;
        for i in 0..centres.len() {
            for j in 0..i {
                if drawing.exchange(centres, i, j, burdens[i] + burdens[j]) {
                    burdens = drawing.burdens(centres);
                    is_better = true;
                }
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
    /// Exchanges two boxes if that pays off, and returns whether it did. `burden` is the most that it can save besides
    /// lengths.
    fn exchange(&self, centres: &mut [Point], i: usize, j: usize, burden: f64) -> bool {
        let own = self.links_of(i, j);
        let lengths = self.lengths(centres, &own);
        centres.swap(i, j);
        // Most exchanges make the edges so long that nothing outweighs it.
        let after = self.cost(centres, [i, j], &own, lengths + burden);
        centres.swap(i, j);
        let is_better = after.is_some_and(|after| {
            let before = self.cost(centres, [i, j], &own, f64::INFINITY);
            before.is_some_and(|before| after < before - LEAST_SAVING)
        });
        if !is_better {
            return false;
        }
        centres.swap(i, j);
        true
    }

    /// Returns the links of two boxes, each once.
    fn links_of(&self, i: usize, j: usize) -> Vec<usize> {
        let mut own: Vec<usize> =
            self.touching[i].iter().chain(&self.touching[j]).copied().collect();
        own.sort_unstable();
        own.dedup();
        own
    }

    fn ends(&self, centres: &[Point], place: usize) -> (Point, Point) {
        let link = self.links[place];
        (centres[link.from], centres[link.to])
    }

    /// Returns the lengths of links, in those of an average one.
    fn lengths(&self, centres: &[Point], links: &[usize]) -> f64 {
        let length = |place: &usize| {
            let (from, to) = self.ends(centres, *place);
            to.minus(from).length()
        };
        links.iter().map(length).sum::<f64>() / self.average
    }

    /// Returns for each box what its links cost besides their lengths, and what other links behind it cost.
    fn burdens(&self, centres: &[Point]) -> Vec<f64> {
        let mut burdens = vec![0.0; centres.len()];
        for (place, link) in self.links.iter().enumerate() {
            let segment = self.ends(centres, place);
            let crossed = |other: &usize| cross(segment, self.ends(centres, *other));
            let mut cost: f64 = (0..self.links.len()).filter(crossed).map(|_| CROSSING).sum();
            for (node, burden) in burdens.iter_mut().enumerate() {
                let behind = self.behind(centres, place, node);
                *burden += behind;
                cost += behind;
            }
            burdens[link.from] += cost;
            burdens[link.to] += cost;
        }
        burdens
    }

    /// Returns what the links of two boxes, and these boxes before other links, cost, or `None` if it is not less than
    /// `most`.
    fn cost(&self, centres: &[Point], boxes: [usize; 2], own: &[usize], most: f64) -> Option<f64> {
        let mut cost = self.lengths(centres, own);
        for &place in own {
            if cost >= most {
                return None;
            }
            let segment = self.ends(centres, place);
            for other in 0..self.links.len() {
                let is_counted = other <= place && own.binary_search(&other).is_ok();
                if cross(segment, self.ends(centres, other)) && !is_counted {
                    cost += CROSSING;
                }
            }
            for node in 0..centres.len() {
                cost += self.behind(centres, place, node);
            }
        }
        if cost >= most {
            return None;
        }
        for place in (0..self.links.len()).filter(|place| own.binary_search(place).is_err()) {
            cost += boxes.map(|node| self.behind(centres, place, node)).iter().sum::<f64>();
        }
        (cost < most).then_some(cost)
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
