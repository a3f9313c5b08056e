//! Opening the object store a URL names.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
#[cfg(feature = "s3")]
use std::time::Duration;

#[cfg(feature = "s3")]
use object_store::RetryConfig;
use object_store::{local::LocalFileSystem, path::Path};
use url::Url;

use super::{Blobs, moving::COPIED_AT_ONCE, parts::Parted};
use crate::base::{Error, Result};

/// The address of an object store: `file:///DIR` or `s3://BUCKET/PREFIX`.
#[derive(Debug, Clone)]
pub struct StoreUrl(Url);

impl StoreUrl {
    /// Checks an address.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let known = if cfg!(feature = "s3") { "file and s3" } else { "file" };
        match Url::parse(text) {
            Ok(url) if url.scheme() == "file" || (cfg!(feature = "s3") && url.scheme() == "s3") => Ok(Self(url)),
            _ => Err(Error::invalid(field, "must be file:///DIR or s3://BUCKET/PREFIX").hint(format!(
                "this build speaks {known}; S3 takes its keys and endpoint from the usual AWS_* variables"
            ))),
        }
    }

    /// A local folder.
    pub fn folder(path: &FilePath) -> Result<Self> {
        let absolute =
            std::path::absolute(path).map_err(|e| Error::invalid("store", "is not a folder's path").caused_by(e))?;
        Url::from_file_path(&absolute).map(Self).map_err(|()| Error::invalid("store", "is not a folder's path"))
    }

    /// The address, for people; it holds no secret.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

pub(super) fn open(url: &StoreUrl) -> Result<Blobs> {
    match url.0.scheme() {
        "file" => open_folder(&url.0),
        #[cfg(feature = "s3")]
        "s3" => open_bucket(&url.0),
        other => Err(Error::invalid("store", format!("this build does not speak `{other}`"))
            .hint("use file:///DIR or s3://BUCKET/PREFIX")),
    }
}

fn open_folder(url: &Url) -> Result<Blobs> {
    let unusable = |cause: crate::base::BoxError| {
        Error::unavailable(format!("the folder {url} cannot be used as the object store"))
            .hint("check that it exists and that this user may write there")
            .caused_by(cause)
    };
    let folder: PathBuf = url
        .to_file_path()
        .map_err(|()| Error::invalid("store", "must name a folder").hint("for example file:///var/lib/llmops/blobs"))?;
    std::fs::create_dir_all(&folder).map_err(|e| unusable(e.into()))?;
    let store = LocalFileSystem::new_with_prefix(&folder).map_err(|e| unusable(e.into()))?.with_fsync(true);
    Ok(Blobs {
        store: Arc::new(store),
        prefix: Path::default(),
        parted: Parted::Folder(folder.clone()),
        folder: Some(folder),
        copied_at_once: COPIED_AT_ONCE,
        chunked: None,
        address: url.as_str().to_owned(),
    })
}

/// How often and how long a bucket that is away is tried again before a call fails: someone waits for the answer, and loops come
/// back by themselves. The pauses are 6 s together.
#[cfg(feature = "s3")]
const TRIES: usize = 6;
#[cfg(feature = "s3")]
const TRYING: Duration = Duration::from_secs(15);

#[cfg(feature = "s3")]
fn open_bucket(url: &Url) -> Result<Blobs> {
    crate::base::ensure_crypto_provider();
    let unusable = |cause: object_store::Error| {
        Error::unavailable(format!("the bucket {url} cannot be used as the object store"))
            .hint("set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, away from AWS, AWS_ENDPOINT and AWS_ALLOW_HTTP")
            .caused_by(cause)
    };
    let retry = RetryConfig { max_retries: TRIES, retry_timeout: TRYING, ..RetryConfig::default() };
    let builder = object_store::aws::AmazonS3Builder::from_env().with_url(url.as_str()).with_retry(retry);
    let store = builder.build().map_err(unusable)?;
    let prefix = Path::from(url.path().trim_matches('/'));
    let store = Arc::new(store);
    let parted = Parted::bucket(store.clone());
    Ok(Blobs {
        store,
        prefix,
        parted,
        folder: None,
        copied_at_once: COPIED_AT_ONCE,
        chunked: None,
        address: url.as_str().to_owned(),
    })
}
