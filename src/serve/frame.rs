//! Frames: the parts of a request or a response, as values and as bytes between a server and its workers.
//!
//! A frame is a byte for its kind, the length of its content as four bytes, the lowest first, and the content.

use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// The longest content of a frame, in bytes.
const LONGEST: usize = 64 << 20;

/// A part of a request or a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    /// What a worker needs before it can load the data. The server does not look into it.
    Setup(Vec<u8>),
    /// The worker has loaded the data.
    Ready,
    /// A request, as JSON.
    Request(Vec<u8>),
    /// The body of the request.
    Body(Vec<u8>),
    /// The head of the response.
    Head(Head),
    /// A piece of its body.
    Data(Vec<u8>),
    /// The end of its body.
    End,
    /// The response is not whole and never will be, for this reason.
    Cut(String),
}

/// The head of a response.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The length of the body, if that is known.
    pub length: Option<u64>,
}

impl Frame {
    /// Writes the frame.
    ///
    /// # Errors
    /// Fails if the writer does.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let head;
        let (kind, content) = match self {
            Self::Setup(content) => (b'S', content.as_slice()),
            Self::Ready => (b'R', &[][..]),
            Self::Request(content) => (b'Q', content.as_slice()),
            Self::Body(content) => (b'B', content.as_slice()),
            Self::Head(content) => {
                head = serde_json::to_vec(content)?;
                (b'H', head.as_slice())
            }
            Self::Data(content) => (b'D', content.as_slice()),
            Self::End => (b'E', &[][..]),
            Self::Cut(reason) => (b'C', reason.as_bytes()),
        };
        let length = u32::try_from(content.len()).map_err(|_| malformed())?;
        out.write_all(&[kind])?;
        out.write_all(&length.to_le_bytes())?;
        out.write_all(content)?;
        out.flush()
    }

    /// Reads a frame. Returns `None` at the end of the input.
    ///
    /// # Errors
    /// Fails if the reader does, or the input is not a frame.
    pub(super) fn read(input: &mut dyn Read) -> io::Result<Option<Self>> {
        let mut kind = [0];
        if input.read(&mut kind)? == 0 {
            return Ok(None);
        }
        let mut length = [0; 4];
        input.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length);
        if usize::try_from(length).map_or(true, |length| length > LONGEST) {
            return Err(malformed());
        }
        let mut content = Vec::new();
        input.take(length.into()).read_to_end(&mut content)?;
        if content.len() as u64 != u64::from(length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(match kind[0] {
            b'S' => Self::Setup(content),
            b'R' => Self::Ready,
            b'Q' => Self::Request(content),
            b'B' => Self::Body(content),
            b'H' => Self::Head(serde_json::from_slice(&content)?),
            b'D' => Self::Data(content),
            b'E' => Self::End,
            b'C' => Self::Cut(String::from_utf8_lossy(&content).into_owned()),
            _ => return Err(malformed()),
        }))
    }
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a frame")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame() -> impl Strategy<Value = Frame> {
        let bytes = || prop::collection::vec(any::<u8>(), 0..50);
        let header = ("[a-z-]{1,5}", "\\PC{0,10}");
        let head = (any::<u16>(), prop::collection::vec(header, 0..4), any::<Option<u64>>());
        prop_oneof![
            bytes().prop_map(Frame::Setup),
            Just(Frame::Ready),
            bytes().prop_map(Frame::Request),
            bytes().prop_map(Frame::Body),
            head.prop_map(|(status, headers, length)| Frame::Head(Head {
                status,
                headers,
                length
            })),
            bytes().prop_map(Frame::Data),
            Just(Frame::End),
            "\\PC{0,10}".prop_map(Frame::Cut),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(frames in prop::collection::vec(frame(), 0..6), cut in any::<prop::sample::Index>()) {
            let mut bytes = Vec::new();
            for frame in &frames {
                frame.write(&mut bytes).unwrap();
            }
            let mut input = bytes.as_slice();
            for frame in &frames {
                let read = Frame::read(&mut input).unwrap();
                prop_assert_eq!(read.as_ref(), Some(frame));
            }
            prop_assert_eq!(Frame::read(&mut input).unwrap(), None);
            // A part of it is never read as more, or as something else.
            if !bytes.is_empty() {
                let mut input = &bytes[..cut.index(bytes.len())];
                let mut read = Vec::new();
                while let Ok(Some(frame)) = Frame::read(&mut input) {
                    read.push(frame);
                }
                prop_assert!(read.len() < frames.len());
                prop_assert_eq!(&frames[..read.len()], read.as_slice());
            }
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..30)) {
            let mut input = bytes.as_slice();
            while let Ok(Some(_)) = Frame::read(&mut input) {}
        }
    }
}
