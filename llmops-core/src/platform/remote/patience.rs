//! How long a client waits for a server, and when it asks again.

use std::time::Duration;

use crate::base::{Error, ErrorKind, Result};

/// What waits longer than this says so, and the caller decides.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The pause before the first time that a call is made again.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// No pause of our own is longer.
const LAST_PAUSE: Duration = Duration::from_secs(8);

/// How a client calls a server. What is absent stays as it is: ten minutes and 2 retries at first.
///
/// ```
/// # fn main() -> llmops_core::base::Result<()> {
/// use llmops_core::{LlmOps, platform::ClientOptions};
/// let ops = LlmOps::connect("http://127.0.0.1:8080", None)?;
/// let hasty = ops.with_options(ClientOptions::new(Some(2.5), Some(0))?);
/// # drop(hasty);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClientOptions {
    /// The most time that an answer may take, its retries and the pauses between them among it. A stream or a download is
    /// waited for until it begins; an upload takes as long as its bytes do.
    pub timeout: Option<Duration>,
    /// How often a call is made again at most, after a pause that the server names or that doubles: when no connection was
    /// made, or the server said `rate_limited` or `unavailable`. A call whose answer was lost on the way is made again only
    /// if it reads or creates; a creation gets an idempotency key for that, so it happens once. Uploads are sent once.
    pub max_retries: Option<u32>,
}

impl ClientOptions {
    /// Options with a time in seconds.
    ///
    /// # Errors
    /// `invalid` when the time is not above 0, or longer than time goes.
    pub fn new(timeout_seconds: Option<f64>, max_retries: Option<u32>) -> Result<Self> {
        let read = |seconds: f64| {
            let time = Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero());
            time.ok_or_else(|| {
                Error::invalid("timeout", "must be a number of seconds above 0").hint("leave it out for ten minutes")
            })
        };
        Ok(Self { timeout: timeout_seconds.map(read).transpose()?, max_retries })
    }
}

/// What holds for the calls of a client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub(super) timeout: Duration,
    pub(super) max_retries: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(600), max_retries: 2 }
    }
}

/// How far a call came that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// No connection was made: nothing was done.
    Nobody,
    /// It was sent, and its answer did not come: it may have been done.
    Somebody,
    /// The server answered, with an error.
    Answer,
}

/// A call that failed.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) reached: Reached,
    pub(super) error: Error,
}

impl Patience {
    /// This patience with what the options change.
    pub(super) fn with(self, options: ClientOptions) -> Self {
        Self {
            timeout: options.timeout.unwrap_or(self.timeout),
            max_retries: options.max_retries.unwrap_or(self.max_retries),
        }
    }

    /// How long to wait before a call is made again, or that it is not. `tried` counts the times it was made again before,
    /// `left` is the time there is, `safe` says whether doing it twice is doing it once, and `chance` is between 0 and 1.
    pub(super) fn pause(
        self,
        failed: &Failed,
        tried: u32,
        left: Duration,
        (safe, chance): (bool, f64),
    ) -> Option<Duration> {
        let (kind, code) = (failed.error.kind(), failed.error.stable_code());
        let helps = match failed.reached {
            Reached::Nobody => true,
            Reached::Somebody => safe,
            Reached::Answer => match kind {
                ErrorKind::RateLimited | ErrorKind::Unavailable => true,
                ErrorKind::Upstream | ErrorKind::Timeout => safe,
                // The call before, whose answer was lost, is still under way.
                _ => tried > 0 && code == "idempotency_in_flight",
            },
        };
        let doubled = FIRST_PAUSE.saturating_mul(1 << tried.min(10)).min(LAST_PAUSE);
        let pause = match failed.error.retry_after() {
            Some(ms) => Duration::from_millis(ms),
            None => doubled.mul_f64(1.0 - chance / 4.0),
        };
        (helps && tried < self.max_retries && pause <= LONGEST_PAUSE && pause < left).then_some(pause)
    }
}
