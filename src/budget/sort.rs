//! Sorting that can be stopped, on all processors.

use crate::parallel::{beside, processors};
use std::cmp::Ordering;
use std::sync::{Mutex, PoisonError};

/// The most elements that are sorted, or compared with one of them, without a check.
const RUN: usize = 1 << 14;

/// The number of elements from which both parts of a divided list are sorted at the same time.
const LONG: usize = 1 << 16;

/// The number of elements of which the middle one divides the others.
const SAMPLE: usize = 65;

/// Sorts elements so that the first `most` of them are those of the sorted list, in its order; the order of the others
/// is arbitrary. The order of equal elements is too. It calls `check` again and again, and ends at the first error.
///
/// A long list is divided by one of its elements until the parts are short, so the standard library, whose sort cannot
/// be stopped, only sorts the parts.
///
/// # Errors
/// The error of `check`; then the order is arbitrary.
pub(crate) fn sort_first<T: Send, E: Send>(
    elements: &mut [T],
    most: usize,
    compare: &(impl Fn(&T, &T) -> Ordering + Sync),
    check: &(impl Fn() -> Result<(), E> + Sync),
) -> Result<(), E> {
    // (To count the processors costs more than a short sort.)
    let processors = if elements.len() < LONG { 1 } else { processors() };
    sort_on(processors, elements, most, compare, check)
}

/// Sorts elements as [`sort_first`] does, on so many processors.
fn sort_on<T: Send, E: Send>(
    processors: usize,
    elements: &mut [T],
    most: usize,
    compare: &(impl Fn(&T, &T) -> Ordering + Sync),
    check: &(impl Fn() -> Result<(), E> + Sync),
) -> Result<(), E> {
    let (mut rest, mut most) = (elements, most);
    while most > 0 {
        check()?;
        if rest.len() <= RUN {
            rest.sort_unstable_by(compare);
            return Ok(());
        }
        let (less, greater) = divide(rest, compare, check)?;
        let is_long = rest.len() >= LONG;
        let (head, tail) = std::mem::take(&mut rest).split_at_mut(greater);
        let (head, equal) = head.split_at_mut(less);
        let most_of_tail = most.saturating_sub(head.len() + equal.len());
        if is_long && processors > 1 && most_of_tail > 0 {
            let (half, tail) = (processors / 2, Mutex::new(tail));
            let mut sorted_head = Ok(());
            let sorted_tail = beside(
                || {
                    let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
                    sort_on(half, &mut tail, most_of_tail, compare, check)
                },
                || sorted_head = sort_on(processors - half, head, most, compare, check),
            );
            return sorted_head.and(sorted_tail);
        }
        // The recursion is for the shorter part, so it is not deep.
        if head.len() < tail.len() {
            sort_on(processors, head, most, compare, check)?;
            (rest, most) = (tail, most_of_tail);
        } else {
            sort_on(processors, tail, most_of_tail, compare, check)?;
            rest = head;
        }
    }
    Ok(())
}

/// Divides elements by one of them. Returns the place of the first that is equal to it, and that of the first that is
/// greater.
fn divide<T, E>(
    elements: &mut [T],
    compare: &impl Fn(&T, &T) -> Ordering,
    check: &impl Fn() -> Result<(), E>,
) -> Result<(usize, usize), E> {
    let step = elements.len() / SAMPLE;
    for place in 0..SAMPLE {
        elements.swap(place, place * step);
    }
    elements[..SAMPLE].sort_unstable_by(compare);
    elements.swap(0, SAMPLE / 2);
    // Those before `less` are less than the dividing element, which stands there with its equals, up to `next`.
    let (mut less, mut next, mut greater) = (0, 1, elements.len());
    while next < greater {
        if (greater - next).is_multiple_of(RUN) {
            check()?;
        }
        match compare(&elements[next], &elements[less]) {
            Ordering::Less => {
                elements.swap(less, next);
                less += 1;
                next += 1;
            }
            Ordering::Equal => next += 1,
            Ordering::Greater => {
                greater -= 1;
                elements.swap(next, greater);
            }
        }
    }
    Ok((less, greater))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    /// Numbers without an order, fewer than `most` of them different.
    fn numbers(count: u32, most: u32) -> Vec<u32> {
        (0..count).map(|i| i.wrapping_mul(2_654_435_761).rotate_left(7) % most).collect()
    }

    #[test]
    fn the_first_elements_are_those_of_the_sorted_list() {
        for list in [
            numbers(0, 1),
            numbers(100, 50),
            numbers(200_000, u32::MAX),
            numbers(200_000, 3),
            (0..200_000).collect(),
            (0..200_000).rev().collect(),
        ] {
            let mut sorted = list.clone();
            sorted.sort_unstable();
            for most in [0, 1, 1_000, 150_000, usize::MAX] {
                let within = most.min(list.len());
                for processors in [1, 2, 5] {
                    let mut list = list.clone();
                    sort_on::<_, ()>(processors, &mut list, most, &u32::cmp, &|| Ok(())).unwrap();
                    assert_eq!(list[..within], sorted[..within]);
                    list.sort_unstable();
                    assert_eq!(list, sorted);
                }
            }
        }
    }

    #[test]
    fn a_long_sort_is_stopped() {
        let numbers = numbers(1_000_000, u32::MAX);
        // While the list is divided for the first time, and later.
        for (processors, most) in [(1, 100_000), (2, 100_000), (2, 5_000_000)] {
            let (mut list, compared) = (numbers.clone(), AtomicUsize::new(0));
            let compare = |a: &u32, b: &u32| {
                compared.fetch_add(1, Relaxed);
                a.cmp(b)
            };
            let check = || if compared.load(Relaxed) < most { Ok(()) } else { Err("stopped") };
            let sorted = sort_on(processors, &mut list, usize::MAX, &compare, &check);
            assert_eq!(sorted, Err("stopped"));
            let more = compared.load(Relaxed) - most;
            assert!(more < processors * RUN * 16, "{more}");
        }
    }
}
