//! A call of a tool, and its result.

use super::arguments::Arguments;
use super::text::{bounded, error_in_words};
use super::tools;
use crate::diagnostic::{Error, Result};
use crate::session::Session;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A call of a tool. It can be sent to another process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(super) action: Action,
    pub(super) arguments: Arguments,
    /// Whether the result has a structured form, too.
    pub(super) is_structured: bool,
    /// Who calls, as `dcterms:creator` of drafts.
    pub by: Option<String>,
}

/// What a tool does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Action {
    /// Runs the saved query with this name.
    Ask(String),
    ListQuestions,
    RunQuestion,
    Find,
    Show,
    Read,
    Schema,
    Sparql,
    Passages,
    Terms,
    Patterns,
    Propose,
    Drafts,
    Accept,
}

/// Where a call runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// In a thread of the server: it ends, because the author of the dossier wrote it.
    Thread,
    /// In a process that can be killed: a stranger wrote it.
    Process,
}

/// The result of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ToolResult {
    /// Markdown.
    pub text: String,
    /// Whether the call failed.
    pub is_error: bool,
    /// The same for programs, if it was asked for.
    pub structured: Option<Value>,
}

impl Call {
    /// Returns where the call runs.
    pub(crate) const fn lane(&self) -> Lane {
        match self.action {
            Action::Sparql => Lane::Process,
            _ => Lane::Thread,
        }
    }

    /// Returns whether the call writes files.
    pub(crate) const fn is_writing(&self) -> bool {
        matches!(self.action, Action::Propose | Action::Accept)
    }

    /// Performs the call. What goes wrong is a result, too, so that a model can read it.
    pub(crate) fn perform(&self, session: &Session) -> ToolResult {
        self.try_to(session).unwrap_or_else(|error| ToolResult::failed(&error))
    }

    fn try_to(&self, session: &Session) -> Result<ToolResult> {
        let Self { arguments, is_structured, .. } = self;
        match &self.action {
            Action::Ask(name) => tools::saved::ask(session, name, arguments, *is_structured),
            Action::ListQuestions => tools::few::list(session, arguments),
            Action::RunQuestion => tools::few::run(session, arguments, *is_structured),
            Action::Find => tools::find::find(session, arguments),
            Action::Show => tools::show::show(session, arguments),
            Action::Read => tools::read::read(session, arguments),
            Action::Schema => tools::schema::schema(session, arguments),
            Action::Sparql => tools::sparql::sparql(session, arguments, *is_structured),
            Action::Passages => tools::drafting::passages(session, arguments),
            Action::Terms => tools::drafting::terms(session, arguments),
            Action::Patterns => tools::drafting::patterns(session, arguments),
            Action::Propose => tools::drafting::propose(session, arguments, self.by.as_deref()),
            Action::Drafts => tools::drafting::drafts(session, arguments),
            Action::Accept => tools::drafting::accept(session, arguments),
        }
    }
}

impl ToolResult {
    /// Creates a result that is a text.
    pub(super) fn of(text: impl Into<String>) -> Self {
        Self { text: bounded(text.into()), is_error: false, structured: None }
    }

    /// Creates the result of a call that failed.
    pub(crate) fn failed(error: &Error) -> Self {
        let advice = if error.kind.is_stop() { "\n  help: ask for less" } else { "" };
        Self { is_error: true, ..Self::of(error_in_words(error) + advice) }
    }
}
