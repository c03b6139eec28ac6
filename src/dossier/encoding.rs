//! The encodings of files that are not UTF-8.

use crate::diagnostic::{Diagnostic, error};

/// Returns the error for a file in UTF-16, in which some programs on Windows save text. It begins with a byte order
/// mark.
pub(crate) fn utf_16(name: &str, bytes: &[u8]) -> Option<Diagnostic> {
    let is_utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    is_utf_16.then(|| error!("not-utf-8", "`{name}` is UTF-16, not UTF-8").help("save it as UTF-8"))
}
