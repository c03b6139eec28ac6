//! Records the last bytes of a response, for messages: what a server writes instead of results, or in the middle of
//! them.

use oxiri::Iri;
use serde_json::Value;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The least number of recorded bytes. It exceeds the read-ahead of the parsers.
const MOST: usize = 1 << 18;

/// A reader that records the last bytes that it read.
pub(super) struct Recorder<R> {
    inner: R,
    window: Window,
}

/// The bytes that were read last.
#[derive(Clone, Default)]
pub(super) struct Window(Arc<Mutex<Bytes>>);

#[derive(Default)]
struct Bytes {
    bytes: Vec<u8>,
    /// The offset of the first of these bytes.
    start: u64,
}

impl<R: Read> Recorder<R> {
    pub(super) fn new(inner: R) -> (Self, Window) {
        let window = Window::default();
        (Self { inner, window: window.clone() }, window)
    }
}

impl<R: Read> Read for Recorder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let mut window = self.window.lock();
        if window.bytes.len() > 2 * MOST {
            let dropped = window.bytes.len() - MOST;
            window.bytes.drain(..dropped);
            window.start += dropped as u64;
        }
        window.bytes.extend_from_slice(&buffer[..read]);
        Ok(read)
    }
}

impl Window {
    fn lock(&self) -> MutexGuard<'_, Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the text after a byte offset of the response, or `None` if it is empty or no longer recorded.
    pub(super) fn after(&self, offset: u64) -> Option<String> {
        let window = self.lock();
        let from = usize::try_from(offset.checked_sub(window.start)?).ok()?;
        let text = String::from_utf8_lossy(window.bytes.get(from..)?);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Returns what a server wrote instead of results: a text, or the message of a JSON object. Returns `None` if the
    /// response begins like results.
    pub(super) fn error(&self) -> Option<String> {
        let window = self.lock();
        if window.start > 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&window.bytes);
        let text = text.trim_start_matches('\u{feff}').trim();
        if !text.starts_with(['{', '<']) {
            return (!text.is_empty()).then(|| text.to_owned());
        }
        let value: Value = serde_json::from_str(text).ok()?;
        let said = ["exception", "error", "message", "detail"]
            .into_iter()
            .find_map(|key| message(value.get(key)?));
        said.filter(|_| value.get("results").is_none())
    }

    /// Returns the first invalid IRI in JSON results. The bytes may begin and end in the middle of a row.
    pub(super) fn bad_iri(&self) -> Option<String> {
        const URI: &str = "\"uri\"";
        let window = self.lock();
        let text = String::from_utf8_lossy(&window.bytes);
        let mut places = text.match_indices(URI).map(|(at, _)| at);
        places.find_map(|at| {
            let start = text[..at].rfind('{')?;
            let end = at + text[at..].find('}')? + 1;
            let value: Value = serde_json::from_str(&text[start..end]).ok()?;
            let iri = value.get("value")?.as_str()?;
            (value.get("type")? == "uri" && Iri::parse(iri).is_err()).then(|| iri.to_owned())
        })
    }
}

/// Returns the error message of an object, or `None` if it has none.
fn message(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => object.get("message").and_then(message),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> Window {
        let (mut reader, window) = Recorder::new(text.as_bytes());
        io::copy(&mut reader, &mut io::sink()).unwrap();
        window
    }

    #[test]
    fn errors_in_the_place_of_results_are_found() {
        let error = |text| window(text).error();
        assert_eq!(error("java.lang.Error\n at x").as_deref(), Some("java.lang.Error\n at x"));
        assert_eq!(
            error(r#"{"exception": "no room", "status": "ERROR"}"#).as_deref(),
            Some("no room")
        );
        assert_eq!(error(r#"{"error": {"code": 1, "message": "no"}}"#).as_deref(), Some("no"));
        for text in
            ["", r#"{"head": {}, "results": {}, "error": "x"}"#, r#"{"head": {"vars"#, "<sparql"]
        {
            assert_eq!(error(text), None, "{text}");
        }
    }

    #[test]
    fn a_bad_iri_is_found_however_its_members_stand() {
        let row = |iri: &str| format!(r#"{{"s":{{"value":"{iri}","type":"uri"}}}}"#);
        assert_eq!(window(&row("x:a")).bad_iri(), None);
        let rows = format!("{},{},{}", row("x:a"), row("a \\u00e9"), row("#b"));
        assert_eq!(window(&rows).bad_iri().as_deref(), Some("a é"));
    }

    #[test]
    fn only_the_last_bytes_are_kept() {
        let text = "x".repeat(5 * MOST) + "end";
        let (reader, window) = Recorder::new(text.as_bytes());
        let mut reader = io::BufReader::with_capacity(1 << 12, reader);
        io::copy(&mut reader, &mut io::sink()).unwrap();
        assert!(window.lock().bytes.len() <= 2 * MOST + (1 << 13));
        assert_eq!(window.after(5 * MOST as u64).as_deref(), Some("end"));
        assert_eq!((window.after(1), window.error()), (None, None));
    }
}
