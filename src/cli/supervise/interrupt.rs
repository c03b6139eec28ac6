//! Ctrl-C and the signals that end a process, as events of the work that runs.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// What to do when it is pressed.
type Listener = Box<dyn Fn() + Send>;

/// The current listener, if anything runs.
static LISTENER: Mutex<Option<Listener>> = Mutex::new(None);

/// The number of the first signal that asked the process to end, or 0.
static TERMINATED: AtomicU8 = AtomicU8::new(0);

/// Returns the exit code of a process that SIGTERM or SIGHUP has asked to end: 143 or 129.
pub(crate) fn terminated() -> Option<u8> {
    match TERMINATED.load(Ordering::Relaxed) {
        0 => None,
        signal => Some(128 + signal),
    }
}

/// Sends Ctrl-C, SIGTERM and SIGHUP to this listener, and to nobody else, as long as the value lives.
pub(super) struct Listening;

impl Listening {
    pub(super) fn begin(listener: impl Fn() + Send + 'static) -> Self {
        static CAUGHT: Once = Once::new();
        *current() = Some(Box::new(listener));
        // Where signals cannot be caught, Ctrl-C does what it always did: it ends the process.
        CAUGHT.call_once(catch);
        Self
    }
}

/// Reports Ctrl-C to the listener.
fn interrupt() {
    if let Some(listener) = &*current() {
        listener();
    }
}

/// Reports Ctrl-C to the listener, and also SIGTERM and SIGHUP, but once: some programs send them twice. While nothing
/// runs these two end the process as they always do.
#[cfg(unix)]
fn catch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ending = [SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal));
    let caught = ending.chain([SIGINT]);
    let Ok(mut signals) = signal_hook::iterator::Signals::new(caught) else { return };
    let _ = std::thread::Builder::new().spawn(move || {
        for signal in signals.forever() {
            if signal == SIGINT {
                interrupt();
                continue;
            }
            let number = u8::try_from(signal).unwrap_or_default();
            let is_first = TERMINATED.swap(number, Ordering::Relaxed) == 0;
            match &*current() {
                Some(listener) if is_first => listener(),
                Some(_) => {}
                None => {
                    let _ = signal_hook::low_level::emulate_default_handler(signal);
                }
            }
        }
    });
}

/// Reports Ctrl-C to the listener.
#[cfg(not(unix))]
fn catch() {
    let _ = ctrlc::set_handler(interrupt);
}

/// Returns whether the process was started so that it ignores a signal, as `nohup` does, where the system reports that.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (signal - 1) & 1 == 1
}

impl Drop for Listening {
    fn drop(&mut self) {
        *current() = None;
    }
}

fn current() -> MutexGuard<'static, Option<Listener>> {
    LISTENER.lock().unwrap_or_else(PoisonError::into_inner)
}
