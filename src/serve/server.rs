//! A server: its listeners, its connections, and its end.

use super::guard::{Guard, Host, WebOrigin};
use super::http::{Shared, respond};
use super::lanes::Lanes;
use super::log::Log;
#[cfg(feature = "mcp")]
use super::mcp::{ModelEndpoint, ModelOptions};
use super::patient::Patient;
use super::workers::{WorkerCommand, Workers};
use crate::budget::Cancellation;
use crate::parallel::{STACK, processors};
use crate::web::Site;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use hyper_util::server::graceful::GracefulShutdown;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, watch};

/// How often it is looked at whether the server is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// How long requests may go on after that.
const FAREWELL: Duration = Duration::from_secs(4);

/// The most connections. Further ones wait until one is closed.
const MOST_CONNECTIONS: usize = 256;

/// The longest head of a request, in bytes, and how long a client may take for it.
const LONGEST_HEAD: usize = 16 << 10;
const HEAD_TIME: Duration = Duration::from_secs(10);

/// What a server is told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// The time that an answer may take, or `None` for any.
    pub timeout: Option<Duration>,
    /// The memory that a worker may use.
    pub memory: u64,
    /// The names of the server, beside those of the own machine.
    pub hosts: Vec<Host>,
    /// Whether other machines can connect.
    pub is_open: bool,
    /// The sites whose pages may read responses.
    pub origins: Vec<WebOrigin>,
    /// Where clients find the server, if another one stands before it.
    pub public: Option<WebOrigin>,
    /// Whether query strings are logged.
    pub logs_queries: bool,
}

/// A site that can be replaced while it is served. Clones share it.
#[derive(Clone)]
pub(crate) struct LiveSite(Arc<watch::Sender<(Site, u64)>>);

impl LiveSite {
    /// Creates it.
    pub(crate) fn new(site: Site) -> Self {
        Self(Arc::new(watch::Sender::new((site, 0))))
    }

    /// Replaces the site: requests from now on see the new one.
    pub(crate) fn replace(&self, site: Site) {
        self.0.send_modify(|current| *current = (site, current.1 + 1));
    }

    /// Returns the current site and its number.
    pub(super) fn current(&self) -> (Site, u64) {
        self.0.borrow().clone()
    }

    /// Returns what sees the site change.
    #[cfg(feature = "mcp")]
    pub(super) fn changes(&self) -> watch::Receiver<(Site, u64)> {
        self.0.subscribe()
    }
}

/// Creates what runs a server, each of whose lanes has so many places.
pub(super) fn runtime(places: usize) -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_stack_size(STACK)
        // Both lanes, pipes, and work that was left to itself.
        .max_blocking_threads(4 * places + 8)
        .build()
}

/// What a server listens on and answers from.
pub(crate) struct Server {
    /// The site.
    pub site: LiveSite,
    /// Where it listens.
    pub listeners: Vec<TcpListener>,
    /// How its workers are started.
    pub workers: WorkerCommand,
    /// What it is told.
    pub settings: Settings,
    /// What takes the lines of the log.
    pub log: Log,
    /// What language models get.
    #[cfg(feature = "mcp")]
    pub models: ModelOptions,
}

impl Server {
    /// Serves until the work is stopped, and then for a few seconds what was begun.
    ///
    /// # Errors
    /// Fails if the system refuses to listen.
    pub(crate) fn run(self, cancellation: &Cancellation) -> io::Result<()> {
        let places = processors();
        let runtime = runtime(places)?;
        let done = runtime.block_on(self.serve(places, cancellation));
        // Work that does not look whether it is stopped would keep the process waiting.
        runtime.shutdown_background();
        done
    }

    async fn serve(self, places: usize, cancellation: &Cancellation) -> io::Result<()> {
        #[cfg(feature = "mcp")]
        let models = self.models.clone();
        let Self { site, listeners, workers, settings, log, .. } = self;
        let workers = Arc::new(Workers::new(workers));
        let guard = Guard {
            hosts: settings.hosts.clone(),
            is_open: settings.is_open,
            origins: settings.origins.clone(),
            public: settings.public.clone(),
        };
        let lanes = Arc::new(Lanes::new(Arc::clone(&workers), places, settings));
        let shared = Arc::new(Shared {
            #[cfg(feature = "mcp")]
            models: ModelEndpoint::new(site.clone(), Arc::clone(&lanes), models),
            site,
            guard,
            lanes,
            log,
        });
        let spare = Arc::clone(&workers);
        tokio::task::spawn_blocking(move || spare.prepare(0));
        let connections = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let graceful = GracefulShutdown::new();
        let listeners = listeners
            .into_iter()
            .map(|listener| {
                listener.set_nonblocking(true)?;
                tokio::net::TcpListener::from_std(listener)
            })
            .collect::<io::Result<Vec<_>>>()?;
        while cancellation.stopped().is_none() {
            let place = Arc::clone(&connections).acquire_owned();
            let place = tokio::time::timeout(LOOK, place).await;
            let Ok(Ok(place)) = place else { continue };
            let Some(stream) = accepted(&listeners, cancellation).await else { break };
            let (shared, watcher) = (Arc::clone(&shared), graceful.watcher());
            tokio::spawn(async move {
                let service = service_fn(move |request| respond(Arc::clone(&shared), request));
                let mut http = http1::Builder::new();
                // (Without `pipeline_flush`: with it, hyper holds all that a client does not read.)
                http.timer(TokioTimer::new())
                    .header_read_timeout(HEAD_TIME)
                    .max_header_size(LONGEST_HEAD)
                    .max_buf_size(4 * LONGEST_HEAD);
                let connection = http.serve_connection(Patient::new(stream), service);
                // A connection that breaks concerns nobody but its client.
                let _ = watcher.watch(connection).await;
                drop(place);
            });
        }
        drop(listeners);
        workers.close();
        let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
        Ok(())
    }
}

/// Waits for a connection. Returns `None` if the work is stopped.
async fn accepted(
    listeners: &[tokio::net::TcpListener],
    cancellation: &Cancellation,
) -> Option<TcpStream> {
    loop {
        let arrived = std::future::poll_fn(|context| {
            for listener in listeners {
                if let std::task::Poll::Ready(arrived) = listener.poll_accept(context) {
                    return std::task::Poll::Ready(arrived);
                }
            }
            std::task::Poll::Pending
        });
        tokio::select! {
            arrived = arrived => match arrived {
                Ok((stream, _)) => {
                    let _ = stream.set_nodelay(true);
                    return Some(stream);
                }
                // Too many open files, for example: that passes.
                Err(_) => tokio::time::sleep(LOOK).await,
            },
            () = tokio::time::sleep(LOOK) => {}
        }
        if cancellation.stopped().is_some() {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Dossier;
    use crate::session::{Data, Session};
    use crate::web::Links;
    use std::io::{Read as _, Write as _};
    use std::thread;

    /// A site of the built-in dossier.
    fn site() -> LiveSite {
        let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
        LiveSite::new(Site::new(session, Links::live(None)))
    }

    /// Sends a request, and returns the response.
    fn get(port: u16, path: &str) -> String {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }

    #[test]
    fn a_request_that_panics_harms_no_other() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Server {
            site: site(),
            listeners: vec![listener],
            workers: WorkerCommand::default(),
            settings: Settings::default(),
            log: Arc::new(|_| ()),
            #[cfg(feature = "mcp")]
            models: ModelOptions::default(),
        };
        let cancellation = Cancellation::default();
        let running = cancellation.clone();
        let serving = thread::spawn(move || server.run(&running));
        // More than there are places, which are all given back.
        for _ in 0..=2 * processors() {
            let broken = get(port, Site::INJECTED_PANIC);
            assert!(broken.starts_with("HTTP/1.1 500 "), "{broken}");
            assert!(broken.contains("content-type: application/problem+json\r\n"), "{broken}");
        }
        let whole = get(port, "/ask/members/year=2016");
        assert!(whole.starts_with("HTTP/1.1 200 "), "{whole}");
        cancellation.stop(crate::budget::Stop::Interrupted);
        serving.join().unwrap().unwrap();
    }
}
