//! The commands: each a struct of arguments and what it does.

mod accept;
mod add;
mod ask;
mod backup;
mod check;
pub(super) mod claim;
mod compact;
mod completions;
mod convert;
mod declare;
mod diff;
mod draft;
mod draw;
mod export;
mod format;
pub(super) mod help;
mod json_ld;
mod list;
mod load;
mod man;
#[cfg(feature = "mcp")]
mod mcp;
#[cfg(not(feature = "mcp"))]
#[path = "no_mcp.rs"]
mod mcp;
mod merge;
mod new;
pub(super) mod overview;
mod pattern;
mod picture_links;
#[cfg(feature = "serve")]
mod publish;
mod push;
mod query;
mod read;
mod reject;
mod retract;
mod run;
mod same_as;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod show;
mod stats;
mod update;

use crate::cli::context::Context;
use crate::cli::shell::{ShellArgs, nested};
use crate::diagnostic::Diagnostic;
use clap::{Subcommand, ValueEnum};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    List(list::ListArgs),
    Run(run::RunArgs),
    Query(query::QueryArgs),
    Search(search::SearchArgs),
    Show(show::ShowArgs),
    Draw(draw::DrawArgs),
    Read(read::ReadArgs),
    New(new::NewArgs),
    Add(add::AddArgs),
    Claim(claim::ClaimArgs),
    Declare(declare::DeclareArgs),
    Pattern(pattern::PatternArgs),
    Draft(draft::DraftArgs),
    Accept(accept::AcceptArgs),
    Reject(reject::RejectArgs),
    Retract(retract::RetractArgs),
    Check(check::CheckArgs),
    Update(update::UpdateArgs),
    Export(export::ExportArgs),
    Convert(convert::ConvertArgs),
    Format(format::FormatArgs),
    Diff(diff::DiffArgs),
    Merge(merge::MergeArgs),
    SameAs(same_as::SameAsArgs),
    Load(load::LoadArgs),
    Push(push::PushArgs),
    Backup(backup::BackupArgs),
    Compact(compact::CompactArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
    Help(help::HelpArgs),
    Stats(stats::StatsArgs),
    #[cfg(feature = "serve")]
    Serve(serve::ServeArgs),
    #[cfg(feature = "serve")]
    Publish(publish::PublishArgs),
    Mcp(mcp::McpArgs),
    Shell(ShellArgs),
}

impl Command {
    /// Does what the command says. `grammar` is that of the place where it was typed, for help.
    pub(super) fn run(
        &self,
        context: &Context,
        grammar: fn() -> clap::Command,
    ) -> anyhow::Result<ExitCode> {
        match self {
            Self::List(list) => list.run(context),
            Self::Run(run) => run.run(context),
            Self::Query(query) => query.run(context),
            Self::Search(search) => search.run(context),
            Self::Show(show) => show.run(context),
            Self::Draw(draw) => draw.run(context),
            Self::Read(read) => read.run(context),
            Self::New(new) => new.run(context),
            Self::Add(add) => add.run(context),
            Self::Claim(claim) => claim.run(context),
            Self::Declare(declare) => declare.run(context),
            Self::Pattern(pattern) => pattern.run(context),
            Self::Draft(draft) => draft.run(context),
            Self::Accept(accept) => accept.run(context),
            Self::Reject(reject) => reject.run(context),
            Self::Retract(retract) => retract.run(context),
            Self::Check(check) => check.run(context),
            Self::Update(update) => update.run(context),
            Self::Export(export) => export.run(context),
            Self::Convert(convert) => convert.run(context),
            Self::Format(format) => format.run(context),
            Self::Diff(diff) => diff.run(context),
            Self::Merge(merge) => merge.run(context),
            Self::SameAs(same_as) => same_as.run(context),
            Self::Load(load) => load.run(context),
            Self::Push(push) => push.run(context),
            Self::Backup(backup) => backup.run(context),
            Self::Compact(compact::CompactArgs {}) => compact::CompactArgs::run(context),
            Self::Stats(stats) => stats.run(context),
            #[cfg(feature = "serve")]
            Self::Serve(_) => Err(serve::nested("serve", "the shell cannot serve pages").into()),
            #[cfg(feature = "mcp")]
            Self::Mcp(_) => Err(mcp::in_shell().into()),
            #[cfg(not(feature = "mcp"))]
            Self::Mcp(mcp) => mcp.run(),
            #[cfg(feature = "serve")]
            Self::Publish(publish) => publish.run(context),
            Self::Completions(completions) => completions.run(context),
            Self::Man(man) => man.run(context, grammar()),
            Self::Help(help) => help.run(context, grammar()),
            Self::Shell(_) => Err(nested().into()),
        }
    }
}

/// The formats of a report for people or programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TextFormat {
    #[value(alias = "txt")]
    Text,
    Json,
}

/// The name and the value of an argument `name=value`.
pub(super) fn argument(text: &str) -> Result<(String, String), Diagnostic> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Diagnostic::error(
            "argument-syntax",
            format!("invalid argument `{text}`: expected `name=value`"),
        )),
    }
}

/// The arguments of a query.
pub(super) fn arguments(texts: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let arguments: Result<Vec<_>, _> = texts.iter().map(|text| argument(text)).collect();
    Ok(arguments.map_err(Diagnostic::usage)?)
}
