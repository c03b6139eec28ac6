//! Files that are not text in UTF-8, although their names say so.

use crate::diagnostic::{Diagnostic, error};

/// Returns the error for a file in UTF-16, in which some programs on Windows save text. It begins with a byte order
/// mark.
pub(crate) fn utf_16(name: &str, bytes: &[u8]) -> Option<Diagnostic> {
    let is_utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    is_utf_16.then(|| error!("not-utf-8", "`{name}` is UTF-16, not UTF-8").help("save it as UTF-8"))
}

/// Returns the error for a file whose content is not plain text but that of another program, whatever its name says.
pub(super) fn not_text(name: &str, bytes: &[u8]) -> Option<Diagnostic> {
    const BEGINNINGS: [(&[u8], &str); 4] = [
        (b"{\\rtf", "RTF"),
        (b"%PDF-", "a PDF"),
        (b"PK\x03\x04", "an archive, such as a Word document"),
        (b"\xD0\xCF\x11\xE0", "an old Word document or spreadsheet"),
    ];
    let (_, what) = BEGINNINGS.into_iter().find(|(begin, _)| bytes.starts_with(begin))?;
    Some(
        error!("not-text", "`{name}` is {what}, not plain text")
            .help("open it in its program, and save it as plain text in UTF-8 under this name"),
    )
}
