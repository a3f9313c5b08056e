//! The gateway's part of the assembly.

use std::sync::Arc;

use super::Builder;
use crate::base::Result;
use crate::gateway::{GatewayOptions, Journal, LiveGateway, RouteSource};
use crate::provider::{OpenAi, Provider};
use crate::store::Store;

/// The gateway with its journal, over the routes of `serving` unless the host program knows others.
pub(super) async fn open(
    builder: &Builder,
    store: &Store,
    serving: Arc<dyn RouteSource>,
) -> Result<(Arc<LiveGateway>, Arc<Journal>)> {
    let journal = Journal::open(&builder.data_dir.join("journal"))?;
    let provider: Arc<dyn Provider> = match &builder.provider {
        Some(provider) => provider.clone(),
        None => Arc::new(OpenAi::new()?),
    };
    let options = GatewayOptions {
        source: builder.routes.clone().unwrap_or(serving),
        provider,
        journal: journal.clone(),
        key_limits: builder.key_limits,
        deadlines: builder.deadlines,
    };
    Ok((LiveGateway::open(store, &builder.clock, options).await?, journal))
}
