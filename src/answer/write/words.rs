//! A citation as one string for programs.

use super::absences::absent;
use crate::cite::{Citation, Derivation};
use crate::vocabulary::Prefixes;

/// Returns a citation as one string: claims as CURIEs, `+` for "and", `|` for "or", `-{…}` for an absent pattern, and a
/// final `…` if there may be more derivations. Empty if uncited.
pub fn citation_words(citation: &Citation, prefixes: &Prefixes) -> String {
    let mut ways: Vec<String> =
        citation.derivations.iter().map(|way| derivation_words(way, prefixes)).collect();
    if citation.has_more && !ways.is_empty() {
        ways.push("…".to_owned());
    }
    ways.join("|")
}

/// Returns whether only background supports a derivation, which must not be empty.
pub(super) fn rests_on_background(derivation: &Derivation) -> bool {
    derivation.is_background() && !derivation.triples.is_empty()
}

fn derivation_words(derivation: &Derivation, prefixes: &Prefixes) -> String {
    let factors = derivation.factors();
    let is_alone = factors.len() == 1 && derivation.absences.is_empty();
    let factors: Vec<String> = factors
        .into_iter()
        .map(|graphs| {
            let names: Vec<String> = graphs.iter().map(|graph| prefixes.show(graph)).collect();
            let choice = names.join("|");
            if names.len() > 1 && !is_alone { format!("({choice})") } else { choice }
        })
        .collect();
    let is_background = rests_on_background(derivation);
    let mut words = if is_background { "background".to_owned() } else { factors.join("+") };
    for absence in &derivation.absences {
        words.push('-');
        words.push_str(&absent(absence, prefixes));
    }
    words
}
