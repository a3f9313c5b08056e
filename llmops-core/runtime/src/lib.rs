//! The local runtime of llmops.
