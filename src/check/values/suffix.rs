//! Language tags and datatypes that stand inside the quotation marks of a string, as in `"tea@en"`.

use crate::vocabulary::{Prefixes, xsd};
use oxigraph::model::{Literal, NamedNode, Term};

/// What follows a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suffix<'a> {
    Tag(&'a str),
    Datatype(&'a str),
}

/// Returns whether the end of a plain string reads like a language tag or a datatype.
pub(super) fn is_inside(value: &Term) -> bool {
    matches!(value, Term::Literal(literal) if split(literal).is_some())
}

/// Returns the end of a string that reads like a language tag or a datatype, and the literal that is meant.
pub(super) fn outside(value: &Term, prefixes: &Prefixes) -> Option<(String, Literal)> {
    let Term::Literal(literal) = value else { return None };
    let (text, suffix) = split(literal)?;
    match suffix {
        Suffix::Tag(tag) => {
            // (The tag is valid, and stays as it was written.)
            let literal = Literal::new_language_tagged_literal_unchecked(text, tag);
            Some((format!("the language tag `@{tag}`"), literal))
        }
        Suffix::Datatype(name) => {
            let iri = name.strip_prefix('<').and_then(|name| name.strip_suffix('>'));
            let datatype = match iri {
                Some(iri) => NamedNode::new(iri).ok()?,
                None => prefixes.expand(name)?,
            };
            Some((format!("the datatype `^^{name}`"), Literal::new_typed_literal(text, datatype)))
        }
    }
}

fn split(literal: &Literal) -> Option<(&str, Suffix<'_>)> {
    if literal.datatype() != xsd::STRING {
        return None;
    }
    let value = literal.value();
    let (text, suffix) = match (value.rsplit_once("^^"), value.rsplit_once('@')) {
        (Some((text, name)), _) if is_datatype(name) => (text, Suffix::Datatype(name)),
        (_, Some((text, tag))) if is_tag(tag) => (text, Suffix::Tag(tag)),
        _ => return None,
    };
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let is_of_text = !text.is_empty() && !text.ends_with(char::is_whitespace);
    is_of_text.then_some((text, suffix))
}

fn is_datatype(name: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    };
    name.starts_with('<') && name.ends_with('>')
        || name.split_once(':').is_some_and(|(prefix, local)| is_name(prefix) && is_name(local))
}

/// Returns whether a text is a language of two letters, perhaps with a region or a script.
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_language = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_more = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    parts.next().is_some_and(is_language) && parts.all(is_more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_after_a_string_is_found_at_its_end() {
        let mut prefixes = Prefixes::default();
        prefixes.add("xsd", "http://www.w3.org/2001/XMLSchema#");
        let meant = |text: &str| {
            let value = Term::from(Literal::new_simple_literal(text));
            outside(&value, &prefixes).map(|(_, literal)| literal.to_string())
        };
        for (text, expected) in [
            ("tea@en", "\"tea\"@en"),
            ("green tea@en-GB", "\"green tea\"@en-GB"),
            ("\"tea\"@en", "\"tea\"@en"),
            ("1861^^xsd:gYear", "\"1861\"^^<http://www.w3.org/2001/XMLSchema#gYear>"),
            (
                "1861^^<http://www.w3.org/2001/XMLSchema#gYear>",
                "\"1861\"^^<http://www.w3.org/2001/XMLSchema#gYear>",
            ),
        ] {
            assert_eq!(meant(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["tea", "@en", "tea @en", "tea@example.com", "tea@home", "2^^3", "^^xsd:date"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
