//! llmops for Node.js.
