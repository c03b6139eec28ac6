//! The lexical forms of strings, names and binary data (XML Schema 1.1, part 2,
//! [3.3.1](https://www.w3.org/TR/xmlschema11-2/#string), [3.3.15 and 3.3.16](https://www.w3.org/TR/xmlschema11-2/#hexBinary)
//! and [3.4.1 to 3.4.7](https://www.w3.org/TR/xmlschema11-2/#normalizedString)).

/// Returns whether a text consists of characters that an XML document can have. Only those are refused that neither
/// XML 1.0 nor XML 1.1 allows.
pub(super) fn is_string(form: &str) -> bool {
    !form.contains(['\0', '\u{fffe}', '\u{ffff}'])
}

/// Returns whether a string has no tabs and line breaks.
pub(super) fn is_normalized(form: &str) -> bool {
    is_string(form) && !form.contains(['\t', '\n', '\r'])
}

/// Returns whether a normalized string has single spaces between its words, and none at its ends.
pub(super) fn is_token(form: &str) -> bool {
    is_normalized(form) && !form.starts_with(' ') && !form.ends_with(' ') && !form.contains("  ")
}

/// Returns whether a text has the form of a language tag: `[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*`.
pub(super) fn is_language(form: &str) -> bool {
    form.split('-').enumerate().all(|(i, subtag)| {
        let is_allowed = |c: u8| c.is_ascii_alphabetic() || i > 0 && c.is_ascii_digit();
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(is_allowed)
    })
}

/// Returns whether a text is a name of XML.
pub(super) fn is_name(form: &str) -> bool {
    form.starts_with(is_name_start) && is_name_token(form)
}

/// Returns whether a text is a name of XML without a colon.
pub(super) fn is_name_without_colon(form: &str) -> bool {
    is_name(form) && !form.contains(':')
}

/// Returns whether a text consists of the characters of names of XML.
pub(super) fn is_name_token(form: &str) -> bool {
    let is_inner = |c: char| {
        is_name_start(c)
            || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
    };
    !form.is_empty() && form.chars().all(is_inner)
}

/// Matches [`NameStartChar`](https://www.w3.org/TR/xml/#NT-NameStartChar).
fn is_name_start(c: char) -> bool {
    matches!(c,
        ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// Returns whether a text consists of pairs of hexadecimal digits.
pub(super) fn is_hexadecimal(form: &str) -> bool {
    form.len().is_multiple_of(2) && form.bytes().all(|c| c.is_ascii_hexdigit())
}

/// Returns whether a text is Base64, in which a single space may follow each character but the last.
pub(super) fn is_base64(form: &str) -> bool {
    if form.starts_with(' ') || form.ends_with(' ') || form.contains("  ") {
        return false;
    }
    let characters = form.replace(' ', "");
    let digits = characters.trim_end_matches('=');
    let is_digit = |c: u8| c.is_ascii_alphanumeric() || c == b'+' || c == b'/';
    // The bits of the last digit that belong to no byte are zero.
    let is_padded = match characters.len() - digits.len() {
        0 => true,
        1 => digits.ends_with(|c| "AEIMQUYcgkosw048".contains(c)),
        2 => digits.ends_with(['A', 'Q', 'g', 'w']),
        _ => false,
    };
    characters.len().is_multiple_of(4) && digits.bytes().all(is_digit) && is_padded
}
