//! A recognizer for the grammar of [SPARQL 1.1](https://www.w3.org/TR/sparql11-query/#rQueryUnit). It reads from left
//! to right, up to the first token after which no valid query can continue.
//!
//! It accepts the same language as the parser, which is that grammar with `LATERAL` of
//! [SEP 6](https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md) and without `!!`, and builds nothing.
//! With the feature `rdf-12`, the parser accepts SPARQL 1.2, and so does the grammar.
//! Its functions are named after the productions. Each fails at the first invalid token; a boolean reports whether the
//! production is present.
//!
//! The triples of [Turtle](https://www.w3.org/TR/turtle/#sec-grammar) and
//! [TriG](https://www.w3.org/TR/trig/#sec-grammar) are those of SPARQL without variables, so the same functions parse
//! them.

mod clauses;
mod expressions;
mod patterns;
mod terms;
mod tokens;
mod triple_terms;
mod turtle;

pub(super) use triple_terms::IS_KNOWN;

use super::expectation::Expectation;
use super::names::{NameRules, SpannedName};
use crate::diagnostic::Fault;
use crate::sparql::lexer::{Token, token_from};
use crate::sparql::tree::{SyntaxTree, TreeBuilder};
use std::ops::Range;

/// The outcome of reading a query with the grammar.
pub(super) struct ParseReport<'a> {
    /// The first invalid token, if the text is not a query.
    pub refusal: Option<Refusal>,
    /// The keywords that could follow the text, if it was read to its end.
    pub following: Vec<&'static str>,
    /// The names in the text, as far as it was read.
    pub names: NameRules<'a>,
    /// The text as a tree.
    pub tree: SyntaxTree<'a>,
}

/// The first token after which no valid query can continue.
pub(super) struct Refusal {
    /// The token, or `None` at the end of the text.
    pub found: Option<Token>,
    /// The token before it.
    pub previous: Option<Token>,
    /// The alternatives that were expected there.
    pub expected: Vec<Expectation>,
    /// The keywords that were expected there.
    pub keywords: Vec<&'static str>,
    /// The positions of the unclosed brackets.
    pub open: Vec<usize>,
    /// The error in the token itself.
    pub fault: Option<Fault>,
}

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Sparql,
    Turtle,
    TriG,
}

/// Reads a query.
pub(super) fn read(text: &str) -> ParseReport<'_> {
    let mut reader = Reader::new(text, Language::Sparql);
    let read = reader.query_unit();
    reader.end(&read)
}

/// Reads a Turtle or TriG file. `has_base` states whether it may contain relative IRIs without a base of its own.
pub(super) fn read_data(text: &str, language: Language, has_base: bool) -> ParseReport<'_> {
    let mut reader = Reader::new(text, language);
    reader.has_base = has_base;
    reader.tree = TreeBuilder::idle();
    let read = reader.turtle_document();
    reader.end(&read)
}

/// The text is invalid at the current token.
struct Halt;

type Parse<T = ()> = Result<T, Halt>;

struct Reader<'a> {
    text: &'a str,
    language: Language,
    here: Option<Token>,
    previous: Option<Token>,
    expected: Vec<Expectation>,
    keywords: Vec<&'static str>,
    open: Vec<usize>,
    fault: Option<Fault>,
    names: NameRules<'a>,
    has_base: bool,
    /// The span of the first aggregate of each open SELECT.
    aggregates: Vec<Option<Range<usize>>>,
    /// The variables of the current expression.
    free: Vec<SpannedName<'a>>,
    /// The number of enclosing aggregates and similar constructs, whose variables do not count.
    muted: usize,
    costly: usize,
    tree: TreeBuilder<'a>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, language: Language) -> Self {
        Self {
            text,
            language,
            here: token_from(text, 0),
            previous: None,
            expected: Vec::new(),
            keywords: Vec::new(),
            open: Vec::new(),
            fault: None,
            names: NameRules::default(),
            has_base: false,
            aggregates: Vec::new(),
            free: Vec::new(),
            muted: 0,
            costly: 0,
            tree: TreeBuilder::new(text),
        }
    }

    fn end(self, read: &Parse) -> ParseReport<'a> {
        let is_at_end = self.here.is_none() && self.fault.is_none();
        let following = if is_at_end { self.keywords.clone() } else { Vec::new() };
        let refusal = read.is_err().then_some(Refusal {
            found: self.here,
            previous: self.previous,
            expected: self.expected,
            keywords: self.keywords,
            open: self.open,
            fault: self.fault,
        });
        ParseReport { refusal, following, names: self.names, tree: self.tree.into_tree() }
    }
}
