//! Points, rectangles and segments.

/// A point or a difference of two.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::draw) struct Point {
    pub x: f64,
    pub y: f64,
}

/// The width and height of a box.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::draw) struct Size {
    pub width: f64,
    pub height: f64,
}

/// A rectangle, by its centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::draw) struct Rect {
    pub centre: Point,
    pub size: Size,
}

impl Point {
    pub(in crate::draw) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(in crate::draw) fn plus(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }

    pub(in crate::draw) fn minus(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }

    pub(in crate::draw) fn times(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }

    pub(in crate::draw) fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }
}

impl Rect {
    pub(in crate::draw) const fn new(centre: Point, size: Size) -> Self {
        Self { centre, size }
    }

    pub(in crate::draw) fn left(self) -> f64 {
        self.centre.x - self.size.width / 2.0
    }

    pub(in crate::draw) fn right(self) -> f64 {
        self.centre.x + self.size.width / 2.0
    }

    pub(in crate::draw) fn top(self) -> f64 {
        self.centre.y - self.size.height / 2.0
    }

    pub(in crate::draw) fn bottom(self) -> f64 {
        self.centre.y + self.size.height / 2.0
    }

    /// Returns the rectangle grown on each side.
    pub(in crate::draw) fn grown(self, x: f64, y: f64) -> Self {
        let size = Size { width: self.size.width + 2.0 * x, height: self.size.height + 2.0 * y };
        Self { size, ..self }
    }

    pub(in crate::draw) fn overlaps(self, other: Self) -> bool {
        let apart = self.centre.minus(other.centre);
        2.0 * apart.x.abs() < self.size.width + other.size.width
            && 2.0 * apart.y.abs() < self.size.height + other.size.height
    }

    /// Returns where a ray from the centre in this direction leaves the rectangle.
    pub(in crate::draw) fn exit(self, direction: Point) -> Point {
        let across = |length: f64, extent: f64| {
            if length == 0.0 { f64::INFINITY } else { extent / 2.0 / length.abs() }
        };
        let factor =
            across(direction.x, self.size.width).min(across(direction.y, self.size.height));
        if factor.is_finite() { self.centre.plus(direction.times(factor)) } else { self.centre }
    }

    /// Returns whether a segment touches the rectangle.
    pub(in crate::draw) fn is_crossed_by(self, (a, b): (Point, Point)) -> bool {
        let is_beside = |a: f64, b: f64, low: f64, high: f64| a.max(b) < low || a.min(b) > high;
        if is_beside(a.x, b.x, self.left(), self.right())
            || is_beside(a.y, b.y, self.top(), self.bottom())
        {
            return false;
        }
        // The part of the segment between both pairs of sides, as a range of 0 to 1 (Liang and Barsky).
        let (mut first, mut last) = (0.0_f64, 1.0_f64);
        let along = b.minus(a);
        for (step, from, low, high) in
            [(along.x, a.x, self.left(), self.right()), (along.y, a.y, self.top(), self.bottom())]
        {
            if step == 0.0 {
                if from < low || from > high {
                    return false;
                }
                continue;
            }
            let (enter, leave) = ((low - from) / step, (high - from) / step);
            first = first.max(enter.min(leave));
            last = last.min(enter.max(leave));
        }
        first < last
    }
}

/// Returns whether two segments cross between their ends.
pub(super) fn cross((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    // Most segments are far from each other.
    let are_apart = |a: f64, b: f64, c: f64, d: f64| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    if are_apart(a.x, b.x, c.x, d.x) || are_apart(a.y, b.y, c.y, d.y) {
        return false;
    }
    let side = |p: Point, q: Point, r: Point| q.minus(p).cross(r.minus(p));
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// Returns the point at a fraction of the length of a path.
pub(super) fn point_at(path: &[Point], fraction: f64) -> Point {
    let lengths: Vec<f64> = path.windows(2).map(|ends| ends[1].minus(ends[0]).length()).collect();
    let mut left = lengths.iter().sum::<f64>() * fraction;
    for (ends, length) in path.windows(2).zip(lengths) {
        if left <= length && length > 0.0 {
            return ends[0].plus(ends[1].minus(ends[0]).times(left / length));
        }
        left -= length;
    }
    path.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    #[test]
    fn segments_cross_inside_only() {
        assert!(cross((at(0.0, 0.0), at(2.0, 2.0)), (at(0.0, 2.0), at(2.0, 0.0))));
        assert!(!cross((at(0.0, 0.0), at(2.0, 2.0)), (at(0.0, 0.0), at(2.0, 0.0))));
        assert!(!cross((at(0.0, 0.0), at(1.0, 1.0)), (at(0.0, 9.0), at(9.0, 0.0))));
    }

    #[test]
    fn a_box_is_left_and_crossed() {
        let rect = Rect::new(at(0.0, 0.0), Size { width: 4.0, height: 2.0 });
        assert_eq!(rect.exit(at(1.0, 0.0)), at(2.0, 0.0));
        assert_eq!(rect.exit(at(0.0, -3.0)), at(0.0, -1.0));
        assert_eq!(rect.exit(at(0.0, 0.0)), at(0.0, 0.0));
        assert!(rect.is_crossed_by((at(-5.0, 0.0), at(5.0, 0.5))));
        assert!(!rect.is_crossed_by((at(-5.0, 3.0), at(5.0, 3.0))));
        assert!(!rect.is_crossed_by((at(-5.0, 0.0), at(-3.0, 0.0))));
    }

    #[test]
    fn a_path_is_measured_along_its_bends() {
        let path = [at(0.0, 0.0), at(2.0, 0.0), at(2.0, 2.0)];
        assert_eq!(point_at(&path, 0.5), at(2.0, 0.0));
        assert_eq!(point_at(&path, 0.75), at(2.0, 1.0));
        assert_eq!(point_at(&[], 0.5), at(0.0, 0.0));
    }
}
