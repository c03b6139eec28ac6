//! Workers, seen from the server: processes of the same program, of which one is kept ready.

use super::frame::Frame;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How workers are started.
#[derive(Debug, Clone, Default)]
pub(crate) struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// What it is sent first. Secrets stand here: everybody can see arguments.
    pub setup: Vec<u8>,
}

/// The workers of a server.
pub(super) struct Workers {
    command: WorkerCommand,
    spare: Mutex<Option<Worker>>,
    is_closed: AtomicBool,
}

/// A worker that answers one request.
pub(super) struct Worker {
    input: ChildStdin,
    output: ChildStdout,
    process: Process,
    /// Which state of the data it has loaded.
    generation: u64,
}

/// The process of a worker. It is killed when this is dropped, unless it has ended.
pub(super) struct Process(Arc<Mutex<Child>>);

/// Ends a process from elsewhere, when it is dropped or at a deadline.
#[derive(Clone)]
pub(super) struct Killer(Arc<Mutex<Child>>);

impl Workers {
    /// Creates the workers of a server. None is started yet.
    pub(super) fn new(command: WorkerCommand) -> Self {
        Self { command, spare: Mutex::default(), is_closed: AtomicBool::new(false) }
    }

    /// Starts a worker that nobody needs yet, unless there is one. If that fails, it fails again when one is needed.
    pub(super) fn prepare(&self, generation: u64) {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let is_usable = spare.as_ref().is_some_and(|spare| spare.generation == generation);
        if !is_usable && !self.is_closed.load(Ordering::Relaxed) {
            *spare = self.start(generation).ok();
        }
    }

    /// Returns a worker.
    ///
    /// # Errors
    /// Fails if none can be started.
    pub(super) fn take(&self, generation: u64) -> io::Result<Worker> {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).take();
        match spare {
            Some(spare) if spare.generation == generation => Ok(spare),
            _ => self.start(generation),
        }
    }

    /// Ends the worker that nobody needs, and starts no other.
    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn start(&self, generation: u64) -> io::Result<Worker> {
        let WorkerCommand { program, arguments, setup } = &self.command;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        // Ctrl-C is for the server, which lets its workers finish.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take());
        let process = Process(Arc::new(Mutex::new(child)));
        let (Some(mut input), Some(output)) = pipes else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Frame::Setup(setup.clone()).write(&mut input)?;
        Ok(Worker { input, output, process, generation })
    }
}

impl Worker {
    /// Returns what can kill the worker.
    pub(super) fn killer(&self) -> Killer {
        Killer(Arc::clone(&self.process.0))
    }

    /// Waits until the data is loaded.
    ///
    /// # Errors
    /// Fails if the worker ends before that.
    pub(super) fn wait(&mut self) -> io::Result<()> {
        match Frame::read(&mut self.output)? {
            Some(Frame::Ready) => Ok(()),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Hands over a request.
    ///
    /// # Errors
    /// Fails if the worker does not take it.
    pub(super) fn ask(&mut self, request: Vec<u8>, body: Vec<u8>) -> io::Result<()> {
        Frame::Request(request).write(&mut self.input)?;
        Frame::Body(body).write(&mut self.input)
    }

    /// Returns the next part of the response, or `None` if the worker has ended.
    pub(super) fn next(&mut self) -> Option<Frame> {
        Frame::read(&mut self.output).ok().flatten()
    }

    /// Waits for the end of the worker.
    pub(super) fn end(self) -> Option<ExitStatus> {
        let Self { input, output, process, .. } = self;
        drop((input, output));
        // (The lock is not held meanwhile: somebody else may want to kill it.)
        loop {
            let status = process.0.lock().unwrap_or_else(PoisonError::into_inner).try_wait();
            match status {
                Ok(None) => std::thread::sleep(std::time::Duration::from_millis(1)),
                Ok(status) => return status,
                Err(_) => return None,
            }
        }
    }
}

impl Killer {
    /// Kills the process, if it still runs.
    pub(super) fn kill(&self) {
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(child.try_wait(), Ok(None)) {
            let _ = child.kill();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(child.try_wait(), Ok(None)) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
