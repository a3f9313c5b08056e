//! The reference server of llmops.
