//! The tool that accepts drafts, which exists only where the server was started with it.

use crate::author::{AcceptedDrafts, accept as accept_drafts};
use crate::diagnostic::Result;
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::schema::Parameter;
use crate::mcp::text::line;
use crate::mcp::toolbox::Blueprint;
use crate::session::Session;
use crate::wording::counted;

pub(super) fn tool() -> Blueprint {
    Blueprint {
        name: "accept",
        title: "Accept drafts",
        description: "Write drafts into the claims of the dossier: those that are named or, without ids, all that are clean. Either all of them are written or none.".to_owned(),
        parameters: vec![Parameter::texts("ids", "the drafts, such as d1")],
        action: Action::Accept,
    }
}

/// Accepts drafts.
///
/// # Errors
/// Fails if there is no such draft, one has errors, or the dossier cannot be changed.
pub(in crate::mcp) fn accept(session: &Session, arguments: &Arguments) -> Result<ToolResult> {
    arguments.check(&["ids"])?;
    let ids = arguments.texts("ids")?;
    let which = if ids.is_empty() { AcceptedDrafts::AllClean } else { AcceptedDrafts::Named(&ids) };
    let accepted = accept_drafts(session, which, None, None)?;
    let mut text = String::new();
    for draft in &accepted.drafts {
        if let Some(claim) = &draft.verified.claim {
            let name = session.prefixes().show(&claim.name);
            text.push_str(&format!("Accepted {} as `{}`.\n", draft.id, line(&name)));
        }
    }
    if accepted.drafts.is_empty() {
        text.push_str("No draft is clean: `drafts` lists them with what is found.\n");
    }
    let remaining = accepted.remaining;
    accepted.edit.commit()?;
    text.push_str(&match remaining {
        0 => "No draft waits.\n".to_owned(),
        1 => "1 draft still waits.\n".to_owned(),
        count => format!("{} still wait.\n", counted(count, "draft")),
    });
    Ok(ToolResult::of(text))
}
