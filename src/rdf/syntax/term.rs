//! Decodes the tokens of terms.

use std::borrow::Cow;

/// Unescapes the text between the quotes of a string, or between the angle brackets of an IRI. Returns `None` if an
/// escape does not denote a character.
pub(super) fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    let Some(first) = text.find('\\') else { return Some(Cow::Borrowed(text)) };
    let (plain, mut rest) = text.split_at(first);
    let mut plain = plain.to_owned();
    while let Some(at) = rest.find('\\') {
        plain.push_str(rest.get(..at)?);
        let escape = rest.get(at + 1..)?.chars().next()?;
        let mut length = 1 + escape.len_utf8();
        plain.push(match escape {
            't' => '\t',
            'b' => '\u{8}',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{C}',
            'u' | 'U' => {
                length = if escape == 'u' { 6 } else { 10 };
                let digits = rest.get(at + 2..at + length)?;
                char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
            }
            c => c,
        });
        rest = rest.get(at + length..)?;
    }
    plain.push_str(rest);
    Some(Cow::Owned(plain))
}

/// Returns the text of a quoted string.
pub(super) fn string(token: &str) -> Option<Cow<'_, str>> {
    let quotes = if token.len() >= 6 && (token.starts_with("\"\"\"") || token.starts_with("'''")) {
        3
    } else {
        1
    };
    unescaped(token.get(quotes..token.len().checked_sub(quotes)?)?)
}

/// Returns the text of an IRI in angle brackets.
pub(super) fn iri(token: &str) -> Option<Cow<'_, str>> {
    unescaped(token.strip_prefix('<')?.strip_suffix('>')?)
}

/// Returns the local part of a name, without its backslashes.
pub(super) fn local(text: &str) -> Cow<'_, str> {
    if text.contains('\\') { Cow::Owned(text.replace('\\', "")) } else { Cow::Borrowed(text) }
}

/// Returns whether an IRI has no scheme ([RFC 3986, 3.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.1)).
pub(super) fn is_relative(iri: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    !iri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_characters() {
        assert_eq!(string("\"a\\t\\\"\\u00e9\\U0001F600\\\\n\"").unwrap(), "a\t\"é😀\\n");
        assert_eq!(string("'''it's'''").unwrap(), "it's");
        assert_eq!(string("\"\"").unwrap(), "");
        assert_eq!(iri("<\\u0061>").unwrap(), "a");
        assert_eq!(unescaped("\\uD800"), None);
        assert_eq!(unescaped("\\u12"), None);
        assert_eq!(unescaped("\\"), None);
        assert_eq!(local("a\\.b\\~"), "a.b~");
    }

    #[test]
    fn what_has_no_scheme_is_relative() {
        for iri in ["", "#a", "a/b:c", "//host/a", "?a:b", "1a:b"] {
            assert!(is_relative(iri), "{iri}");
        }
        for iri in ["http://a", "urn:a", "a+b-c.d:e"] {
            assert!(!is_relative(iri), "{iri}");
        }
    }
}
