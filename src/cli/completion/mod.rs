//! What shells ask while a command is typed: they start the program with a variable that names them, and it prints what
//! the word at the cursor can go on with. Nothing is printed if something is wrong.

mod bash;
mod powershell;

use super::context::Context;
use super::data_options::DataOptions;
use super::reporter::Reporter;
use crate::cli::command::help::Help;
use clap::{ArgMatches, Command, FromArgMatches as _};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Elvish, EnvCompleter, Fish, Shells, Zsh};
use dossier::budget::Limits;
use dossier::catalogue::Catalogue;
use dossier::complete::{Candidate, Completer, example_argument, told_argument};
use dossier::format::Format;
use std::ffi::{OsStr, OsString};
use std::io::Write as _;

/// The variable that names the shell which asks.
pub const VARIABLE: &str = "_DOSSIER_COMPLETE";

/// The shells.
pub const SHELLS: Shells<'static> =
    Shells(&[&bash::Bash, &Zsh as &dyn EnvCompleter, &Fish, &Elvish, &powershell::Powershell]);

/// How many bytes of data are loaded to answer: a tenth of a second or two.
const MOST_DATA: u64 = 10_000_000;

/// Answers a shell, if one asks: whether one did.
pub fn answer(command: impl Fn() -> Command) -> bool {
    let Some(shell) = std::env::var_os(VARIABLE) else { return false };
    let Some(shell) = shell.to_str().and_then(|shell| SHELLS.completer(shell)) else { return true };
    let mut words: Vec<OsString> =
        std::env::args_os().skip_while(|argument| argument != "--").skip(1).collect();
    if words.is_empty() {
        return true;
    }
    let typed = match (shell.name(), words.as_mut_slice()) {
        ("bash", [line, ..]) => {
            let line = line.to_str().map(bash::Line::read);
            line.into_iter().flat_map(|line| line.words).map(OsString::from).collect()
        }
        // These hand words out with their quotes: zsh all of them, fish that at the cursor.
        (name @ ("zsh" | "fish"), all) => {
            let quoted = if name == "zsh" { all.len() } else { 1 };
            for typed in all.iter_mut().rev().take(quoted) {
                if let Some(word) = typed.to_str() {
                    *typed = bash::Line::read(word).words.join(" ").into();
                }
            }
            words.clone()
        }
        _ => words.clone(),
    };
    let mut command = with_candidates(command(), &Typed::read(command(), &typed));
    command.build();
    let mut answer = Vec::new();
    let folder = std::env::current_dir().ok();
    if shell.write_complete(&mut command, words, folder.as_deref(), &mut answer).is_ok() {
        let _ = std::io::stdout().write_all(&answer);
    }
    true
}

/// What is typed before the cursor.
#[derive(Clone)]
struct Typed {
    matches: Option<ArgMatches>,
}

impl Typed {
    fn read(command: Command, words: &[OsString]) -> Self {
        let before = words.len().saturating_sub(1);
        let words = words.iter().take(before.max(1));
        Self { matches: command.ignore_errors(true).try_get_matches_from(words).ok() }
    }

    fn context(&self) -> Option<Context> {
        let data = DataOptions::from_arg_matches(self.matches.as_ref()?).ok()?;
        Some(Context::new(data, Limits::default(), Reporter::new(true)))
    }

    /// The names of the saved queries that begin so, each with its question.
    fn queries(&self, begun: &str) -> Option<Vec<Candidate>> {
        let context = self.context()?;
        let catalogue = Catalogue::new(context.dossier().ok()?);
        let names = catalogue.names().ok()?.into_iter().filter(|name| name.starts_with(begun));
        let with_summary = |name: String| {
            let summary = catalogue.get(&name).ok().map(|query| query.front_matter.summary);
            Candidate::meaning(name, summary)
        };
        Some(names.map(with_summary).collect())
    }

    /// What an argument of a saved query can go on with. The data is loaded only for what it alone tells.
    fn arguments(&self, begun: &str) -> Option<Vec<Candidate>> {
        let run = self.matches.as_ref()?.subcommand_matches("run")?;
        let name: &String = run.get_one("name")?;
        let given = run.get_many::<String>("arguments").into_iter().flatten();
        let given: Vec<&str> = given.map(String::as_str).collect();
        let context = self.context()?;
        let query = Catalogue::new(context.dossier().ok()?).get(name).ok()?;
        if let Some(told) = told_argument(&query, &given, begun) {
            return Some(told);
        }
        match completer(&context) {
            Some(completer) => completer.arguments(&query, &given, begun).ok(),
            None => Some(example_argument(&query, begun)),
        }
    }

    /// The formats for the answer of a saved query.
    fn formats(&self, begun: &str) -> Option<Vec<Candidate>> {
        let run = self.matches.as_ref()?.subcommand_matches("run")?;
        let query = run
            .get_one::<String>("name")
            .and_then(|name| Catalogue::new(self.context()?.dossier().ok()?).get(name).ok());
        let formats = Format::all().filter(|format| {
            query
                .as_ref()
                .is_none_or(|query| query.is_graph() == matches!(format, Format::Graph(_)))
        });
        let names = formats.map(Format::name).filter(|name| name.starts_with(begun));
        Some(names.map(Candidate::plain).collect())
    }

    fn things(&self, begun: &str) -> Option<Vec<Candidate>> {
        completer(&self.context()?)?.things(None, begun).ok()
    }
}

/// What knows the data, if there is not too much of it.
fn completer(context: &Context) -> Option<Completer> {
    let completer = Completer::new(context.small_session(MOST_DATA)?);
    completer.fill().ok()?;
    Some(completer)
}

/// The commands with what their arguments can be.
fn with_candidates(command: Command, typed: &Typed) -> Command {
    let completer = |complete: fn(&Typed, &str) -> Option<Vec<Candidate>>| {
        let typed = typed.clone();
        ArgValueCompleter::new(move |begun: &OsStr| {
            let candidates = begun.to_str().and_then(|begun| complete(&typed, begun));
            let candidates = candidates.into_iter().flatten().map(|candidate| {
                CompletionCandidate::new(candidate.text).help(candidate.meaning.map(Into::into))
            });
            candidates.collect()
        })
    };
    let mut about: Vec<String> = Help::topics().map(str::to_owned).collect();
    about.extend(command.get_subcommands().map(|command| command.get_name().to_owned()));
    let (name, arguments) = (completer(Typed::queries), completer(Typed::arguments));
    let entity = completer(Typed::things);
    let formats = completer(Typed::formats);
    command
        .mut_subcommand("run", |run| {
            run.mut_arg("format", |format| format.add(formats))
                .mut_arg("name", |arg| arg.add(name))
                .mut_arg("arguments", |arg| arg.add(arguments))
        })
        .mut_subcommand("show", |show| show.mut_arg("entity", |arg| arg.add(entity)))
        .mut_subcommand("help", |help| help.mut_arg("about", |arg| arg.add(names(about))))
}

fn names(names: Vec<String>) -> ArgValueCandidates {
    ArgValueCandidates::new(move || names.iter().map(CompletionCandidate::new).collect())
}
