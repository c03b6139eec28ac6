//! Absences as text: each absent pattern, written once for all rows.

use crate::algebra::names_as_written;
use crate::cite::Absence;
use crate::sparql::pattern_to_text;
use crate::vocabulary::Prefixes;
use spargebra::algebra::GraphPattern;
use spargebra::term::Variable;

/// The absences of an answer: each pattern of the query once, in the order of their first rows.
#[derive(Debug, Default)]
pub(crate) struct Absences {
    /// The first absence of each pattern, and whether it is the same for all rows.
    of_patterns: Vec<(Absence, bool)>,
}

impl Absences {
    /// Adds an absence, and returns its index.
    pub(crate) fn add(&mut self, absence: &Absence) -> usize {
        match self.of_patterns.iter().position(|(first, _)| first.general == absence.general) {
            Some(place) => {
                let (first, is_same) = &mut self.of_patterns[place];
                *is_same = *is_same && first == absence;
                place
            }
            None => {
                self.of_patterns.push((absence.clone(), true));
                self.of_patterns.len() - 1
            }
        }
    }

    /// Returns the number of patterns.
    pub(crate) const fn len(&self) -> usize {
        self.of_patterns.len()
    }

    /// Returns whether there are none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.of_patterns.is_empty()
    }

    /// Returns the text of each absence, in order. `what` names the source of the values: a `row`, a `triple`.
    pub(crate) fn words(&self, what: &str, prefixes: &Prefixes) -> Vec<String> {
        let words = |(absence, is_same): &(Absence, bool)| {
            let (pattern, of_row) = match is_same {
                true => (&absence.pattern, &absence.unnamed),
                false => (absence.general.as_ref(), &absence.of_row),
            };
            format!("nothing matches {}", with_values_of(absence, pattern, of_row, what, prefixes))
        };
        self.of_patterns.iter().map(words).collect()
    }
}

/// Returns an absence as a pattern with the values of its row and the graphs of the query. Values that a query cannot
/// name follow the pattern.
pub(super) fn absent(absence: &Absence, prefixes: &Prefixes) -> String {
    with_values_of(absence, &absence.pattern, &absence.unnamed, "row", prefixes)
}

/// Returns an absent pattern, and which of its variables have values of the row or triple.
fn with_values_of(
    absence: &Absence,
    pattern: &GraphPattern,
    variables: &[Variable],
    what: &str,
    prefixes: &Prefixes,
) -> String {
    let text = pattern_to_text(pattern, absence.dataset.as_deref(), prefixes);
    if variables.is_empty() {
        return text;
    }
    let written = names_as_written(pattern);
    let name = |variable| written.get(variable).unwrap_or(variable).to_string();
    let names: Vec<String> = variables.iter().map(name).collect();
    format!("{text} with the {what}'s {}", names.join(", "))
}
