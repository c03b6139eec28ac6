//! Absences: patterns that match nothing, presented so that they can be checked against the data at any time.

use super::value_table::{ValueTable, constant, correlate, has_barrier};
use crate::algebra::{self, Binding, certain, in_scope, variables};
use oxigraph::model::Term;
use spargebra::Query;
use spargebra::algebra::{GraphPattern, QueryDataset};
use spargebra::term::Variable;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A pattern that matches nothing.
#[derive(Debug, Clone)]
pub struct Absence {
    /// The pattern without solutions, with the values of the row filled in.
    pub pattern: GraphPattern,
    /// The pattern as it is in the query.
    pub general: Arc<GraphPattern>,
    /// The variables of the pattern that stand for values of the row.
    pub of_row: Vec<Variable>,
    /// Those of them that still occur in `pattern`. Their values are blank nodes, which a query cannot name, or terms
    /// that cannot be substituted there.
    pub unnamed: Vec<Variable>,
    /// The graphs that the query uses; `None` if they are the store's.
    pub dataset: Option<Arc<QueryDataset>>,
}

/// Two absences of the same pattern are equal, wherever it is in the query.
impl PartialEq for Absence {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

impl Absence {
    /// Returns the absence of the matches that a pattern would have for a row.
    ///
    /// # Arguments
    /// `dataset` is that of the query. `shared` are the variables that the pattern shares with the part that it
    /// restricts. `is_exists` says whether it is the pattern of an EXISTS, whose groups all see the values. `value_of`
    /// returns the value of a variable in the row.
    pub(super) fn of(
        dataset: Option<&Arc<QueryDataset>>,
        general: &Arc<GraphPattern>,
        shared: &BTreeSet<Variable>,
        is_exists: bool,
        value_of: impl Fn(&Variable) -> Option<Term>,
    ) -> Self {
        let mentioned: BTreeSet<&Variable> =
            variables(general).into_iter().filter(|variable| shared.contains(*variable)).collect();
        let inside = in_scope(general);
        // Substituting a value can change what the pattern matches: a zero-length path then matches terms outside the
        // data, a MINUS may no longer share a variable, a LIMIT or a group selects other solutions, and an OPTIONAL
        // that matched other values matches nothing.
        let stays_whole = has_barrier(general);
        let always_bound = certain(general);
        let mut pattern = general.as_ref().clone();
        let (mut of_row, mut unnamed) = (Vec::new(), Vec::new());
        let mut beside = ValueTable { variables: Vec::new(), values: vec![Vec::new()] };
        for variable in mentioned {
            let Some(term) = value_of(variable) else { continue };
            of_row.push(variable.clone());
            let Some(value) = constant(&term) else {
                unnamed.push(variable.clone());
                continue;
            };
            let is_inside = inside.contains(variable);
            let may_be_filled = (!is_inside || !stays_whole && always_bound.contains(variable))
                && !algebra::is_less_than_its_value(&pattern, variable);
            match may_be_filled.then(|| filled(&pattern, variable, term)).flatten() {
                Some(filled) => pattern = filled,
                _ if is_inside => {
                    beside.variables.push(variable.clone());
                    beside.values[0].push(value);
                }
                _ => unnamed.push(variable.clone()),
            }
        }
        let pattern = if is_exists && !beside.variables.is_empty() {
            correlate(pattern, &beside)
        } else {
            beside.join_to(pattern)
        };
        let general = Arc::clone(general);
        Self { pattern, general, of_row, unnamed, dataset: dataset.cloned() }
    }
}

/// Returns a pattern with a variable replaced by a value, or `None` if the value cannot stand there.
fn filled(pattern: &GraphPattern, variable: &Variable, term: Term) -> Option<GraphPattern> {
    let query = Query::Ask { dataset: None, pattern: pattern.clone(), base_iri: None };
    let binding = HashMap::from([(variable.clone(), Binding::One(term))]);
    match algebra::bind(&query, &binding) {
        Ok(Query::Ask { pattern, .. }) => Some(pattern),
        _ => None,
    }
}
