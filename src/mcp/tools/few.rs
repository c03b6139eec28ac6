//! Two tools for all saved queries, where a tool for each would be too many.

use super::saved::{ask_with, description};
use crate::catalogue::SavedQuery;
use crate::diagnostic::{Result, error, nearest};
use crate::mcp::answer::Wanted;
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::schema::Parameter;
use crate::mcp::text::{abridged, line, page_of};
use crate::mcp::toolbox::Blueprint;
use crate::session::Session;
use crate::vocabulary::folded;

/// Returns the tools.
pub(in crate::mcp) fn tools() -> Vec<Blueprint> {
    vec![
        Blueprint {
            name: "list_questions",
            title: "List saved questions",
            description: "List the saved questions of the dossier, with their parameters. Run one with `run_question`.".to_owned(),
            parameters: vec![
                Parameter::text("words", "words that the question must contain"),
                Parameter::number("after", "skip so many"),
            ],
            action: Action::ListQuestions,
        },
        Blueprint {
            name: "run_question",
            title: "Answer a saved question",
            description: "Answer a saved question, with footnotes that quote the documents.".to_owned(),
            parameters: vec![
                Parameter::text("name", "the name, from `list_questions`").required(),
                Parameter::texts("arguments", "each as `parameter=value`"),
                Parameter::number("after", "skip so many rows"),
            ],
            action: Action::RunQuestion,
        },
    ]
}

/// Lists the saved queries.
///
/// # Errors
/// Fails if they cannot be read.
pub(in crate::mcp) fn list(session: &Session, arguments: &Arguments) -> Result<ToolResult> {
    arguments.check(&["words", "after"])?;
    let words = folded(&arguments.text("words")?.unwrap_or_default());
    let words: Vec<&str> = words.split_whitespace().collect();
    let (queries, _) = session.catalogue().readable()?;
    let entries: Vec<String> = queries
        .iter()
        .map(entry)
        .filter(|entry| {
            let entry = folded(entry);
            words.iter().all(|word| entry.contains(word))
        })
        .collect();
    if entries.is_empty() {
        return Ok(ToolResult::of(
            "No saved question contains these words. Call without `words` for all, or use `find`.\n",
        ));
    }
    Ok(ToolResult::of(page_of(&entries, arguments.number("after")?, "questions")))
}

fn entry(query: &SavedQuery) -> String {
    let parameters: Vec<String> = query
        .parameters
        .iter()
        .map(|parameter| format!("`{}` ({})", parameter.usage(), parameter.explanation()))
        .collect();
    let mut entry = format!("- `{}`: {}", query.name, abridged(&line(&description(query)), 300));
    if !parameters.is_empty() {
        entry.push_str(&format!("\n  Parameters: {}", parameters.join("; ")));
    }
    entry
}

/// Answers a saved query that is named.
///
/// # Errors
/// Fails if there is none with the name, an argument is invalid, or the query cannot be evaluated.
pub(in crate::mcp) fn run(
    session: &Session,
    arguments: &Arguments,
    wanted: Wanted<'_>,
) -> Result<ToolResult> {
    arguments.check(&["name", "arguments", "after"])?;
    let name = arguments.required("name", "members")?;
    if !session.catalogue().has(&name)? {
        let names = session.catalogue().names()?;
        return Err(error!("query-unknown", "unknown saved question `{name}`")
            .suggest(
                nearest(&name, names.iter().map(String::as_str)),
                || "`list_questions` lists all of them",
            )
            .usage());
    }
    let query = session.catalogue().get(&name)?;
    let mut pairs = Vec::new();
    for argument in arguments.texts("arguments")? {
        let Some((name, value)) = argument.split_once('=') else {
            return Err(error!("argument-syntax", "invalid argument `{argument}`")
                .help("write each as `parameter=value`")
                .usage());
        };
        pairs.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    let after = arguments.number("after")?;
    ask_with(session, &query, &pairs, Wanted { after, ..wanted })
}
