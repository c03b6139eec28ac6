//! Absences: what nothing matches, said so that it is true whenever somebody asks.

use super::value_table::{ValueTable, constant, correlate, has_barrier};
use crate::algebra::{self, Binding, certain, in_scope, variables};
use oxigraph::model::Term;
use spargebra::Query;
use spargebra::algebra::{GraphPattern, QueryDataset};
use spargebra::term::Variable;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Something that nothing matches.
#[derive(Debug, Clone)]
pub struct Absence {
    /// The pattern that has no solution, with the values of the row in it.
    pub pattern: GraphPattern,
    /// The pattern as the query has it.
    pub general: Arc<GraphPattern>,
    /// The variables of it that stand for values of the row.
    pub of_row: Vec<Variable>,
    /// Those of them that still stand in `pattern`: no query can name a blank node, and no other value could stand there.
    pub unnamed: Vec<Variable>,
    /// The graphs that the query asks: none if they are the store's.
    pub dataset: Option<Arc<QueryDataset>>,
}

/// Two absences of the same pattern are the same, wherever in the query it stands.
impl PartialEq for Absence {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

impl Absence {
    /// The absence of what a pattern would match for a row.
    ///
    /// # Arguments
    /// `dataset` is that of the query; `shared` are the variables that the pattern shares with what it is absent for;
    /// `is_exists` tells that it is the pattern of an EXISTS, which sees the values in all of its groups; `value_of` tells
    /// what the row has.
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
        // With a value in it, a zero-length path matches even what is not in the data, a MINUS may share nothing any more, a
        // LIMIT or a group be another one, and an OPTIONAL that matched what is not that value match nothing.
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

/// A pattern with a value in the place of a variable: nothing if it cannot stand there.
fn filled(pattern: &GraphPattern, variable: &Variable, term: Term) -> Option<GraphPattern> {
    let query = Query::Ask { dataset: None, pattern: pattern.clone(), base_iri: None };
    let binding = HashMap::from([(variable.clone(), Binding::One(term))]);
    match algebra::bind(&query, &binding) {
        Ok(Query::Ask { pattern, .. }) => Some(pattern),
        _ => None,
    }
}
