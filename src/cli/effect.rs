//! Which of the options that may stand at any place of the command line act at which command. The others are refused, and
//! neither help nor completion shows them.

use crate::diagnostic::{Diagnostic, Error};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

/// The options that say what is asked, by their identifiers.
const OPTIONS: [&str; 9] =
    ["dossier", "data", "store", "endpoint", "from", "base", "context_for", "lenient", "no_plan"];

/// Those that say how the files of `--data`, or of the command itself, are read.
const OF_DATA: [&str; 4] = ["from", "base", "context_for", "lenient"];

/// The options that act at a command.
fn acting(command: &str) -> &'static [&'static str] {
    match command {
        "list" => &["dossier", "data", "from", "base", "context_for", "lenient"],
        "check" => &["dossier", "data", "from", "base", "context_for", "no_plan"],
        "add" | "claim" | "declare" | "pattern" | "update" | "draft" | "accept" | "reject"
        | "retract" | "help" => &["dossier"],
        "convert" => &["dossier", "from", "base", "context_for", "lenient"],
        // (Relative IRIs stay as they are.)
        "format" => &["dossier", "from"],
        "diff" => &["dossier", "from", "base", "context_for"],
        "load" => &["dossier", "store", "from", "base", "context_for", "lenient"],
        // (Its endpoint is the server that receives the data.)
        "push" => {
            &["dossier", "data", "store", "endpoint", "from", "base", "context_for", "lenient"]
        }
        "backup" | "compact" => &["store"],
        // (To list all that an endpoint has would take a request for each thing.)
        "publish" => {
            &["dossier", "data", "store", "from", "base", "context_for", "lenient", "no_plan"]
        }
        "new" | "merge" | "same-as" | "completions" | "man" => &[],
        _ => &OPTIONS,
    }
}

/// Whether a command works on the dossier that `--dossier` names. Some others only take prefixes from it.
pub(super) fn works_on_dossier(command: &str) -> bool {
    !["help", "convert", "format", "diff", "load", ""].contains(&command)
        && !command.starts_with('-')
        && acting(command).contains(&"dossier")
}

/// Whether a command reads the data that `--data`, `--store` or `--endpoint` names, and can be repeated on it.
pub(super) fn queries_data(command: &str) -> bool {
    ["draw", "export", "query", "read", "run", "search", "show", "stats"].contains(&command)
}

/// Whether an option, as it is written, says what is asked.
pub(super) fn acts_anywhere(option: &str) -> bool {
    OPTIONS.iter().any(|known| long(known).trim_matches('`') == option)
}

/// Returns a grammar in which each command shows only the options that act there. `words` are what is parsed by it, if that
/// is known: to change only the commands that they name takes less time.
pub(super) fn grammar(mut command: Command, words: Option<&[String]>) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|inner| inner.get_name().to_owned())
        .filter(|name| words.is_none_or(|words| words.contains(name)))
        .collect();
    if names.is_empty() {
        return command;
    }
    let options: Vec<Arg> = command
        .get_arguments()
        .filter(|option| OPTIONS.contains(&option.get_id().as_str()))
        // An option of a command's own stands in for one that may stand anywhere.
        .map(|option| option.clone().global(false).hide(true))
        .collect();
    for name in names {
        let acting = acting(&name);
        let idle = options.iter().filter(|option| !acting.contains(&option.get_id().as_str()));
        command = command.mut_subcommand(&name, |inner| inner.args(idle));
    }
    command
}

/// Checks that each option acts that is given.
///
/// # Errors
/// If one does not.
pub(super) fn check(matches: &ArgMatches) -> Result<(), Error> {
    let (name, matches) = matches.subcommand().unwrap_or(("", matches));
    let is_given = |option: &str| matches.value_source(option) == Some(ValueSource::CommandLine);
    let acting = acting(name);
    if let Some(idle) = OPTIONS.iter().find(|option| is_given(option) && !acting.contains(option)) {
        let problem = Diagnostic::error(
            "option-without-effect",
            format!("{} has no effect on `{name}`", long(idle)),
        );
        return Err(problem.help(instead(name, idle)).usage());
    }
    let Some(option) = OF_DATA.iter().find(|option| is_given(option)) else { return Ok(()) };
    let long = long(option);
    if name == "load" && !is_given("files") {
        let message = format!("{long} has no effect on `load` without files");
        let help = "remove it, or name files: `dossier load FILE… --store DIR`";
        return Err(Diagnostic::error("option-without-effect", message).help(help).usage());
    }
    if acting.contains(&"data") && !is_given("data") {
        let message = format!("{long} has no effect without `--data`");
        let help = "remove it, or add `--data FILE`";
        return Err(Diagnostic::error("option-without-effect", message).help(help).usage());
    }
    Ok(())
}

/// An option as it is written.
fn long(option: &str) -> String {
    format!("`--{}`", option.replace('_', "-"))
}

/// What to write instead of an option that does not act at a command.
fn instead(command: &str, option: &str) -> String {
    match (command, option) {
        ("list", "store" | "endpoint") => {
            format!(
                "`list` shows the saved queries of the dossier; use {} with `dossier stats`",
                long(option)
            )
        }
        ("check", "store" | "endpoint") => {
            "`check` works on a dossier or on files: use `--dossier DIR` or `--data FILE`"
                .to_owned()
        }
        (
            "claim" | "declare" | "pattern" | "update" | "draft" | "accept" | "reject" | "retract",
            "data" | "store" | "endpoint",
        ) => {
            format!("`{command}` works on a dossier: name one with `--dossier DIR`")
        }
        ("convert", "data") => "write `dossier convert FILE… -o OUTPUT`".to_owned(),
        ("format", "data") => "write `dossier format FILE…`".to_owned(),
        ("diff", "data") => "name both sides: `dossier diff A B`".to_owned(),
        ("load", "data") => "write `dossier load FILE… --store DIR`".to_owned(),
        ("format" | "diff", "lenient") => {
            "fix the files, or remove their invalid statements with `dossier convert --lenient`"
                .to_owned()
        }
        _ => "remove it".to_owned(),
    }
}
