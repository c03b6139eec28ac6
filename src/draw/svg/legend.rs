//! What stands below a picture: the legend of its classes and lines, and its footnotes.

use super::LINE_HEIGHT;
use super::boxes::{LinkOf, class_of};
use super::markup::Markup;
use super::style::{NOTE, NOTE_LINK, SIGN_WIDTH, SMALL, sign};
use crate::draw::layout::Point;
use crate::draw::picture::{Note, Picture, Standing};
use crate::draw::text::{width, wrap};

/// The room between two entries of the legend.
const ENTRY_SPACE: f64 = 20.0;

/// The length of the line that an entry shows.
const SAMPLE: f64 = 26.0;

/// The widest line of a footnote: longer ones are hard to read.
const WIDEST_NOTE: f64 = 820.0;

/// The width from which there are several columns of footnotes, and the room between them.
const NARROWEST_NOTE: f64 = 460.0;
const COLUMN_SPACE: f64 = 28.0;

/// The most lines of a footnote.
const MOST_LINES: usize = 12;

enum Entry<'a> {
    Class(usize, &'a str),
    Line(Standing, &'static str),
}

/// Draws the legend of a picture: its classes, and its kinds of lines if there are several. It returns its height.
pub(in crate::draw) fn draw_classes(
    picture: &Picture,
    corner: Point,
    most: f64,
    markup: &mut Markup,
) -> f64 {
    let mut entries: Vec<Entry<'_>> =
        picture.classes.iter().enumerate().map(|(place, name)| Entry::Class(place, name)).collect();
    let kinds = [
        (Standing::Stated, "stated by a claim"),
        (Standing::Uncertain, "stated by a reading of a quote"),
        (Standing::Background, "background"),
    ];
    let occurs = |standing| picture.edges.iter().any(|edge| edge.basis.standing == standing);
    let kinds = kinds.into_iter().filter(|(standing, _)| occurs(*standing));
    let kinds: Vec<Entry<'_>> =
        kinds.map(|(standing, words)| Entry::Line(standing, words)).collect();
    if kinds.len() > 1 {
        entries.extend(kinds);
    }
    if entries.is_empty() {
        return 0.0;
    }
    let (mut x, mut y) = (corner.x, corner.y + LINE_HEIGHT / 2.0);
    for entry in entries {
        let (sample, words) = match entry {
            Entry::Class(_, name) => (SIGN_WIDTH, name),
            Entry::Line(_, words) => (SAMPLE + 7.0, words),
        };
        let whole = sample + width(words, SMALL.size);
        if x > corner.x && x + whole > corner.x + most {
            (x, y) = (corner.x, y + LINE_HEIGHT + 3.0);
        }
        match entry {
            Entry::Class(place, _) => sign(place, Point::new(x + 5.0, y), markup),
            Entry::Line(standing, _) => {
                markup.line("<g class=\"edge\">");
                let ends = [Point::new(x, y), Point::new(x + SAMPLE, y)];
                markup.path(class_of(standing), &ends, false);
                markup.line("</g>");
            }
        }
        markup.words(SMALL, Point::new(x + sample, y + 4.0), words);
        x += whole + ENTRY_SPACE;
    }
    y - corner.y + LINE_HEIGHT
}

/// Draws footnotes below a rule, in columns if there is room, and returns their height with the margin below them. Each
/// leads to its words on the web or else to its claim.
pub(in crate::draw) fn draw_notes(
    notes: &[Note],
    corner: Point,
    most: f64,
    link_of: &LinkOf<'_>,
    markup: &mut Markup,
) -> f64 {
    if notes.is_empty() {
        return super::MARGIN;
    }
    let top = corner.y + LINE_HEIGHT / 2.0;
    markup.path("rule", &[Point::new(corner.x, top), Point::new(corner.x + most, top)], false);
    let indent = width(&notes.len().to_string(), NOTE.size) + 8.0;
    let columns = (most / NARROWEST_NOTE).floor().clamp(1.0, 4.0);
    let step = (most + COLUMN_SPACE) / columns;
    let room = (step - COLUMN_SPACE).min(WIDEST_NOTE) - indent;
    let wrapped: Vec<Vec<String>> =
        notes.iter().map(|note| wrap(&note.words(), NOTE.size, room, MOST_LINES)).collect();
    let height = |lines: &Vec<String>| lines.iter().map(|_| LINE_HEIGHT).sum::<f64>() + 3.0;
    let share = wrapped.iter().map(height).sum::<f64>() / columns;
    let (mut x, mut y, mut bottom) = (corner.x, top + 6.0, top);
    for (place, (note, lines)) in notes.iter().zip(&wrapped).enumerate() {
        if y - top > share {
            (x, y) = (x + step, top + 6.0);
        }
        let number = (place + 1).to_string();
        let link = note.link.clone().or_else(|| link_of(&note.iri));
        let is_link = markup.open_link(link.as_deref());
        markup.open_group("footnote", &note.name, "");
        let left = x + indent - 8.0 - width(&number, NOTE.size);
        let style = if is_link { NOTE_LINK } else { NOTE };
        markup.words(style, Point::new(left, y + LINE_HEIGHT), &number);
        for words in lines {
            y += LINE_HEIGHT;
            markup.words(NOTE, Point::new(x + indent, y), words);
        }
        y += 3.0;
        bottom = bottom.max(y);
        markup.line("</g>");
        markup.close_link(is_link);
    }
    bottom - corner.y + super::MARGIN
}
