//! Sheets: many proposed claims in one file. Each reader turns a text into drafts and all problems of the file.
//!
//! ```text
//!   markdown, table      what people write
//!   json                 what programs write
//!   annotation, hypothesis ── comment   what people write beside words that they mark
//!     │
//!   item                 a line below a quote
//!   write ── stated      a sheet of the claims of a dossier
//!   cells                what stands between delimiters
//! ```

mod annotation;
mod cells;
mod comment;
mod hypothesis;
mod item;
mod json;
mod markdown;
mod stated;
mod table;
mod write;

pub(crate) use item::item_of;
pub(crate) use table::PatternColumns;
pub(crate) use write::{write_claim, write_sheet};

use super::draft::{Draft, DraftStatement};
use super::source_text::{SourceText, normalized};
use crate::diagnostic::{Diagnostic, Excerpt, Severity, error};
use crate::rdf::read::json_problem;
use crate::session::Session;
use encoding_rs::WINDOWS_1252;
use item::HeadKey;
use oxigraph::model::NamedNode;
use serde_json::Value;

/// What a file proposes, and everything that is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct SheetContent {
    /// The drafts, in the order of the file.
    pub drafts: Vec<Draft>,
    /// The declarations that stand outside of all quotes. They hold for every draft.
    pub declarations: Vec<DraftStatement>,
    /// The problems, in the order of the file: errors, and notes on what was left out.
    pub problems: Vec<Diagnostic>,
    /// Whether a program recorded the context of each quote, needed or not, and the address of its document.
    pub are_annotations: bool,
}

/// The kinds of sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SheetKind {
    Markdown,
    Table,
    Json,
}

/// The size in bytes that no sheet exceeds.
pub(crate) const LARGEST: usize = 16 << 20;

/// Returns a claim of a dossier as a draft, in which all parts have a form of their own.
///
/// # Errors
/// Fails if the store fails, or a text cannot be read. The inner error says why a sheet cannot express the claim.
pub(crate) fn draft_of(
    session: &Session,
    claim: &NamedNode,
) -> crate::diagnostic::Result<Result<Draft, String>> {
    let text = match write_claim(session, claim)? {
        Ok(text) => text,
        Err(reason) => return Ok(Err(reason.to_string())),
    };
    let mut draft = markdown::read("claim.md", &text).drafts.pop().unwrap_or_default();
    draft.place = None;
    draft.says.iter_mut().for_each(|said| said.place = None);
    Ok(Ok(draft))
}

/// Reads a sheet. The extension of its name tells of which kind it is, and the content which kind of JSON. If the columns
/// of a table are the parameters of a pattern, `pattern` names them.
pub(crate) fn read_sheet(
    file: &str,
    bytes: &[u8],
    pattern: Option<PatternColumns<'_>>,
) -> SheetContent {
    let mut content = match text_of(file, bytes) {
        Err(problem) => problem.into(),
        Ok((SheetKind::Markdown, text, _)) => markdown::read(file, &text),
        Ok((SheetKind::Json, text, _)) => read_json(file, &text),
        Ok((SheetKind::Table, text, note)) => {
            let mut content = table::read(file, &text, pattern);
            content.problems.extend(note);
            content
        }
    };
    content
        .problems
        .sort_by_key(|problem| problem.excerpt.as_ref().map_or(0, |excerpt| excerpt.line));
    content
}

/// Returns the kind and the text of a sheet, and a note if its encoding had to be guessed.
fn text_of(
    file: &str,
    bytes: &[u8],
) -> Result<(SheetKind, String, Option<Diagnostic>), Diagnostic> {
    if bytes.len() > LARGEST {
        let most = LARGEST >> 20;
        return Err(error!("sheet-unreadable", "`{file}` has more than {most} MB")
            .help("a sheet is text that people write: divide it"));
    }
    let kind = SheetKind::of(file, bytes)?;
    match SourceText::decode(file, bytes) {
        Ok(source) => Ok((kind, source.text, None)),
        Err(problem) => match problem.id.as_deref() {
            Some("document-empty") => Err(error!("sheet-unreadable", "`{file}` is empty")),
            // By default, many spreadsheets save tables so.
            Some("not-utf-8") if kind == SheetKind::Table && !bytes.contains(&0) => {
                let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
                let message = format!("`{file}` is not UTF-8, and is read as Windows-1252");
                let note = Diagnostic::of(Severity::Note, "sheet-encoding", message)
                    .help("save it as “CSV UTF-8” if letters are wrong");
                Ok((kind, normalized(&text), Some(note)))
            }
            Some("not-utf-8") => {
                Err(error!("sheet-unreadable", "{}", problem.message).help("save it as UTF-8"))
            }
            _ => Err(error!("sheet-unreadable", "{}", problem.message)
                .help("save a table as CSV, and text as Markdown")),
        },
    }
}

impl SheetKind {
    fn of(file: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Ok(Self::Markdown),
            "csv" | "tsv" => Ok(Self::Table),
            "json" | "jsonld" => Ok(Self::Json),
            _ if file == "-" => Ok(match bytes.trim_ascii_start().first() {
                Some(b'[' | b'{') => Self::Json,
                Some(b'#' | b'>' | b'-' | b'<') => Self::Markdown,
                _ => Self::Table,
            }),
            _ => Err(error!("sheet-unreadable", "`{file}` is not a sheet").help(
                "a sheet is a file of Markdown, CSV, TSV or JSON: `.md`, `.csv`, `.tsv` or `.json`",
            )),
        }
    }
}

fn read_json(file: &str, text: &str) -> SheetContent {
    let json: Value = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(_) => {
            let problem = json_problem(text).map_or_else(
                || error!("sheet-unreadable", "`{file}`: its objects are nested too deep"),
                |(span, problem)| problem.at(Excerpt::new(file, text, span)),
            );
            return problem.into();
        }
    };
    match &json {
        _ if annotation::is_json_ld(&json) => annotation::read(file, text),
        Value::Array(entries) => json::read(file, text, entries),
        _ => match hypothesis::annotations(&json) {
            Some(annotations) => hypothesis::read(file, annotations),
            None => error!("sheet-unreadable", "`{file}` is not JSON of a kind that is known")
                .help("write a list of claims, or export annotations: `dossier help sheets`")
                .into(),
        },
    }
}

impl From<Diagnostic> for SheetContent {
    fn from(problem: Diagnostic) -> Self {
        Self { problems: vec![problem], ..Self::default() }
    }
}

impl HeadKey {
    /// Returns the part of a draft that it fills.
    fn of(self, draft: &mut Draft) -> &mut Option<String> {
        match self {
            Self::Reading => &mut draft.reading,
            Self::Omission => &mut draft.omission,
            Self::Name => &mut draft.name,
            Self::Before => &mut draft.prefix,
            Self::After => &mut draft.suffix,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn problems(file: &str, bytes: &[u8]) -> Vec<String> {
        let content = read_sheet(file, bytes, None);
        let words =
            |problem: &Diagnostic| format!("{}: {}", problem.severity.name(), problem.message);
        content.problems.iter().map(words).collect()
    }

    #[test]
    fn files_that_are_no_sheets_are_refused() {
        for (file, bytes, message) in [
            ("a.xlsx", &b"PK\x03\x04"[..], "`a.xlsx` is not a sheet"),
            ("a.csv", b"PK\x03\x04", "`a.csv` is an archive or compressed, not text"),
            ("a.md", b"\0\x01", "`a.md` is binary data, not text"),
            ("a.md", b"Caf\xE9", "`a.md` is not UTF-8: see line 1"),
            ("a.json", b" ", "`a.json` is empty"),
            ("a.json", b"{}", "`a.json` is not JSON of a kind that is known"),
            ("a.json", b"[{\"quote\": }]", "expected a value"),
        ] {
            assert_eq!(problems(file, bytes), [format!("error: {message}")]);
        }
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(
            problems("a.json", deep.as_bytes()),
            ["error: `a.json`: its objects are nested too deep"]
        );
        let large = vec![b' '; 50 << 20];
        assert_eq!(problems("a.csv", &large), ["error: `a.csv` has more than 16 MB"]);
    }

    #[test]
    fn tables_of_spreadsheets_have_several_encodings() {
        let table = "quote,reading\r\nCafé,so\r\n";
        let utf_16: Vec<u8> = "\u{feff}"
            .encode_utf16()
            .chain(table.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let windows = table.replace('é', "?").into_bytes();
        let windows: Vec<u8> =
            windows.into_iter().map(|byte| if byte == b'?' { 0xE9 } else { byte }).collect();
        for (bytes, notes) in [
            (table.as_bytes().to_vec(), &[][..]),
            ([b"\xEF\xBB\xBF", table.as_bytes()].concat(), &[]),
            (utf_16, &[]),
            (windows, &["note: `a.csv` is not UTF-8, and is read as Windows-1252"]),
        ] {
            let content = read_sheet("a.csv", &bytes, None);
            assert_eq!(content.drafts[0].quote, "Café");
            assert_eq!(problems("a.csv", &bytes), notes);
        }
    }

    #[test]
    fn hypothesis_is_read() {
        let annotation = r#"{ "uri": "http://example.com/a#b", "text": "so", "tags": ["club"], "target": [ { "source": "x",
            "selector": [ { "type": "RangeSelector" }, { "type": "TextQuoteSelector", "exact": "q", "prefix": "p" } ] } ] }"#;
        for (before, after) in [("\"total\": 1, \"rows\"", ""), ("\"annotations\"", ", \"x\": 1")] {
            let reply = r#"{ "uri": "http://example.com/a", "references": ["1"] }"#;
            let text = format!("{{ {before}: [ {annotation}, {reply} ]{after} }}");
            let content = read_sheet("a.json", text.as_bytes(), None);
            let [draft] = content.drafts.as_slice() else { panic!("{content:?}") };
            assert_eq!(draft.document, "<http://example.com/a>");
            assert_eq!((draft.quote.as_str(), draft.prefix.as_deref()), ("q", Some("p")));
            assert_eq!(draft.says.len(), 1);
            assert_eq!(
                problems("a.json", text.as_bytes()),
                ["note: `a.json`: 1 annotation quotes nothing, and is left out"]
            );
        }
    }

    /// Pieces that the readers know.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(vec![
                "\n",
                "> ",
                "- ",
                "# ",
                "```turtle\n",
                "```\n",
                "<!--",
                " | ",
                "\"",
                "=",
                ",",
                ";",
                "\t",
                ":",
                "quote",
                "subject",
                "reading: ",
                "new: ",
                "sep=;",
                "[",
                "]",
                "{",
                "}",
                "\"quote\":",
                "\"says\":",
                "\"@context\":",
                "\"rows\":",
                "\\",
                "<",
                "é",
                "\u{feff}",
                "\r\n",
            ])
            .prop_map(str::to_owned),
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn readers_take_any_bytes(text in pieces(), bytes: Vec<u8>) {
            let parameters = ["quote".to_owned(), "a".to_owned()];
            let pattern = PatternColumns { name: "p", parameters: &parameters };
            for file in ["a.md", "a.csv", "a.tsv", "a.json", "-"] {
                for bytes in [text.as_bytes(), &bytes] {
                    read_sheet(file, bytes, None);
                    read_sheet(file, bytes, Some(pattern));
                }
            }
        }
    }
}
