//! Who may ask, and what a browser may do with a response.
//!
//! A server on the own machine can be reached by every page that its user visits. A page of another site can send
//! requests here, and with a name of its own that suddenly leads to 127.0.0.1 (DNS rebinding) also read the responses. So
//! the name in `Host` must be one that nobody else can own, and a page of another site is refused.

use crate::diagnostic::error;
use crate::web::Refusal;
use hyper::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::http::uri::Authority;
use std::net::IpAddr;
use std::str::FromStr;

/// The name of a server, in lower case and without a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host(String);

/// A site whose pages may read responses, such as `https://example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebOrigin(String);

/// Who may ask.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard {
    /// The names of this server, beside those of the own machine.
    pub hosts: Vec<Host>,
    /// Whether other machines can connect, so that every IP address may be the one of this server.
    pub is_open: bool,
    /// The sites whose pages may read responses.
    pub origins: Vec<WebOrigin>,
    /// Where clients find this server, if another one stands before it.
    pub public: Option<WebOrigin>,
}

/// A request that may be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Admitted {
    /// Where clients find this server, such as `http://localhost:3840`.
    pub origin: String,
    /// The other site whose page asks and may read the response.
    pub reader: Option<String>,
}

impl FromStr for Host {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let authority = Authority::from_str(text).map_err(|_| ())?;
        if authority.as_str().contains('@') {
            return Err(());
        }
        let name = authority.host().to_ascii_lowercase();
        let name = name.strip_suffix('.').unwrap_or(&name);
        if name.is_empty() { Err(()) } else { Ok(Self(name.to_owned())) }
    }
}

impl FromStr for WebOrigin {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.to_ascii_lowercase();
        let (scheme, authority) = text.split_once("://").ok_or(())?;
        let is_known = matches!(scheme, "http" | "https");
        let _: Host = authority.parse()?;
        if is_known { Ok(Self(text)) } else { Err(()) }
    }
}

impl WebOrigin {
    /// Returns its text, such as `https://example.com`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether this is the site of a host.
    fn is_of(&self, host: &Host) -> bool {
        self.0.split_once("://").and_then(|(_, own)| own.parse().ok()).as_ref() == Some(host)
    }
}

impl Guard {
    /// Checks who asks.
    ///
    /// # Arguments
    /// `target` is the authority in the request line, if there is one: it counts instead of `Host`.
    ///
    /// # Errors
    /// Fails if the request calls this server by a name of somebody else, or a page of another site sends it.
    pub(super) fn admit(
        &self,
        target: Option<&Authority>,
        headers: &HeaderMap,
    ) -> Result<Admitted, Refusal> {
        let mut named = headers.get_all(HOST).iter();
        let (Some(host), None) = (named.next().and_then(|host| host.to_str().ok()), named.next())
        else {
            let problem = error!("host-refused", "the request needs one header `Host`");
            return Err(Refusal::new(400, problem.help("send the name of this server")));
        };
        for name in target.map(Authority::as_str).into_iter().chain([host]) {
            if !name.parse().is_ok_and(|name| self.is_own(&name)) {
                let problem = error!("host-refused", "this server is not called `{name}`")
                    .help("use the address that it printed, or start it with `--host NAME`");
                return Err(Refusal::new(403, problem));
            }
        }
        let host = target.map_or(host, Authority::as_str).to_ascii_lowercase();
        let reader = self.reader(&host, headers)?;
        // (What the other server says in `Forwarded` any client can say, too.)
        let public = self.public.as_ref().map(|public| public.0.clone());
        Ok(Admitted { origin: public.unwrap_or_else(|| format!("http://{host}")), reader })
    }

    /// Returns whether a name is one of this server's.
    fn is_own(&self, host: &Host) -> bool {
        let Host(name) = host;
        let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        name == "localhost"
            || self.hosts.contains(host)
            || self.public.as_ref().is_some_and(|public| public.is_of(host))
            || address.is_ok_and(|address| self.is_open || address.is_loopback())
    }

    /// Returns the site whose page asks, or `None` if it is this one, or no page.
    fn reader(&self, host: &str, headers: &HeaderMap) -> Result<Option<String>, Refusal> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        if let Some(origin) = headers.get(ORIGIN).map(|value| value.to_str().unwrap_or("?")) {
            let origin = origin.to_ascii_lowercase();
            let is_same = origin.split_once("://").is_some_and(|(_, site)| site == host);
            if is_same || self.public.as_ref().is_some_and(|public| public.0 == origin) {
                return Ok(None);
            }
            if self.origins.iter().any(|WebOrigin(known)| *known == origin) {
                return Ok(Some(origin));
            }
            return Err(foreign(&origin));
        }
        // A page can also send requests without reading their responses: by an image, for example.
        let is_foreign = text("sec-fetch-site") == Some("cross-site");
        let is_link = text("sec-fetch-mode") == Some("navigate");
        if is_foreign && !is_link && self.origins.is_empty() {
            return Err(foreign("another site"));
        }
        Ok(None)
    }

    /// Returns whether pages of other sites may read responses.
    pub(super) const fn has_readers(&self) -> bool {
        !self.origins.is_empty()
    }
}

fn foreign(origin: &str) -> Refusal {
    let problem = error!("origin-refused", "pages of `{origin}` may not ask this server")
        .help("allow it with `--cors ORIGIN` when the server starts");
    Refusal::new(403, problem)
}

/// What a page may load, and from where: nothing from elsewhere, and no code in the page itself.
const OF_PAGES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for a picture that is opened by itself: its style is in it.
const OF_PICTURES: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Returns the headers that every response has.
///
/// # Arguments
/// `has_readers` says whether pages of other sites may read some responses, and `reader` names the one that asks.
pub(super) fn security_headers(
    content_type: &str,
    has_readers: bool,
    reader: Option<&str>,
) -> Vec<(HeaderName, String)> {
    let policy = if content_type.starts_with("image/") { OF_PICTURES } else { OF_PAGES };
    let mut headers = vec![
        (HeaderName::from_static("content-security-policy"), policy.to_owned()),
        (HeaderName::from_static("x-content-type-options"), "nosniff".to_owned()),
        (HeaderName::from_static("referrer-policy"), "no-referrer".to_owned()),
    ];
    if has_readers {
        headers.push((HeaderName::from_static("vary"), "Origin".to_owned()));
    } else {
        let own = "same-origin".to_owned();
        headers.push((HeaderName::from_static("cross-origin-resource-policy"), own));
    }
    if let Some(reader) = reader {
        headers.push((HeaderName::from_static("access-control-allow-origin"), reader.to_owned()));
        let exposed = "link, retry-after".to_owned();
        headers.push((HeaderName::from_static("access-control-expose-headers"), exposed));
    }
    headers
}

/// The headers that a page of another site may send: those of queries, and those of messages of language models.
const ALLOWED_HEADERS: &str = "accept, content-type, mcp-protocol-version, mcp-method, mcp-name";

/// Returns the headers that allow a page of another site to send a request.
pub(super) fn preflight_headers() -> [(HeaderName, &'static str); 3] {
    [
        (HeaderName::from_static("access-control-allow-methods"), "GET, HEAD, POST, QUERY"),
        (HeaderName::from_static("access-control-allow-headers"), ALLOWED_HEADERS),
        (HeaderName::from_static("access-control-max-age"), "600"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn status(guard: &Guard, pairs: &[(&'static str, &str)]) -> Result<Option<String>, u16> {
        let admitted = guard.admit(None, &headers(pairs));
        admitted.map(|admitted| admitted.reader).map_err(|refusal| refusal.status)
    }

    #[test]
    fn only_own_names_are_served() {
        let guard = Guard { hosts: vec!["Data.Example".parse().unwrap()], ..Guard::default() };
        for (host, expected) in [
            ("localhost:3840", Ok(None)),
            ("LOCALHOST.", Ok(None)),
            ("127.0.0.1:3840", Ok(None)),
            ("127.0.0.2", Ok(None)),
            ("[::1]:3840", Ok(None)),
            ("data.example", Ok(None)),
            ("evil.example", Err(403)),
            ("127.0.0.1.evil.example", Err(403)),
            ("localhost.evil.example", Err(403)),
            ("192.168.0.7", Err(403)),
            ("localhost@evil.example", Err(403)),
            ("", Err(403)),
            ("a b", Err(403)),
        ] {
            assert_eq!(status(&guard, &[("host", host)]), expected, "{host}");
        }
        let open = Guard { is_open: true, ..Guard::default() };
        assert_eq!(status(&open, &[("host", "192.168.0.7")]), Ok(None));
        assert_eq!(status(&open, &[("host", "evil.example")]), Err(403));
        assert_eq!(status(&guard, &[]), Err(400));
        assert_eq!(status(&guard, &[("host", "localhost"), ("host", "localhost")]), Err(400));
        let target = Authority::from_static("evil.example");
        let refusal = guard.admit(Some(&target), &headers(&[("host", "localhost")])).unwrap_err();
        assert_eq!(refusal.status, 403);
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        let host = ("host", "localhost:3840");
        let own = Guard::default();
        let shared =
            Guard { origins: vec!["https://a.example".parse().unwrap()], ..Guard::default() };
        let a = Ok(Some("https://a.example".to_owned()));
        for (pairs, closed, open) in [
            (vec![("origin", "http://localhost:3840")], Ok(None), Ok(None)),
            (vec![("origin", "https://evil.example")], Err(403), Err(403)),
            (vec![("origin", "https://a.example")], Err(403), a),
            (vec![("origin", "https://a.example.evil.example")], Err(403), Err(403)),
            (vec![("origin", "http://localhost:1")], Err(403), Err(403)),
            (vec![("origin", "null")], Err(403), Err(403)),
            (
                vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")],
                Err(403),
                Ok(None),
            ),
            (
                vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
                Ok(None),
                Ok(None),
            ),
            (
                vec![("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")],
                Ok(None),
                Ok(None),
            ),
        ] {
            let pairs = [&[host][..], &pairs].concat();
            assert_eq!(status(&own, &pairs), closed, "{pairs:?}");
            assert_eq!(status(&shared, &pairs), open, "{pairs:?}");
        }
    }

    #[test]
    fn behind_another_server_the_public_name_counts() {
        let guard =
            Guard { public: Some("https://Data.example".parse().unwrap()), ..Guard::default() };
        let own = [("origin", "https://data.example")];
        for host in ["data.example", "localhost:3840"] {
            let named = [("host", host), own[0]];
            let admitted = guard.admit(None, &headers(&named)).unwrap();
            assert_eq!(admitted.origin, "https://data.example");
            assert_eq!(admitted.reader, None);
        }
        let foreign = [("host", "localhost:3840"), ("origin", "http://data.example:81")];
        assert_eq!(status(&guard, &foreign), Err(403));
        assert_eq!(status(&guard, &[("host", "evil.example")]), Err(403));
        let forwarded =
            [("host", "localhost"), ("forwarded", "host=evil.example;proto=https"), own[0]];
        let admitted = guard.admit(None, &headers(&forwarded)).unwrap();
        assert_eq!(admitted.origin, "https://data.example");
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_name() {
        for right in ["https://a.example", "http://localhost:8080", "HTTPS://A.example"] {
            assert!(right.parse::<WebOrigin>().is_ok(), "{right}");
        }
        for wrong in ["*", "a.example", "https://", "https://a.example/", "file:///x", "null"] {
            assert!(wrong.parse::<WebOrigin>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_header_panics(host in "[ -~]{0,20}", origin in "[ -~]{0,20}") {
            let pairs = [("host", host.as_str()), ("origin", origin.as_str())];
            let _ = status(&Guard::default(), &pairs);
        }
    }
}
