//! The log: a line for each request, when its response is sent.

use std::sync::Arc;
use std::time::Instant;

/// What takes the lines.
pub(crate) type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// The longest part of a target that is logged, in bytes.
const LONGEST: usize = 1000;

/// A line that grows with its response, and is logged when the response is done.
pub(super) struct Entry {
    log: Log,
    method: String,
    target: String,
    started: Instant,
    status: u16,
    bytes: u64,
    outcome: Outcome,
}

/// How a response ended.
enum Outcome {
    /// The client has not got all of it.
    Left,
    /// All of it was sent.
    Complete,
    /// The server cut it off.
    Cut(String),
}

impl Entry {
    /// Begins a line. `query` is the query string if queries are logged.
    pub(super) fn new(log: Log, method: &str, path: &str, query: Option<&str>) -> Self {
        let mut target = escaped(path);
        if let Some(query) = query {
            target.push('?');
            target.push_str(&escaped(query));
        }
        let (method, started) = (escaped(method), Instant::now());
        Self { log, method, target, started, status: 0, bytes: 0, outcome: Outcome::Left }
    }

    /// Takes note of the status.
    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Takes note that the response has no body, or none that is sent.
    pub(super) fn without_body(mut self) -> Self {
        self.complete();
        self
    }

    /// Takes note of bytes that are handed over. Returns how many there are by now.
    pub(super) fn sent(&mut self, bytes: usize) -> u64 {
        self.bytes += bytes as u64;
        self.bytes
    }

    /// Takes note that all is sent.
    pub(super) fn complete(&mut self) {
        self.outcome = Outcome::Complete;
    }

    /// Takes note that the response is cut off.
    pub(super) fn cut(&mut self, reason: &str) {
        self.outcome = Outcome::Cut(escaped(reason));
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let Self { method, target, status, bytes, .. } = self;
        let time = self.started.elapsed().as_millis();
        let end = match &self.outcome {
            Outcome::Complete => String::new(),
            Outcome::Left => " (the client left)".to_owned(),
            Outcome::Cut(reason) => format!(" (cut off: {reason})"),
        };
        (self.log)(&format!("{method} {target} {status} {time}ms {bytes}B{end}"));
    }
}

/// Returns a text on one line, without anything that a terminal obeys, and not too long.
fn escaped(text: &str) -> String {
    let mut line = String::new();
    for (at, letter) in text.char_indices() {
        if at >= LONGEST {
            line.push('…');
            break;
        }
        match letter {
            '\\' => line.push_str("\\\\"),
            ' '..='~' => line.push(letter),
            _ => line.extend(letter.escape_default()),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Mutex;

    #[test]
    fn a_line_says_how_it_went() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let log: Log = {
            let lines = Arc::clone(&lines);
            Arc::new(move |line| lines.lock().unwrap().push(line.to_owned()))
        };
        let entry =
            || Entry::new(Arc::clone(&log), "GET", "/a\r\n\u{1b}[2J", None).with_status(200);
        drop(entry().without_body());
        let mut cut = entry();
        cut.sent(5);
        cut.cut("stopped\n");
        drop(cut);
        drop(entry());
        let lines = lines.lock().unwrap().join("|");
        let lines = regex::Regex::new(r"\d+ms").unwrap().replace_all(&lines, "0ms").into_owned();
        assert_eq!(
            lines,
            "GET /a\\r\\n\\u{1b}[2J 200 0ms 0B|GET /a\\r\\n\\u{1b}[2J 200 0ms 5B (cut off: stopped\\n)|\
             GET /a\\r\\n\\u{1b}[2J 200 0ms 0B (the client left)"
        );
    }

    proptest! {
        #[test]
        fn lines_are_printable_and_short(text in "(\\PC|[\\x00-\\x1f\\x7f]){0,2000}") {
            let line = escaped(&text);
            prop_assert!(line.chars().all(|c| (' '..='~').contains(&c) || c == '…'));
            prop_assert!(line.len() <= 10 * LONGEST + 20);
        }
    }
}
