//! The heads of requests, before hyper parses them: what two servers in a row could read differently is spoiled, so that
//! hyper refuses it.
//!
//! hyper takes a line break without a carriage return for one, and a second `Content-Length` with the same value for the
//! first. Another server before this one may read such a head differently, and take the beginning of a body for a
//! request of somebody else
//! ([RFC 9112, 11.2](https://www.rfc-editor.org/rfc/rfc9112#section-11.2)).

/// The byte that stands in place of one that is not allowed. No part of a head may contain it.
const SPOILED: u8 = 0;

/// The header fields that say how long a body is.
const LENGTH: &[u8] = b"content-length";
const CODING: &[u8] = b"transfer-encoding";

/// Follows the bytes of a connection from head to head.
#[derive(Debug, Default)]
pub(super) struct StrictHeads {
    state: State,
    head: Head,
}

/// Where the next byte stands.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In a head.
    #[default]
    Head,
    /// In a body, of which so many bytes remain.
    Body(u64),
    /// In what does not matter: a body whose end ends the connection, or a head that is refused.
    Rest,
}

/// A head, as far as it was read.
#[derive(Debug, Default)]
struct Head {
    /// Whether a line came that is not empty.
    is_begun: bool,
    /// The beginning of the current line, in lower case.
    line: Vec<u8>,
    /// Whether the current line ends if a line feed follows.
    is_after_return: bool,
    length: Option<u64>,
    has_coding: bool,
}

impl StrictHeads {
    /// Looks at the next bytes of a connection, and spoils what is not allowed among them.
    pub(super) fn pass(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            match self.state {
                State::Rest => return,
                State::Body(left) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len() - at);
                    at += here;
                    self.state = match left - here as u64 {
                        0 => State::Head,
                        left => State::Body(left),
                    };
                }
                State::Head => {
                    if self.head.is_wrong(bytes[at]) {
                        bytes[at] = SPOILED;
                        self.state = State::Rest;
                    } else if self.head.take(bytes[at]) {
                        let head = std::mem::take(&mut self.head);
                        self.state = head.what_follows();
                    }
                    at += 1;
                }
            }
        }
    }
}

impl Head {
    /// The longest beginning of a line that is kept: a name, and a length.
    const KEPT: usize = 64;

    /// Returns whether the next byte is not allowed: a line feed alone, the colon behind the name of a field that says the
    /// length of the body again, or the end of an endless length.
    fn is_wrong(&self, byte: u8) -> bool {
        match byte {
            b'\n' => !self.is_after_return,
            b':' => {
                let is_again = self.length.is_some() || self.has_coding;
                is_again && (self.line == LENGTH || self.line == CODING)
            }
            // A length that is written with many zeros.
            _ => self.line.len() == Self::KEPT && self.line.starts_with(LENGTH),
        }
    }

    /// Takes the next byte. Returns whether the head ends with it.
    fn take(&mut self, byte: u8) -> bool {
        match byte {
            b'\r' => self.is_after_return = true,
            b'\n' => {
                self.is_after_return = false;
                let line = std::mem::take(&mut self.line);
                self.has_coding |=
                    line.starts_with(CODING) && line.get(CODING.len()) == Some(&b':');
                if let Some(value) = value_of(&line, LENGTH) {
                    // (What is not a number is refused by hyper.)
                    self.length = Some(value.parse().unwrap_or(u64::MAX));
                }
                if line.is_empty() {
                    return self.is_begun;
                }
                self.is_begun = true;
            }
            _ => {
                self.is_after_return = false;
                let is_space = matches!(byte, b' ' | b'\t') && self.line.ends_with(b":");
                if self.line.len() < Self::KEPT && !is_space {
                    self.line.push(byte.to_ascii_lowercase());
                }
            }
        }
        false
    }

    /// Returns what stands behind the head.
    fn what_follows(self) -> State {
        match self.length {
            // Its connection is closed behind it.
            _ if self.has_coding => State::Rest,
            None | Some(0) => State::Head,
            Some(length) => State::Body(length),
        }
    }
}

/// Returns the value of a field, if a line is that field.
fn value_of<'l>(line: &'l [u8], name: &[u8]) -> Option<&'l str> {
    let value = line.strip_prefix(name)?.strip_prefix(b":")?;
    std::str::from_utf8(value).ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Passes bytes in pieces of a size, and returns what comes out.
    fn passed(bytes: &[u8], size: usize) -> Vec<u8> {
        let mut heads = StrictHeads::default();
        let mut bytes = bytes.to_vec();
        for piece in bytes.chunks_mut(size) {
            heads.pass(piece);
        }
        bytes
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_spoiled() {
        for (request, is_allowed) in [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true),
            ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n", true),
            // The line feed is in a body.
            ("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na\nbGET / HTTP/1.1\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\n", true),
            ("GET / HTTP/1.1\nHost: a\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\n\n", false),
            ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", false),
            ("POST / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\na", false),
            ("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", false),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", false),
            (
                concat!(
                    "POST / HTTP/1.1\r\nContent-Length: 0000000000000000000000000000000000000000",
                    "0000000000000000000000000000000001\r\n\r\na"
                ),
                false,
            ),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: a\r\nTransfer-Encoding: b\r\n\r\n", false),
            // The second request on a connection.
            ("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\naGET / HTTP/1.1\nHost: a\r\n\r\n", false),
        ] {
            for size in [1, 2, 7, 1000] {
                let passed = passed(request.as_bytes(), size);
                assert_eq!(passed == request.as_bytes(), is_allowed, "{request:?} {size}");
                assert_eq!(passed.contains(&SPOILED), !is_allowed, "{request:?} {size}");
            }
        }
    }

    proptest! {
        #[test]
        fn at_most_one_byte_changes(
            request in "(GET / HTTP/1.1|content-length: ?[0-9]{0,3}|transfer-encoding:|\r\n|\n|\r|\\PC){0,20}",
            size in 1_usize..30,
        ) {
            let passed_bytes = passed(request.as_bytes(), size);
            let changed = passed_bytes.iter().zip(request.as_bytes()).filter(|(a, b)| a != b).count();
            prop_assert!(changed <= 1);
            prop_assert_eq!(passed_bytes, passed(request.as_bytes(), 1));
        }
    }
}
