//! Ctrl-C and the signals that end a process, as events of the work that runs.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// What is done when it is pressed.
type Listener = Box<dyn Fn() + Send>;

/// Whom to tell that it was pressed: nobody while nothing runs.
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

/// Tells a press of Ctrl-C, and SIGTERM and SIGHUP, to this one, and to nobody else, as long as the value lives.
pub(super) struct Listening;

impl Listening {
    pub(super) fn begin(listener: impl Fn() + Send + 'static) -> Self {
        static CAUGHT: Once = Once::new();
        *current() = Some(Box::new(listener));
        // Where signals cannot be caught, Ctrl-C does what it always did: it ends the process.
        CAUGHT.call_once(|| {
            let _ = ctrlc::set_handler(|| {
                if let Some(listener) = &*current() {
                    listener();
                }
            });
            #[cfg(unix)]
            catch_termination();
        });
        Self
    }
}

/// Tells SIGTERM and SIGHUP to whom Ctrl-C is told, but once: some programs send them twice. While nothing runs they end
/// the process as they always do.
#[cfg(unix)]
fn catch_termination() {
    use signal_hook::consts::{SIGHUP, SIGTERM};
    let caught = [SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal));
    let Ok(mut signals) = signal_hook::iterator::Signals::new(caught) else { return };
    let _ = std::thread::Builder::new().spawn(move || {
        for signal in signals.forever() {
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
