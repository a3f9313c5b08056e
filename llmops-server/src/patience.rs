//! How long the door waits for a client. Every wait has an end.

use std::time::Duration;

/// The waits and rates of a connection.
#[derive(Debug, Clone)]
pub struct Patience {
    /// From the connection to its first byte.
    pub first_byte: Duration,
    /// From the first byte of a request to the end of its headers.
    pub headers: Duration,
    /// Between two requests of one connection.
    pub keep_alive: Duration,
    /// Between two pieces of a body.
    pub body_idle: Duration,
    /// How long a body may be slower than `body_rate`.
    pub body_grace: Duration,
    /// Bytes a second that a body must bring, on average, after the grace.
    pub body_rate: u64,
    /// How long the client may leave the answer unread.
    pub write: Duration,
    /// How long a client may go on sending what nobody will read, after the answer.
    pub linger: Duration,
    /// From the request to the head of its answer, for operations that are no stream, upload or download.
    pub answer: Duration,
    /// Between two signs of life of an event stream.
    pub ping: Duration,
    /// Between two looks whether who follows a stream still may.
    pub standing: Duration,
    /// How long requests may take to finish once the server is told to stop.
    pub drain: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            headers: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            body_idle: Duration::from_secs(30),
            body_grace: Duration::from_secs(10),
            body_rate: 1024,
            write: Duration::from_secs(30),
            linger: Duration::from_secs(2),
            answer: Duration::from_secs(300),
            ping: Duration::from_secs(15),
            standing: Duration::from_secs(2),
            drain: Duration::from_secs(30),
        }
    }
}
