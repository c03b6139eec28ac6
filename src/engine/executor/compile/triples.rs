//! Triple patterns and VALUES.

use super::{Compiler, Variables, columns_of, looked_up, with};
use crate::algebra::{named_variable, term_variable, variables_of_triple};
use crate::engine::executor::block::{Block, Column, UNBOUND};
use crate::engine::executor::lookup::Lookup;
use crate::engine::executor::operator::{Plan, PlanColumn};
use crate::engine::executor::probe::{Place, Probe};
use crate::engine::executor::rows::Constant;
use crate::engine::executor::scan::{Occurrences, RunScan, Scan};
use crate::engine::executor::tally::Tally;
use crate::engine::index_queries::number;
use oxigraph::model::{TermRef, Variable};
use spargebra::algebra::GraphPattern;
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};

impl Compiler<'_> {
    pub(super) fn triples(
        &mut self,
        patterns: &[TriplePattern],
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let mut rest: Vec<&TriplePattern> = patterns.iter().collect();
        let mut plan = input;
        while !rest.is_empty() {
            let triple = rest.remove(self.next(&rest, plan.as_ref()));
            let later = rest.iter().flat_map(|triple| variables_of_triple(triple)).cloned();
            let needed = with(needed, &later.collect());
            let pattern = GraphPattern::Bgp { patterns: vec![triple.clone()] };
            plan = Some(self.pattern(&pattern, plan, &needed)?);
        }
        Some(plan.unwrap_or_else(|| {
            let block = Block { rows: 1, columns: Vec::new() };
            Plan::new(Constant(Some(block)), Vec::new())
        }))
    }

    /// Returns the place of the triple pattern to look up next: one that shares a variable with those before, and has
    /// the fewest triples.
    fn next(&self, rest: &[&TriplePattern], plan: Option<&Plan>) -> usize {
        let cost = |triple: &TriplePattern| {
            let is_bound =
                |variable: &&Variable| plan.is_some_and(|p| p.column(variable).is_some());
            let shared = variables_of_triple(triple).iter().filter(|v| is_bound(v)).count();
            (shared == 0, self.count_up_to(triple, 1_000))
        };
        let places = rest.iter().enumerate();
        places.min_by_key(|(_, triple)| cost(triple)).map_or(0, |(place, _)| place)
    }

    /// Returns the number of triples with the terms of a pattern.
    pub(super) fn count(&self, triple: &TriplePattern) -> usize {
        self.count_up_to(triple, usize::MAX)
    }

    fn count_up_to(&self, triple: &TriplePattern, most: usize) -> usize {
        let index = &self.context.index;
        match known(triple).map(|term| term.map(|term| number(index, term))) {
            [Some(None), ..] | [_, Some(None), _] | [.., Some(None)] => 0,
            [s, p, o] => index.find(s.flatten(), p.flatten(), o.flatten()).count(index, most).0,
        }
    }

    pub(super) fn triple(
        &self,
        triple: &TriplePattern,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Plan {
        let mut places = [Place::Free; 3];
        let mut equal = Vec::new();
        // The first position of each variable.
        let mut found: Vec<(&Variable, usize)> = Vec::new();
        let terms = known(triple);
        for (position, variable) in variables_at(triple).into_iter().enumerate() {
            let (Some(place), Some(term)) = (places.get_mut(position), terms.get(position)) else {
                continue;
            };
            if let Some(term) = term {
                match number(&self.context.index, *term) {
                    Some(number) => *place = Place::Known(number),
                    None => return nothing(needed, triple, input),
                }
            }
            let Some(variable) = variable else { continue };
            if let Some(column) = input.as_ref().and_then(|input| input.column(variable)) {
                *place = Place::Bound(column);
            }
            match found.iter().find(|(other, _)| *other == variable) {
                Some(&(_, first)) => equal.push([first, position]),
                None => found.push((variable, position)),
            }
        }
        let Some(input) = input else {
            return self.scan(places, equal, &found, needed);
        };
        let (sources, columns) = looked_up(&input, &found, needed);
        let is_certain = |column: usize| {
            equal.is_empty() && input.columns.get(column).is_some_and(|column| column.is_certain)
        };
        let probe = Probe::new(places, is_certain, &self.context.index);
        Plan::new(Lookup::new(input.operator, probe, equal, sources), columns)
    }

    fn scan(
        &self,
        places: [Place; 3],
        equal: Vec<[usize; 2]>,
        found: &[(&Variable, usize)],
        needed: &Variables,
    ) -> Plan {
        let wanted: Vec<&(&Variable, usize)> =
            found.iter().filter(|(variable, _)| needed.contains(variable)).collect();
        let columns = wanted
            .iter()
            .map(|(variable, _)| PlanColumn { variable: (*variable).clone(), is_certain: true })
            .collect();
        let positions: Vec<usize> = wanted.iter().map(|&&(_, position)| position).collect();
        let [subject, property, object] = places.map(|place| match place {
            Place::Known(number) => Some(number),
            Place::Bound(_) | Place::Free => None,
        });
        let range = self.context.index.find(subject, property, object);
        let is_free = !range.is_run() && equal.is_empty();
        if let (true, &[position]) = (is_free, positions.as_slice()) {
            return Plan::new(Occurrences::new(position), columns);
        }
        if let (true, &[position]) = (equal.is_empty(), positions.as_slice())
            && let Some(tally) = Tally::new(range, position)
        {
            return Plan::new(tally, columns);
        }
        let scan = Scan::new(range, positions, equal);
        if range.is_run() { Plan::new(RunScan(scan), columns) } else { Plan::new(scan, columns) }
    }

    pub(super) fn values(
        &self,
        variables: &[Variable],
        bindings: &[Vec<Option<GroundTerm>>],
    ) -> Option<Plan> {
        let mut columns = vec![Vec::with_capacity(bindings.len()); variables.len()];
        for row in bindings {
            for (column, value) in columns.iter_mut().zip(row) {
                column.push(match value {
                    Some(term) => self.context.terms.number(term.clone().into()).ok()?,
                    None => UNBOUND,
                });
            }
        }
        let variables = variables.iter().zip(&columns).map(|(variable, numbers)| PlanColumn {
            variable: variable.clone(),
            is_certain: numbers.iter().all(|&number| number != UNBOUND),
        });
        let variables = variables.collect();
        let columns = columns.into_iter().map(Column::Each).collect();
        Some(Plan::new(Constant(Some(Block { rows: bindings.len(), columns })), variables))
    }
}

/// Returns a plan without rows for a triple pattern with a term that no triple has.
fn nothing(needed: &Variables, triple: &TriplePattern, input: Option<Plan>) -> Plan {
    let mut all = input.map_or_else(Variables::new, |input| columns_of(&input));
    all.extend(variables_of_triple(triple).into_iter().cloned());
    let columns = all.intersection(needed).cloned();
    let columns: Vec<PlanColumn> =
        columns.map(|variable| PlanColumn { variable, is_certain: true }).collect();
    Plan::new(Constant(None), columns)
}

/// Returns the constant terms of a triple pattern.
fn known(triple: &TriplePattern) -> [Option<TermRef<'_>>; 3] {
    let property = match &triple.predicate {
        NamedNodePattern::NamedNode(name) => Some(name.as_ref().into()),
        NamedNodePattern::Variable(_) => None,
    };
    [constant(&triple.subject), property, constant(&triple.object)]
}

fn constant(term: &TermPattern) -> Option<TermRef<'_>> {
    match term {
        TermPattern::NamedNode(node) => Some(node.as_ref().into()),
        TermPattern::Literal(literal) => Some(literal.as_ref().into()),
        _ => None,
    }
}

fn variables_at(triple: &TriplePattern) -> [Option<&Variable>; 3] {
    let (subject, object) = (term_variable(&triple.subject), term_variable(&triple.object));
    [subject, named_variable(&triple.predicate), object]
}
