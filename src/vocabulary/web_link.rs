//! IRIs that a reader may follow.

/// Returns a link to elsewhere if a reader may follow it: to the web, or to write a letter. Others, such as
/// `javascript:`, run code.
pub(crate) fn outside(iri: &str) -> Option<&str> {
    let (scheme, rest) = iri.split_once(':')?;
    let is = |known: &str| scheme.eq_ignore_ascii_case(known);
    let is_web = (is("http") || is("https")) && rest.starts_with("//") && rest.len() > 2;
    let is_plain = !iri.contains(|c: char| c.is_whitespace() || c.is_control());
    (is_plain && (is_web || is("mailto"))).then_some(iri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_and_letters_are_linked() {
        for iri in ["https://a.example/x", "HTTP://a.example", "mailto:a@example.com"] {
            assert_eq!(outside(iri), Some(iri));
        }
        for iri in [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "jAvascript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "http:x",
            "https://",
            "https://a.example/\tx",
            "//evil.example",
            "urn:isbn:1",
            "x",
        ] {
            assert_eq!(outside(iri), None, "{iri}");
        }
    }
}
