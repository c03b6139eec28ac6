//! A file from which a document is made, of whatever kind.

use super::page::PageText;
use super::source_text::{SourceKind, SourceText, is_markdown, with_plain_spaces};
use crate::diagnostic::Diagnostic;

/// A file from which a document is made.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The name of the file, without its folders.
    pub file: String,
    /// Its bytes.
    pub original: Vec<u8>,
    /// The text that a converter made of it, if there was one.
    pub converted: Option<Vec<u8>>,
    /// Whether to take all of a web page, and not only its article.
    pub is_whole: bool,
}

impl Source {
    /// Returns the extension of the document's text, with its dot.
    pub(crate) fn text_extension(&self) -> &'static str {
        let is_markdown = self.converted.is_none() && is_markdown(&self.file);
        if is_markdown { ".md" } else { ".txt" }
    }

    /// Returns the text of the file, with one line feed at its end.
    ///
    /// # Errors
    /// If the file has no text, needs a converter, or has an unknown encoding.
    pub(crate) fn text(&self) -> Result<PageText, Diagnostic> {
        let (name, bytes) = match &self.converted {
            Some(converted) => ("the converter's output", converted),
            None => (self.file.as_str(), &self.original),
        };
        let source = SourceText::decode(name, bytes)?;
        let mut page = match source.kind {
            SourceKind::Html => PageText::of_html(name, &source.text, self.is_whole)?,
            SourceKind::Text | SourceKind::Markdown => {
                PageText { text: source.text, ..PageText::default() }
            }
        };
        let text = with_plain_spaces(&page.text);
        page.text = format!("{}\n", text.trim_start_matches('\n').trim_end());
        Ok(page)
    }
}
