//! The address of an endpoint: its URL and credentials.

use crate::diagnostic::{Error, error};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use oxiri::Iri;
use percent_encoding::percent_decode_str;
use ureq::http::Uri;
use ureq::http::uri::Scheme;

/// A URL parameter is secret if its name contains one of these.
const SECRET: [&str; 10] = [
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api-key",
    "api_key",
    "auth",
    "signature",
];

/// A URL parameter is secret if its name equals one of these.
const SECRET_NAMES: [&str; 4] = ["key", "pass", "sig", "access_key"];

/// The replacement for secrets in messages.
const MASK: &str = "***";

/// The address of an endpoint. Its `Display` form hides the user, the password and other secrets.
#[derive(Clone)]
pub struct Address {
    target: String,
    url: String,
    secrets: Vec<String>,
    host: String,
    authorization: Option<String>,
}

impl Address {
    /// Parses an `http` or `https` URL. A user and a password in it become Basic authentication ([RFC
    /// 7617](https://www.rfc-editor.org/rfc/rfc7617)).
    ///
    /// # Errors
    /// Fails if the text is not such a URL. The message does not repeat it, because it may contain a password.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::read(text).ok_or_else(|| {
            error!(
                "endpoint-address",
                "the address of the endpoint is not an `http` or `https` URL"
            )
            .help("use one such as `https://example.org/sparql`")
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
        let target = format!("{scheme}://{place}{path}");
        let (url, secrets) = masked(&target);
        Some(Self { target, url, secrets, host, authorization })
    }

    /// Returns the URL for requests, without user and password.
    pub(super) fn target(&self) -> &str {
        &self.target
    }

    /// Returns the address of another path of the same server, with the same user, password and URL parameters.
    #[must_use]
    pub(crate) fn with_path(&self, path: &str) -> Option<Self> {
        let mut parts = self.target.parse::<Uri>().ok()?.into_parts();
        let query = parts.path_and_query.as_ref().and_then(|whole| whole.query());
        let whole = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        parts.path_and_query = Some(whole.parse().ok()?);
        let target = Uri::from_parts(parts).ok()?.to_string();
        let (url, secrets) = masked(&target);
        Some(Self { target, url, secrets, ..self.clone() })
    }

    /// Returns the path, without URL parameters.
    pub(crate) fn path(&self) -> &str {
        let path = self.target.split('?').next().unwrap_or_default();
        let from_host = path.split_once("://").map_or(path, |(_, rest)| rest);
        from_host.find('/').map_or("", |start| &from_host[start..])
    }

    /// Returns the URL for messages: without user and password, and with `***` in place of secrets in its query.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Masks the secrets of this address in a server's text.
    pub(super) fn mask(&self, text: String) -> String {
        self.secrets.iter().fold(text, |text, secret| text.replace(secret, MASK))
    }

    /// Resolves a reference of the server, such as the target of a redirect, for messages.
    pub(super) fn resolve(&self, reference: &str) -> String {
        let resolved = Iri::parse(self.target.as_str())
            .and_then(|base| base.resolve(reference))
            .map_or_else(|_| reference.to_owned(), Iri::into_inner);
        masked(&resolved).0
    }

    /// Returns the host.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the value of the `Authorization` header, or `None` if there is no user.
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }
}

/// Returns a URL with masked secrets, and the secret values as a server may repeat them.
fn masked(url: &str) -> (String, Vec<String>) {
    let (before, rest) = url.split_once('?').map_or((url, None), |(path, rest)| (path, Some(rest)));
    let Some(rest) = rest else { return (url.to_owned(), Vec::new()) };
    let mut secrets = Vec::new();
    let parameters = rest.split('&').map(|parameter| match parameter.split_once('=') {
        Some((name, value)) if is_secret(name) && !value.is_empty() => {
            let decoded = percent_decode_str(value).decode_utf8_lossy();
            secrets.extend([value.to_owned(), decoded.into_owned()]);
            format!("{name}={MASK}")
        }
        _ => parameter.to_owned(),
    });
    let shown = format!("{before}?{}", parameters.collect::<Vec<_>>().join("&"));
    // A short value would also be found inside other words.
    secrets.retain(|secret| secret.len() > 3);
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    (shown, secrets)
}

fn is_secret(name: &str) -> bool {
    let name = percent_decode_str(name).decode_utf8_lossy().to_lowercase();
    SECRET_NAMES.contains(&name.as_str()) || SECRET.iter().any(|secret| name.contains(secret))
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
    fn another_path_keeps_user_and_parameters() {
        let address = Address::parse("http://ann:pw@example.org:3030/ds/query?key=7").unwrap();
        assert_eq!(address.path(), "/ds/query");
        let other = address.with_path("/ds/update").unwrap();
        assert_eq!(other.target(), "http://example.org:3030/ds/update?key=7");
        assert_eq!(other.url(), "http://example.org:3030/ds/update?key=***");
        assert_eq!(other.authorization(), address.authorization());
        assert_eq!(Address::parse("http://example.org").unwrap().path(), "/");
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

    #[test]
    fn secrets_in_the_query_are_sent_and_not_shown() {
        let text =
            "http://example.org/q?default-graph-uri=x%3Ay&Api-Key=s%20cret&PASSWORD=hush&key=7";
        let address = Address::parse(text).unwrap();
        assert_eq!(address.target(), text);
        assert_eq!(
            address.url(),
            "http://example.org/q?default-graph-uri=x%3Ay&Api-Key=***&PASSWORD=***&key=***"
        );
        assert_eq!(address.mask("no user s cret, hush".to_owned()), "no user ***, ***");
        assert_eq!(address.resolve("/r/?token=hush"), "http://example.org/r/?token=***");
    }
}
