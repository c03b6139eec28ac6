use crate::cli::context::Context;
use crate::cli::reporter::counted;
use crate::cli::supervise::whole_number;
use crate::diagnostic::{Diagnostic, Result};
use crate::endpoint::{Address, WriteMethod};
use crate::push::{
    Existing, PushEvent, PushTarget, Pushed, ServerLayout, Survey, batch_limit, check_server,
    planned, push,
};
use clap::{Args, ValueHint};
use indicatif::HumanCount;
use std::process::ExitCode;
use std::time::Instant;

/// Push the dossier to a SPARQL server: its claims as named graphs, with their evidence
///
/// The data is sent in batches, by quads to the server's graph store where it accepts them, else by SPARQL Update. At the
/// end, the server is compared with the dossier. See `dossier help endpoints`.
#[derive(Debug, Args)]
pub(crate) struct PushArgs {
    /// Address at which the server answers queries
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, help_heading = "Server")]
    endpoint: Option<String>,

    /// Address at which the server runs updates [default: found by the conventions of known servers]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, help_heading = "Server")]
    update: Option<String>,

    /// Address at which the server accepts N-Quads [default: found by the conventions of known servers, unless
    /// `--update` is given]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, help_heading = "Server")]
    graph_store: Option<String>,

    /// Send about N quads in each request [default: 100000 to a graph store, 5000 by updates]
    #[arg(long, value_name = "N", value_parser = batch, allow_negative_numbers = true)]
    batch: Option<usize>,

    /// Replace the dossier's named graphs that the server has already, and leave all others as they are
    #[arg(long, conflicts_with = "resume")]
    replace: bool,

    /// Continue a push that was interrupted
    #[arg(long)]
    resume: bool,

    /// Print what would be sent, without sending anything
    #[arg(long, short = 'n', conflicts_with_all = ["replace", "resume"])]
    dry_run: bool,
}

fn batch(text: &str) -> Result<usize, String> {
    match whole_number(text)? {
        0 => Err("a batch has at least one quad".to_owned()),
        quads => Ok(quads),
    }
}

impl PushArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let endpoint = self.endpoint.as_ref().or(context.options.endpoint.as_ref());
        let target = endpoint.map(|url| self.target(url)).transpose()?;
        let context = context.without_endpoint();
        if self.dry_run {
            return self.plan(&context, target.as_ref());
        }
        let Some(target) = target else {
            return Err(Diagnostic::error("option-missing", "missing server to push to")
                .help("name the address that answers queries with `--endpoint URL`")
                .usage()
                .into());
        };
        // A wrong address is reported before a large dossier is read.
        check_server(&target, &context.limits)?;
        let session = context.session()?;
        let survey = Survey::of(session)?;
        let existing = match (self.replace, self.resume) {
            (true, _) => Existing::Replace,
            (_, true) => Existing::Resume,
            _ => Existing::Refuse,
        };
        let reporter = &context.reporter;
        let (mut started, mut checked) = (Instant::now(), Instant::now());
        let mut progress = reporter.progress_of(survey.quads(ServerLayout::Merged), "quads");
        let pushed =
            push(session, &survey, &target, self.batch, existing, &mut |event| match event {
                PushEvent::Opened { address, method, layout } => {
                    started = Instant::now();
                    let how = match method {
                        WriteMethod::GraphStore => "quads",
                        WriteMethod::Update => "updates",
                    };
                    let merged = match layout {
                        ServerLayout::Merged => {
                            "triples of named graphs are copied to the default graph"
                        }
                        ServerLayout::Union => {
                            "the server's default graph is the union of the named graphs"
                        }
                    };
                    reporter.note(&format!("sending {how} to `{}`; {merged}", address.url()));
                }
                PushEvent::Resumed(quads) => {
                    reporter.note(&format!("the server has {} already", counted_quads(quads)));
                }
                PushEvent::Replacing(graphs) => {
                    reporter.note(&format!("replacing {}", counted(graphs, "named graph")));
                }
                PushEvent::Sent { quads, of } => progress.reach(quads, of),
                PushEvent::Verifying => {
                    checked = Instant::now();
                    progress.finish_with("comparing the server with the dossier");
                }
                PushEvent::MarkLeft(marker) => {
                    reporter.note(&format!(
                        "the mark of the push is left on the server: the graph {marker}"
                    ));
                }
            })?;
        drop(progress);
        let seconds = [checked - started, checked.elapsed()].map(|time| time.as_secs_f64());
        Self::report(&context, &survey, &pushed, seconds);
        Ok(ExitCode::SUCCESS)
    }

    fn target(&self, endpoint: &str) -> Result<PushTarget> {
        let address = |url: &Option<String>| url.as_deref().map(Address::parse).transpose();
        Ok(PushTarget {
            endpoint: Address::parse(endpoint)?,
            update: address(&self.update)?,
            graph_store: address(&self.graph_store)?,
        })
    }

    /// Prints what would be sent.
    fn plan(&self, context: &Context, target: Option<&PushTarget>) -> anyhow::Result<ExitCode> {
        let session = context.session()?;
        let survey = Survey::of(session)?;
        let is_by_update = self.update.is_some() && self.graph_store.is_none();
        let method = if is_by_update { WriteMethod::Update } else { WriteMethod::GraphStore };
        let layout = ServerLayout::Merged;
        let (batches, bytes) = planned(session, &survey, layout, batch_limit(method, self.batch))?;
        let mut text = String::new();
        for (name, of_claims) in [("claims", true), ("other named graphs", false)] {
            let (graphs, triples) = survey.graphs(of_claims);
            text += &format!("{name}: {}, {}\n", HumanCount(graphs), counted_triples(triples));
        }
        let all = survey.default_triples(layout);
        let only = survey.default_triples(ServerLayout::Union);
        text += &format!("evidence and background: {}\n", counted_triples(only));
        text += &format!("merged copy: {}\n", counted_triples(all - only));
        let requests = counted(usize::try_from(batches).unwrap_or(usize::MAX), "request");
        let bytes = bytesize::ByteSize::b(bytes).display().si();
        text += &format!(
            "in all: {} in {requests}, about {bytes}\n",
            counted_quads(survey.quads(layout))
        );
        if let Some(target) = target {
            text += &format!("to: {}\n", target.endpoint.url());
        }
        context.target(None).write(|out| Ok(out.write_all(text.as_bytes())?))?;
        Ok(ExitCode::SUCCESS)
    }

    fn report(context: &Context, survey: &Survey, pushed: &Pushed, [sent, checked]: [f64; 2]) {
        let Pushed { layout, quads, requests, sampled } = pushed;
        let requests = counted(usize::try_from(*requests).unwrap_or(usize::MAX), "request");
        let reporter = &context.reporter;
        reporter.note(&format!("pushed {} in {requests} in {sent:.1} s", counted_quads(*quads)));
        let (claims, stated) = survey.graphs(true);
        let only = survey.default_triples(ServerLayout::Union);
        let copied = survey.default_triples(*layout) - only;
        let copied = match layout {
            ServerLayout::Merged => {
                format!(", their copy in the default graph ({})", counted_triples(copied))
            }
            ServerLayout::Union => String::new(),
        };
        reporter.note(&format!(
            "checked on the server in {checked:.1} s: {} with {}{copied}, {} of evidence and background; {} compared triple by triple",
            counted_claims(claims),
            counted_triples(stated),
            counted_triples(only),
            counted(*sampled, "claim"),
        ));
    }
}

fn counted_quads(count: u64) -> String {
    format!("{} {}", HumanCount(count), if count == 1 { "quad" } else { "quads" })
}

fn counted_claims(count: u64) -> String {
    format!("{} {}", HumanCount(count), if count == 1 { "claim" } else { "claims" })
}

fn counted_triples(count: u64) -> String {
    format!("{} {}", HumanCount(count), if count == 1 { "triple" } else { "triples" })
}
