//! How long a provider may take, part by part.

use std::time::Duration;

/// Separate limits: a queue may be long, a token may not. Connecting has a limit of its own in the client.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// From the question to the head of a streamed answer.
    pub head: Duration,
    /// From the question to the first piece with content.
    pub first: Duration,
    /// Between two pieces.
    pub gap: Duration,
    /// From the question to the end of the answer, over all attempts.
    pub total: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(60),
            first: Duration::from_secs(120),
            gap: Duration::from_secs(60),
            total: Duration::from_secs(600),
        }
    }
}
