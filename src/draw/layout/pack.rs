//! Rectangles side by side in rows, so that all of them together are about as wide as a page.

use super::geometry::{Point, Size};

/// How much wider than high the whole should be.
const ASPECT: f64 = 1.6;

/// The room between two rectangles.
const SPACE: f64 = 36.0;

/// Returns the upper left corners of rectangles, and the size of the whole. The order of the rectangles is kept.
pub(super) fn pack(sizes: &[Size]) -> (Vec<Point>, Size) {
    let area: f64 = sizes.iter().map(|size| (size.width + SPACE) * (size.height + SPACE)).sum();
    let widest = sizes.iter().map(|size| size.width).fold(0.0, f64::max);
    let width = (area * ASPECT).sqrt().max(widest);
    let (mut corner, mut height, mut whole) = (Point::default(), 0.0_f64, Size::default());
    let place = |size: &Size| {
        if corner.x > 0.0 && corner.x + size.width > width {
            corner = Point::new(0.0, corner.y + height + SPACE);
            height = 0.0;
        }
        let place = corner;
        corner.x += size.width + SPACE;
        height = height.max(size.height);
        whole.width = whole.width.max(place.x + size.width);
        whole.height = whole.height.max(place.y + size.height);
        place
    };
    let corners = sizes.iter().map(place).collect();
    (corners, whole)
}
