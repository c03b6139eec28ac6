//! Work in a thread of its own, under limits that are watched from outside: a clock, the memory of the process, and
//! Ctrl-C.
//!
//! Work that is stopped writes what it has found, and ends. Some steps do not look whether they are stopped, such as a
//! sort of the engine or the layout of a graph: work that does not end in time is left to itself, and says nothing more.

use super::LimitOptions;
use super::interrupt::Listening;
use crate::budget::{Cancellation, Limits, Stop};
use crate::cli::reporter::Reporter;
use crate::diagnostic::Diagnostic;
use crate::parallel::STACK;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often the memory is looked at.
const LOOK: Duration = Duration::from_millis(2);

/// How often it is looked at whether something else has stopped the work.
const IDLE: Duration = Duration::from_millis(100);

/// The part of the limit of memory, one of so many, that stopped work may use to write what it has found. Until the next
/// look it may take as much again.
const RESERVE: u64 = 8;

/// How long stopped work may go on: long enough to write what it has found if that is not much.
const PATIENCE: Duration = Duration::from_millis(190);

/// What the one who supervises hears of.
enum Event {
    /// Ctrl-C was pressed.
    Pressed,
    /// The work is done.
    Done,
}

/// How work ended.
pub(crate) enum Outcome<T> {
    /// It came to its end, be it a stop.
    Done(T),
    /// It was stopped, and did not end in time.
    Left(Stop),
    /// The process uses far more memory than it may, and must end.
    Exhausted(Stop),
}

/// Does work under limits, in a thread of its own. Work that does not end in time is abandoned.
///
/// # Errors
/// If the memory is to be watched and this system does not tell it, or there can be no thread.
pub(crate) fn supervise<T: Send + 'static>(
    options: LimitOptions,
    reporter: &Reporter,
    work: impl FnOnce(Limits, Reporter) -> T + Send + 'static,
) -> anyhow::Result<Outcome<T>> {
    if options.limit_memory.is_some() && resident().is_none() {
        return Err(Diagnostic::error(
            "option-without-effect",
            "this system does not report how much memory a process uses",
        )
        .help("remove `--limit-memory`")
        .usage()
        .into());
    }
    let limits = Limits::default();
    let mut watch = Watch {
        cancellation: limits.cancellation.clone(),
        started: Instant::now(),
        time: options.time(),
        memory: options.limit_memory,
        before: options.limit_memory.and_then(|_| resident()).unwrap_or_default(),
        stopped: None,
        is_exhausted: false,
    };
    let (sender, events) = channel();
    let presses = sender.clone();
    let _listening = Listening::begin(move || {
        let _ = presses.send(Event::Pressed);
    });
    let worker = {
        let reporter = reporter.clone();
        thread::Builder::new().stack_size(STACK).spawn(move || {
            let done = work(limits, reporter);
            let _ = sender.send(Event::Done);
            done
        })?
    };
    loop {
        match events.recv_timeout(watch.pause()) {
            Ok(Event::Pressed) if watch.stopped.is_some() => break,
            Ok(Event::Pressed) => watch.stop(Stop::Interrupted),
            Ok(Event::Done) | Err(RecvTimeoutError::Disconnected) => {
                return Ok(Outcome::Done(
                    worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                ));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        watch.look();
        if worker.is_finished() {
            continue;
        }
        if watch.is_exhausted || watch.is_overdue() {
            break;
        }
    }
    reporter.abandon();
    let stop = watch.cancellation.stopped().unwrap_or(Stop::Interrupted);
    Ok(if watch.is_exhausted { Outcome::Exhausted(stop) } else { Outcome::Left(stop) })
}

/// What is watched.
struct Watch {
    cancellation: Cancellation,
    started: Instant,
    time: Option<Duration>,
    memory: Option<u64>,
    /// The memory that was in use before: some of that may be free, but not given back yet.
    before: u64,
    stopped: Option<Instant>,
    is_exhausted: bool,
}

impl Watch {
    /// How long until the next look.
    fn pause(&self) -> Duration {
        if self.memory.is_some() || self.stopped.is_some() {
            return LOOK;
        }
        self.time.map_or(IDLE, |time| time.saturating_sub(self.started.elapsed()).min(IDLE))
    }

    fn look(&mut self) {
        if self.stopped.is_none() && self.cancellation.stopped().is_some() {
            self.stopped = Some(Instant::now());
        }
        if let Some(time) = self.time
            && self.started.elapsed() >= time
        {
            self.stop(Stop::Time(time));
        }
        if let Some(memory) = self.memory
            && let Some(used) = resident()
            && used > memory.max(self.before)
        {
            self.stop(Stop::Memory(memory));
            self.is_exhausted = used > memory.max(self.before).saturating_add(memory / RESERVE);
        }
    }

    fn stop(&mut self, why: Stop) {
        if self.stopped.is_none() {
            self.cancellation.stop(why);
            self.stopped = Some(Instant::now());
        }
    }

    fn is_overdue(&self) -> bool {
        self.stopped.is_some_and(|stopped| stopped.elapsed() > PATIENCE)
            && !self.cancellation.goes_on()
    }
}

/// Returns the resident memory of this process in bytes, or `None` if the system does not report it.
fn resident() -> Option<u64> {
    memory_stats::memory_stats().map(|stats| stats.physical_mem as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(time: Option<Duration>) -> LimitOptions {
        LimitOptions {
            timeout: time.map(crate::cli::supervise::Time::Limited),
            ..LimitOptions::default()
        }
    }

    #[test]
    fn work_that_ends_is_done() {
        for time in [None, Some(Duration::from_secs(60))] {
            assert!(matches!(
                supervise(of(time), &Reporter::new(true), |_, _| 7).unwrap(),
                Outcome::Done(7)
            ));
        }
    }

    #[test]
    fn work_that_notices_ends_by_itself() {
        let options = of(Some(Duration::from_millis(5)));
        let outcome = supervise(options, &Reporter::new(true), |limits, reporter| {
            while limits.cancellation.check().is_ok() {
                thread::yield_now();
            }
            reporter.is_abandoned()
        });
        assert!(matches!(outcome.unwrap(), Outcome::Done(false)));
    }

    #[test]
    fn work_that_goes_on_to_its_end_is_waited_for() {
        let options = of(Some(Duration::from_millis(5)));
        let outcome = supervise(options, &Reporter::new(true), |limits, reporter| {
            while limits.cancellation.stopped().is_none() {
                thread::yield_now();
            }
            limits.cancellation.go_on();
            thread::sleep(PATIENCE + 5 * LOOK);
            reporter.is_abandoned()
        });
        assert!(matches!(outcome.unwrap(), Outcome::Done(false)));
    }

    #[test]
    fn work_that_notices_and_does_not_end_is_abandoned() {
        let (report, heard) = channel();
        let options = of(Some(Duration::from_millis(5)));
        let outcome = supervise(options, &Reporter::new(true), move |limits, reporter| {
            while !reporter.is_abandoned() {
                let _ = limits.cancellation.check();
                thread::yield_now();
            }
            let _ = report.send(limits.cancellation.stopped());
        });
        let limit = Stop::Time(Duration::from_millis(5));
        assert!(matches!(outcome.unwrap(), Outcome::Left(stop) if stop == limit));
        assert_eq!(heard.recv().unwrap(), Some(limit));
    }
}
