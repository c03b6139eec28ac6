//! Boxes are pushed apart until none overlaps another one.

use super::geometry::{Point, Rect, Size};

/// The rounds of pushing before all distances grow.
const ROUNDS: usize = 60;

/// How much all distances grow if pushing was not enough.
const GROWTH: f64 = 1.1;

/// The room around a box, to each side.
const MARGIN: Size = Size { width: 14.0, height: 12.0 };

/// Moves centres until no two boxes overlap.
pub(super) fn remove(centres: &mut [Point], sizes: &[Size]) {
    for place in 0..centres.len() {
        // Growing separates only what is not in the same place.
        while centres[..place].contains(&centres[place]) {
            centres[place].x += 1.0;
        }
    }
    loop {
        for _ in 0..ROUNDS {
            if !push(centres, sizes) {
                return;
            }
        }
        for centre in centres.iter_mut() {
            *centre = centre.times(GROWTH);
        }
    }
}

/// Pushes each pair that overlaps apart, in the direction in which that takes least, and returns whether there was one.
fn push(centres: &mut [Point], sizes: &[Size]) -> bool {
    let mut is_pushed = false;
    for i in 0..centres.len() {
        for j in 0..i {
            let [one, other] = [i, j]
                .map(|at| Rect::new(centres[at], sizes[at]).grown(MARGIN.width, MARGIN.height));
            if !one.overlaps(other) {
                continue;
            }
            is_pushed = true;
            let apart = one.centre.minus(other.centre);
            let x = f64::midpoint(one.size.width, other.size.width) - apart.x.abs();
            let y = f64::midpoint(one.size.height, other.size.height) - apart.y.abs();
            // A little more than needed, or else rounding leaves an overlap.
            let step = if x < y {
                Point::new((x / 2.0 + 0.01).copysign(apart.x), 0.0)
            } else {
                Point::new(0.0, (y / 2.0 + 0.01).copysign(apart.y))
            };
            centres[i] = centres[i].plus(step);
            centres[j] = centres[j].minus(step);
        }
    }
    is_pushed
}
