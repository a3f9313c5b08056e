//! What a client of Xet says of the files that it sent, once their pieces are here: a shard, in Xet's own binary form. It begins
//! with a head; then of each file come its runs of pieces, what they are checked by, and its SHA-256, in entries of 48 bytes each.

use llmops_core::base::{Error, ErrorKind, Result};

/// What all shards begin with.
const TAG: [u8; 32] = *b"HFRepoMetaData\0\x55\x69\x67\x45\x6a\x7b\x81\x57\x83\xa5\xbd\xd9\x5c\xcd\xd1\x4a\xa9";
const VERSION: u64 = 2;
const ENTRY: usize = 48;
/// Whether the file has entries that its runs are checked by, as many as these.
const IS_CHECKED: u32 = 1 << 31;
/// Whether an entry with its SHA-256 comes last.
const IS_TOLD: u32 = 1 << 30;

/// A file of a shard.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SentFile {
    /// Its SHA-256 in hex.
    pub(super) sha256: String,
    /// The runs that it is put together of: a line `PACK FROM TO` each.
    pub(super) runs: String,
}

/// Reads the files of a shard.
///
/// # Errors
/// `malformed` with what is wrong.
pub(super) fn read(shard: &[u8]) -> Result<Vec<SentFile>> {
    let mut entries = shard.chunks_exact(ENTRY);
    let head = entries.next().ok_or_else(cut_off)?;
    if head[..32] != TAG || number(&head[32..40]) != VERSION {
        return Err(unreadable("it does not begin as those of version 2"));
    }
    let mut files = Vec::new();
    loop {
        let file = entries.next().ok_or_else(cut_off)?;
        if file[..32] == [0xff; 32] {
            return Ok(files);
        }
        let (flags, runs) = (number(&file[32..36]) as u32, number(&file[36..40]));
        files.push(one(&mut entries, (flags, runs))?);
    }
}

fn one<'s>(entries: &mut impl Iterator<Item = &'s [u8]>, (flags, count): (u32, u64)) -> Result<SentFile> {
    let mut runs = String::new();
    for _ in 0..count {
        let run = entries.next().ok_or_else(cut_off)?;
        let (from, to) = (number(&run[40..44]), number(&run[44..48]));
        runs.push_str(&format!("{} {from} {to}\n", word(&run[..32])));
    }
    for _ in 0..if flags & IS_CHECKED == 0 { 0 } else { count } {
        entries.next().ok_or_else(cut_off)?;
    }
    if flags & IS_TOLD == 0 {
        return Err(unreadable("it does not say the SHA-256 of a file"));
    }
    let told = entries.next().ok_or_else(cut_off)?;
    Ok(SentFile { sha256: word(&told[..32]), runs })
}

/// A number in little endian.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// A hash as Xet writes it: four numbers in hex.
fn word(bytes: &[u8]) -> String {
    bytes.chunks(8).map(|eight| format!("{:016x}", number(eight))).collect()
}

fn cut_off() -> Error {
    unreadable("it is cut off")
}

fn unreadable(why: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("the shard cannot be read: {why}"))
        .code("unreadable_shard")
        .hint("take a newer or older hf-xet, or set HF_HUB_DISABLE_XET=1, so that files are sent as they are")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(hash: [u8; 32], numbers: [u32; 4]) -> Vec<u8> {
        [hash.to_vec(), numbers.iter().flat_map(|number| number.to_le_bytes()).collect()].concat()
    }

    fn shard(files: &[Vec<u8>]) -> Vec<u8> {
        let end = entry([0xff; 32], [0; 4]);
        [entry(TAG, [2, 0, 0, 0]), files.concat(), end, b"what is not looked at".to_vec()].concat()
    }

    #[test]
    fn files_are_read_with_their_runs() {
        let mut pack = [0; 32];
        (pack[0], pack[7], pack[31]) = (0xab, 1, 2);
        let file = [
            entry([9; 32], [IS_CHECKED | IS_TOLD, 2, 0, 0]),
            entry(pack, [0, 99, 3, 5]),
            entry(pack, [0, 99, 0, 1]),
            entry([1; 32], [0; 4]),
            entry([1; 32], [0; 4]),
            entry([0x11; 32], [0; 4]),
        ]
        .concat();
        let name = format!("01000000000000ab{}0200000000000000", "0".repeat(32));
        let runs = format!("{name} 3 5\n{name} 0 1\n");
        assert_eq!(read(&shard(&[file])).unwrap(), [SentFile { sha256: "1".repeat(64), runs }]);
        assert_eq!(read(&shard(&[])).unwrap(), []);
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        let told = |shard: &[u8]| read(shard).unwrap_err().to_string();
        assert!(told(b"").contains("cut off"));
        assert!(told(&[0; 96]).contains("does not begin"));
        let many = entry([9; 32], [IS_TOLD, u32::MAX, 0, 0]);
        assert!(told(&[entry(TAG, [2, 0, 0, 0]), many].concat()).contains("cut off"));
        assert!(told(&shard(&[entry([9; 32], [0, 0, 0, 0])])).contains("SHA-256"));
    }
}
