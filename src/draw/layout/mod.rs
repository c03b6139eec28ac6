//! Where boxes, edges and labels stand. It knows sizes and nothing of what is in the boxes.
//!
//! Each connected part is laid out on its own: by [`stress`], after which boxes change places ([`crossings`]) and are
//! pushed apart ([`overlap`]), or in layers ([`layered`]). Then the labels find their places ([`labels`]), and the parts
//! are packed ([`pack`]).

mod crossings;
mod geometry;
mod labels;
mod layered;
mod overlap;
mod pack;
mod stress;

pub(super) use geometry::{Point, Rect, Size};

/// The visible length of an edge besides its label.
const SPACE: f64 = 32.0;

/// How much a part grows if its labels have no room, and how often.
const GROWTH: f64 = 1.12;
const MOST_GROWTHS: usize = 12;

/// What connects two boxes. No two links have the same ends, in whatever direction, and none ends where it begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    /// The size of its label.
    pub label: Size,
}

/// Where everything stands. The upper left corner is the origin.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Arrangement {
    /// The boxes.
    pub boxes: Vec<Rect>,
    /// The visible path of each link.
    pub paths: Vec<Vec<Point>>,
    /// The label of each link, or `None` if there is no room for it.
    pub labels: Vec<Option<Rect>>,
    /// The size of the whole.
    pub size: Size,
}

impl Arrangement {
    /// Returns the same arrangement with its upper left corner at a point.
    pub(super) fn moved(&self, corner: Point) -> Self {
        let moved = |rect: &Rect| Rect { centre: rect.centre.plus(corner), ..*rect };
        let path = |path: &Vec<Point>| path.iter().map(|point| point.plus(corner)).collect();
        Self {
            boxes: self.boxes.iter().map(moved).collect(),
            paths: self.paths.iter().map(path).collect(),
            labels: self.labels.iter().map(|label| label.as_ref().map(moved)).collect(),
            size: self.size,
        }
    }
}

/// Arranges boxes and what connects them.
///
/// # Arguments
/// `is_layered` asks for layers. Without it, layers are used for stars alone: all links end at the same box.
pub(super) fn arrange(sizes: &[Size], links: &[Link], is_layered: bool) -> Arrangement {
    let mut parts: Vec<Part> = components(sizes.len(), links)
        .into_iter()
        .map(|members| Part::arrange(members, sizes, links, is_layered))
        .collect();
    // Large parts come first; those of the same size keep their order.
    parts.sort_by(|a, b| (b.size.width * b.size.height).total_cmp(&(a.size.width * a.size.height)));
    let extents: Vec<Size> = parts.iter().map(|part| part.size).collect();
    let (corners, size) = pack::pack(&extents);
    let nowhere = Rect::new(Point::default(), Size::default());
    let mut whole = Arrangement {
        boxes: vec![nowhere; sizes.len()],
        paths: vec![Vec::new(); links.len()],
        labels: vec![None; links.len()],
        size,
    };
    for (part, corner) in parts.into_iter().zip(corners) {
        let moved = |rect: Rect| Rect { centre: rect.centre.plus(corner), ..rect };
        for (member, rect) in part.members.into_iter().zip(part.boxes) {
            whole.boxes[member] = moved(rect);
        }
        for ((link, path), label) in part.links.into_iter().zip(part.paths).zip(part.labels) {
            whole.paths[link] = path.into_iter().map(|point| point.plus(corner)).collect();
            whole.labels[link] = label.map(moved);
        }
    }
    whole
}

/// Returns the boxes of each connected part, ascending.
fn components(count: usize, links: &[Link]) -> Vec<Vec<usize>> {
    let mut first: Vec<usize> = (0..count).collect();
    // Each round carries the least number one link further.
    loop {
        let mut is_settled = true;
        for link in links {
            let least = first[link.from].min(first[link.to]);
            for end in [link.from, link.to] {
                if first[end] != least {
                    first[end] = least;
                    is_settled = false;
                }
            }
        }
        if is_settled {
            break;
        }
    }
    let mut parts = vec![Vec::new(); count];
    for (place, first) in first.into_iter().enumerate() {
        parts[first].push(place);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A connected part of a graph.
struct Part {
    /// The boxes and links of it, by their places in the whole.
    members: Vec<usize>,
    links: Vec<usize>,
    boxes: Vec<Rect>,
    paths: Vec<Vec<Point>>,
    labels: Vec<Option<Rect>>,
    size: Size,
}

impl Part {
    fn arrange(members: Vec<usize>, sizes: &[Size], links: &[Link], is_layered: bool) -> Self {
        let place = |node: usize| members.binary_search(&node);
        let (mut own, mut inner) = (Vec::new(), Vec::new());
        for (at, link) in links.iter().enumerate() {
            if let (Ok(from), Ok(to)) = (place(link.from), place(link.to)) {
                own.push(at);
                inner.push(Link { from, to, ..*link });
            }
        }
        let sizes: Vec<Size> = members.iter().map(|member| sizes[*member]).collect();
        let layout = if is_layered || is_star(&inner) {
            Layout::Layers
        } else {
            Layout::Stress(spread(&sizes, &inner))
        };
        let mut scale = 1.0;
        let mut best = layout.place(&sizes, &inner, scale);
        for _ in 1..MOST_GROWTHS {
            if best.without_room() == 0 {
                break;
            }
            scale *= GROWTH;
            let next = layout.place(&sizes, &inner, scale);
            if next.without_room() < best.without_room() {
                best = next;
            }
        }
        let Places { boxes, paths, labels } = best;
        Self { members, links: own, boxes, paths, labels, size: Size::default() }.at_origin()
    }

    /// Moves everything so that the upper left corner is the origin, and measures it.
    fn at_origin(mut self) -> Self {
        let points = self.paths.iter().flatten().map(|at| Rect::new(*at, Size::default()));
        let all = self.boxes.iter().chain(self.labels.iter().flatten()).copied().chain(points);
        let start = (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
        let (left, top, right, bottom) = all.fold(start, |(left, top, right, bottom), rect| {
            (
                left.min(rect.left()),
                top.min(rect.top()),
                right.max(rect.right()),
                bottom.max(rect.bottom()),
            )
        });
        let corner = Point::new(left, top);
        for rect in self.boxes.iter_mut().chain(self.labels.iter_mut().flatten()) {
            rect.centre = rect.centre.minus(corner);
        }
        for point in self.paths.iter_mut().flatten() {
            *point = point.minus(corner);
        }
        self.size = Size { width: right - left, height: bottom - top };
        self
    }
}

/// How a part is laid out.
enum Layout {
    Layers,
    /// By these centres, which keep the distances of the graph.
    Stress(Vec<Point>),
}

/// Where the boxes, the paths and the labels of a part are.
struct Places {
    boxes: Vec<Rect>,
    paths: Vec<Vec<Point>>,
    labels: Vec<Option<Rect>>,
}

impl Layout {
    /// Returns the places at a scale, which leaves boxes as large as they are.
    fn place(&self, sizes: &[Size], links: &[Link], scale: f64) -> Places {
        let (boxes, paths) = match self {
            Self::Layers => {
                let (centres, paths) = layered::layout(sizes, links, scale);
                (rects(&centres, sizes), paths)
            }
            Self::Stress(centres) => {
                let centres: Vec<Point> = centres.iter().map(|at| at.times(scale)).collect();
                let boxes = rects(&centres, sizes);
                let paths = links.iter().map(|link| straight(&boxes, *link)).collect();
                (boxes, paths)
            }
        };
        let labels = labels::places(&boxes, &paths, links);
        Places { boxes, paths, labels }
    }
}

impl Places {
    fn without_room(&self) -> usize {
        self.labels.iter().filter(|label| label.is_none()).count()
    }
}

/// Returns whether there are several links, and all of them end at the same box.
fn is_star(links: &[Link]) -> bool {
    let [first, _, ..] = links else { return false };
    [first.from, first.to]
        .into_iter()
        .any(|hub| links.iter().all(|link| link.from == hub || link.to == hub))
}

/// Returns the centres of boxes that keep the distances of the graph, without overlaps.
fn spread(sizes: &[Size], links: &[Link]) -> Vec<Point> {
    let mut centres = stress::centres(sizes, links);
    overlap::remove(&mut centres, sizes);
    crossings::reduce(&mut centres, sizes, links);
    overlap::remove(&mut centres, sizes);
    centres
}

fn rects(centres: &[Point], sizes: &[Size]) -> Vec<Rect> {
    centres.iter().zip(sizes).map(|(centre, size)| Rect::new(*centre, *size)).collect()
}

/// Returns the straight path between the sides of two boxes.
fn straight(boxes: &[Rect], link: Link) -> Vec<Point> {
    let (from, to) = (boxes[link.from], boxes[link.to]);
    let along = to.centre.minus(from.centre);
    vec![from.exit(along), to.exit(along.times(-1.0))]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are always the same.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, most: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % most
        }
    }

    /// A graph in which each box is linked with an earlier one, and some with a second one.
    fn graph(count: usize, seed: u64) -> (Vec<Size>, Vec<Link>) {
        let mut numbers = Numbers(seed);
        let size = |numbers: &mut Numbers| Size {
            width: 40.0 + f64::from(u8::try_from(numbers.below(140)).unwrap()),
            height: 30.0 + f64::from(u8::try_from(numbers.below(60)).unwrap()),
        };
        let sizes: Vec<Size> = (0..count).map(|_| size(&mut numbers)).collect();
        let mut links: Vec<Link> = Vec::new();
        for to in 1..count {
            for _ in 0..=usize::from(numbers.below(5) < 2) {
                let from = numbers.below(to).min(numbers.below(to));
                let is_new = !links.iter().any(|link| (link.from, link.to) == (from, to));
                // Some parts are not connected.
                if is_new && numbers.below(12) > 0 {
                    links.push(Link { from, to, label: Size { width: 50.0, height: 13.0 } });
                }
            }
        }
        (sizes, links)
    }

    #[test]
    fn nothing_overlaps_and_nothing_is_outside() {
        let (mut labels, mut without_room) = (0, 0);
        for (count, seed) in [(1, 1), (2, 2), (9, 3), (30, 4), (60, 5), (150, 6)] {
            let (sizes, links) = graph(count, seed);
            for is_layered in [false, true] {
                let whole = arrange(&sizes, &links, is_layered);
                if count < 100 {
                    assert_eq!(whole, arrange(&sizes, &links, is_layered));
                }
                let all: Vec<Rect> =
                    whole.boxes.iter().chain(whole.labels.iter().flatten()).copied().collect();
                for (place, rect) in all.iter().enumerate() {
                    let meets = all[..place].iter().find(|other| other.overlaps(*rect));
                    assert_eq!(meets, None, "{count} {seed} {is_layered}: {rect:?}");
                    let (right, bottom) = (whole.size.width + 0.1, whole.size.height + 0.1);
                    assert!(rect.left() > -0.1 && rect.right() < right, "{rect:?}");
                    assert!(rect.top() > -0.1 && rect.bottom() < bottom, "{rect:?}");
                }
                labels += links.len();
                without_room += whole.labels.iter().filter(|label| label.is_none()).count();
            }
        }
        assert!(without_room * 50 <= labels, "{without_room} of {labels} labels have no room");
    }

    #[test]
    fn layers_lead_from_left_to_right() {
        let sizes = [Size { width: 50.0, height: 20.0 }; 4];
        let link = |from, to| Link { from, to, label: Size::default() };
        let links = [link(3, 2), link(2, 0), link(2, 1), link(3, 1)];
        let whole = arrange(&sizes, &links, true);
        for link in links {
            assert!(whole.boxes[link.from].right() < whole.boxes[link.to].left());
        }
        // A link that passes a layer bends there.
        assert_eq!(whole.paths.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2, 3]);
        // A cycle has layers, too.
        assert_eq!(arrange(&sizes, &[link(0, 1), link(1, 2), link(2, 0)], true).boxes.len(), 4);
    }
}
