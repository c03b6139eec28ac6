//! Triple patterns that are looked up in the index for each row of an input.

use super::block::{Block, Column, MOST, UNBOUND};
use super::operator::{Context, Operator, Pieces};
use super::probe::Probe;
use super::scan::is_equal;
use crate::engine::index::TripleRange;
use oxigraph::sparql::QueryEvaluationError;
use std::iter;

/// The source of a column of a lookup's output.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// A column of the input.
    Input(usize),
    /// A position of the triple found.
    Found(usize),
}

/// A lookup of the triples that match a pattern, for each row of an input.
pub(super) struct Lookup {
    input: Pieces,
    probe: Probe,
    equal: Vec<[usize; 2]>,
    columns: Vec<Source>,
    current: Block,
    row: usize,
    /// The triples for the current row that have not been read yet.
    rest: Option<TripleRange>,
}

impl Lookup {
    pub(super) fn new(
        input: Box<dyn Operator>,
        probe: Probe,
        equal: Vec<[usize; 2]>,
        columns: Vec<Source>,
    ) -> Self {
        let (input, current) = (Pieces::new(input), Block::default());
        Self { input, probe, equal, columns, current, row: 0, rest: None }
    }

    /// Reads the triples for the rows of the current block, until enough are found.
    fn read(&mut self, context: &Context, found: &mut Found) -> Result<(), QueryEvaluationError> {
        let index = &*context.index;
        while self.row < self.current.rows && found.rows() < MOST {
            // Most of the triples that are read may be no matches.
            context.check()?;
            let range =
                self.rest.take().or_else(|| self.probe.find(&self.current, self.row, index));
            let Some(mut range) = range else {
                self.row += 1;
                continue;
            };
            let is_all = if range.is_run() {
                let (head, second) = range.given();
                let pairs = range.pairs(index);
                let pairs = pairs.get(..MOST).unwrap_or(pairs);
                if second.is_none() && self.equal.is_empty() {
                    found.add_run(self.row, head, range.positions(), pairs);
                } else {
                    for &[first, last] in pairs {
                        let mut triple = [0; 3];
                        for (position, number) in
                            range.positions().into_iter().zip([head, first, last])
                        {
                            triple[position] = number;
                        }
                        if second.is_none_or(|second| second == last)
                            && is_equal(&self.equal, triple)
                        {
                            found.add(self.row, triple);
                        }
                    }
                }
                range.skip(pairs.len());
                range.pairs(index).is_empty()
            } else {
                let triples = iter::from_fn(|| range.next(index)).take(MOST);
                let mut read = 0;
                for triple in triples {
                    read += 1;
                    if is_equal(&self.equal, triple) {
                        found.add(self.row, triple);
                    }
                }
                read < MOST
            };
            if is_all {
                self.row += 1;
            } else {
                self.rest = Some(range);
            }
        }
        Ok(())
    }

    /// Counts the triples for all rows of the current block.
    fn count(&mut self, context: &Context) -> Result<usize, QueryEvaluationError> {
        let index = &*context.index;
        let rows = self.current.rows;
        let is_constant = self.current.is_constant_in(&self.probe.columns());
        let mut count = |row| {
            context.check()?;
            let range = self.probe.find(&self.current, row, index);
            Ok(range.map_or(0, |range| range.count(index, usize::MAX).0))
        };
        let all = if is_constant && rows > 0 {
            rows * count(0)?
        } else {
            (0..rows).map(count).sum::<Result<_, QueryEvaluationError>>()?
        };
        self.row = rows;
        Ok(all)
    }
}

impl Operator for Lookup {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        context.check()?;
        if self.row >= self.current.rows {
            let Some(block) = self.input.next(context)? else { return Ok(None) };
            self.probe.begin(&block, context)?;
            (self.current, self.row) = (block, 0);
        }
        if self.columns.is_empty() && self.equal.is_empty() && self.rest.is_none() {
            let rows = self.count(context)?;
            return Ok(Some(Block { rows, columns: Vec::new() }));
        }
        let mut found = Found::of(&self.columns);
        self.read(context, &mut found)?;
        let columns = self.columns.iter().map(|source| match *source {
            Source::Input(column) => match self.current.columns.get(column) {
                Some(column) => column.of_rows(&found.inputs),
                None => Column::Same(UNBOUND),
            },
            Source::Found(position) => Column::Each(std::mem::take(&mut found.terms[position])),
        });
        let columns = columns.collect();
        Ok(Some(Block { rows: found.rows(), columns }))
    }
}

/// The triples found by lookups.
struct Found {
    /// The row of the input for each of them.
    inputs: Vec<u32>,
    terms: [Vec<u32>; 3],
    is_wanted: [bool; 3],
}

impl Found {
    fn of(columns: &[Source]) -> Self {
        let mut is_wanted = [false; 3];
        for column in columns {
            if let Source::Found(position) = *column {
                is_wanted[position] = true;
            }
        }
        Self { inputs: Vec::new(), terms: Default::default(), is_wanted }
    }

    fn rows(&self) -> usize {
        self.inputs.len()
    }

    /// Adds the triples with a head and some pairs, which have these positions.
    fn add_run(&mut self, row: usize, head: u32, positions: [usize; 3], pairs: &[[u32; 2]]) {
        self.inputs.extend(iter::repeat_n(input(row), pairs.len()));
        let [at_head, first, second] = positions;
        if self.is_wanted[at_head] {
            self.terms[at_head].extend(iter::repeat_n(head, pairs.len()));
        }
        for (position, place) in [(first, 0), (second, 1)] {
            if self.is_wanted[position] {
                self.terms[position].extend(pairs.iter().map(|pair| pair[place]));
            }
        }
    }

    fn add(&mut self, row: usize, triple: [u32; 3]) {
        self.inputs.push(input(row));
        for ((terms, is_wanted), number) in self.terms.iter_mut().zip(self.is_wanted).zip(triple) {
            if is_wanted {
                terms.push(number);
            }
        }
    }
}

/// Returns a row of a block, which has fewer rows than 32 bits can count.
fn input(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
