//! Triple patterns: scans of the index, and lookups in it for each row of an input.

use super::block::{Block, Column, MOST, UNBOUND};
use super::operator::{Context, Operator, Pieces};
use crate::engine::index::{TripleIndex, TripleRange};
use oxigraph::sparql::QueryEvaluationError;

/// The rows of the first block of a scan. Each block has twice the rows of the one before, so that a query for few rows
/// reads little.
const FIRST: usize = 64;

/// From this number of triples on, a term has a block of its own when the terms of a position are listed.
pub(super) const MANY: usize = 64;

/// A scan of the triples that match a pattern.
pub(super) struct Scan {
    pub range: TripleRange,
    /// The position in the triple of each column.
    pub columns: Vec<usize>,
    /// The pairs of positions that must have the same term.
    pub equal: Vec<[usize; 2]>,
    size: usize,
    is_done: bool,
}

impl Scan {
    pub(super) const fn new(
        range: TripleRange,
        columns: Vec<usize>,
        equal: Vec<[usize; 2]>,
    ) -> Self {
        Self { range, columns, equal, size: FIRST, is_done: false }
    }

    /// Returns whether the next block has the most rows that a block has.
    pub(super) const fn has_full_blocks(&self) -> bool {
        self.size >= MOST
    }
}

impl Operator for Scan {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        context.check()?;
        if self.is_done {
            return Ok(None);
        }
        if self.columns.is_empty() && self.equal.is_empty() {
            let (rows, is_all) = self.range.count(&context.index, usize::MAX);
            if is_all {
                self.is_done = true;
                return Ok(Some(Block { rows, columns: Vec::new() }));
            }
        }
        let mut columns = vec![Vec::with_capacity(self.size); self.columns.len()];
        let (mut rows, mut read) = (0, 0);
        while read < self.size {
            let Some(triple) = self.range.next(&context.index) else {
                self.is_done = true;
                break;
            };
            read += 1;
            if is_equal(&self.equal, triple) {
                rows += 1;
                for (column, &position) in columns.iter_mut().zip(&self.columns) {
                    column.push(at(triple, position));
                }
            }
        }
        self.size = MOST.min(2 * self.size);
        Ok(Some(Block { rows, columns: columns.into_iter().map(Column::Each).collect() }))
    }
}

/// A scan of the triples with a known term.
pub(super) struct RunScan(pub Scan);

impl Operator for RunScan {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        let scan = &mut self.0;
        let (head, second) = scan.range.given();
        if second.is_some() || !scan.equal.is_empty() || scan.columns.is_empty() {
            return scan.next(context);
        }
        context.check()?;
        let pairs = scan.range.pairs(&context.index);
        if pairs.is_empty() {
            return Ok(None);
        }
        let pairs = pairs.get(..scan.size).unwrap_or(pairs);
        let [_, first, second] = scan.range.positions();
        let columns = scan.columns.iter().map(|&position| {
            if position == first {
                Column::Each(pairs.iter().map(|pair| pair[0]).collect())
            } else if position == second {
                Column::Each(pairs.iter().map(|pair| pair[1]).collect())
            } else {
                Column::Same(head)
            }
        });
        let block = Block { rows: pairs.len(), columns: columns.collect() };
        scan.range.skip(block.rows);
        scan.size = MOST.min(2 * scan.size);
        Ok(Some(block))
    }
}

/// The terms at one position of all triples, each as often as there are triples.
pub(super) struct Occurrences {
    position: usize,
    /// The number of the next term.
    next: Option<u32>,
}

impl Occurrences {
    pub(super) const fn new(position: usize) -> Self {
        Self { position, next: Some(0) }
    }
}

impl Operator for Occurrences {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        context.check()?;
        let Some(from) = self.next.take() else { return Ok(None) };
        let mut numbers = Vec::new();
        for (term, count) in context.index.counts(self.position, from) {
            if count >= MANY && numbers.is_empty() {
                self.next = term.checked_add(1);
                return Ok(Some(Block { rows: count, columns: vec![Column::Same(term)] }));
            }
            if count >= MANY || numbers.len() >= MOST {
                self.next = Some(term);
                break;
            }
            numbers.extend(std::iter::repeat_n(term, count));
        }
        Ok(Some(Block { rows: numbers.len(), columns: vec![Column::Each(numbers)] }))
    }
}

/// A position of a triple pattern, given the rows of an input.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Known(u32),
    /// The value of a column, or any term where that is unbound.
    Bound(usize),
    Free,
}

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
    places: [Place; 3],
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
        places: [Place; 3],
        equal: Vec<[usize; 2]>,
        columns: Vec<Source>,
    ) -> Self {
        let (input, current) = (Pieces::new(input), Block::default());
        Self { input, places, equal, columns, current, row: 0, rest: None }
    }

    /// Returns the triples that match the pattern for a row.
    fn find(&self, index: &TripleIndex, row: usize) -> Option<TripleRange> {
        let mut given = [None; 3];
        for (given, &place) in given.iter_mut().zip(&self.places) {
            *given = match place {
                Place::Known(number) => Some(number),
                Place::Bound(column) => match self.current.get(column, row) {
                    UNBOUND => None,
                    number if number as usize >= index.terms() => return None,
                    number => Some(number),
                },
                Place::Free => None,
            };
        }
        let [subject, property, object] = given;
        Some(index.find(subject, property, object))
    }

    /// Reads the triples for the rows of the current block, until enough are found.
    fn read(&mut self, context: &Context, found: &mut Found) -> Result<(), QueryEvaluationError> {
        let index = &*context.index;
        while self.row < self.current.rows && found.rows() < MOST {
            // Most of the triples that are read may be no matches.
            context.check()?;
            let Some(mut range) = self.rest.take().or_else(|| self.find(index, self.row)) else {
                self.row += 1;
                continue;
            };
            let is_all = if range.is_run() {
                let (head, second) = range.given();
                let pairs = range.pairs(index);
                let pairs = pairs.get(..MOST).unwrap_or(pairs);
                let positions = range.positions();
                for pair in pairs {
                    let mut triple = [0; 3];
                    for (position, number) in positions.into_iter().zip([head, pair[0], pair[1]]) {
                        triple[position] = number;
                    }
                    if second.is_none_or(|second| second == pair[1])
                        && is_equal(&self.equal, triple)
                    {
                        found.add(self.row, triple);
                    }
                }
                range.skip(pairs.len());
                range.pairs(index).is_empty()
            } else {
                let triples = std::iter::from_fn(|| range.next(index)).take(MOST);
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
        let count = |row| {
            context.check()?;
            let range = self.find(index, row);
            Ok(range.map_or(0, |range| range.count(index, usize::MAX).0))
        };
        let is_constant = self.places.iter().all(|place| match place {
            Place::Bound(column) => self.current.is_constant_in(&[*column]),
            _ => true,
        });
        let rows = self.current.rows;
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

    fn add(&mut self, row: usize, triple: [u32; 3]) {
        // A block has fewer rows than 32 bits can count.
        self.inputs.push(u32::try_from(row).unwrap_or(u32::MAX));
        for ((terms, is_wanted), number) in self.terms.iter_mut().zip(self.is_wanted).zip(triple) {
            if is_wanted {
                terms.push(number);
            }
        }
    }
}

fn at(triple: [u32; 3], position: usize) -> u32 {
    triple.get(position).copied().unwrap_or(UNBOUND)
}

fn is_equal(equal: &[[usize; 2]], triple: [u32; 3]) -> bool {
    equal.iter().all(|&[a, b]| at(triple, a) == at(triple, b))
}
