//! Delivery: a response as frames. Short bodies are written to their end first, so that their status is true; longer
//! ones follow in pieces, and an error among them cuts the response off.

use super::frame::{Frame, Head};
use crate::diagnostic::{Error, WriteError};
use crate::web::{Body, Response};
use crate::write_whole::WriteWhole;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// The longest body, in bytes, that is held until it is complete.
const HELD: usize = 256 << 10;

/// The size of the pieces of longer ones.
const PIECE: usize = 64 << 10;

/// The longest body, in bytes, before it is compressed.
const LONGEST: u64 = 100_000_000;

/// The shortest body, in bytes, that is worth compressing.
const WORTH_COMPRESSING: usize = 1 << 10;

/// Sends a frame on its way.
pub(super) type Send<'a> = dyn FnMut(Frame) -> io::Result<()> + 'a;

/// Writes a response as frames.
///
/// # Arguments
/// `explain` returns the response to a request whose answer failed before a byte of it was sent.
///
/// # Errors
/// Fails if a frame cannot be sent.
pub(super) fn deliver(
    response: Response,
    gzip: bool,
    explain: &dyn Fn(Error) -> Response,
    send: &mut Send<'_>,
) -> io::Result<()> {
    let Response { status, headers, body } = response;
    let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let head = Head { status, headers, length: None };
    let write = match body {
        Body::Whole(bytes) => return send_whole(head, bytes, gzip, send),
        Body::Streamed(write) => write,
    };
    let mut out = Out { state: State::Held(Vec::new(), head), gzip, written: 0, send };
    let result = write(&mut out);
    match (result, out.state) {
        (Ok(()), State::Held(bytes, head)) => send_whole(head, bytes, gzip, out.send),
        (Ok(()), State::Plain(piece)) => {
            send_piece(piece, out.send)?;
            (out.send)(Frame::End)
        }
        (Ok(()), State::Compressed(encoder)) => {
            send_piece(encoder.finish()?, out.send)?;
            (out.send)(Frame::End)
        }
        (Err(WriteError::Io(error)), State::Held(..)) => Err(error),
        (Err(WriteError::Failed(error)), State::Held(..)) => {
            deliver(explain(error), gzip, explain, out.send)
        }
        (Err(error), _) => (out.send)(Frame::Cut(error.to_string())),
    }
}

/// Sends a body that is complete.
fn send_whole(mut head: Head, bytes: Vec<u8>, gzip: bool, send: &mut Send<'_>) -> io::Result<()> {
    let bytes = if gzip && bytes.len() >= WORTH_COMPRESSING {
        head.headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&bytes)?;
        encoder.finish()?
    } else {
        bytes
    };
    // A response without a body, such as a 304, says nothing of the length of another one.
    head.length = (head.status != 304).then_some(bytes.len() as u64);
    send(Frame::Head(head))?;
    for piece in bytes.chunks(PIECE) {
        send(Frame::Data(piece.to_owned()))?;
    }
    send(Frame::End)
}

fn send_piece(piece: Vec<u8>, send: &mut Send<'_>) -> io::Result<()> {
    if piece.is_empty() { Ok(()) } else { send(Frame::Data(piece)) }
}

/// A body that is being written.
struct Out<'a, 'b> {
    state: State,
    gzip: bool,
    written: u64,
    send: &'a mut Send<'b>,
}

enum State {
    /// Nothing is sent yet.
    Held(Vec<u8>, Head),
    /// The head is sent, and this is the beginning of the next piece.
    Plain(Vec<u8>),
    /// The same, compressed.
    Compressed(GzEncoder<Vec<u8>>),
}

impl Out<'_, '_> {
    /// Sends the head, and all that is held.
    fn begin(&mut self) -> io::Result<()> {
        let State::Held(bytes, head) = &mut self.state else { return Ok(()) };
        let (bytes, mut head) = (std::mem::take(bytes), std::mem::take(head));
        self.state = if self.gzip {
            head.headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
            State::Compressed(GzEncoder::new(Vec::new(), Compression::fast()))
        } else {
            State::Plain(Vec::new())
        };
        (self.send)(Frame::Head(head))?;
        self.append(&bytes)
    }

    /// Appends to the body, and sends what makes a piece.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let piece = match &mut self.state {
            State::Held(held, _) => {
                held.extend_from_slice(bytes);
                return Ok(());
            }
            State::Plain(piece) => {
                piece.extend_from_slice(bytes);
                piece
            }
            State::Compressed(encoder) => {
                encoder.write_all(bytes)?;
                encoder.get_mut()
            }
        };
        while piece.len() >= PIECE {
            let behind = piece.split_off(PIECE);
            (self.send)(Frame::Data(std::mem::replace(piece, behind)))?;
        }
        Ok(())
    }
}

impl Write for Out<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written = self.written.saturating_add(bytes.len() as u64);
        if self.written > LONGEST {
            let limit = LONGEST / 1_000_000;
            return Err(io::Error::other(format!("the answer is longer than {limit} MB")));
        }
        if let State::Held(held, _) = &self.state
            && held.len() + bytes.len() > HELD
        {
            self.begin()?;
        }
        self.append(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteWhole for Out<'_, '_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;
    use std::io::Read as _;

    fn frames(response: Response, gzip: bool) -> Vec<Frame> {
        let mut frames = Vec::new();
        let explain = |error: Error| {
            Response::new(400, "text/plain", Body::Whole(error.to_string().into_bytes()))
        };
        deliver(response, gzip, &explain, &mut |frame| {
            frames.push(frame);
            Ok(())
        })
        .unwrap();
        frames
    }

    fn streamed(length: usize, fails: bool) -> Response {
        let body = Body::Streamed(Box::new(move |out| {
            for _ in 0..length / 10 {
                out.write_all(b"0123456789")?;
            }
            if fails { Err(Diagnostic::new("broken").input().into()) } else { Ok(()) }
        }));
        Response::new(200, "text/csv", body)
    }

    fn body(frames: &[Frame]) -> Vec<u8> {
        let data = |frame: &Frame| match frame {
            Frame::Data(bytes) => bytes.clone(),
            _ => Vec::new(),
        };
        frames.iter().flat_map(data).collect()
    }

    fn head(frames: &[Frame]) -> &Head {
        let Frame::Head(head) = &frames[0] else { panic!("no head") };
        head
    }

    #[test]
    fn short_answers_have_a_true_status() {
        let whole = frames(streamed(1_000, false), false);
        assert_eq!((head(&whole).status, head(&whole).length), (200, Some(1_000)));
        assert_eq!((body(&whole).len(), whole.last()), (1_000, Some(&Frame::End)));
        let failed = frames(streamed(1_000, true), false);
        assert_eq!((head(&failed).status, body(&failed).as_slice()), (400, &b"broken"[..]));
        assert_eq!(failed.last(), Some(&Frame::End));
    }

    #[test]
    fn long_answers_come_in_pieces_and_are_cut_by_errors() {
        for gzip in [false, true] {
            let whole = frames(streamed(HELD * 2, false), gzip);
            assert_eq!((head(&whole).status, head(&whole).length), (200, None));
            assert_eq!(whole.last(), Some(&Frame::End));
            let mut text = body(&whole);
            if gzip {
                let compressed = std::mem::take(&mut text);
                flate2::read::GzDecoder::new(compressed.as_slice()).read_to_end(&mut text).unwrap();
            }
            assert_eq!(text.len(), HELD * 2 / 10 * 10);
            let cut = frames(streamed(HELD * 2, true), gzip);
            assert_eq!(head(&cut).status, 200);
            assert_eq!(cut.last(), Some(&Frame::Cut("broken".to_owned())));
        }
    }

    #[test]
    fn pieces_are_small() {
        for response in [streamed(HELD * 3, false), streamed(HELD - 10, false)] {
            let is_small =
                |frame: &Frame| !matches!(frame, Frame::Data(bytes) if bytes.len() > PIECE);
            assert!(frames(response, false).iter().all(is_small));
        }
    }
}
