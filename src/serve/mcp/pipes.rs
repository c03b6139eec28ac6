//! Models over pipes: one client, which started this process.

use super::changes::Changes;
use super::desk::{Desk, ModelOptions};
use super::handler::Handler;
use crate::budget::Cancellation;
use crate::parallel::processors;
use crate::serve::lanes::Lanes;
use crate::serve::server::{LiveSite, Settings, runtime};
use crate::serve::workers::{WorkerCommand, Workers};
use rmcp::transport::io::stdio_pipes;
use rmcp::{Peer, RoleServer};
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
        let runtime = runtime(places)?;
        runtime.block_on(self.serve(places, cancellation));
        // (A thread may wait for input that never comes.)
        runtime.shutdown_background();
        Ok(())
    }

    async fn serve(self, places: usize, cancellation: &Cancellation) {
        let Self { site, workers, settings, models } = self;
        let workers = Arc::new(Workers::new(workers));
        let lanes = Arc::new(Lanes::new(Arc::clone(&workers), places, settings));
        let desk = Arc::new(Desk::new(site, lanes, models));
        let handler = Handler(Arc::clone(&desk));
        let stopped = async {
            while cancellation.stopped().is_none() {
                tokio::time::sleep(LOOK).await;
            }
        };
        let mut changes = Changes::from_now(&desk);
        if changes.are_promised() {
            // Before the client can ask for a list: saved queries are read from their files when they are listed.
            changes.begin().await;
        }
        let service = async {
            // (A client that leaves before it has begun is no failure.)
            if let Ok(service) = rmcp::serve_server(handler, stdio_pipes()).await {
                let peer = service.peer().clone();
                tokio::select! {
                    _ = service.waiting() => {}
                    () = tell(peer, changes) => {}
                }
            }
        };
        tokio::select! {
            () = service => {}
            () = stopped => {}
        }
        workers.close();
    }
}

/// Tells a client that began with a handshake which lists have changed. One of the current revision asks for that, which
/// the handler answers.
async fn tell(peer: Peer<RoleServer>, mut changes: Changes) {
    if peer.peer_info().is_none() || !changes.are_promised() {
        std::future::pending::<()>().await;
    }
    loop {
        let changed = changes.next().await;
        // (If this fails, the client has left, which ends the service.)
        if changed.tools {
            let _ = peer.notify_tool_list_changed().await;
        }
        if changed.resources {
            let _ = peer.notify_resource_list_changed().await;
        }
    }
}
