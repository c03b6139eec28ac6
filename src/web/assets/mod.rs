//! The style sheet and the script of pages. Their names have a hash of their content, so that browsers may keep them.

use crate::draw::style_sheet_within;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

/// A file that pages use.
pub(crate) struct Asset {
    /// Its name, with the hash.
    pub name: String,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// Its content.
    pub text: String,
}

/// The style sheet, followed by that of pictures.
pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_str!("app.css").to_owned() + &style_sheet_within(".picture");
    Asset::new("app", "css", "text/css; charset=utf-8", text)
});

/// The script.
pub(crate) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("app", "js", "text/javascript; charset=utf-8", include_str!("app.js").to_owned())
});

/// Returns the asset with a name.
pub(crate) fn asset(name: &str) -> Option<&'static Asset> {
    [&*STYLE, &*SCRIPT].into_iter().find(|asset| asset.name == name)
}

impl Asset {
    /// Creates an asset with a name that tells its content.
    pub(crate) fn new(
        stem: &str,
        extension: &str,
        content_type: &'static str,
        text: String,
    ) -> Self {
        Self { name: format!("{stem}.{}.{extension}", hash(&text)), content_type, text }
    }
}

/// Returns the beginning of the hash of a text.
fn hash(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(5).fold(String::new(), |all, byte| format!("{all}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_load_is_small() {
        assert!(SCRIPT.text.len() < 30_000, "{}", SCRIPT.text.len());
        assert!(STYLE.text.len() < 40_000, "{}", STYLE.text.len());
        // Nothing is loaded from elsewhere.
        assert!(!STYLE.text.contains("url(") && !STYLE.text.contains("@import"));
        for code in
            ["eval(", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "Function("]
        {
            assert!(!SCRIPT.text.contains(code), "{code}");
        }
    }
}
