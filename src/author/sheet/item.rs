//! An item below a quote, as in `- S | P | O` or `- reading: …`: what it says of the claim.

use super::cells::{as_plain_cell, cells, plain, trimmed};
use crate::author::draft::DraftContent;
use crate::diagnostic::{Diagnostic, Fault, did_you_mean, nearest};
use std::ops::Range;

/// What an item says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// Something that the quote states.
    Content(DraftContent),
    /// Something about the claim.
    Head(HeadKey, String),
}

/// What an item says about a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadKey {
    Reading,
    Omission,
    Name,
    /// The words right before the quote.
    Before,
    /// The words right after it.
    After,
}

impl HeadKey {
    pub(super) const ALL: [Self; 5] =
        [Self::Reading, Self::Omission, Self::Name, Self::Before, Self::After];

    /// Returns the word before the colon.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Omission => "omit",
            Self::Name => "as",
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// The word before the colon of an item that declares a thing or a term.
const NEW: &str = "new";

impl Item {
    /// Reads an item, without its bullet.
    ///
    /// # Errors
    /// If it is none of the kinds of items, with the part of it that is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let whole = trimmed(text, 0..text.len());
        if whole.is_empty() {
            return Err(wrong(whole, "an item is empty").help(FORMS));
        }
        let keyed = key(text);
        if let Some((key, rest)) = &keyed {
            let is_word = |word: &str| text[key.clone()].eq_ignore_ascii_case(word);
            if let Some(head) = HeadKey::ALL.into_iter().find(|head| is_word(head.word())) {
                if rest.is_empty() {
                    return Err(wrong(key.clone(), format!("`{}:` says nothing", head.word())));
                }
                return Ok(Self::Head(head, plain(&text[rest.clone()])));
            }
            if is_word(NEW) {
                return declaration(text, rest.clone()).map(Self::Content);
            }
        }
        let parts = cells(text, '|', false);
        match (parts.as_slice(), keyed) {
            ([subject, property, value], _) => {
                for (part, name) in [(subject, "subject"), (property, "property"), (value, "value")]
                {
                    if part.is_empty() {
                        return Err(wrong(whole, format!("the {name} is missing")).help(FORMS));
                    }
                }
                Ok(Self::Content(DraftContent::Statement {
                    subject: plain(&text[subject.clone()]),
                    property: plain(&text[property.clone()]),
                    value: text[value.clone()].to_owned(),
                }))
            }
            ([_], Some((key, rest))) => pattern(text, key, rest).map(Self::Content),
            ([_], None) => {
                let message = format!("`{}` is not an item", &text[whole.clone()]);
                Err(wrong(whole, message).help(FORMS))
            }
            (parts, _) => {
                let message = format!("a statement has three parts, but this has {}", parts.len());
                Err(wrong(whole, message).help("put a value that contains `|` in quotes"))
            }
        }
    }
}

/// Returns what a draft says as an item; of Turtle, the first line.
pub(crate) fn item_of(content: &DraftContent) -> String {
    let cell = |text: &str, delimiter| {
        // An IRI in angle brackets stands as it is.
        if text.starts_with('<') { text.to_owned() } else { as_plain_cell(text, Some(delimiter)) }
    };
    match content {
        DraftContent::Statement { subject, property, value } => {
            format!("{} | {} | {value}", cell(subject, '|'), cell(property, '|'))
        }
        DraftContent::Pattern { name, arguments } => {
            let argument =
                |(name, value): &(String, String)| format!("{name}={}", cell(value, ','));
            let arguments: Vec<String> = arguments.iter().map(argument).collect();
            format!("{name}: {}", arguments.join(", "))
        }
        DraftContent::NewThing { label, class } => {
            // The words of the other forms are not labels.
            let a = if ["class", "property"].iter().any(|word| class.eq_ignore_ascii_case(word)) {
                "a | "
            } else {
                ""
            };
            format!("{NEW}: {} | {a}{}", cell(label, '|'), cell(class, '|'))
        }
        DraftContent::NewClass { label, under } => {
            let under = under.as_ref().map(|under| format!(" | {}", cell(under, '|')));
            format!("{NEW}: {} | class{}", cell(label, '|'), under.unwrap_or_default())
        }
        DraftContent::NewProperty { label, takes, of } => {
            let of = of.as_ref().map(|of| format!(" | {}", cell(of, '|'))).unwrap_or_default();
            format!("{NEW}: {} | property | {}{of}", cell(label, '|'), cell(takes, '|'))
        }
        DraftContent::Turtle(text) | DraftContent::HeadTurtle(text) => {
            text.lines().next().unwrap_or_default().to_owned()
        }
    }
}

const FORMS: &str =
    "write `- subject | property | value`, `- pattern: name=value`, or `- reading: words`";

fn wrong(span: Range<usize>, message: impl Into<String>) -> Fault {
    Fault::new(span, "sheet-item", message)
}

/// Returns the ranges of the word before a colon and of what follows it. White space stands behind the colon, unlike in
/// a CURIE.
fn key(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let (before, after) = text.split_once(':')?;
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let key = trimmed(text, 0..before.len());
    let is_word = !key.is_empty() && text[key.clone()].chars().all(is_key);
    let is_apart = after.is_empty() || after.starts_with(char::is_whitespace);
    (is_word && is_apart).then(|| (key, trimmed(text, before.len() + 1..text.len())))
}

/// Reads what follows `new:`.
pub(super) fn declaration(text: &str, rest: Range<usize>) -> Result<DraftContent, Fault> {
    let words = &text[rest.clone()];
    let parts: Vec<String> =
        cells(words, '|', false).into_iter().map(|cell| plain(&words[cell])).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    DraftContent::declaration(&parts).map_err(|problem| {
        let fault = wrong(rest, problem.message);
        match problem.help {
            Some(help) => fault.help(help),
            None => fault,
        }
    })
}

/// Reads the arguments of a pattern.
fn pattern(text: &str, key: Range<usize>, rest: Range<usize>) -> Result<DraftContent, Fault> {
    let name = &text[key.clone()];
    let words = &text[rest.clone()];
    let mut arguments = Vec::new();
    for cell in cells(words, ',', true) {
        let argument = &words[cell.clone()];
        if argument.is_empty() && words.is_empty() {
            break;
        }
        let Some((parameter, value)) =
            argument.split_once('=').filter(|(_, value)| !value.trim().is_empty())
        else {
            return Err(not_an_argument(name, argument, key, rest.start, cell));
        };
        arguments.push((parameter.trim().to_owned(), plain(value.trim())));
    }
    Ok(DraftContent::Pattern { name: name.to_owned(), arguments })
}

fn not_an_argument(
    name: &str,
    argument: &str,
    key: Range<usize>,
    start: usize,
    cell: Range<usize>,
) -> Fault {
    let words = HeadKey::ALL.map(HeadKey::word);
    let near = match name {
        "omission" => Some(HeadKey::Omission.word()),
        _ => nearest(name, words.into_iter().chain([NEW])),
    };
    match near {
        Some(near) => wrong(key, format!("`{name}:` is not a kind of item"))
            .help(did_you_mean(format_args!("{near}:"))),
        None => {
            let span = start + cell.start..start + cell.end;
            let message = format!("`{argument}` is not an argument of the pattern `{name}`");
            wrong(span, message).help("write `name=value`, and put a value with `,` in quotes")
        }
    }
}

/// The error for something that is said twice of one claim.
pub(super) fn twice(key: HeadKey) -> Diagnostic {
    Diagnostic::error("sheet-item", format!("`{}` is said twice of this claim", key.word()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(subject: &str, property: &str, value: &str) -> Item {
        Item::Content(DraftContent::Statement {
            subject: subject.to_owned(),
            property: property.to_owned(),
            value: value.to_owned(),
        })
    }

    fn pattern(name: &str, arguments: &[(&str, &str)]) -> Item {
        let arguments = arguments.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Item::Content(DraftContent::Pattern {
            name: name.to_owned(),
            arguments: arguments.collect(),
        })
    }

    #[test]
    fn items_are_of_these_kinds() {
        for (text, expected) in [
            ("tea:Society | a | club", statement("tea:Society", "a", "club")),
            ("UN: First | \"a|b\" | \"x | y\"@en", statement("UN: First", "a|b", "\"x | y\"@en")),
            ("Reading: \"a\\nb\"", Item::Head(HeadKey::Reading, "a\nb".to_owned())),
            ("omit: \"It\" is | old", Item::Head(HeadKey::Omission, "\"It\" is | old".to_owned())),
            ("as: tea:c1", Item::Head(HeadKey::Name, "tea:c1".to_owned())),
            (
                "membership: state=\"Trinidad, Tobago\", since = 2017",
                pattern("membership", &[("state", "Trinidad, Tobago"), ("since", "2017")]),
            ),
            ("now:", pattern("now", &[])),
        ] {
            assert_eq!(Item::parse(text), Ok(expected), "{text}");
        }
        for text in ["new: Ada | person", "new: Ada | a | person"] {
            let new = DraftContent::NewThing { label: "Ada".into(), class: "person".into() };
            assert_eq!(Item::parse(text), Ok(Item::Content(new)));
        }
    }

    #[test]
    fn declarations_come_back() {
        let text = str::to_owned;
        let (label, class, takes) = (text("Ferry | line"), text("class"), text("whole number"));
        for (content, item) in [
            (
                DraftContent::NewClass { label: label.clone(), under: None },
                "new: \"Ferry | line\" | class",
            ),
            (
                DraftContent::NewClass { label: text("Ferry"), under: Some(text("line")) },
                "new: Ferry | class | line",
            ),
            (
                DraftContent::NewProperty { label: text("a"), takes, of: Some(label) },
                "new: a | property | whole number | \"Ferry | line\"",
            ),
            (DraftContent::NewThing { label: text("5b"), class }, "new: 5b | a | class"),
        ] {
            assert_eq!(item_of(&content), item);
            assert_eq!(Item::parse(item), Ok(Item::Content(content)));
        }
    }

    #[test]
    fn other_items_are_refused_with_the_part_that_is_wrong() {
        for (text, part, message) in [
            ("", "", "an item is empty"),
            ("a | b", "a | b", "a statement has three parts, but this has 2"),
            ("a |  | c", "a |  | c", "the property is missing"),
            ("just words", "just words", "`just words` is not an item"),
            ("reading:", "reading", "`reading:` says nothing"),
            ("redaing: some words", "redaing", "`redaing:` is not a kind of item"),
            ("omission: tea", "omission", "`omission:` is not a kind of item"),
            ("membership: a=b, c", "c", "`c` is not an argument of the pattern `membership`"),
            ("new: Ada", "Ada", "`Ada` does not say what is declared"),
            (
                "new: at | property",
                "at | property",
                "`at | property` does not say what the property takes",
            ),
            ("new: at | property |", "at | property |", "a part of `at | property |` is empty"),
            ("new: a | b | c", "a | b | c", "`a | b | c` is not a declaration"),
        ] {
            let fault = Item::parse(text).unwrap_err();
            assert_eq!((&text[fault.span], fault.diagnostic.message.as_str()), (part, message));
        }
    }
}
