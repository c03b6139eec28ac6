//! What every connection of a model shares: the tools as they are now, and the lanes in which calls run.

use crate::diagnostic::{Result, error};
use crate::mcp::{
    Call, Lane, Resource, Tool, ToolOptions, ToolResult, Toolbox, instructions, resources,
};
use crate::serve::frame::Frame;
use crate::serve::lanes::{Answer, Lanes};
use crate::serve::server::LiveSite;
use crate::serve::worker::Task;
use crate::session::Session;
use crate::web::{Refusal, Site};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch::Receiver;

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
    /// Whether changes of the files are noticed when they happen, so that clients can be told.
    pub is_live: bool,
}

/// What models ask.
pub(super) struct Desk {
    site: LiveSite,
    lanes: Arc<Lanes>,
    pub options: ModelOptions,
    offer: Mutex<Option<(u64, Arc<Offer>)>>,
    /// The lists that clients were told of last, with the number of their state.
    listed: tokio::sync::Mutex<Option<(u64, Arc<Lists>)>>,
    /// Held while a draft is written: of two at once, one would fail.
    writing: tokio::sync::Mutex<()>,
}

/// What there is for models in one state of the data.
#[derive(Default)]
pub(super) struct Offer {
    pub toolbox: Toolbox,
    pub instructions: String,
}

/// The lists of one state of the data.
#[derive(PartialEq)]
pub(super) struct Lists {
    pub tools: Vec<Tool>,
    pub resources: Vec<Resource>,
}

impl Desk {
    pub(super) fn new(site: LiveSite, lanes: Arc<Lanes>, options: ModelOptions) -> Self {
        Self {
            site,
            lanes,
            options,
            offer: Mutex::default(),
            listed: tokio::sync::Mutex::default(),
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

    /// Returns what sees the data change.
    pub(super) fn changes(&self) -> Receiver<(Site, u64)> {
        self.site.changes()
    }

    /// Returns the lists of a state of the data, if they can be read. They are those of the files at the first call.
    pub(super) async fn lists(&self, (site, generation): &(Site, u64)) -> Option<Arc<Lists>> {
        let mut listed = self.listed.lock().await;
        if let Some((known, lists)) = &*listed
            && known == generation
        {
            return Some(Arc::clone(lists));
        }
        let (session, options) = (site.session().clone(), self.options.tools.clone());
        let work = move |limits: &_| -> Result<Lists> {
            let session = session.with_limits(limits);
            let tools = Toolbox::new(&session, &options)?.tools().to_vec();
            Ok(Lists { tools, resources: resources(&session)? })
        };
        let lists = Arc::new(self.lanes.value(work).await.ok()?.ok()?);
        *listed = Some((*generation, Arc::clone(&lists)));
        Some(lists)
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
                let site = self.site.current().0;
                let index = site.shared_search_index().clone();
                let doubts = site.shared_doubts().clone();
                self.work(move |session| Ok(call.perform(session, &index, &doubts))).await
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Dossier;
    use crate::parallel::processors;
    use crate::serve::server::{Settings, runtime};
    use crate::serve::workers::{WorkerCommand, Workers};
    use crate::session::Data;
    use crate::web::Links;
    use serde_json::Map;

    #[test]
    fn a_call_that_panics_harms_no_other() {
        let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
        let site = LiveSite::new(Site::new(session, Links::live(None)));
        let workers = Arc::new(Workers::new(WorkerCommand::default()));
        let places = processors();
        let lanes = Arc::new(Lanes::new(workers, places, Settings::default()));
        let desk = Desk::new(site, lanes, ModelOptions::default());
        runtime(places).unwrap().block_on(async {
            // More than there are places, which are all given back.
            for _ in 0..=2 * places {
                let result = desk.call(Call::that_panics()).await;
                assert!(result.is_error && result.text.contains("broke off"), "{}", result.text);
            }
            let call = desk.offer().unwrap().toolbox.call("schema", Map::new()).unwrap();
            let result = desk.call(call).await;
            assert!(!result.is_error && result.text.contains("dos:"), "{}", result.text);
        });
    }
}
