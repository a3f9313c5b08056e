//! What every room stands on: errors, the call's context, ids, pages, money, secrets and time. Rank 0.

mod clock;
mod crash;
mod crypto;
mod ctx;
mod error;
mod etag;
mod id;
mod limits;
mod money;
mod name;
mod nesting;
mod page;
mod patch;
mod path;
mod private;
mod secret;

pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use crash::{crash_point, slow_point};
pub use crypto::ensure_crypto_provider;
pub use ctx::{Caller, Ctx, LOCAL_PROJECT, Reply, Target, Touched};
pub use error::{BoxError, Error, ErrorKind, Result};
pub use etag::etag_of;
pub use id::Id;
pub(crate) use id::id_type;
pub use limits::Limits;
pub use money::Money;
pub use name::{Name, Semver, check_text};
pub use nesting::nested_deeper;
pub use page::{Page, PageInfo, PageRequest};
pub use patch::{EMPTIED_BY_NULL, Patch, not_null};
pub use path::FilePath;
pub(crate) use private::{create_private, write_private};
pub use secret::{Secret, SecretInput};

/// The items of a live answer, in order, until either side hangs up.
pub type Events<T> = futures::stream::BoxStream<'static, Result<T>>;
/// Bytes on their way in or out; nothing is read before it is asked for.
pub type ByteStream = futures::stream::BoxStream<'static, Result<bytes::Bytes>>;
