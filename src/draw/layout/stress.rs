//! Stress majorization: things are as far apart on paper as in the graph (Gansner, Koren and North 2004).
//!
//! It begins with classical scaling, so the same graph always has the same layout. Nothing here uses functions whose
//! last digits differ between machines.

use super::geometry::{Point, Size};
use super::{Link, SPACE};

/// The most rounds of majorization.
const ROUNDS: usize = 200;

/// The rounds that find an eigenvector closely enough.
const POWER_ROUNDS: usize = 60;

/// The share of the stress that a round has to save for another one to follow.
const LEAST_SAVING: f64 = 1e-4;

/// How much wider than high the layout is made: boxes are, and so are screens.
const STRETCH: f64 = 1.25;

/// Returns the centres of connected boxes.
pub(super) fn centres(sizes: &[Size], links: &[Link]) -> Vec<Point> {
    let distances = distances(sizes, links);
    let mut centres = scaled(&distances);
    let mut before = f64::INFINITY;
    for _ in 0..ROUNDS {
        let stress = improve(&mut centres, &distances);
        if before - stress < LEAST_SAVING * stress {
            break;
        }
        before = stress;
    }
    centres.iter().map(|centre| Point::new(centre.x * STRETCH, centre.y / STRETCH)).collect()
}

/// The ideal distances of all pairs: the lengths of the shortest paths (Floyd and Warshall).
struct Distances {
    count: usize,
    all: Vec<f64>,
}

impl Distances {
    fn of(&self, from: usize, to: usize) -> f64 {
        self.all[from * self.count + to]
    }
}

fn distances(sizes: &[Size], links: &[Link]) -> Distances {
    let count = sizes.len();
    let mut all = vec![f64::INFINITY; count * count];
    for i in 0..count {
        all[i * count + i] = 0.0;
    }
    let extent = |place: usize| (sizes[place].width + 2.0 * sizes[place].height) / 5.0;
    for link in links {
        let length = extent(link.from) + extent(link.to) + link.label.width / 3.0 + SPACE;
        for at in [link.from * count + link.to, link.to * count + link.from] {
            all[at] = length.min(all[at]);
        }
    }
    for via in 0..count {
        for from in 0..count {
            let first = all[from * count + via];
            if !first.is_finite() {
                continue;
            }
            for to in 0..count {
                let length = first + all[via * count + to];
                if length < all[from * count + to] {
                    all[from * count + to] = length;
                }
            }
        }
    }
    Distances { count, all }
}

/// Classical scaling: the two eigenvectors of the centred squares of the distances with the largest eigenvalues.
fn scaled(distances: &Distances) -> Vec<Point> {
    let count = distances.count;
    let number = to_float(count);
    let squares: Vec<f64> = distances.all.iter().map(|distance| distance * distance).collect();
    let means: Vec<f64> =
        squares.chunks(count).map(|row| row.iter().sum::<f64>() / number).collect();
    let mean = means.iter().sum::<f64>() / number;
    let centred: Vec<f64> = (0..count * count)
        .map(|at| -0.5 * (squares[at] - means[at / count] - means[at % count] + mean))
        .collect();
    let first = eigenvector(&centred, count, None, 0.618_034);
    let second = eigenvector(&centred, count, Some(&first), 0.414_214);
    // Things with the same distances to all others would lie upon each other.
    let apart = |place: usize, step: f64| (to_float(place + 1) * step).fract() - 0.5;
    (0..count)
        .map(|i| Point::new(first[i] + apart(i, 0.754_878), second[i] + apart(i, 0.569_840)))
        .collect()
}

/// Returns an eigenvector as long as the square root of its eigenvalue, perpendicular to another one if there is one.
fn eigenvector(matrix: &[f64], count: usize, other: Option<&[f64]>, step: f64) -> Vec<f64> {
    let mut vector: Vec<f64> = (0..count).map(|i| (to_float(i + 1) * step).fract() - 0.5).collect();
    let mut value = 0.0;
    for _ in 0..POWER_ROUNDS {
        if let Some(other) = other {
            let square = dot(other, other);
            let share = if square > 0.0 { dot(&vector, other) / square } else { 0.0 };
            for (x, y) in vector.iter_mut().zip(other) {
                *x -= share * y;
            }
        }
        let length = dot(&vector, &vector).sqrt();
        if length < 1e-9 {
            return vec![0.0; count];
        }
        for x in &mut vector {
            *x /= length;
        }
        let next: Vec<f64> = matrix.chunks(count).map(|row| dot(row, &vector)).collect();
        value = dot(&next, &vector);
        vector = next;
    }
    let length = dot(&vector, &vector).sqrt().max(1e-9);
    vector.iter().map(|x| x / length * value.max(0.0).sqrt()).collect()
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(x, y)| x * y).sum()
}

/// Moves each centre to where its stress is least, and returns the stress before.
fn improve(centres: &mut [Point], distances: &Distances) -> f64 {
    let mut stress = 0.0;
    for i in 0..centres.len() {
        let (mut sum, mut weights) = (Point::default(), 0.0);
        for j in (0..centres.len()).filter(|j| *j != i) {
            let ideal = distances.of(i, j);
            let apart = centres[i].minus(centres[j]);
            let length = apart.length().max(1e-6);
            let weight = 1.0 / (ideal * ideal);
            stress += weight * (length - ideal) * (length - ideal);
            sum = sum.plus(centres[j].plus(apart.times(ideal / length)).times(weight));
            weights += weight;
        }
        if weights > 0.0 {
            centres[i] = sum.times(1.0 / weights);
        }
    }
    stress
}

#[expect(clippy::cast_precision_loss, reason = "these are counts of boxes")]
const fn to_float(count: usize) -> f64 {
    count as f64
}
