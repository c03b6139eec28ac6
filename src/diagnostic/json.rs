//! Serializes diagnostics as JSON.

use super::{Diagnostic, Evidence, Excerpt, Remark, Severity};
use oxigraph::model::NamedNode;
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct Json<'a> {
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Position<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<&'a Evidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Position<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json =
            Json {
                severity: self.severity,
                rule: self.id.as_deref(),
                message: &self.message,
                about: self.about.as_deref().map(NamedNode::as_str),
                place: self.excerpt.as_deref().map(|Excerpt { origin, line, column, .. }| {
                    Position { file: origin, line: *line, column: *column }
                }),
                note: None,
                evidence: Vec::new(),
                help: self.help.as_deref(),
            };
        for remark in &self.remarks {
            match remark {
                Remark::Note(note) => json.note = Some(note),
                Remark::Quote(quote) => json.evidence.push(quote),
                Remark::Help(_) => {}
            }
        }
        json.serialize(serializer)
    }
}
