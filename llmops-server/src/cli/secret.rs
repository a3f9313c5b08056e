//! Secrets out of a file or from standard input: what stands on a command line is read by others and kept by shells.

use std::io::Read;
use std::path::Path;

use llmops_core::base::{Error, Result, Secret};

/// As much as is read, in bytes; a secret is shorter.
const BYTES: u64 = 64 << 10;

/// The secret in a file, or on standard input when the file is `-`. The end of its line is not part of it.
pub(super) fn read(from: &Path) -> Result<Secret> {
    let mut text = String::new();
    let read = if from.as_os_str() == "-" {
        std::io::stdin().take(BYTES).read_to_string(&mut text)
    } else {
        std::fs::File::open(from).and_then(|file| file.take(BYTES).read_to_string(&mut text))
    };
    read.map_err(|cause| {
        Error::invalid("FILE", format!("`{}` cannot be read: {cause}", from.display()))
            .hint("name the file of the secret, or `-`")
    })?;
    match text.trim() {
        "" => Err(Error::invalid("FILE", "holds no secret").hint("as in: llmops-server credentials add .. - <key.txt")),
        secret => Ok(Secret::new(secret)),
    }
}
