//! The numbering of footnotes: which claims and absences the rows of an answer refer to, as values.

use super::ResolvedCitation;
use super::absences::{Absences, AbsentPattern};
use super::words::rests_on_background;
use crate::cite::{Derivation, Reason, Status};
use crate::claim::Reference;
use crate::vocabulary::Prefixes;
use oxigraph::model::NamedNode;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The most derivations of a row that are shown to people.
const MOST_SHOWN: usize = 3;

/// The most alternative claims that are shown to people.
const MOST_ALTERNATIVES: usize = 5;

/// The footnotes of an answer, numbered in the order of first use.
#[derive(Default)]
pub(crate) struct FootnoteNumbers {
    numbers: HashMap<NamedNode, usize>,
    notes: Vec<Arc<Reference>>,
    absences: Absences,
    reasons: Vec<String>,
}

/// What a row refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The alternative ways to obtain the row, as far as they are shown.
    pub ways: Vec<Way>,
    /// Whether there are other ways.
    pub has_more: bool,
    /// The name of the status, if it is less than people expect.
    pub doubt: Option<&'static str>,
}

/// One way to obtain a row, which needs all that it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    /// Whether it rests on background alone.
    pub is_background: bool,
    /// The footnotes of its claims.
    pub choices: Vec<Choice>,
    /// The indices of its absences, ascending.
    pub absences: BTreeSet<usize>,
}

/// Alternative claims, by number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Choice {
    /// The numbers that are shown.
    pub numbers: Vec<usize>,
    /// Whether there are others.
    pub has_more: bool,
}

impl Way {
    /// Returns whether several alternatives need brackets around them, because something else is needed too.
    pub(crate) fn needs_brackets(&self) -> bool {
        self.choices.len() > 1 || !self.absences.is_empty()
    }
}

impl FootnoteNumbers {
    /// Returns what a citation refers to, and numbers what is new.
    pub(crate) fn mark(&mut self, cited: &ResolvedCitation) -> Mark {
        let (citation, references) = (&cited.citation, &cited.in_order());
        let mut ways = Vec::new();
        for derivation in citation.derivations.iter().take(MOST_SHOWN) {
            let way = self.way(derivation, references);
            // Derivations that differ only in the row's values in an absence share its letter, and so their whole mark.
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        if let Some(reason) = citation.status.reason() {
            let reason = format!("{}: {reason}", citation.status.name());
            if !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
        let is_fine = matches!(
            citation.status,
            Status::Verified | Status::Background | Status::Unverified(Reason::NotAsked)
        );
        Mark {
            ways,
            has_more: citation.derivations.len() > MOST_SHOWN || citation.has_more,
            doubt: (!is_fine).then(|| citation.status.name()),
        }
    }

    fn way(&mut self, derivation: &Derivation, references: &[Arc<Reference>]) -> Way {
        let factors = derivation.factors();
        self.number(factors.iter().copied().flat_map(shown), references);
        let choice = |graphs: &&[NamedNode]| {
            let known = shown(graphs).iter().filter_map(|graph| self.numbers.get(graph));
            let mut numbers: Vec<usize> = known.copied().collect();
            numbers.sort_unstable();
            Choice { numbers, has_more: graphs.len() > MOST_ALTERNATIVES }
        };
        let mut choices: Vec<Choice> = factors.iter().map(choice).collect();
        choices.sort();
        Way {
            is_background: rests_on_background(derivation),
            choices,
            absences: derivation.absences.iter().map(|one| self.absences.add(one)).collect(),
        }
    }

    /// Numbers graphs that have no number: claims in the order of their documents, then the others.
    fn number<'g>(
        &mut self,
        graphs: impl Iterator<Item = &'g NamedNode>,
        references: &[Arc<Reference>],
    ) {
        let unnumbered: BTreeSet<&NamedNode> =
            graphs.filter(|graph| !self.numbers.contains_key(*graph)).collect();
        // Both are sorted by name.
        let known = |graph: &NamedNode| references.binary_search_by(|r| r.name().cmp(graph)).ok();
        let mut new: Vec<Arc<Reference>> = unnumbered
            .into_iter()
            .filter_map(|graph| known(graph).map(|place| Arc::clone(&references[place])))
            .collect();
        new.sort_by_cached_key(|reference| reference.reading_order());
        for reference in new {
            self.numbers.insert(reference.name().clone(), self.notes.len() + 1);
            self.notes.push(reference);
        }
    }

    /// Returns whether there is nothing to write below the answer.
    pub(crate) const fn is_empty(&self) -> bool {
        !self.has_notes() && self.reasons.is_empty()
    }

    /// Returns whether there are footnotes.
    pub(crate) const fn has_notes(&self) -> bool {
        !self.notes.is_empty() || !self.absences.is_empty()
    }

    /// Returns the claims and graphs of the footnotes, the first one with number 1.
    pub(crate) fn notes(&self) -> &[Arc<Reference>] {
        &self.notes
    }

    /// Returns the absent patterns, whose marks are [`letters`].
    pub(crate) fn absences(&self, prefixes: &Prefixes) -> Vec<AbsentPattern> {
        self.absences.patterns("row", prefixes)
    }

    /// Returns why rows are less than verified, each reason once.
    pub(crate) fn reasons(&self) -> &[String] {
        &self.reasons
    }
}

/// Returns those of several alternative graphs that are shown.
fn shown(graphs: &[NamedNode]) -> &[NamedNode] {
    graphs.get(..MOST_ALTERNATIVES).unwrap_or(graphs)
}

/// Returns a number as letters: a to z, then aa and so on.
pub(crate) fn letters(mut number: usize) -> String {
    let mut letters = String::new();
    loop {
        let letter = u8::try_from(number % 26).unwrap_or_default();
        letters.insert(0, char::from(b'a' + letter));
        match (number / 26).checked_sub(1) {
            Some(rest) => number = rest,
            None => return letters,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count_on_behind_z() {
        assert_eq!(
            [0, 1, 25, 26, 27, 51, 52, 701, 702].map(letters),
            ["a", "b", "z", "aa", "ab", "az", "ba", "zz", "aaa"]
        );
    }
}
