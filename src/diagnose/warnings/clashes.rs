//! Prefixes that a query does not declare and that files bind differently.

use super::{Mistake, Warning};
use crate::catalogue::BoundQuery;
use crate::sparql::declared_prefixes;
use crate::sparql::lexer::{Token, TokenKind, tokens};
use crate::vocabulary::PrefixClash;

/// Returns warnings for the prefixes that a query uses without declaring them, and that are bound to different
/// namespaces in different files.
pub(crate) fn clashes(asked: &BoundQuery, clashes: &[PrefixClash]) -> Vec<Warning> {
    if clashes.is_empty() {
        return Vec::new();
    }
    let declared = declared_prefixes(&asked.text);
    let tokens = tokens(&asked.text);
    let mut found = Vec::new();
    for clash in clashes.iter().filter(|clash| declared.namespace(&clash.prefix).is_none()) {
        let is_use = |token: &&Token| {
            let name = asked.text[token.span.clone()].split_once(':');
            token.kind == TokenKind::Word && name.is_some_and(|(prefix, _)| prefix == clash.prefix)
        };
        let spans: Vec<_> = tokens.iter().filter(is_use).map(|token| token.span.clone()).collect();
        if !spans.is_empty() {
            found.push(Warning { mistake: Mistake::TwoNamespaces(clash.clone()), spans });
        }
    }
    found
}
