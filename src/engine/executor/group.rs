//! GROUP BY and aggregates.

use super::block::{Block, Column, MOST, UNBOUND};
use super::evaluator;
use super::key_table::KeyTable;
use super::operator::{Context, Operator};
use super::totals::totals;
use oxigraph::model::{Literal, Variable};
use oxigraph::sparql::QueryEvaluationError;
use rustc_hash::FxHashMap;
use spargebra::algebra::{AggregateExpression, AggregateFunction};

/// An aggregate and what it has read, by the number of the group.
pub(super) enum Aggregate {
    /// `COUNT(*)`.
    Rows(Counts),
    /// `COUNT(DISTINCT *)`, with the columns that count.
    DistinctRows(Vec<usize>, Seen),
    /// `COUNT` of the values of a column.
    Values(usize, Counts),
    /// `COUNT(DISTINCT …)` of the values of a column.
    DistinctValues(usize, Seen),
    /// Any value of a column.
    Sample(usize, Vec<u32>),
    /// Another aggregate of the values of a column.
    Fold(Fold),
}

#[derive(Default)]
pub(super) struct Counts(Vec<usize>);

/// Distinct rows and the number of them in each group.
pub(super) struct Seen {
    rows: KeyTable,
    counts: Counts,
}

/// An aggregate that depends on the values of terms: each distinct value of a group is decoded once.
pub(super) struct Fold {
    pub column: usize,
    /// The aggregate of a variable.
    pub aggregate: AggregateExpression,
    pub variable: Variable,
    /// The pairs of a group and a value, and how often each occurs.
    pairs: KeyTable,
    counts: Counts,
    /// Whether a group has a row without a value, which is an error.
    has_failed: Vec<bool>,
}

impl Counts {
    fn add(&mut self, group: usize, rows: usize) {
        if group >= self.0.len() {
            self.0.resize(group + 1, 0);
        }
        if let Some(count) = self.0.get_mut(group) {
            *count += rows;
        }
    }

    fn get(&self, group: usize) -> usize {
        self.0.get(group).copied().unwrap_or_default()
    }

    /// Returns the number of the term of each count. Many groups have the same one.
    fn finish(&self, groups: usize, context: &Context) -> Result<Vec<u32>, QueryEvaluationError> {
        let mut known: FxHashMap<usize, u32> = FxHashMap::default();
        let mut numbers = Vec::with_capacity(groups);
        for group in 0..groups {
            let count = self.get(group);
            let number = match known.get(&count) {
                Some(&number) => number,
                None => {
                    let literal = Literal::from(i64::try_from(count).unwrap_or(i64::MAX));
                    let number = context.terms.number(literal.into())?;
                    known.insert(count, number);
                    number
                }
            };
            numbers.push(number);
        }
        Ok(numbers)
    }
}

impl Seen {
    fn of(rows: KeyTable) -> Self {
        Self { rows, counts: Counts::default() }
    }

    fn add(&mut self, group: usize, row: &[u32]) {
        if self.rows.add(row).1 {
            self.counts.add(group, 1);
        }
    }
}

impl Fold {
    /// Prepares an aggregate of groups, or of a single one, whose pairs are values alone.
    pub(super) fn new(
        column: usize,
        aggregate: AggregateExpression,
        variable: Variable,
        pairs: KeyTable,
    ) -> Self {
        let counts = Counts::default();
        Self { column, aggregate, variable, pairs, counts, has_failed: Vec::new() }
    }

    fn is_distinct(&self) -> bool {
        match &self.aggregate {
            AggregateExpression::FunctionCall { name, distinct, .. } => {
                *distinct || matches!(name, AggregateFunction::Min | AggregateFunction::Max)
            }
            AggregateExpression::CountSolutions { distinct } => *distinct,
        }
    }

    fn add(&mut self, group: usize, value: u32, rows: usize) {
        if value == UNBOUND {
            if group >= self.has_failed.len() {
                self.has_failed.resize(group + 1, false);
            }
            if let Some(has_failed) = self.has_failed.get_mut(group) {
                *has_failed = true;
            }
            return;
        }
        let (pair, _) = if self.pairs.width() == 1 {
            self.pairs.add(&[value])
        } else {
            self.pairs.add(&[as_number(group), value])
        };
        self.counts.add(pair, rows);
    }

    fn has_failed(&self, group: usize) -> bool {
        self.has_failed.get(group).copied().unwrap_or_default()
    }

    /// Returns the group, the value and the number of rows of each pair.
    fn pairs(&self) -> impl Iterator<Item = (usize, u32, usize)> {
        let is_distinct = self.is_distinct();
        (0..self.pairs.len()).filter_map(move |pair| {
            let rows = if is_distinct { 1 } else { self.counts.get(pair) };
            match *self.pairs.key(pair) {
                [group, value] => Some((group as usize, value, rows)),
                [value] => Some((0, value, rows)),
                _ => None,
            }
        })
    }

    fn finish(self, groups: usize, context: &Context) -> Result<Vec<u32>, QueryEvaluationError> {
        if self.pairs.len() == 0 && groups == 1 && !self.has_failed(0) {
            return Ok(vec![evaluator::aggregate_of_nothing(&self.aggregate, context)?]);
        }
        if let AggregateExpression::FunctionCall { name, .. } = &self.aggregate
            && let Some(totals) = totals(name, self.pairs(), groups, context)?
        {
            let value = |(group, total): (usize, Option<u32>)| {
                total.filter(|_| !self.has_failed(group)).unwrap_or(UNBOUND)
            };
            return Ok(totals.into_iter().enumerate().map(value).collect());
        }
        let mut results = vec![UNBOUND; groups];
        let mut terms = Vec::with_capacity(groups);
        let mut group_of_term = FxHashMap::default();
        for group in 0..groups {
            let number = Literal::from(i64::try_from(group).unwrap_or(i64::MAX));
            let term = context.terms.number(number.into())?;
            terms.push(term);
            group_of_term.insert(term, group);
        }
        let mut rows: Vec<(u32, u32, usize)> = Vec::with_capacity(self.pairs.len());
        for (group, value, count) in self.pairs() {
            if !self.has_failed(group) {
                rows.push((terms.get(group).copied().unwrap_or(UNBOUND), value, count));
            }
        }
        let rows = rows
            .into_iter()
            .flat_map(|(group, value, rows)| std::iter::repeat_n([group, value], rows));
        for (term, value) in evaluator::aggregate(&self.aggregate, &self.variable, rows, context)? {
            let group = group_of_term.get(&term).and_then(|&group| results.get_mut(group));
            if let Some(result) = group {
                *result = value;
            }
        }
        Ok(results)
    }
}

fn as_number(group: usize) -> u32 {
    u32::try_from(group).unwrap_or(u32::MAX)
}

impl Aggregate {
    pub(super) fn distinct_rows(columns: Vec<usize>) -> Self {
        let seen = Seen::of(KeyTable::new(columns.len() + 1));
        Self::DistinctRows(columns, seen)
    }

    /// Counts the distinct values of a column, with a table for pairs of a group and a value, or for values alone.
    pub(super) fn distinct_values(column: usize, pairs: KeyTable) -> Self {
        Self::DistinctValues(column, Seen::of(pairs))
    }

    /// Adds rows of a block, each with its group.
    fn add(&mut self, block: &Block, groups: &Column) {
        let columns: &[usize] = match self {
            Self::Rows(_) => &[],
            Self::DistinctRows(columns, _) => columns,
            Self::Values(column, _) | Self::DistinctValues(column, _) | Self::Sample(column, _) => {
                std::slice::from_ref(column)
            }
            Self::Fold(fold) => std::slice::from_ref(&fold.column),
        };
        // Equal rows are added at once.
        let (rows, times) = match groups {
            Column::Same(_) if block.is_constant_in(columns) => (1, block.rows),
            _ => (block.rows, 1),
        };
        for row in 0..rows {
            self.add_row(groups.get(row) as usize, block, row, times);
        }
    }

    fn add_row(&mut self, group: usize, block: &Block, row: usize, times: usize) {
        match self {
            Self::Rows(counts) => counts.add(group, times),
            Self::Values(column, counts) => {
                if block.get(*column, row) != UNBOUND {
                    counts.add(group, times);
                }
            }
            Self::DistinctValues(column, seen) => match block.get(*column, row) {
                UNBOUND => {}
                value if seen.rows.width() == 1 => seen.add(group, &[value]),
                value => seen.add(group, &[as_number(group), value]),
            },
            Self::DistinctRows(columns, seen) => {
                let mut key = Vec::with_capacity(columns.len() + 1);
                block.key(columns, row, &mut key);
                key.push(as_number(group));
                seen.add(group, &key);
            }
            Self::Sample(column, samples) => {
                if group >= samples.len() {
                    samples.resize(group + 1, UNBOUND);
                }
                if let Some(sample) = samples.get_mut(group)
                    && *sample == UNBOUND
                {
                    *sample = block.get(*column, row);
                }
            }
            Self::Fold(fold) => fold.add(group, block.get(fold.column, row), times),
        }
    }

    fn finish(self, groups: usize, context: &Context) -> Result<Vec<u32>, QueryEvaluationError> {
        match self {
            Self::Rows(counts)
            | Self::Values(_, counts)
            | Self::DistinctRows(_, Seen { counts, .. })
            | Self::DistinctValues(_, Seen { counts, .. }) => counts.finish(groups, context),
            Self::Sample(_, mut samples) => {
                samples.resize(groups, UNBOUND);
                Ok(samples)
            }
            Self::Fold(fold) => fold.finish(groups, context),
        }
    }
}

/// The groups of all rows of an input.
pub(super) struct Group {
    input: Box<dyn Operator>,
    keys: Vec<usize>,
    groups: KeyTable,
    aggregates: Vec<Aggregate>,
    grouped: Block,
    next: Option<usize>,
}

impl Group {
    pub(super) fn new(
        input: Box<dyn Operator>,
        keys: Vec<usize>,
        aggregates: Vec<Aggregate>,
        terms: usize,
    ) -> Self {
        let groups = KeyTable::of_terms(keys.len(), terms);
        Self { input, keys, groups, aggregates, grouped: Block::default(), next: None }
    }

    /// Returns the group of each row of a block.
    fn groups(&mut self, block: &Block) -> Column {
        if block.is_constant_in(&self.keys) {
            let mut key = Vec::new();
            block.key(&self.keys, 0, &mut key);
            return Column::Same(as_number(self.groups.add(&key).0));
        }
        if let &[column] = self.keys.as_slice()
            && let Some(Column::Each(terms)) = block.columns.get(column)
        {
            let group = |&term| as_number(self.groups.add(&[term]).0);
            return Column::Each(terms.iter().map(group).collect());
        }
        let (mut key, mut last) = (Vec::new(), Vec::new());
        let mut group = None;
        let numbers = (0..block.rows).map(|row| {
            block.key(&self.keys, row, &mut key);
            // Rows of the same group are often adjacent.
            match group {
                Some(group) if last == key => group,
                _ => {
                    last.clone_from(&key);
                    *group.insert(as_number(self.groups.add(&key).0))
                }
            }
        });
        Column::Each(numbers.collect())
    }

    fn group(&mut self, context: &Context) -> Result<Block, QueryEvaluationError> {
        if self.keys.is_empty() {
            // Without keys there is one group, even of no rows.
            self.groups.add(&[]);
        }
        while let Some(block) = self.input.next(context)? {
            context.check()?;
            if block.rows == 0 {
                continue;
            }
            let groups = self.groups(&block);
            for aggregate in &mut self.aggregates {
                aggregate.add(&block, &groups);
            }
        }
        let groups = std::mem::take(&mut self.groups);
        let rows = groups.len();
        let mut columns: Vec<Column> = (0..self.keys.len())
            .map(|place| {
                let value = |group| groups.key(group).get(place).copied().unwrap_or(UNBOUND);
                Column::Each((0..rows).map(value).collect())
            })
            .collect();
        for aggregate in std::mem::take(&mut self.aggregates) {
            columns.push(Column::Each(aggregate.finish(rows, context)?));
        }
        Ok(Block { rows, columns })
    }
}

impl Operator for Group {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        let from = match self.next {
            Some(from) => from,
            None => {
                self.grouped = self.group(context)?;
                0
            }
        };
        let rows = MOST.min(self.grouped.rows - from);
        self.next = Some(from + rows);
        Ok((rows > 0).then(|| self.grouped.slice(from, rows)))
    }
}
