//! SVG as text. Everything that comes from the data passes [`escaped`].

use crate::draw::layout::{Point, Rect};
use crate::draw::text;
use crate::printable::printable;
use std::fmt::Write as _;

/// Escapes a text for XML and HTML, as content or in a quoted attribute. What XML cannot hold, and what is invisible but
/// changes other text, is shown as an escape; white space becomes single spaces.
pub(in crate::draw) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in printable(text).split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => safe.push(char::REPLACEMENT_CHARACTER),
            c => safe.push(c),
        }
    }
    safe
}

/// Returns a link if it is one that a reader may follow: to the web, or relative. Others, such as `javascript:`, run code.
pub(in crate::draw) fn safe_link(link: &str) -> Option<&str> {
    let scheme = link.split(['/', '?', '#']).next().filter(|begin| begin.contains(':'));
    let is_web =
        |scheme: &str| ["http:", "https:"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    let is_plain = !link.contains(|c: char| c.is_whitespace() || c.is_control());
    (is_plain && scheme.is_none_or(is_web)).then_some(link)
}

/// Writes a coordinate: tenths are fine enough.
pub(in crate::draw) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let short = text.strip_suffix(".0").unwrap_or(&text);
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// A growing text of SVG.
#[derive(Default)]
pub(in crate::draw) struct Markup {
    pub(in crate::draw) text: String,
}

/// How a line of text is set.
#[derive(Clone, Copy)]
pub(in crate::draw) struct Type {
    /// Its class in the style sheet.
    pub class: &'static str,
    /// Its size.
    pub size: f64,
}

impl Markup {
    /// Writes a line of markup, in which everything is escaped already.
    pub(in crate::draw) fn line(&mut self, markup: &str) {
        self.text.push_str(markup);
        self.text.push('\n');
    }

    /// Opens a group with what a reader is told about it.
    pub(in crate::draw) fn open_group(&mut self, class: &str, title: &str, description: &str) {
        let _ = write!(self.text, "<g class=\"{class}\"><title>{}</title>", escaped(title));
        if !description.is_empty() {
            let _ = write!(self.text, "<desc>{}</desc>", escaped(description));
        }
        self.text.push('\n');
    }

    /// Opens a link if there is one that a reader may follow, and returns whether it has to be closed.
    pub(in crate::draw) fn open_link(&mut self, link: Option<&str>) -> bool {
        let Some(link) = link.and_then(safe_link) else { return false };
        // Pages elsewhere are not told where the reader came from.
        let is_outside = link.contains("://");
        let relation = if is_outside { " rel=\"noopener noreferrer nofollow\"" } else { "" };
        self.line(&format!("<a href=\"{}\"{relation}>", escaped(link)));
        true
    }

    /// Closes a link if it was opened.
    pub(in crate::draw) fn close_link(&mut self, is_open: bool) {
        if is_open {
            self.line("</a>");
        }
    }

    pub(in crate::draw) fn rect(&mut self, class: &str, rect: Rect, radius: f64) {
        self.line(&format!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>",
            number(rect.left()),
            number(rect.top()),
            number(rect.size.width),
            number(rect.size.height),
            number(radius)
        ));
    }

    pub(in crate::draw) fn path(&mut self, class: &str, points: &[Point], is_closed: bool) {
        let mut path = String::new();
        for (place, point) in points.iter().enumerate() {
            path.push_str(if place == 0 { "M" } else { "L" });
            path.push_str(&format!("{} {}", number(point.x), number(point.y)));
        }
        path.push_str(if is_closed { "Z" } else { "" });
        self.line(&format!("<path class=\"{class}\" d=\"{path}\"/>"));
    }

    /// Writes text that begins at a point. If its width is known, it is set in that width whatever the font.
    pub(in crate::draw) fn words(&mut self, style: Type, at: Point, words: &str) {
        let words = printable(words);
        let length = if text::is_known(&words) && !words.trim().is_empty() {
            let width = number(text::width(&words, style.size));
            format!(" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\"")
        } else {
            String::new()
        };
        self.line(&format!(
            "<text class=\"{}\" x=\"{}\" y=\"{}\"{length}>{}</text>",
            style.class,
            number(at.x),
            number(at.y),
            escaped(&words)
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_the_web_and_relative_ones_are_safe() {
        for link in
            ["https://a.example/x:y", "HTTP://a", "/thing/a?b=c:d", "#note", "a/b", "?x=y:z"]
        {
            assert_eq!(safe_link(link), Some(link));
        }
        for link in
            ["javascript:alert(1)", "data:text/html,x", "java\nscript:x", " javascript:x", "urn:x"]
        {
            assert_eq!(safe_link(link), None, "{link}");
        }
    }

    #[test]
    fn text_never_becomes_markup() {
        assert_eq!(
            escaped("</text><script>\n&'\"]]>"),
            "&lt;/text&gt;&lt;script&gt; &amp;&#39;&quot;]]&gt;"
        );
        assert_eq!(escaped("a\u{0}\u{1b}\u{ffff}"), "a\\u{0}\\u{1b}\u{fffd}");
    }

    #[test]
    fn coordinates_have_tenths() {
        assert_eq!([1.0, -0.01, 2.25, -3.55].map(number), ["1", "0", "2.2", "-3.5"]);
    }
}
