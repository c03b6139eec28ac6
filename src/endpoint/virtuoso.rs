//! Deviations of Virtuoso 7 from [SPARQL 1.1 Query Results JSON](https://www.w3.org/TR/sparql11-results-json/). It is
//! too widespread to be rejected.

use memchr::memmem::find_iter;
use oxigraph::sparql::{QueryEvaluationError, QuerySolutionIter};
use std::io::{self, Read};

/// The variable in the results of an ASK.
const ASKED: &str = "__ASK_RETVAL";

/// The beginning of a blank node. A literal cannot contain these bytes, because its quotation marks are escaped.
const NODE: &[u8] = b"\"bnode\", \"value\": \"nodeID://";

/// The replacement for its last bytes, which makes the name a valid blank node label.
const LABEL: &[u8] = b"___";

/// The number of bytes per read.
const CHUNK: usize = 1 << 16;

/// Returns the answer of an ASK from a table, which has one row for true and none for false. Returns `None` for any
/// other table.
pub(super) fn boolean(
    mut solutions: QuerySolutionIter<'_>,
) -> Option<Result<bool, QueryEvaluationError>> {
    let is_answer = solutions.variables().iter().any(|variable| variable.as_str() == ASKED);
    is_answer.then(|| Ok(solutions.next().transpose()?.is_some()))
}

/// Reads JSON, replacing blank node names such as `nodeID://b1` with labels such as `nodeID___b1`.
pub(super) struct LabelReader<R> {
    inner: R,
    bytes: Vec<u8>,
    /// The number of bytes that were returned.
    given: usize,
    /// The number of bytes that are final.
    ready: usize,
    end: Option<io::Result<()>>,
}

impl<R: Read> LabelReader<R> {
    pub(super) const fn new(inner: R) -> Self {
        Self { inner, bytes: Vec::new(), given: 0, ready: 0, end: None }
    }

    fn fill(&mut self) {
        self.bytes.drain(..self.given);
        self.given = 0;
        let before = self.bytes.len();
        self.bytes.resize(before + CHUNK, 0);
        let read = self.inner.read(&mut self.bytes[before..]);
        self.bytes.truncate(before + read.as_ref().copied().unwrap_or_default());
        if !matches!(read, Ok(1..)) {
            self.end = Some(read.map(drop));
        }
        let nodes: Vec<usize> = find_iter(&self.bytes, NODE).collect();
        for node in nodes {
            let end = node + NODE.len();
            self.bytes[end - LABEL.len()..end].copy_from_slice(LABEL);
        }
        // The beginning of a blank node may be split between two reads.
        let is_begun = |&length: &usize| self.bytes.ends_with(&NODE[..length]);
        let begun = (1..NODE.len()).rev().find(is_begun).filter(|_| self.end.is_none());
        self.ready = self.bytes.len() - begun.unwrap_or_default();
    }
}

impl<R: Read> Read for LabelReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready && self.end.is_none() {
            self.fill();
        }
        if self.given == self.ready
            && let Some(Err(_)) = self.end
        {
            return self.end.replace(Ok(())).unwrap_or(Ok(())).map(|()| 0);
        }
        let given = buffer.len().min(self.ready - self.given);
        buffer[..given].copy_from_slice(&self.bytes[self.given..self.given + given]);
        self.given += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a fixed number of bytes per read.
    struct Parts<'a>(&'a [u8], usize);

    impl Read for Parts<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(self.0.len()).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    #[test]
    fn names_of_blank_nodes_become_labels_however_they_come() {
        let node = r#"{ "type": "bnode", "value": "nodeID://b1" }, "#;
        let literal = r#"{ "type": "literal", "value": "\"bnode\", \"value\": \"nodeID://b1" }"#;
        let text = format!("{node}{node}{literal}\"bnode\", \"val");
        let expected = text.replacen("nodeID://", "nodeID___", 2);
        for length in [1, 2, 7, 26, 27, 28, 1000] {
            let mut read = String::new();
            LabelReader::new(Parts(text.as_bytes(), length)).read_to_string(&mut read).unwrap();
            assert_eq!(read, expected);
        }
    }
}
