//! What every connection of a model shares: the tools as they are now, and the lanes in which calls run.

use crate::diagnostic::{Result, error};
use crate::mcp::{Call, Lane, ToolOptions, ToolResult, Toolbox, instructions};
use crate::serve::frame::Frame;
use crate::serve::lanes::{Answer, Lanes};
use crate::serve::server::LiveSite;
use crate::serve::worker::Task;
use crate::session::Session;
use crate::web::Refusal;
use std::sync::{Arc, Mutex, PoisonError};

/// Loads the dossier anew if its files have changed.
pub(crate) type Refresh = Arc<dyn Fn() + Send + Sync>;

/// What models get.
#[derive(Clone, Default)]
pub(crate) struct ModelOptions {
    /// The tools.
    pub tools: ToolOptions,
    /// Whether answers come from elsewhere, such as an endpoint.
    pub is_open_world: bool,
    /// What is done before each request.
    pub refresh: Option<Refresh>,
}

/// What models ask.
pub(super) struct Desk {
    site: LiveSite,
    lanes: Arc<Lanes>,
    pub options: ModelOptions,
    offer: Mutex<Option<(u64, Arc<Offer>)>>,
    /// Held while a draft is written: of two at once, one would fail.
    writing: tokio::sync::Mutex<()>,
}

/// What there is for models in one state of the data.
#[derive(Default)]
pub(super) struct Offer {
    pub toolbox: Toolbox,
    pub instructions: String,
}

impl Desk {
    pub(super) fn new(site: LiveSite, lanes: Arc<Lanes>, options: ModelOptions) -> Self {
        Self {
            site,
            lanes,
            options,
            offer: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
        }
    }

    /// Returns what there is for models. It is computed once for each state of the data.
    ///
    /// # Errors
    /// Fails if the queries cannot be read or the store fails.
    pub(super) fn offer(&self) -> Result<Arc<Offer>> {
        let (site, generation) = self.site.current();
        let mut offer = self.offer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, offer)) = &*offer
            && *known == generation
        {
            return Ok(Arc::clone(offer));
        }
        let tools = &self.options.tools;
        let toolbox = Toolbox::new(site.session(), tools)?;
        let instructions = instructions(site.session(), &toolbox, tools)?;
        let new = Arc::new(Offer { toolbox, instructions });
        *offer = Some((generation, Arc::clone(&new)));
        Ok(new)
    }

    /// Looks whether the data has changed.
    pub(super) async fn refresh(&self) {
        if let Some(refresh) = self.options.refresh.clone() {
            // (If it panics, the old state stays.)
            let _ = tokio::task::spawn_blocking(move || refresh()).await;
        }
    }

    /// Starts a worker before it is needed, if one can be needed.
    pub(super) fn prepare(&self) {
        if self.options.tools.has_sparql {
            let (workers, generation) = (Arc::clone(&self.lanes.workers), self.site.current().1);
            tokio::task::spawn_blocking(move || workers.prepare(generation));
        }
    }

    /// Does work on the session in a thread.
    ///
    /// # Errors
    /// Fails if there is no place, the time is over, or the work fails.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Session) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let session = self.site.current().0.session().clone();
        let done = self.lanes.value(move |limits| work(&session.with_limits(limits))).await;
        done.unwrap_or_else(|refusal| Err(refusal.error))
    }

    /// Performs a call. If the future is dropped, the work is stopped.
    pub(super) async fn call(&self, call: Call) -> ToolResult {
        let done = match call.lane() {
            Lane::Thread => {
                let _turn = if call.is_writing() { Some(self.writing.lock().await) } else { None };
                let index = self.site.current().0.shared_search_index().clone();
                self.work(move |session| Ok(call.perform(session, &index))).await
            }
            Lane::Process => self.in_process(call).await.map_err(|refusal| refusal.error),
        };
        done.unwrap_or_else(|error| ToolResult::failed(&error))
    }

    async fn in_process(&self, call: Call) -> Result<ToolResult, Refusal> {
        let request = serde_json::to_vec(&Task::Tool(call)).map_err(|_| broken())?;
        let answer = self.lanes.in_process(self.site.current().1, request, Vec::new()).await?;
        // (What stops the work is dropped at the end.)
        let Answer { mut frames, stop: _stop, .. } = answer;
        let mut bytes = Vec::new();
        loop {
            match frames.recv().await {
                Some(Frame::Data(piece)) => bytes.extend(piece),
                Some(Frame::End) => return serde_json::from_slice(&bytes).map_err(|_| broken()),
                _ => return Err(broken()),
            }
        }
    }
}

fn broken() -> Refusal {
    let problem = error!("worker-failed", "the work on this call broke off")
        .help("ask for less, or ask differently");
    Refusal::from(problem.store())
}
