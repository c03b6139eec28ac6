//! Ctrl-C, as an event of the work that runs.

use super::supervise::Event;
use std::sync::mpsc::Sender;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// Whom to tell that it was pressed: nobody while nothing runs.
static LISTENER: Mutex<Option<Sender<Event>>> = Mutex::new(None);

/// Tells a press of Ctrl-C to this one, and to nobody else, as long as the value lives.
pub struct Listening;

impl Listening {
    pub fn begin(listener: Sender<Event>) -> Self {
        static CAUGHT: Once = Once::new();
        *current() = Some(listener);
        // Where signals cannot be caught, Ctrl-C does what it always did: it ends the process.
        CAUGHT.call_once(|| {
            let _ = ctrlc::set_handler(|| {
                if let Some(listener) = &*current() {
                    let _ = listener.send(Event::Pressed);
                }
            });
        });
        Self
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        *current() = None;
    }
}

fn current() -> MutexGuard<'static, Option<Sender<Event>>> {
    LISTENER.lock().unwrap_or_else(PoisonError::into_inner)
}
