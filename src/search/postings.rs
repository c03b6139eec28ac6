//! Where a word occurs: a compressed list of texts and positions.

/// The texts in which a word occurs, in ascending order, each with the positions of the word in it.
///
/// The numbers are differences from the previous ones, written in groups of seven bits: for each text its number, how
/// often the word occurs in it, and the positions.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings {
    bytes: Vec<u8>,
    last_text: u32,
    /// The number of texts.
    texts: u32,
}

impl Postings {
    /// Adds a text that comes after those that are there, with the positions of the word in it, in ascending order.
    pub(super) fn add(&mut self, text: u32, positions: &[u32]) {
        self.write(text - self.last_text);
        self.last_text = text;
        self.texts += 1;
        self.write(u32::try_from(positions.len()).unwrap_or(u32::MAX));
        let mut last = 0;
        for position in positions {
            self.write(position - last);
            last = *position;
        }
    }

    fn write(&mut self, mut number: u32) {
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                return self.bytes.push(low & 0x7f);
            }
            self.bytes.push(low | 0x80);
        }
    }

    /// Gives back the room that is not used.
    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }

    /// Returns the number of texts.
    pub(super) const fn texts(&self) -> u32 {
        self.texts
    }

    /// Calls a function with each text and the positions in it.
    pub(super) fn visit(&self, mut visit: impl FnMut(u32, &[u32])) {
        let mut bytes = self.bytes.iter();
        let mut read = || {
            let (mut number, mut shift) = (0, 0);
            for byte in bytes.by_ref() {
                number |= u32::from(byte & 0x7f) << shift;
                if byte & 0x80 == 0 {
                    return number;
                }
                shift += 7;
            }
            number
        };
        let (mut text, mut positions) = (0, Vec::new());
        for _ in 0..self.texts {
            text += read();
            let count = read();
            positions.clear();
            let mut position = 0;
            for _ in 0..count {
                position += read();
                positions.push(position);
            }
            visit(text, &positions);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn all_that_was_added_is_read(
            texts in prop::collection::btree_map(0_u32..u32::MAX, prop::collection::btree_set(0_u32..1 << 30, 1..5), 0..20)
        ) {
            let texts: BTreeMap<u32, BTreeSet<u32>> = texts;
            let mut postings = Postings::default();
            for (text, positions) in &texts {
                postings.add(*text, &positions.iter().copied().collect::<Vec<_>>());
            }
            prop_assert_eq!(postings.texts() as usize, texts.len());
            let mut found = BTreeMap::new();
            postings.visit(|text, positions| {
                found.insert(text, positions.iter().copied().collect());
            });
            prop_assert_eq!(found, texts);
        }
    }
}
