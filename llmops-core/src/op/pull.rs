//! A stream in the hands of a caller who takes one item at a time, and may hang up from elsewhere.

use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, watch};

use crate::base::Result;

/// A stream for doors whose language has iterators of its own.
pub struct Pull<T> {
    stream: Mutex<Option<BoxStream<'static, Result<T>>>>,
    closed: watch::Sender<bool>,
    /// What a stream holds may need its runtime when it is let go, and foreign languages let go wherever they like.
    home: Option<Handle>,
}

impl<T> Pull<T> {
    /// Takes the stream over. Call it on the runtime that the stream lives on.
    pub fn new(stream: BoxStream<'static, Result<T>>) -> Self {
        let home = Handle::try_current().ok();
        Self { stream: Mutex::new(Some(stream)), closed: watch::Sender::new(false), home }
    }

    /// The next item; `None` at the end, after an error and once closed, even while this waits.
    pub async fn next(&self) -> Option<Result<T>> {
        let mut held = self.stream.lock().await;
        let mut closed = self.closed.subscribe();
        let stream = held.as_mut()?;
        let item = tokio::select! {
            biased;
            _ = closed.wait_for(|closed| *closed) => None,
            item = stream.next() => item,
        };
        if !matches!(item, Some(Ok(_))) {
            *held = None;
        }
        item
    }

    /// Hangs up: whoever waits for an item gets none, and the stream is let go.
    pub fn close(&self) {
        self.closed.send_replace(true);
        let _at_home = self.home.as_ref().map(Handle::enter);
        if let Ok(mut held) = self.stream.try_lock() {
            *held = None;
        }
    }
}

impl<T> Drop for Pull<T> {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::StreamExt;

    use super::Pull;
    use crate::base::Error;

    #[tokio::test]
    async fn items_come_in_their_order_until_the_end() {
        let pull = Pull::new(futures::stream::iter([Ok(1), Ok(2)]).boxed());
        assert_eq!(pull.next().await.unwrap().unwrap(), 1);
        assert_eq!(pull.next().await.unwrap().unwrap(), 2);
        assert!(pull.next().await.is_none() && pull.next().await.is_none());
    }

    #[tokio::test]
    async fn an_error_is_the_last_item() {
        let pull = Pull::new(futures::stream::iter([Err(Error::unavailable("gone")), Ok(2)]).boxed());
        assert!(pull.next().await.unwrap().is_err());
        assert!(pull.next().await.is_none());
    }

    #[tokio::test]
    async fn closing_wakes_who_waits_and_drops_the_stream() {
        let held = Arc::new(());
        let inside = held.clone();
        let silent = futures::stream::pending::<crate::base::Result<()>>().map(move |item| {
            let _ = &inside;
            item
        });
        let pull = Arc::new(Pull::new(silent.boxed()));
        let waiting = tokio::spawn({
            let pull = pull.clone();
            async move { pull.next().await }
        });
        tokio::task::yield_now().await;
        pull.close();
        assert!(waiting.await.unwrap().is_none());
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
