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
    /// The row of a table, on one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
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
    /// A class that the ontology does not have yet.
    NewClass {
        /// The label.
        label: String,
        /// The class to which all of its things belong, too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        under: Option<String>,
    },
    /// A property that the ontology does not have yet.
    NewProperty {
        /// The label.
        label: String,
        /// What its values are: a kind of literal in a word, a datatype, `thing`, or a class.
        takes: String,
        /// The class of the things that have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    /// Statements in Turtle, with the dossier's prefixes. `<>` is the claim.
    Turtle(String),
    /// Statements in Turtle about the claim itself, in its head: `<> dcterms:creator "Ada" .`
    HeadTurtle(String),
}

/// Returns a statement with bars whose three parts have something else between them, or whose value is missing.
fn barred(text: &str) -> Option<String> {
    if let [subject, property] = text.split('|').map(str::trim).collect::<Vec<_>>()[..] {
        return Some(format!("{subject} | {property} | VALUE"));
    }
    ["|", "\t", ";", ",", "->", "→", "=>", " - ", " – ", "/"].into_iter().find_map(|separator| {
        let text = text.replace('|', separator);
        let parts: Vec<&str> = text.splitn(3, separator).map(str::trim).collect();
        let is_whole = parts.len() == 3 && parts.iter().all(|part| !part.is_empty());
        is_whole.then(|| parts.join(" | "))
    })
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
            _ => Err(error!("statement-incomplete", "`{text}` is not a statement")
                .help(match barred(text) {
                Some(meant) => format!(
                    "write a subject, a property and a value with bars between them: `{meant}`"
                ),
                None => {
                    "write a subject, a property and a value: `The Tea Society | founded | 1984`"
                        .to_owned()
                }
            })),
        }
    }

    /// Reads a declaration from its parts, which bars divide: a label, what it is, and what that needs.
    ///
    /// # Errors
    /// If the parts do not belong together.
    pub(crate) fn declaration(parts: &[&str]) -> Result<Self, Diagnostic> {
        let invalid = |message: String| error!("declaration-invalid", "{message}");
        let whole = parts.join(" | ");
        if parts.iter().any(|part| part.is_empty()) {
            return Err(
                invalid(format!("a part of `{}` is empty", whole.trim())).help(DECLARATIONS)
            );
        }
        if parts[1..].contains(&CLASS) {
            return Err(invalid(format!("`{CLASS}` in `{whole}` stands for a class"))
                .help(format!("replace `{CLASS}` with a class, such as `organisation`")));
        }
        let [label, kind, rest @ ..] = parts else {
            return Err(
                invalid(format!("`{whole}` does not say what is declared")).help(DECLARATIONS)
            );
        };
        let is = |word: &str| kind.eq_ignore_ascii_case(word);
        let label = (*label).to_owned();
        match rest {
            [] if is("class") => Ok(Self::NewClass { label, under: None }),
            [under] if is("class") => {
                Ok(Self::NewClass { label, under: Some((*under).to_owned()) })
            }
            [] if is("property") => Err(invalid(format!(
                "`{whole}` does not say what the property takes"
            ))
            .help(format!("write `{whole} | date`, for example; instead of `date`: {TAKES}"))),
            [takes] if is("property") => {
                Ok(Self::NewProperty { label, takes: (*takes).to_owned(), of: None })
            }
            [takes, of] if is("property") => {
                let (takes, of) = ((*takes).to_owned(), Some((*of).to_owned()));
                Ok(Self::NewProperty { label, takes, of })
            }
            [class] if *kind == "a" => Ok(Self::NewThing { label, class: (*class).to_owned() }),
            [] => Ok(Self::NewThing { label, class: (*kind).to_owned() }),
            _ => Err(invalid(format!("`{whole}` is not a declaration")).help(DECLARATIONS)),
        }
    }

    /// Returns whether it declares something.
    pub(crate) const fn is_declaration(&self) -> bool {
        matches!(self, Self::NewThing { .. } | Self::NewClass { .. } | Self::NewProperty { .. })
    }

    /// Returns the label of what it declares.
    pub(crate) fn declared(&self) -> Option<&str> {
        match self {
            Self::NewThing { label, .. }
            | Self::NewClass { label, .. }
            | Self::NewProperty { label, .. } => Some(label),
            _ => None,
        }
    }

    /// Returns the labels and names that it mentions.
    pub(crate) fn mentioned(&self) -> Vec<&str> {
        match self {
            Self::Statement { subject, property, value } => vec![subject, property, value],
            Self::Pattern { arguments, .. } => {
                arguments.iter().map(|(_, value)| value.as_str()).collect()
            }
            Self::NewThing { class, .. } => vec![class],
            Self::NewClass { under, .. } => under.iter().map(String::as_str).collect(),
            Self::NewProperty { takes, of, .. } => {
                of.iter().map(String::as_str).chain([takes.as_str()]).collect()
            }
            Self::Turtle(_) | Self::HeadTurtle(_) => Vec::new(),
        }
    }
}

/// Stands for a class in the declarations that messages show.
pub(crate) const CLASS: &str = "CLASS";

/// What a property can take, besides dates.
pub(crate) const TAKES: &str =
    "`year`, `number`, `text`, `yes or no`, `time`, `web address`, `thing`, or a class";

/// The forms of declarations.
const DECLARATIONS: &str = "write `LABEL | CLASS` for a thing, `LABEL | class` for a class, or \
    `LABEL | property | WHAT IT TAKES` for a property: `founded | property | date`";
