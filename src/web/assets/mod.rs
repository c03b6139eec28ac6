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

    /// The luminance of a colour such as `#0a58a8`, by [WCAG](https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    #[test]
    fn colours_of_queries_can_be_read() {
        let (light, dark) = STYLE.text.split_once("prefers-color-scheme:dark").unwrap();
        for scheme in [light, dark] {
            let value = |name: &str| {
                let (_, rest) = scheme.split_once(&format!("--{name}:")).unwrap();
                luminance(&rest[..7])
            };
            let behind = value("raised");
            for name in ["ink", "accent", "variable", "iri", "literal", "soft"] {
                let (one, other) = (value(name).max(behind), value(name).min(behind));
                let contrast = (one + 0.05) / (other + 0.05);
                assert!(contrast >= 4.5, "{name}: {contrast}");
            }
        }
    }

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
