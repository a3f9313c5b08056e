//! The reviewer of the story: nobody approves his own work, so there must be two.

use llmops_core::base::{Error, Result, Secret};
use serde_json::{Value, json};

use crate::cli::{Client, Output, datasets, models, text};

/// Makes a key for a reviewer, and a client that uses it.
async fn reviewer(client: &Client) -> Result<Client> {
    let request = json!({ "name": "quickstart-reviewer", "roles": ["reviewer"] });
    let made = client.call("governance.create_api_key", request).await?;
    let secret = text(&made, "secret");
    if secret.is_empty() {
        return Err(Error::unexpected("a new key came without its secret"));
    }
    Client::new(client.url(), Some(Secret::new(secret)), Output::new(client.out.is_json()))
}

/// Two people: who makes things, and who approves them.
pub(super) struct People {
    /// Makes.
    pub(super) maker: Client,
    reviewer: Option<Client>,
}

impl People {
    /// The maker; the reviewer comes when there is something to review.
    pub(super) fn new(maker: Client) -> Self {
        Self { maker, reviewer: None }
    }

    async fn reviewer(&mut self) -> Result<&Client> {
        let made = match self.reviewer.take() {
            Some(there) => there,
            None => reviewer(&self.maker).await?,
        };
        Ok(self.reviewer.insert(made))
    }

    /// Brings a dataset from where it stands to its approval.
    pub(super) async fn approve_dataset(&mut self, dataset: Value) -> Result<Value> {
        let mut dataset = dataset;
        if text(&dataset, "status") == "draft" {
            dataset = datasets::submit(&self.maker, &dataset).await?;
        }
        if text(&dataset, "status") == "under_review" {
            dataset = datasets::review(self.reviewer().await?, &dataset, "approve", None).await?;
        }
        approved(&dataset)?;
        Ok(dataset)
    }

    /// Brings a model from where it stands to its approval; a draft gets its card first.
    pub(super) async fn approve_model(&mut self, model: Value, card: Value) -> Result<Value> {
        let mut model = model;
        if text(&model, "status") == "draft" {
            let request = json!({ "modelId": model["id"], "metadata": card });
            model = self.maker.call("catalog.update_model", request).await?;
            model = models::submit(&self.maker, &model).await?;
        }
        if text(&model, "status") == "under_review" {
            model = models::review(self.reviewer().await?, &model, "approve", None).await?;
        }
        approved(&model)?;
        Ok(model)
    }
}

fn approved(thing: &Value) -> Result<()> {
    let (name, version, status) = (text(thing, "name"), text(thing, "version"), text(thing, "status"));
    if status == "approved" {
        return Ok(());
    }
    Err(Error::conflict(format!("{name} {version} is {status}, and the story needs it approved"))
        .hint("tell the story in a new folder: --data DIR"))
}
