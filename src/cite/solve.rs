//! Solving witnesses: from rows to what each of them rests on.

use super::CitationOptions;
use super::absence::Absence;
use super::citation::Reason;
use super::draft::{Draft, DraftTriple, Drafts};
use super::fetch::{Fetcher, RequestMode, RowValues};
use super::follow::follow;
use super::graphs::Graphs;
use super::leaf_triples::{add_plain, add_triple, applies, is_plain, name, term};
use super::path::{MOST_VISITED, PathSearch, SearchKey, Way, Ways};
use super::witness::{Absent, Alternative, GroupMembers, Leaf, Support, Witness};
use crate::diagnostic::Result;
use crate::engine::Store;
use oxigraph::model::{Literal, Term};
use oxigraph::sparql::QuerySolution;
use rustc_hash::{FxHashMap, FxHashSet};
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, Variable};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Determines what rows rest on.
pub(super) struct Solver<'a> {
    fetcher: Fetcher<'a>,
    graphs: &'a Graphs,
    options: CitationOptions,
    searches: RefCell<HashMap<SearchKey, PathSearch>>,
}

/// The most cached path searches. Neighbouring rows often begin at the same term.
const MOST_SEARCHES: usize = 64;

impl<'a> Solver<'a> {
    pub(super) fn new(store: &'a Store, graphs: &'a Graphs, options: CitationOptions) -> Self {
        let fetcher = Fetcher::new(store, graphs.dataset().map(Arc::as_ref));
        Self { fetcher, graphs, options, searches: RefCell::default() }
    }

    /// Derives what solutions with these values rest on. If no solution has certain values, their result is empty.
    ///
    /// # Arguments
    /// `mode` is [`RequestMode::Row`] only for rows that the query returned.
    pub(super) fn derive(
        &self,
        witness: &Witness,
        keys: &[Variable],
        rows: &[RowValues],
        mode: RequestMode,
    ) -> Result<Vec<Drafts>> {
        let solved = self.solve(witness, keys, rows, self.options.derivations, mode)?;
        Ok(solved.into_iter().map(|solved| solved.any(self.options.derivations)).collect())
    }

    fn solve(
        &self,
        witness: &Witness,
        keys: &[Variable],
        requests: &[RowValues],
        most: usize,
        mode: RequestMode,
    ) -> Result<Vec<SolutionSet>> {
        let fetched = self.fetcher.fetch(witness, keys, requests, most, mode)?;
        let solutions: Vec<&QuerySolution> =
            fetched.iter().flat_map(|fetched| &fetched.solutions).map(Arc::as_ref).collect();
        let mut alternatives: Vec<Drafts> = solutions
            .iter()
            .map(|_| Drafts { drafts: vec![Draft::default()], has_more: false })
            .collect();
        let numbered = self.graphs.numbered();
        let mut leaves = witness.leaves.as_slice();
        while let Some((first, rest)) = leaves.split_first() {
            match &numbered {
                Some(numbered) if is_plain(first) => {
                    let count = leaves.iter().take_while(|leaf| is_plain(leaf)).count();
                    let (plain, rest) = leaves.split_at(count);
                    add_plain(plain, numbered, &solutions, &mut alternatives)?;
                    leaves = rest;
                }
                _ => {
                    self.add_leaf(first, &solutions, &mut alternatives)?;
                    leaves = rest;
                }
            }
        }
        let mut alternatives = alternatives.into_iter();
        Ok(fetched
            .into_iter()
            .map(|fetched| SolutionSet {
                members: alternatives.by_ref().take(fetched.solutions.len()).collect(),
                has_more: fetched.has_more,
                solutions: fetched.solutions,
            })
            .collect())
    }

    /// Adds the support of a leaf to each solution.
    fn add_leaf(
        &self,
        leaf: &Leaf,
        solutions: &[&QuerySolution],
        found: &mut [Drafts],
    ) -> Result<()> {
        let applying: Vec<usize> =
            (0..solutions.len()).filter(|&i| applies(leaf, solutions[i])).collect();
        match &leaf.support {
            Support::Triple { triple, graph } => {
                for i in applying {
                    add_triple(triple, graph.as_ref(), solutions[i], &mut found[i]);
                }
            }
            Support::Path { subject, path, object, graph } => {
                if self.graphs.are_requested() {
                    let way = |&i: &usize| {
                        let graph = graph.as_ref().and_then(|graph| name(graph, solutions[i]));
                        let start = term(subject, solutions[i])?;
                        Some(((path.clone(), start, graph), term(object, solutions[i])?))
                    };
                    follow(&applying.iter().filter_map(way).collect::<Vec<_>>(), self.graphs)?;
                }
                for i in applying {
                    let ways = self.ways(subject, path, object, graph.as_ref(), solutions[i])?;
                    match ways {
                        Some(ways) => found[i].times(&ways, self.options.derivations),
                        None => found[i].lacks(&Reason::LostPath),
                    }
                }
            }
            Support::Graph(graph) => {
                for i in applying {
                    match name(graph, solutions[i]) {
                        Some(graph) => found[i].each(|draft| draft.graphs.push(graph.clone())),
                        None => found[i].lacks(&Reason::NotTraced),
                    }
                }
            }
            Support::Absence { pattern, keys, of } => {
                for i in applying {
                    let value = |variable: &Variable| value_of_key(keys, variable, solutions[i]);
                    let is_bound = |variable| value(variable).is_some();
                    if matches!(of, Absent::Minus(shared) if !shared.iter().any(is_bound)) {
                        continue;
                    }
                    let absence = self.absence(pattern, &inner_of(keys), of, value);
                    found[i].each(|draft| draft.absences.push(absence.clone()));
                }
            }
            Support::Any { witness, keys, otherwise } => {
                let without = self.add_any(witness, keys, &applying, solutions, found)?;
                match otherwise {
                    Some(members) => self.add_members(members, &without, solutions, found)?,
                    None => without.into_iter().for_each(|i| found[i].lacks(&Reason::NotTraced)),
                }
            }
            Support::All(members) => self.add_members(members, &applying, solutions, found)?,
            Support::Either(alternatives) => {
                self.add_either(alternatives, &applying, solutions, found)?;
            }
            Support::Exists { witness, pattern, keys, is_required } => {
                let inner: Vec<Variable> = keys.iter().map(|(inner, _)| inner.clone()).collect();
                let (requests, places) = requests(&applying, |i| {
                    keys.iter().map(|(_, outer)| solutions[i].get(outer).cloned()).collect()
                });
                let most = self.options.derivations;
                let solved =
                    self.solve(witness, &inner, &requests, most, RequestMode::FromWithin)?;
                let solved: Vec<Drafts> =
                    solved.into_iter().map(|solved| solved.any(most)).collect();
                for (i, place) in applying.into_iter().zip(places) {
                    match (solved[place].drafts.is_empty(), is_required) {
                        (false, _) => found[i].times(&solved[place], most),
                        (true, true) => found[i].lacks(&Reason::NotTraced),
                        (true, false) => {
                            let absence = self.absence(
                                pattern,
                                &inner_of(keys),
                                &Absent::Exists,
                                |variable| value_of_key(keys, variable, solutions[i]),
                            );
                            found[i].each(|draft| draft.absences.push(absence.clone()));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the absence of the matches of a query's pattern ([`Absence::of`]).
    fn absence(
        &self,
        pattern: &Arc<GraphPattern>,
        shared: &BTreeSet<Variable>,
        of: &Absent,
        value_of: impl Fn(&Variable) -> Option<Term>,
    ) -> Absence {
        Absence::of(self.graphs.dataset(), pattern, shared, *of == Absent::Exists, value_of)
    }

    /// Adds, for each solution, the support of any alternative that holds for it.
    fn add_either(
        &self,
        alternatives: &[Alternative],
        applying: &[usize],
        solutions: &[&QuerySolution],
        found: &mut [Drafts],
    ) -> Result<()> {
        let before: Vec<Drafts> = applying.iter().map(|&i| std::mem::take(&mut found[i])).collect();
        for Alternative { holds, leaves } in alternatives {
            let is_true = |i: usize| solutions[i].get(holds) == Some(&Literal::from(true).into());
            let places: Vec<usize> =
                (0..applying.len()).filter(|&place| is_true(applying[place])).collect();
            let holding: Vec<_> = places.iter().map(|&place| solutions[applying[place]]).collect();
            let mut ways: Vec<_> = places.iter().map(|&place| before[place].clone()).collect();
            for leaf in leaves {
                self.add_leaf(leaf, &holding, &mut ways)?;
            }
            for (place, ways) in places.into_iter().zip(ways) {
                found[applying[place]].or(ways, self.options.derivations);
            }
        }
        for (&i, mut before) in applying.iter().zip(before) {
            if found[i].drafts.is_empty() {
                before.lacks(&Reason::NotTraced);
                found[i] = before;
            }
        }
        Ok(())
    }

    /// Adds, for each solution, the support of any inner solution that agrees with it. Returns which solutions have
    /// none.
    fn add_any(
        &self,
        witness: &Witness,
        keys: &[(Variable, Variable)],
        applying: &[usize],
        solutions: &[&QuerySolution],
        found: &mut [Drafts],
    ) -> Result<Vec<usize>> {
        let inner: Vec<Variable> = keys.iter().map(|(inner, _)| inner.clone()).collect();
        let (requests, places) = requests(applying, |i| {
            keys.iter().map(|(_, outer)| solutions[i].get(outer).cloned()).collect()
        });
        let most = self.options.derivations;
        let solved = self.solve(witness, &inner, &requests, most, RequestMode::Exactly)?;
        let solved: Vec<Drafts> = solved.into_iter().map(|solved| solved.any(most)).collect();
        let mut without = Vec::new();
        for (&i, place) in applying.iter().zip(places) {
            if solved[place].drafts.is_empty() {
                found[i].has_more |= solved[place].has_more;
                without.push(i);
            } else {
                found[i].times(&solved[place], most);
            }
        }
        Ok(without)
    }

    /// Adds the support of each solution's group: its members, or the absence of members.
    fn add_members(
        &self,
        GroupMembers { witness, pattern, keys, distinct }: &GroupMembers,
        applying: &[usize],
        solutions: &[&QuerySolution],
        found: &mut [Drafts],
    ) -> Result<()> {
        let inner: Vec<Variable> = keys.iter().map(|(inner, _)| inner.clone()).collect();
        let (requests, places) = requests(applying, |i| {
            keys.iter().map(|(_, outer)| solutions[i].get(outer).cloned()).collect()
        });
        let most = self.options.members;
        let solved = self.solve(witness, &inner, &requests, most, RequestMode::Exactly)?;
        let shared = inner.iter().cloned().collect();
        let drafts: Vec<Draft> = solved
            .into_iter()
            .zip(&requests)
            .map(|(solved, values)| {
                if !solved.solutions.is_empty() {
                    return solved.all(distinct.as_deref(), most);
                }
                let absence = self.absence(pattern, &shared, &Absent::Joined, |variable| {
                    let place = inner.iter().position(|key| key == variable)?;
                    values[place].clone()
                });
                Draft { absences: vec![absence], ..Draft::default() }
            })
            .collect();
        for (&i, place) in applying.iter().zip(places) {
            found[i].each(|draft| draft.add(drafts[place].clone()));
        }
        Ok(())
    }

    /// Returns the paths, a shortest one first. A path without edges requires its term to be in the data, unless the
    /// term is a constant of the query.
    fn ways(
        &self,
        from: &TermPattern,
        path: &PropertyPathExpression,
        to: &TermPattern,
        graph: Option<&NamedNodePattern>,
        solution: &QuerySolution,
    ) -> Result<Option<Drafts>> {
        let (Some(start), Some(end)) = (term(from, solution), term(to, solution)) else {
            return Ok(None);
        };
        let graph = graph.and_then(|graph| name(graph, solution));
        let mut searches = self.searches.borrow_mut();
        let size: usize = searches.values().map(PathSearch::size).sum();
        if searches.len() >= MOST_SEARCHES || size > MOST_VISITED {
            searches.clear();
        }
        let search = searches
            .entry((path.clone(), start.clone(), graph.clone()))
            .or_insert_with(|| PathSearch::new(path, &start, graph.clone()));
        let most = self.options.steps;
        let Ways { ways, has_more } =
            search.ways_to(&end, most, self.options.derivations, self.graphs)?;
        let is_open = |term: &TermPattern| matches!(term, TermPattern::Variable(_));
        let draft = |way: Way| {
            let mut draft = Draft::default();
            // A constant has a zero-length path to itself whatever the data, except in a named graph, which must
            // contain even a constant.
            if way.edges.is_empty() && (graph.is_some() || (is_open(from) && is_open(to))) {
                draft.things.push((start.clone(), graph.clone()));
            }
            draft.triples = way.edges.into_iter().map(DraftTriple::Cited).collect();
            draft.gap = (!way.is_whole).then_some(Reason::LongPath(most));
            draft
        };
        let drafts: Vec<Draft> = ways.into_iter().map(draft).collect();
        Ok((!drafts.is_empty()).then_some(Drafts { drafts, has_more }))
    }
}

/// The solutions of a request, and what each of them rests on.
struct SolutionSet {
    solutions: Vec<Arc<QuerySolution>>,
    members: Vec<Drafts>,
    has_more: bool,
}

impl SolutionSet {
    /// Returns the drafts if any one of the solutions is enough.
    fn any(self, most: usize) -> Drafts {
        let mut found = Drafts { drafts: Vec::new(), has_more: self.has_more };
        for member in self.members {
            found.or(member, most);
        }
        found
    }

    /// Returns the draft if all solutions are needed, or one for each value of some variables.
    fn all(self, distinct: Option<&[Variable]>, most: usize) -> Draft {
        let mut whole = Draft::default();
        let mut seen = FxHashSet::default();
        let mut cited = 0;
        for (solution, member) in self.solutions.iter().zip(self.members) {
            if let Some(variables) = distinct {
                let values: RowValues =
                    variables.iter().map(|variable| solution.get(variable).cloned()).collect();
                if !seen.insert(values) {
                    continue;
                }
            }
            cited += 1;
            match member.drafts.into_iter().min_by_key(|draft| draft.triples.len()) {
                Some(smallest) => whole.add(smallest),
                None => whole.gap = Some(Reason::NotTraced),
            }
        }
        if self.has_more {
            whole.gap = Some(Reason::LargeGroup { rows: most, cited });
        }
        whole
    }
}

/// Returns the distinct requests of some solutions, and the index of each solution's request.
fn requests(
    solutions: &[usize],
    request: impl Fn(usize) -> RowValues,
) -> (Vec<RowValues>, Vec<usize>) {
    let mut known: FxHashMap<RowValues, usize> = FxHashMap::default();
    let mut list = Vec::new();
    let places = solutions
        .iter()
        .map(|&i| {
            let values = request(i);
            *known.entry(values).or_insert_with_key(|values| {
                list.push(values.clone());
                list.len() - 1
            })
        })
        .collect();
    (list, places)
}

/// Returns the inner variables of pairs of an inner and an outer variable.
fn inner_of(keys: &[(Variable, Variable)]) -> BTreeSet<Variable> {
    keys.iter().map(|(inner, _)| inner.clone()).collect()
}

/// Returns the requested value of an inner variable.
fn value_of_key(
    keys: &[(Variable, Variable)],
    variable: &Variable,
    solution: &QuerySolution,
) -> Option<Term> {
    let (_, outer) = keys.iter().find(|(inner, _)| inner == variable)?;
    solution.get(outer).cloned()
}
