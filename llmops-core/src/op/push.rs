//! An upload in the hands of a caller who writes it piece by piece.

use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use serde_json::Value;
use tokio::sync::{Mutex, mpsc};
use tokio::task::{AbortHandle, JoinHandle};

use super::{Part, Parts};
use crate::base::{ByteStream, Error, ErrorKind, Result};

/// Pieces that may wait to be read; a writer that is ahead of them waits.
const AHEAD: usize = 2;

enum Piece {
    Part(String),
    Bytes(Bytes),
    End,
}

/// An upload for doors whose language writes. Let go before [`Push::finish`], it is as if the connection broke.
pub struct Push {
    pieces: mpsc::Sender<Piece>,
    outcome: Mutex<Option<JoinHandle<Result<Value>>>>,
    work: AbortHandle,
}

impl Push {
    /// Begins an upload: `work` reads the parts while they are written. Call it on a runtime.
    pub fn start<F>(work: impl FnOnce(Parts) -> F) -> Self
    where
        F: Future<Output = Result<Value>> + Send + 'static,
    {
        let (pieces, receiver) = mpsc::channel(AHEAD);
        let outcome = tokio::spawn(work(parts(receiver)));
        Self { pieces, work: outcome.abort_handle(), outcome: Mutex::new(Some(outcome)) }
    }

    /// Begins the next file. `false` when nobody reads any more: [`Push::finish`] says why.
    pub async fn part(&self, name: String) -> bool {
        self.pieces.send(Piece::Part(name)).await.is_ok()
    }

    /// Sends bytes of the file begun last. `false` when nobody reads any more.
    pub async fn write(&self, bytes: Bytes) -> bool {
        self.pieces.send(Piece::Bytes(bytes)).await.is_ok()
    }

    /// Says that this was all, and waits for the answer.
    pub async fn finish(&self) -> Result<Value> {
        // Who refused early does not read to the end; the answer says why.
        let _ = self.pieces.send(Piece::End).await;
        let outcome = self.outcome.lock().await.take();
        let outcome = outcome.ok_or_else(|| Error::conflict("the upload is finished already").hint("begin another"))?;
        outcome.await.map_err(|e| Error::unavailable("the upload was broken off").caused_by(e))?
    }

    /// Breaks the upload off.
    pub fn abort(&self) {
        self.work.abort();
    }
}

impl Drop for Push {
    fn drop(&mut self) {
        self.work.abort();
    }
}

/// The reading side: one receiver, which the parts take turns with.
struct Reader {
    pieces: mpsc::Receiver<Piece>,
    next: Option<String>,
    ended: bool,
}

impl Reader {
    /// The name of the next part; what is left of the one before is skipped.
    async fn part(&mut self) -> Option<Result<String>> {
        if let Some(name) = self.next.take() {
            return Some(Ok(name));
        }
        while !self.ended {
            match self.pieces.recv().await {
                Some(Piece::Part(name)) => return Some(Ok(name)),
                Some(Piece::Bytes(_)) => {}
                Some(Piece::End) => self.ended = true,
                None => return Some(self.broken()),
            }
        }
        None
    }

    /// The next bytes of the present part.
    async fn bytes(&mut self) -> Option<Result<Bytes>> {
        if self.ended || self.next.is_some() {
            return None;
        }
        match self.pieces.recv().await {
            Some(Piece::Bytes(bytes)) => Some(Ok(bytes)),
            Some(Piece::Part(name)) => {
                self.next = Some(name);
                None
            }
            Some(Piece::End) => {
                self.ended = true;
                None
            }
            None => Some(self.broken()),
        }
    }

    fn broken<T>(&mut self) -> Result<T> {
        self.ended = true;
        Err(Error::new(ErrorKind::Malformed, "the upload broke off before its end")
            .code("upload_broken")
            .hint("send it again"))
    }
}

fn parts(pieces: mpsc::Receiver<Piece>) -> Parts {
    let reader = Arc::new(Mutex::new(Reader { pieces, next: None, ended: false }));
    let parts = futures::stream::unfold(reader, |reader| async move {
        let name = reader.lock().await.part().await?;
        let part = name.map(|name| Part { name, body: body(reader.clone()) });
        Some((part, reader))
    });
    parts.boxed()
}

fn body(reader: Arc<Mutex<Reader>>) -> ByteStream {
    let chunks = futures::stream::unfold(reader, |reader| async move {
        let chunk = reader.lock().await.bytes().await?;
        Some((chunk, reader))
    });
    chunks.boxed()
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;
    use serde_json::{Value, json};

    use super::Push;
    use crate::base::{Error, Result};
    use crate::op::Parts;

    /// Reads everything: names and what they hold.
    async fn read(mut parts: Parts) -> Result<Value> {
        let mut files = serde_json::Map::new();
        while let Some(part) = parts.try_next().await? {
            let bytes: Vec<u8> = part.body.map_ok(|b| b.to_vec()).try_concat().await?;
            files.insert(part.name, String::from_utf8_lossy(&bytes).into_owned().into());
        }
        Ok(files.into())
    }

    #[tokio::test]
    async fn what_is_written_is_read() {
        let push = Push::start(read);
        for (name, pieces) in [("a", &["1", "2"][..]), ("empty", &[]), ("b", &["3"])] {
            assert!(push.part(name.into()).await);
            for piece in pieces {
                assert!(push.write(piece.as_bytes().into()).await);
            }
        }
        assert_eq!(push.finish().await.unwrap(), json!({"a": "12", "empty": "", "b": "3"}));
    }

    #[tokio::test]
    async fn a_part_that_is_not_read_is_skipped() {
        let push = Push::start(|mut parts| async move {
            parts.try_next().await?;
            Ok(parts.try_next().await?.map(|part| part.name).into())
        });
        push.part("a".into()).await;
        push.write("1".into()).await;
        push.part("b".into()).await;
        assert_eq!(push.finish().await.unwrap(), json!("b"));
    }

    #[tokio::test]
    async fn a_refusal_stops_the_writer_and_is_the_answer() {
        let push = Push::start(|parts| async move {
            drop(parts);
            Err(Error::invalid("path", "must be relative"))
        });
        while push.part("a".into()).await {
            tokio::task::yield_now().await;
        }
        assert_eq!(push.finish().await.unwrap_err().field_name(), Some("path"));
        assert!(push.finish().await.is_err());
    }

    #[tokio::test]
    async fn an_upload_that_is_let_go_is_never_whole() {
        let (told, mut hears) = tokio::sync::mpsc::channel(1);
        let push = Push::start(|parts| async move {
            let all = read(parts).await;
            let _ = told.send(all.is_ok()).await;
            all
        });
        push.part("a".into()).await;
        push.write("1".into()).await;
        drop(push);
        assert_ne!(hears.recv().await, Some(true));
    }
}
