//! llmops for Python.
