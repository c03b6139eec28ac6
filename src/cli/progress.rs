//! How far something is, on a terminal, once it takes longer than a second.

use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use std::io::{self, Read};
use std::iter;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long nothing is said.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often it is shown that something goes on.
const TICK: Duration = Duration::from_millis(100);

/// How many steps are taken without a look at the clock.
const STEPS: u64 = 1 << 12;

/// How many bytes of some files are read.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter {
    size: u64,
    read: Arc<AtomicU64>,
}

impl Meter {
    /// Of files of which none is read yet. Of standard input nobody knows the size.
    pub(super) fn of_files(files: &[PathBuf]) -> Self {
        let sizes = files.iter().map(|file| file.metadata().map_or(0, |metadata| metadata.len()));
        Self { size: sizes.sum(), ..Self::default() }
    }

    /// How many bytes the files have.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// A reader that tells what is read.
    pub(super) fn reading<R: Read>(&self, reader: R) -> impl Read + use<R> {
        MeteredReader { reader, read: Arc::clone(&self.read) }
    }
}

struct MeteredReader<R> {
    reader: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for MeteredReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// How many of something are done.
pub(super) struct Progress {
    started: Instant,
    what: &'static str,
    done: u64,
    /// How many there are, if that is known.
    total: Option<u64>,
    /// What is read of files meanwhile.
    meter: Option<Meter>,
    bar: Option<ProgressBar>,
    is_watched: bool,
}

impl Progress {
    /// Progress through some things. Nothing is shown unless `is_watched`.
    pub(super) fn new(what: &'static str, is_watched: bool) -> Self {
        Self {
            started: Instant::now(),
            what,
            done: 0,
            total: None,
            meter: None,
            bar: None,
            is_watched,
        }
    }

    /// Progress through some files, which tells how long it will take.
    pub(super) fn through(meter: Meter, what: &'static str, is_watched: bool) -> Self {
        let mut progress = Self::new(what, is_watched);
        progress.meter = Some(meter).filter(|meter| meter.size > 0);
        progress
    }

    /// Progress through so many things, which tells how long it will take.
    pub(super) fn of_total(total: u64, what: &'static str, is_watched: bool) -> Self {
        let mut progress = Self::new(what, is_watched);
        progress.total = Some(total);
        progress
    }

    /// So many are done, of this total.
    pub(super) fn reach(&mut self, done: u64, total: u64) {
        self.done = done;
        self.total = Some(total);
        if !self.is_watched {
            return;
        }
        if self.bar.is_none() && self.started.elapsed() > PATIENCE {
            self.bar = Some(self.begin());
        }
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
        }
    }

    /// All are done, and something else goes on.
    pub(super) fn finish_with(&self, what: &'static str) {
        let Some(bar) = &self.bar else { return };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.enable_steady_tick(TICK);
    }

    /// One more is done.
    pub(super) fn step(&mut self) {
        self.done += 1;
        if !self.is_watched || !self.done.is_multiple_of(STEPS) {
            return;
        }
        if self.bar.is_none() && self.started.elapsed() > PATIENCE {
            self.bar = Some(self.begin());
        }
        let Some(bar) = &self.bar else { return };
        match &self.meter {
            Some(meter) => {
                bar.set_position(meter.read.load(Ordering::Relaxed));
                bar.set_message(format!("{} {}", HumanCount(self.done), self.what));
            }
            None => bar.set_position(self.done),
        }
    }

    /// Things one by one, each of them a step. After the last one it is said that what was made of them is being written.
    pub(super) fn of<T>(&mut self, mut things: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        iter::from_fn(move || {
            let thing = things.next();
            match thing {
                Some(_) => self.step(),
                None => self.write(),
            }
            thing
        })
    }

    fn write(&self) {
        let Some(bar) = &self.bar else { return };
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {msg} read, writing them in order, {elapsed}")
        {
            bar.set_style(style);
        }
        bar.set_message(format!("{} {}", HumanCount(self.done), self.what));
        bar.enable_steady_tick(TICK);
    }

    fn begin(&self) -> ProgressBar {
        let (bar, template) = match (&self.meter, self.total) {
            (Some(meter), _) => (
                ProgressBar::new(meter.size),
                "{bar:20} {bytes} of {total_bytes}, {bytes_per_sec}, {msg}, {eta} left",
            ),
            (None, Some(total)) => (
                ProgressBar::new(total).with_message(self.what),
                "{bar:20} {human_pos} of {human_len} {msg}, {per_sec}, {eta} left",
            ),
            (None, None) => (
                ProgressBar::new_spinner().with_message(self.what),
                "{spinner} {human_pos} {msg}, {per_sec}, {elapsed}",
            ),
        };
        // Of the time before there was a bar the rate is known too.
        let bar = bar.with_elapsed(self.started.elapsed());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
