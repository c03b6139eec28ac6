//! What a command works with.

use super::data_options::DataOptions;
use super::inputs;
use super::output::Target;
use super::progress::Meter;
use super::reporter::Reporter;
use super::supervise::RowLimit;
use crate::budget::Limits;
use crate::check::hidden_files;
use crate::diagnostic::Diagnostic;
use crate::dossier::Dossier;
use crate::endpoint::Address;
use crate::rdf::read::Compression;
use crate::search::{SearchIndex, SharedSearchIndex};
use crate::session::{Data, Session};
use anyhow::Context as _;
use std::cell::{Cell, OnceCell};
use std::mem::ManuallyDrop;
use std::path::Path;

/// What a command works with: the dossier, its data, the limits and the reporter, made from the arguments once.
#[derive(Clone)]
pub(super) struct Context {
    /// The options that name the dossier and the data.
    pub options: DataOptions,
    /// How far the command may go.
    pub limits: Limits,
    /// How many results a query may have that does not set this limit itself.
    pub rows: RowLimit,
    /// What reports notes, warnings and progress.
    pub reporter: Reporter,
    dossier: OnceCell<Dossier>,
    session: OnceCell<Session>,
    /// Whether the files that the dossier ignores were reported.
    is_told_unread: Cell<bool>,
    /// What can be found in the session. The commands of a shell share it.
    search: SharedSearchIndex,
}

impl Context {
    /// Returns the context of a command, in which nothing is open yet.
    pub(super) fn new(options: DataOptions, limits: Limits, reporter: Reporter) -> Self {
        let rows = RowLimit::default();
        Self {
            options,
            limits,
            rows,
            reporter,
            dossier: OnceCell::new(),
            session: OnceCell::new(),
            is_told_unread: Cell::new(false),
            search: SharedSearchIndex::default(),
        }
    }

    /// Returns the same context, in which queries have this limit unless they set it themselves.
    #[must_use]
    pub(super) fn with_rows(self, rows: RowLimit) -> Self {
        Self { rows, ..self }
    }

    /// Returns the same context for one command over an open session, where the data is chosen already.
    #[must_use]
    pub(super) fn over(self, session: &Session, limits: Limits, reporter: Reporter) -> Self {
        Self {
            options: self.options.without_files(),
            dossier: session.dossier().clone().into(),
            session: session.with_limits(&limits).into(),
            limits,
            reporter,
            ..self
        }
    }

    /// Returns the same context for a command that reads the data of the dossier, though an endpoint is named for
    /// something else.
    #[must_use]
    pub(super) fn without_endpoint(&self) -> Self {
        let mut context = self.clone();
        context.options.endpoint = None;
        context
    }

    /// Returns the dossier: the one that `--dossier` names, or all that it names together; else the nearest one at or
    /// above this folder, else the built-in one.
    ///
    /// # Errors
    /// If the named folder is not a dossier, or the current folder cannot be read.
    pub(super) fn dossier(&self) -> anyhow::Result<&Dossier> {
        if let Some(dossier) = self.dossier.get() {
            return Ok(dossier);
        }
        let dossier = if self.options.dossier.is_empty() {
            let here = std::env::current_dir().context("cannot read the current folder")?;
            Dossier::find(&here)?.unwrap_or_else(Dossier::built_in)
        } else {
            let opened: Result<Vec<_>, _> =
                self.options.dossier.iter().map(|folder| Dossier::open(folder)).collect();
            Dossier::join(opened?)?
        };
        self.reporter.report_renamed(&dossier);
        Ok(self.dossier.get_or_init(|| dossier))
    }

    /// Reports, once, the files of the dossier that are ignored although they have data, terms or queries: without them,
    /// answers are wrong.
    pub(super) fn report_unread(&self) {
        let DataOptions { data, store, endpoint, .. } = &self.options;
        let is_elsewhere = !data.is_empty() || store.is_some() || endpoint.is_some();
        if is_elsewhere || self.reporter.is_quiet() || self.is_told_unread.replace(true) {
            return;
        }
        // (If the folder cannot be read, the command says so.)
        let files = self.dossier().ok().and_then(|dossier| hidden_files(dossier).ok());
        files.iter().flatten().for_each(|file| self.reporter.report(file));
    }

    /// Leaves the ignored files to the command, which reports them with everything else.
    pub(super) fn without_unread(&self) -> &Self {
        self.is_told_unread.set(true);
        self
    }

    /// Returns the session for a command that changes the dossier.
    ///
    /// # Errors
    /// If it is several dossiers; if other data is asked, which only a shell can do: on the command line, such an option is refused before.
    pub(super) fn editable_session(&self, command: &str) -> anyhow::Result<&Session> {
        self.refuse_other_data(command)?;
        self.session()
    }

    /// Returns a session for a command that changes the dossier, on its files as they are now. In a shell, an earlier
    /// command may have changed them.
    ///
    /// # Errors
    /// If other data is asked, as in [`editable_session`](Self::editable_session); if the dossier is broken.
    pub(super) fn current_session(&self, command: &str) -> anyhow::Result<Session> {
        self.refuse_other_data(command)?;
        self.report_unread();
        Ok(Session::open(self.dossier()?.clone(), &Data::Dossier)?.with_limits(&self.limits))
    }

    /// Returns a session on the files of the dossier as they are now, or `None` if the data is not that of the dossier.
    ///
    /// # Errors
    /// If the dossier is broken.
    pub(super) fn reopened(&self) -> anyhow::Result<Option<Session>> {
        let DataOptions { data, store, endpoint, .. } = &self.options;
        if !data.is_empty() || store.is_some() || endpoint.is_some() {
            return Ok(None);
        }
        self.open().map(Some)
    }

    fn refuse_other_data(&self, command: &str) -> anyhow::Result<()> {
        self.dossier()?.only()?;
        let options = &self.options;
        if !options.data.is_empty() || options.store.is_some() || options.endpoint.is_some() {
            let message = format!("`{command}` works on a dossier, not on other data");
            return Err(Diagnostic::error("option-without-effect", message)
                .help("start the shell without `--data`, `--store` or `--endpoint`")
                .usage()
                .into());
        }
        Ok(())
    }

    /// Returns the index of what can be found in the session, which is made when it is first needed.
    ///
    /// # Errors
    /// If the session cannot be opened, or the data cannot be read.
    pub(super) fn search_index(&self) -> anyhow::Result<&SearchIndex> {
        Ok(self.search.of(self.session()?)?)
    }

    /// Forgets the index of what can be found, because the data have changed.
    pub(super) fn forget_search_index(&mut self) {
        self.search = SharedSearchIndex::default();
    }

    /// Returns the session on the dossier and the data, and loads it when it is first needed.
    ///
    /// # Errors
    /// If the dossier or the data is broken, the store or the endpoint fails, or loading is stopped.
    pub(super) fn session(&self) -> anyhow::Result<&Session> {
        if let Some(session) = self.session.get() {
            return Ok(session);
        }
        self.report_unread();
        // Never dropped: to take a large store apart, term by term, would keep the user waiting when all is done.
        let session = ManuallyDrop::new(self.open()?).with_limits(&self.limits);
        self.limits.cancellation.check()?;
        let reporter = &self.reporter;
        reporter.report_skipped(session.skipped());
        reporter.report_ambiguous(session.prefixes());
        reporter.report_literal_forms(session.literal_forms(), session.prefixes());
        reporter.report_lowercased_tags(session.lowercased_tags());
        if let Some(folder) = &self.options.store
            && !self.options.no_plan
            && !reporter.is_quiet()
            && session.lacks_index()?
        {
            reporter.without_index(folder);
        }
        Ok(self.session.get_or_init(|| session))
    }

    /// Returns a session for somebody who waits for a key to do something, or `None` if the data is broken, large or
    /// compressed, stands on standard input, or is a store on disk or an endpoint.
    pub(super) fn small_session(&self, most_bytes: u64) -> Option<&Session> {
        let DataOptions { data, store, endpoint, .. } = &self.options;
        let is_elsewhere = store.is_some() || endpoint.is_some();
        if is_elsewhere || data.iter().any(|path| path == Path::new("-")) {
            return None;
        }
        let bytes = if data.is_empty() {
            self.dossier().ok()?.data_size().ok()?
        } else {
            let files = inputs::expanded(data).ok()?;
            // The size of compressed data is unknown.
            if files.iter().any(|file| Compression::of(file).is_some()) {
                return None;
            }
            Meter::of_files(&files).size()
        };
        if bytes > most_bytes { None } else { self.session().ok() }
    }

    /// Returns the file that `-o` names, or standard output.
    pub(super) fn target(&self, path: Option<&Path>) -> Target {
        Target::new(path, &self.reporter)
    }

    fn open(&self) -> anyhow::Result<Session> {
        let dossier = self.dossier()?.clone();
        let DataOptions { data, store, endpoint, lenient, .. } = &self.options;
        let session = if let Some(folder) = store {
            Session::open(dossier, &Data::Store(folder.clone()))?
        } else if let Some(url) = endpoint {
            Session::open(dossier, &Data::Endpoint(Address::parse(url)?))?
        } else if data.is_empty() {
            Session::open(dossier, &Data::Dossier)?
        } else {
            let files = inputs::data_inputs(&inputs::expanded(data)?, &self.options.described()?)?;
            let open = if *lenient { Session::of_files_leniently } else { Session::of_files };
            open(dossier, files)?
        };
        Ok(if self.options.no_plan { session.without_planning() } else { session })
    }
}
