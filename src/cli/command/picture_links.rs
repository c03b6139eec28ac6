use crate::session::Session;
use crate::vocabulary::outside;
use oxigraph::model::NamedNode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Where the things of a picture are described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PictureLinks {
    /// On the pages of a published folder, at an address that ends with a slash.
    Published(String),
    /// At an address that contains the IRI.
    Template(String),
}

/// The placeholder of the IRI in an address.
const IRI: &str = "{iri}";

/// What is not encoded in a part of an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl PictureLinks {
    /// Reads an address, which may be relative to the picture.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let begin = text.split(['/', '?', '#']).next().unwrap_or_default();
        let is_relative = !begin.contains(':') && !begin.contains(IRI);
        let is_plain =
            !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
        let is_web = outside(text).is_some() && begin.to_ascii_lowercase().starts_with("http");
        if !is_plain || !(is_relative || is_web) {
            return Err("expected the address of a published dossier, such as https://example.org/dossier/, or one with \
                        {iri} in it"
                .to_owned());
        }
        if text.contains(IRI) {
            return Ok(Self::Template(text.to_owned()));
        }
        if cfg!(not(feature = "serve")) {
            return Err("this program was built without pages: write {iri} where the IRI of a thing belongs".to_owned());
        }
        Ok(Self::Published(format!("{}/", text.trim_end_matches('/'))))
    }

    /// Returns the link of a thing or a claim, or `None` if it has none.
    pub(super) fn link(&self, session: &Session, iri: &NamedNode) -> Option<String> {
        match self {
            Self::Template(address) => {
                let encoded = utf8_percent_encode(iri.as_str(), PLAIN).to_string();
                Some(address.replace(IRI, &encoded))
            }
            Self::Published(address) => Some(address.clone() + &published(session, iri)?),
        }
    }
}

#[cfg(feature = "serve")]
fn published(session: &Session, iri: &NamedNode) -> Option<String> {
    crate::web::published_path(session, iri).ok().flatten()
}

#[cfg(not(feature = "serve"))]
fn published(_: &Session, _: &NamedNode) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_on_the_web_or_relative() {
        for (text, expected) in [
            ("https://a.example/x", PictureLinks::Published("https://a.example/x/".to_owned())),
            ("../site/", PictureLinks::Published("../site/".to_owned())),
            (
                "http://localhost:3840/thing?iri={iri}",
                PictureLinks::Template("http://localhost:3840/thing?iri={iri}".to_owned()),
            ),
        ] {
            assert_eq!(PictureLinks::parse(text), Ok(expected));
        }
        for wrong in
            ["", "javascript:alert(1)", "a b", "{iri}", "javascript:{iri}", "data:x", "mailto:a@b"]
        {
            assert!(PictureLinks::parse(wrong).is_err(), "{wrong}");
        }
    }
}
