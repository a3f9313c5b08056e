//! The room: a table in memory, kept up to date beside the requests.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use async_trait::async_trait;
use futures::future::try_join_all;
use futures::{FutureExt, StreamExt};
use tokio::sync::watch;

use super::attempt;
use super::check::check;
use super::limit::Limiter;
use super::meter::Meter;
use super::route::{Route, Table};
use super::several;
use super::*;
use crate::base::{Clock, Ctx, Error, Events, Page, PageInfo, PageRequest, Result};
use crate::provider::{ChatPiece, Deadlines, Provider, ProviderCall};
use crate::store::{Key, Store};

/// The topic that says that routes changed.
const TOPIC: &str = "serving";
/// The longest the table is trusted when no signal comes.
const REFRESH: Duration = Duration::from_secs(2);

/// How long a request waits for a replica of an endpoint that should have one.
const GRACE: Duration = Duration::from_secs(1);

/// What a gateway is made of.
pub struct GatewayOptions {
    /// Who answers which route.
    pub source: Arc<dyn RouteSource>,
    /// Speaks to the replicas.
    pub provider: Arc<dyn Provider>,
    /// Where usage goes.
    pub journal: Arc<Journal>,
    /// What a key may do.
    pub key_limits: KeyLimits,
    /// How long an answer may take.
    pub deadlines: Deadlines,
}

/// The gateway over what serving runs.
pub struct LiveGateway {
    store: Store,
    clock: Arc<dyn Clock>,
    options: GatewayOptions,
    limiter: Limiter,
    table: ArcSwap<Table>,
    swapped: watch::Sender<()>,
    started: Instant,
}

/// A request that may be sent.
struct Begun {
    id: String,
    created: i64,
    route: Arc<Route>,
    /// One for each answer.
    calls: Vec<ProviderCall>,
    meter: Meter,
}

impl LiveGateway {
    /// Reads who answers and follows the changes for as long as the gateway is held.
    pub async fn open(store: &Store, clock: &Arc<dyn Clock>, options: GatewayOptions) -> Result<Arc<Self>> {
        let gateway = Arc::new(Self {
            store: store.clone(),
            clock: clock.clone(),
            limiter: Limiter::new(options.key_limits),
            options,
            table: ArcSwap::default(),
            swapped: watch::Sender::new(()),
            started: Instant::now(),
        });
        let signals = store.signals().listen(TOPIC);
        gateway.refresh().await?;
        tokio::spawn(follow(Arc::downgrade(&gateway), signals));
        Ok(gateway)
    }

    /// Reads anew who answers. Requests under way keep the table they began with.
    pub(super) async fn refresh(&self) -> Result<()> {
        let ctx = Ctx::system().with_clock(self.clock.clone());
        let served = self.options.source.routes(&ctx).await?;
        let before = self.table.load();
        if before.says(&served) {
            return Ok(());
        }
        let table = Table::after(&before, served);
        self.limiter.keep_routes(|id| table.has(*id));
        metrics::gauge!("llmops_gateway_generation").set(table.generation as f64);
        self.table.store(Arc::new(table));
        self.swapped.send_replace(());
        Ok(())
    }

    /// The table may be a moment behind an endpoint that just said it is healthy: a request for one that runs and has no
    /// replica here yet waits for the next table.
    async fn await_replica(&self, ctx: &Ctx, req: &ChatRequest) {
        let mut swapped = self.swapped.subscribe();
        let bare = || {
            let route = self.table.load().resolve(ctx.project(), &req.route, req.environment);
            route.is_ok_and(|route| route.replicas.is_empty() && route.should_answer())
        };
        let appears = async { while bare() && swapped.changed().await.is_ok() {} };
        // Over, the request is answered with what is known.
        let _ = tokio::time::timeout(GRACE, appears).await;
    }

    /// Everything before the replica: who is meant, may it be asked, is there room.
    fn begin(&self, ctx: &Ctx, req: ChatRequest) -> Result<Begun> {
        let route = self.table.load().resolve(ctx.project(), &req.route, req.environment)?;
        let answers = req.n.unwrap_or(1);
        let ask = check(req, &route.served.limits)?;
        let admitted = self.limiter.admit(ctx, &route, answers)?;
        let slot = self.options.journal.slot()?;
        let id = format!("chatcmpl-{}", ctx.new_id().simple());
        let meter = Meter::new(ctx, &id, &route, slot, admitted);
        let call = ProviderCall {
            target: crate::provider::Target { base_url: String::new(), model: None, api_key: None },
            ask: Arc::new(ask),
            deadlines: self.options.deadlines,
            request_id: ctx.request_id.clone(),
        };
        Ok(Begun { id, created: ctx.now().micros() / 1_000_000, route, calls: several::calls(call, answers), meter })
    }

    fn describe(&self, ctx: &Ctx, environment: Option<crate::serving::Environment>) -> Vec<GatewayRoute> {
        let table = self.table.load();
        let routes = table.of(ctx.project()).iter().map(|route| route.describe());
        routes.filter(|route| environment.is_none_or(|wanted| wanted == route.environment)).collect()
    }
}

async fn follow(gateway: Weak<LiveGateway>, mut signals: crate::store::Listener) {
    loop {
        tokio::select! {
            () = signals.changed() => {}
            () = tokio::time::sleep(REFRESH) => {}
        }
        let Some(gateway) = gateway.upgrade() else { return };
        if let Err(error) = gateway.refresh().await {
            tracing::warn!(%error, "the routes could not be read anew; the last ones known stay in force");
        }
    }
}

#[async_trait]
impl Gateway for LiveGateway {
    async fn chat(&self, ctx: &Ctx, req: ChatRequest) -> Result<ChatCompletion> {
        if req.stream == Some(true) {
            return Err(Error::invalid("stream", "must not be true here").hint("call `gateway.chat_stream`"));
        }
        self.await_replica(ctx, &req).await;
        let Begun { id, created, route, calls, mut meter } = self.begin(ctx, req)?;
        let provider = &self.options.provider;
        let asked = calls.into_iter().map(|call| {
            attempt::run(&route, call, self.started, |call| {
                let provider = provider.clone();
                async move { provider.chat(&call).await }.boxed()
            })
        });
        let taken = try_join_all(asked).await.inspect_err(|error| meter.refused(error))?;
        let (answers, places) = taken.into_iter().map(|taken| (taken.answer, taken.place)).unzip();
        meter.taken(places);
        let answer = several::answer(answers);
        let usage = answer.usage.unwrap_or_default();
        if answer.usage.is_some() {
            meter.used(usage);
        }
        meter.completed();
        let (model, route) = (route.model(), route.served.route.clone());
        Ok(ChatCompletion { id, model, route, choices: answer.choices, usage, created })
    }

    async fn chat_stream(&self, ctx: &Ctx, req: ChatRequest) -> Result<Events<ChatChunk>> {
        self.await_replica(ctx, &req).await;
        let Begun { id, created, route, calls, mut meter } = self.begin(ctx, req)?;
        let provider = &self.options.provider;
        let asked = calls.into_iter().map(|call| {
            attempt::run(&route, call, self.started, |call| {
                let provider = provider.clone();
                async move { provider.chat_stream(&call).await }.boxed()
            })
        });
        let taken = try_join_all(asked).await.inspect_err(|error| meter.refused(error))?;
        let (streams, places) = taken.into_iter().map(|taken| (taken.answer, taken.place)).unzip();
        meter.taken(places);
        let head = ChatChunk {
            id,
            model: route.model(),
            route: route.served.route.clone(),
            choices: vec![],
            usage: None,
            created,
        };
        Ok(metered(several::pieces(streams), head, meter))
    }

    async fn get_route_health(&self, ctx: &Ctx, req: GetRouteHealth) -> Result<RouteHealth> {
        let table = self.table.load();
        let route = table.resolve(ctx.project(), &req.route, req.environment)?.describe();
        Ok(RouteHealth { available: route.replicas > 0, route, generation: table.generation })
    }

    async fn list_routes(&self, ctx: &Ctx, req: ListRoutes) -> Result<Page<GatewayRoute>> {
        let request = PageRequest::new(req.limit, req.cursor)?;
        let list = format!("{}|gateway|{:?}", ctx.project(), req.environment);
        let mut routes = self.describe(ctx, req.environment);
        if let Some(cursor) = &request.cursor {
            let key = self.store.cursors().read(&list, cursor)?;
            routes.retain(|route| place(route) > (key.value.clone(), key.id.clone()));
        }
        let more = routes.len() > request.limit as usize;
        routes.truncate(request.limit as usize);
        let next_cursor = routes.last().filter(|_| more).map(|last| {
            let (value, id) = place(last);
            self.store.cursors().write(&list, &Key { value, id })
        });
        Ok(Page { items: routes, page: PageInfo { next_cursor, limit: request.limit, total: None } })
    }
}

/// Where a route stands in the list.
fn place(route: &GatewayRoute) -> (String, String) {
    (route.route.clone(), super::route::rank(route.environment).to_string())
}

/// The pieces as chunks of one answer, counted as they pass. Dropped before its end, the answer was cancelled.
fn metered(mut pieces: Events<ChatPiece>, head: ChatChunk, mut meter: Meter) -> Events<ChatChunk> {
    let stream = async_stream::stream! {
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => {
                    meter.piece(&piece);
                    yield Ok(ChatChunk { choices: piece.choices, usage: piece.usage, ..head.clone() });
                }
                Err(error) => {
                    meter.failed();
                    yield Err(error);
                    return;
                }
            }
        }
        meter.completed();
    };
    stream.boxed()
}
