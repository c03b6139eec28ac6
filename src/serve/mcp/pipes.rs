//! Models over pipes: one client, which started this process.

use super::desk::{Desk, ModelOptions};
use super::handler::Handler;
use crate::budget::Cancellation;
use crate::parallel::{STACK, processors};
use crate::serve::lanes::Lanes;
use crate::serve::server::{LiveSite, Settings};
use crate::serve::workers::{WorkerCommand, Workers};
use rmcp::transport::io::stdio_pipes;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked at whether the work is stopped.
const LOOK: Duration = Duration::from_millis(50);

/// What a client over pipes is served from.
pub(crate) struct PipeServer {
    /// The site.
    pub site: LiveSite,
    /// How workers are started.
    pub workers: WorkerCommand,
    /// The limits of each call.
    pub settings: Settings,
    /// What models get.
    pub models: ModelOptions,
}

impl PipeServer {
    /// Serves until the client closes its end, or the work is stopped.
    ///
    /// # Errors
    /// Fails if the system has no threads left.
    pub(crate) fn run(self, cancellation: &Cancellation) -> io::Result<()> {
        let places = processors();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .thread_stack_size(STACK)
            // Both lanes, the pipes, and work that was left to itself.
            .max_blocking_threads(4 * places + 8)
            .build()?;
        runtime.block_on(self.serve(places, cancellation));
        // (A thread may wait for input that never comes.)
        runtime.shutdown_background();
        Ok(())
    }

    async fn serve(self, places: usize, cancellation: &Cancellation) {
        let Self { site, workers, settings, models } = self;
        let workers = Arc::new(Workers::new(workers));
        let lanes = Arc::new(Lanes::new(Arc::clone(&workers), places, settings));
        let handler = Handler(Arc::new(Desk::new(site, lanes, models)));
        let stopped = async {
            while cancellation.stopped().is_none() {
                tokio::time::sleep(LOOK).await;
            }
        };
        let service = async {
            // (A client that leaves before it has begun is no failure.)
            if let Ok(service) = rmcp::serve_server(handler, stdio_pipes()).await {
                let _ = service.waiting().await;
            }
        };
        tokio::select! {
            () = service => {}
            () = stopped => {}
        }
        workers.close();
    }
}
