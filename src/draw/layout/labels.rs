//! Places for the labels of edges: on their edge, where they hide nothing.

use super::Link;
use super::geometry::{Point, Rect, point_at};

/// The places on an edge that are tried, as steps from the preferred one, in hundredths of its length.
const STEPS: [f64; 15] =
    [0.0, 6.0, -6.0, 12.0, -12.0, 18.0, -18.0, 24.0, -24.0, 30.0, -30.0, 36.0, -36.0, 42.0, -42.0];

/// The distances from the edge that are tried, in heights of the label, and what they cost. At these, the edge still
/// touches its label.
const ASIDE: [f64; 3] = [0.0, -0.45, 0.45];
const ASIDE_COST: f64 = 30.0;

/// What it costs to cover another edge, in hundredths of the length of the own one.
const COVERED: f64 = 40.0;

/// The room around a label.
const MARGIN: f64 = 3.0;

/// Returns the place of each label, or `None` where there is no room. Empty labels have a place wherever they are.
pub(super) fn places(boxes: &[Rect], paths: &[Vec<Point>], links: &[Link]) -> Vec<Option<Rect>> {
    let mut degrees = vec![0_usize; boxes.len()];
    for link in links {
        degrees[link.from] += 1;
        degrees[link.to] += 1;
    }
    let length = |place: usize| -> f64 {
        paths[place].windows(2).map(|ends| ends[1].minus(ends[0]).length()).sum()
    };
    let room = |place: &usize| length(*place) - links[*place].label.width;
    let mut order: Vec<usize> = (0..links.len()).collect();
    // Those with the least room choose first.
    order.sort_by(|a, b| room(a).total_cmp(&room(b)).then(a.cmp(b)));
    let mut placed: Vec<Option<Rect>> = vec![None; links.len()];
    for place in order {
        let link = links[place];
        let preferred = preferred(degrees[link.from], degrees[link.to]);
        let mut best: Option<(f64, Rect)> = None;
        for (step, aside) in STEPS.into_iter().flat_map(|step| ASIDE.map(|aside| (step, aside))) {
            let fraction = (preferred + step) / 100.0;
            if !(0.08..=0.92).contains(&fraction) {
                continue;
            }
            let shift = Point::new(0.0, aside * link.label.height);
            let label = Rect::new(point_at(&paths[place], fraction).plus(shift), link.label);
            let around = label.grown(MARGIN, MARGIN);
            let is_free = !boxes.iter().any(|node| node.overlaps(around))
                && !placed.iter().flatten().any(|other| other.overlaps(around));
            if !is_free {
                continue;
            }
            let covers = |(other, path): (usize, &Vec<Point>)| {
                let is_covered = |ends: &[Point]| label.is_crossed_by((ends[0], ends[1]));
                if other != place && path.windows(2).any(is_covered) { COVERED } else { 0.0 }
            };
            let cost = step.abs()
                + ASIDE_COST * aside.abs()
                + paths.iter().enumerate().map(covers).sum::<f64>();
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, label));
            }
        }
        placed[place] = best.map(|(_, label)| label);
    }
    placed
}

/// Returns the place on an edge that is tried first, in hundredths: nearer to the end with fewer edges, since they are
/// closest at the other one.
const fn preferred(from: usize, to: usize) -> f64 {
    match (from, to) {
        (1, 3..) => 32.0,
        (3.., 1) => 68.0,
        _ if from < to => 42.0,
        _ if from > to => 58.0,
        _ => 50.0,
    }
}
