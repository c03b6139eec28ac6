//! Sorting that can be stopped.

use std::cmp::Ordering;

/// The most elements that are sorted, or compared with one of them, without a check.
const RUN: usize = 1 << 14;

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
pub(crate) fn sort_first<T, E>(
    elements: &mut [T],
    most: usize,
    compare: &impl Fn(&T, &T) -> Ordering,
    check: &impl Fn() -> Result<(), E>,
) -> Result<(), E> {
    let (mut rest, mut most) = (elements, most);
    while most > 0 {
        check()?;
        if rest.len() <= RUN {
            rest.sort_unstable_by(compare);
            return Ok(());
        }
        let (less, greater) = divide(rest, compare, check)?;
        let (head, tail) = std::mem::take(&mut rest).split_at_mut(greater);
        let (head, equal) = head.split_at_mut(less);
        let most_of_tail = most.saturating_sub(head.len() + equal.len());
        // The recursion is for the shorter part, so it is not deep.
        if head.len() < tail.len() {
            sort_first(head, most, compare, check)?;
            (rest, most) = (tail, most_of_tail);
        } else {
            sort_first(tail, most_of_tail, compare, check)?;
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
    use std::cell::Cell;

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
                let mut list = list.clone();
                sort_first::<_, ()>(&mut list, most, &u32::cmp, &|| Ok(())).unwrap();
                let most = most.min(list.len());
                assert_eq!(list[..most], sorted[..most]);
                list.sort_unstable();
                assert_eq!(list, sorted);
            }
        }
    }

    #[test]
    fn a_long_sort_is_stopped() {
        let (mut list, compared) = (numbers(1_000_000, u32::MAX), Cell::new(0));
        let compare = |a: &u32, b: &u32| {
            compared.set(compared.get() + 1);
            a.cmp(b)
        };
        let check = || if compared.get() < 100_000 { Ok(()) } else { Err("stopped") };
        assert_eq!(sort_first(&mut list, usize::MAX, &compare, &check), Err("stopped"));
        assert!(compared.get() < 100_000 + 2 * RUN, "{}", compared.get());
    }
}
