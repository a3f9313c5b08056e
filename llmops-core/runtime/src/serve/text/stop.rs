//! Stop strings, found across token boundaries.

/// What became of a piece of text.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// This much may be sent (it may be nothing).
    Send(String),
    /// A stop string was found: this is the last text, the stop string is cut off.
    Stop(String),
}

/// Holds back the shortest end of the text that may still turn out to be a stop string.
pub(crate) struct StopFilter {
    stops: Vec<String>,
    held: String,
}

impl StopFilter {
    /// Empty strings are ignored: they would stop every answer before it begins.
    pub(crate) fn new(stops: Vec<String>) -> Self {
        Self { stops: stops.into_iter().filter(|s| !s.is_empty()).collect(), held: String::new() }
    }

    /// Adds text and says what may be sent.
    pub(crate) fn push(&mut self, piece: &str) -> Verdict {
        if self.stops.is_empty() {
            return Verdict::Send(piece.to_string());
        }
        self.held.push_str(piece);
        if let Some(at) = self.stops.iter().filter_map(|stop| self.held.find(stop.as_str())).min() {
            self.held.truncate(at);
            return Verdict::Stop(std::mem::take(&mut self.held));
        }
        let keep = self.stops.iter().map(|stop| overlap(&self.held, stop)).max().unwrap_or(0);
        let rest = self.held.split_off(self.held.len() - keep);
        Verdict::Send(std::mem::replace(&mut self.held, rest))
    }

    /// The answer ended by itself: what was held back is text after all.
    pub(crate) fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

/// Bytes at the end of `text` that are a beginning of `stop`.
fn overlap(text: &str, stop: &str) -> usize {
    let longest = text.len().min(stop.len().saturating_sub(1));
    (1..=longest).rev().find(|&n| text.as_bytes()[text.len() - n..] == stop.as_bytes()[..n]).unwrap_or(0)
}
