//! A shortest way along a property path: what joins the two ends of a `*`, a `+` or a `?`.
//!
//! The path becomes a finite automaton (Thompson, *Regular expression search algorithm*, CACM 1968), and the things
//! that it reaches from one end are searched breadth first, so that the first way found to the other end is a shortest
//! one. The plain engine has decided before that there is one.

use super::citation::CitedTriple;
use super::graphs::{End, Graphs};
use crate::error::Result;
use oxigraph::model::{NamedNode, Term, Triple};
use rustc_hash::FxHashMap;
use spargebra::algebra::PropertyPathExpression;
use std::cell::OnceCell;
use std::collections::VecDeque;
use std::sync::Arc;

/// How many things and states are visited before a search gives up.
pub const MOST_VISITED: usize = 200_000;

/// How many places of a search are looked ahead at, where an endpoint is asked.
const LOOK_AHEAD: usize = 100;

/// What a search begins with: a path, a thing, and the graph if it is a named one.
pub type SearchKey = (PropertyPathExpression, Term, Option<NamedNode>);

/// A path as an automaton: from each state, steps along an edge and steps that cost nothing.
#[derive(Debug)]
struct Automaton {
    steps: Vec<Vec<(Step, usize)>>,
    free: Vec<Vec<usize>>,
    end: usize,
}

/// A step along an edge.
#[derive(Debug, Clone)]
enum Step {
    /// Along an edge with this predicate, or against it.
    Edge { predicate: NamedNode, is_reverse: bool },
    /// Along an edge with any other predicate, or against it.
    Other { excluded: Vec<NamedNode>, is_reverse: bool },
}

impl Automaton {
    fn of(path: &PropertyPathExpression) -> Self {
        let mut automaton = Self { steps: vec![Vec::new()], free: vec![Vec::new()], end: 0 };
        automaton.end = automaton.add(path, 0, false);
        automaton
    }

    fn state(&mut self) -> usize {
        self.steps.push(Vec::new());
        self.free.push(Vec::new());
        self.steps.len() - 1
    }

    /// Adds a path that begins in a state, and tells in which one it ends.
    fn add(&mut self, path: &PropertyPathExpression, from: usize, is_reverse: bool) -> usize {
        match path {
            PropertyPathExpression::NamedNode(predicate) => {
                let to = self.state();
                self.steps[from]
                    .push((Step::Edge { predicate: predicate.clone(), is_reverse }, to));
                to
            }
            PropertyPathExpression::NegatedPropertySet(excluded) => {
                let to = self.state();
                self.steps[from].push((Step::Other { excluded: excluded.clone(), is_reverse }, to));
                to
            }
            PropertyPathExpression::Reverse(inner) => self.add(inner, from, !is_reverse),
            PropertyPathExpression::Sequence(first, second) => {
                let (first, second) = if is_reverse { (second, first) } else { (first, second) };
                let between = self.add(first, from, is_reverse);
                self.add(second, between, is_reverse)
            }
            PropertyPathExpression::Alternative(first, second) => {
                let to = self.state();
                for path in [first, second] {
                    // A state of its own, so that what loops back in one branch does not enter the other.
                    let begin = self.state();
                    self.free[from].push(begin);
                    let end = self.add(path, begin, is_reverse);
                    self.free[end].push(to);
                }
                to
            }
            PropertyPathExpression::ZeroOrOne(inner) => {
                let to = self.add(inner, from, is_reverse);
                let end = self.state();
                self.free[to].push(end);
                self.free[from].push(end);
                end
            }
            PropertyPathExpression::ZeroOrMore(inner) => {
                let begin = self.state();
                self.free[from].push(begin);
                let to = self.add(inner, begin, is_reverse);
                self.free[to].push(begin);
                begin
            }
            PropertyPathExpression::OneOrMore(inner) => {
                let begin = self.state();
                self.free[from].push(begin);
                let to = self.add(inner, begin, is_reverse);
                self.free[to].push(begin);
                to
            }
        }
    }
}

/// The place that was found before another one, and the edge between: none if the step costs nothing.
type Before = (usize, Option<Edge>);

/// An edge between two things, and the graphs that state it once they are asked for.
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
            None => graphs.cite(&triple)?,
        };
        Ok(self.cited.get_or_init(|| cited).clone())
    }
}

/// A way along a path: its first edges, in order.
pub struct Way {
    /// The edges.
    pub edges: Vec<CitedTriple>,
    /// Whether these are all of them.
    pub is_whole: bool,
}

/// A search from one end of a path. It goes on where it stopped when it is asked for another end.
pub struct Search {
    automaton: Automaton,
    graph: Option<NamedNode>,
    /// The things and states in the order in which they were found, each with the one before it and the edge between.
    found: Vec<(Term, usize, Option<Before>)>,
    places: FxHashMap<(Term, usize), usize>,
    waiting: VecDeque<usize>,
}

impl Search {
    /// A search along a path from its beginning, in a named graph or in the default graph.
    pub fn new(path: &PropertyPathExpression, start: &Term, graph: Option<NamedNode>) -> Self {
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

    /// How many things were found so far.
    pub fn size(&self) -> usize {
        self.found.len()
    }

    /// A shortest way to an end: none if there is none, or none was found within bounds.
    ///
    /// # Arguments
    /// `most` is how many of its edges are wanted.
    pub fn way_to(&mut self, end: &Term, most: usize, graphs: &Graphs) -> Result<Option<Way>> {
        let goal = (end.clone(), self.automaton.end);
        while !self.places.contains_key(&goal) {
            let Some(place) = self.waiting.pop_front() else { return Ok(None) };
            if self.found.len() > MOST_VISITED {
                return Ok(None);
            }
            self.expand(place, graphs)?;
        }
        let edges = self.edges_to(&goal);
        let is_whole = edges.len() <= most;
        let first = edges.into_iter().rev().take(most);
        let edges =
            first.map(|edge| edge.cited(self.graph.as_ref(), graphs)).collect::<Result<_>>()?;
        Ok(Some(Way { edges, is_whole }))
    }

    /// The edges of the way to what was found, the last one first.
    fn edges_to(&self, goal: &(Term, usize)) -> Vec<&Edge> {
        let mut edges = Vec::new();
        let mut place = self.places.get(goal);
        while let Some((before, edge)) = place.and_then(|place| self.found[*place].2.as_ref()) {
            edges.extend(edge);
            place = Some(before);
        }
        edges
    }

    /// What has to be looked up before the search for a way to an end can go on: nothing if it has come to its end.
    pub fn waits_for(&mut self, end: &Term, graphs: &Graphs) -> Result<Vec<End>> {
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

    /// The triples of the default graph on the way to an end that was found.
    pub fn triples_to(&self, end: &Term) -> Vec<Arc<Triple>> {
        if self.graph.is_some() {
            return Vec::new();
        }
        let edges = self.edges_to(&(end.clone(), self.automaton.end));
        edges.into_iter().map(|edge| Arc::clone(&edge.triple)).collect()
    }

    /// The ends that lead on from a place, each with its step and the state that this leads to.
    fn ends_at(&self, place: usize) -> impl Iterator<Item = (End, &Step, usize)> {
        let (thing, state, _) = &self.found[place];
        self.automaton.steps[*state].iter().map(|(step, to)| {
            let (predicate, is_reverse) = match step {
                Step::Edge { predicate, is_reverse } => (Some(predicate.clone()), *is_reverse),
                Step::Other { is_reverse, .. } => (None, *is_reverse),
            };
            let (thing, graph) = (thing.clone(), self.graph.clone());
            (End { thing, is_reverse, predicate, graph }, step, *to)
        })
    }

    fn expand(&mut self, place: usize, graphs: &Graphs) -> Result<()> {
        let steps: Vec<(End, Step, usize)> =
            self.ends_at(place).map(|(end, step, to)| (end, step.clone(), to)).collect();
        for (end, step, to) in steps {
            for edge in graphs.edges(&end)? {
                if let Step::Other { excluded, .. } = &step
                    && excluded.contains(&edge.predicate)
                {
                    continue;
                }
                let next =
                    if end.is_reverse { edge.subject.clone().into() } else { edge.object.clone() };
                self.find(
                    &next,
                    to,
                    Some((place, Some(Edge { triple: edge.into(), cited: OnceCell::new() }))),
                );
            }
        }
        Ok(())
    }

    /// Notes that a thing is reached in a state, and in all states that cost nothing more.
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
