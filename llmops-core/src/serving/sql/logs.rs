//! What replicas write, as one stream.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt;
use sea_orm::EntityTrait;

use super::super::rows::endpoint;
use super::super::{EndpointId, EndpointLogChannel, EndpointLogLine, StreamEndpointLogs};
use super::SqlServing;
use super::endpoints::to_situation;
use crate::base::{Ctx, Events, Result};
use crate::compute::{Channel, WorkId};

/// What is read of each replica, in this order.
const CHANNELS: [(Channel, EndpointLogChannel); 2] =
    [(Channel::Text, EndpointLogChannel::Text), (Channel::Events, EndpointLogChannel::Events)];
/// Bytes read at a time.
const CHUNK: usize = 64 << 10;
/// How often to look for more.
const LOOK: Duration = Duration::from_millis(500);

impl SqlServing {
    pub(super) async fn logs(&self, ctx: &Ctx, req: StreamEndpointLogs) -> Result<Events<EndpointLogLine>> {
        self.load(ctx, req.endpoint_id).await?;
        let (ctx, room, follow) = (ctx.clone(), self.clone(), req.follow.unwrap_or(false));
        let mut read_to: BTreeMap<(WorkId, bool), u64> = BTreeMap::new();
        let events = async_stream::try_stream! {
            while let Some(replicas) = room.writers(&ctx, req.endpoint_id).await? {
                for (work, revision) in &replicas {
                    for (channel, named) in CHANNELS {
                        let at = read_to.entry((work.clone(), channel == Channel::Text)).or_default();
                        loop {
                            let chunk = room.compute.read_log(work, channel, *at, CHUNK).await?;
                            if chunk.bytes.is_empty() {
                                break;
                            }
                            *at = chunk.next;
                            for line in String::from_utf8_lossy(&chunk.bytes).lines() {
                                yield EndpointLogLine {
                                    replica: work.to_string(),
                                    revision: *revision,
                                    channel: named,
                                    line: line.to_owned(),
                                };
                            }
                        }
                    }
                }
                if !follow {
                    break;
                }
                read_to.retain(|(work, _), _| replicas.iter().any(|(there, _)| there == work));
                tokio::time::sleep(LOOK).await;
            }
        };
        Ok(events.boxed())
    }

    /// The work of an endpoint that may have written something, oldest first; nothing once the endpoint is gone.
    async fn writers(&self, ctx: &Ctx, id: EndpointId) -> Result<Option<Vec<(WorkId, u32)>>> {
        let Some(row) = endpoint::Entity::find_by_id(id.0).one(&self.store.conn(ctx)).await? else { return Ok(None) };
        let mut works = Vec::new();
        for replica in to_situation(&row)?.replicas {
            works.extend(replica.failed_work(id)?.map(|work| (replica.failed, work, replica.revision)));
            works.push((Some(replica.incarnation), replica.work(id)?, replica.revision));
        }
        works.sort();
        Ok(Some(works.into_iter().map(|(_, work, revision)| (work, revision)).collect()))
    }
}
