//! Files of the pickle kind: a zip archive as PyTorch writes them, or pickles one behind the other.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use super::input::Input;
use super::pickle::{Found, walk};

/// The most entries of an archive that are looked into, and the most bytes of one pickle in it.
const ENTRIES: usize = 100_000;
const UNPACKED: u64 = 64 << 20;

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
    let mut archive = match zip::ZipArchive::new(file) {
        Ok(archive) => archive,
        Err(zip::result::ZipError::Io(error)) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
        Err(_) => {
            found.stop("it is no whole zip archive");
            return Ok(());
        }
    };
    if archive.len() > ENTRIES {
        found.stop("it holds more than 100,000 entries");
    }
    let (mut pickles, mut unpacked) = (0, 0);
    for index in 0..archive.len().min(ENTRIES) {
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
    let tensor = |rest: &str| rest.starts_with("_rebuild_") && (rest.ends_with("tensor") || rest.contains("tensor_v"));
    let dtype = |rest: &str| {
        matches!(rest.trim_end_matches(|c: char| c.is_ascii_digit()), "float" | "int" | "uint" | "bfloat" | "bool")
    };
    KNOWN.contains(&name)
        || name.strip_prefix("torch._utils.").is_some_and(tensor)
        || name.strip_prefix("torch.storage.").is_some_and(storage)
        || name.strip_prefix("torch.cuda.").is_some_and(storage)
        || name.strip_prefix("torch.").is_some_and(|rest| storage(rest) || dtype(rest))
}
