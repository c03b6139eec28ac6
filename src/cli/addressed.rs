//! Commands in messages, for a dossier that the command line names: whoever copies one should reach the same dossier.

use super::effect;
use crate::catalogue::in_shell;
use crate::diagnostic::{Diagnostic, Error, Remark};
use std::path::PathBuf;

/// The beginning of each command in a message.
const MARK: &str = "`dossier ";

/// Returns the words that begin a command on some dossiers: `dossier --dossier tea`.
pub(super) fn program(dossiers: &[PathBuf]) -> String {
    dossiers.iter().fold("dossier".to_owned(), |program, folder| {
        format!("{program} --dossier {}", in_shell(&folder.to_string_lossy()))
    })
}

/// Names the dossiers in the commands of a diagnostic.
pub(super) fn address(finding: &mut Diagnostic, dossiers: &[PathBuf]) {
    if dossiers.is_empty() {
        return;
    }
    let program = program(dossiers);
    if let Some(help) = &mut finding.help {
        *help = addressed(help, &program);
    }
    for remark in &mut finding.remarks {
        if let Remark::Note(words) | Remark::Help(words) = remark {
            *words = addressed(words, &program);
        }
    }
}

/// Names the dossiers in the commands of an error.
pub(super) fn address_error(mut error: anyhow::Error, dossiers: &[PathBuf]) -> anyhow::Error {
    if let Some(error) = error.downcast_mut::<Error>() {
        error.problems.iter_mut().for_each(|problem| address(problem, dossiers));
    }
    error
}

fn addressed(text: &str, program: &str) -> String {
    let mut pieces = text.split(MARK);
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let command = piece.split([' ', '`']).next().unwrap_or_default();
        if effect::works_on_dossier(command) {
            whole.push_str(&format!("`{program} "));
        } else {
            whole.push_str(MARK);
        }
        whole.push_str(piece);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_on_the_dossier_name_it() {
        let program = program(&["my tea".into()]);
        for (text, expected) in [
            ("run `dossier run x`", "run `dossier --dossier 'my tea' run x`"),
            (
                "`dossier check`, `dossier help x`",
                "`dossier --dossier 'my tea' check`, `dossier help x`",
            ),
            ("`dossier convert A -o B`", "`dossier convert A -o B`"),
            ("`dossier` and `dossier --data X`", "`dossier` and `dossier --data X`"),
        ] {
            assert_eq!(addressed(text, &program), expected);
        }
    }
}
