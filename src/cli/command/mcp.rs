use super::serve::{Setup, load, nested, summary, supervised, version, whenever_changed};
use crate::cli::context::Context;
use crate::cli::data_options::DataOptions;
use crate::cli::diagnostics;
use crate::cli::one_of::OneOf;
use crate::cli::reporter::Reporter;
use crate::cli::supervise::LimitOptions;
use crate::cli::watch::DossierWatcher;
use crate::diagnostic::{Diagnostic, Error};
use crate::mcp::{Drafting, ToolOptions, ToolsForQueries};
use crate::serve::{LiveSite, ModelOptions, PipeServer, Refresh, Settings};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// Give a language model the dossier as tools, over standard input and output (MCP)
///
/// A client of the Model Context Protocol starts this command; `dossier help models` shows how. Each saved query is a
/// tool, and others find, show and read what is in the dossier. If the dossier is a folder, a model can also draft
/// claims, which a person accepts. `--timeout` applies to each call (default: 10s), and `--limit-memory` to each query
/// that the model writes (default: 1GB).
#[derive(Debug, Args)]
pub(crate) struct McpArgs {
    /// How saved queries become tools: each, few (one tool lists them, one runs them) or auto (each, if there are up to
    /// 40)
    #[arg(long, value_name = "HOW", default_value = "auto", value_parser = OneOf::<QueryTools>::of_enum(), hide_possible_values = true)]
    tools: QueryTools,

    /// Make tools of these saved queries only: a name, a tag or a pattern such as `committee-*`
    #[arg(long, value_name = "GLOB", value_parser = glob)]
    only: Vec<glob::Pattern>,

    /// Begin the names of all tools with this, such as `sco_`
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true, value_parser = prefix)]
    prefix: String,

    /// Leave out the tool for SPARQL queries of the model's own
    #[arg(long)]
    no_sparql: bool,

    /// Add a tool that accepts drafts, so that a model can change the claims
    #[arg(long)]
    may_accept: bool,

    /// Send answers as structured content, too
    #[arg(long)]
    structured: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum QueryTools {
    Each,
    Few,
    Auto,
}

fn glob(text: &str) -> Result<glob::Pattern, String> {
    glob::Pattern::new(text)
        .map_err(|_| "expected a name or a pattern, such as `committee-*`".to_owned())
}

fn prefix(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if text.chars().all(is_plain) && text.len() <= 14 {
        Ok(text.to_owned())
    } else {
        Err("expected up to 14 letters, digits, `-` and `_`".to_owned())
    }
}

impl McpArgs {
    /// Serves until the client closes its end.
    pub(in crate::cli) fn start(
        self,
        data: DataOptions,
        limits: LimitOptions,
        reporter: &Reporter,
    ) -> anyhow::Result<ExitCode> {
        supervised(data, limits, reporter, move |context, limits| self.serve(context, limits))
    }

    fn serve(self, context: &Context, limits: LimitOptions) -> anyhow::Result<ExitCode> {
        let known = version(context)?;
        let site = LiveSite::new(load(context, None)?);
        let reporter = &context.reporter;
        if !reporter.is_quiet() {
            // A broken query does not become a tool, which nobody would notice otherwise.
            diagnostics::tell_all(&context.session()?.catalogue().readable()?.1);
        }
        if io::stdin().is_terminal() {
            reporter.note(&summary(context.session()?)?);
            reporter.note(
                "waiting for messages of a client; `dossier help models` shows how to set one up",
            );
        }
        let refresh = refresh(context, &site, known)?;
        let models = ModelOptions {
            is_open_world: context.options.endpoint.is_some(),
            is_live: refresh.as_ref().is_some_and(|refresh| is_watched(context, refresh)),
            refresh,
            tools: self.tools(context)?,
        };
        let settings = Settings {
            timeout: limits.time(),
            memory: limits.memory().unwrap_or(u64::MAX),
            ..Settings::default()
        };
        let workers = Setup::new(context, limits, None, None)?.command()?;
        let server = PipeServer { site, workers, settings, models };
        // From now on Ctrl-C is how it ends, and not an error.
        let cancellation = &context.limits.cancellation;
        cancellation.go_on();
        server.run(cancellation).context("cannot serve")?;
        Ok(ExitCode::SUCCESS)
    }

    fn tools(self, context: &Context) -> anyhow::Result<ToolOptions> {
        let options = &context.options;
        let can_change = options.data.is_empty()
            && options.store.is_none()
            && options.endpoint.is_none()
            && context.dossier()?.root().is_some();
        let drafting = match (can_change, self.may_accept) {
            (true, true) => Drafting::Claims,
            (true, false) => Drafting::Drafts,
            (false, false) => Drafting::Nothing,
            (false, true) => {
                let message = "`--may-accept` has no effect without a dossier that can be changed";
                return Err(Diagnostic::error("option-without-effect", message)
                    .help("name the folder of one with `--dossier`, without other data")
                    .usage()
                    .into());
            }
        };
        Ok(ToolOptions {
            queries: match self.tools {
                QueryTools::Each => ToolsForQueries::Each,
                QueryTools::Few => ToolsForQueries::Few,
                QueryTools::Auto => ToolsForQueries::Auto,
            },
            only: self.only,
            prefix: self.prefix,
            has_sparql: !self.no_sparql,
            drafting,
            is_structured: self.structured,
        })
    }
}

/// Returns what loads the dossier anew if its files have changed: a person may accept drafts while a model works. Data that
/// others change, and the built-in dossier, are never loaded anew.
fn refresh(
    context: &Context,
    site: &LiveSite,
    known: Option<String>,
) -> anyhow::Result<Option<Refresh>> {
    if known.is_none() || context.dossier()?.roots().is_empty() {
        return Ok(None);
    }
    let (options, site) = (context.options.clone(), site.clone());
    let (limits, reporter) = (context.limits.clone(), context.reporter.clone());
    // (Held while it loads, so that a call that comes meanwhile waits for it.)
    let known = Mutex::new(known);
    Ok(Some(Arc::new(move || {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let context = Context::new(options.clone(), limits.clone(), reporter.clone());
        let Ok(now) = version(&context) else { return };
        if now == *known {
            return;
        }
        *known = now;
        match load(&context, None) {
            Ok(new) => site.replace(new),
            // The old state is served until the files are right.
            Err(error) => {
                diagnostics::failure(&error);
            }
        }
    })))
}

/// Begins to refresh whenever a file of the dossier changes, so that clients learn of it. Returns whether the system can
/// watch the files; if not, they are looked at before each request all the same.
fn is_watched(context: &Context, refresh: &Refresh) -> bool {
    let Ok(watcher) = context.dossier().and_then(DossierWatcher::new) else { return false };
    let refresh = Arc::clone(refresh);
    let cancellation = context.limits.cancellation.clone();
    whenever_changed(watcher, cancellation, move |_| refresh()).is_ok()
}

/// The error of a server that is asked for in a shell.
pub(super) fn in_shell() -> Error {
    nested("mcp", "the shell cannot serve a model")
}
