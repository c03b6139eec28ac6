//! What was probably meant by a name that is not there.

use crate::diagnostic::nearest;
use std::cell::Cell;
use std::collections::BTreeSet;

/// The existing names, as CURIEs, among which a misspelt one is looked up.
pub(super) struct Suggestions {
    names: Vec<String>,
    left: Cell<usize>,
}

impl Suggestions {
    /// How often one is looked for: to compare each of many wrong names with each of many right ones would take long,
    /// and nobody reads so many.
    const OFTEN: usize = 100;

    pub(super) fn new(names: impl Iterator<Item = String>) -> Self {
        // In order, so that of two which are as near it is always the same one.
        let names: BTreeSet<String> = names.collect();
        Self { names: names.into_iter().collect(), left: Cell::new(Self::OFTEN) }
    }

    /// The nearest name, those with the same prefix first.
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
            // The slip may be in the prefix.
            .or_else(|| names().find(|name| local_of(name).as_deref() == Some(local)))
    }

    /// A name in which one letter is another one, or two letters are the other way round.
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
