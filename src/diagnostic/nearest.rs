//! What was probably meant by a name that does not exist.

use std::fmt::Display;

/// The most characters of a name that is compared with others: a comparison takes the product of both lengths.
const LONGEST_NAME: usize = 200;

/// What was probably meant by a name that does not exist: the nearest of the candidates, if one is near enough.
///
/// Case does not count. Near enough is a third of the characters wrong (by Damerau and Levenshtein), or a name that
/// begins or ends with what was given. Of two that are as near the first one wins.
///
/// The work is bounded: there is none for a name of more than `LONGEST_NAME` characters, and candidates that are too
/// long or too short to be near enough are not compared.
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

/// The question after something that does not exist, for a name.
pub(crate) fn did_you_mean(name: impl Display) -> String {
    did_you_mean_shown(format_args!("`{name}`"))
}

/// The same for words that stand in backticks already.
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
