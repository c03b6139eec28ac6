//! Triple patterns with a single match: the other parts of the group are estimated for the terms of that match.

use super::estimate::{Estimate, constant, variable_of};
use super::knowledge::Knowledge;
use spargebra::algebra::GraphPattern;
use spargebra::term::{TermPattern, TriplePattern, Variable};

impl Knowledge<'_> {
    /// Takes into account that a triple pattern has a single match, by estimating the other parts for its terms.
    ///
    /// The average of a property may be far from the numbers of one resource.
    pub(super) fn look_at_single_triples(
        &self,
        parts: &[GraphPattern],
        estimates: &mut [(Estimate, bool)],
    ) {
        for (i, part) in parts.iter().enumerate() {
            let is_single = |(e, _): &(Estimate, bool)| e.is_exact && (0.5..1.5).contains(&e.rows);
            let (Some(triple), true) = (triple_of(part), estimates.get(i).is_some_and(is_single))
            else {
                continue;
            };
            let Some(found) = (self.only)(triple) else { continue };
            let values = [
                (variable_of(&triple.subject), TermPattern::from(found.subject)),
                (variable_of(&triple.object), TermPattern::from(found.object)),
            ];
            for (variable, value) in values {
                // A blank node would match anything.
                let (Some(variable), Some(_)) = (variable, constant(&value)) else { continue };
                for (j, other) in parts.iter().enumerate().filter(|&(j, _)| j != i) {
                    let bound = triple_of(other).and_then(|t| with_value(t, variable, &value));
                    if let (Some(bound), Some((estimate, _))) = (bound, estimates.get_mut(j)) {
                        estimate.with_value(variable, &self.triple(&bound, None));
                    }
                }
            }
        }
    }
}

impl Estimate {
    /// Takes into account an estimate for the only value that a variable has in another part.
    fn with_value(&mut self, variable: &Variable, given: &Self) {
        for (_, values) in self.values.iter_mut().filter(|(v, _)| v == variable) {
            // The count may be zero, but a plan should not rely on that.
            *values = (self.rows / given.rows.max(0.5)).max(1.0);
        }
        let whole = given.ways.iter().find(|(needed, _)| needed.is_empty());
        for (needed, triples) in &mut self.ways {
            if let ([v], Some((_, all))) = (needed.as_slice(), whole)
                && v == variable
            {
                *triples = *all;
            }
        }
    }
}

/// Returns the triple pattern if a part of a group in the default graph consists of one.
fn triple_of(part: &GraphPattern) -> Option<&TriplePattern> {
    match part {
        GraphPattern::Bgp { patterns } => match patterns.as_slice() {
            [triple] => Some(triple),
            _ => None,
        },
        _ => None,
    }
}

/// Returns a triple pattern with a variable replaced by a value, or `None` if it does not have the variable.
fn with_value(
    triple: &TriplePattern,
    variable: &Variable,
    value: &TermPattern,
) -> Option<TriplePattern> {
    let mut triple = triple.clone();
    let mut is_there = false;
    for term in [&mut triple.subject, &mut triple.object] {
        if variable_of(term) == Some(variable) {
            *term = value.clone();
            is_there = true;
        }
    }
    is_there.then_some(triple)
}
