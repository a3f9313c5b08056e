//! The queue over the database.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::rows::{reservation, site};
use super::{Decision, Held, Owner, Reserve, Site, Standing, Waiting, place};
use crate::base::{Ctx, Error, Result, Timestamp};
use crate::store::Store;

/// Hands out the cores of one machine. Cheap to clone.
#[derive(Clone)]
pub struct Scheduler {
    store: Store,
    site: Site,
}

impl Scheduler {
    /// Hands out the cores of this machine.
    pub fn new(store: Store, site: Site) -> Self {
        Self { store, site }
    }

    /// The machine.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Queues a request in the caller's unit of work; asking again changes nothing.
    ///
    /// # Errors
    /// `invalid` when it asks for nothing, or for more than the machine can ever give.
    pub async fn reserve(&self, ctx: &Ctx, req: Reserve) -> Result<()> {
        self.check(req.cpu_millis)?;
        let row = reservation::Model {
            owner_kind: req.owner.kind,
            owner_id: req.owner.id,
            cpu_millis: req.cpu_millis.into(),
            priority: req.priority.into(),
            since: req.since.micros(),
            site: None,
            held_at: None,
        };
        use reservation::Column::{OwnerId, OwnerKind};
        let once = OnConflict::columns([OwnerKind, OwnerId]).do_nothing().to_owned();
        let insert = reservation::Entity::insert(row.into_active_model()).on_conflict(once);
        insert.exec_without_returning(&self.store.conn(ctx)).await?;
        Ok(())
    }

    /// Refuses a request that could never be served.
    pub fn check(&self, cpu_millis: u32) -> Result<()> {
        let most = self.site.cpu_millis;
        if (1..=most).contains(&cpu_millis) {
            return Ok(());
        }
        Err(Error::invalid(
            "resources.cpu",
            format!("must be above 0 and at most {}, all cores there are", cores(most)),
        )
        .code("too_much_cpu")
        .hint("ask for less, or run on a larger machine"))
    }

    /// Gives `owner` its cores in the caller's unit of work when it is its turn.
    pub async fn admit(&self, ctx: &Ctx, owner: &Owner) -> Result<Standing> {
        self.lock(ctx).await?;
        let Some(row) = self.find(ctx, owner).await? else { return Ok(Standing::Gone) };
        if row.site.is_some() {
            return Ok(Standing::Held);
        }
        let decision = self.decide(ctx).await?.into_iter().find(|(who, _)| who == owner);
        match decision {
            Some((_, Decision::Start)) => {
                let mut change = row.into_active_model();
                change.site = Set(Some(self.site.name.clone()));
                change.held_at = Set(Some(ctx.now().micros()));
                reservation::Entity::update(change).exec(&self.store.conn(ctx)).await?;
                Ok(Standing::Held)
            }
            Some((_, other)) => Ok(self.words(&other, row.cpu_millis)),
            None => Ok(Standing::Gone),
        }
    }

    /// Gives the cores back, or leaves the queue, in the caller's unit of work; wakes who waits.
    pub async fn release(&self, ctx: &Ctx, owner: &Owner) -> Result<()> {
        let gone =
            reservation::Entity::delete_by_id((owner.kind.clone(), owner.id)).exec(&self.store.conn(ctx)).await?;
        if gone.rows_affected > 0 {
            let kinds: BTreeSet<String> = self.waiting(ctx).await?.into_iter().map(|one| one.owner.kind).collect();
            kinds.into_iter().for_each(|kind| ctx.signal(kind));
        }
        Ok(())
    }

    /// Where each of these stands, in their order.
    pub async fn standings(&self, ctx: &Ctx, owners: &[Owner]) -> Result<Vec<Standing>> {
        let decisions = self.decide(ctx).await?;
        let mut standings = Vec::with_capacity(owners.len());
        for owner in owners {
            let row = self.find(ctx, owner).await?;
            let decision = decisions.iter().find(|(who, _)| who == owner).map(|(_, decision)| decision);
            standings.push(match (row, decision) {
                (None, _) => Standing::Gone,
                (Some(row), Some(decision)) if row.site.is_none() => self.words(decision, row.cpu_millis),
                (Some(_), _) => Standing::Held,
            });
        }
        Ok(standings)
    }

    /// Those of a kind whose turn it is.
    pub async fn startable(&self, ctx: &Ctx, kind: &str) -> Result<Vec<Owner>> {
        let started =
            |(owner, decision): (Owner, Decision)| (owner.kind == kind && decision == Decision::Start).then_some(owner);
        Ok(self.decide(ctx).await?.into_iter().filter_map(started).collect())
    }

    async fn decide(&self, ctx: &Ctx) -> Result<Vec<(Owner, Decision)>> {
        let running = reservation::Entity::find().filter(reservation::Column::Site.eq(self.site.name.as_str()));
        let running: Vec<Held> = running
            .all(&self.store.conn(ctx))
            .await?
            .into_iter()
            .map(|row| Held { owner: Owner::new(&row.owner_kind, row.owner_id), cpu_millis: millis(row.cpu_millis) })
            .collect();
        Ok(place(self.waiting(ctx).await?, self.site.cpu_millis, &running, ctx.now()))
    }

    async fn waiting(&self, ctx: &Ctx) -> Result<Vec<Waiting>> {
        let rows = reservation::Entity::find().filter(reservation::Column::Site.is_null());
        let rows = rows.all(&self.store.conn(ctx)).await?;
        Ok(rows.into_iter().map(to_waiting).collect())
    }

    async fn find(&self, ctx: &Ctx, owner: &Owner) -> Result<Option<reservation::Model>> {
        let key = (owner.kind.clone(), owner.id);
        Ok(reservation::Entity::find_by_id(key).one(&self.store.conn(ctx)).await?)
    }

    /// Locks the machine's row, so that two servers never hand out the same core.
    async fn lock(&self, ctx: &Ctx) -> Result<()> {
        let millis = i64::from(self.site.cpu_millis);
        let row = site::Model { name: self.site.name.clone(), cpu_millis: millis };
        let known =
            OnConflict::column(site::Column::Name).value(site::Column::CpuMillis, Expr::value(millis)).to_owned();
        let insert = site::Entity::insert(row.into_active_model()).on_conflict(known);
        insert.exec_without_returning(&self.store.conn(ctx)).await?;
        Ok(())
    }

    fn words(&self, decision: &Decision, asked: i64) -> Standing {
        let (asked, all) = (cores(millis(asked)), cores(self.site.cpu_millis));
        let (position, reason) = match decision {
            Decision::Start => return Standing::Waiting { position: 1, reason: "its turn has come".into() },
            Decision::Behind { position } => {
                let before = position - 1;
                let others = if before == 1 { "one other is".to_owned() } else { format!("{before} others are") };
                (*position, format!("{others} before it in the queue; it asks for {asked} of {all} cores"))
            }
            Decision::Full { position, free } => {
                (*position, format!("it is next, asks for {asked} of {all} cores, and {} are free", cores(*free)))
            }
            Decision::Never => (0, format!("it asks for {asked} cores and this machine has {all}")),
        };
        Standing::Waiting { position, reason }
    }
}

fn to_waiting(row: reservation::Model) -> Waiting {
    Waiting {
        owner: Owner::new(&row.owner_kind, row.owner_id),
        cpu_millis: millis(row.cpu_millis),
        priority: i32::try_from(row.priority).unwrap_or_default(),
        since: Timestamp::from_micros(row.since),
    }
}

fn millis(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}

/// Thousandths of a core as cores: `1500` is `1.5`.
fn cores(millis: u32) -> f64 {
    f64::from(millis) / 1000.0
}
