//! What Virtuoso 7 answers in JSON otherwise than
//! [SPARQL 1.1 Query Results JSON](https://www.w3.org/TR/sparql11-results-json/) says: it is too widespread to be refused.

use memchr::memmem::find_iter;
use oxigraph::sparql::{QueryEvaluationError, QuerySolutionIter};
use std::io::{self, Read};

/// The variable of the answer of an ASK.
const ASKED: &str = "__ASK_RETVAL";

/// The beginning of a blank node. No literal has these bytes, since a quotation mark in it has a backslash before it.
const NODE: &[u8] = b"\"bnode\", \"value\": \"nodeID://";

/// What stands in the place of its last bytes, so that the whole is the label of a blank node.
const LABEL: &[u8] = b"___";

/// How many bytes are read at a time.
const CHUNK: usize = 1 << 16;

/// The answer of an ASK where it is a table of one row for yes, and of none for no: nothing if it is another table.
pub(super) fn boolean(
    mut solutions: QuerySolutionIter<'_>,
) -> Option<Result<bool, QueryEvaluationError>> {
    let is_answer = solutions.variables().iter().any(|variable| variable.as_str() == ASKED);
    is_answer.then(|| Ok(solutions.next().transpose()?.is_some()))
}

/// Reads JSON and turns names of blank nodes, such as `nodeID://b1`, into labels, such as `nodeID___b1`.
pub(super) struct LabelReader<R> {
    inner: R,
    bytes: Vec<u8>,
    /// How far they are given out.
    given: usize,
    /// How far they are what they will be.
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
        // The beginning of a blank node may come in two parts.
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

    /// Gives out so many bytes at a time.
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
