//! Thrift's compact protocol, walked over: Parquet's footers and page headers are written in it, and what they claim is looked
//! at before anybody makes room for it.

/// The deepest that structures lie in one another; Parquet's own come to 8.
const DEPTH: u32 = 24;

/// Kinds of values, by the numbers of the protocol.
pub(super) mod kind {
    pub(crate) const BINARY: u8 = 8;
    pub(crate) const LIST: u8 = 9;
    pub(crate) const STRUCT: u8 = 12;
}

/// A walk over bytes. `None` from any step: they do not follow the protocol, or end too early.
pub(super) struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
    depth: u32,
    /// Elements of lists that may still come.
    elements: usize,
}

impl<'b> Walk<'b> {
    /// Begins, and will not pass more than so many elements of lists.
    pub(super) fn new(bytes: &'b [u8], elements: usize) -> Self {
        Self { bytes, at: 0, depth: 0, elements }
    }

    /// Bytes walked over.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn pass(&mut self, count: u64) -> Option<&'b [u8]> {
        let end = self.at.checked_add(usize::try_from(count).ok()?)?;
        let passed = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(passed)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let (value, length) = unsigned(self.bytes.get(self.at..)?)?;
        self.at += length;
        Some(value)
    }

    /// A whole number.
    pub(super) fn number(&mut self) -> Option<i64> {
        self.unsigned().map(signed)
    }

    /// Bytes with their length before them.
    pub(super) fn binary(&mut self) -> Option<&'b [u8]> {
        let length = self.unsigned()?;
        self.pass(length)
    }

    /// How a list begins: the kind of its elements and how many.
    pub(super) fn list(&mut self) -> Option<(u8, usize)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.unsigned()?).ok()?,
            few => usize::from(few),
        };
        self.elements = self.elements.checked_sub(count)?;
        (count <= self.bytes.len() - self.at).then_some((head & 0x0F, count))
    }

    /// The fields of a structure. `visit` gets number and kind, and says whether it took the value; else it is skipped.
    pub(super) fn fields(&mut self, visit: &mut dyn FnMut(&mut Self, i64, u8) -> Option<bool>) -> Option<()> {
        if self.depth == DEPTH {
            return None;
        }
        self.depth += 1;
        let mut last = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                self.depth -= 1;
                return Some(());
            }
            let number = match i64::from(head >> 4) {
                0 => self.number()?,
                step => last + step,
            };
            // A number that stands twice, or is none of 16 bits, could be read in two ways.
            if number <= last || number > i64::from(i16::MAX) {
                return None;
            }
            last = number;
            if !visit(self, number, head & 0x0F)? {
                self.skip(head & 0x0F)?;
            }
        }
    }

    /// Passes a value.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        match kind {
            1 | 2 => {} // a boolean is its kind
            3 => drop(self.byte()?),
            4..=6 => drop(self.unsigned()?),
            7 => drop(self.pass(8)?),
            8 => drop(self.binary()?),
            9 | 10 => {
                let (kind, count) = self.list()?;
                self.skip_elements(kind, count)?;
            }
            11 => {
                let count = usize::try_from(self.unsigned()?).ok()?;
                self.elements = self.elements.checked_sub(count)?;
                if count > 0 {
                    let kinds = self.byte()?;
                    for _ in 0..count {
                        self.skip_elements(kinds >> 4, 1)?;
                        self.skip_elements(kinds & 0x0F, 1)?;
                    }
                }
            }
            12 => self.fields(&mut |_, _, _| Some(false))?,
            13 => drop(self.pass(16)?),
            _ => return None,
        }
        Some(())
    }

    fn skip_elements(&mut self, kind: u8, count: usize) -> Option<()> {
        if self.depth == DEPTH {
            return None;
        }
        self.depth += 1;
        for _ in 0..count {
            match kind {
                1 | 2 => drop(self.byte()?), // within a list a boolean takes a byte
                other => self.skip(other)?,
            }
        }
        self.depth -= 1;
        Some(())
    }
}

/// A number of seven bits a byte at the beginning of these, and how many bytes it takes.
pub(super) fn unsigned(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

/// The number that a zigzag is.
pub(super) fn signed(zigzag: u64) -> i64 {
    (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed()
}
