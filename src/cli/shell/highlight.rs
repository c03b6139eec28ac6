//! The colours of a line.

use super::line::LineKind;
use crate::sparql::{Highlight, highlighted};
use anstyle::{AnsiColor, Style};

const KEYWORD: Style = AnsiColor::Blue.on_default().bold();
const VARIABLE: Style = AnsiColor::Cyan.on_default();
const NAME: Style = AnsiColor::Magenta.on_default();
const LITERAL: Style = AnsiColor::Green.on_default();
const REMARK: Style = Style::new().dimmed();

/// A line in its colours.
pub(super) fn coloured(line: &str, kind: LineKind) -> String {
    match kind {
        LineKind::Query | LineKind::Empty => query(line),
        LineKind::Dot | LineKind::Command => first_word(line),
        LineKind::Unknown => line.to_owned(),
    }
}

/// Highlights the command at the beginning of a line, and the query that follows `.query`.
fn first_word(line: &str) -> String {
    let start = line.len() - line.trim_start().len();
    let end = line[start..].find(char::is_whitespace).map_or(line.len(), |i| start + i);
    let (word, rest) = (&line[start..end], &line[end..]);
    let rest = if word == ".query" { query(rest) } else { rest.to_owned() };
    format!("{}{}{rest}", &line[..start], painted(word, KEYWORD))
}

fn query(text: &str) -> String {
    let coloured = |(piece, class): (&str, Option<Highlight>)| match class {
        Some(class) => painted(piece, style(class)),
        None => piece.to_owned(),
    };
    highlighted(text).into_iter().map(coloured).collect()
}

const fn style(class: Highlight) -> Style {
    match class {
        Highlight::Keyword => KEYWORD,
        Highlight::Variable => VARIABLE,
        Highlight::Name => NAME,
        Highlight::Literal => LITERAL,
        Highlight::Comment => REMARK,
    }
}

/// A word in a style, each of its lines by itself: the terminal is told where lines end.
fn painted(word: &str, style: Style) -> String {
    let lines = word.split('\n').map(|line| format!("{style}{line}{style:#}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a terminal shows of a coloured text.
    fn plain(coloured: &str) -> String {
        let mut parts = coloured.split("\x1b[");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
    }

    #[test]
    fn words_have_colours() {
        let line = "SELECT ?s { ?s a dos:State # why\n}";
        let shown = coloured(line, LineKind::Query);
        assert_eq!(plain(&shown), line);
        assert!(shown.contains(&format!("{KEYWORD}SELECT{KEYWORD:#}")));
        assert!(shown.contains(&format!("{VARIABLE}?s{VARIABLE:#}")));
        assert!(shown.contains(&format!("{NAME}dos:State{NAME:#}")));
        assert!(shown.contains(&format!("{REMARK}# why{REMARK:#}\n")));
        let shown = coloured(".query ASK {}", LineKind::Dot);
        assert_eq!(shown, format!("{KEYWORD}.query{KEYWORD:#} {KEYWORD}ASK{KEYWORD:#} {{}}"));
    }

    proptest! {
        #[test]
        fn colours_change_no_text(line in "[a-z?<>\"'{}()#:. \\n@1]*") {
            for kind in [LineKind::Query, LineKind::Command, LineKind::Dot, LineKind::Unknown] {
                prop_assert_eq!(plain(&coloured(&line, kind)), line.clone());
            }
        }
    }
}
