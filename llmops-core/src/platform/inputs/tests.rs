use super::*;
use crate::blob::StoreUrl;

#[tokio::test]
async fn bytes_that_rotted_are_given_to_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open_store(&StoreUrl::folder(&dir.path().join("blobs")).unwrap()).unwrap();
    let (sound, rotten) =
        (blobs.put_bytes(b"sound".to_vec()).await.unwrap(), blobs.put_bytes(b"rotten".to_vec()).await.unwrap());
    std::fs::write(blobs.local_file(&rotten.digest).unwrap(), "rotted").unwrap();
    let inputs = BlobInputs(blobs);
    inputs.fetch(&sound.digest, &dir.path().join("sound")).await.unwrap();
    assert_eq!(std::fs::read(dir.path().join("sound")).unwrap(), b"sound");
    let error = inputs.fetch(&rotten.digest, &dir.path().join("rotten")).await.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Upstream, "file_differs"));
}
