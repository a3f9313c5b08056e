//! A connection that does not wait for ever: for its first byte, for the headers of a request, between two requests, or
//! for a client that does not read.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use crate::Patience;

/// What a connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Phase {
    Fresh,
    Headers,
    Busy,
    Idle,
}

/// The phase, shared by the connection, which sees bytes, and its service, which sees requests.
#[derive(Debug, Clone)]
pub(crate) struct Phases(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    phase: AtomicU8,
    unread: AtomicBool,
    reader: AtomicWaker,
}

impl Phases {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            phase: AtomicU8::new(Phase::Fresh as u8),
            unread: AtomicBool::new(false),
            reader: AtomicWaker::new(),
        }))
    }

    /// A request was read: its handler and its body have limits of their own.
    pub(crate) fn busy(&self) {
        self.set(Phase::Busy);
    }

    /// Its answer is out. Whoever waits for the next request has to look at the clock from now on.
    pub(crate) fn idle(&self) {
        self.set(Phase::Idle);
        self.0.reader.wake();
    }

    /// A request was answered before its body was read to the end.
    pub(crate) fn unread(&self) {
        self.0.unread.store(true, Ordering::Relaxed);
    }

    fn set(&self, phase: Phase) {
        self.0.phase.store(phase as u8, Ordering::Relaxed);
    }

    fn get(&self) -> Phase {
        match self.0.phase.load(Ordering::Relaxed) {
            0 => Phase::Fresh,
            1 => Phase::Headers,
            2 => Phase::Busy,
            _ => Phase::Idle,
        }
    }
}

/// The socket with its watch.
pub(crate) struct Watched {
    socket: TcpStream,
    phases: Phases,
    patience: Arc<Patience>,
    reading: Timer,
    timed: Option<Phase>,
    writing: Timer,
    lingering: Timer,
}

impl Watched {
    pub(crate) fn new(socket: TcpStream, phases: Phases, patience: Arc<Patience>) -> Self {
        Self {
            socket,
            phases,
            patience,
            reading: Timer::default(),
            timed: None,
            writing: Timer::default(),
            lingering: Timer::default(),
        }
    }

    /// Takes what the client still sends, for a while: a socket closed with bytes unread is reset, and the reset can
    /// overtake the answer that says why.
    fn linger(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let limit = self.patience.linger;
        self.lingering.ensure(limit);
        let mut waste = [0; 8 << 10];
        while !self.lingering.ended(cx) {
            let mut buf = ReadBuf::new(&mut waste);
            match Pin::new(&mut self.socket).poll_read(cx, &mut buf) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !buf.filled().is_empty() => {}
                Poll::Ready(_) => break,
            }
        }
        Poll::Ready(Ok(()))
    }

    fn read_limit(&self, phase: Phase) -> Option<Duration> {
        match phase {
            Phase::Fresh => Some(self.patience.first_byte),
            Phase::Headers => Some(self.patience.headers),
            Phase::Idle => Some(self.patience.keep_alive),
            Phase::Busy => None,
        }
    }

    fn written<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.writing.stop();
            return polled;
        }
        let limit = self.patience.write;
        self.writing.ensure(limit);
        if self.writing.ended(cx) { Poll::Ready(Err(late("the client does not read"))) } else { Poll::Pending }
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.phases.0.reader.register(cx.waker());
        let phase = this.phases.get();
        if this.timed != Some(phase) {
            this.timed = Some(phase);
            this.reading.stop();
            if let Some(limit) = this.read_limit(phase) {
                this.reading.ensure(limit);
            }
        }
        let before = buf.filled().len();
        match Pin::new(&mut this.socket).poll_read(cx, buf) {
            Poll::Pending if this.reading.ended(cx) => Poll::Ready(Err(late("the client does not send"))),
            Poll::Pending => Poll::Pending,
            ready => {
                if buf.filled().len() > before && matches!(phase, Phase::Fresh | Phase::Idle) {
                    this.phases.set(Phase::Headers);
                }
                // Bytes alone buy no time: headers that drip must end within their limit too.
                if phase == Phase::Headers && this.reading.ended(cx) {
                    return Poll::Ready(Err(late("the headers took too long")));
                }
                ready
            }
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.written(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.socket).poll_write_vectored(cx, bytes);
        self.written(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.socket).poll_shutdown(cx) {
            Poll::Ready(Ok(())) if self.phases.0.unread.load(Ordering::Relaxed) => self.linger(cx),
            ended => ended,
        }
    }
}

/// A timer that may stand still.
#[derive(Default)]
struct Timer(Option<Pin<Box<Sleep>>>, bool);

impl Timer {
    /// Starts it unless it runs.
    fn ensure(&mut self, limit: Duration) {
        if self.1 {
            return;
        }
        self.1 = true;
        match &mut self.0 {
            Some(sleep) => sleep.as_mut().reset(Instant::now() + limit),
            None => self.0 = Some(Box::pin(tokio::time::sleep(limit))),
        }
    }

    fn stop(&mut self) {
        self.1 = false;
    }

    fn ended(&mut self, cx: &mut Context<'_>) -> bool {
        self.1 && self.0.as_mut().is_some_and(|sleep| sleep.as_mut().poll(cx).is_ready())
    }
}

fn late(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, why)
}
