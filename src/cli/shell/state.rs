//! What the shell keeps from line to line, and what a line does.

use super::dot::Dot;
use super::line::{LineKind, kind};
use super::{Commands, LineOutcome};
use crate::catalogue::in_shell;
use crate::cli::context::Context;
use crate::cli::diagnostics;
use crate::cli::one_of::named;
use crate::cli::reporter::Reporter;
use crate::cli::supervise::LimitOptions;
use crate::complete::Completer;
use crate::diagnostic::{Diagnostic, Error, did_you_mean, nearest};
use crate::format::Format;
use crate::session::Session;
use crate::sparql::tree::{NodeKind, SyntaxKind};
use crate::sparql::{clause_of, format_query, keywords_after, tree_of};
use std::process::ExitCode;
use std::time::Instant;

/// The commands that change the data of a dossier.
const CHANGING: [&str; 7] = ["add", "claim", "declare", "pattern", "accept", "update", "retract"];

/// How the shell continues after a line.
pub(super) enum Continuation {
    /// The next line; this one ended so.
    Line(ExitCode),
    /// The end, since that was asked for.
    Leave,
    /// The end, since there is no way on.
    End(ExitCode),
}

/// The state that the shell keeps from line to line.
pub(super) struct ShellState {
    context: Context,
    session: Session,
    completer: Completer,
    limits: LimitOptions,
    commands: Commands,
    /// The words of the last line that had an answer.
    last: Option<Vec<String>>,
    /// The formats of rows and of graphs.
    formats: [Option<Format>; 2],
    has_timer: bool,
}

impl ShellState {
    /// The state at the beginning.
    pub(super) fn new(
        context: Context,
        session: Session,
        limits: LimitOptions,
        mut commands: Commands,
    ) -> Self {
        commands.grammar.build();
        let completer = Completer::new(&session);
        let formats = [None, None];
        Self {
            context,
            session,
            completer,
            limits,
            commands,
            last: None,
            formats,
            has_timer: false,
        }
    }

    /// The session as it is now.
    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// What can be typed next.
    pub(super) fn completer(&self) -> &Completer {
        &self.completer
    }

    /// The commands.
    pub(super) fn grammar(&self) -> &clap::Command {
        &self.commands.grammar
    }

    /// What reports notes.
    pub(super) fn reporter(&self) -> &Reporter {
        &self.context.reporter
    }

    /// What a text is.
    pub(super) fn kind(&self, text: &str) -> LineKind {
        // Also those that are not shown, so that they can say why they are no use here.
        kind(text, self.grammar().get_subcommands().map(clap::Command::get_name))
    }

    /// The names of the commands.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.grammar()
            .get_subcommands()
            .filter(|command| !command.is_hide_set())
            .map(clap::Command::get_name)
    }

    /// Does what a line says. Errors are said, and end nothing.
    pub(super) fn run(&mut self, text: &str) -> Continuation {
        let text = text.trim();
        match text {
            "quit" | "exit" => Continuation::Leave,
            "help" => self.dot(Dot::Help, ""),
            _ => match self.kind(text) {
                LineKind::Empty => Continuation::Line(ExitCode::SUCCESS),
                LineKind::Dot => {
                    let (name, argument) =
                        text.split_once(char::is_whitespace).unwrap_or((text, ""));
                    match Dot::named(name) {
                        Some(dot) => self.dot(dot, argument.trim()),
                        None => failed(
                            &Diagnostic::error(
                                "command-unknown",
                                format!("unknown command `{name}`"),
                            )
                            .help(match nearest(name, Dot::names()) {
                                Some(nearest) => {
                                    format!("{} `.help` lists the commands", did_you_mean(nearest))
                                }
                                None => "`.help` lists the commands".to_owned(),
                            })
                            .usage(),
                        ),
                    }
                }
                LineKind::Query => self.ask(vec!["query".to_owned(), text.to_owned()]),
                LineKind::Command => match shlex::split(text) {
                    Some(words) => self.ask(words),
                    None => failed(
                        &Diagnostic::error("shell-argument", "unclosed quote")
                            .help("close it, or write a backslash before an apostrophe")
                            .usage(),
                    ),
                },
                LineKind::Unknown => failed(&self.unknown(text)),
            },
        }
    }

    fn unknown(&self, text: &str) -> Error {
        let first = text.split_whitespace().next().unwrap_or_default();
        let problem = Diagnostic::error(
            "command-unknown",
            format!("`{first}` is neither a command nor a query"),
        );
        let queries = self.session.catalogue().names().unwrap_or_default();
        let help = if self.session.catalogue().has(first).unwrap_or_default() {
            did_you_mean(format_args!("run {text}"))
        } else if clause_of(first).is_some() {
            "a query ends with its last brace: continue on the same line".to_owned()
        } else if self.session.entity(text).is_ok() {
            did_you_mean(format_args!("show {}", in_shell(text)))
        } else {
            let known = self.names().chain(keywords_after("").unwrap_or_default());
            let near = nearest(first, known).map(str::to_owned).or_else(|| {
                Some(format!("run {}", nearest(first, queries.iter().map(String::as_str))?))
            });
            match near {
                Some(near) => format!("{} `.help` lists the commands", did_you_mean(near)),
                None => "`.help` lists the commands".to_owned(),
            }
        };
        problem.help(help).usage()
    }

    /// Does a command, in the format that is chosen.
    fn ask(&mut self, words: Vec<String>) -> Continuation {
        if let Err(error) = self.check_input(&words) {
            return failed(&error);
        }
        let has_answer = ["run", "query", "show"]
            .iter()
            .any(|name| words.first().is_some_and(|word| word == name));
        let next = self.execute(&self.in_format(&words));
        if has_answer && matches!(next, Continuation::Line(ExitCode::SUCCESS)) {
            self.last = Some(words);
        }
        next
    }

    /// Loads the data again, which a command has changed.
    fn reopen(&mut self) -> anyhow::Result<()> {
        if let Some(session) = self.context.reopened()? {
            self.completer = Completer::new(&session);
            self.session = session;
            self.context.forget_search_index();
        }
        Ok(())
    }

    fn execute(&mut self, words: &[String]) -> Continuation {
        let started = Instant::now();
        let ran = (self.commands.run)(words, &self.context, &self.session, self.limits);
        if self.has_timer {
            // (It was asked for.)
            let reporter = self.reporter().even_if_quiet();
            reporter.note(&format!("took {:.1} ms", started.elapsed().as_secs_f64() * 1000.0));
        }
        let changes = words.first().is_some_and(|word| CHANGING.contains(&word.as_str()));
        if changes
            && matches!(ran, LineOutcome::Ended(ExitCode::SUCCESS))
            && let Err(error) = self.reopen()
        {
            // What was loaded before still stands for the next lines.
            diagnostics::failure(&error);
        }
        match ran {
            LineOutcome::Ended(code) => Continuation::Line(code),
            LineOutcome::Fatal(code) => Continuation::End(code),
        }
    }

    /// Standard input is the shell's own: no command may read it.
    fn check_input(&self, words: &[String]) -> Result<(), Error> {
        let matches = self.grammar().clone().try_get_matches_from(words).ok();
        let reads_input =
            matches.as_ref().and_then(|m| m.subcommand()).is_some_and(|(name, of)| {
                let has = |id: &str| of.try_contains_id(id).unwrap_or(false);
                let named = of.ids().filter(|id| id.as_str() != "output");
                let mut raw = named.filter_map(|id| of.try_get_raw(id.as_str()).ok().flatten());
                raw.any(|mut values| values.any(|value| value == "-"))
                    || (name == "query" && !has("text") && !has("file"))
            });
        if reads_input {
            return Err(Diagnostic::error(
                "standard-input-taken",
                "commands in the shell cannot read standard input",
            )
            .help("type the query on its own line, or name a file")
            .usage());
        }
        Ok(())
    }

    /// The words of a command with the format that is chosen for what it answers, unless they say another one.
    fn in_format(&self, words: &[String]) -> Vec<String> {
        let mut words = words.to_vec();
        if self.formats == [None, None] {
            return words;
        }
        let Ok(matches) = self.grammar().clone().try_get_matches_from(&words) else { return words };
        let Some((name, matches)) = matches.subcommand() else { return words };
        let has = |id: &str| matches.try_contains_id(id).unwrap_or(false);
        if has("format") || has("output") {
            return words;
        }
        let is_graph = match name {
            "show" => Some(false),
            "run" => matches
                .get_one::<String>("name")
                .and_then(|name| self.session.catalogue().get(name).ok())
                .map(|query| query.is_graph()),
            "query" => matches.get_one::<String>("text").and_then(|text| is_graph(text)),
            _ => None,
        };
        if let Some(is_graph) = is_graph
            && let Some(format) = self.formats[usize::from(is_graph)]
        {
            words.push(format!("--format={format}"));
        }
        words
    }

    fn dot(&mut self, dot: Dot, argument: &str) -> Continuation {
        let done = match dot {
            Dot::Help => self.help(),
            Dot::Last => return self.again("--whole"),
            Dot::Cite => return self.again("--cite"),
            Dot::Query => self.show_query(argument),
            Dot::Format => self.set_format(argument),
            Dot::Prefix => self.prefix(argument),
            Dot::Timer => self.set_timer(argument),
            Dot::Quit => return Continuation::Leave,
        };
        match done {
            Ok(()) => Continuation::Line(ExitCode::SUCCESS),
            Err(error) => Continuation::Line(diagnostics::failure(&error)),
        }
    }

    /// The last answer, in another way.
    fn again(&mut self, option: &str) -> Continuation {
        let Some(mut words) = self.last.clone() else {
            return failed(
                &Diagnostic::error("no-answer-yet", "there are no results yet")
                    .help("run a query first")
                    .usage(),
            );
        };
        if !words.iter().any(|word| word.starts_with(option)) {
            words.push(option.to_owned());
        }
        self.execute(&self.in_format(&words))
    }

    /// A query, or the last one, typed or saved, as `format` lays it out.
    fn show_query(&self, given: &str) -> anyhow::Result<()> {
        let saved = |name: &str| Some(self.session.catalogue().get(name).ok()?.text);
        let text = match self.last.as_deref() {
            _ if !given.is_empty() => Some(given.to_owned()),
            Some([command, text, ..]) if command == "query" => Some(text.clone()),
            Some([command, name, ..]) if command == "run" => saved(name),
            _ => None,
        };
        let Some(text) = text else {
            return Err(Diagnostic::error("no-answer-yet", "no query has been run yet")
                .help("run a query first")
                .usage()
                .into());
        };
        let text = format_query("query", &text).map_err(Diagnostic::input)?;
        self.context.target(None).write(|out| Ok(write!(out, "{text}")?))
    }

    fn help(&self) -> anyhow::Result<()> {
        let width =
            |(_, name, argument, _): &(Dot, &str, &str, &str)| name.len() + 1 + argument.len();
        let names = |command: &clap::Command| command.get_name().len();
        let shown = || self.grammar().get_subcommands().filter(|command| !command.is_hide_set());
        let widest = Dot::ALL.iter().map(width).chain(shown().map(names)).max().unwrap_or_default();
        let target = self.context.target(None);
        let indent = " ".repeat(widest + 4);
        let options = textwrap::Options::new(target.columns())
            .subsequent_indent(&indent)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let line =
            |name: &str, what: &str| textwrap::fill(&format!("  {name:widest$}  {what}"), &options);
        target.write(|out| {
            writeln!(
                out,
                "Type a SPARQL query (the prefixes of the dossier are predefined) or a command:"
            )?;
            for command in shown() {
                let about = command.get_about().map(ToString::to_string).unwrap_or_default();
                writeln!(out, "{}", line(command.get_name(), &about))?;
            }
            writeln!(
                out,
                "`help COMMAND` shows the options of a command. The shell's own commands:"
            )?;
            for (_, name, argument, what) in Dot::ALL {
                writeln!(out, "{}", line(&format!("{name} {argument}"), what))?;
            }
            writeln!(
                out,
                "A query ends when its brackets are closed or, at a terminal, with an empty line."
            )?;
            Ok(writeln!(out, "Tab completes, Ctrl-C stops the running command, and Ctrl-D quits.")?)
        })
    }

    fn set_format(&mut self, argument: &str) -> anyhow::Result<()> {
        match argument {
            "" => {
                let [rows, graphs] =
                    self.formats.map(|format| format.map_or("default", Format::name));
                return self
                    .context
                    .target(None)
                    .write(|out| Ok(writeln!(out, "rows: {rows}\ngraphs: {graphs}")?));
            }
            "default" => self.formats = [None, None],
            name => {
                let format =
                    named(name, Format::all(), |format| format.name()).map_err(|help| {
                        Diagnostic::error("shell-argument", format!("unknown format `{name}`"))
                            .help(help)
                            .usage()
                    })?;
                let place = usize::from(matches!(format, Format::Graph(_)));
                self.formats[place] = Some(format);
            }
        }
        Ok(())
    }

    fn prefix(&mut self, argument: &str) -> anyhow::Result<()> {
        if argument.is_empty() {
            let prefixes = self.session.prefixes();
            return self.context.target(None).write(|out| {
                for (prefix, namespace) in prefixes.iter() {
                    writeln!(out, "PREFIX {prefix}: <{namespace}>")?;
                }
                Ok(())
            });
        }
        let wrong = || {
            // Two words are a name and an IRI, whatever is missing around them.
            let mut words = argument.split_whitespace();
            let help = match (words.next(), words.next(), words.next()) {
                (Some(name), Some(iri), None) => {
                    let (name, iri) = (name.trim_end_matches(':'), iri.trim_matches(['<', '>']));
                    did_you_mean(format_args!(".prefix {name}: <{iri}>"))
                }
                _ => "write `.prefix ex: <http://example.com/>`".to_owned(),
            };
            Diagnostic::error("shell-argument", format!("`{argument}` does not declare a prefix"))
                .help(help)
                .usage()
        };
        let (name, iri) = argument.split_once(':').ok_or_else(wrong)?;
        let iri =
            iri.trim().strip_prefix('<').and_then(|iri| iri.strip_suffix('>')).ok_or_else(wrong)?;
        let session = self.session.with_prefix(name.trim(), iri);
        // What cannot be parsed is no prefix.
        session.ad_hoc_query("prefix", "ASK {}", &[]).map_err(|_| wrong())?;
        if session.prefixes().namespace(name.trim()) != Some(iri) {
            return Err(wrong().into());
        }
        self.completer = self.completer.with(&session);
        self.session = session;
        Ok(())
    }

    fn set_timer(&mut self, argument: &str) -> anyhow::Result<()> {
        self.has_timer = match argument {
            "on" => true,
            "off" => false,
            "" => {
                let state = if self.has_timer { "on" } else { "off" };
                return self.context.target(None).write(|out| Ok(writeln!(out, "{state}")?));
            }
            _ => {
                return Err(Diagnostic::error(
                    "shell-argument",
                    format!("`{argument}` is neither on nor off"),
                )
                .help("write `.timer on` or `.timer off`")
                .usage()
                .into());
            }
        };
        Ok(())
    }
}

/// Says an error of the shell itself.
fn failed(error: &Error) -> Continuation {
    diagnostics::tell_all(&error.problems);
    Continuation::Line(ExitCode::from(error.kind.exit_code()))
}

/// Whether a query answers with a graph: nothing if it is none.
fn is_graph(text: &str) -> Option<bool> {
    tree_of(text).root().children().find_map(|node| match node.kind() {
        SyntaxKind::Node(NodeKind::Select | NodeKind::Ask) => Some(false),
        SyntaxKind::Node(NodeKind::Construct | NodeKind::Describe) => Some(true),
        _ => None,
    })
}
