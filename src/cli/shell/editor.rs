//! Lines from a terminal: editing, history, colours and completion.

use super::line::is_whole;
use super::state::{Continuation, ShellState};
use super::{completion, fill, highlight};
use crate::cli::output::Target;
use crate::cli::reporter::is_colourful;
use anyhow::Context as _;
use etcetera::BaseStrategy as _;
use rustyline::completion::{Completer, Pair};
use rustyline::config::{ColorMode, Config};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Context, Editor, Helper};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;

/// What stands before each line.
const PROMPT: &str = "dossier> ";

/// How many lines the history keeps.
const HISTORY: usize = 10_000;

/// Talks with the user until that ends.
pub(super) fn converse(state: ShellState) -> anyhow::Result<ExitCode> {
    fill(state.completer());
    let is_colourful = is_colourful();
    let config = Config::builder()
        .max_history_size(HISTORY)
        .and_then(|config| config.history_ignore_dups(true))
        .context("cannot use the terminal")?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .color_mode(if is_colourful { ColorMode::Enabled } else { ColorMode::Disabled })
        .auto_add_history(true)
        .build();
    let mut editor: Editor<Assistant, DefaultHistory> =
        Editor::with_config(config).context("cannot use the terminal")?;
    let reporter = state.reporter().clone();
    if !reporter.is_quiet() {
        greet(&state)?;
    }
    let state = Rc::new(RefCell::new(state));
    let is_empty = Rc::new(Cell::new(true));
    editor.set_helper(Some(Assistant {
        state: Rc::clone(&state),
        is_empty: Rc::clone(&is_empty),
        is_colourful,
    }));
    let history = history_file();
    if let Some(history) = &history {
        // There is none yet when the shell is first used.
        let _ = editor.load_history(history);
    }
    loop {
        is_empty.set(true);
        match editor.readline(PROMPT) {
            Ok(text) => {
                if let Some(history) = &history {
                    // A history that cannot be kept is no reason to stop.
                    let _ = editor.append_history(history);
                }
                match state.borrow_mut().run(&text) {
                    Continuation::Line(_) => {}
                    Continuation::Leave => return Ok(ExitCode::SUCCESS),
                    Continuation::End(code) => return Ok(code),
                }
            }
            Err(ReadlineError::Interrupted) if is_empty.get() => {
                reporter.note("to quit, press Ctrl-D or type .quit");
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(ExitCode::SUCCESS),
            Err(error) => return Err(error).context("cannot read the terminal"),
        }
    }
}

/// Writes what is open, and what can be typed.
fn greet(state: &ShellState) -> anyhow::Result<()> {
    let place = state.session().dossier().place().replacen('t', "T", 1);
    Target::new(None, state.reporter()).write(|out| {
        writeln!(out, "dossier {}. {place}.", env!("CARGO_PKG_VERSION"))?;
        Ok(writeln!(out, "Type a query or a command; .help shows the commands, Ctrl-D quits.")?)
    })
}

/// Where the history is kept: with the other state of the user's programs.
fn history_file() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir()).join("dossier");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}

/// What helps the user to type.
struct Assistant {
    state: Rc<RefCell<ShellState>>,
    /// Whether nothing is typed yet.
    is_empty: Rc<Cell<bool>>,
    is_colourful: bool,
}

impl Helper for Assistant {}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let completion = completion::complete(&self.state.borrow(), line, pos);
        let pair = |candidate: crate::complete::Candidate| Pair {
            display: match &candidate.meaning {
                Some(meaning) => format!("{}  {meaning}", candidate.text),
                None => candidate.text.clone(),
            },
            replacement: candidate.text,
        };
        Ok((completion.start, completion.candidates.into_iter().map(pair).collect()))
    }
}

impl Hinter for Assistant {
    type Hint = String;

    fn hint(&self, line: &str, _: usize, _: &Context<'_>) -> Option<String> {
        self.is_empty.set(line.is_empty());
        None
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        let kind = self.state.borrow().kind(text);
        Ok(if is_whole(text, kind) {
            ValidationResult::Valid(None)
        } else {
            ValidationResult::Incomplete
        })
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.is_colourful {
            return Cow::Borrowed(line);
        }
        let kind = self.state.borrow().kind(line);
        Cow::Owned(highlight::coloured(line, kind))
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.is_colourful {
            Cow::Owned(format!("\x1b[1m{prompt}\x1b[0m"))
        } else {
            Cow::Borrowed(prompt)
        }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.is_colourful && kind != CmdKind::MoveCursor
    }
}
