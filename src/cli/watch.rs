//! Waits for changes to the files of a dossier.

use crate::budget::Cancellation;
use crate::diagnostic::Diagnostic;
use crate::dossier::Dossier;
use anyhow::Context as _;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// The folders of a dossier whose files are watched.
const FOLDERS: [&str; 3] = ["ontology", "data", "queries"];

/// How long nothing has to change until the changes count as complete: an editor writes a file in several steps.
const QUIET: Duration = Duration::from_millis(100);

/// How often somebody who waits looks whether the work is to stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// Watches the files of a dossier.
pub(super) struct DossierWatcher {
    /// The folders, each with what stands before the paths in it.
    roots: Vec<(String, PathBuf)>,
    events: Receiver<notify::Result<notify::Event>>,
    /// It watches as long as it lives.
    _watcher: RecommendedWatcher,
}

impl DossierWatcher {
    /// Begins to watch a dossier, or several.
    ///
    /// # Errors
    /// If it is the built-in one, or the system cannot watch a folder.
    pub(super) fn new(dossier: &Dossier) -> anyhow::Result<Self> {
        let names = dossier.parts().iter().map(|part| part.path("")).chain([String::new()]);
        let absolute = |root: &Path| root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let roots: Vec<(String, PathBuf)> =
            names.zip(dossier.roots().into_iter().map(absolute)).collect();
        if roots.is_empty() {
            return Err(Diagnostic::error(
                "built-in-dossier",
                "the built-in dossier never changes",
            )
            .help("name the folder of another one with `--dossier`")
            .usage()
            .into());
        }
        let (sender, events) = mpsc::channel();
        let mut watcher =
            notify::recommended_watcher(sender).context("cannot watch the dossier's files")?;
        let folders = roots.iter().flat_map(|(_, root)| FOLDERS.map(|folder| root.join(folder)));
        for folder in folders {
            if folder.is_dir() {
                let problem = || format!("cannot watch `{}`", folder.display());
                watcher.watch(&folder, RecursiveMode::Recursive).with_context(problem)?;
            }
        }
        Ok(Self { roots, events, _watcher: watcher })
    }

    /// Waits until files change, and then until no more do. Returns their paths in the dossier, sorted, or `None` if the
    /// work is to stop.
    pub(super) fn wait(&self, cancellation: &Cancellation) -> Option<Vec<String>> {
        let mut changed = BTreeSet::new();
        let mut quiet_at: Option<Instant> = None;
        loop {
            if cancellation.stopped().is_some() {
                return None;
            }
            let wait = match quiet_at {
                None => PATIENCE,
                Some(quiet_at) => {
                    let left = quiet_at.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Some(changed.into_iter().collect());
                    }
                    left
                }
            };
            let event = self.events.recv_timeout(wait).ok().and_then(notify::Result::ok);
            let paths = event.map(|event| self.paths(&event)).unwrap_or_default();
            // Only changes put the end off: others may read the files all the time.
            if !paths.is_empty() {
                quiet_at = Some(Instant::now() + QUIET);
                changed.extend(paths);
            }
        }
    }

    /// Returns the files of the dossier that an event is about. Reading a file is an event, too.
    fn paths(&self, event: &notify::Event) -> Vec<String> {
        if matches!(event.kind, EventKind::Access(_)) {
            return Vec::new();
        }
        let inside = event.paths.iter().filter_map(|path| {
            let in_root = |(name, root): &(String, PathBuf)| {
                Some((name.clone(), path.strip_prefix(root).ok()?.to_owned()))
            };
            self.roots.iter().find_map(in_root)
        });
        let is_hidden = |path: &Path| {
            path.components().any(|part| match part {
                Component::Normal(name) => name.to_string_lossy().starts_with('.'),
                _ => false,
            })
        };
        let shown = inside.filter(|(_, path)| !is_hidden(path));
        shown.map(|(name, path)| format!("{name}{}", path.display())).collect()
    }
}
