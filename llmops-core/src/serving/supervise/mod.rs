//! What keeps an endpoint as it is asked to be: the decision, purely, and the words for it.

mod replica;
mod settle;
mod step;
#[cfg(test)]
mod tests;
mod words;

pub(super) use replica::{Health, Replica, Seen, Sights, Situation, Stage, Wanted};
pub(super) use step::{Action, refuse, roll_to, step};
pub(super) use words::judge;
