//! The llmops engine.
