//! A hash table of rows of numbers.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// Distinct rows of the same width, numbered in the order of insertion.
#[derive(Debug, Default)]
pub(super) struct KeyTable {
    width: usize,
    keys: Vec<u32>,
    table: HashTable<u32>,
}

impl KeyTable {
    pub(super) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// Returns the number of rows.
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// Returns the row with a number.
    pub(super) fn key(&self, number: usize) -> &[u32] {
        key(&self.keys, self.width, number)
    }

    /// Returns the number of a row, and whether it has just been added.
    pub(super) fn add(&mut self, row: &[u32]) -> (usize, bool) {
        let Self { width, keys, table } = self;
        let hash = hash(row);
        if let Some(&number) = table.find(hash, |&number| key(keys, *width, number as usize) == row)
        {
            return (number as usize, false);
        }
        let number = table.len();
        // More rows than fit into 32 bits would need 32 GB here.
        let stored = u32::try_from(number).unwrap_or(u32::MAX);
        table.insert_unique(hash, stored, |&number| self::hash(key(keys, *width, number as usize)));
        keys.extend_from_slice(row);
        (number, true)
    }

    /// Returns the number of a row, or `None` if it is not in the table.
    pub(super) fn find(&self, row: &[u32]) -> Option<usize> {
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
