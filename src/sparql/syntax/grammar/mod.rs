//! The grammar of [SPARQL 1.1](https://www.w3.org/TR/sparql11-query/#rQueryUnit), read from left to right: up to the
//! first token behind which no query can go on.
//!
//! It takes what the parser takes, which is that grammar with `LATERAL` of
//! [SEP 6](https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md) and without `!!`, and builds nothing.
//! Its functions are named after the productions. Each gives back an error where the query goes wrong; one that gives
//! back a boolean says whether what it reads stands there at all.
//!
//! The triples of [Turtle](https://www.w3.org/TR/turtle/#sec-grammar) and [TriG](https://www.w3.org/TR/trig/#sec-grammar)
//! are those of SPARQL without variables, so the same functions read them.

mod clauses;
mod expressions;
mod patterns;
mod terms;
mod tokens;
mod turtle;

use super::expectation::Expectation;
use super::names::{NameRules, SpannedName};
use crate::diagnostic::Fault;
use crate::sparql::lexer::{Token, token_from};
use std::ops::Range;

/// The outcome of reading a query with the grammar.
pub(super) struct ParseReport<'a> {
    /// Where no query can go on, if it is none.
    pub refusal: Option<Refusal>,
    /// What is known of its names, as far as it was read.
    pub names: NameRules<'a>,
}

/// The first token behind which no query can go on.
pub(super) struct Refusal {
    /// The token: none at the end of the text.
    pub found: Option<Token>,
    /// The token before it.
    pub previous: Option<Token>,
    /// What could have stood there.
    pub expected: Vec<Expectation>,
    /// The keywords that could have.
    pub keywords: Vec<&'static str>,
    /// Where the brackets open that are not closed.
    pub open: Vec<usize>,
    /// What is wrong with the token itself.
    pub fault: Option<Fault>,
}

/// What a text is written in.
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

/// Reads a file of Turtle or TriG; whether relative IRIs may stand in it without a base of its own.
pub(super) fn read_data(text: &str, language: Language, has_base: bool) -> ParseReport<'_> {
    let mut reader = Reader::new(text, language);
    reader.has_base = has_base;
    let read = reader.turtle_document();
    reader.end(&read)
}

/// The text goes wrong at the token that is read.
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
    /// For each SELECT that is being read, where its first aggregate stands.
    aggregates: Vec<Option<Range<usize>>>,
    /// The variables of the expression that is being read.
    free: Vec<SpannedName<'a>>,
    /// How many aggregates and the like are around, whose variables do not count.
    muted: usize,
    costly: usize,
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
        }
    }

    fn end(self, read: &Parse) -> ParseReport<'a> {
        let refusal = read.is_err().then_some(Refusal {
            found: self.here,
            previous: self.previous,
            expected: self.expected,
            keywords: self.keywords,
            open: self.open,
            fault: self.fault,
        });
        ParseReport { refusal, names: self.names }
    }
}
