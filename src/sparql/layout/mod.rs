//! Lays out queries, as `dossier format` writes them, preserving their comments.
//!
//! ```text
//!   query ── pattern ── expression    which text, and where a line may break
//!     └─────────┬───────────┘
//!             writer                  tokens and comments, in the order of the text
//!               │
//!             page                    which lines break, and their indentation
//! ```
//!
//! - Only white space, the case of keywords, and dots and semicolons that mean nothing change. The result is parsed again:
//!   it must have the same algebra and the same comments.
//! - Braces that stand on one line stay on one line if it is not too long. Braces with a line break inside have one line
//!   for each part, and so have properties with a line break between them.
//! - A comment at the end of a line stays at the end of what it follows. A comment on its own line stays before what follows
//!   it. Front matter stays as it is.
//! - A single empty line between parts stays, and one separates the declarations from the query.

mod expression;
mod page;
mod pattern;
mod query;
mod writer;

use super::lexer::{TokenKind, tokens};
use super::tree::{SyntaxKind, SyntaxTree};
use super::{parse, tree_of};
use crate::diagnostic::{Diagnostic, Result};
use crate::vocabulary::Prefixes;
use spargebra::Query;
use std::collections::{HashMap, HashSet};

/// Lays out a query. Its prefixes need not be declared, since a dossier may declare them.
///
/// # Errors
/// If the text is not a query, or if the result cannot be verified to have the same algebra and the same comments.
pub fn format_query(origin: &str, text: &str) -> Result<String, Diagnostic> {
    let tree = tree_of(text);
    let prefixes = stand_ins(&tree);
    let query = parse(origin, text, &prefixes)?;
    let formatted = query::lay_out(&tree);
    let again = tree_of(&formatted);
    let is_same = comments(&tree) == comments(&again)
        && parse(origin, &formatted, &prefixes)
            .is_ok_and(|other| written(&query, text) == written(&other, text));
    if is_same {
        Ok(formatted)
    } else {
        let message = format!("`{origin}` is unchanged: the new layout would change the query");
        Err(Diagnostic::new(message)
            .help("this is a bug in dossier: please report it with the query"))
    }
}

/// Returns a namespace for each prefix of a query, unless the query declares it.
fn stand_ins(tree: &SyntaxTree<'_>) -> Prefixes {
    let mut prefixes = Prefixes::default();
    for token in tree.root().tokens().filter(|token| token.token() == Some(TokenKind::Word)) {
        if let Some((prefix, _)) = token.text().split_once(':')
            && prefix != "_"
        {
            prefixes.add(prefix, &format!("urn:prefix:{prefix}:"));
        }
    }
    prefixes
}

fn comments<'a>(tree: &SyntaxTree<'a>) -> Vec<&'a str> {
    let comments = tree.root().all().filter(|element| element.kind() == SyntaxKind::Comment);
    comments.map(|comment| comment.text().trim_end()).collect()
}

/// Writes the algebra of a query. The parser makes up names for blank nodes and for some variables, other ones each time:
/// they are numbered instead.
fn written(query: &Query, text: &str) -> String {
    let is_variable = |kind| kind == TokenKind::Variable;
    let named: HashSet<&str> = tokens(text)
        .into_iter()
        .filter(|token| is_variable(token.kind))
        .map(|token| &text[token.span.start + 1..token.span.end])
        .collect();
    let algebra = query.to_sse();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let (mut written, mut copied) = (String::with_capacity(algebra.len()), 0);
    for token in tokens(&algebra) {
        let word = &algebra[token.span.clone()];
        let is_made_up = match token.kind {
            TokenKind::Variable => !named.contains(&word[1..]),
            TokenKind::Word => word.starts_with("_:"),
            _ => false,
        };
        if is_made_up {
            let next = numbers.len();
            let number = numbers.entry(word).or_insert(next);
            written.push_str(&algebra[copied..token.span.start]);
            written.push_str(&format!("?{number}"));
            copied = token.span.end;
        }
    }
    written.push_str(&algebra[copied..]);
    written
}
