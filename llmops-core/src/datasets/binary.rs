//! State as bytes, to be read again: numbers in little endian, texts and lists behind their length. What is read is not
//! believed: a length is held against what is left.

/// State being written.
#[derive(Default)]
pub(super) struct Out(Vec<u8>);

impl Out {
    /// A number.
    pub(super) fn u64(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// A number with a fraction, all bits of it.
    pub(super) fn f64(&mut self, number: f64) {
        self.u64(number.to_bits());
    }

    /// Bytes.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.u64(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// A text that may be absent.
    pub(super) fn maybe_text(&mut self, text: Option<&str>) {
        self.u64(u64::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    /// A list of numbers.
    pub(super) fn numbers(&mut self, numbers: impl ExactSizeIterator<Item = u64>) {
        self.u64(numbers.len() as u64);
        self.0.reserve(numbers.len() * 8);
        numbers.for_each(|number| self.u64(number));
    }

    /// All of it.
    pub(super) fn end(self) -> Vec<u8> {
        self.0
    }
}

/// State being read. Nothing comes of what is none.
pub(super) struct In<'b>(&'b [u8]);

impl<'b> In<'b> {
    /// What these bytes say.
    pub(super) fn of(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number.
    pub(super) fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    /// A number that counts what is in memory.
    pub(super) fn usize(&mut self) -> Option<usize> {
        self.u64()?.try_into().ok()
    }

    /// A number with a fraction.
    pub(super) fn f64(&mut self) -> Option<f64> {
        self.u64().map(f64::from_bits)
    }

    /// How many follow, of which each takes at least so many bytes.
    pub(super) fn count(&mut self, each: usize) -> Option<usize> {
        self.usize().filter(|count| count.checked_mul(each).is_some_and(|all| all <= self.0.len()))
    }

    /// Bytes.
    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        let count = self.count(1)?;
        self.take(count)
    }

    /// A text.
    pub(super) fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// A text that may be absent; nothing of what is none.
    pub(super) fn maybe_text(&mut self) -> Option<Option<&'b str>> {
        let there = self.u64()? == 1;
        let text = self.text()?;
        Some(there.then_some(text))
    }

    /// A list of numbers.
    pub(super) fn numbers<C: FromIterator<u64>>(&mut self) -> Option<C> {
        let count = self.count(8)?;
        (0..count).map(|_| self.u64()).collect()
    }

    /// Whether that was all.
    pub(super) fn ended(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let mut out = Out::default();
        out.u64(7);
        out.f64(-0.0);
        out.text("한국어");
        out.maybe_text(None);
        out.maybe_text(Some(""));
        out.numbers([1, u64::MAX].into_iter());
        let bytes = out.end();
        let mut from = In::of(&bytes);
        assert_eq!((from.u64(), from.f64().map(f64::to_bits)), (Some(7), Some((-0.0f64).to_bits())));
        assert_eq!((from.text(), from.maybe_text(), from.maybe_text()), (Some("한국어"), Some(None), Some(Some(""))));
        assert_eq!((from.numbers(), from.ended()), (Some(vec![1, u64::MAX]), true));
    }

    #[test]
    fn a_length_beyond_what_is_left_takes_no_memory() {
        let long = u64::MAX.to_le_bytes();
        assert_eq!(In::of(&long).bytes(), None);
        assert_eq!(In::of(&long).numbers::<Vec<u64>>(), None);
        assert_eq!(In::of(&long[..3]).u64(), None);
    }
}
