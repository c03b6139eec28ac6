//! A file of a dossier, in memory.

use super::Document;
use super::encoding::{not_text, utf_16};
use crate::diagnostic::{Diagnostic, Result, error};
use std::borrow::Cow;
use std::path::Path;

/// A file in memory: its path in messages, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path in messages.
    pub path: String,
    /// The content of the file.
    pub bytes: Cow<'static, [u8]>,
}

impl SourceFile {
    /// Returns the name of the file without its folders and its extension.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// Returns the extension of the file, without the dot, or an empty string.
    pub fn extension(&self) -> &str {
        Path::new(&self.path).extension().and_then(|e| e.to_str()).unwrap_or_default()
    }

    /// Returns the content of the file as a document: Markdown if its name ends in `.md`, otherwise plain text.
    ///
    /// # Errors
    /// If it is not plain text in UTF-8.
    pub(crate) fn document(&self) -> Result<Document, Diagnostic> {
        if let Some(problem) = not_text(&self.path, &self.bytes) {
            return Err(problem);
        }
        // Git and editors on Windows change how lines end; quotes are of the same text everywhere.
        let text = self.text()?.replace("\r\n", "\n");
        Ok(match self.extension() {
            "md" => Document::markdown(&text),
            _ => Document::new(&text),
        })
    }

    /// Returns the content of the file as text, without a byte order mark.
    ///
    /// # Errors
    /// If it is not UTF-8.
    pub fn text(&self) -> Result<&str, Diagnostic> {
        let text = std::str::from_utf8(&self.bytes);
        text.map(|text| text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(|error| {
            if let Some(problem) = utf_16(&self.path, &self.bytes) {
                return problem;
            }
            let line = self.bytes[..error.valid_up_to()].iter().filter(|&&b| b == b'\n').count();
            error!("not-utf-8", "`{}` is not UTF-8: see line {}", self.path, line + 1)
                .help("save it as UTF-8")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let source =
            |bytes: &'static [u8]| SourceFile { path: "a.txt".into(), bytes: bytes.into() };
        assert_eq!(source(b"\xef\xbb\xbfTea.").text(), Ok("Tea."));
        assert_eq!(source(b"Tea.").text(), Ok("Tea."));
        assert!(source(b"\xef\xbb").text().is_err());
    }

    #[test]
    fn lines_of_documents_may_end_as_on_windows() {
        let source =
            |bytes: &'static [u8]| SourceFile { path: "a.txt".into(), bytes: bytes.into() };
        let text = |bytes| source(bytes).document().unwrap().text().to_owned();
        assert_eq!(text(b"Tea\r\n\r\nIt is drunk.\r\n"), text(b"Tea\n\nIt is drunk.\n"));
    }
}
