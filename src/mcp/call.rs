//! A call of a tool, and its result.

use super::answer::Wanted;
use super::arguments::Arguments;
use super::text::{bounded, error_in_words};
use super::tools;
use crate::check::SharedDoubts;
use crate::diagnostic::{Error, Result};
use crate::search::SharedSearchIndex;
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
    /// Panics, so that tests see what follows.
    #[cfg(test)]
    Panic,
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

    /// Returns a call that panics.
    #[cfg(test)]
    pub(crate) fn that_panics() -> Self {
        let arguments = Arguments::from(serde_json::Map::new());
        Self { action: Action::Panic, arguments, is_structured: false, by: None }
    }

    /// Returns whether the call writes files.
    pub(crate) const fn is_writing(&self) -> bool {
        matches!(self.action, Action::Propose | Action::Accept)
    }

    /// Performs the call. What goes wrong is a result, too, so that a model can read it.
    pub(crate) fn perform(
        &self,
        session: &Session,
        index: &SharedSearchIndex,
        doubts: &SharedDoubts,
    ) -> ToolResult {
        self.try_to(session, index, doubts).unwrap_or_else(|error| ToolResult::failed(&error))
    }

    fn try_to(
        &self,
        session: &Session,
        index: &SharedSearchIndex,
        doubts: &SharedDoubts,
    ) -> Result<ToolResult> {
        let Self { arguments, is_structured, .. } = self;
        let wanted = Wanted { after: 0, parameter: "after", is_structured: *is_structured, doubts };
        match &self.action {
            Action::Ask(name) => tools::saved::ask(session, name, arguments, wanted),
            Action::ListQuestions => tools::few::list(session, arguments),
            Action::RunQuestion => tools::few::run(session, arguments, wanted),
            Action::Find => tools::find::find(session, index.of(session)?, arguments),
            Action::Show => tools::show::show(session, arguments, doubts),
            Action::Read => tools::read::read(session, arguments),
            Action::Schema => tools::schema::schema(session, arguments),
            Action::Sparql => tools::sparql::sparql(session, arguments, wanted),
            Action::Passages => tools::drafting::passages(session, arguments),
            Action::Terms => tools::drafting::terms(session, arguments),
            Action::Patterns => tools::drafting::patterns(session, arguments),
            Action::Propose => tools::drafting::propose(session, arguments, self.by.as_deref()),
            Action::Drafts => tools::drafting::drafts(session, arguments),
            Action::Accept => tools::drafting::accept(session, arguments),
            #[cfg(test)]
            Action::Panic => std::panic::panic_any("injected"),
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

#[cfg(test)]
mod tests {
    use crate::check::SharedDoubts;
    use crate::dossier::Dossier;
    use crate::mcp::text::MOST_BYTES;
    use crate::mcp::toolbox::{ToolOptions, Toolbox};
    use crate::mcp::{TEMPLATES, completions, read_resource};
    use crate::search::SharedSearchIndex;
    use crate::session::{Data, Session};
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    /// The names of parameters, and others.
    const NAMES: [&str; 14] = [
        "text",
        "name",
        "document",
        "from",
        "class",
        "query",
        "after",
        "words",
        "arguments",
        "year",
        "state",
        "entity",
        "topic",
        "x",
    ];

    fn value() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            "\\PC{0,12}",
            prop::sample::select(vec![
                "India",
                "sco",
                "country:IN",
                "claim:founding-members",
                "state",
                "2016",
                "<x:y>",
                "<",
                "ASK {}",
                "SELECT * { ?s ?p ?o }",
                "SELECT ?s { ?s a dos:State } LIMIT 3",
                "{",
                "year=2001",
            ])
            .prop_map(str::to_owned),
        ];
        let leaf = prop_oneof![
            text.prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(Value::Null),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop::collection::vec(inner, 0..3).prop_map(Value::from)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_call_panics_or_says_too_much(
            calls in prop::collection::vec(
                (any::<prop::sample::Index>(), prop::collection::vec((prop::sample::select(NAMES.to_vec()), value()), 0..3)),
                1..12,
            ),
            uris in prop::collection::vec("(dossier://(document|claim|query|thing)/)?\\PC{0,10}", 0..4),
        ) {
            let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
            let options = ToolOptions { has_sparql: true, is_structured: true, ..ToolOptions::default() };
            let toolbox = Toolbox::new(&session, &options).unwrap();
            for (which, arguments) in calls {
                let tool = which.get(toolbox.tools());
                let arguments: Map<String, Value> =
                    arguments.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                let result = toolbox.call(&tool.name, arguments).unwrap().perform(&session, &SharedSearchIndex::default(), &SharedDoubts::default());
                prop_assert!(!result.text.is_empty() && result.text.len() <= MOST_BYTES, "{}", tool.name);
                prop_assert!(!(result.is_error && result.structured.is_some()));
            }
            for uri in uris {
                let _ = read_resource(&session, &uri);
                let _ = completions(&session, TEMPLATES[0].uri, &uri);
            }
        }
    }
}
