//! The facade every door opens onto: builder, gate, loops, and the same platform on a server. Rank 8.

mod assemble;
mod builder;
mod facade;
mod gate;
mod gauges;
mod inputs;
mod lineage;
mod local;
mod place;
mod reading;
mod receiver;
mod remote;
mod rooms;
mod routing;
#[cfg(test)]
mod tests;
mod transfer;
#[cfg(test)]
mod trial;

pub use crate::governance::PROJECT_HEADER;
pub use builder::Builder;
pub use facade::LlmOps;
pub use gauges::Gauge;
pub use local::{Local, as_parts, local_files, unreadable};
pub use receiver::{Receiver, Taking, To, ToDataset};
pub use remote::ClientOptions;
pub use rooms::{ROOMS, Rooms, domains};
pub use transfer::{Progress, SendFiles};
#[cfg(test)]
pub(crate) use trial::on_trial;
