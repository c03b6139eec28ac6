//! Runs work in parallel on all processors.

use crate::diagnostic::Result;
use std::num::NonZero;
use std::thread;

/// The stack size, in bytes, of a thread that evaluates queries. The parser and the engine recurse, so it limits the
/// nesting depth of queries. Only the part in use takes up memory.
pub const STACK: usize = 512 << 20;

/// Returns the number of processors.
pub(crate) fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Runs work on parts of a list, each with at least `least` elements, and concatenates the results in order.
///
/// # Errors
/// The first error, in the order of the list.
pub(crate) fn in_parts<T: Sync, R: Send>(
    list: &[T],
    least: usize,
    work: impl Fn(&[T]) -> Result<Vec<R>> + Sync,
) -> Result<Vec<R>> {
    let processors = processors();
    let parts = (list.len() / least.max(1)).clamp(1, processors);
    if parts == 1 {
        return work(list);
    }
    let (own, others) = list.split_at(list.len().div_ceil(parts));
    thread::scope(|scope| {
        let started: Vec<_> = others
            .chunks(list.len().div_ceil(parts))
            .map(|part| {
                let builder = thread::Builder::new().stack_size(STACK);
                // If no thread can be started, this thread does the work later.
                builder.spawn_scoped(scope, || work(part)).map_err(|_| part)
            })
            .collect();
        let mut results = work(own)?;
        for started in started {
            results.extend(match started {
                Ok(thread) => {
                    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?
                }
                Err(part) => work(part)?,
            });
        }
        Ok(results)
    })
}

/// Runs `work` on another thread while `meanwhile` runs on this one, then joins.
pub(crate) fn beside<R: Send>(work: impl Fn() -> R + Sync, meanwhile: impl FnOnce()) -> R {
    thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &work);
        meanwhile();
        match started {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => work(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;

    #[test]
    fn results_are_in_the_order_of_the_list() {
        let list: Vec<usize> = (0..1000).collect();
        for least in [1, 7, 400, 5000] {
            let doubled = in_parts(&list, least, |part| Ok(part.iter().map(|n| n * 2).collect()));
            assert_eq!(doubled, Ok(list.iter().map(|n| n * 2).collect()));
        }
        assert_eq!(in_parts(&[] as &[usize], 1, |part| Ok(part.to_vec())), Ok(Vec::new()));
    }

    #[test]
    fn work_beside_other_work_may_go_deep() {
        fn deep(steps: usize) -> usize {
            let frame = std::hint::black_box([steps; 128]);
            if steps == 0 { 0 } else { deep(steps - 1) + frame[0] / steps }
        }
        let mut is_done = false;
        assert_eq!(beside(|| deep(30_000), || is_done = true), 30_000);
        assert!(is_done);
    }

    #[test]
    fn the_first_error_is_the_error() {
        let list: Vec<usize> = (0..100).collect();
        let failed = in_parts(&list, 1, |part: &[usize]| -> Result<Vec<()>> {
            Err(Diagnostic::new(format!("{}", part[0])).input())
        });
        assert_eq!(failed.unwrap_err().problems[0].message, "0");
    }
}
