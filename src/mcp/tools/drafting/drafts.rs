//! The tool that lists the drafts that wait.

use super::status;
use crate::author::{waiting, write_draft};
use crate::diagnostic::Result;
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::schema::Parameter;
use crate::mcp::text::page_of;
use crate::mcp::toolbox::Blueprint;
use crate::printable::printable;
use crate::session::Session;
use std::collections::HashSet;

pub(super) fn tool() -> Blueprint {
    Blueprint {
        name: "drafts",
        title: "List drafts",
        description: "List the drafts that wait for a person, with what is found in them."
            .to_owned(),
        parameters: vec![Parameter::number("after", "skip so many")],
        action: Action::Drafts,
    }
}

/// Lists the drafts.
///
/// # Errors
/// Fails if they cannot be read, or the dossier is broken.
pub(in crate::mcp) fn drafts(session: &Session, arguments: &Arguments) -> Result<ToolResult> {
    arguments.check(&["after"])?;
    let proposal = waiting(session)?;
    if proposal.drafts.is_empty() {
        return Ok(ToolResult::of("No draft waits.\n"));
    }
    let mut shown = HashSet::new();
    let entries: Vec<String> = proposal
        .drafts
        .iter()
        .map(|draft| {
            let (words, findings) = status(draft);
            let text = write_draft(draft, &mut shown);
            let text: Vec<_> = text.lines().map(printable).collect();
            format!("{} ({words}){}\n{findings}", draft.id, text.join("\n"))
        })
        .collect();
    Ok(ToolResult::of(page_of(&entries, arguments.number("after")?, "drafts")))
}
