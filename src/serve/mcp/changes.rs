//! What clients are told when the dossier was loaded anew: which of its lists are others now.

use super::desk::{Desk, Lists};
use crate::web::Site;
use std::sync::Arc;
use tokio::sync::watch::Receiver;

/// The changes of the lists, from a point in time on.
pub(super) struct Changes {
    desk: Arc<Desk>,
    sites: Receiver<(Site, u64)>,
    /// The state at the beginning, until its lists are known.
    first: Option<(Site, u64)>,
    known: Option<Arc<Lists>>,
}

/// Which lists have changed. (That of prompts never does.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChangedLists {
    pub tools: bool,
    pub resources: bool,
}

impl Changes {
    /// Begins now.
    pub(super) fn from_now(desk: &Arc<Desk>) -> Self {
        let mut sites = desk.changes();
        let first = Some(sites.borrow_and_update().clone());
        Self { desk: Arc::clone(desk), sites, first, known: None }
    }

    /// Returns whether clients were promised to learn of them.
    pub(super) fn are_promised(&self) -> bool {
        self.desk.options.is_live
    }

    /// Reads the lists as they are at the beginning.
    pub(super) async fn begin(&mut self) {
        if let Some(first) = self.first.take() {
            self.known = self.desk.lists(&first).await;
        }
    }

    /// Waits until a list has changed. If none ever does, this never ends.
    pub(super) async fn next(&mut self) -> ChangedLists {
        self.begin().await;
        loop {
            if self.sites.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            let site = self.sites.borrow_and_update().clone();
            // (What fails here fails again when the list is asked for, and is told then.)
            let Some(lists) = self.desk.lists(&site).await else { continue };
            let known = self.known.as_ref();
            let changed = ChangedLists {
                tools: known.is_none_or(|known| known.tools != lists.tools),
                resources: known.is_none_or(|known| known.resources != lists.resources),
            };
            self.known = Some(lists);
            if changed.tools || changed.resources {
                return changed;
            }
        }
    }
}
