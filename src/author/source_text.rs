//! The text of a file that becomes a document: what kind of file it is, its encoding, and its words.

use crate::diagnostic::{Diagnostic, error};
use encoding_rs::{Encoding, UTF_8};
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// The kind of a file whose text can be taken without a converter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourceKind {
    /// Plain text.
    Text,
    /// Markdown, whose marks stay in the text.
    Markdown,
    /// A web page.
    Html,
}

/// A file as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceText {
    /// Its kind.
    pub kind: SourceKind,
    /// Its text: NFC, with line feeds, without a byte order mark.
    pub text: String,
}

impl SourceText {
    /// Decodes a file. `name` is that in messages, and its extension tells the kind unless the bytes do.
    ///
    /// # Errors
    /// If the file is of a kind that needs a converter, or has no text; if its encoding is not known.
    pub(crate) fn decode(name: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        if let Some(other) = OtherKind::of(name, bytes) {
            return Err(other.diagnostic(name));
        }
        let kind = if extension(name) == "html" || begins_like_html(bytes) {
            SourceKind::Html
        } else if is_markdown(name) {
            SourceKind::Markdown
        } else {
            SourceKind::Text
        };
        let encoding = match (Encoding::for_bom(bytes), kind) {
            (Some((encoding, _)), _) => encoding,
            (None, SourceKind::Html) => declared_encoding(bytes).unwrap_or(UTF_8),
            (None, _) => UTF_8,
        };
        let (text, _, has_errors) = encoding.decode(bytes);
        if has_errors || text.contains('\0') {
            return Err(not_decoded(name, encoding, bytes));
        }
        let text = normalized(&text);
        if text.trim().is_empty() {
            return Err(error!("document-empty", "`{name}` has no text"));
        }
        Ok(Self { kind, text })
    }
}

/// Returns the extension of a file in lower case; `html` stands for all of HTML.
fn extension(name: &str) -> String {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "htm" | "xhtml" => "html".to_owned(),
        other => other.to_owned(),
    }
}

/// Returns whether the name of a file is that of Markdown.
pub(super) fn is_markdown(name: &str) -> bool {
    matches!(extension(name).as_str(), "md" | "markdown")
}

/// Returns a text with line feeds and in Normalization Form C
/// ([UAX #15](https://www.unicode.org/reports/tr15/)), so that what people type is found in it.
pub(super) fn normalized(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if is_nfc_quick(text.chars()) == IsNormalized::Yes { text } else { text.nfc().collect() }
}

/// Returns a text in which spaces that look like any other are any other: no-break spaces, and those of a certain width,
/// which people cannot see and do not type. An ideographic space is as wide as a letter, and stays.
pub(super) fn with_plain_spaces(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => ' ',
            '\u{2028}' | '\u{2029}' | '\u{85}' => '\n',
            other => other,
        })
        .collect()
}

/// A kind of file whose text only a converter can take out.
#[derive(Debug, Clone, Copy)]
enum OtherKind {
    Pdf,
    Office,
    Image,
    Archive,
}

impl OtherKind {
    fn of(name: &str, bytes: &[u8]) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let ends = |extensions: &[&str]| extensions.iter().any(|end| lower.ends_with(end));
        let begins = |magic: &[u8]| bytes.starts_with(magic);
        if begins(b"%PDF-") {
            Some(Self::Pdf)
        } else if begins(b"PK\x03\x04") || begins(b"\xD0\xCF\x11\xE0") || begins(b"{\\rtf") {
            let is_office = ends(&[".docx", ".odt", ".epub", ".pptx", ".xlsx", ".doc", ".rtf"]);
            Some(if is_office || !begins(b"PK") { Self::Office } else { Self::Archive })
        } else if begins(b"\x89PNG") || begins(b"\xFF\xD8\xFF") || begins(b"GIF8") {
            Some(Self::Image)
        } else if begins(b"\x1F\x8B")
            || begins(b"BZh")
            || begins(b"\xFD7zXZ")
            || begins(b"\x28\xB5\x2F\xFD")
        {
            Some(Self::Archive)
        } else {
            None
        }
    }

    fn diagnostic(self, name: &str) -> Diagnostic {
        let (what, help) = match self {
            Self::Pdf => ("a PDF", "name a program that prints its text: `--via 'pdftotext - -'`"),
            Self::Office => (
                "an office document or an e-book",
                "name a program that prints its text: `--via 'pandoc -t plain --wrap=none'`",
            ),
            Self::Image => {
                ("an image", "name a program that reads the text in it, with `--via`, or type it")
            }
            Self::Archive => ("an archive or compressed", "unpack it first"),
        };
        error!("converter-needed", "`{name}` is {what}, not text").help(help)
    }
}

fn begins_like_html(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag))
}

/// Returns the encoding that a page declares in its first 1,024 bytes, as the [HTML
/// standard](https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding) wants.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let (_, label) = start.split_once("charset=")?;
    let label = label.trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c));
    Encoding::for_label(&label.as_bytes()[..end.unwrap_or(label.len())])
}

fn not_decoded(name: &str, encoding: &'static Encoding, bytes: &[u8]) -> Diagnostic {
    let is_binary = bytes.iter().take(4096).filter(|byte| **byte == 0).count() > 0;
    if is_binary && encoding == UTF_8 {
        return error!("converter-needed", "`{name}` is binary data, not text")
            .help("name a program that prints its text, with `--via`");
    }
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let line = bytes[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
    error!("not-utf-8", "`{name}` is not {}: see line {line}", encoding.name())
        .help("save it as UTF-8, or convert it: `--via 'iconv -f WINDOWS-1252 -t UTF-8'`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn decode(name: &str, bytes: &[u8]) -> Result<(SourceKind, String), Cow<'static, str>> {
        let decoded = SourceText::decode(name, bytes);
        decoded.map(|source| (source.kind, source.text)).map_err(|problem| problem.id.unwrap())
    }

    #[test]
    fn encodings_are_told_by_their_marks_and_declarations() {
        let text = |text: &str| Ok((SourceKind::Text, text.to_owned()));
        assert_eq!(decode("a.txt", b"\xEF\xBB\xBFTea\r\nMilk"), text("Tea\nMilk"));
        assert_eq!(decode("a.txt", b"\xFF\xFET\0e\0a\0"), text("Tea"));
        assert_eq!(decode("a.txt", "Cafe\u{301}".as_bytes()), text("Caf\u{e9}"));
        let page = b"<!DOCTYPE html><meta charset=\"iso-8859-1\">Caf\xE9";
        let (kind, text) = decode("saved", page).unwrap();
        assert_eq!((kind, text.ends_with("Café")), (SourceKind::Html, true));
        assert_eq!(decode("a.md", b"# Tea").unwrap().0, SourceKind::Markdown);
    }

    #[test]
    fn files_without_text_are_refused() {
        assert_eq!(decode("a.pdf", b"%PDF-1.7"), Err("converter-needed".into()));
        assert_eq!(decode("a.docx", b"PK\x03\x04"), Err("converter-needed".into()));
        assert_eq!(decode("a.txt", b"\x89PNG\r\n"), Err("converter-needed".into()));
        assert_eq!(decode("a.bin", b"\0\x01\x02"), Err("converter-needed".into()));
        assert_eq!(decode("a.txt", b"Caf\xE9"), Err("not-utf-8".into()));
        assert_eq!(decode("a.txt", b" \n"), Err("document-empty".into()));
    }
}
