//! Files of the pickle kind: a zip archive as PyTorch writes them, or pickles one behind the other.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::input::Input;
use super::pickle::{Found, walk};

/// The most entries of an archive that are looked into, and the most bytes of one pickle in it.
const ENTRIES: usize = 100_000;
const UNPACKED: u64 = 64 << 20;
/// The most bytes of an archive that are read for its directory, and for its entries.
const DIRECTORY: u64 = 64 << 20;
const READ: u64 = 1 << 30;
const STEP_BACK: u64 = 1 << 20;

/// What loading the file would import.
pub(super) fn scan<R: Read + Seek>(mut file: R, size: u64) -> io::Result<Found> {
    let mut found = Found::default();
    let mut magic = [0; 4];
    let read = file.read(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    if &magic[..read] == b"PK\x03\x04" {
        archive(file, &mut found)?;
    } else {
        walk(&mut Input::new(file, size), &mut found)?;
    }
    Ok(found)
}

fn archive<R: Read + Seek>(file: R, found: &mut Found) -> io::Result<()> {
    let left = Rc::new(Cell::new(DIRECTORY));
    let mut archive = match zip::ZipArchive::new(Bounded { file, at: 0, left: left.clone() }) {
        Ok(archive) => archive,
        Err(_) if left.get() == 0 => {
            found.stop("its directory is larger than the 64 MiB that are read");
            return Ok(());
        }
        Err(zip::result::ZipError::Io(error)) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
        Err(_) => {
            found.stop("it is no whole zip archive");
            return Ok(());
        }
    };
    if archive.len() > ENTRIES {
        found.stop("it holds more than 100,000 entries");
    }
    left.set(READ);
    let (mut pickles, mut unpacked) = (0, 0);
    for index in 0..archive.len().min(ENTRIES) {
        if left.get() == 0 {
            found.stop("its entries lie about so that more than 1 GiB would have to be read");
            return Ok(());
        }
        let Ok(mut entry) = archive.by_index(index) else {
            found.stop("an entry of it cannot be unpacked");
            continue;
        };
        let named = entry.name_raw().ends_with(b".pkl");
        let mut bytes = Vec::new();
        if entry.by_ref().take(2).read_to_end(&mut bytes).is_err() {
            found.stop("an entry of it cannot be unpacked");
            continue;
        }
        if !named && !matches!(bytes[..], [0x80, 2..=5]) {
            continue;
        }
        pickles += 1;
        let unread = entry.by_ref().take(UNPACKED - unpacked).read_to_end(&mut bytes).is_err();
        unpacked += bytes.len() as u64;
        if unread || unpacked >= UNPACKED {
            found.stop("its pickles unpack to more than the 64 MiB that are searched, or cannot be unpacked");
        }
        let size = bytes.len() as u64;
        walk(&mut Input::new(Cursor::new(bytes), size), found)?;
        if unpacked >= UNPACKED {
            return Ok(());
        }
    }
    if pickles == 0 {
        found.stop("it is an archive without a pickle");
    }
    Ok(())
}

/// A file of which so much may be read, steps back counted as [`STEP_BACK`] bytes: in a bucket each asks for bytes anew.
struct Bounded<R> {
    file: R,
    at: u64,
    left: Rc<Cell<u64>>,
}

impl<R> Bounded<R> {
    fn pay(&self, bytes: u64) -> io::Result<()> {
        let left = self.left.get().saturating_sub(bytes);
        self.left.set(left);
        if left == 0 { Err(io::Error::other("too much would have to be read")) } else { Ok(()) }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.at += read as u64;
        self.pay(read as u64)?;
        Ok(read)
    }
}

impl<R: Seek> Seek for Bounded<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let before = self.at;
        self.at = self.file.seek(to)?;
        if self.at < before {
            self.pay(STEP_BACK)?;
        }
        Ok(self.at)
    }
}

/// Whether a name only puts tensors, arrays and plain containers together again.
pub(super) fn rebuilds(name: &str) -> bool {
    const KNOWN: [&str; 17] = [
        "_codecs.encode",
        "collections.OrderedDict",
        "collections.defaultdict",
        "builtins.set",
        "__builtin__.set",
        "numpy.dtype",
        "numpy.ndarray",
        "numpy.core.multiarray._reconstruct",
        "numpy.core.multiarray.scalar",
        "numpy._core.multiarray._reconstruct",
        "numpy._core.multiarray.scalar",
        "torch.Size",
        "torch.device",
        "torch.serialization._get_layout",
        "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_parameter_with_state",
        "torch.nn.parameter.Parameter",
    ];
    let storage = |rest: &str| rest.ends_with("Storage") && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // A dot would lead on into what the name holds.
    let plain = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let tensor = |rest: &str| {
        plain(rest) && rest.starts_with("_rebuild_") && (rest.ends_with("tensor") || rest.contains("tensor_v"))
    };
    let dtype = |rest: &str| {
        matches!(rest.trim_end_matches(|c: char| c.is_ascii_digit()), "float" | "int" | "uint" | "bfloat" | "bool")
    };
    KNOWN.contains(&name)
        || name.strip_prefix("torch._utils.").is_some_and(tensor)
        || name.strip_prefix("torch.storage.").is_some_and(storage)
        || name.strip_prefix("torch.cuda.").is_some_and(storage)
        || name.strip_prefix("torch.").is_some_and(|rest| storage(rest) || dtype(rest))
}
