//! `models reviews` and `datasets reviews`: who decided what, and why.

use llmops_core::base::Result;
use serde_json::Value;

use super::client::Client;
use super::output::Column;

const REVIEWS: &[Column] = &[
    ("WHEN", "/createdAt"),
    ("WHO", "/reviewer"),
    ("DECISION", "/decision"),
    ("WHY", "/notes"),
    ("OF", "/digest"),
    ("POLICY", "/policyVersion"),
];

/// Shows the reviews of what the request names.
pub(super) async fn list(client: &Client, operation: &str, of: Value) -> Result<()> {
    client.out.rows(&client.list(operation, of, usize::MAX).await?, REVIEWS);
    Ok(())
}
