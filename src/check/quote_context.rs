//! What to do about a quote that occurs in its document, but not after its `oa:prefix` or before its `oa:suffix`.

use crate::claim::Quote;
use crate::dossier::Document;
use std::ops::Range;

/// How far from a quote the words of a wrong prefix or suffix are searched, in characters.
const NEAR: usize = 200;

/// The fewest words of a prefix or suffix that is suggested, if the words of the wrong one stand nowhere near.
const FEW: usize = 4;

/// One side of a quote.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

impl Side {
    const fn property(self) -> &'static str {
        match self {
            Self::Before => "oa:prefix",
            Self::After => "oa:suffix",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }

    /// Returns whether words stand right there.
    fn has(self, text: &str, quote: &Range<usize>, words: &str) -> bool {
        match self {
            Self::Before => text[..quote.start].ends_with(words),
            Self::After => text[quote.end..].starts_with(words),
        }
    }

    /// Returns the text on this side, as far as it is near and in the same paragraph.
    fn near<'a>(self, text: &'a str, quote: &Range<usize>) -> &'a str {
        match self {
            Self::Before => {
                let before = &text[..quote.start];
                let start = before.char_indices().rev().nth(NEAR).map_or(0, |(at, _)| at);
                let before = &before[start..];
                before.rfind('\n').map_or(before, |end| &before[end + 1..])
            }
            Self::After => {
                let after = &text[quote.end..];
                let end = after.char_indices().nth(NEAR).map_or(after.len(), |(at, _)| at);
                let after = &after[..end];
                after.find('\n').map_or(after, |end| &after[..end])
            }
        }
    }
}

/// Says which of the two properties is wrong, and what to write. Returns `None` if the quote does not occur at all.
pub(super) fn help(document: &Document, quote: &Quote) -> Option<(&'static str, String)> {
    let text = document.text();
    if quote.text.trim().is_empty() {
        return None;
    }
    let places: Vec<Range<usize>> = document.occurrences(&quote.text).collect();
    let given = [(Side::Before, quote.prefix.as_deref()), (Side::After, quote.suffix.as_deref())];
    let given = || given.into_iter().filter_map(|(side, words)| Some((side, words?)));
    let wrong = |place: &Range<usize>| given().find(|(side, words)| !side.has(text, place, words));
    // How far the words are from the quote, if they are near.
    let distance = |place: &Range<usize>| {
        let (side, words) = wrong(place)?;
        let near = side.near(text, place);
        match side {
            Side::Before => near.rfind(words.trim()).map(|at| near.len() - at),
            Side::After => near.find(words.trim()),
        }
    };
    let right = |place: &&Range<usize>| {
        given().filter(|(side, words)| side.has(text, place, words)).count()
    };
    let place = places.iter().min_by_key(|place| {
        let has_words = wrong(place).is_some_and(|(side, _)| !side.near(text, place).is_empty());
        (usize::MAX - right(place), distance(place).unwrap_or(usize::MAX), !has_words)
    })?;
    let (side, words) = wrong(place)?;
    let (property, word) = (side.property(), side.word());
    let turned = places.iter().any(|place| side.other().has(text, place, words));
    if turned {
        let (other, word) = (side.other().property(), side.other().word());
        return Some((
            property,
            format!("these words stand right {word} the quote: write `{other}`"),
        ));
    }
    let meant = suggestion(text, &places, place, side, words.trim());
    if meant.is_empty() {
        let help =
            format!("nothing stands right {word} the quote in its paragraph: remove `{property}`");
        return Some((property, help));
    }
    let meant = meant.replace('\\', "\\\\").replace('"', "\\\"");
    Some((
        property,
        format!(
            "`{property}` is what stands right {word} the quote: write `{property} \"{meant}\"`"
        ),
    ))
}

/// Returns the words next to a quote up to those that were written, if these are near, and enough of them to select the
/// place among all.
fn suggestion<'a>(
    text: &'a str,
    places: &[Range<usize>],
    place: &Range<usize>,
    side: Side,
    written: &str,
) -> &'a str {
    let near = side.near(text, place);
    let from = match side {
        Side::Before => near.rfind(written).map(|at| near.len() - at),
        Side::After => near.find(written).map(|at| at + written.len()),
    };
    let ends = |is_few: bool| {
        let spaces = near.char_indices().filter(|(_, c)| c.is_whitespace());
        let mut lengths: Vec<usize> = match side {
            Side::Before => spaces.map(|(at, c)| near.len() - at - c.len_utf8()).collect(),
            Side::After => spaces.map(|(at, _)| at).collect(),
        };
        lengths.push(near.len());
        lengths.sort_unstable();
        let few = if is_few { FEW - 1 } else { 0 };
        lengths.into_iter().filter(|length| *length > 0).skip(few)
    };
    let part = |length: usize| match side {
        Side::Before => &near[near.len() - length..],
        Side::After => &near[..length],
    };
    let is_unique = |length: &usize| {
        places.iter().filter(|other| side.has(text, other, part(*length))).count() == 1
    };
    let from = from.filter(|length| *length > 0);
    let lengths = from
        .into_iter()
        .chain(ends(from.is_none()).filter(|it| from.is_none_or(|from| *it > from)));
    let length = lengths.into_iter().find(is_unique).unwrap_or(near.len());
    part(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Misplaced;
    use crate::dossier::NotOneQuote;

    fn help_for(text: &str, prefix: Option<&str>, suffix: Option<&str>) -> Option<String> {
        let quote = Quote {
            text: "it was closed".to_owned(),
            prefix: prefix.map(str::to_owned),
            suffix: suffix.map(str::to_owned),
            place: Err(Misplaced::Text(NotOneQuote::Absent)),
        };
        Some(help(&Document::new(text), &quote)?.1)
    }

    #[test]
    fn the_words_next_to_the_quote_are_shown() {
        let text =
            "In the first winter then it was closed for good. In the last one it was closed again.";
        for (prefix, suffix, end) in [
            (Some("first winter"), None, "write `oa:prefix \"first winter then \"`"),
            (Some("last one"), None, "write `oa:prefix \"last one \"`"),
            (Some(" for good"), None, "these words stand right after the quote: write `oa:suffix`"),
            (None, Some("again"), "write `oa:suffix \" again\"`"),
            (Some("nowhere"), None, "write `oa:prefix \"the first winter then \"`"),
        ] {
            let help = help_for(text, prefix, suffix).unwrap_or_default();
            assert!(help.ends_with(end), "{help}");
        }
        for (text, end) in [
            ("it was closed. Then it was closed.", "write `oa:prefix \"it was closed. Then \"`"),
            ("it was closed.", "in its paragraph: remove `oa:prefix`"),
        ] {
            let help = help_for(text, Some("Later "), None).unwrap_or_default();
            assert!(help.ends_with(end), "{help}");
        }
        assert_eq!(help_for("It closed.", Some("It"), None), None);
    }
}
