//! The grammar of [SPARQL 1.1](https://www.w3.org/TR/sparql11-query/#rQueryUnit), read from left to right: up to the
//! first token behind which no query can go on.
//!
//! It takes what the parser takes, which is that grammar with `LATERAL` of
//! [SEP 6](https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md) and without `!!`, and builds nothing.
//! Its functions are named after the productions. Each gives back an error where the query goes wrong; one that gives
//! back a boolean says whether what it reads stands there at all.

mod clauses;
mod expressions;
mod patterns;
mod terms;
mod tokens;

use super::expected::Expected;
use super::names::{Flaw, Name, Names};
use crate::query::lexer::{Token, token_from};
use std::ops::Range;

/// How a query was read.
pub(super) struct Reading<'a> {
    /// Where no query can go on, if it is none.
    pub refusal: Option<Refusal>,
    /// What is known of its names, as far as it was read.
    pub names: Names<'a>,
}

/// The first token behind which no query can go on.
pub(super) struct Refusal {
    /// The token: none at the end of the text.
    pub found: Option<Token>,
    /// The token before it.
    pub previous: Option<Token>,
    /// What could have stood there.
    pub expected: Vec<Expected>,
    /// The keywords that could have.
    pub keywords: Vec<&'static str>,
    /// Where the brackets open that are not closed.
    pub open: Vec<usize>,
    /// What is wrong with the token itself.
    pub flaw: Option<Flaw>,
}

/// Reads a query.
pub(super) fn read(text: &str) -> Reading<'_> {
    let mut reader = Reader {
        text,
        here: token_from(text, 0),
        previous: None,
        expected: Vec::new(),
        keywords: Vec::new(),
        open: Vec::new(),
        flaw: None,
        names: Names::default(),
        has_base: false,
        aggregates: Vec::new(),
        free: Vec::new(),
        muted: 0,
        costly: 0,
    };
    let refusal = reader.query_unit().err().map(|Stop| Refusal {
        found: reader.here,
        previous: reader.previous,
        expected: reader.expected,
        keywords: reader.keywords,
        open: reader.open,
        flaw: reader.flaw,
    });
    Reading { refusal, names: reader.names }
}

/// The query goes wrong at the token that is read.
struct Stop;

type Parse<T = ()> = Result<T, Stop>;

struct Reader<'a> {
    text: &'a str,
    here: Option<Token>,
    previous: Option<Token>,
    expected: Vec<Expected>,
    keywords: Vec<&'static str>,
    open: Vec<usize>,
    flaw: Option<Flaw>,
    names: Names<'a>,
    has_base: bool,
    /// For each SELECT that is being read, where its first aggregate stands.
    aggregates: Vec<Option<Range<usize>>>,
    /// The variables of the expression that is being read.
    free: Vec<Name<'a>>,
    /// How many aggregates and the like are around, whose variables do not count.
    muted: usize,
    costly: usize,
}
