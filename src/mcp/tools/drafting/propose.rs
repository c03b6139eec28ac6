//! The tool that proposes a claim. It is verified, and stored as a draft whatever is found.

use super::status;
use crate::author::{Sheet, SheetOptions, place_of, propose as propose_sheets, reject};
use crate::diagnostic::{Diagnostic, Error, Result};
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::quotation::in_quotes;
use crate::mcp::schema::Parameter;
use crate::mcp::text::{all_in_words, in_words_without_lines, line};
use crate::mcp::toolbox::Blueprint;
use crate::session::Session;
use sha2::{Digest as _, Sha256};

pub(super) fn tool() -> Blueprint {
    Blueprint {
        name: "propose",
        title: "Propose a claim",
        description: "Draft a claim: a quote, and what it states. It is checked and kept in `drafts/`, also if it is wrong; what is wrong comes back. Nothing becomes data before a person accepts it. To correct a draft, propose it again with `replaces`.".to_owned(),
        parameters: vec![
            Parameter::text("document", "its title or name").required(),
            Parameter::text("quote", "words of the document, word for word; … stands for words that are left out").required(),
            Parameter::texts("says", "what the words state, each as `SUBJECT | PROPERTY | VALUE`, as a pattern `NAME: PARAMETER=VALUE, …`, or as a declaration of a new term `new: LABEL | CLASS`"),
            Parameter::text("turtle", "statements in Turtle, if `says` is not enough"),
            Parameter::text("head", "statements in Turtle about the claim itself, which is <>"),
            Parameter::text("reading", "how the words are read, if it is not obvious"),
            Parameter::text("omit", "instead of `says`: the reason to leave the words out"),
            Parameter::text("before", "words right before the quote, if it occurs more than once"),
            Parameter::text("after", "words right after the quote"),
            Parameter::text("name", "a name for the claim, such as claim:founders; needed if another draft quotes the same words"),
            Parameter::text("replaces", "the id of the draft that this one corrects"),
        ],
        action: Action::Propose,
    }
}

/// The parts of a draft that are items of a sheet, with the words that begin them there.
const ITEMS: [(&str, &str); 5] = [
    ("reading", "reading"),
    ("omit", "omit"),
    ("before", "before"),
    ("after", "after"),
    ("name", "as"),
];

/// Proposes a claim.
///
/// # Errors
/// Fails if the arguments are not a draft, or the dossier cannot be changed.
pub(in crate::mcp) fn propose(
    session: &Session,
    arguments: &Arguments,
    by: Option<&str>,
) -> Result<ToolResult> {
    let names: Vec<String> = tool().parameters.into_iter().map(|one| one.name).collect();
    arguments.check(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let sheet = sheet(arguments)?;
    let options = SheetOptions { by, ..SheetOptions::default() };
    let mut proposal = match propose_sheets(session, &[sheet], options) {
        Ok(proposal) => proposal,
        Err(error) => return Ok(not_kept(&error)),
    };
    if let Some(edit) = proposal.edit.take() {
        edit.commit()?;
    }
    let mut text = String::new();
    for draft in &proposal.drafts {
        let (words, findings) = status(draft);
        text.push_str(&format!("Draft {}: {words}.\n", draft.id));
        if let Some(claim) = &draft.verified.claim {
            let name = session.prefixes().show(&claim.name);
            let place = place_of(&claim.quotation.span);
            text.push_str(&format!(
                "It would be `{}`, {place}: {}\n",
                line(&name),
                in_quotes(&claim.quotation.words)
            ));
        }
        if !findings.is_empty() {
            text.push_str(&format!("\n{findings}\n"));
        }
        text.push_str(&if draft.verified.has_errors() {
            format!("\nCorrect it: propose it again with `replaces: {}`.\n", draft.id)
        } else if draft.is_clean() {
            "\nIt waits for a person to accept it.\n".to_owned()
        } else {
            format!("\nIt can be accepted. If a warning is right, propose it again with `replaces: {}`.\n", draft.id)
        });
    }
    if !proposal.notes.is_empty() {
        text.push_str(&format!("{}\n", all_in_words(&proposal.notes)));
    }
    if let Some(old) = arguments.text("replaces")?
        && let Some(draft) = proposal.drafts.first()
        && draft.id != old
    {
        let because = format!("replaced by {}", draft.id);
        match reject(session.dossier(), std::slice::from_ref(&old), &because) {
            Ok((edit, _)) => edit.commit()?,
            Err(error) => text.push_str(&format!("{}\n", all_in_words(&error.problems))),
        }
    }
    Ok(ToolResult::of(text))
}

/// Returns the result for arguments that are not a draft, or a dossier that cannot be changed.
fn not_kept(error: &Error) -> ToolResult {
    // (There is no sheet that the model knows of.)
    let is_told = |found: &&Diagnostic| found.id.as_deref() != Some("drafts-not-kept");
    let words: Vec<String> =
        error.problems.iter().filter(is_told).map(in_words_without_lines).collect();
    let text = format!("Nothing was kept.\n\n{}\n", words.join("\n"));
    ToolResult { is_error: true, ..ToolResult::of(text) }
}

/// Returns a sheet with one draft. Nothing in the arguments can begin another one: each stands on its own line.
fn sheet(arguments: &Arguments) -> Result<Sheet> {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let document = one_line(&arguments.required("document", "History of the Tea Society")?);
    let quote = one_line(&arguments.required("quote", "was founded in 1984")?);
    let mut text = format!("# {document}\n\n> {quote}\n");
    for said in arguments.texts("says")? {
        let said = one_line(&said);
        text.push_str(&format!("- {}\n", said.strip_prefix("- ").unwrap_or(&said)));
    }
    for (name, word) in ITEMS {
        if let Some(words) = arguments.text(name)? {
            // (White space of a context tells where a quote stands.)
            let words = if words == one_line(&words) && !words.starts_with('"') {
                words
            } else {
                serde_json::Value::from(words).to_string()
            };
            text.push_str(&format!("- {word}: {words}\n"));
        }
    }
    for (name, fence) in [("turtle", "~~~turtle"), ("head", "~~~turtle head")] {
        if let Some(turtle) = arguments.text(name)? {
            let lines = turtle.lines().map(str::trim_end);
            let lines: Vec<&str> =
                lines.filter(|line| !line.trim_start().starts_with("~~~")).collect();
            text.push_str(&format!("\n{fence}\n{}\n~~~\n", lines.join("\n")));
        }
    }
    // Another file for each claim: otherwise a draft would count as the corrected one of another quote or name.
    let name = arguments.text("name")?.unwrap_or_default();
    let hash = Sha256::digest(format!("{document}\n{quote}\n{name}"));
    let hash = hash.iter().take(4).fold(0_u32, |hash, byte| (hash << 8) | u32::from(*byte));
    Ok(Sheet { file: format!("proposed-{hash:08x}.md"), bytes: text.into_bytes() })
}
