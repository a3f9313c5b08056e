//! Words of a text, and small names for them that compare in one step.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use super::unicode::is_space;

/// The name of a word that the first text does not have. It equals no name, not even itself.
pub(super) const ABSENT: u32 = u32::MAX;

/// Up to how many words a text gets room for eight times as many: what collides cannot be foreseen and costs more than room.
const SHORT: usize = 1024;

/// Chosen per process, so that nobody can prepare words that all collide. No score depends on it.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0_u64) | 1);

/// Mixes a key by the folded product with an odd constant.
fn mix(key: u64, seed: u64) -> u64 {
    let product = u128::from(key ^ seed) * u128::from(0x9e37_79b9_7f4a_7c15_u64 ^ (seed << 1));
    (product as u64) ^ ((product >> 64) as u64)
}

/// Set in the key of a word that the key does not tell whole.
const LONG: u64 = 1 << 63;

/// A word of up to seven bytes as a number that no other word has; of a longer one a hash, with [`LONG`]. The word lies at
/// the beginning of `text`.
#[inline]
fn key(text: &[u8], length: usize, seed: u64) -> u64 {
    if length > 7 {
        return long_key(&text[..length], seed) | LONG;
    }
    let bytes = match text.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes) & ((1 << (8 * length)) - 1),
        None => text[..length].iter().rev().fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)),
    };
    bytes | (length as u64) << 56
}

fn long_key(word: &[u8], seed: u64) -> u64 {
    let (chunks, _) = word.as_chunks();
    let mut state = seed ^ word.len() as u64;
    // The last eight bytes overlap those before, where there are no eight more.
    for chunk in chunks.iter().chain(word.last_chunk()) {
        state = mix(u64::from_le_bytes(*chunk) ^ state.rotate_left(23), seed);
    }
    state
}

/// Of every byte whether it is white space, else whether it begins a character beyond ASCII, which then has to be asked.
static SPACES: [u8; 256] = {
    let mut spaces = [0; 256];
    let mut at = 0;
    while at < 256 {
        spaces[at] = if at < 128 { is_space(at as u8 as char) as u8 } else { (at >= 0xc0) as u8 };
        at += 1;
    }
    spaces
};

/// The character that begins at `at` of UTF-8.
pub(super) fn char_at(text: &[u8], at: usize) -> Option<char> {
    let width = match *text.get(at)? {
        lead @ ..0x80 => return Some(lead as char),
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    str::from_utf8(text.get(at..at + width)?).ok()?.chars().next()
}

/// The character that ends at `at` of UTF-8.
pub(super) fn char_before(text: &[u8], at: usize) -> Option<char> {
    let start = text[..at].iter().rposition(|byte| byte & 0xc0 != 0x80)?;
    char_at(text, start)
}

/// Calls `each` with the place of every byte from `from` on that `classes` gives a class, and with the class.
///
/// The places of 64 bytes are gathered before the first is looked at: where words end cannot be foreseen, and a loop that
/// asks each byte would lose more by guessing wrong than by all else.
pub(super) fn marks(text: &[u8], from: usize, classes: &[u8; 256], mut each: impl FnMut(usize, u8)) {
    for (block, bytes) in text[from..].chunks(64).enumerate() {
        let class = |byte: u8| classes[byte as usize];
        let mut each_marked = [0; 64];
        for (marked, byte) in each_marked.iter_mut().zip(bytes) {
            *marked = u8::from(class(*byte) != 0);
        }
        let mut marked = gather(&each_marked);
        while marked != 0 {
            let at = marked.trailing_zeros() as usize;
            marked &= marked - 1;
            each(from + block * 64 + at, class(bytes[at]));
        }
    }
}

/// The lowest bits of 64 bytes, the first lowest. The product brings those of eight bytes into its highest byte.
fn gather(bytes: &[u8; 64]) -> u64 {
    let eights = bytes.as_chunks().0.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080));
    eights.rev().fold(0, |gathered, eight| gathered << 8 | eight >> 56)
}

/// A text as tokenized: a buffer and where each word lies in it.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub text: Vec<u8>,
    spans: Vec<(u32, u32)>,
}

impl Words {
    pub fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
    }

    pub fn len(&self) -> usize {
        self.spans.len()
    }

    pub fn bytes(&self, word: usize) -> &[u8] {
        let (start, end) = self.spans[word];
        &self.text[start as usize..end as usize]
    }

    #[inline]
    fn key(&self, word: usize, seed: u64) -> u64 {
        let (start, end) = self.spans[word];
        key(&self.text[start as usize..], (end - start) as usize, seed)
    }

    /// Ends the word that began at `start` of the buffer.
    pub fn close(&mut self, start: usize) {
        self.spans.push((start as u32, self.text.len() as u32));
    }

    /// Finds the words of the buffer, which is UTF-8, parted by white space.
    pub fn split(&mut self) {
        self.part(0, &SPACES, |cutter, at, _| {
            if let Some(c) = char_at(cutter.text, at).filter(|c| is_space(*c)) {
                cutter.drop(at, at + c.len_utf8());
            }
        });
    }

    /// Takes every run of bytes from `from` on that has no class as a word.
    pub fn split_runs(&mut self, from: usize, classes: &[u8; 256]) {
        self.part(from, classes, |cutter, at, _| cutter.drop(at, at + 1));
    }

    /// Takes what lies between cuts from `from` on as words; `each` gets the place and the class of every byte with one.
    pub fn part(&mut self, from: usize, classes: &[u8; 256], mut each: impl FnMut(&mut Cutter<'_>, usize, u8)) {
        let mut cutter = Cutter { text: &self.text, spans: &mut self.spans, start: from };
        marks(&self.text, from, classes, |at, class| each(&mut cutter, at, class));
        cutter.cut(self.text.len());
    }

    /// Takes every character of the buffer, which is UTF-8, that is not white space as a word.
    pub fn split_chars(&mut self) {
        self.spans.clear();
        let text = str::from_utf8(&self.text).unwrap_or_default();
        for (at, c) in text.char_indices().filter(|(_, c)| !is_space(*c)) {
            self.spans.push((at as u32, (at + c.len_utf8()) as u32));
        }
    }
}

/// Parts a text at places that only grow.
pub(super) struct Cutter<'a> {
    pub text: &'a [u8],
    spans: &'a mut Vec<(u32, u32)>,
    start: usize,
}

impl Cutter<'_> {
    /// Ends a word at `at`, where the next begins.
    pub fn cut(&mut self, at: usize) {
        self.drop(at, at);
    }

    /// Ends a word at `end`; the next begins at `start`.
    pub fn drop(&mut self, end: usize, start: usize) {
        // Taken back rather than left out: whether two marks follow each other cannot be foreseen.
        let kept = self.spans.len() + usize::from(end > self.start);
        self.spans.push((self.start as u32, end as u32));
        self.spans.truncate(kept);
        self.start = start;
    }

    /// Makes a word of what lies from `start` to `end`.
    pub fn single(&mut self, start: usize, end: usize) {
        self.cut(start);
        self.cut(end);
    }
}

/// Names numbers 0, 1, 2, ..: equal ones equally.
#[derive(Debug)]
struct Table {
    slots: Vec<u32>,
    keys: Vec<u64>,
    /// Where the highest bits of a product lie that are as many as there are bits in a slot's place.
    shift: u32,
    seed: u64,
}

impl Default for Table {
    fn default() -> Self {
        Self { slots: vec![ABSENT; 2], keys: Vec::new(), shift: 63, seed: *SEED }
    }
}

impl Table {
    /// Forgets all and makes room for `count` keys; more are taken all the same.
    fn reset(&mut self, count: usize) {
        self.keys.clear();
        self.make_room(count);
    }

    /// So many slots that at most every other is taken.
    fn make_room(&mut self, count: usize) {
        let size = (count * 2).next_power_of_two().max(2);
        self.slots.clear();
        self.slots.resize(size, ABSENT);
        self.shift = 64 - size.trailing_zeros();
    }

    /// Twice the slots. All names stay what they are.
    #[cold]
    fn grow(&mut self) {
        self.make_room(self.slots.len());
        for name in 0..self.keys.len() {
            // Each is another than all before it.
            let slot = self.probe(self.keys[name], |_| false);
            self.slots[slot] = name as u32;
        }
    }

    /// The name of a key of which `same` holds, given now if there is none.
    #[inline]
    fn insert(&mut self, key: u64, same: impl Fn(u32) -> bool) -> u32 {
        let slot = self.probe(key, same);
        if self.slots[slot] != ABSENT {
            return self.slots[slot];
        }
        let name = self.keys.len() as u32;
        self.slots[slot] = name;
        self.keys.push(key);
        if self.keys.len() * 2 > self.slots.len() {
            self.grow();
        }
        name
    }

    /// Multiplies by an odd number that nobody knows, and takes the highest bits: what collides is chance.
    #[inline]
    fn probe(&self, key: u64, same: impl Fn(u32) -> bool) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = (key.wrapping_mul(self.seed) >> self.shift) as usize;
        loop {
            let name = self.slots[slot];
            if name == ABSENT || (self.keys[name as usize] == key && same(name)) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }
}

/// Names the words of one text 0, 1, 2, .. and finds those of other texts under the same names.
#[derive(Debug, Default)]
pub(super) struct Names {
    table: Table,
    /// Of each name the first word that has it.
    first: Vec<u32>,
}

impl Names {
    /// Names the words of `own`, equal words equally, and appends the names to `out`.
    pub fn fill(&mut self, own: &Words, out: &mut Vec<u32>) {
        self.table.reset(if own.len() <= SHORT { 4 * own.len() } else { own.len() });
        self.first.clear();
        let seed = self.table.seed;
        for word in 0..own.len() {
            let key = own.key(word, seed);
            let first = &self.first;
            let name = self
                .table
                .insert(key, |name| key & LONG == 0 || own.bytes(first[name as usize] as usize) == own.bytes(word));
            if name as usize == self.first.len() {
                self.first.push(word as u32);
            }
            out.push(name);
        }
    }

    /// Appends the names of the words of `other` to `out`: [`ABSENT`] for what `own`, the text of [`Names::fill`], lacks.
    pub fn find(&self, own: &Words, other: &Words, out: &mut Vec<u32>) {
        let seed = self.table.seed;
        out.extend((0..other.len()).map(|word| {
            let key = other.key(word, seed);
            let same =
                |name: u32| key & LONG == 0 || own.bytes(self.first[name as usize] as usize) == other.bytes(word);
            self.table.slots[self.table.probe(key, same)]
        }));
    }

    /// How many different words the text of [`Names::fill`] has.
    pub fn len(&self) -> usize {
        self.first.len()
    }
}

/// Names pairs of names 0, 1, 2, ..: how n-grams of any order are told apart.
#[derive(Debug, Default)]
pub(super) struct Pairs(Table);

impl Pairs {
    /// Forgets all and makes room for `count` pairs.
    pub fn reset(&mut self, count: usize) {
        self.0.reset(count);
    }

    pub fn len(&self) -> usize {
        self.0.keys.len()
    }

    /// The name of this pair, given now if it has none.
    pub fn insert(&mut self, left: u32, right: u32) -> u32 {
        self.0.insert(u64::from(left) << 32 | u64::from(right), |_| true)
    }

    /// The name of this pair, or [`ABSENT`].
    pub fn get(&self, left: u32, right: u32) -> u32 {
        self.0.slots[self.0.probe(u64::from(left) << 32 | u64::from(right), |_| true)]
    }
}
