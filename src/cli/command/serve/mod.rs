mod browser;
mod listeners;
mod site;
mod worker;

use crate::budget::Cancellation;
use crate::cli::context::Context;
use crate::cli::data_options::DataOptions;
use crate::cli::inputs::format_of_name;
use crate::cli::reporter::{Reporter, counted, shown};
use crate::cli::supervise::{LimitOptions, Outcome, RowLimit, supervise};
use crate::cli::watch::DossierWatcher;
use crate::cli::{diagnostics, reporter};
use crate::diagnostic::{Diagnostic, Error};
#[cfg(feature = "mcp")]
use crate::mcp::ToolOptions;
use crate::parallel::STACK;
#[cfg(feature = "mcp")]
use crate::serve::ModelOptions;
use crate::serve::{Host, LiveSite, Log, Server, Settings, WebOrigin};
use crate::session::Session;
use anyhow::Context as _;
use clap::Args;
use listeners::listen;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

pub(super) use site::load;
#[cfg(feature = "mcp")]
pub(super) use site::version;
pub(super) use worker::Setup;

/// Serve the dossier as web pages and as a SPARQL endpoint
///
/// The pages are for people; programs get the same as JSON, CSV, Turtle and more. The server prints its address, logs
/// each request on standard error, and ends with Ctrl-C. `--timeout` applies to each answer (default: 10s), and
/// `--limit-memory` to each query at `/sparql` (default: 1GB).
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[expect(clippy::doc_markdown, reason = "the texts are shown in terminals")]
pub(crate) struct ServeArgs {
    /// Folders of dossiers, as `--dossier` names them
    #[arg(value_name = "DOSSIER", value_parser = dossier_folder)]
    dossiers: Vec<PathBuf>,

    /// Port to listen on; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 3840)]
    port: u16,

    /// IP address to listen on, such as 0.0.0.0 for all of this machine [default: 127.0.0.1 and ::1, which only
    /// programs on this machine can reach]
    #[arg(long, value_name = "ADDRESS")]
    bind: Option<IpAddr>,

    /// Name by which clients call this server, beside `localhost`; requests that call it otherwise are refused
    #[arg(long, value_name = "NAME", value_parser = host)]
    host: Vec<Host>,

    /// Web site whose pages may read responses, such as `https://example.com`
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    cors: Vec<WebOrigin>,

    /// Address at which clients find this server if another web server stands before it, such as
    /// `https://data.example.com`; links that must be whole begin with it
    #[arg(long, value_name = "URL", value_parser = public)]
    url: Option<WebOrigin>,

    /// Open the first page in a browser
    #[arg(long)]
    open: bool,

    /// Load the dossier again whenever one of its files changes
    #[arg(long)]
    watch: bool,

    /// Log the query strings of requests, too
    #[arg(long)]
    log_queries: bool,

    #[command(flatten)]
    rows: RowLimit,

    /// Answer one request of a server, which starts this process
    #[arg(long, hide = true)]
    worker: bool,
}

/// A folder, or what else is meant by a word in its place.
fn dossier_folder(text: &str) -> Result<PathBuf, String> {
    let path = Path::new(text);
    if path.is_dir() {
        return Ok(path.to_owned());
    }
    if text.parse::<u16>().is_ok() {
        return Err(format!("expected a folder; a port is written as `--port {text}`"));
    }
    if format_of_name(path).is_some() {
        return Err(format!("expected a folder; data is written as `--data {text}`"));
    }
    Ok(path.to_owned())
}

fn host(text: &str) -> Result<Host, String> {
    text.parse().map_err(|()| "expected the name of a host, such as data.example.com".to_owned())
}

fn origin(text: &str) -> Result<WebOrigin, String> {
    let expected = "expected a scheme and a host, such as https://example.com";
    text.parse().map_err(|()| expected.to_owned())
}

fn public(text: &str) -> Result<WebOrigin, String> {
    let expected = "expected a scheme and a host without a path, such as https://data.example.com";
    text.strip_suffix('/').unwrap_or(text).parse().map_err(|()| expected.to_owned())
}

/// The error of a server that is asked for in a shell.
pub(super) fn nested(command: &str, message: &str) -> Error {
    Diagnostic::error("serve-in-shell", message)
        .help(format!("`.quit` ends it; then run `dossier {command}`"))
        .usage()
}

/// Refuses data on standard input, which a server uses for something else or may need again.
fn refuse_standard_input(data: &DataOptions) -> Result<(), Error> {
    if data.data.iter().all(|path| path != Path::new("-")) {
        return Ok(());
    }
    Err(Diagnostic::error(
        "option-without-effect",
        "a server cannot read its data from standard input",
    )
    .help("write it to a file, and name that with `--data`")
    .usage())
}

/// Runs a server until it ends. `limits` are those of each answer: the server itself has none.
pub(super) fn supervised(
    data: DataOptions,
    limits: LimitOptions,
    reporter: &Reporter,
    serve: impl FnOnce(&Context, LimitOptions) -> anyhow::Result<ExitCode> + Send + 'static,
) -> anyhow::Result<ExitCode> {
    refuse_standard_input(&data)?;
    let limits = limits.or(LimitOptions::of_server());
    let outcome = supervise(LimitOptions::default(), reporter, move |own, reporter| {
        serve(&Context::new(data, own, reporter), limits)
    })?;
    match outcome {
        Outcome::Done(done) => done,
        Outcome::Left(stop) | Outcome::Exhausted(stop) => Err(stop.error().into()),
    }
}

/// Does something whenever the files of a dossier change, until the work is stopped.
pub(super) fn whenever_changed(
    watcher: DossierWatcher,
    cancellation: Cancellation,
    mut work: impl FnMut(&[String]) + Send + 'static,
) -> io::Result<()> {
    std::thread::Builder::new().stack_size(STACK).spawn(move || {
        while let Some(changed) = watcher.wait(&cancellation) {
            work(&changed);
        }
    })?;
    Ok(())
}

impl ServeArgs {
    /// Serves until Ctrl-C, or does the work of a worker.
    pub(in crate::cli) fn start(
        self,
        mut data: DataOptions,
        limits: LimitOptions,
        reporter: &Reporter,
    ) -> anyhow::Result<ExitCode> {
        if self.worker {
            return worker::run();
        }
        data.dossier.extend_from_slice(&self.dossiers);
        supervised(data, limits, reporter, move |context, limits| self.serve(context, limits))
    }

    fn serve(&self, context: &Context, limits: LimitOptions) -> anyhow::Result<ExitCode> {
        let watcher = self.watch.then(|| watcher(context)).transpose()?;
        let (listeners, port) = listen(self.bind, self.port)?;
        let most_rows = self.rows.rows();
        let site = LiveSite::new(load(context, self.public())?.with_most_rows(most_rows));
        let setup = Setup::new(context, limits, most_rows, self.public())?;
        let settings = Settings {
            timeout: limits.time(),
            memory: limits.memory().unwrap_or(u64::MAX),
            hosts: self.host.clone(),
            is_open: self.bind.is_some_and(|address| !address.is_loopback()),
            origins: self.cors.clone(),
            public: self.url.clone(),
            logs_queries: self.log_queries,
        };
        let reporter = &context.reporter;
        let server = Server {
            site,
            listeners,
            workers: setup.command()?,
            settings,
            log: log(reporter),
            #[cfg(feature = "mcp")]
            models: models(context),
        };
        let url = format!("http://{}:{port}/", self.name());
        self.announce(context, &url)?;
        if self.open {
            browser::open(&url, reporter);
        }
        if let Some(watcher) = watcher {
            self.reload(context, server.site.clone(), watcher)?;
        }
        // From now on Ctrl-C is how it ends, and not an error.
        let cancellation = &context.limits.cancellation;
        cancellation.go_on();
        server.run(cancellation).context("cannot serve")?;
        Ok(ExitCode::SUCCESS)
    }

    /// Where clients find this server, if another one stands before it.
    fn public(&self) -> Option<&str> {
        self.url.as_ref().map(WebOrigin::as_str)
    }

    /// How this server is called.
    fn name(&self) -> String {
        match self.bind {
            Some(IpAddr::V6(address)) if !address.is_unspecified() && !address.is_loopback() => {
                format!("[{address}]")
            }
            Some(IpAddr::V4(address)) if !address.is_unspecified() && !address.is_loopback() => {
                address.to_string()
            }
            _ => "localhost".to_owned(),
        }
    }

    /// Says what is served, and where.
    fn announce(&self, context: &Context, url: &str) -> anyhow::Result<()> {
        let reporter = &context.reporter;
        reporter.note(&summary(context.session()?)?);
        if self.bind.is_some_and(|address| !address.is_loopback()) {
            reporter.even_if_quiet().note(
                "other machines can connect: whoever reaches this port can read all of the data",
            );
        }
        reporter.note("listening until Ctrl-C");
        context.target(None).write(|out| Ok(writeln!(out, "{url}")?))
    }

    /// Loads the dossier anew whenever its files change.
    fn reload(
        &self,
        context: &Context,
        site: LiveSite,
        watcher: DossierWatcher,
    ) -> anyhow::Result<()> {
        let (options, limits) = (context.options.clone(), context.limits.clone());
        let (reporter, most_rows) = (context.reporter.clone(), self.rows.rows());
        let public = self.public().map(str::to_owned);
        whenever_changed(watcher, context.limits.cancellation.clone(), move |changed| {
            reporter.note(&format!("changed: {}", changed.join(", ")));
            let context = Context::new(options.clone(), limits.clone(), reporter.clone());
            match load(&context, public.as_deref()) {
                Ok(new) => site.replace(new.with_most_rows(most_rows)),
                // The old state is served until the files are right.
                Err(error) => {
                    diagnostics::failure(&error);
                }
            }
        })
        .context("cannot watch the dossier's files")
    }
}

/// What language models get over HTTP: all that reads.
#[cfg(feature = "mcp")]
fn models(context: &Context) -> ModelOptions {
    ModelOptions {
        tools: ToolOptions { has_sparql: true, ..ToolOptions::default() },
        is_open_world: context.options.endpoint.is_some(),
        ..ModelOptions::default()
    }
}

/// What takes the lines of the log.
fn log(reporter: &Reporter) -> Log {
    let is_quiet = reporter.is_quiet();
    Arc::new(move |line| {
        if !is_quiet {
            reporter::say(&shown(line));
        }
    })
}

/// Begins to watch the dossier.
fn watcher(context: &Context) -> anyhow::Result<DossierWatcher> {
    DossierWatcher::new(context.dossier()?)
}

/// Describes the served dossier in one line.
pub(super) fn summary(session: &Session) -> anyhow::Result<String> {
    let queries = counted(session.catalogue().names()?.len(), "saved query");
    let counts = session.counts()?;
    let place = session.dossier().place();
    let (documents, claims) =
        (counted(counts.documents, "document"), counted(counts.claims, "claim"));
    Ok(format!("serving {place}: {queries}, {documents}, {claims}"))
}
