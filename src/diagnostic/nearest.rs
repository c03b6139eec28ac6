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
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().nth(LONGEST_NAME).is_none())
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

    #[test]
    fn nearest_is_near() {
        let names = ["members", "founders", "code-history"];
        assert_eq!(nearest("member", names), Some("members"));
        assert_eq!(nearest("FUONDERS", names), Some("founders"));
        assert_eq!(nearest("history", names), Some("code-history"));
        assert_eq!(nearest("xyz", names), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn long_names_cost_no_time() {
        let long = "y".repeat(1_000_000);
        assert_eq!(nearest(&long, [long.as_str(), "y"]), None);
        assert_eq!(nearest("yyyy", [long.as_str()]), None);
    }
}
