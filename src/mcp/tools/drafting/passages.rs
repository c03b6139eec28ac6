//! The tool that lists the passages that no claim covers yet.

use crate::claim::stretches;
use crate::diagnostic::Result;
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::quotation::{NOTICE, quoted_line};
use crate::mcp::schema::Parameter;
use crate::mcp::text::{line, page_of};
use crate::mcp::toolbox::Blueprint;
use crate::mcp::tools::read::open;
use crate::session::Session;

pub(super) fn tool() -> Blueprint {
    Blueprint {
        name: "passages",
        title: "List passages without claims",
        description: "List the passages of a document that no claim covers yet. What a claim covers in part is in ⟨…⟩.".to_owned(),
        parameters: vec![
            Parameter::text("document", "not needed if there is only one"),
            Parameter::number("after", "skip so many"),
        ],
        action: Action::Passages,
    }
}

/// Lists the passages that are not covered.
///
/// # Errors
/// Fails if no document or several documents have the name, or it has no text.
pub(in crate::mcp) fn passages(session: &Session, arguments: &Arguments) -> Result<ToolResult> {
    arguments.check(&["document", "after"])?;
    let reading = open(session, arguments.text("document")?.as_deref())?;
    let whole = reading.text.text();
    let covers = reading.covers();
    let mut entries = Vec::new();
    for passage in reading.text.passages() {
        let stretches = stretches(&reading.text, passage.span.clone(), &covers);
        if !stretches.iter().any(|stretch| stretch.is_uncovered(whole)) {
            continue;
        }
        let is_bare = stretches.iter().all(|stretch| stretch.cover.is_none());
        let words: String = stretches
            .iter()
            .map(|stretch| {
                let words = &whole[stretch.span.clone()];
                let is_covered = stretch.cover.is_some() && !words.trim().is_empty();
                if is_covered && !is_bare { format!("⟨{words}⟩") } else { words.to_owned() }
            })
            .collect();
        entries.push(format!("{}\n{}", passage.place.short(), quoted_line(&words)));
    }
    let title = reading.title.as_deref().unwrap_or(reading.document.as_str());
    let mut text = format!("# {}\n{}\n", line(title), reading.coverage());
    if entries.is_empty() {
        text.push_str("\nEvery passage is covered.\n");
    } else {
        let page = page_of(&entries, arguments.number("after")?, "passages");
        text.push_str(&format!(
            "{NOTICE}\n\n{page}\nDraft a claim for each with `propose`, or leave it out with `omit` and the reason.\n"
        ));
    }
    Ok(ToolResult::of(text))
}
