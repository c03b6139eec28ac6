//! Whether the text of a query is all there, so that a line can be read on.

use super::lexer::{TokenKind, tokens};

/// Whether a text can be a whole query: no bracket and no long string is open, and the braces that SELECT, ASK and
/// CONSTRUCT need have come.
///
/// It is about what is missing at the end only: a text that is wrong is complete, so that its error is told.
pub fn is_complete(text: &str) -> bool {
    let (mut open, mut has_group, mut form) = (Vec::new(), false, Form::None);
    for token in tokens(text) {
        let word = &text[token.span];
        match (token.kind, word) {
            (TokenKind::String, _) if is_open_string(word) => return false,
            (TokenKind::Punctuation, "{" | "(" | "[") => {
                has_group |= word == "{";
                open.push(word);
            }
            (TokenKind::Punctuation, "}" | ")" | "]") => {
                // A bracket that closes none, or another one, is an error and no reason to wait.
                let closes = matches!(
                    (open.pop(), word),
                    (Some("{"), "}") | (Some("("), ")") | (Some("["), "]")
                );
                if !closes {
                    return true;
                }
            }
            (TokenKind::Word, _) => form = form.after(word),
            _ => {}
        }
    }
    open.is_empty()
        && match form {
            Form::Braces => has_group,
            Form::Prologue => false,
            Form::None | Form::Other => true,
        }
}

/// What a query begins with, as far as that tells when it is whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// No word yet.
    None,
    /// PREFIX or BASE: the query follows.
    Prologue,
    /// SELECT, ASK or CONSTRUCT: braces follow.
    Braces,
    /// DESCRIBE, which does well without, or no query.
    Other,
}

impl Form {
    fn after(self, word: &str) -> Self {
        match (self, word.to_ascii_uppercase().as_str()) {
            (Self::None | Self::Prologue, "SELECT" | "ASK" | "CONSTRUCT") => Self::Braces,
            (Self::None | Self::Prologue, "PREFIX" | "BASE") => Self::Prologue,
            (Self::None, _) | (Self::Prologue, "DESCRIBE") => Self::Other,
            (form, _) => form,
        }
    }
}

fn is_open_string(string: &str) -> bool {
    let Some(quote) = string.chars().next() else { return false };
    let long = [quote; 3].iter().collect::<String>();
    if string.starts_with(&long) {
        string.len() < 6 || !string.ends_with(&long)
    } else {
        // A short string ends with its line, closed or not.
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_goes_on() {
        for open in [
            "SELECT",
            "SELECT *",
            "SELECT * {",
            "SELECT * { ?s ?p ?o FILTER(?o",
            "SELECT * { ?s ?p [ ",
            "ASK { ?s ?p \"\"\"a }",
            "ASK { ?s ?p '''a\n\n",
            "PREFIX ex: <http://example.com/>",
            "PREFIX ex: <http://example.com/> SELECT ?s",
            "# a remark\nASK",
            "SELECT * { ?s ?p ?o # }",
        ] {
            assert!(!is_complete(open), "{open}");
        }
    }

    #[test]
    fn what_is_closed_or_wrong_does_not() {
        for whole in [
            "",
            "ASK {}",
            "SELECT * { ?s ?p ?o } ORDER BY ?s",
            "DESCRIBE ex:a",
            "PREFIX ex: <http://example.com/> DESCRIBE ex:a",
            "SELECT * { ?s ?p ')' }",
            "SELECT * { ?s ?p \"a\\\"{\" }",
            "SELECT * { ?s ?p ?o ) }",
            "SELECT * }",
            "nonsense",
            "ASK { ?s ?p \"open }\n }",
        ] {
            assert!(is_complete(whole), "{whole}");
        }
    }
}
