//! The two lanes: threads of this process, for what the dossier's author wrote, and worker processes, for what strangers
//! write. Both send frames.

use super::body::Stop as StopGuard;
use super::delivery::deliver;
use super::frame::{Frame, Head};
use super::queue::Queue;
use super::response_cache::{Key, KnownResponse, ResponseCache};
use super::server::Settings;
use super::worker::Task;
use super::workers::{Killer, Worker, Workers};
use crate::budget::{Cancellation, Limits, Stop};
use crate::diagnostic::{Diagnostic, Error, error};
use crate::web::{Incoming, Refusal, Site};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How many frames wait for a client that reads slowly.
const WAITING_FRAMES: usize = 4;

/// How long work may go on after its time is over, to say so itself.
const GRACE: Duration = Duration::from_millis(500);

/// What answers requests.
pub(super) struct Lanes {
    pub threads: Queue,
    pub processes: Queue,
    pub workers: Arc<Workers>,
    pub responses: ResponseCache,
    pub settings: Settings,
}

/// The beginning of an answer.
pub(super) struct Answer {
    pub head: Head,
    pub frames: Receiver<Frame>,
    pub stop: StopGuard,
}

/// Stops work when it is dropped.
struct Running {
    cancellation: Cancellation,
    killer: Option<Killer>,
    clock: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.clock.abort();
        self.cancellation.stop(Stop::Interrupted);
        if let Some(killer) = &self.killer {
            killer.kill();
        }
    }
}

impl Lanes {
    /// Creates the lanes of a server, each with so many places.
    pub(super) fn new(workers: Arc<Workers>, places: usize, settings: Settings) -> Self {
        let (threads, processes) = (Queue::new(places), Queue::new(places));
        Self { threads, processes, workers, responses: ResponseCache::new(), settings }
    }

    /// Returns the response to a request, if it was sent before and the data is still the same.
    pub(super) fn known(&self, incoming: &Incoming, generation: u64) -> Option<KnownResponse> {
        self.responses.get(&Key::of(incoming, generation)?)
    }

    /// Answers a request.
    ///
    /// # Errors
    /// Fails if there is no place, or the work ends without an answer.
    pub(super) async fn answer(
        &self,
        site: Site,
        generation: u64,
        incoming: Incoming,
    ) -> Result<Answer, Refusal> {
        if Site::is_ad_hoc(&incoming) {
            let body = incoming.body.clone();
            let request = serde_json::to_vec(&Task::Page(incoming)).map_err(|_| broken())?;
            return self.in_process(generation, request, body).await;
        }
        let Some(place) = self.threads.place(self.settings.timeout).await else {
            return Err(busy());
        };
        let (sender, frames) = mpsc::channel(WAITING_FRAMES);
        let (limits, running) = self.running();
        let key = Key::of(&incoming, generation);
        let mut recorder = key.map(|key| self.responses.recorder(key));
        tokio::task::spawn_blocking(move || {
            let _place = place;
            let site = site.with_limits(&limits);
            let explain = |error: Error| site.fail(error, &incoming);
            let send = &mut |frame| {
                if let Some(recorder) = &mut recorder {
                    recorder.see(&frame);
                }
                forward(&sender, frame)
            };
            // If this fails, the client has left.
            let _ = deliver(site.receive(&incoming), incoming.gzip, &explain, send);
        });
        self.in_time(first(frames, running, async { broken() })).await
    }

    /// Does work in a thread, and returns its value. If the future is dropped, the work is stopped.
    ///
    /// # Errors
    /// Fails if there is no place, or the time is over.
    #[cfg(feature = "mcp")]
    pub(super) async fn value<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Limits) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let Some(place) = self.threads.place(self.settings.timeout).await else {
            return Err(busy());
        };
        let (limits, _running) = self.running();
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work(&limits)
        });
        self.in_time(async { done.await.map_err(|_| broken()) }).await
    }

    /// Has a worker process answer a request, which is written as JSON.
    ///
    /// # Errors
    /// Fails if there is no place, or the work ends without an answer.
    pub(super) async fn in_process(
        &self,
        generation: u64,
        request: Vec<u8>,
        body: Vec<u8>,
    ) -> Result<Answer, Refusal> {
        let Some(place) = self.processes.place(self.settings.timeout).await else {
            return Err(busy());
        };
        let (sender, frames) = mpsc::channel(WAITING_FRAMES);
        let cancellation = Cancellation::default();
        let (begun, beginning) = oneshot::channel();
        let (taken, taking) = oneshot::channel();
        let (workers, settings) = (Arc::clone(&self.workers), self.settings.clone());
        let ended = tokio::task::spawn_blocking(move || {
            let _place = place;
            let worker = workers.take(generation)?;
            if taken.send(worker.killer()).is_err() {
                // The client has left before anybody could stop the worker; whoever drops it kills it.
                return Ok(broken());
            }
            workers.prepare(generation);
            converse(worker, (request, body), begun, &sender, &settings)
        });
        let killer = taking.await.ok();
        let clock = self.clock(Some(beginning), cancellation.clone(), killer.clone());
        let running = Running { cancellation, killer, clock };
        first(frames, running, async {
            match ended.await {
                Ok(Ok(refusal)) => refusal,
                Ok(Err(error)) => cannot_start(&error),
                Err(_) => broken(),
            }
        })
        .await
    }

    /// Returns the limits of work in a thread, and what stops it when it is dropped.
    fn running(&self) -> (Limits, Running) {
        let cancellation = Cancellation::default();
        let clock = self.clock(None, cancellation.clone(), None);
        let limits = Limits { cancellation: cancellation.clone(), rows: None };
        (limits, Running { cancellation, killer: None, clock })
    }

    /// Waits for work in a thread. Work that does not look whether it is stopped is left to itself.
    async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        match self.settings.timeout {
            Some(timeout) => match tokio::time::timeout(timeout + GRACE, work).await {
                Ok(done) => done,
                Err(_) => Err(Stop::Time(timeout).error().into()),
            },
            None => work.await,
        }
    }

    /// Stops work at its deadline. The time begins with the message that it does, or now.
    fn clock(
        &self,
        beginning: Option<oneshot::Receiver<()>>,
        cancellation: Cancellation,
        killer: Option<Killer>,
    ) -> JoinHandle<()> {
        let timeout = self.settings.timeout;
        tokio::spawn(async move {
            if let Some(beginning) = beginning {
                let _ = beginning.await;
            }
            let Some(timeout) = timeout else { return };
            tokio::time::sleep(timeout).await;
            cancellation.stop(Stop::Time(timeout));
            tokio::time::sleep(GRACE).await;
            if let Some(killer) = killer {
                killer.kill();
            }
        })
    }
}

/// Waits for the head of an answer.
async fn first(
    mut frames: Receiver<Frame>,
    running: Running,
    failed: impl Future<Output = Refusal>,
) -> Result<Answer, Refusal> {
    match frames.recv().await {
        Some(Frame::Head(head)) => Ok(Answer { head, frames, stop: Box::new(running) }),
        _ => Err(failed.await),
    }
}

/// Passes a frame on, and waits if the client does not read.
fn forward(sender: &Sender<Frame>, frame: Frame) -> io::Result<()> {
    sender.blocking_send(frame).map_err(|_| io::ErrorKind::BrokenPipe.into())
}

/// Has a worker answer a request. Returns why there is no answer, if there is none.
fn converse(
    mut worker: Worker,
    (request, body): (Vec<u8>, Vec<u8>),
    begun: oneshot::Sender<()>,
    sender: &Sender<Frame>,
    settings: &Settings,
) -> io::Result<Refusal> {
    worker.wait()?;
    let started = Instant::now();
    let _ = begun.send(());
    worker.ask(request, body)?;
    while let Some(frame) = worker.next() {
        let is_last = matches!(frame, Frame::End | Frame::Cut(_));
        if forward(sender, frame).is_err() {
            // The client has left; whoever drops the worker kills it.
            return Ok(broken());
        }
        if is_last {
            return Ok(broken());
        }
    }
    let status = worker.end();
    let is_limit = status.is_some_and(|status| status.code() == Some(LIMIT));
    let reason = match settings.timeout {
        Some(timeout) if started.elapsed() >= timeout => Stop::Time(timeout).error().into(),
        _ if is_limit => Stop::Memory(settings.memory).error().into(),
        _ => broken(),
    };
    // If the response has begun, the client learns that it is not whole.
    let why = reason.error.problems.first().map(|problem| problem.message.clone());
    let _ = forward(sender, Frame::Cut(why.unwrap_or_default()));
    Ok(reason)
}

/// The exit code of a worker that reached a limit.
const LIMIT: i32 = 5;

fn busy() -> Refusal {
    let problem = error!("server-busy", "the server is busy").help("try again in a second");
    Refusal::new(503, problem).with("retry-after", "1")
}

fn cannot_start(error: &io::Error) -> Refusal {
    let why = crate::diagnostic::reason(error);
    Refusal::new(500, error!("worker-failed", "cannot start a process for the query: {why}"))
}

fn broken() -> Refusal {
    let problem: Diagnostic = error!("worker-failed", "the work on this request broke off")
        .help("the messages of the server say why");
    Refusal::new(500, problem)
}
