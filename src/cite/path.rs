//! The paths through the data that match a property path, a shortest one first: the connections between the ends of a
//! `*`, a `+` or a `?`.
//!
//! The property path becomes a finite [`Automaton`]. A breadth-first search visits the terms that it reaches from one
//! end, so the first path found to the other end is a shortest one. The plain engine has already established that there
//! is one.
//!
//! Further paths are found like the minimal conflict sets in Reiter, *A theory of diagnosis from first principles*
//! (Artificial Intelligence 32, 1987): for each edge of a path, the next search excludes that edge. Any two minimal
//! paths differ in some edge, so all of them are found unless a search is cut off.

use super::automaton::{Automaton, PathStep};
use super::citation::CitedTriple;
use super::graphs::{EdgeEnd, Graphs};
use crate::diagnostic::Result;
use oxigraph::model::{NamedNode, Term, Triple};
use rustc_hash::{FxHashMap, FxHashSet};
use spargebra::algebra::PropertyPathExpression;
use std::cell::OnceCell;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// The most visits, each of a term in a state, before a search gives up.
pub(super) const MOST_VISITED: usize = 200_000;

/// The most visits in search of further paths. Beyond that, there may be more of them.
const MOST_VISITED_AGAIN: usize = 4_096;

/// The most places of a search whose edges are prefetched from an endpoint.
const LOOK_AHEAD: usize = 100;

/// The start of a search: a path, a term, and the named graph, or `None` for the default graph.
pub(super) type SearchKey = (PropertyPathExpression, Term, Option<NamedNode>);

/// An edge, with the term and the state to which it leads.
type Onward = (Arc<Triple>, Term, usize);

/// A term and a state that a search for a further path reached, with the previous visit and the edge between the two.
struct Visit {
    thing: Term,
    state: usize,
    before: Option<(usize, Arc<Triple>)>,
}

/// The outgoing edges of terms in states, as far as they were read.
#[derive(Default)]
struct EdgeCache {
    edges: FxHashMap<(Term, usize), Arc<[Onward]>>,
    /// Whether needed edges were not requested from an endpoint: further paths are not worth a request each.
    is_incomplete: bool,
}

/// The result of a search for a further path, and its number of visits.
struct Detour {
    way: Option<Vec<Arc<Triple>>>,
    visited: usize,
}

/// The place before another one, and the edge between the two, or `None` for a free step.
type Before = (usize, Option<Edge>);

/// An edge between two terms, with the graphs that state it once they are looked up.
#[derive(Debug)]
struct Edge {
    triple: Arc<Triple>,
    cited: OnceCell<CitedTriple>,
}

impl Edge {
    fn cited(&self, graph: Option<&NamedNode>, graphs: &Graphs) -> Result<CitedTriple> {
        if let Some(cited) = self.cited.get() {
            return Ok(cited.clone());
        }
        let triple = Arc::clone(&self.triple);
        let cited = match graph {
            Some(graph) => CitedTriple::of_graph(triple, graph.clone()),
            // The edge was read from the data, so it exists.
            None => graphs.cite(&triple)?.unwrap_or(CitedTriple {
                triple,
                graphs: [].into(),
                is_nameless: true,
            }),
        };
        Ok(self.cited.get_or_init(|| cited).clone())
    }
}

/// The paths that were found.
pub(super) struct Ways {
    /// The paths, a shortest one first. Empty if there is none, or none was found within bounds.
    pub ways: Vec<Way>,
    /// Whether there may be others.
    pub has_more: bool,
}

/// A path through the data: its first edges, in order.
pub(super) struct Way {
    /// The edges.
    pub edges: Vec<CitedTriple>,
    /// Whether these are all edges.
    pub is_whole: bool,
}

/// A search from one end of a path. A search for another end resumes where the last one stopped.
pub(super) struct PathSearch {
    automaton: Automaton,
    graph: Option<NamedNode>,
    /// The terms and states in the order of discovery, each with its predecessor and the edge between the two.
    found: Vec<(Term, usize, Option<Before>)>,
    places: FxHashMap<(Term, usize), usize>,
    waiting: VecDeque<usize>,
}

impl PathSearch {
    /// Starts a search along a path, in a named graph or in the default graph.
    pub(super) fn new(
        path: &PropertyPathExpression,
        start: &Term,
        graph: Option<NamedNode>,
    ) -> Self {
        let mut search = Self {
            automaton: Automaton::of(path),
            graph,
            found: Vec::new(),
            places: FxHashMap::default(),
            waiting: VecDeque::new(),
        };
        search.find(start, 0, None);
        search
    }

    /// Returns the number of places found so far.
    pub(super) fn size(&self) -> usize {
        self.found.len()
    }

    /// Returns the paths to an end.
    ///
    /// # Arguments
    /// `steps` is the most edges of each path, `ways` the most paths.
    pub(super) fn ways_to(
        &mut self,
        end: &Term,
        steps: usize,
        ways: usize,
        graphs: &Graphs,
    ) -> Result<Ways> {
        if !self.reaches(end, graphs)? {
            return Ok(Ways { ways: Vec::new(), has_more: false });
        }
        let goal = (end.clone(), self.automaton.end);
        let shortest: Vec<Arc<Triple>> =
            self.edges_to(&goal).iter().rev().map(|edge| Arc::clone(&edge.triple)).collect();
        let first = self.edges_to(&goal).into_iter().rev().take(steps);
        let edges =
            first.map(|edge| edge.cited(self.graph.as_ref(), graphs)).collect::<Result<_>>()?;
        let mut found = vec![Way { edges, is_whole: shortest.len() <= steps }];
        if shortest.len() > steps || ways < 2 {
            return Ok(Ways { ways: found, has_more: !shortest.is_empty() });
        }
        let (others, has_more) = self.others(end, shortest, ways - 1, graphs)?;
        for edges in others {
            let is_whole = edges.len() <= steps;
            let first = edges.into_iter().take(steps);
            let cited = first.map(|triple| match &self.graph {
                Some(graph) => Ok(Some(CitedTriple::of_graph(triple, graph.clone()))),
                None => graphs.cite(&triple),
            });
            let edges = cited.collect::<Result<Option<_>>>()?;
            found.extend(edges.map(|edges| Way { edges, is_whole }));
        }
        Ok(Ways { ways: found, has_more })
    }

    /// Searches until an end is found. Returns `false` if it is not found within bounds.
    fn reaches(&mut self, end: &Term, graphs: &Graphs) -> Result<bool> {
        let goal = (end.clone(), self.automaton.end);
        while !self.places.contains_key(&goal) {
            let Some(place) = self.waiting.pop_front() else { return Ok(false) };
            if self.found.len() > MOST_VISITED {
                return Ok(false);
            }
            self.expand(place, graphs)?;
        }
        Ok(true)
    }

    /// Returns the paths to an end other than a shortest one, and whether there may be more.
    fn others(
        &self,
        end: &Term,
        shortest: Vec<Arc<Triple>>,
        most: usize,
        graphs: &Graphs,
    ) -> Result<(Vec<Vec<Arc<Triple>>>, bool)> {
        let Some((start, ..)) = self.found.first() else { return Ok((Vec::new(), false)) };
        let mut cache = EdgeCache::default();
        let mut known = vec![shortest.clone()];
        let mut tried: FxHashSet<BTreeSet<String>> = FxHashSet::default();
        // The edges that the next search excludes, and a path from which it has to differ.
        let mut open = VecDeque::from([(Vec::<Arc<Triple>>::new(), shortest)]);
        let mut budget = MOST_VISITED_AGAIN;
        while let Some((without, way)) = open.pop_front() {
            for edge in way {
                let mut without = without.clone();
                without.push(edge);
                if !tried.insert(without.iter().map(ToString::to_string).collect()) {
                    continue;
                }
                let found =
                    self.shortest_without(start, end, &without, budget, &mut cache, graphs)?;
                budget = budget.saturating_sub(found.visited);
                if budget == 0 {
                    return Ok((known.split_off(1), true));
                }
                let Some(way) = found.way else { continue };
                if !known.contains(&way) {
                    if known.len() > most {
                        return Ok((known.split_off(1), true));
                    }
                    known.push(way.clone());
                }
                open.push_back((without, way));
            }
        }
        Ok((known.split_off(1), cache.is_incomplete))
    }

    /// Returns a shortest path that avoids some edges. It may be missed if the search exceeds its budget.
    fn shortest_without(
        &self,
        start: &Term,
        end: &Term,
        without: &[Arc<Triple>],
        budget: usize,
        cache: &mut EdgeCache,
        graphs: &Graphs,
    ) -> Result<Detour> {
        let mut visits: Vec<Visit> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut next = 0;
        self.enter(start, 0, None, &mut seen, &mut visits);
        let mut goal = None;
        while goal.is_none() && next < visits.len() && visits.len() < budget {
            let Visit { thing, state, .. } = &visits[next];
            let (thing, state) = (thing.clone(), *state);
            if state == self.automaton.end && thing == *end {
                goal = Some(next);
                break;
            }
            let edges = match cache.edges.get(&(thing.clone(), state)) {
                Some(edges) => Arc::clone(edges),
                None => {
                    let is_unknown =
                        self.ends_of(&thing, state).any(|(end, ..)| graphs.are_unknown(&end));
                    cache.is_incomplete |= is_unknown;
                    let edges = if is_unknown {
                        Vec::new()
                    } else {
                        self.edges_from(&thing, state, graphs)?
                    };
                    let edges: Arc<[_]> = edges.into();
                    cache.edges.insert((thing, state), Arc::clone(&edges));
                    edges
                }
            };
            for (triple, thing, state) in edges.iter() {
                if !without.contains(triple) {
                    let before = (next, Arc::clone(triple));
                    self.enter(thing, *state, Some(&before), &mut seen, &mut visits);
                }
            }
            next += 1;
        }
        let way = goal.map(|goal| {
            let mut edges = Vec::new();
            let mut place = goal;
            while let Some((before, edge)) = &visits[place].before {
                edges.push(Arc::clone(edge));
                place = *before;
            }
            edges.reverse();
            edges
        });
        Ok(Detour { way, visited: visits.len() })
    }

    /// Visits a term in a state, and in all states that free steps reach from there.
    fn enter(
        &self,
        thing: &Term,
        state: usize,
        before: Option<&(usize, Arc<Triple>)>,
        seen: &mut FxHashSet<(Term, usize)>,
        visits: &mut Vec<Visit>,
    ) {
        if !seen.insert((thing.clone(), state)) {
            return;
        }
        visits.push(Visit { thing: thing.clone(), state, before: before.cloned() });
        for &next in &self.automaton.free[state] {
            self.enter(thing, next, before, seen, visits);
        }
    }

    /// Returns the outgoing edges of a term in a state, each with the term and the state to which it leads.
    fn edges_from(&self, thing: &Term, state: usize, graphs: &Graphs) -> Result<Vec<Onward>> {
        let mut edges = Vec::new();
        for (end, step, to) in self.ends_of(thing, state) {
            for edge in graphs.edges(&end)? {
                if !step.excludes(&edge) {
                    let next = if end.is_reverse {
                        edge.subject.clone().into()
                    } else {
                        edge.object.clone()
                    };
                    edges.push((edge.into(), next, to));
                }
            }
        }
        Ok(edges)
    }

    /// Returns the edges of the path to a goal, the last one first.
    fn edges_to(&self, goal: &(Term, usize)) -> Vec<&Edge> {
        let mut edges = Vec::new();
        let mut place = self.places.get(goal);
        while let Some((before, edge)) = place.and_then(|place| self.found[*place].2.as_ref()) {
            edges.extend(edge);
            place = Some(before);
        }
        edges
    }

    /// Returns what has to be looked up before the search for a path to an end can go on. Returns an empty list if the
    /// search is finished.
    pub(super) fn waits_for(&mut self, end: &Term, graphs: &Graphs) -> Result<Vec<EdgeEnd>> {
        let goal = (end.clone(), self.automaton.end);
        while !self.places.contains_key(&goal) && self.found.len() <= MOST_VISITED {
            let Some(&place) = self.waiting.front() else { break };
            if self.ends_at(place).any(|(end, ..)| graphs.are_unknown(&end)) {
                let next = self.waiting.iter().take(LOOK_AHEAD);
                let ends = next.flat_map(|place| self.ends_at(*place)).map(|(end, ..)| end);
                return Ok(ends.filter(|end| graphs.are_unknown(end)).collect());
            }
            self.waiting.pop_front();
            self.expand(place, graphs)?;
        }
        Ok(Vec::new())
    }

    /// Returns the unknown edges of the terms that were found beside the path to an end.
    pub(super) fn beside(&self, end: &Term, graphs: &Graphs) -> Vec<EdgeEnd> {
        let waiting = self.waiting.iter().filter(|&&place| self.found[place].0 != *end);
        let ends = waiting.take(LOOK_AHEAD).flat_map(|place| self.ends_at(*place));
        ends.map(|(end, ..)| end).filter(|end| graphs.are_unknown(end)).collect()
    }

    /// Returns the triples of the default graph on the path that was found to an end.
    pub(super) fn triples_to(&self, end: &Term) -> Vec<Arc<Triple>> {
        if self.graph.is_some() {
            return Vec::new();
        }
        let edges = self.edges_to(&(end.clone(), self.automaton.end));
        edges.into_iter().map(|edge| Arc::clone(&edge.triple)).collect()
    }

    /// Returns the ends of the outgoing edges of a place, each with its step and the state to which it leads.
    fn ends_at(&self, place: usize) -> impl Iterator<Item = (EdgeEnd, &PathStep, usize)> {
        let (thing, state, _) = &self.found[place];
        self.ends_of(thing, *state)
    }

    fn ends_of<'s>(
        &'s self,
        thing: &'s Term,
        state: usize,
    ) -> impl Iterator<Item = (EdgeEnd, &'s PathStep, usize)> {
        self.automaton.steps[state].iter().map(|(step, to)| {
            let (predicate, is_reverse) = match step {
                PathStep::Edge { predicate, is_reverse } => (Some(predicate.clone()), *is_reverse),
                PathStep::Other { is_reverse, .. } => (None, *is_reverse),
            };
            let (thing, graph) = (thing.clone(), self.graph.clone());
            (EdgeEnd { thing, is_reverse, predicate, graph }, step, *to)
        })
    }

    fn expand(&mut self, place: usize, graphs: &Graphs) -> Result<()> {
        let (thing, state, _) = &self.found[place];
        for (triple, next, to) in self.edges_from(thing, *state, graphs)? {
            self.find(&next, to, Some((place, Some(Edge { triple, cited: OnceCell::new() }))));
        }
        Ok(())
    }

    /// Records that a term is reached in a state, and in all states that free steps reach from there.
    fn find(&mut self, term: &Term, state: usize, from: Option<Before>) {
        let key = (term.clone(), state);
        if self.places.contains_key(&key) {
            return;
        }
        let place = self.found.len();
        self.places.insert(key, place);
        self.found.push((term.clone(), state, from));
        self.waiting.push_back(place);
        for next in self.automaton.free[state].clone() {
            self.find(term, next, Some((place, None)));
        }
    }
}
