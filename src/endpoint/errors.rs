//! Errors of an endpoint, each with a suggestion.
//!
//! Messages of a server are shown on one line, without control characters that a terminal would obey.

use super::address::Address;
use super::request::{ResponseBody, ResponseHead};
use crate::diagnostic::{Diagnostic, Error, ErrorKind, error, lower_first, reason};
use std::fmt::Write as _;
use std::io::{self, Read as _};
use ureq::Timeout;

/// The most bytes of a server's error message that are read, and the most that are shown.
const MOST_READ: u64 = 1 << 14;
const MOST_SHOWN: usize = 400;

/// The media types of web pages.
const HTML: &str = "text/html";
const XHTML: &str = "application/xhtml+xml";

/// Returns the error for a request without a response.
pub(super) fn unreachable(address: &Address, error: &ureq::Error) -> Error {
    let url = address.url();
    let (what, help) = match error {
        ureq::Error::HostNotFound => unknown_host(address),
        ureq::Error::Io(io) if io.to_string().starts_with(LOOKUP) => unknown_host(address),
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => (
            format!("the endpoint `{url}` cannot be reached: it does not answer"),
            "check the address, and that the server is running",
        ),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => secure(url, error),
        ureq::Error::Io(io) if io.kind() == io::ErrorKind::ConnectionRefused => (
            format!("the endpoint `{url}` cannot be reached: connection refused"),
            "check the address, and that the server is running",
        ),
        // An invalid certificate is reported as invalid data of the connection.
        ureq::Error::Io(io)
            if io.kind() == io::ErrorKind::InvalidData && url.starts_with("https:") =>
        {
            secure(url, io)
        }
        ureq::Error::Io(io) => (
            format!("cannot query the endpoint `{url}`: {}", reason(io)),
            "try again; if it fails again, check that the server is running",
        ),
        error => (
            format!(
                "cannot query the endpoint `{url}`: {}",
                lower_first(&one_line(&error.to_string()))
            ),
            "check the address: this may not be a web server",
        ),
    };
    Diagnostic::error("endpoint-unreachable", what).help(help).store()
}

/// The message of the standard library for a failed name lookup, which has no error kind of its own.
const LOOKUP: &str = "failed to lookup address";

fn unknown_host(address: &Address) -> (String, &'static str) {
    (format!("unknown host `{}`", address.host()), "check its name and your network connection")
}

fn secure(url: &str, error: &dyn std::fmt::Display) -> (String, &'static str) {
    let why = one_line(&error.to_string());
    (
        format!("cannot connect securely to `{url}`: {why}"),
        "the server needs a certificate from a public authority; if you trust the network, use `http`",
    )
}

/// Returns the reason why a request has no response, for a message that names the server itself.
pub(super) fn cause(error: &ureq::Error) -> String {
    let cause = match error {
        ureq::Error::Io(io) => reason(io),
        error => error.to_string(),
    };
    lower_first(&one_line(&cause))
}

/// Returns whether a response is a web page.
pub(super) fn is_page(head: &ResponseHead) -> bool {
    matches!(head.media_type.as_str(), HTML | XHTML)
}

/// Returns the error for a response with an error status.
pub(super) fn refused(address: &Address, head: &ResponseHead, body: ResponseBody) -> Error {
    let url = address.url();
    let problem = match head.status {
        300..=399 => {
            let problem = error!("endpoint-moved", "the endpoint `{url}` has moved (HTTP {}): redirects are not followed",
                head.status);
            return match &head.location {
                Some(location) => {
                    let location = one_line(&address.resolve(location));
                    problem.help(format!("use `--endpoint {location}`"))
                }
                None => problem.help("find its new address"),
            }
            .store();
        }
        401 if address.authorization().is_none() => {
            error!("endpoint-access", "the endpoint `{url}` requires a user and a password (HTTP 401)")
                .help("put them in the address: `https://USER:PASSWORD@…`")
        }
        401 | 403 => {
            error!("endpoint-access", "the endpoint `{url}` denies access to this user (HTTP {})", head.status)
                .help("check the user, the password and the permissions")
        }
        405 => {
            let allowed = head.allow.as_deref().map(one_line).filter(|allowed| !allowed.is_empty());
            let allowed = allowed.map_or_else(String::new, |allowed| format!("; it allows {allowed}"));
            error!("not-an-endpoint", "the endpoint `{url}` does not accept queries by POST (HTTP 405){allowed}")
            .help("queries are sent by POST only: use an address of this server that accepts them; it often ends in `/sparql` or `/query`")
        }
        404 | 410 => {
            error!("not-an-endpoint", "no endpoint at `{url}` (HTTP {})", head.status).help(ELSEWHERE)
        }
        400 => error!("endpoint-query-refused", "the endpoint `{url}` rejects the query (HTTP 400)")
            .help("`--show-query` prints the query as it is sent; it may use features that this server lacks"),
        406 | 415 => error!("not-an-endpoint", "the endpoint `{url}` does not support the formats of SPARQL 1.1 (HTTP {})",
            head.status)
        .help("use a server that supports the SPARQL 1.1 Protocol"),
        413 | 414 => error!("endpoint-query-refused", "the query is too long for the endpoint `{url}` (HTTP {})", head.status)
            .help("shorten the query, or let the server accept longer ones"),
        408 | 504 => error!("endpoint-busy", "the endpoint `{url}` took too long (HTTP {})", head.status)
            .help("request less, for example with LIMIT, or raise the time limit of the server"),
        429 | 503 => error!("endpoint-busy", "the endpoint `{url}` is too busy (HTTP {})", head.status)
            .help(match head.retry_after.as_deref().map(one_line).filter(|when| !when.is_empty()) {
                Some(seconds) if seconds.bytes().all(|b| b.is_ascii_digit()) => {
                    format!("try again in {seconds} s")
                }
                Some(date) => format!("try again after {date}"),
                None => "try again later".to_owned(),
            }),
        status => error!("endpoint-failed", "the endpoint `{url}` failed (HTTP {status})")
            .help("check the log of the server"),
    };
    match said(head, body) {
        Some(said) => problem.note(server_says(address, &said)),
        None => problem,
    }
    .store()
}

fn server_says(address: &Address, said: &str) -> String {
    format!("the server says: {}", address.mask(one_line(said)))
}

const ELSEWHERE: &str =
    "use the address that accepts queries: it often ends in `/sparql` or `/query`";

/// Returns the error for a response in a format that was not requested.
pub(super) fn foreign(address: &Address, media_type: &str) -> Error {
    let url = address.url();
    match media_type {
        HTML | XHTML => {
            error!("not-an-endpoint", "`{url}` is not a SPARQL endpoint: it returned a web page")
        }
        "" => error!(
            "not-an-endpoint",
            "`{url}` is not a SPARQL endpoint: its response does not name a format"
        ),
        other => error!(
            "not-an-endpoint",
            "`{url}` is not a SPARQL endpoint: it returned `{}`",
            one_line(other)
        ),
    }
    .help(ELSEWHERE)
    .store()
}

/// Returns the error for results of another kind than the query asks for.
pub(super) fn misunderstood(address: &Address) -> Error {
    error!(
        "endpoint-answer-broken",
        "the endpoint `{}` returned the results of another query",
        address.url()
    )
    .help("check for a proxy that caches responses")
    .store()
}

/// Returns the error for results that the server itself calls incomplete.
pub(super) fn incomplete(address: &Address, said: &str) -> Error {
    let said = match address.mask(one_line(said)) {
        said if said.is_empty() => said,
        said => format!(": {said}"),
    };
    let message = format!("the endpoint `{}` returned incomplete results{said}", address.url());
    short(
        Diagnostic::error("endpoint-incomplete", message)
            .help("request less at once, or raise the time limit of the server"),
    )
}

/// Returns the error for results that were cut off at the server's row limit.
pub(super) fn max_rows(address: &Address, most: usize) -> Error {
    let url = address.url();
    short(
        error!(
            "endpoint-incomplete",
            "the endpoint `{url}` returns at most {most} rows: there may be more"
        )
        .help(format!("page through them with ORDER BY, `LIMIT {most}` and OFFSET")),
    )
}

fn short(problem: Diagnostic) -> Error {
    Error { kind: ErrorKind::Limit, problems: vec![problem] }
}

/// Returns the error for a response that ends too early.
pub(super) fn broken_off(address: &Address, error: &io::Error) -> Error {
    error!(
        "endpoint-answer-broken",
        "the response of the endpoint `{}` is truncated",
        address.url()
    )
    .note(lower_first(&one_line(&reason(error))))
    .help("the results before it are valid; try again, or request less at once")
    .store()
}

/// Returns the error for an error message with a success status.
pub(super) fn error_as_results(address: &Address, said: &str) -> Error {
    error!("endpoint-failed", "the endpoint `{}` sent an error instead of results", address.url())
        .note(server_says(address, said))
        .help("try again, or request less at once: the server may have run out of time or memory")
        .store()
}

/// Where the results of an endpoint are malformed.
pub(super) enum ResultsFault {
    /// Before this text.
    Before(String),
    /// At this value, which should be an IRI.
    BadIri(String),
}

/// Returns the error for results that are not in their format.
pub(super) fn broken(
    address: &Address,
    error: &dyn std::error::Error,
    place: Option<ResultsFault>,
    is_first: bool,
) -> Error {
    let url = address.url();
    let why = lower_first(&one_line(&error.to_string()));
    let problem =
        error!("endpoint-answer-broken", "the response of the endpoint `{url}` is invalid");
    let problem = match place {
        Some(ResultsFault::BadIri(value)) => {
            let value = one_line(&value);
            error!("endpoint-answer-broken", "the response of the endpoint `{url}` has an invalid IRI: `{value}`")
                .note(why)
                .help(format!(
                    "the results before it are valid; to exclude such values, add a filter such as `FILTER(STR(?x) != {value:?})`"
                ))
        }
        Some(ResultsFault::Before(rest)) => {
            let rest = address.mask(one_line(&rest));
            problem.note(format!("{why}; the response continues: {rest}"))
        }
        None => problem.note(why),
    };
    match problem.help {
        None if is_first => problem.help("the server may have failed: try again"),
        None => problem.help("the results before it are valid; the server may have failed midway"),
        Some(_) => problem,
    }
    .store()
}

/// Returns the beginning of a server's error message, or `None` if it is useless, such as the page of a 404.
pub(super) fn said(head: &ResponseHead, body: ResponseBody) -> Option<String> {
    let is_page = head.media_type == HTML;
    if is_page && matches!(head.status, 404 | 410) {
        return None;
    }
    let mut bytes = Vec::new();
    // A failure to read the message does not deserve another error.
    let _ = body.take(MOST_READ).read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let text = if is_page { text_of_page(&text) } else { text.into_owned() };
    let said = one_line(&text);
    (!said.is_empty()).then_some(said)
}

/// Returns the text of a web page, without markup, scripts and styles.
fn text_of_page(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let name: String =
            tag.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
        let end = match name.as_str() {
            "script" | "style" => {
                tag.to_ascii_lowercase().find(&format!("</{name}")).map(|i| i + 1)
            }
            _ => Some(0),
        };
        let Some(end) = end else { return text };
        rest = tag[end..].split_once('>').map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    quick_xml::escape::unescape(&text).map(std::borrow::Cow::into_owned).unwrap_or(text)
}

/// Returns the beginning of a text on one line, without characters that a terminal would obey.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            match c {
                c if c.is_control() => {}
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    let _ = write!(line, "{}", c.escape_unicode());
                }
                c => line.push(c),
            }
        }
        if line.len() > MOST_SHOWN {
            let end = (0..=MOST_SHOWN).rev().find(|&i| line.is_char_boundary(i)).unwrap_or(0);
            line.truncate(end);
            line.push('…');
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_rows_than_there_are_is_no_whole_answer() {
        let address = Address::parse("http://example.com/sparql").unwrap();
        let error = max_rows(&address, 2);
        assert_eq!(error.kind, ErrorKind::Limit);
        assert_eq!(
            error.problems[0].message,
            "the endpoint `http://example.com/sparql` returns at most 2 rows: there may be more"
        );
        assert_eq!(error.problems[0].id.as_deref(), Some("endpoint-incomplete"));
    }

    #[test]
    fn a_page_is_its_text() {
        let page = "<HTML><style>p { x }</style><h1 id=a>Forbidden</h1><p>Set a <b>user&amp;agent</b></p><script>if (a<b) {}</script>";
        assert_eq!(one_line(&text_of_page(page)), "Forbidden Set a user&agent");
    }

    #[test]
    fn what_a_server_says_is_one_harmless_line() {
        assert_eq!(
            one_line("  Parse\n\terror: \u{1b}[31m`x` \u{202e}\r\n"),
            "Parse error: [31m`x` \\u{202e}"
        );
        let long = one_line(&"é".repeat(1000));
        assert!(long.ends_with('…') && long.len() <= MOST_SHOWN + 4);
    }
}
