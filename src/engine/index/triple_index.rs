//! Triples in three sorted arrays.

use super::Triples;
use super::arrays::NumberArray;
use super::dictionary::{Dictionary, TermKind, TermTable};
use oxigraph::model::TermRef;
use std::iter;
use std::ops::Range;
use std::sync::OnceLock;

/// A set of triples, indexed by each of their terms.
#[derive(Debug)]
pub struct TripleIndex {
    pub(super) terms: TermTable,
    /// The property and object of each subject's triples.
    pub(super) by_subject: Runs,
    /// The subject and object of each property's triples.
    pub(super) by_property: Runs,
    /// The property and subject of each object's triples.
    pub(super) by_object: Runs,
    pub(super) is_whole: bool,
    /// The properties, which are few among all terms, once they have been asked for.
    pub(super) known_properties: OnceLock<Vec<u32>>,
}

/// Sorted pairs of numbers, grouped into runs by a third number, the head.
#[derive(Debug)]
pub(super) struct Runs {
    /// The start of each head's run, followed by the end of the last run.
    pub starts: NumberArray,
    pub pairs: NumberArray,
}

/// A range of an index: the triples that match a pattern.
#[derive(Debug, Clone, Copy)]
pub struct TripleRange {
    order: Order,
    head: u32,
    next: u32,
    end: u32,
    /// The required second number of each pair, if it is given.
    second: Option<u32>,
    /// Whether all triples have the head.
    is_run: bool,
}

/// The array that a range belongs to.
#[derive(Debug, Clone, Copy)]
enum Order {
    Subject,
    Property,
    Object,
}

impl Runs {
    /// Distributes pairs into the runs of their heads, keeping their order.
    fn distribute<I: Iterator<Item = (u32, [u32; 2])>>(heads: usize, each: impl Fn() -> I) -> Self {
        let (starts, pairs) = distributed(heads, each);
        Self { starts: NumberArray::Own(starts), pairs: NumberArray::Own(pairs.into_flattened()) }
    }

    /// Distributes pairs into runs, then sorts and deduplicates each run.
    fn sort<I: Iterator<Item = (u32, [u32; 2])>>(heads: usize, each: impl Fn() -> I) -> Self {
        let (mut starts, mut pairs) = distributed(heads, each);
        let (mut kept, mut start) = (0, 0);
        for bound in starts.iter_mut().skip(1) {
            let end = *bound as usize;
            if let Some(run) = pairs.get_mut(start..end) {
                run.sort_unstable();
            }
            let first = kept;
            for i in start..end {
                let last = if kept > first { pairs.get(kept - 1) } else { None };
                if last != pairs.get(i) {
                    pairs.swap(kept, i);
                    kept += 1;
                }
            }
            *bound = u32::try_from(kept).unwrap_or(u32::MAX);
            start = end;
        }
        pairs.truncate(kept);
        pairs.shrink_to_fit();
        Self { starts: NumberArray::Own(starts), pairs: NumberArray::Own(pairs.into_flattened()) }
    }

    fn range(&self, head: u32) -> Range<u32> {
        let starts = self.starts.as_slice();
        match starts.get(head as usize..).and_then(|starts| starts.first_chunk()) {
            Some(&[start, end]) => start..end,
            None => 0..0,
        }
    }

    fn run(&self, head: u32) -> &[[u32; 2]] {
        let Range { start, end } = self.range(head);
        self.pairs.as_pairs().get(start as usize..end as usize).unwrap_or_default()
    }

    /// Returns the positions of the pairs of a run between `least` and `most`, both inclusive.
    fn between(&self, head: u32, least: [u32; 2], most: [u32; 2]) -> Range<u32> {
        let (run, start) = (self.run(head), self.range(head).start);
        let first = run.partition_point(|&pair| pair < least);
        let rest = run.get(first..).unwrap_or_default();
        let count = rest.partition_point(|&pair| pair <= most);
        // A run cannot be longer than the array, whose length fits into 32 bits.
        let place = |i: usize| start + u32::try_from(i).unwrap_or_default();
        place(first)..place(first + count)
    }

    fn heads(&self) -> impl Iterator<Item = (u32, &[[u32; 2]])> {
        let pairs = self.pairs.as_pairs();
        (0..).zip(self.starts.as_slice().windows(2)).filter_map(
            move |(head, bounds)| match bounds {
                &[start, end] if start < end => {
                    Some((head, pairs.get(start as usize..end as usize)?))
                }
                _ => None,
            },
        )
    }
}

/// Returns the pairs sorted by head, and the start of each head's pairs.
fn distributed<I: Iterator<Item = (u32, [u32; 2])>>(
    heads: usize,
    each: impl Fn() -> I,
) -> (Vec<u32>, Vec<[u32; 2]>) {
    let mut starts = vec![0_u32; heads + 1];
    let mut count = 0;
    for (head, _) in each() {
        if let Some(start) = starts.get_mut(head as usize + 1) {
            *start += 1;
        }
        count += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut pairs = vec![[0; 2]; count];
    for (head, pair) in each() {
        if let Some(next) = starts.get_mut(head as usize) {
            if let Some(free) = pairs.get_mut(*next as usize) {
                *free = pair;
            }
            *next += 1;
        }
    }
    // Each start has become the end of its run, which is the start of the next.
    starts.rotate_right(1);
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    (starts, pairs)
}

impl TripleIndex {
    pub(super) fn new(dictionary: Dictionary, triples: Vec<[u32; 3]>, is_whole: bool) -> Self {
        let terms = dictionary.finish();
        let count = terms.len();
        let by_subject = Runs::sort(count, || triples.iter().map(|&[s, p, o]| (s, [p, o])));
        drop(triples);
        let by_property = Runs::distribute(count, || {
            let runs = by_subject.heads();
            runs.flat_map(|(s, run)| run.iter().map(move |&[p, o]| (p, [s, o])))
        });
        let by_object = Runs::distribute(count, || {
            let runs = by_property.heads();
            runs.flat_map(|(p, run)| run.iter().map(move |&[s, o]| (o, [p, s])))
        });
        let known_properties = OnceLock::new();
        Self { terms, by_subject, by_property, by_object, is_whole, known_properties }
    }

    /// Converts back to triples, so that others can be added.
    pub(crate) fn to_triples(&self) -> Triples {
        let runs = self.by_subject.heads();
        let numbers = runs.flat_map(|(s, run)| run.iter().map(move |&[p, o]| [s, p, o])).collect();
        Triples { numbers, dictionary: self.terms.to_dictionary(), is_cut: !self.is_whole }
    }

    /// Returns the number of triples.
    pub fn len(&self) -> usize {
        self.by_subject.pairs.as_pairs().len()
    }

    /// Returns whether there are no triples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether the index has all triples: none was ignored because of the limit.
    pub const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Returns the number of terms.
    pub fn terms(&self) -> usize {
        self.terms.len()
    }

    /// Returns the number of a term, or `None` if no triple has it.
    pub fn number(&self, term: TermRef<'_>) -> Option<u32> {
        self.terms.number(term)
    }

    /// Returns the term with a number, or `None` if there is none.
    pub fn term(&self, number: u32) -> Option<TermRef<'_>> {
        self.terms.term(number)
    }

    /// Returns the kind of the term with a number, or `None` if there is none.
    pub(crate) fn kind(&self, number: u32) -> Option<TermKind> {
        self.terms.kind(number)
    }

    /// Returns the subjects, each with the sorted property–object pairs of its triples.
    pub fn subjects(&self) -> impl Iterator<Item = (u32, &[[u32; 2]])> {
        self.by_subject.heads()
    }

    /// Returns the properties, each with the sorted subject–object pairs of its triples.
    pub fn properties(&self) -> impl Iterator<Item = (u32, &[[u32; 2]])> {
        self.by_property.heads()
    }

    /// Returns the objects, each with the sorted property–subject pairs of its triples.
    pub fn objects(&self) -> impl Iterator<Item = (u32, &[[u32; 2]])> {
        self.by_object.heads()
    }

    /// Returns the terms at a position of the triples (0 for the subject, 1 for the property, 2 for the object) from a
    /// number on, each with the number of its triples.
    pub(crate) fn counts(&self, position: usize, from: u32) -> impl Iterator<Item = (u32, usize)> {
        let (runs, properties) = match position {
            0 => (&self.by_subject, None),
            1 => (&self.by_property, Some(self.properties_from(from))),
            _ => (&self.by_object, None),
        };
        let starts = runs.starts.as_slice().get(from as usize..).unwrap_or_default();
        let starts = if properties.is_some() { &[] } else { starts };
        let counts = starts.windows(2).map(|bounds| match bounds {
            &[start, end] => end.saturating_sub(start) as usize,
            _ => 0,
        });
        let properties = properties.unwrap_or_default().iter();
        let of_properties = properties.map(|&property| (property, runs.range(property).len()));
        of_properties.chain((from..).zip(counts).filter(|&(_, count)| count > 0))
    }

    /// Returns the properties from a number on.
    fn properties_from(&self, from: u32) -> &[u32] {
        let find = || self.by_property.heads().map(|(property, _)| property).collect();
        let properties: &[u32] = self.known_properties.get_or_init(find);
        properties
            .get(properties.partition_point(|&property| property < from)..)
            .unwrap_or_default()
    }

    /// Returns the number of triples with this subject.
    pub(crate) fn out_degree(&self, subject: u32) -> usize {
        self.by_subject.run(subject).len()
    }

    /// Returns the number of triples with this object.
    pub(crate) fn in_degree(&self, object: u32) -> usize {
        self.by_object.run(object).len()
    }

    /// Returns the place of a triple in the order of subjects, or `None` if it is not there.
    pub(crate) fn position(&self, [subject, property, object]: [u32; 3]) -> Option<u32> {
        let pair = [property, object];
        Some(self.by_subject.between(subject, pair, pair))
            .filter(|r| !r.is_empty())
            .map(|r| r.start)
    }

    /// Returns the triples that match the given subject, property and object.
    pub fn find(
        &self,
        subject: Option<u32>,
        property: Option<u32>,
        object: Option<u32>,
    ) -> TripleRange {
        let (order, head, range, second) = match (subject, property, object) {
            (Some(s), Some(p), Some(o)) => {
                (Order::Subject, s, self.by_subject.between(s, [p, o], [p, o]), None)
            }
            (Some(s), Some(p), None) => {
                (Order::Subject, s, self.by_subject.between(s, [p, 0], [p, u32::MAX]), None)
            }
            (Some(s), None, Some(o)) if self.out_degree(s) <= self.in_degree(o) => {
                (Order::Subject, s, self.by_subject.range(s), Some(o))
            }
            (Some(s), None, Some(o)) => (Order::Object, o, self.by_object.range(o), Some(s)),
            (Some(s), None, None) => (Order::Subject, s, self.by_subject.range(s), None),
            (None, Some(p), Some(o)) => {
                (Order::Object, o, self.by_object.between(o, [p, 0], [p, u32::MAX]), None)
            }
            (None, None, Some(o)) => (Order::Object, o, self.by_object.range(o), None),
            (None, Some(p), None) => (Order::Property, p, self.by_property.range(p), None),
            (None, None, None) => {
                let end = self.by_subject.starts.as_slice().last().copied().unwrap_or_default();
                (Order::Subject, 0, 0..end, None)
            }
        };
        let is_run = subject.is_some() || property.is_some() || object.is_some();
        TripleRange { order, head, next: range.start, end: range.end, second, is_run }
    }
}

impl Order {
    const fn runs(self, index: &TripleIndex) -> &Runs {
        match self {
            Self::Subject => &index.by_subject,
            Self::Property => &index.by_property,
            Self::Object => &index.by_object,
        }
    }
}

impl TripleRange {
    /// Returns the remaining triples of a range with a known head, as pairs, without comparing their second numbers.
    pub(crate) fn pairs(self, index: &TripleIndex) -> &[[u32; 2]] {
        let pairs = self.order.runs(index).pairs.as_pairs();
        pairs.get(self.next as usize..self.end as usize).unwrap_or_default()
    }

    /// Returns whether a term of all triples of the range is known: the head.
    pub(crate) const fn is_run(self) -> bool {
        self.is_run
    }

    /// Returns the head, and the second number that each pair must have, if it is given.
    pub(crate) const fn given(self) -> (u32, Option<u32>) {
        (self.head, self.second)
    }

    /// Returns the positions in a triple (0 for the subject, 1 for the property, 2 for the object) of the head, the
    /// first and the second number.
    pub(crate) const fn positions(self) -> [usize; 3] {
        match self.order {
            Order::Subject => [0, 1, 2],
            Order::Property => [1, 0, 2],
            Order::Object => [2, 1, 0],
        }
    }

    /// Skips some pairs.
    pub(crate) fn skip(&mut self, pairs: usize) {
        self.next =
            self.end.min(self.next.saturating_add(u32::try_from(pairs).unwrap_or(u32::MAX)));
    }

    /// Returns the pairs with a number at a place (0 or 1) of a range that is sorted by it, after skipping those with
    /// smaller numbers. To look for the next numbers in ascending order takes little more than to read the range.
    pub(crate) fn advance_to(&mut self, index: &TripleIndex, place: usize, number: u32) -> Self {
        self.skip(leading(self.pairs(index), |pair| pair[place] < number));
        let equal = leading(self.pairs(index), |pair| pair[place] == number);
        let equal = u32::try_from(equal).unwrap_or(u32::MAX);
        Self { end: self.next.saturating_add(equal), ..*self }
    }

    /// Returns the number of triples, and whether it is exact. If each triple has to be checked, counting stops at
    /// `most`.
    pub fn count(mut self, index: &TripleIndex, most: usize) -> (usize, bool) {
        if self.second.is_none() {
            return (self.end.saturating_sub(self.next) as usize, true);
        }
        let count = iter::from_fn(|| self.next(index)).take(most).count();
        (count, count < most)
    }

    /// Returns the next triple: subject, property and object.
    pub fn next(&mut self, index: &TripleIndex) -> Option<[u32; 3]> {
        let runs = self.order.runs(index);
        let (starts, pairs) = (runs.starts.as_slice(), runs.pairs.as_pairs());
        while self.next < self.end {
            let &[first, second] = pairs.get(self.next as usize)?;
            while self.next >= *starts.get(self.head as usize + 1)? {
                self.head += 1;
            }
            self.next += 1;
            if self.second.is_none_or(|wanted| wanted == second) {
                return Some(match self.order {
                    Order::Subject => [self.head, first, second],
                    Order::Property => [first, self.head, second],
                    Order::Object => [second, first, self.head],
                });
            }
        }
        None
    }
}

/// Returns how many of the first pairs meet a condition that none after them meets. It looks at 1, 2, 4 and so on, so that
/// few are found soon.
fn leading(pairs: &[[u32; 2]], is_before: impl Fn(&[u32; 2]) -> bool) -> usize {
    let mut step = 1;
    while pairs.get(step - 1).is_some_and(&is_before) {
        step *= 2;
    }
    let known = step / 2;
    let rest = pairs.get(known..pairs.len().min(step - 1)).unwrap_or_default();
    known + rest.partition_point(is_before)
}

#[cfg(test)]
mod tests {
    use crate::engine::index::Triples;
    use oxigraph::model::{NamedNode, TripleRef};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    type Triple = [u32; 3];

    /// Uses so few terms that some are subjects, properties and objects.
    fn triples() -> impl Strategy<Value = Vec<Triple>> {
        prop::collection::vec(prop::array::uniform3(0..6_u32), 0..60)
    }

    fn name(number: u32) -> NamedNode {
        NamedNode::new_unchecked(format!("x:{number}"))
    }

    proptest! {
        /// Numbers that are looked for in ascending order in a sorted range have the triples that a search returns.
        #[test]
        fn advancing_finds_what_a_search_finds(triples in triples(), mut wanted in prop::collection::vec(0..12_u32, 0..20)) {
            let mut collected = Triples::default();
            for triple in &triples {
                let [s, p, o] = triple.map(name);
                collected.add(TripleRef::new(&s, &p, &o));
            }
            let index = collected.index();
            wanted.sort_unstable();
            let all = |mut range: super::TripleRange| -> Vec<Triple> {
                std::iter::from_fn(|| range.next(&index)).collect()
            };
            for known in 0..6 {
                let (mut of_property, mut of_subject) =
                    (index.find(None, Some(known), None), index.find(Some(known), Some(known), None));
                let mut of_object = index.find(None, Some(known), Some(known));
                for &number in &wanted {
                    let found = all(of_property.advance_to(&index, 0, number));
                    prop_assert_eq!(found, all(index.find(Some(number), Some(known), None)));
                    let found = all(of_subject.advance_to(&index, 1, number));
                    prop_assert_eq!(found, all(index.find(Some(known), Some(known), Some(number))));
                    let found = all(of_object.advance_to(&index, 1, number));
                    prop_assert_eq!(found, all(index.find(Some(number), Some(known), Some(known))));
                }
            }
        }

        /// A search returns exactly the triples with the given terms, each once.
        #[test]
        fn what_is_found_is_what_matches(triples in triples()) {
            let mut collected = Triples::default();
            for triple in &triples {
                let [s, p, o] = triple.map(name);
                collected.add(TripleRef::new(&s, &p, &o));
            }
            let index = collected.index();
            let expected: BTreeSet<Triple> = triples.into_iter().collect();
            prop_assert_eq!(index.len(), expected.len());
            let given = || (0..6).map(Some).chain([None]);
            for (s, p, o) in given().flat_map(|s| given().flat_map(move |p| given().map(move |o| (s, p, o)))) {
                let numbers = [s, p, o].map(|term| term.map(|term| index.number(name(term).as_ref().into())));
                let [Some(subject), Some(property), Some(object)] =
                    numbers.map(|number| number.map_or(Some(None), |known| known.map(Some)))
                else {
                    let matches = expected.iter().any(|&[a, b, c]| {
                        s.is_none_or(|s| s == a) && p.is_none_or(|p| p == b) && o.is_none_or(|o| o == c)
                    });
                    prop_assert!(!matches);
                    continue;
                };
                let mut found = index.find(subject, property, object);
                let (count, is_all) = found.count(&index, 3);
                let mut given: Vec<Triple> = Vec::new();
                while let Some(triple) = found.next(&index) {
                    given.push(triple.map(|number| {
                        let term = index.term(number).map(|term| term.to_string());
                        term.and_then(|term| term.strip_prefix("<x:")?.strip_suffix('>')?.parse().ok()).unwrap_or(99)
                    }));
                }
                let is_right = if is_all { given.len() == count } else { count == 3 && given.len() >= 3 };
                prop_assert!(is_right);
                given.sort_unstable();
                let wanted: Vec<Triple> = expected.iter().copied().filter(|&[a, b, c]| {
                    s.is_none_or(|s| s == a) && p.is_none_or(|p| p == b) && o.is_none_or(|o| o == c)
                }).collect();
                prop_assert_eq!(given, wanted);
            }
        }
    }
}
