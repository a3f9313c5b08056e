//! Who may run when: requests for CPU time in a queue, and the cores of a machine handed out in turn. Rank 3.
//!
//! Any room reserves for what it wants to run: a reservation is a row written with what needs it, so both exist or
//! neither. The room's own loop asks [`Scheduler::admit`] for its turn, and gives back what it got at the end.

mod place;
mod rows;
mod sql;
#[cfg(test)]
mod tests;

pub use place::{Decision, Held, Waiting, place};
pub use sql::Scheduler;

use crate::base::{Id, Timestamp};

/// What a reservation is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    /// The kind, which is the name of the loop that is woken when there is room: `training`, `evaluation`.
    pub kind: String,
    /// Its id.
    pub id: Id,
}

impl Owner {
    /// This one of that kind.
    pub fn new(kind: &str, id: Id) -> Self {
        Self { kind: kind.to_owned(), id }
    }
}

/// A request for CPU time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    /// For what.
    pub owner: Owner,
    /// Thousandths of a core, for as long as it runs.
    pub cpu_millis: u32,
    /// Higher goes first.
    pub priority: i32,
    /// Since when it waits.
    pub since: Timestamp,
}

/// A machine whose cores are handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Which one: servers that say the same hand out the same cores.
    pub name: String,
    /// Thousandths of cores there are.
    pub cpu_millis: u32,
}

/// Where a reservation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has its cores.
    Held,
    /// It has not.
    Waiting {
        /// Its place in the queue, from 1.
        position: u32,
        /// Why, in words.
        reason: String,
    },
    /// There is none: it was never made, or given back.
    Gone,
}
