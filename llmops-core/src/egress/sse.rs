//! Server-sent events, decoded as the HTML standard says: any line ending, a boundary anywhere, bounded memory.

use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use serde_json::Value;

use crate::base::{ByteStream, Error, ErrorKind, Result};

/// The longest event.
const EVENT_BYTES: usize = 1 << 20;

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its type; empty for a plain message.
    pub event: String,
    /// Its data, lines joined with line feeds.
    pub data: String,
    /// The id it carries, if any.
    pub id: String,
}

impl Event {
    /// The event as an item of one of our own streams; an `error` event is the error it describes.
    pub fn into_item(self) -> Result<Value> {
        let broken = |e| Error::new(ErrorKind::Upstream, "the stream holds something that is not JSON").caused_by(e);
        let value: Value = serde_json::from_str(&self.data).map_err(broken)?;
        if self.event == "error" { Err(Error::from_json(&value, ErrorKind::Upstream)) } else { Ok(value) }
    }
}

/// The events of a byte stream. A last event that was not ended by an empty line is dropped, as the standard says.
pub fn events(mut bytes: ByteStream) -> BoxStream<'static, Result<Event>> {
    let stream = async_stream::try_stream! {
        let mut decoder = Decoder::default();
        while let Some(chunk) = bytes.try_next().await? {
            for event in decoder.push(&chunk)? {
                yield event;
            }
        }
    };
    stream.boxed()
}

/// The incremental decoder.
#[derive(Debug, Default)]
pub struct Decoder {
    line: Vec<u8>,
    pending: Event,
    seen_data: bool,
    after_cr: bool,
    started: bool,
}

impl Decoder {
    /// Takes the next bytes and gives the events they complete.
    ///
    /// # Errors
    /// `upstream` when one event is larger than 1 MiB.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<Event>> {
        let mut out = Vec::new();
        for &byte in chunk {
            let after_cr = std::mem::take(&mut self.after_cr);
            match byte {
                b'\n' if after_cr => {}
                b'\n' | b'\r' => {
                    self.after_cr = byte == b'\r';
                    out.extend(self.end_line());
                }
                _ => self.line.push(byte),
            }
            if self.line.len() + self.pending.data.len() > EVENT_BYTES {
                return Err(Error::new(ErrorKind::Upstream, "an event of the stream is larger than 1 MiB"));
            }
        }
        Ok(out)
    }

    fn end_line(&mut self) -> Option<Event> {
        let raw = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&raw);
        let mut line: &str = &text;
        if !std::mem::replace(&mut self.started, true) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if std::mem::replace(&mut self.seen_data, true) {
                    self.pending.data.push('\n');
                }
                self.pending.data.push_str(value);
            }
            "event" => value.clone_into(&mut self.pending.event),
            "id" => value.clone_into(&mut self.pending.id),
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<Event> {
        let event = std::mem::take(&mut self.pending);
        std::mem::take(&mut self.seen_data).then_some(event)
    }
}
