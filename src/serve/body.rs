//! The body of a response: frames as they arrive.

use super::frame::Frame;
use super::log::Entry;
use hyper::body::{Bytes, Frame as Piece, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc::Receiver;

/// What ends work that nobody waits for any more, when it is dropped.
pub(super) type Stop = Box<dyn std::any::Any + Send>;

/// The body of a response.
pub(super) struct FrameBody {
    frames: Frames,
    length: Option<u64>,
    entry: Entry,
    /// Dropped with the body: the client has all of it, or has left.
    _stop: Option<Stop>,
}

/// Where the frames come from.
enum Frames {
    /// From the work that writes the body.
    Arriving(Receiver<Frame>),
    /// The body is here.
    Whole(Bytes),
    /// There are no more.
    Ended,
}

impl FrameBody {
    /// Returns a body that is here.
    pub(super) fn whole(bytes: impl Into<Bytes>, entry: Entry) -> Self {
        let bytes = bytes.into();
        let length = Some(bytes.len() as u64);
        Self { frames: Frames::Whole(bytes), length, entry, _stop: None }
    }

    /// Returns a body that arrives.
    pub(super) fn arriving(
        frames: Receiver<Frame>,
        length: Option<u64>,
        entry: Entry,
        stop: Stop,
    ) -> Self {
        let entry = if length == Some(0) { entry.without_body() } else { entry };
        Self { frames: Frames::Arriving(frames), length, entry, _stop: Some(stop) }
    }
}

impl hyper::body::Body for FrameBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Piece<Bytes>>>> {
        let frames = std::mem::replace(&mut self.frames, Frames::Ended);
        let mut frames = match frames {
            Frames::Ended => return Poll::Ready(None),
            Frames::Whole(bytes) => {
                self.entry.sent(bytes.len());
                self.entry.complete();
                return Poll::Ready((!bytes.is_empty()).then(|| Ok(Piece::data(bytes))));
            }
            Frames::Arriving(frames) => frames,
        };
        match frames.poll_recv(context) {
            Poll::Pending => {
                self.frames = Frames::Arriving(frames);
                Poll::Pending
            }
            Poll::Ready(Some(Frame::Data(bytes))) => {
                self.frames = Frames::Arriving(frames);
                // (Nobody asks for the end of a body whose length is known.)
                if Some(self.entry.sent(bytes.len())) == self.length {
                    self.entry.complete();
                }
                Poll::Ready(Some(Ok(Piece::data(bytes.into()))))
            }
            Poll::Ready(Some(Frame::End)) => {
                self.entry.complete();
                Poll::Ready(None)
            }
            // Without an end, the response must not look whole: an error closes the connection.
            Poll::Ready(other) => {
                let reason = match other {
                    Some(Frame::Cut(reason)) => reason,
                    _ => "the work ended too early".to_owned(),
                };
                self.entry.cut(&reason);
                Poll::Ready(Some(Err(io::Error::other(reason))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.frames {
            Frames::Ended => true,
            Frames::Whole(bytes) => bytes.is_empty(),
            Frames::Arriving(_) => self.length == Some(0),
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
