//! A queue: so much work at once, so much that waits, and no more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most requests that wait.
const MOST_WAITING: usize = 32;

/// Places for work, and a queue before them.
pub(super) struct Queue {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// Somebody who waits.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Queue {
    /// Creates a queue with so many places.
    pub(super) fn new(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), waiting: AtomicUsize::new(0) }
    }

    /// Waits for a place, which lasts as long as the value lives. Returns `None` if the queue is full, or no place
    /// becomes free in time.
    pub(super) async fn place(&self, patience: Option<Duration>) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(place);
        }
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let _waiting = Waiting(&self.waiting);
        let place = Arc::clone(&self.places).acquire_owned();
        match patience {
            Some(patience) => tokio::time::timeout(patience, place).await.ok()?.ok(),
            None => place.await.ok(),
        }
    }
}
