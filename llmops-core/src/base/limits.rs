//! The stated limits of every door.

/// How much a caller may send. Over it, the answer is a clear refusal, never a hang.
#[derive(Debug, Clone, Copy)]
pub struct Limits;

impl Limits {
    /// A JSON body, in bytes.
    pub const JSON_BYTES: usize = 1 << 20;
    /// A body of the gateway's chat routes, in bytes.
    pub const GATEWAY_BYTES: usize = 8 << 20;
    /// Levels of nesting in JSON.
    pub const JSON_DEPTH: usize = 64;
    /// One uploaded file, in bytes.
    pub const FILE_BYTES: u64 = 1 << 40;
    /// Items of one page.
    pub const PAGE: u32 = 1000;
    /// Items of a page when none is asked for.
    pub const PAGE_DEFAULT: u32 = 50;
    /// A name, in characters.
    pub const NAME_CHARS: usize = 128;
    /// A free text such as notes, in characters.
    pub const TEXT_CHARS: usize = 10_000;
}
