//! The looks of all pictures: type, colours and shapes.

use super::markup::{Markup, Type};
use crate::draw::layout::Point;
use crate::draw::palette::{COLOURS, place_of};

pub(in crate::draw) const TITLE: Type = Type { class: "title", size: 17.0 };
pub(in crate::draw) const LABEL: Type = Type { class: "label", size: 13.0 };
pub(in crate::draw) const VALUE: Type = Type { class: "value", size: 11.0 };
pub(in crate::draw) const EDGE: Type = Type { class: "name", size: 11.0 };
pub(in crate::draw) const NUMBER: Type = Type { class: "number", size: 8.5 };
pub(in crate::draw) const NOTE: Type = Type { class: "note", size: 12.0 };
/// The number of a footnote that is a link.
pub(in crate::draw) const NOTE_LINK: Type = Type { class: "note link", size: NOTE.size };
pub(in crate::draw) const SMALL: Type = Type { class: "small", size: 12.0 };

/// What precedes the colours of the classes in the style sheet.
const SHEET_START: &str = "\
text{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;fill:#1f2328}
.title{font-size:17px;font-weight:600}
.label{font-size:13px}
.value{font-size:11px;fill:#59636e}
.name{font-size:11px;fill:#3d444d;stroke:#fff;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
.number{font-size:8.5px;fill:#0a58a8;stroke:#fff;stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.box .number{stroke:none}
.note{font-size:12px;fill:#3d444d}
.small{font-size:12px;fill:#59636e}
.paper{fill:#fff}
.frame{fill:#fff;stroke:#c4cbd3}
.focus .frame{stroke:#0a58a8;stroke-width:1.6}
.edge path{fill:none;stroke:#7d8792;stroke-width:1.1}
.edge .head{fill:#7d8792;stroke:none}
.uncertain path,path.uncertain{stroke-dasharray:5 4}
.uncertain .head{stroke-dasharray:none}
.background path,path.background{stroke:#cdd3da}
.background .head{fill:#cdd3da}
.background .name,.value.background{fill:#8b949e}
.rule{fill:none;stroke:#e4e8ec}
.sign{fill:none;stroke:#8b949e}
.span{fill:#2f7bbf}
.span.dashed{fill:#dcebf8;stroke:#2f7bbf;stroke-dasharray:4 3}
.span.pale{fill:#b4d3ef}
.span.background{fill:#cdd3da}
.bar .number{stroke:none}
";

/// What follows the colours of the classes in the style sheet, some of which it changes.
const SHEET_END: &str = "\
a:hover .frame{stroke:#0a58a8}
.note.link{fill:#0a58a8}
a:hover .note{text-decoration:underline}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}
.value,.small{fill:#9aa4af}
.note{fill:#c3cbd4}
.note.link{fill:#6cb2ff}
.name{fill:#c3cbd4;stroke:#0f1318}
.number{fill:#6cb2ff;stroke:#0f1318}
.paper{fill:#0f1318}
.frame{fill:#171c22;stroke:#3b444e}
.focus .frame,a:hover .frame{stroke:#6cb2ff}
.edge path{stroke:#7d8792}
.background path,path.background{stroke:#3b444e}
.background .head{fill:#3b444e}
.background .name,.value.background{fill:#717a84}
.rule{stroke:#2a3138}
.span.dashed{fill:#16293b}
.span.background{fill:#3b444e}
.c0{fill:#4aa3df}
.c6{fill:#c9b800}
}
";

/// Returns the style sheet. Colours are written out twice rather than as variables, which rasterizers do not know.
pub(in crate::draw) fn style_sheet() -> String {
    let colours: Vec<String> = COLOURS
        .iter()
        .enumerate()
        .map(|(class, colour)| format!(".c{class}{{fill:{colour}}}\n"))
        .collect();
    let colours = colours.concat();
    format!("{SHEET_START}{colours}{SHEET_END}")
}

/// Returns the style sheet for pictures that stand inside elements with a selector.
pub(crate) fn style_sheet_within(selector: &str) -> String {
    let within = |line: &str| match line.split_once('{') {
        Some((selectors, rules)) if !line.starts_with('@') => {
            let all = selectors.split(',').map(|inner| format!("{selector} {inner}"));
            format!("{}{{{rules}", all.collect::<Vec<_>>().join(","))
        }
        _ => line.to_owned(),
    };
    style_sheet().lines().map(|line| within(line) + "\n").collect()
}

/// Draws the sign of a class: a colour and a shape, so that each alone tells classes apart.
pub(in crate::draw) fn sign(class: usize, centre: Point, markup: &mut Markup) {
    let class = place_of(class);
    let points: Vec<Point> =
        SHAPES[class].iter().map(|(x, y)| centre.plus(Point::new(*x, *y))).collect();
    markup.path(&format!("c{class}"), &points, true);
}

/// The width of a sign and the room behind it.
pub(in crate::draw) const SIGN_WIDTH: f64 = 16.0;

/// The shapes of the signs: octagon, square, triangle, diamond, inverted triangle, bar, cross and hexagon.
const SHAPES: [&[(f64, f64)]; COLOURS.len()] = [
    &[
        (-1.9, -4.6),
        (1.9, -4.6),
        (4.6, -1.9),
        (4.6, 1.9),
        (1.9, 4.6),
        (-1.9, 4.6),
        (-4.6, 1.9),
        (-4.6, -1.9),
    ],
    &[(-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0)],
    &[(0.0, -4.8), (5.0, 4.0), (-5.0, 4.0)],
    &[(0.0, -5.4), (5.4, 0.0), (0.0, 5.4), (-5.4, 0.0)],
    &[(-5.0, -4.0), (5.0, -4.0), (0.0, 4.8)],
    &[(-5.0, -2.5), (5.0, -2.5), (5.0, 2.5), (-5.0, 2.5)],
    &[
        (-1.7, -5.0),
        (1.7, -5.0),
        (1.7, -1.7),
        (5.0, -1.7),
        (5.0, 1.7),
        (1.7, 1.7),
        (1.7, 5.0),
        (-1.7, 5.0),
        (-1.7, 1.7),
        (-5.0, 1.7),
        (-5.0, -1.7),
        (-1.7, -1.7),
    ],
    &[(-2.5, -4.3), (2.5, -4.3), (5.0, 0.0), (2.5, 4.3), (-2.5, 4.3), (-5.0, 0.0)],
];
