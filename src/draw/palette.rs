//! The colours of classes, the same in every format.

/// The colours of the classes of a picture, in their order. All further classes have the last one. They are those of
/// [Okabe and Ito](https://jfly.uni-koeln.de/color/), chosen so that colour-blind people can tell them apart, but with
/// a darker yellow, and grey instead of black.
pub(super) const COLOURS: [&str; 8] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#9a8c00", "#8b949e"];

/// Returns the place of a class among the colours, and among the shapes that go with them.
pub(super) fn place_of(class: usize) -> usize {
    class.min(COLOURS.len() - 1)
}
