//! Suggestions for misspelt names.

use crate::diagnostic::nearest;
use std::cell::Cell;
use std::collections::BTreeSet;

/// The existing names, as CURIEs, among which a misspelt one is looked up.
pub(super) struct Suggestions {
    names: Vec<String>,
    left: Cell<usize>,
}

impl Suggestions {
    /// The most lookups. Comparing many wrong names with many existing ones would take long, and nobody reads so many
    /// suggestions.
    const OFTEN: usize = 100;

    pub(super) fn new(names: impl Iterator<Item = String>) -> Self {
        // Sorted, so that the choice between two equally near names is deterministic.
        let names: BTreeSet<String> = names.collect();
        Self { names: names.into_iter().collect(), left: Cell::new(Self::OFTEN) }
    }

    /// Returns the nearest name, preferring those with the same prefix.
    pub(super) fn near(&self, given: &str) -> Option<&str> {
        self.count()?;
        let (prefix, local) = given.split_once(':')?;
        let with_prefix = |name: &&str| name.split_once(':').is_some_and(|(p, _)| p == prefix);
        let local_of = |name: &'_ str| name.split_once(':').map(|(_, local)| local.to_owned());
        let names = || self.names.iter().map(String::as_str);
        let locals: Vec<String> = names().filter(with_prefix).filter_map(local_of).collect();
        let found = nearest(local, locals.iter().map(String::as_str));
        let is_found = |name: &&str| found.is_some() && local_of(name).as_deref() == found;
        names()
            .filter(with_prefix)
            .find(is_found)
            // The mistake may be in the prefix.
            .or_else(|| names().find(|name| local_of(name).as_deref() == Some(local)))
    }

    /// Returns a name that differs in one letter, or in the order of two letters.
    pub(super) fn a_letter_off(&self, given: &str) -> Option<&str> {
        self.count()?;
        let is_off = |name: &&String| strsim::damerau_levenshtein(name, given) == 1;
        self.names.iter().find(is_off).map(String::as_str)
    }

    fn count(&self) -> Option<()> {
        self.left.set(self.left.get().checked_sub(1)?);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slip_is_in_the_name_or_in_the_prefix() {
        let names =
            Suggestions::new(["ex:zebra", "ex:abacus", "un:UN"].map(str::to_owned).into_iter());
        assert_eq!(names.near("ex:abacsu"), Some("ex:abacus"));
        assert_eq!(names.near("sco:UN"), Some("un:UN"));
        assert_eq!(names.near("ex:other"), None);
        assert_eq!(names.a_letter_off("un:NU"), Some("un:UN"));
        assert_eq!(names.a_letter_off("ex:zebar"), Some("ex:zebra"));
        assert_eq!(names.a_letter_off("ex:zeb"), None);
    }

    #[test]
    fn it_is_not_looked_for_without_end() {
        let names = Suggestions::new(["ex:a".to_owned()].into_iter());
        let found = (0..2 * Suggestions::OFTEN).filter(|_| names.near("ex:b").is_some()).count();
        assert_eq!(found, Suggestions::OFTEN);
    }
}
