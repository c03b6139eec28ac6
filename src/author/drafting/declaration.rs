//! How a term that the dossier does not know could be declared.

use super::finding::DraftSyntax;
use super::lexicon::{Lexicon, TermRole};

impl Lexicon<'_> {
    /// Returns how a term with a label could be declared with a draft.
    pub(super) fn declaration(
        &self,
        label: &str,
        role: TermRole<'_>,
        syntax: DraftSyntax,
    ) -> Option<String> {
        match role {
            TermRole::Thing(_) => Some(syntax.declaration(&format!("{label} | CLASS"))),
            TermRole::Class => Some(syntax.declaration(&format!("{label} | class"))),
            TermRole::Property(value) => {
                let (takes, other) = self.guess(value?);
                let declaration = syntax.declaration(&format!("{label} | property | {takes}"));
                Some(match other {
                    Some(other) => format!("{declaration} (or `{other}` instead of `{takes}`)"),
                    None => declaration,
                })
            }
        }
    }
}
