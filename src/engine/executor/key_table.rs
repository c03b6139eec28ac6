//! A table of distinct rows of numbers.

use super::number_map::NumberMap;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// Distinct rows of the same width, numbered in the order of insertion.
#[derive(Debug, Default)]
pub(super) struct KeyTable {
    width: usize,
    keys: Vec<u32>,
    count: usize,
    table: HashTable<u32>,
    /// The numbers of rows of one term each, instead of the hash table.
    of_terms: Option<NumberMap>,
}

impl KeyTable {
    pub(super) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// Returns an empty table for rows that are terms of an index with so many terms.
    pub(super) fn of_terms(width: usize, terms: usize) -> Self {
        let of_terms = (width == 1).then(|| NumberMap::new(terms));
        Self { width, of_terms, ..Self::default() }
    }

    /// Returns the number of columns.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Returns the number of rows.
    pub(super) const fn len(&self) -> usize {
        self.count
    }

    /// Returns the row with a number.
    pub(super) fn key(&self, number: usize) -> &[u32] {
        key(&self.keys, self.width, number)
    }

    /// Returns the number of a row, and whether it has just been added.
    pub(super) fn add(&mut self, row: &[u32]) -> (usize, bool) {
        let Self { width, keys, count, table, of_terms } = self;
        if let (Some(numbers), &[term]) = (of_terms, row) {
            if let Some(number) = numbers.get(term) {
                return (number as usize, false);
            }
            let number = *count;
            *count += 1;
            numbers.insert(term, u32::try_from(number).unwrap_or(u32::MAX));
            keys.push(term);
            return (number, true);
        }
        let hash = hash(row);
        if let Some(&number) = table.find(hash, |&number| key(keys, *width, number as usize) == row)
        {
            return (number as usize, false);
        }
        let number = *count;
        *count += 1;
        // More rows than fit into 32 bits would need 32 GB here.
        let stored = u32::try_from(number).unwrap_or(u32::MAX);
        table.insert_unique(hash, stored, |&number| self::hash(key(keys, *width, number as usize)));
        keys.extend_from_slice(row);
        (number, true)
    }

    /// Returns the number of a row, or `None` if it is not in the table.
    pub(super) fn find(&self, row: &[u32]) -> Option<usize> {
        if let (Some(numbers), &[term]) = (&self.of_terms, row) {
            return numbers.get(term).map(|number| number as usize);
        }
        let is_it = |&number: &u32| key(&self.keys, self.width, number as usize) == row;
        self.table.find(hash(row), is_it).map(|&number| number as usize)
    }
}

fn key(keys: &[u32], width: usize, number: usize) -> &[u32] {
    keys.get(number * width..(number + 1) * width).unwrap_or_default()
}

fn hash(row: &[u32]) -> u64 {
    let mut hasher = FxHasher::default();
    for &number in row {
        hasher.write_u32(number);
    }
    hasher.finish()
}
