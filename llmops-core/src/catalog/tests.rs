//! The catalog on a real SQLite file.
