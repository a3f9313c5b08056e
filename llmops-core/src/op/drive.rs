//! Work done on a thread of somebody else's, as the main thread of an interpreter.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// A thread that waits for work to go on.
struct Sleeper(Thread);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Does work on this thread for so long; `None` when it is not done by then. The work may need a runtime, which the caller has
/// entered; a timer of the runtime would wake another thread for each call.
pub fn drive<F: Future>(mut work: Pin<&mut F>, at_most: Duration) -> Option<F::Output> {
    let waker = Waker::from(Arc::new(Sleeper(std::thread::current())));
    let begun = Instant::now();
    loop {
        match work.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(outcome) => return Some(outcome),
            Poll::Pending => match at_most.checked_sub(begun.elapsed()) {
                Some(left) => std::thread::park_timeout(left),
                None => return None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_thread_does_wakes_this_one() {
        let (say, hear) = futures::channel::oneshot::channel();
        std::thread::spawn(move || say.send(1));
        assert_eq!(drive(std::pin::pin!(hear), Duration::from_secs(10)), Some(Ok(1)));
    }

    #[test]
    fn what_is_not_done_in_time_is_left_and_gone_on_with() {
        let (say, hear) = futures::channel::oneshot::channel();
        let mut hear = Box::pin(hear);
        assert_eq!(drive(hear.as_mut(), Duration::from_millis(1)), None);
        say.send(2).unwrap();
        assert_eq!(drive(hear.as_mut(), Duration::from_secs(10)), Some(Ok(2)));
    }
}
