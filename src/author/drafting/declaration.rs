//! How a term that the dossier does not know could be declared.

use super::finding::DraftSyntax;
use super::lexicon::{Lexicon, TermRole};
use super::takes::{Guess, THING};
use crate::author::draft::CLASS;

impl Lexicon<'_> {
    /// Returns how a term with a label could be declared with a draft.
    pub(super) fn declaration(
        &self,
        label: &str,
        role: TermRole<'_>,
        syntax: DraftSyntax,
    ) -> Option<String> {
        let declare = |words: String| syntax.declaration(&words);
        match role {
            TermRole::Thing(_) => Some(declare(format!("{label} | {CLASS}"))),
            TermRole::Class => Some(declare(format!("{label} | class"))),
            TermRole::Property(value) => {
                let value = value?;
                let Guess { takes, other, typed } = self.guess(value);
                let mut declaration = declare(format!("{label} | property | {takes}"));
                if takes == THING && other.is_some() {
                    let value = declare(format!("{value} | {CLASS}"));
                    declaration += &format!(" and, for its value, {value}");
                }
                if let Some(other) = other {
                    declaration += &format!(" (or `{other}` instead of `{takes}`)");
                }
                if let Some(typed) = typed {
                    declaration += &format!(", and write the value as `{typed}`");
                }
                Some(declaration)
            }
        }
    }
}
