//! Classifies the words of a query for its colours, wherever it is shown.

use super::lexer::{TokenKind, comments, tokens};

/// The class of a piece of text, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Highlight {
    /// A keyword or the name of a function.
    Keyword,
    /// A variable.
    Variable,
    /// An IRI or a prefixed name.
    Name,
    /// A string, a number, a boolean or a language tag.
    Literal,
    /// A comment.
    Comment,
}

/// Splits any text into pieces with their classes. White space and punctuation have none.
pub fn highlighted(text: &str) -> Vec<(&str, Option<Highlight>)> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    let mut end = 0;
    let tokens = tokens(text).into_iter().map(|token| (Some(token.kind), token.span));
    for (kind, span) in tokens.chain([(None, text.len()..text.len())]) {
        let comments = comments(text, end..span.start).map(|span| (Some(Highlight::Comment), span));
        end = span.end;
        let token = (kind.and_then(|kind| class(kind, &text[span.clone()])), span);
        for (class, span) in comments.chain([token]) {
            pieces.push((&text[at..span.start], None));
            at = span.end;
            pieces.push((&text[span], class));
        }
    }
    pieces
}

fn class(kind: TokenKind, word: &str) -> Option<Highlight> {
    Some(match kind {
        TokenKind::Variable => Highlight::Variable,
        TokenKind::Iri => Highlight::Name,
        TokenKind::String => Highlight::Literal,
        TokenKind::Word if word.contains(':') => Highlight::Name,
        TokenKind::Word if word.starts_with(|c: char| c.is_ascii_digit() || "@.".contains(c)) => {
            Highlight::Literal
        }
        TokenKind::Word if ["true", "false"].contains(&word) => Highlight::Literal,
        TokenKind::Word => Highlight::Keyword,
        TokenKind::Punctuation => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_have_classes() {
        let mut pieces = highlighted("ASK { ?s a ex:C, .5, <i>, 'a'@en, true } # end");
        pieces.retain(|(_, class)| class.is_some());
        let classes = pieces.into_iter().map(|(piece, class)| (piece, class.unwrap()));
        assert_eq!(
            classes.collect::<Vec<_>>(),
            [
                ("ASK", Highlight::Keyword),
                ("?s", Highlight::Variable),
                ("a", Highlight::Keyword),
                ("ex:C", Highlight::Name),
                (".5", Highlight::Literal),
                ("<i>", Highlight::Name),
                ("'a'", Highlight::Literal),
                ("@en", Highlight::Literal),
                ("true", Highlight::Literal),
                ("# end", Highlight::Comment),
            ]
        );
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "\\PC*|[a-z?<>\"'{}()#:. \\n@1]*") {
            let pieces: String = highlighted(&text).into_iter().map(|(piece, _)| piece).collect();
            prop_assert_eq!(pieces, text);
        }
    }
}
