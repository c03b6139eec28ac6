//! A timeline as SVG: an axis, and below it the lanes with their bars.

use super::axis::{Axis, BREAK};
use super::date::year;
use super::{Bar, Lane, Timeline};
use crate::draw::layout::{Point, Rect, Size};
use crate::draw::picture::Standing;
use crate::draw::svg::markup::{Markup, Type};
use crate::draw::svg::style::{NUMBER, SMALL, VALUE};
use crate::draw::svg::{LINE_HEIGHT, LinkOf, MARGIN, class_of, draw_notes, draw_title, sheet};
use crate::draw::text::{shortened, width};

const ROW: f64 = 22.0;
const BAR: f64 = 11.0;

/// The room between lanes.
const LANE_SPACE: f64 = 12.0;

/// The room between a bar, its label and the next bar.
const SPACE: f64 = 6.0;

/// The widest label of a bar, and the widest name of a lane.
const WIDEST_LABEL: f64 = 330.0;
const WIDEST_LANE: f64 = 190.0;

/// An open end: how long it is, and in how many steps it fades.
const FADE: f64 = 36.0;
const FADING: [f64; 6] = [0.6, 0.48, 0.36, 0.25, 0.15, 0.07];

const BAR_LABEL: Type = Type { class: "note", size: 12.0 };

/// Draws a timeline as SVG.
///
/// # Arguments
/// `link_of` returns the links of claims; links that are neither relative nor to the web are ignored.
pub fn draw_timeline(timeline: &Timeline, link_of: &LinkOf<'_>) -> String {
    let drawing = Drawing::new(timeline);
    let mut body = Markup::default();
    let top = MARGIN + draw_title(&timeline.title, &mut body) + LINE_HEIGHT;
    let mut lanes = Markup::default();
    let mut y = top + 8.0;
    let mut right = drawing.left + drawing.axis.end();
    for lane in &timeline.lanes {
        let (height, end) = drawing.draw_lane(lane, y, link_of, &mut lanes);
        y += height + LANE_SPACE;
        right = right.max(end);
    }
    drawing.draw_axis(top, y - LANE_SPACE, &mut body);
    body.text.push_str(&lanes.text);
    let inner = (right - MARGIN).max(560.0);
    y += draw_remarks(timeline, y, &mut body);
    y += draw_notes(&timeline.notes, Point::new(MARGIN, y), inner, link_of, &mut body);
    let bars: usize = timeline.lanes.iter().map(|lane| lane.bars.len()).sum();
    let summary = format!("A timeline with {bars} dates and {} footnotes.", timeline.notes.len());
    sheet(&timeline.title, &summary, Size { width: inner + 2.0 * MARGIN, height: y }, &body)
}

/// Says what the looks of bars mean, if there are such, and what is left out.
fn draw_remarks(timeline: &Timeline, top: f64, markup: &mut Markup) -> f64 {
    let any =
        |fits: &dyn Fn(&Bar) -> bool| timeline.lanes.iter().flat_map(|lane| &lane.bars).any(fits);
    let mut words = Vec::new();
    if any(&|bar| bar.end.is_none()) {
        words.push("fading: no end is stated");
    }
    if any(&|bar| bar.basis.standing == Standing::Uncertain) {
        words.push("dashed: stated by a reading of a quote");
    }
    if any(&|bar| bar.basis.standing == Standing::Background) {
        words.push("grey: background");
    }
    let mut height = 0.0;
    for remark in [words.join(" · ")].iter().chain(&timeline.left_out).filter(|one| !one.is_empty())
    {
        height += LINE_HEIGHT;
        markup.words(SMALL, Point::new(MARGIN, top + height - 2.0), remark);
    }
    height + LINE_HEIGHT / 2.0
}

struct Drawing<'a> {
    timeline: &'a Timeline,
    axis: Axis,
    /// Where the axis begins.
    left: f64,
}

impl<'a> Drawing<'a> {
    fn new(timeline: &'a Timeline) -> Self {
        let bars = timeline.lanes.iter().flat_map(|lane| &lane.bars);
        let span = |bar: &Bar| (bar.begin.first, bar.last().unwrap_or(bar.begin.last));
        let axis = Axis::new(bars.map(span));
        let names =
            timeline.lanes.iter().map(|lane| width(&lane.name, SMALL.size).min(WIDEST_LANE));
        let left = MARGIN + names.fold(0.0, f64::max) + 18.0;
        Self { timeline, axis, left }
    }

    fn at(&self, day: i64) -> f64 {
        self.left + self.axis.position(day)
    }

    fn draw_axis(&self, top: f64, bottom: f64, markup: &mut Markup) {
        for (year, position) in self.axis.ticks() {
            let x = self.left + position;
            markup.path("rule", &[Point::new(x, top), Point::new(x, bottom)], false);
            markup.words(VALUE, Point::new(x + 3.0, top - 3.0), &year.to_string());
        }
        for middle in self.axis.breaks() {
            let x = self.left + middle;
            for aside in [-3.0, 3.0] {
                let ends =
                    [Point::new(x + aside + 3.0, top - 10.0), Point::new(x + aside - 3.0, top)];
                markup.path("sign", &ends, false);
            }
        }
    }

    /// Draws a lane, and returns its height and where its last label ends.
    fn draw_lane(
        &self,
        lane: &Lane,
        top: f64,
        link_of: &LinkOf<'_>,
        markup: &mut Markup,
    ) -> (f64, f64) {
        let name = shortened(&lane.name, SMALL.size, WIDEST_LANE);
        markup.words(SMALL, Point::new(MARGIN, top + 15.0), &name);
        let mut rows: Vec<f64> = Vec::new();
        for bar in &lane.bars {
            let (start, end) = self.extent(bar);
            let label = shortened(&bar.label, BAR_LABEL.size, WIDEST_LABEL);
            let numbers = bar.basis.numbers();
            let label_end =
                end + SPACE + width(&label, BAR_LABEL.size) + width(&numbers, NUMBER.size) + 3.0;
            let row = rows.iter().position(|busy| *busy <= start).unwrap_or(rows.len());
            if row == rows.len() {
                rows.push(0.0);
            }
            rows[row] = label_end + 2.0 * SPACE;
            let y = rows[..row].iter().map(|_| ROW).sum::<f64>() + top;
            let is_link = markup.open_link(self.link_of(bar, link_of).as_deref());
            markup.open_group(
                &format!("bar {}", class_of(bar.basis.standing)),
                &self.quotes(bar),
                &words(bar),
            );
            self.draw_bar(bar, y, markup);
            let text = Point::new(end + SPACE, y + 15.0);
            markup.words(BAR_LABEL, text, &label);
            if !numbers.is_empty() {
                let end = text.x + width(&label, BAR_LABEL.size) + 3.0;
                markup.words(NUMBER, Point::new(end, y + 11.5), &numbers);
            }
            markup.line("</g>");
            markup.close_link(is_link);
        }
        let end = rows.iter().copied().fold(0.0, f64::max) - 2.0 * SPACE;
        (rows.iter().map(|_| ROW).sum(), end)
    }

    /// Returns where a bar begins and ends.
    fn extent(&self, bar: &Bar) -> (f64, f64) {
        let start = self.at(bar.begin.first);
        let end = bar.last().map_or(self.left + self.axis.end() + FADE, |last| self.at(last + 1));
        (start, end.max(start + 3.0))
    }

    fn draw_bar(&self, bar: &Bar, top: f64, markup: &mut Markup) {
        let (start, end) = self.extent(bar);
        let class = match bar.basis.standing {
            Standing::Background => "span background",
            Standing::Uncertain => "span dashed",
            Standing::Stated => "span",
        };
        let y = top + 5.0;
        let solid = if bar.end.is_none() { end - FADE } else { end };
        markup.rect(class, between(start, solid.max(start + 3.0), y), 2.5);
        if bar.end.is_none() {
            let step = FADE / FADING.iter().map(|_| 1.0).sum::<f64>();
            let is_pale = bar.basis.standing == Standing::Uncertain;
            let fading = if is_pale { "span pale" } else { class };
            let mut x = solid;
            for opacity in FADING {
                markup.line(&format!("<g opacity=\"{opacity}\">"));
                markup.rect(fading, between(x, x + step, y), 0.0);
                markup.line("</g>");
                x += step;
            }
        }
        for middle in self.axis.breaks() {
            let x = self.left + middle;
            if start < x - BREAK / 2.0 && end > x + BREAK / 2.0 {
                markup.rect("paper", between(x - 2.0, x + 2.0, y - 1.0), 0.0);
            }
        }
    }

    /// Returns the link of the first claim that a bar rests on, or else to its words.
    fn link_of(&self, bar: &Bar, link_of: &LinkOf<'_>) -> Option<String> {
        let note = self.timeline.notes.get(bar.basis.notes.first()?.checked_sub(1)?)?;
        link_of(&note.iri).or_else(|| note.link.clone())
    }

    /// Returns the quotes that a bar rests on or, if there are none, its name.
    fn quotes(&self, bar: &Bar) -> String {
        let notes = bar
            .basis
            .notes
            .iter()
            .filter_map(|number| self.timeline.notes.get(number.checked_sub(1)?));
        let quotes: Vec<String> = notes
            .filter_map(|note| note.quote.as_ref())
            .map(|quote| format!("“{quote}”"))
            .collect();
        if quotes.is_empty() { bar.label.clone() } else { quotes.join(" ") }
    }
}

fn between(left: f64, right: f64, top: f64) -> Rect {
    let size = Size { width: right - left, height: BAR };
    Rect::new(Point::new(f64::midpoint(left, right), top + BAR / 2.0), size)
}

/// Returns a bar in words.
fn words(bar: &Bar) -> String {
    let begin = year(bar.begin.first);
    let end = bar.last().map(year);
    match end {
        None => format!("{}: since {begin}", bar.label),
        Some(end) if end == begin => format!("{}: {begin}", bar.label),
        Some(end) => format!("{}: {begin} to {end}", bar.label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::picture::Basis;
    use crate::draw::timeline::date::{Days, day};

    #[test]
    fn a_bar_is_named_by_its_years() {
        let days = |year| Days { first: day(year, 1, 1), last: day(year, 12, 31) };
        let bar = |begin, end: Option<i64>| Bar {
            label: "x".to_owned(),
            begin: days(begin),
            end: end.map(days),
            basis: Basis::default(),
        };
        assert_eq!(words(&bar(2001, None)), "x: since 2001");
        assert_eq!(words(&bar(2001, Some(2001))), "x: 2001");
        assert_eq!(words(&bar(2001, Some(2003))), "x: 2001 to 2003");
    }
}
