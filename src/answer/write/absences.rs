//! Absences as text: each absent pattern, written once for all rows.

use crate::algebra::names_as_written;
use crate::cite::Absence;
use crate::sparql::pattern_to_text;
use crate::vocabulary::Prefixes;
use spargebra::algebra::GraphPattern;
use spargebra::term::Variable;
use std::fmt;

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

    /// Returns each absent pattern, in order. `what` names the source of the values: a `row`, a `triple`.
    pub(crate) fn patterns(&self, what: &'static str, prefixes: &Prefixes) -> Vec<AbsentPattern> {
        let pattern = |(absence, is_same): &(Absence, bool)| {
            let (pattern, of_row) = match is_same {
                true => (&absence.pattern, &absence.unnamed),
                false => (absence.general.as_ref(), &absence.of_row),
            };
            AbsentPattern::new(absence, pattern, of_row, what, prefixes)
        };
        self.of_patterns.iter().map(pattern).collect()
    }
}

/// An absent pattern as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AbsentPattern {
    /// The pattern in SPARQL.
    pub pattern: String,
    /// Which of its variables have values of the row or triple, such as `with the row's ?body`, or `None` if the pattern
    /// contains all values.
    pub values: Option<String>,
}

impl AbsentPattern {
    fn new(
        absence: &Absence,
        pattern: &GraphPattern,
        variables: &[Variable],
        what: &str,
        prefixes: &Prefixes,
    ) -> Self {
        let written = names_as_written(pattern);
        let name = |variable| written.get(variable).unwrap_or(variable).to_string();
        let names: Vec<String> = variables.iter().map(name).collect();
        Self {
            pattern: pattern_to_text(pattern, absence.dataset.as_deref(), prefixes),
            values: (!names.is_empty()).then(|| format!("with the {what}'s {}", names.join(", "))),
        }
    }

    /// Returns the sentence that says that nothing matches the pattern.
    pub(crate) fn sentence(&self) -> String {
        format!("nothing matches {self}")
    }
}

impl fmt::Display for AbsentPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.values {
            Some(values) => write!(f, "{} {values}", self.pattern),
            None => f.write_str(&self.pattern),
        }
    }
}

/// Returns an absence as a pattern with the values of its row and the graphs of the query. Values that a query cannot
/// name follow the pattern.
pub(super) fn absent(absence: &Absence, prefixes: &Prefixes) -> String {
    AbsentPattern::new(absence, &absence.pattern, &absence.unnamed, "row", prefixes).to_string()
}
