//! Layers from left to right, as for trees: no edge goes back, and few cross (Sugiyama, Tagawa and Toda 1981).

use super::geometry::{Point, Size};
use super::{Link, SPACE};

/// The sweeps over the layers that order them, and those that straighten the edges.
const SWEEPS: usize = 12;

/// The room between two boxes of a layer.
const ROW_SPACE: f64 = 12.0;

/// The least room between two layers, as a share of the height of the highest one.
const FAN: f64 = 0.32;

/// Returns the centres of connected boxes and, for each link, the points of its path: from one side of a box to one of
/// another. `scale` widens the room between layers and rows.
pub(super) fn layout(sizes: &[Size], links: &[Link], scale: f64) -> (Vec<Point>, Vec<Vec<Point>>) {
    let layers = layers(sizes.len(), links);
    let mut slots = Slots::new(sizes, links, &layers);
    slots.order();
    let rows = slots.rows(scale);
    let columns = slots.columns(links, scale);
    let at = |slot: usize| Point::new(columns.centre(&slots, slot), rows[slot]);
    let centres: Vec<Point> = (0..sizes.len()).map(at).collect();
    let paths = slots.chains.iter().zip(links).map(|(chain, link)| {
        let mut path: Vec<Point> = chain.iter().map(|slot| at(*slot)).collect();
        let last = path.len() - 1;
        let goes_right = path[last].x >= path[0].x;
        let side = |slot: usize, is_right: bool| {
            let half = sizes[slot].width / 2.0;
            Point::new(if is_right { half } else { -half }, 0.0)
        };
        path[0] = path[0].plus(side(link.from, goes_right));
        path[last] = path[last].plus(side(link.to, !goes_right));
        path
    });
    let paths = paths.collect();
    (centres, paths)
}

/// Returns the layer of each box: one more than that of any box from which a link leads to it, if the links that close a
/// cycle are turned.
fn layers(count: usize, links: &[Link]) -> Vec<usize> {
    let forward = without_cycles(count, links);
    let mut layers = vec![0; count];
    // Each round settles at least one more layer.
    for _ in 0..count {
        let mut is_settled = true;
        for &(from, to) in &forward {
            if layers[to] <= layers[from] {
                layers[to] = layers[from] + 1;
                is_settled = false;
            }
        }
        if is_settled {
            break;
        }
    }
    // What nothing leads to stands right before the first box that it leads to.
    for place in 0..count {
        let first =
            forward.iter().filter(|(from, _)| *from == place).map(|(_, to)| layers[*to]).min();
        if let (Some(first), false) = (first, forward.iter().any(|(_, to)| *to == place)) {
            layers[place] = first - 1;
        }
    }
    layers
}

/// Returns the ends of the links, turned where they would close a cycle.
fn without_cycles(count: usize, links: &[Link]) -> Vec<(usize, usize)> {
    let mut next = vec![Vec::new(); count];
    let mut has_before = vec![false; count];
    for link in links {
        next[link.from].push(link.to);
        has_before[link.to] = true;
    }
    // The order in which a walk from the sources leaves the boxes, reversed: links against it close cycles.
    let mut order = vec![usize::MAX; count];
    let mut is_seen = vec![false; count];
    let mut left = count;
    let starts =
        (0..count).filter(|at| !has_before[*at]).chain((0..count).filter(|at| has_before[*at]));
    for start in starts {
        if is_seen[start] {
            continue;
        }
        is_seen[start] = true;
        let mut stack = vec![(start, 0)];
        while let Some((at, tried)) = stack.pop() {
            match next[at].get(tried) {
                Some(&to) => {
                    stack.push((at, tried + 1));
                    if !is_seen[to] {
                        is_seen[to] = true;
                        stack.push((to, 0));
                    }
                }
                None => {
                    left -= 1;
                    order[at] = left;
                }
            }
        }
    }
    let forward = |link: &Link| {
        let is_forward = order[link.from] < order[link.to];
        if is_forward { (link.from, link.to) } else { (link.to, link.from) }
    };
    links.iter().map(forward).collect()
}

/// The boxes and, where a link passes a layer, an empty slot: what is ordered within each layer.
struct Slots {
    sizes: Vec<Size>,
    /// The slots of each layer, from top to bottom.
    layers: Vec<Vec<usize>>,
    /// The layer of each slot.
    layer_of: Vec<usize>,
    /// The neighbours of each slot in the layer before and in the one behind.
    before: Vec<Vec<usize>>,
    behind: Vec<Vec<usize>>,
    /// The slots of each link, from its beginning to its end.
    chains: Vec<Vec<usize>>,
}

impl Slots {
    fn new(sizes: &[Size], links: &[Link], layer_of: &[usize]) -> Self {
        let mut slots = Self {
            sizes: sizes.to_vec(),
            layers: vec![Vec::new(); layer_of.iter().max().map_or(0, |last| last + 1)],
            layer_of: layer_of.to_vec(),
            before: vec![Vec::new(); sizes.len()],
            behind: vec![Vec::new(); sizes.len()],
            chains: Vec::new(),
        };
        for (slot, layer) in layer_of.iter().enumerate() {
            slots.layers[*layer].push(slot);
        }
        for link in links {
            let chain = slots.chain(link);
            slots.chains.push(chain);
        }
        slots
    }

    /// Adds the empty slots of a link, and returns all of its slots.
    fn chain(&mut self, link: &Link) -> Vec<usize> {
        let (from, to) = (self.layer_of[link.from], self.layer_of[link.to]);
        let (left, right) = if from <= to { (link.from, link.to) } else { (link.to, link.from) };
        let mut chain = vec![left];
        for layer in self.layer_of[left] + 1..self.layer_of[right] {
            let slot = self.sizes.len();
            self.sizes.push(Size { width: 0.0, height: 2.0 });
            self.layer_of.push(layer);
            self.layers[layer].push(slot);
            self.before.push(Vec::new());
            self.behind.push(Vec::new());
            chain.push(slot);
        }
        chain.push(right);
        for pair in chain.windows(2) {
            self.behind[pair[0]].push(pair[1]);
            self.before[pair[1]].push(pair[0]);
        }
        if left != link.from {
            chain.reverse();
        }
        chain
    }

    /// Orders each layer by the average place of its neighbours, and keeps the order with the fewest crossings.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for sweep in 0..SWEEPS {
            let is_forward = sweep % 2 == 0;
            let count = self.layers.len();
            for step in 1..count {
                let layer = if is_forward { step } else { count - 1 - step };
                let places = self.places();
                let neighbours = if is_forward { &self.before } else { &self.behind };
                let average = |slot: usize| {
                    let near = &neighbours[slot];
                    let sum: f64 = near.iter().map(|near| places[*near]).sum();
                    let count: f64 = near.iter().map(|_| 1.0).sum();
                    if near.is_empty() { places[slot] } else { sum / count }
                };
                let mut slots = self.layers[layer].clone();
                slots.sort_by(|a, b| average(*a).total_cmp(&average(*b)));
                self.layers[layer] = slots;
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    /// Returns the place of each slot in its layer, counted from the middle.
    fn places(&self) -> Vec<f64> {
        let mut places = vec![0.0; self.sizes.len()];
        for layer in &self.layers {
            let mut place: f64 = layer.iter().map(|_| -0.5).sum();
            for slot in layer {
                places[*slot] = place;
                place += 1.0;
            }
        }
        places
    }

    fn crossings(&self) -> usize {
        let places = self.places();
        let mut count = 0;
        for layer in &self.layers {
            let links: Vec<(f64, f64)> = layer
                .iter()
                .flat_map(|slot| self.behind[*slot].iter().map(|to| (places[*slot], places[*to])))
                .collect();
            for (i, (from, to)) in links.iter().enumerate() {
                count += links[..i].iter().filter(|(f, t)| (f - from) * (t - to) < 0.0).count();
            }
        }
        count
    }

    /// Returns the vertical position of each slot: near its neighbours, with room between those of a layer.
    fn rows(&self, scale: f64) -> Vec<f64> {
        let mut rows = vec![0.0; self.sizes.len()];
        for layer in &self.layers {
            self.spread(layer, &mut rows, scale);
        }
        for sweep in 0..SWEEPS {
            let is_forward = sweep % 2 == 0;
            for step in 0..self.layers.len() {
                let layer = if is_forward { step } else { self.layers.len() - 1 - step };
                for &slot in &self.layers[layer] {
                    let near = self.before[slot].iter().chain(&self.behind[slot]);
                    let (sum, count) = near
                        .fold((0.0, 0.0), |(sum, count), near| (sum + rows[*near], count + 1.0));
                    if count > 0.0 {
                        rows[slot] = sum / count;
                    }
                }
                self.spread(&self.layers[layer], &mut rows, scale);
            }
        }
        rows
    }

    /// Moves the slots of a layer apart, in their order, and no further from where they are than needed: the slots that
    /// touch are moved as one.
    fn spread(&self, layer: &[usize], rows: &mut [f64], scale: f64) {
        // Each block: its slots, the offset of the last one, and the sum of where its first slot should be.
        let mut blocks: Vec<(Vec<(usize, f64)>, f64)> = Vec::new();
        for &slot in layer {
            let mut block = (vec![(slot, 0.0)], rows[slot]);
            while let Some(before) = blocks.pop() {
                let count =
                    |block: &(Vec<(usize, f64)>, f64)| block.0.iter().map(|_| 1.0).sum::<f64>();
                let start = |block: &(Vec<(usize, f64)>, f64)| block.1 / count(block);
                let Some(&(last, offset)) = before.0.last() else { continue };
                let gap = f64::midpoint(self.sizes[last].height, self.sizes[block.0[0].0].height)
                    + ROW_SPACE * scale;
                if start(&before) + offset + gap <= start(&block) {
                    blocks.push(before);
                    break;
                }
                let shift = offset + gap;
                let sum = before.1 + block.1 - shift * count(&block);
                let moved = block.0.into_iter().map(|(slot, offset)| (slot, offset + shift));
                block = (before.0.into_iter().chain(moved).collect(), sum);
            }
            blocks.push(block);
        }
        for (slots, sum) in blocks {
            let start = sum / slots.iter().map(|_| 1.0).sum::<f64>();
            for (slot, offset) in slots {
                rows[slot] = start + offset;
            }
        }
    }

    /// Returns where the layers stand: with room for the labels of the links between them.
    fn columns(&self, links: &[Link], scale: f64) -> Columns {
        let mut gaps = vec![SPACE; self.layers.len()];
        for (link, chain) in links.iter().zip(&self.chains) {
            let layers = chain.iter().map(|slot| self.layer_of[*slot]);
            let first = layers.min().unwrap_or_default();
            gaps[first] = gaps[first].max(link.label.width * 1.2 + SPACE);
        }
        // The flatter edges are, the less their labels are in each other's way.
        let height =
            |layer: &Vec<usize>| layer.iter().map(|slot| self.sizes[*slot].height).sum::<f64>();
        let fan = self.layers.iter().map(height).fold(0.0, f64::max) * FAN;
        let mut left = 0.0;
        let bounds = self.layers.iter().zip(gaps).map(|(layer, gap)| {
            let width = layer.iter().map(|slot| self.sizes[*slot].width).fold(0.0, f64::max);
            let bounds = (left, left + width);
            left += width + gap.max(fan) * scale;
            bounds
        });
        Columns { bounds: bounds.collect() }
    }
}

/// The left and the right side of each layer.
struct Columns {
    bounds: Vec<(f64, f64)>,
}

impl Columns {
    /// Returns the horizontal centre of a slot. The first layer is aligned to the right, towards the others.
    fn centre(&self, slots: &Slots, slot: usize) -> f64 {
        let layer = slots.layer_of[slot];
        let (left, right) = self.bounds[layer];
        let half = slots.sizes[slot].width / 2.0;
        if layer == 0 { right - half } else { left + half }
    }
}
