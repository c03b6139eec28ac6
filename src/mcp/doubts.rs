//! What the dossier's check queries say about the claims of a result: a model that uses one should say so.

use super::text::{abridged, line};
use crate::check::SharedDoubts;
use crate::cite::Citation;
use crate::session::Session;
use crate::wording::listed;
use oxigraph::model::NamedNode;
use std::collections::BTreeSet;

/// The most doubts of a result, and the most claims that each names.
const MOST_DOUBTS: usize = 3;
const MOST_CLAIMS: usize = 6;

/// The longest text of the values of a doubt, and of its explanation, in characters.
const LONGEST_TEXT: usize = 300;

/// Returns the claims that something rests on.
pub(super) fn claims_of<'a>(
    citations: impl IntoIterator<Item = &'a Citation>,
) -> BTreeSet<NamedNode> {
    let derivations = citations.into_iter().flat_map(|citation| &citation.derivations);
    let triples = derivations.flat_map(|derivation| &derivation.triples);
    triples.flat_map(|triple| triple.graphs.iter()).cloned().collect()
}

/// Says what is doubtful in some claims, with a blank line before. Returns an empty text if all is well, and if the check
/// queries cannot be answered in time: the answer matters more than they do.
pub(super) fn doubts_in_words(
    session: &Session,
    doubts: &SharedDoubts,
    claims: &BTreeSet<NamedNode>,
) -> String {
    // Behind an endpoint the check queries would be further requests, each over all of its data.
    if claims.is_empty() || !session.store().capabilities().can_scan {
        return String::new();
    }
    let Ok(doubts) = doubts.of(session) else { return String::new() };
    let mut about = doubts.about(claims);
    let mut text = String::new();
    for doubt in about.by_ref().take(MOST_DOUBTS) {
        let show = |claim: &NamedNode| format!("`{}`", session.prefixes().show(claim));
        let mut names: Vec<String> = doubt.claims.iter().take(MOST_CLAIMS).map(show).collect();
        if doubt.claims.len() > MOST_CLAIMS {
            names.push(format!("{} more", doubt.claims.len() - MOST_CLAIMS));
        }
        text.push_str(&format!("\nIn doubt: {}", line(&doubt.message)));
        if !doubt.values.is_empty() {
            text.push_str(&format!(" ({})", line(&abridged(&doubt.values, LONGEST_TEXT))));
        }
        text.push_str(&format!(", by {}.", listed(&names)));
        if !doubt.explanation.is_empty() {
            text.push_str(&format!(" {}", line(&abridged(&doubt.explanation, LONGEST_TEXT))));
        }
        text.push('\n');
    }
    let more = about.count();
    if more > 0 {
        text.push_str(&format!("\n{more} more doubts about these claims: ask for less.\n"));
    }
    if !text.is_empty() {
        text.push_str("\nThe dossier's own checks say this: tell it with the answer.\n");
    }
    text
}
