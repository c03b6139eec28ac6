//! A connection that gives up on a client that does not read, and whose requests pass [`StrictHeads`].

use super::strict_heads::StrictHeads;
use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

/// How long a client may leave what is sent to it unread.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most bytes that are read at once.
const PIECE: usize = 8 << 10;

/// A connection.
pub(super) struct Patient {
    stream: TokioIo<TcpStream>,
    heads: StrictHeads,
    piece: Box<[u8]>,
    timer: Pin<Box<Sleep>>,
    is_stalled: bool,
}

impl Patient {
    /// Wraps a connection.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream: TokioIo::new(stream),
            heads: StrictHeads::default(),
            piece: vec![0; PIECE].into_boxed_slice(),
            timer: Box::pin(sleep(PATIENCE)),
            is_stalled: false,
        }
    }

    /// Passes on how a write went, and fails if the client has not read for too long.
    fn patiently<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.is_stalled = false;
            return written;
        }
        if !self.is_stalled {
            self.is_stalled = true;
            self.timer.as_mut().reset(Instant::now() + PATIENCE);
        }
        match self.timer.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Read for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, heads, piece, .. } = &mut *self;
        let room = buffer.remaining().min(piece.len());
        let mut read = ReadBuf::new(&mut piece[..room]);
        ready!(Pin::new(stream).poll_read(context, read.unfilled()))?;
        let length = read.filled().len();
        heads.pass(&mut piece[..length]);
        buffer.put_slice(&piece[..length]);
        Poll::Ready(Ok(()))
    }
}

impl Write for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.patiently(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.patiently(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.patiently(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
