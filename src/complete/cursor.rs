//! Finds the syntactic context of the cursor from the tokens alone, because the query is not complete yet.

use crate::sparql::lexer::{Token, TokenKind, tokens};
use std::ops::Range;

/// What can be completed at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CompletionKind<'a> {
    /// A query form, a clause or a solution modifier.
    Clause,
    /// A prefix declaration.
    Declaration,
    /// The subject of a triple, or a keyword of a group.
    Subject,
    /// The predicate of a triple with this subject, or `None` if the subject has no name.
    Predicate(Option<&'a str>),
    /// The predicate after another one in a path.
    Step(&'a str),
    /// The object of a triple with this predicate.
    Object(&'a str),
    /// What can follow a triple.
    After,
    /// A part of an expression.
    Expression,
    /// A value, as in VALUES.
    Value,
    /// Nothing that could be completed, such as a part of a string.
    Nothing,
}

/// The part of a query around the cursor that completion depends on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CursorContext<'a> {
    /// The byte range of the typed text, up to the cursor.
    pub typed: Range<usize>,
    /// What can stand there.
    pub place: CompletionKind<'a>,
    /// The triples of the text, each as the words of subject, predicate and object.
    pub triples: Vec<[&'a str; 3]>,
    /// The distinct variables of the text, except the one at the cursor.
    pub variables: Vec<&'a str>,
}

impl<'a> CursorContext<'a> {
    /// Reads a text with the cursor at a byte offset.
    pub(super) fn of(text: &'a str, cursor: usize) -> Self {
        let cursor = floor(text, cursor);
        let all = tokens(text);
        let typed = typed(text, cursor, &all);
        let mut walk = Walk::default();
        let (mut place, mut variables) = (None, Vec::new());
        for token in &all {
            if token.span.end > typed.start && place.is_none() {
                place = Some(walk.place());
                if token.span.start < cursor {
                    walk.fill();
                }
            }
            // The word that is being typed does not belong to the query yet.
            if token.span.end > typed.start && token.span.start < cursor {
                continue;
            }
            let word = &text[token.span.clone()];
            if token.kind == TokenKind::Variable && !variables.contains(&word) {
                variables.push(word);
            }
            walk.step(token.kind, word);
        }
        let mut place = place.unwrap_or_else(|| walk.place());
        if is_hidden(text, cursor, &all) {
            place = CompletionKind::Nothing;
        }
        Self { typed, place, triples: walk.triples, variables }
    }
}

/// Returns the start of the last whole character at or before a byte offset.
fn floor(text: &str, index: usize) -> usize {
    (0..=index.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// Returns the word that ends at the cursor, which may be empty.
fn typed(text: &str, cursor: usize, all: &[Token]) -> Range<usize> {
    // An unclosed IRI is not a token.
    let line = text[..cursor].rfind('\n').map_or(0, |i| i + 1);
    let gap = text[line..cursor].rfind([' ', '\t', '(', '{', '[', ',', ';']);
    let word = gap.map_or(line, |i| line + i + 1);
    if text[word..cursor].starts_with('<') {
        return word..cursor;
    }
    let open = all.iter().find(|token| token.span.start < cursor && cursor <= token.span.end);
    let is_word = |token: &&Token| match token.kind {
        TokenKind::Word | TokenKind::Variable => true,
        // Alone, it is the beginning of a variable.
        TokenKind::Punctuation => matches!(&text[token.span.clone()], "?" | "$"),
        TokenKind::Iri | TokenKind::String => false,
    };
    open.filter(is_word).map_or(cursor..cursor, |token| token.span.start..cursor)
}

/// Returns whether the cursor is inside a string or a comment.
fn is_hidden(text: &str, cursor: usize, all: &[Token]) -> bool {
    let line = text[..cursor].rfind('\n').map_or(0, |i| i + 1);
    let is_covered = |at: usize| all.iter().any(|token| token.span.contains(&at));
    let is_comment = text[line..cursor].match_indices('#').any(|(i, _)| !is_covered(line + i));
    is_comment
        || all.iter().any(|token| {
            token.kind == TokenKind::String
                && token.span.start < cursor
                && (cursor < token.span.end || is_unclosed(&text[token.span.clone()]))
        })
}

/// Returns whether a string is unclosed: it ends with its line or the text.
fn is_unclosed(string: &str) -> bool {
    let closes = |quote: char| string.len() > 1 && string.ends_with(quote);
    !string.chars().next().is_some_and(closes)
}

/// The next term inside a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Subject,
    Predicate,
    Object,
    After,
    /// A name and a group, after a keyword such as GRAPH.
    Name,
}

/// An open bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level<'a> {
    /// `{ … }` of triples, with the current subject, predicate and state.
    Group { subject: Option<&'a str>, predicate: &'a str, next: Next, is_step: bool },
    /// `{ … }` or `( … )` of values.
    Values,
    /// `( … )` of an expression.
    Expression,
    /// `( … )` of a path, which continues outside.
    Path,
}

/// The state of a walk over the tokens of a query.
#[derive(Debug, Default)]
struct Walk<'a> {
    levels: Vec<Level<'a>>,
    triples: Vec<[&'a str; 3]>,
    /// The keyword that the next brackets belong to.
    keyword: String,
    is_prefix: bool,
}

const GROUP: Level<'static> =
    Level::Group { subject: None, predicate: "", next: Next::Subject, is_step: false };

impl<'a> Walk<'a> {
    /// Returns what can be completed here.
    fn place(&self) -> CompletionKind<'a> {
        match self.levels.last() {
            None if self.is_prefix => CompletionKind::Declaration,
            None if ["FILTER", "BIND", "HAVING"].contains(&self.keyword.as_str()) => {
                CompletionKind::Expression
            }
            None => CompletionKind::Clause,
            Some(Level::Values) => CompletionKind::Value,
            Some(Level::Expression) => CompletionKind::Expression,
            Some(Level::Path) => self.group().map_or(CompletionKind::Nothing, Self::place_in),
            Some(group) => Self::place_in(group),
        }
    }

    fn place_in(level: &Level<'a>) -> CompletionKind<'a> {
        let Level::Group { subject, predicate, next, is_step } = level else {
            return CompletionKind::Nothing;
        };
        match next {
            Next::Subject => CompletionKind::Subject,
            Next::Predicate if *is_step => CompletionKind::Step(predicate),
            Next::Predicate => CompletionKind::Predicate(*subject),
            Next::Object => CompletionKind::Object(predicate),
            Next::After => CompletionKind::After,
            Next::Name => CompletionKind::Value,
        }
    }

    fn group(&self) -> Option<&Level<'a>> {
        self.levels.iter().rev().find(|level| matches!(level, Level::Group { .. }))
    }

    /// Advances past a term that is not there yet.
    fn fill(&mut self) {
        self.term("");
    }

    fn step(&mut self, kind: TokenKind, word: &'a str) {
        match kind {
            TokenKind::Punctuation => self.punctuation(word),
            TokenKind::Word if self.is_prefix => {}
            TokenKind::Iri if self.is_prefix => self.is_prefix = false,
            TokenKind::Word if self.is_keyword(word) => {
                self.keyword = word.to_ascii_uppercase();
                self.is_prefix = self.levels.is_empty() && self.keyword == "PREFIX";
                let name = ["GRAPH", "SERVICE"].contains(&self.keyword.as_str());
                if let Some(Level::Group { next, subject, .. }) = self.levels.last_mut() {
                    *next = if name { Next::Name } else { Next::Subject };
                    *subject = None;
                }
            }
            // The tag of a string and its datatype belong to the string.
            TokenKind::Word if word.starts_with('@') => {}
            _ => self.term(word),
        }
    }

    /// Returns whether a word is a keyword, and not a prefixed name or a verb.
    fn is_keyword(&self, word: &str) -> bool {
        let is_verb =
            word == "a" && matches!(self.group(), Some(Level::Group { next: Next::Predicate, .. }));
        !word.contains(':')
            && !is_verb
            && word.starts_with(|c: char| c.is_ascii_alphabetic())
            && !["true", "false"].contains(&word)
    }

    fn punctuation(&mut self, word: &'a str) {
        match word {
            "{" => {
                let level = if self.keyword == "VALUES" { Level::Values } else { GROUP };
                if self.keyword != "VALUES" {
                    self.keyword.clear();
                }
                if let Some(Level::Group { next, .. }) = self.levels.last_mut() {
                    *next = Next::Subject;
                }
                self.levels.push(level);
            }
            "(" => {
                let next = match self.levels.last() {
                    Some(Level::Group { next, .. }) => Some(*next),
                    _ => None,
                };
                let level = match (self.levels.last(), next) {
                    (Some(Level::Values), _) => Level::Values,
                    (Some(Level::Path), _) | (_, Some(Next::Predicate)) => Level::Path,
                    _ if self.keyword == "VALUES" => Level::Values,
                    _ => Level::Expression,
                };
                self.levels.push(level);
            }
            "[" => {
                self.term("");
                self.levels.push(Level::Group {
                    subject: None,
                    predicate: "",
                    next: Next::Predicate,
                    is_step: false,
                });
            }
            "}" | ")" | "]" => {
                if let Some(Level::Values) = self.levels.pop()
                    && word == "}"
                {
                    self.keyword.clear();
                }
                if word == ")" && !matches!(self.levels.last(), Some(Level::Expression)) {
                    let is_done = self.keyword != "VALUES";
                    if is_done {
                        self.keyword.clear();
                    }
                }
            }
            _ => self.separator(word),
        }
    }

    /// Handles punctuation between terms, which matters in groups and in the paths inside them.
    fn separator(&mut self, word: &str) {
        if matches!(self.levels.last(), Some(Level::Values | Level::Expression)) {
            return;
        }
        let group = self.levels.iter_mut().rev().find(|level| matches!(level, Level::Group { .. }));
        let Some(Level::Group { subject, next, is_step, .. }) = group else { return };
        match (word, *next) {
            (".", _) => (*next, *subject, *is_step) = (Next::Subject, None, false),
            (";", _) => (*next, *is_step) = (Next::Predicate, false),
            (",", _) => *next = Next::Object,
            ("/", Next::Object) => (*next, *is_step) = (Next::Predicate, true),
            ("|", Next::Object) => *next = Next::Predicate,
            _ => {}
        }
    }

    fn term(&mut self, word: &'a str) {
        let place = self.levels.iter_mut().rev().find(|level| !matches!(level, Level::Path));
        let Some(Level::Group { subject, predicate, next, is_step }) = place else { return };
        match *next {
            Next::Subject => (*subject, *next) = (Some(word), Next::Predicate),
            Next::Predicate => {
                *predicate = word;
                *next = Next::Object;
            }
            Next::Object => {
                *next = Next::After;
                if let Some(subject) = subject
                    && !*is_step
                {
                    self.triples.push([subject, predicate, word]);
                }
                *is_step = false;
            }
            Next::After => {}
            Next::Name => *next = Next::Subject,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Returns the context at the `|` of a text, and the typed word.
    fn at(marked: &str) -> (CompletionKind<'static>, String) {
        let cursor = marked.find('‸').unwrap();
        let text: &'static str = marked.replace('‸', "").leak();
        let reading = CursorContext::of(text, cursor);
        (reading.place, text[reading.typed].to_owned())
    }

    #[test]
    fn triples_have_their_places() {
        for (text, place, typed) in [
            ("‸", CompletionKind::Clause, ""),
            ("SEL‸", CompletionKind::Clause, "SEL"),
            ("PREFIX d‸", CompletionKind::Declaration, "d"),
            ("SELECT * { ‸", CompletionKind::Subject, ""),
            ("SELECT * { ?s ‸", CompletionKind::Predicate(Some("?s")), ""),
            ("SELECT * { ?s do‸", CompletionKind::Predicate(Some("?s")), "do"),
            ("SELECT * { ?s dos:‸ }", CompletionKind::Predicate(Some("?s")), "dos:"),
            ("SELECT * { ?s a ‸", CompletionKind::Object("a"), ""),
            ("SELECT * { ?s a dos:Act ‸", CompletionKind::After, ""),
            ("SELECT * { ?s a dos:Act ; ‸", CompletionKind::Predicate(Some("?s")), ""),
            ("SELECT * { ?s a dos:Act . ‸", CompletionKind::Subject, ""),
            ("SELECT * { ?s ex:p ex:a, ‸", CompletionKind::Object("ex:p"), ""),
            ("SELECT * { ?s ex:p/‸", CompletionKind::Step("ex:p"), ""),
            ("SELECT * { ?s ^‸", CompletionKind::Predicate(Some("?s")), ""),
            ("SELECT * { ?s (ex:p|‸", CompletionKind::Predicate(Some("?s")), ""),
            ("SELECT * { ?s ex:p+ ‸", CompletionKind::Object("ex:p"), ""),
            ("SELECT * { ?s ex:p [ ‸", CompletionKind::Predicate(None), ""),
            ("SELECT * { ?s ex:p [ a ex:C ] ; ‸", CompletionKind::Predicate(Some("?s")), ""),
            ("SELECT * { ?s ex:p ?‸", CompletionKind::Object("ex:p"), "?"),
            ("SELECT * { ?s ex:p ?o FILTER(?‸", CompletionKind::Expression, "?"),
            ("SELECT * { ?s ex:p ?o FILTER(?o > 1) ‸", CompletionKind::Subject, ""),
            (
                "SELECT * { ?s ex:p ?o FILTER(?o > 1) ?s ‸",
                CompletionKind::Predicate(Some("?s")),
                "",
            ),
            ("SELECT * { OPTIONAL { ?s ‸", CompletionKind::Predicate(Some("?s")), ""),
            ("SELECT * { GRAPH ?g { ?s ‸", CompletionKind::Predicate(Some("?s")), ""),
            ("SELECT * { VALUES ?s { ‸", CompletionKind::Value, ""),
            ("SELECT * { VALUES (?s ?t) { (ex:a ‸", CompletionKind::Value, ""),
            ("SELECT * { VALUES ?s { ex:a } ?s ‸", CompletionKind::Predicate(Some("?s")), ""),
            ("SELECT * { ?s ex:p \"a‸b\" }", CompletionKind::Nothing, ""),
            ("SELECT * { ?s # wh‸", CompletionKind::Nothing, "wh"),
            ("SELECT * { ?s ex:p <http://e‸", CompletionKind::Object("ex:p"), "<http://e"),
            ("SELECT * { ?s ex:p \"a\"@en ; ‸", CompletionKind::Predicate(Some("?s")), ""),
            ("SELECT * { ?s ex:p \"1\"^^xsd:int ; ‸", CompletionKind::Predicate(Some("?s")), ""),
            ("SELECT * { ?s ?p ?o } ‸", CompletionKind::Clause, ""),
        ] {
            let (found, word) = at(text);
            if place == CompletionKind::Nothing {
                assert_eq!(found, place, "{text}");
            } else {
                assert_eq!((found, word.as_str()), (place, typed), "{text}");
            }
        }
    }

    #[test]
    fn the_triples_around_are_known() {
        let text = "SELECT * { ?s  . ?s a dos:Act ; dos:actor ?who . ?who a dos:State }";
        let reading = CursorContext::of(text, 14);
        assert_eq!(reading.place, CompletionKind::Predicate(Some("?s")));
        let before = "SELECT * { ?s a dos:Act ; dos:actor ?who . ?s do";
        let reading = CursorContext::of(before, before.len());
        assert_eq!(reading.triples, [["?s", "a", "dos:Act"], ["?s", "dos:actor", "?who"]]);
        assert_eq!(reading.variables, ["?s", "?who"]);
    }

    proptest! {
        #[test]
        fn any_text_has_places(text in "\\PC*|[?<>\"'{}()#a:. ;,/\\[\\]\\n]*", at in 0..64_usize) {
            let reading = CursorContext::of(&text, at);
            prop_assert!(text.get(reading.typed.clone()).is_some());
            prop_assert!(reading.typed.end <= at.min(text.len()));
        }
    }
}
