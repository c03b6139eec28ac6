//! A map from the numbers of terms.

use rustc_hash::FxHashMap;

/// The number of entries from which a map has a place for each term of the index.
const MANY: usize = 1_000;

/// What is added to a value in a place, so that 0 is an empty place also if the value is `UNBOUND`.
const OFFSET: u32 = 2;

/// A map from numbers of terms to numbers. With many entries it is an array, so a lookup takes a memory access.
#[derive(Debug)]
pub(super) struct NumberMap {
    /// The number of terms of the index. Other numbers are never in the array.
    terms: usize,
    places: Vec<u32>,
    few: FxHashMap<u32, u32>,
}

impl NumberMap {
    /// Returns an empty map for an index with so many terms.
    pub(super) fn new(terms: usize) -> Self {
        Self { terms, places: Vec::new(), few: FxHashMap::default() }
    }

    pub(super) fn get(&self, number: u32) -> Option<u32> {
        match self.places.get(number as usize) {
            Some(0) => None,
            Some(value) => Some(value.wrapping_sub(OFFSET)),
            None => self.few.get(&number).copied(),
        }
    }

    /// Sets the value of a number. It must be the number of a term, a number below those, or `UNBOUND`.
    pub(super) fn insert(&mut self, number: u32, value: u32) {
        if self.places.is_empty() && self.few.len() >= MANY && self.terms > 0 {
            // Zeroed memory is not touched until it is used.
            self.places = vec![0; self.terms];
            for (number, value) in std::mem::take(&mut self.few) {
                self.insert(number, value);
            }
        }
        match self.places.get_mut(number as usize) {
            Some(place) => *place = value.wrapping_add(OFFSET),
            None => {
                self.few.insert(number, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::executor::block::UNBOUND;

    #[test]
    fn what_is_inserted_is_found() {
        let mut map = NumberMap::new(3_000);
        let numbers = || (0..4_000).step_by(2).chain([UNBOUND]);
        for number in numbers() {
            assert_eq!(map.get(number), None);
            map.insert(number, number.wrapping_mul(3));
            map.insert(number, if number % 10 == 0 { UNBOUND } else { number });
        }
        for number in numbers() {
            let value = if number % 10 == 0 { UNBOUND } else { number };
            assert_eq!(map.get(number), Some(value));
            assert_eq!(map.get(number ^ 1), None);
        }
    }
}
