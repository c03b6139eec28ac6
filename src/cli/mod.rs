//! Arguments, dispatch, and the one place where an error becomes words and an exit code.

mod addressed;
mod command;
mod completion;
mod context;
mod converter;
mod data_files;
mod data_options;
mod diagnostics;
mod effect;
mod inputs;
mod misuse;
mod one_of;
mod output;
mod progress;
mod reporter;
mod shell;
mod source_file;
mod supervise;
mod unified_diff;
mod watch;

use self::completion as shells;
use crate::diagnostic::{Error, ErrorKind, Remark};
use crate::dossier::Dossier;
use crate::session::Session;
use addressed::RepeatedOptions;
use clap::{CommandFactory as _, FromArgMatches as _, Parser};
use command::{Command, overview};
use context::Context;
use data_options::DataOptions;
use output::close_unfinished;
use reporter::Reporter;
use shell::{Commands, LineOutcome};
use std::process::ExitCode;
use std::sync::Arc;
use supervise::{LimitOptions, Outcome, supervise, terminated};

/// A knowledge graph that answers questions from documents and cites its sources
#[derive(Parser)]
#[command(name = "dossier", version, subcommand_precedence_over_arg = true, max_term_width = 100)]
#[command(disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    data: DataOptions,

    #[command(flatten)]
    limits: LimitOptions,

    /// Suppress notes, warnings and progress
    #[arg(long, short, global = true)]
    quiet: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

/// A line of the shell: a command as on the command line, where dossier and data are chosen already.
#[derive(Parser)]
#[command(name = "", no_binary_name = true, disable_version_flag = true, max_term_width = 100)]
#[command(disable_help_subcommand = true)]
#[command(mut_subcommand("shell", |shell| shell.hide(true)))]
#[command(mut_subcommand("completions", |completions| completions.hide(true)))]
#[command(mut_subcommand("man", |man| man.hide(true)))]
#[command(mut_subcommands(usage_in_shell))]
#[cfg_attr(feature = "serve", command(mut_subcommand("serve", |serve| serve.hide(true))))]
#[command(mut_subcommand("mcp", |mcp| mcp.hide(true)))]
struct Line {
    #[command(flatten)]
    limits: LimitOptions,

    #[command(subcommand)]
    command: Command,
}

/// Removes the name of the program from a usage that was written by hand. (To mutate one command alone would move it to the
/// end of the list.)
fn usage_in_shell(command: clap::Command) -> clap::Command {
    match command.get_name() {
        "claim" => command.override_usage(command::claim::USAGE.replace("dossier ", "")),
        _ => command,
    }
}

/// The grammar of the command line.
fn grammar() -> clap::Command {
    effect::grammar(Cli::command(), None)
}

/// Parses the arguments, does what they say, and tells how it went.
pub fn run() -> ExitCode {
    if shells::answer(grammar) {
        return ExitCode::SUCCESS;
    }
    let words: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let grammar_of_words = effect::grammar(Cli::command(), Some(&words));
    let separated = data_files::separated(
        data_files::gathered(std::env::args_os().collect()),
        &grammar_of_words,
    );
    let parsed = grammar_of_words
        .try_get_matches_from(separated)
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, effect::check(&matches))));
    let cli = match parsed {
        Ok((cli, Ok(()))) => cli,
        Ok((_, Err(error))) => return diagnostics::failure(&error.into()),
        Err(error) => return refuse(error, &words, grammar, None),
    };
    let reporter = Reporter::new(cli.quiet);
    if let Some(Command::Shell(shell)) = &cli.command {
        let commands = Commands { grammar: Line::command(), run: run_line };
        return shell
            .run(cli.data, cli.limits, &reporter, commands)
            .map_or_else(|error| diagnostics::failure(&error), ended);
    }
    let reporter = reporter.with_options(RepeatedOptions::of(&cli.data));
    #[cfg(feature = "serve")]
    if let Some(Command::Serve(serve)) = cli.command {
        return serve
            .start(cli.data, cli.limits, &reporter)
            .map_or_else(|error| diagnostics::failure(&error), ended);
    }
    #[cfg(feature = "mcp")]
    if let Some(Command::Mcp(mcp)) = cli.command {
        return mcp
            .start(cli.data, cli.limits, &reporter)
            .map_or_else(|error| diagnostics::failure(&error), ended);
    }
    let outcome = supervise(cli.limits, &reporter, move |limits, reporter| {
        let options = Arc::clone(&reporter.options);
        let context = Context::new(cli.data, limits, reporter);
        let done = match &cli.command {
            None => overview::run(&context),
            Some(command) => command.run(&context, grammar),
        };
        done.map_err(|error| options.add_to_error(error))
    });
    let done = outcome.and_then(|outcome| match outcome {
        Outcome::Done(done) => done,
        Outcome::Left(stop) | Outcome::Exhausted(stop) => Err(left(stop.error()).into()),
    });
    ended(done.unwrap_or_else(|error| diagnostics::failure(&error)))
}

/// Ends the output of work that is left to itself, and returns an error that says so.
fn left(mut error: Error) -> Error {
    if let Some(note) = close_unfinished()
        && let Some(problem) = error.problems.first_mut()
    {
        match problem.remarks.first_mut() {
            Some(Remark::Note(before)) => *before = format!("{note}; {before}"),
            _ => problem.remarks.push(Remark::Note(note)),
        }
    }
    error
}

/// Returns the exit code of a process that was interrupted: that of the signal, if one asked it to end.
fn ended(code: ExitCode) -> ExitCode {
    let is_interrupted = code == ExitCode::from(ErrorKind::Interrupted.exit_code());
    terminated().filter(|_| is_interrupted).map_or(code, ExitCode::from)
}

/// Says what is wrong with arguments, or prints the help that they ask for.
///
/// `dossier` is the one that is open, if the words cannot name it.
fn refuse(
    mut error: clap::Error,
    words: &[String],
    grammar: fn() -> clap::Command,
    dossier: Option<&Dossier>,
) -> ExitCode {
    if error.use_stderr() {
        misuse::advise(&mut error, words, &grammar(), dossier);
    }
    misuse::tell(&error);
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Does what a line of the shell says, over the session that it keeps.
fn run_line(
    words: &[String],
    context: &Context,
    session: &Session,
    limits: LimitOptions,
) -> LineOutcome {
    let line = match Line::try_parse_from(words) {
        Ok(line) => line,
        Err(error) => {
            let dossier = Some(session.dossier());
            return LineOutcome::Ended(refuse(error, words, Line::command, dossier));
        }
    };
    let (context, session) = (context.clone(), session.clone());
    let reporter = Reporter::new(context.reporter.is_quiet());
    let outcome = supervise(line.limits.or(limits), &reporter, move |limits, reporter| {
        let context = context.over(&session, limits, reporter);
        line.command.run(&context, Line::command)
    });
    let is_exhausted = matches!(outcome, Ok(Outcome::Exhausted(_)));
    let done = outcome.and_then(|outcome| match outcome {
        Outcome::Done(done) => done,
        Outcome::Left(stop) => Err(left(shell::left(&stop)).into()),
        Outcome::Exhausted(stop) => Err(left(stop.error()).into()),
    });
    let code = done.unwrap_or_else(|error| diagnostics::failure(&error));
    if is_exhausted || terminated().is_some() {
        LineOutcome::Fatal(code)
    } else {
        LineOutcome::Ended(code)
    }
}
