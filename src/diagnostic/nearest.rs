//! Suggests names for those that do not exist.

use std::fmt::Display;

/// The maximum length of a name to compare, in characters: the cost of a comparison is the product of both lengths.
const LONGEST_NAME: usize = 200;

/// Returns the candidate that is nearest to a name that does not exist, if one is near enough.
///
/// The comparison ignores case. A candidate is near enough if at most a third of the characters differ (by
/// Damerau–Levenshtein distance), or if it begins or ends with the name. In a tie, the first candidate wins.
///
/// The work is bounded: names of more than `LONGEST_NAME` characters are not compared, nor are candidates whose length
/// differs too much.
pub(crate) fn nearest<'a>(
    given: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if given.chars().nth(LONGEST_NAME).is_some() {
        return None;
    }
    let given = given.to_lowercase();
    let length = given.chars().count();
    let allowed = 1.max(length / 3);
    let letters = Letters::of(&given);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().nth(LONGEST_NAME).is_none())
        .filter(|candidate| !candidate.is_ascii() || letters.allow(candidate, allowed))
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let difference = lower.chars().count().abs_diff(length);
            let contained = length >= 3 && (lower.starts_with(&given) || lower.ends_with(&given));
            if difference > allowed && !contained {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&given, &lower);
            (distance <= allowed || contained).then_some((distance, candidate))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// The letters of a name as a set of bits, in which some letters share a bit. Two names differ at least by the letters that
/// only one of them has, which costs less to compare than the names.
#[derive(Clone, Copy)]
struct Letters(u64);

impl Letters {
    /// Returns the letters of a name in lower case.
    fn of(name: &str) -> Self {
        // A letter outside of ASCII is one letter, whatever its bytes are.
        let bit = |letter: char| if letter.is_ascii() { letter as u32 % 64 } else { 0 };
        Self(name.chars().fold(0, |set, letter| set | 1 << bit(letter)))
    }

    /// Returns whether a candidate in ASCII can be near enough, or begin or end with the name.
    fn allow(self, candidate: &str, allowed: usize) -> bool {
        let other = candidate
            .bytes()
            .fold(0, |set, letter| set | 1_u64 << (letter.to_ascii_lowercase() % 64));
        let missing = (self.0 & !other).count_ones() as usize;
        let extra = (other & !self.0).count_ones() as usize;
        missing == 0 || missing.max(extra) <= allowed
    }
}

/// Formats the question that suggests a name.
pub(crate) fn did_you_mean(name: impl Display) -> String {
    did_you_mean_shown(format_args!("`{name}`"))
}

/// Formats the question that suggests words which already have backticks.
pub(crate) fn did_you_mean_shown(words: impl Display) -> String {
    format!("did you mean {words}?")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nearest_is_near() {
        let names = ["members", "founders", "code-history"];
        assert_eq!(nearest("member", names), Some("members"));
        assert_eq!(nearest("FUONDERS", names), Some("founders"));
        assert_eq!(nearest("history", names), Some("code-history"));
        assert_eq!(nearest("xyz", names), None);
        assert_eq!(nearest("", names), None);
    }

    proptest! {
        #[test]
        fn letters_rule_out_nothing_that_is_near(
            given in "[a-cA-Cäé]{0,8}", candidate in "[a-cA-C]{0,10}", allowed in 1_usize..4
        ) {
            let (given, lower) = (given.to_lowercase(), candidate.to_lowercase());
            let is_near = strsim::damerau_levenshtein(&given, &lower) <= allowed;
            let contained = lower.starts_with(&given) || lower.ends_with(&given);
            if is_near || contained {
                prop_assert!(Letters::of(&given).allow(&candidate, allowed));
            }
        }
    }

    #[test]
    fn long_names_cost_no_time() {
        let long = "y".repeat(1_000_000);
        assert_eq!(nearest(&long, [long.as_str(), "y"]), None);
        assert_eq!(nearest("yyyy", [long.as_str()]), None);
    }
}
