//! Ctrl-C, as an event of the work that runs.

use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// What is done when it is pressed.
type Listener = Box<dyn Fn() + Send>;

/// Whom to tell that it was pressed: nobody while nothing runs.
static LISTENER: Mutex<Option<Listener>> = Mutex::new(None);

/// Tells a press of Ctrl-C to this one, and to nobody else, as long as the value lives.
pub struct Listening;

impl Listening {
    pub fn begin(listener: impl Fn() + Send + 'static) -> Self {
        static CAUGHT: Once = Once::new();
        *current() = Some(Box::new(listener));
        // Where signals cannot be caught, Ctrl-C does what it always did: it ends the process.
        CAUGHT.call_once(|| {
            let _ = ctrlc::set_handler(|| {
                if let Some(listener) = &*current() {
                    listener();
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

fn current() -> MutexGuard<'static, Option<Listener>> {
    LISTENER.lock().unwrap_or_else(PoisonError::into_inner)
}
