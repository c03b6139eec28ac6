//! A claim or an omission that somebody proposes, as it was typed: nothing in it has been looked up yet.

use crate::diagnostic::{Diagnostic, error};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

/// A proposed claim or omission. Sheets, tables, JSON, annotations and the command line all say the same with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// Where it begins, if it comes from a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<DraftPlace>,
    /// The document that it quotes: a title, a label, a name, a CURIE or an IRI in angle brackets.
    pub document: String,
    /// The quoted words, as they were typed: case, typography and white space may differ, and `…` stands for words
    /// that are left out.
    pub quote: String,
    /// The text directly before the quote, if it selects one of several places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// The text directly after the quote, if it selects one of several places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// The CURIE or IRI of the claim; without it, the claim is named after what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the quoted words state.
    pub says: Vec<DraftStatement>,
    /// How the quote is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// The reason why the words are left out, if this is an omission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub omission: Option<String>,
}

/// The place of a draft, or of a part of one, in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DraftPlace {
    /// The file, as the user named it.
    pub file: String,
    /// The line, or the row of a table, or the number of the entry in JSON; from 1.
    pub line: NonZeroUsize,
}

/// A part of what a draft states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DraftStatement {
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<DraftPlace>,
    /// What it says.
    #[serde(flatten)]
    pub content: DraftContent,
}

/// What a part of a draft says. A term is a label, a CURIE or an IRI in angle brackets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DraftContent {
    /// One statement: the label or name of a thing, of a property (or `a`), and the value.
    Statement {
        /// The thing.
        subject: String,
        /// The property; `a` is `rdf:type`.
        property: String,
        /// The value: a term, a literal as in Turtle, or a text or figure whose type the property tells.
        value: String,
    },
    /// The statements of a saved pattern with arguments for its parameters.
    Pattern {
        /// The name of the pattern.
        name: String,
        /// The parameters and their values, in order.
        arguments: Vec<(String, String)>,
    },
    /// A thing that the dossier does not know yet: its label and its class. It becomes background.
    NewThing {
        /// The label.
        label: String,
        /// The class.
        class: String,
    },
    /// Statements in Turtle, with the dossier's prefixes. `<>` is the claim.
    Turtle(String),
    /// Statements in Turtle about the claim itself, in its head: `<> dcterms:creator "Ada" .`
    HeadTurtle(String),
}

impl DraftContent {
    /// Reads a statement: a subject, a property and a value with bars between them. The value may contain bars.
    ///
    /// # Errors
    /// If a part is missing.
    pub(crate) fn statement(text: &str) -> Result<Self, Diagnostic> {
        let mut parts = text.splitn(3, '|').map(|part| part.trim().to_owned());
        match (parts.next(), parts.next(), parts.next()) {
            (Some(subject), Some(property), Some(value)) => {
                Ok(Self::Statement { subject, property, value })
            }
            _ => Err(error!("statement-incomplete", "`{text}` is not a statement").help(
                "write a subject, a property and a value: `The Tea Society | founded | 1984`",
            )),
        }
    }

    /// Reads the declaration of a new thing: its label and its class with a bar between them.
    ///
    /// # Errors
    /// If the text contains no bar.
    pub(crate) fn new_thing(text: &str) -> Result<Self, Diagnostic> {
        match text.rsplit_once('|') {
            Some((label, class)) => {
                let (label, class) = (label.trim().to_owned(), class.trim().to_owned());
                Ok(Self::NewThing { label, class })
            }
            None => Err(error!("new-thing-incomplete", "`{text}` has no class")
                .help("write a label and a class: `Ada | person`")),
        }
    }
}
