//! From a thing to all that it came from and all that came of it, generation by generation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};

use super::{LineageEdge, LineageGraph, LineageKind, LineageNode, LineageRoom, Link, THINGS, Thing, Things, Way};
use crate::base::{Ctx, Error, Id, Limits, PageInfo, PageRequest, Result};
use crate::store::{Key, Store};

/// How many things are looked at together.
const TOGETHER: usize = 500;

/// The lineages of everything, over the rooms that know parts of them. Cheap to clone.
#[derive(Clone)]
pub struct LineageGraphs {
    store: Store,
    rooms: Arc<RwLock<Vec<Arc<dyn LineageRoom>>>>,
}

/// What is asked about a thing that is there.
pub struct LineageQuestion {
    /// Its kind.
    pub kind: LineageKind,
    /// Its id.
    pub id: Id,
    /// How many generations, 1 to 10,000; all if absent.
    pub depth: Option<u32>,
    /// The most things of a page.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// Where a thing stands in the order of the pages: the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place {
    distance: u32,
    way: Way,
    thing: Thing,
}

/// All that was found, by ids alone.
#[derive(Default)]
struct Found {
    places: BTreeMap<Thing, Place>,
    links: BTreeSet<Link>,
    truncated: bool,
}

impl LineageGraphs {
    /// Lineages on this database, of no room yet.
    pub fn new(store: Store) -> Self {
        Self { store, rooms: Arc::default() }
    }

    /// Asks this room too.
    pub fn add(&self, room: Arc<dyn LineageRoom>) {
        self.rooms.write().unwrap_or_else(PoisonError::into_inner).push(room);
    }

    fn rooms(&self) -> Vec<Arc<dyn LineageRoom>> {
        self.rooms.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A page of the lineage.
    ///
    /// # Errors
    /// `invalid` for a depth or limit out of its range, `malformed` for a cursor of another lineage.
    pub async fn graph(&self, ctx: &Ctx, asked: LineageQuestion) -> Result<LineageGraph> {
        let depth = asked.depth.unwrap_or(THINGS);
        if !(1..=THINGS).contains(&depth) {
            return Err(Error::invalid("depth", "must be between 1 and 10,000").hint("leave it out for all"));
        }
        let request = PageRequest::new(Some(asked.limit.unwrap_or(Limits::PAGE)), asked.cursor)?;
        let start = Thing { kind: asked.kind, id: asked.id };
        let list = format!("{}|lineage|{start:?}|{depth}", ctx.project());
        let after = match &request.cursor {
            Some(cursor) => Some(place_at(&self.store.cursors().read(&list, cursor)?)?),
            None => None,
        };
        let found = self.found(ctx, (start, depth), (after, request.limit as usize)).await?;
        let mut places: Vec<Place> = found.places.values().copied().filter(|place| Some(*place) > after).collect();
        places.sort_unstable();
        let more = places.len() > request.limit as usize;
        places.truncate(request.limit as usize);
        let last = places.last().copied();
        let next_cursor = match last.filter(|_| more) {
            Some(last) => Some(self.store.cursors().write(&list, &key_of(last)?)),
            None => None,
        };
        let shown = |link: &&Link| {
            let later = found.places.get(&link.from).max(found.places.get(&link.to)).copied();
            later > after && later <= last
        };
        let edge = |link: &Link| LineageEdge { from: link.from.id, to: link.to.id, relation: link.relation };
        Ok(LineageGraph {
            edges: found.links.iter().filter(shown).map(edge).collect(),
            nodes: self.named(ctx, &places).await?,
            truncated: found.truncated,
            page: PageInfo { next_cursor, limit: request.limit, total: None },
        })
    }

    /// Goes both ways a generation at a time, as far as `many` things after a place take.
    async fn found(
        &self,
        ctx: &Ctx,
        (start, depth): (Thing, u32),
        (after, many): (Option<Place>, usize),
    ) -> Result<Found> {
        let mut found = Found::default();
        found.places.insert(start, Place { distance: 0, way: Way::Before, thing: start });
        let mut fronts = [(Way::Before, vec![start]), (Way::After, vec![start])];
        // One step more than is shown tells whether there is more.
        for distance in 1..=depth + 1 {
            if found.settled(after, distance) >= many {
                break;
            }
            for (way, front) in &mut fronts {
                let is_shown = distance <= depth;
                let next = self.generation(ctx, &mut found, (*way, front), is_shown).await?;
                let places = next.iter().map(|thing| (*thing, Place { distance, way: *way, thing: *thing }));
                found.places.extend(places);
                *front = next.into_iter().collect();
            }
            if fronts.iter().all(|(_, front)| front.is_empty()) {
                break;
            }
        }
        Ok(found)
    }

    /// What is new one step from these things.
    async fn generation(
        &self,
        ctx: &Ctx,
        found: &mut Found,
        (way, of): (Way, &[Thing]),
        is_shown: bool,
    ) -> Result<BTreeSet<Thing>> {
        let mut next = BTreeSet::new();
        for some in of.chunks(TOGETHER) {
            let some = Things(some.iter().copied().collect());
            for room in self.rooms() {
                for link in room.links(ctx, way, &some).await? {
                    found.take(link, way, is_shown.then_some(&mut next));
                }
            }
        }
        Ok(next)
    }

    async fn named(&self, ctx: &Ctx, places: &[Place]) -> Result<Vec<LineageNode>> {
        let mut names: BTreeMap<Id, String> = BTreeMap::new();
        for some in places.chunks(TOGETHER) {
            let things = Things(some.iter().map(|place| place.thing).collect());
            for room in self.rooms() {
                names.extend(room.names(ctx, &things).await?);
            }
        }
        let node = |place: &Place| {
            let steps = i32::try_from(place.distance).unwrap_or(i32::MAX);
            LineageNode {
                kind: place.thing.kind,
                id: place.thing.id,
                name: names.remove(&place.thing.id),
                generation: if place.way == Way::Before { -steps } else { steps },
            }
        };
        Ok(places.iter().map(node).collect())
    }
}

impl Found {
    /// How many things after a place are whole before the step to this distance: they and what they hang together with are known.
    fn settled(&self, after: Option<Place>, distance: u32) -> usize {
        self.places.values().filter(|place| Some(**place) > after && place.distance + 2 <= distance).count()
    }

    /// Takes a link, with what it leads to if that is new; without a next generation it only tells that there is more. What is
    /// there already is not followed again, so that a circle ends.
    fn take(&mut self, link: Link, way: Way, next: Option<&mut BTreeSet<Thing>>) {
        let leads_to = if way == Way::Before { link.from } else { link.to };
        let known = self.places.contains_key(&leads_to);
        match next {
            _ if known => {}
            Some(next) if next.contains(&leads_to) => {}
            Some(next) if self.places.len() + next.len() < THINGS as usize => {
                next.insert(leads_to);
            }
            _ => {
                self.truncated = true;
                return;
            }
        }
        if link.from != link.to {
            self.links.insert(link);
        }
    }
}

fn key_of(place: Place) -> Result<Key> {
    let value = serde_json::to_string(&place).map_err(|e| Error::unexpected("a place is no JSON").caused_by(e))?;
    Ok(Key { value, id: String::new() })
}

fn place_at(key: &Key) -> Result<Place> {
    serde_json::from_str(&key.value).map_err(|e| Error::unexpected("a signed cursor holds no place").caused_by(e))
}
