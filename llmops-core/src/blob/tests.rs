//! The behaviour of blobs, the same on a folder and on S3.
