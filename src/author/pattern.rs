//! A pattern for claims that is made of a claim.

use super::drafting::pattern_of_claim;
use super::retraction::{find, known};
use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::{Edit, SourceFile};
use crate::session::Session;

/// A pattern that is about to be written.
#[derive(Debug)]
pub(crate) struct NewPattern {
    /// Its file.
    pub source: SourceFile,
    /// The line that uses it, and what its parameters are.
    pub usage: String,
    /// The change to the dossier.
    pub edit: Edit,
}

/// Makes a pattern of a claim: each argument is the name of a parameter and what it stands for in the claim.
///
/// # Errors
/// If the name is invalid or taken, the claim is unknown, or a pattern cannot be made of it.
pub(crate) fn make_pattern(
    session: &Session,
    name: &str,
    claim: &str,
    arguments: &[(String, String)],
    summary: &str,
) -> Result<NewPattern> {
    let mut edit = Edit::of(session.dossier())?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if !is_name {
        return Err(error!("name-invalid", "`{name}` cannot be the name of a pattern")
            .help("use letters, digits and `-`, such as `office`")
            .usage());
    }
    if session.catalogue().pattern_names()?.iter().any(|known| known == name) {
        return Err(error!("pattern-exists", "there is a pattern `{name}` already")
            .help(format!("choose another name, or edit `queries/patterns/{name}.rq`"))
            .usage());
    }
    if summary.trim().is_empty() {
        return Err(error!("draft-blank", "the summary is empty")
            .help("say what claims of the pattern state: `--summary 'A person holds an office'`")
            .usage());
    }
    let claim = find(session, &known(session)?, claim).map_err(Diagnostic::usage)?;
    let path = format!("queries/patterns/{name}.rq");
    let source = pattern_of_claim(session, &claim, arguments, summary, &path)?;
    let usage = session.catalogue().parse_pattern(&source).map_err(Diagnostic::input)?.usage();
    edit.create(path, source.bytes.to_vec());
    Ok(NewPattern { source, usage, edit })
}
