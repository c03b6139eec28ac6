//! Repeated property paths (`+`, `*` and `?`), for each row of an input.
//!
//! Such a path connects a pair of nodes once, in however many ways ([SPARQL 1.1,
//! 18.4](https://www.w3.org/TR/sparql11-query/#PropertyPathPatterns)). If one end is known, a search from there finds
//! the other ends. If both are known, two searches proceed in turn, one from each end, until one of them is finished.

mod components;
mod pairs;
mod search;

pub(super) use search::{Repeat, Step};

use super::block::{Block, Column, MOST, UNBOUND};
use super::lookup::Source;
use super::operator::{Context, Operator, Pieces};
use super::probe::Place;
use oxigraph::sparql::QueryEvaluationError;
use pairs::Pairs;
use rustc_hash::FxHashMap;
use search::{Search, is_node};
use std::rc::Rc;

/// The most nodes that are cached as the ends of paths.
const MOST_CACHED: usize = 1 << 22;

/// The most cached ends that are compared with those of a node.
const MOST_COMPARED: usize = 4;

/// A step in both directions, and how often it is repeated.
pub(super) struct Path {
    repeat: Repeat,
    /// The step from the start to the end, and that from the end to the start.
    steps: [Step; 2],
    /// The latest search in each direction.
    searches: [Search; 2],
    /// The nodes found from a node in a direction.
    cache: FxHashMap<(u32, bool), Rc<[u32]>>,
    cached: usize,
    pairs: Option<Pairs>,
}

impl Path {
    pub(super) fn new(repeat: Repeat, forward: Step, backward: Step) -> Self {
        Self {
            repeat,
            steps: [forward, backward],
            searches: Default::default(),
            cache: FxHashMap::default(),
            cached: 0,
            pairs: None,
        }
    }

    /// Returns the ends of the paths that start at a node, or the starts of those that end at it.
    fn ends(
        &mut self,
        node: u32,
        is_backward: bool,
        context: &Context,
    ) -> Result<Rc<[u32]>, QueryEvaluationError> {
        if let Some(ends) = self.cache.get(&(node, is_backward)) {
            return Ok(Rc::clone(ends));
        }
        if let Some(ends) = self.ends_of_component(node, is_backward, context)? {
            self.cache.insert((node, is_backward), Rc::clone(&ends));
            return Ok(ends);
        }
        let direction = usize::from(is_backward);
        let (search, step) = (&mut self.searches[direction], &mut self.steps[direction]);
        if !search.is_from(node) {
            search.begin(node, self.repeat, &context.index);
        }
        while search.advance(step, context)? {}
        let ends: Rc<[u32]> = search.found().into();
        if self.cached.saturating_add(ends.len()) > MOST_CACHED {
            self.cache.clear();
            self.cached = 0;
        }
        self.cached += ends.len();
        self.cache.insert((node, is_backward), Rc::clone(&ends));
        Ok(ends)
    }

    /// Returns the cached ends of a node to which a step leads from another one, if the path leads back to that: then
    /// both have the same ends. Returns `None` if there is no such node among the first ones.
    fn ends_of_component(
        &mut self,
        node: u32,
        is_backward: bool,
        context: &Context,
    ) -> Result<Option<Rc<[u32]>>, QueryEvaluationError> {
        if self.repeat == Repeat::ZeroOrOne || self.cache.is_empty() {
            return Ok(None);
        }
        let mut next = Vec::new();
        self.steps[usize::from(is_backward)].follow(node, context, &mut next)?;
        let mut cached = next.iter().take(MOST_COMPARED).filter_map(|&next| {
            let ends = self.cache.get(&(next, is_backward))?;
            ends.contains(&node).then(|| Rc::clone(ends))
        });
        Ok(cached.next())
    }

    /// Returns whether the path leads from one node to another. A search that has begun at one of them is continued.
    fn connects(
        &mut self,
        start: u32,
        end: u32,
        context: &Context,
    ) -> Result<bool, QueryEvaluationError> {
        let [forward, backward] = &mut self.searches;
        let [ahead, back] = &mut self.steps;
        let has_start = forward.is_from(start);
        let is_two_sided = !has_start && !backward.is_from(end);
        if is_two_sided {
            forward.begin(start, self.repeat, &context.index);
            backward.begin(end, self.repeat, &context.index);
        }
        loop {
            if has_start || is_two_sided {
                if forward.has_found(end) {
                    return Ok(true);
                }
                if !forward.advance(ahead, context)? {
                    return Ok(false);
                }
            }
            if !has_start {
                if backward.has_found(start) {
                    return Ok(true);
                }
                if !backward.advance(back, context)? {
                    return Ok(false);
                }
            }
        }
    }

    fn pairs(&mut self, context: &Context) -> Result<&mut Pairs, QueryEvaluationError> {
        let pairs = match self.pairs.take() {
            Some(pairs) => pairs,
            None => {
                let [forward, _] = &mut self.steps;
                Pairs::new(forward, self.repeat, context)?
            }
        };
        Ok(self.pairs.insert(pairs))
    }
}

/// The pairs of nodes that a path connects, for each row of an input.
pub(super) struct PathLookup {
    input: Pieces,
    path: Path,
    /// The start and the end of the path.
    places: [Place; 2],
    /// Whether both ends are the same variable.
    is_loop: bool,
    /// The start is found at position 0, and the end at position 1.
    columns: Vec<Source>,
    current: Block,
    row: usize,
    rest: Option<Rest>,
}

/// The pairs for the current row that have not been read yet.
enum Rest {
    /// A node at a position, with each node at the other one.
    Run { node: u32, position: usize, others: Rc<[u32]>, read: usize },
    /// Each of some nodes, at both positions.
    Loops { nodes: Rc<[u32]>, read: usize },
    /// All pairs.
    Pairs,
}

impl PathLookup {
    pub(super) fn new(
        input: Box<dyn Operator>,
        path: Path,
        places: [Place; 2],
        is_loop: bool,
        columns: Vec<Source>,
    ) -> Self {
        Self {
            input: Pieces::new(input),
            path,
            places,
            is_loop,
            columns,
            current: Block::default(),
            row: 0,
            rest: None,
        }
    }

    /// Finds the pairs for the current row.
    fn find(&mut self, context: &Context) -> Result<Option<Rest>, QueryEvaluationError> {
        let index = &context.index;
        let [start, end] = self.places.map(|place| match place {
            Place::Known(node) => Some(node),
            Place::Bound(column) => match self.current.get(column, self.row) {
                UNBOUND => None,
                node => Some(node),
            },
            Place::Free => None,
        });
        // A path of zero length connects each node of the graph with itself. It also connects a constant of the query
        // with itself, even if the graph does not have it.
        let is_constant = self.places.iter().any(|place| matches!(place, Place::Known(_)));
        let one = if self.is_loop { start } else { start.or(end) };
        if !is_constant && one.is_some_and(|node| !is_node(index, node)) {
            return Ok(None);
        }
        let pair = |start: u32, end: u32| Rest::Run {
            node: start,
            position: 0,
            others: [end].into(),
            read: 0,
        };
        Ok(match (start, end) {
            (Some(node), _) if self.is_loop => {
                self.path.connects(node, node, context)?.then(|| pair(node, node))
            }
            (None, _) if self.is_loop => {
                let nodes = self.path.pairs(context)?.loops(context).into();
                Some(Rest::Loops { nodes, read: 0 })
            }
            (Some(start), Some(end)) => {
                self.path.connects(start, end, context)?.then(|| pair(start, end))
            }
            (Some(node), None) => {
                let others = self.path.ends(node, false, context)?;
                Some(Rest::Run { node, position: 0, others, read: 0 })
            }
            (None, Some(node)) => {
                let others = self.path.ends(node, true, context)?;
                Some(Rest::Run { node, position: 1, others, read: 0 })
            }
            (None, None) => {
                self.path.pairs(context)?.rewind();
                Some(Rest::Pairs)
            }
        })
    }

    /// Reads pairs for the current row. Returns what remains of them.
    fn read(
        &mut self,
        rest: Rest,
        found: &mut Found,
        context: &Context,
    ) -> Result<Option<Rest>, QueryEvaluationError> {
        Ok(match rest {
            Rest::Run { node, position, others, read } => {
                let some = found.next_of(&others, read);
                found.add(self.row, position, node, some);
                let read = read + some.len();
                (read < others.len()).then_some(Rest::Run { node, position, others, read })
            }
            Rest::Loops { nodes, read } => {
                let some = found.next_of(&nodes, read);
                found.add_loops(self.row, some);
                let read = read + some.len();
                (read < nodes.len()).then_some(Rest::Loops { nodes, read })
            }
            Rest::Pairs => {
                let is_done = self.path.pairs(context)?.read(self.row, found, context)?;
                (!is_done).then_some(Rest::Pairs)
            }
        })
    }
}

impl Operator for PathLookup {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        context.check()?;
        if self.row >= self.current.rows {
            let Some(block) = self.input.next(context)? else { return Ok(None) };
            (self.current, self.row) = (block, 0);
        }
        let mut found = Found::of(&self.columns);
        while self.row < self.current.rows && found.rows < MOST {
            context.check()?;
            let rest = match self.rest.take() {
                Some(rest) => Some(rest),
                None => self.find(context)?,
            };
            if let Some(rest) = rest {
                self.rest = self.read(rest, &mut found, context)?;
            }
            if self.rest.is_none() {
                self.row += 1;
            }
        }
        let columns = self.columns.iter().map(|source| match *source {
            Source::Input(column) => match self.current.columns.get(column) {
                Some(column) => column.of_rows(&found.inputs),
                None => Column::Same(UNBOUND),
            },
            Source::Found(position) => {
                Column::Each(found.ends.get_mut(position).map(std::mem::take).unwrap_or_default())
            }
        });
        let columns = columns.collect();
        Ok(Some(Block { rows: found.rows, columns }))
    }
}

/// The pairs found for the rows of an input.
struct Found {
    rows: usize,
    /// The row of the input for each of them.
    inputs: Vec<u32>,
    /// The start and the end of each of them, where they are wanted.
    ends: [Vec<u32>; 2],
    is_wanted: [bool; 2],
    has_columns: bool,
}

impl Found {
    fn of(columns: &[Source]) -> Self {
        let is_wanted = |wanted: usize| {
            columns.iter().any(|column| matches!(column, Source::Found(place) if *place == wanted))
        };
        Self {
            rows: 0,
            inputs: Vec::new(),
            ends: Default::default(),
            is_wanted: [is_wanted(0), is_wanted(1)],
            has_columns: !columns.is_empty(),
        }
    }

    /// Returns whether only the number of pairs is wanted.
    const fn is_counted(&self) -> bool {
        !self.has_columns
    }

    /// Returns the next nodes of a list to add.
    fn next_of<'a>(&self, nodes: &'a [u32], read: usize) -> &'a [u32] {
        let rest = nodes.get(read..).unwrap_or_default();
        if self.is_counted() { rest } else { rest.get(..MOST).unwrap_or(rest) }
    }

    /// Adds pairs of a node at a position with each of some nodes at the other one.
    fn add(&mut self, row: usize, position: usize, node: u32, others: &[u32]) {
        self.add_rows(row, others.len());
        for (place, (ends, is_wanted)) in self.ends.iter_mut().zip(self.is_wanted).enumerate() {
            match is_wanted {
                true if place == position => ends.extend(std::iter::repeat_n(node, others.len())),
                true => ends.extend_from_slice(others),
                false => {}
            }
        }
    }

    /// Adds a pair of each node with itself.
    fn add_loops(&mut self, row: usize, nodes: &[u32]) {
        self.add_rows(row, nodes.len());
        for (ends, is_wanted) in self.ends.iter_mut().zip(self.is_wanted) {
            if is_wanted {
                ends.extend_from_slice(nodes);
            }
        }
    }

    fn add_rows(&mut self, row: usize, rows: usize) {
        self.rows = self.rows.saturating_add(rows);
        if self.has_columns {
            // A block has fewer rows than 32 bits can count.
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            self.inputs.extend(std::iter::repeat_n(row, rows));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Cancellation;
    use crate::engine::executor::rows::Constant;
    use crate::engine::index::Triples;
    use oxigraph::model::{NamedNode, TripleRef};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const NODES: u32 = 16;

    fn name(number: u32) -> NamedNode {
        NamedNode::new_unchecked(format!("x:{number}"))
    }

    /// The pairs that a path connects, by following all edges again and again.
    fn expected(edges: &[[u32; 2]], repeat: Repeat) -> BTreeSet<[u32; 2]> {
        let mut pairs: BTreeSet<[u32; 2]> = edges.iter().copied().collect();
        if repeat != Repeat::ZeroOrOne {
            loop {
                let longer = pairs.iter().flat_map(|&[a, b]| {
                    edges.iter().filter(move |edge| edge[0] == b).map(move |edge| [a, edge[1]])
                });
                let all: BTreeSet<[u32; 2]> = longer.chain(pairs.iter().copied()).collect();
                if all.len() == pairs.len() {
                    break;
                }
                pairs = all;
            }
        }
        if repeat.has_zero() {
            pairs.extend(edges.iter().flatten().map(|&node| [node, node]));
        }
        pairs
    }

    /// The pairs that are found with ends of some kind, and how many there are if only that is asked.
    fn found(
        path: impl Fn() -> Path,
        places: [Place; 2],
        context: &Context,
    ) -> (Vec<[u32; 2]>, usize) {
        let run = |columns: Vec<Source>| {
            let input = Constant(Some(Block { rows: 1, columns: Vec::new() }));
            let mut lookup = PathLookup::new(Box::new(input), path(), places, false, columns);
            let (mut pairs, mut rows) = (Vec::new(), 0);
            while let Some(block) = lookup.next(context).unwrap() {
                rows += block.rows;
                pairs.extend((0..block.rows).map(|row| [block.get(0, row), block.get(1, row)]));
            }
            (pairs, rows)
        };
        let (mut pairs, _) = run(vec![Source::Found(0), Source::Found(1)]);
        pairs.sort_unstable();
        (pairs, run(Vec::new()).1)
    }

    proptest! {
        /// However the ends are known, a path connects exactly the pairs that its edges do.
        #[test]
        fn paths_connect_what_their_edges_do(
            edges in prop::collection::vec(prop::array::uniform2(0..NODES), 0..40),
            other in 0..NODES,
        ) {
            let property = name(NODES);
            let mut triples = Triples::default();
            for edge in &edges {
                let [a, b] = edge.map(name);
                triples.add(TripleRef::new(&a, &property, &b));
            }
            let context = Context::new(triples.index().into(), &Cancellation::default(), false);
            let index = &context.index;
            let number = |node: &NamedNode| index.number(node.as_ref().into());
            let step = |is_backward| Step::Property { property: number(&property), is_backward };
            for repeat in [Repeat::ZeroOrOne, Repeat::ZeroOrMore, Repeat::OneOrMore] {
                let path = || Path::new(repeat, step(false), step(true));
                let numbers = |pair: &[u32; 2]| pair.map(|node| number(&name(node)).unwrap());
                let mut right: Vec<[u32; 2]> = expected(&edges, repeat).iter().map(numbers).collect();
                right.sort_unstable();
                let all = found(path, [Place::Free, Place::Free], &context);
                prop_assert_eq!(&all, &(right.clone(), right.len()));
                let Some(end) = number(&name(other)) else { continue };
                for (place, places) in
                    [[Place::Known(end), Place::Free], [Place::Free, Place::Known(end)]].into_iter().enumerate()
                {
                    let mut some = right.clone();
                    some.retain(|pair| pair[place] == end);
                    let count = some.len();
                    prop_assert_eq!(found(path, places, &context), (some, count));
                }
                for &[start, _] in &right {
                    let is_one = right.contains(&[start, end]);
                    let (pairs, _) = found(path, [Place::Known(start), Place::Known(end)], &context);
                    prop_assert_eq!(pairs.len(), usize::from(is_one));
                }
            }
        }
    }
}
