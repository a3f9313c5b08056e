//! Where the bytes of a test are: in its folder, or, where the tests run on PostgreSQL and there is an S3 server, in a bucket.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::StoreUrl;

/// The store of the test whose folder this is; the same one each time it is asked for.
pub(crate) fn store(folder: &Path) -> StoreUrl {
    match bucket(folder) {
        Some((url, _)) => StoreUrl::parse("store", &url).expect("a bucket has an address"),
        None => StoreUrl::folder(&folder.join("blobs")).expect("a folder has an address"),
    }
}

/// Where the bytes of that test are as files: the S3 server of the tests keeps its objects so.
pub(crate) fn kept(folder: &Path) -> PathBuf {
    bucket(folder).map_or_else(|| folder.join("blobs"), |(_, kept)| kept)
}

fn bucket(folder: &Path) -> Option<(String, PathBuf)> {
    let told = |name: &str| std::env::var(name).ok();
    told("LLMOPS_TEST_DATABASE").filter(|on| on == "postgres")?;
    let (bucket, files) = (told("LLMOPS_TEST_S3_BUCKET")?, told("LLMOPS_TEST_S3_FOLDER")?);
    let name = &hex::encode(Sha256::digest(folder.as_os_str().as_encoded_bytes()))[..32];
    Some((format!("s3://{bucket}/{name}"), Path::new(&files).join(name)))
}
