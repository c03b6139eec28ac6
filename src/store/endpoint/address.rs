//! Where an endpoint is: its URL, and who asks it.

use crate::error::{Error, Problem};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use ureq::http::Uri;
use ureq::http::uri::Scheme;

/// The address of an endpoint. What it is displayed as has no user and no password in it.
#[derive(Clone)]
pub struct Address {
    url: String,
    host: String,
    authorization: Option<String>,
}

impl Address {
    /// The address that a URL of `http` or `https` is. A user and a password in it are what HTTP calls Basic
    /// authentication ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).
    ///
    /// # Errors
    /// If the text is no such URL. It is not in the message: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::read(text).ok_or_else(|| {
            Problem::new("the address of the endpoint is no URL of `http` or `https`")
                .help("give one such as `https://example.org/sparql`")
                .usage()
        })
    }

    fn read(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let scheme = uri.scheme().filter(|s| **s == Scheme::HTTP || **s == Scheme::HTTPS)?;
        let (user, place) = match uri.authority()?.as_str().rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, uri.authority()?.as_str()),
        };
        let authorization = user.map(|user| {
            let (name, password) = user.split_once(':').unwrap_or((user, ""));
            let mut both: Vec<u8> = percent_decode_str(name).collect();
            both.push(b':');
            both.extend(percent_decode_str(password));
            format!("Basic {}", BASE64_STANDARD.encode(both))
        });
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let host = uri.host().filter(|host| !host.is_empty())?.to_owned();
        Some(Self { url: format!("{scheme}://{place}{path}"), host, authorization })
    }

    /// The URL, without user and password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The host.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The value of the header `Authorization`, if there is a user.
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_sent_and_not_shown() {
        let address = Address::parse("http://ann:p%40ss:w@example.org:3030/ds/query?x=1").unwrap();
        assert_eq!(address.url(), "http://example.org:3030/ds/query?x=1");
        assert_eq!(address.host(), "example.org");
        let sent = address.authorization().unwrap().strip_prefix("Basic ").unwrap();
        assert_eq!(BASE64_STANDARD.decode(sent).unwrap(), b"ann:p@ss:w");
        let open = Address::parse("https://[::1]/").unwrap();
        assert_eq!((open.url(), open.authorization()), ("https://[::1]/", None));
    }

    #[test]
    fn what_is_no_address_is_not_repeated() {
        for wrong in [
            "",
            "example.org/sparql",
            "ftp://a:secret@b/",
            "http://",
            "http://a b/",
            "http://u:secret@",
        ] {
            let error = Address::parse(wrong).err().unwrap();
            assert_eq!(error.kind.exit_code(), 2, "{wrong}");
            assert!(!error.to_string().contains("secret"), "{wrong}");
        }
    }
}
