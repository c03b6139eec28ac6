use crate::author::{Consequences, Retraction};
use crate::cli::context::Context;
use crate::cli::reporter::listed;
use crate::printable::printable;
use crate::session::Session;
use clap::Args;
use oxigraph::model::NamedNode;
use std::io::{self, Write};
use std::process::ExitCode;

/// Remove claims or omissions, and list what else rests on them
///
/// The head and the graph of each claim are removed from their file, with the comments right above them. Things keep their
/// labels, and their types in the background. To correct a claim, use `dossier claim --replace`.
#[derive(Debug, Args)]
pub(crate) struct RetractArgs {
    /// The claims or omissions: CURIEs, IRIs, or the last parts of these
    #[arg(value_name = "CLAIM", required = true)]
    claims: Vec<String>,

    /// Show what would be removed without removing it
    #[arg(long, short = 'n')]
    dry_run: bool,
}

impl RetractArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let session = &context.current_session("retract")?;
        let retraction = Retraction::plan(session, &self.claims, false)?;
        let consequences = retraction.consequences(session, &retraction.rest)?;
        if !self.dry_run {
            retraction.edit()?.commit()?;
        }
        context.target(None).write(|out| {
            for (_, text) in retraction.removed() {
                writeln!(out, "{}", text.lines().map(printable).collect::<Vec<_>>().join("\n"))?;
            }
            let names: Vec<String> =
                retraction.claims.iter().map(|claim| shown(session, claim)).collect();
            let retracted = if self.dry_run { "would retract" } else { "retracted" };
            let files = retraction.paths();
            writeln!(out, "\n{retracted} {} from {}", listed(&names), listed(&files))?;
            Ok(write_consequences(session, &consequences, out)?)
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

fn shown(session: &Session, thing: &NamedNode) -> String {
    format!("`{}`", printable(&session.prefixes().show(thing)))
}

/// Writes what else rests on claims that are removed or replaced.
pub(super) fn write_consequences(
    session: &Session,
    consequences: &Consequences,
    out: &mut dyn Write,
) -> io::Result<()> {
    let names = |things: &[NamedNode]| -> String {
        listed(&things.iter().map(|thing| shown(session, thing)).collect::<Vec<_>>())
    };
    let Consequences { cases, things, mentions } = consequences;
    if !cases.is_empty() {
        let cases: Vec<String> =
            cases.iter().map(|case| format!("`{}`", printable(case))).collect();
        writeln!(out, "other answers than expected: {}", listed(&cases))?;
    }
    if !things.is_empty() {
        writeln!(out, "in no other claim: {}", names(things))?;
    }
    if !mentions.is_empty() {
        writeln!(out, "still mentioned by: {}", names(mentions))?;
    }
    Ok(())
}
