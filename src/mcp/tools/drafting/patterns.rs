//! The tool that lists the patterns for statements of claims.

use crate::catalogue::Parameter as QueryParameter;
use crate::diagnostic::Result;
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::text::{line, page_of};
use crate::mcp::toolbox::Blueprint;
use crate::session::Session;

pub(super) fn tool() -> Blueprint {
    Blueprint {
        name: "patterns",
        title: "List patterns for claims",
        description: "List the patterns: statements that belong together, with parameters. In `says` of `propose`, one is written `name: parameter=value, parameter=value`.".to_owned(),
        parameters: Vec::new(),
        action: Action::Patterns,
    }
}

/// Lists the patterns.
///
/// # Errors
/// Fails if they cannot be read.
pub(in crate::mcp) fn patterns(session: &Session, arguments: &Arguments) -> Result<ToolResult> {
    arguments.check(&[])?;
    let (patterns, _) = session.catalogue().readable_patterns()?;
    if patterns.is_empty() {
        return Ok(ToolResult::of(
            "The dossier has no patterns. State single facts: `SUBJECT | PROPERTY | VALUE`.\n",
        ));
    }
    let entries: Vec<String> = patterns
        .iter()
        .map(|pattern| {
            let query = &pattern.query;
            let parameters = query.parameters.iter();
            let usage: Vec<String> = parameters.clone().map(QueryParameter::usage).collect();
            let mut entry = format!(
                "- `{}: {}`: {}",
                query.name,
                usage.join(", "),
                line(&query.front_matter.summary)
            );
            for parameter in parameters {
                let words = line(&parameter.explanation());
                entry.push_str(&format!("\n  - `{}`: {words}", parameter.declaration.name));
            }
            entry
        })
        .collect();
    let note = "Parameters in [brackets] can be left out. Values that contain a comma stand in \"quotation marks\".\n\n";
    Ok(ToolResult::of(format!("{note}{}", page_of(&entries, 0, "patterns"))))
}
