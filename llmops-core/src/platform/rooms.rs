//! The rooms, one line each.

use std::sync::Arc;

use super::LlmOps;
use crate::op::{Gate, Gated, Handles, Operation, Remote, Wire};

macro_rules! rooms {
    ($($(#[doc = $doc:literal])* $room:ident: $Trait:ident,)*) => {
        /// Every room of the platform. A host program may replace any of them before the gate is put in front.
        #[derive(Clone)]
        pub struct Rooms { $($(#[doc = $doc])* pub $room: Arc<dyn crate::$room::$Trait>,)* }

        impl Rooms {
            /// The same rooms, each behind the gate.
            pub fn gated(self, gate: &Arc<dyn Gate>) -> Self {
                Self { $($room: Arc::new(Gated::new(gate.clone(), self.$room)),)* }
            }

            /// The rooms of a server.
            pub fn remote(wire: &Arc<dyn Wire>) -> Self {
                Self { $($room: Arc::new(Remote::<dyn crate::$room::$Trait>::new(wire.clone())),)* }
            }

            pub(super) fn handles(&self) -> Handles {
                let mut handles = Handles::default();
                $(handles.insert(self.$room.clone());)*
                handles
            }
        }

        impl LlmOps {
            $($(#[doc = $doc])* pub fn $room(&self) -> &dyn crate::$room::$Trait {
                &*self.rooms().$room
            })*
        }

        /// The operations of every room.
        pub fn domains() -> Vec<&'static [Operation]> {
            vec![$(crate::$room::OPERATIONS,)*]
        }

        /// What every room is for: its name and a sentence.
        pub const ROOMS: &[(&str, &str)] = &[$((stringify!($room), concat!($($doc),*).trim_ascii()),)*];
    };
}

rooms! {
    /// Models, their versions, files, reviews and lineage.
    catalog: Catalog,
    /// Datasets, their versions, what they hold and whether they may be used.
    datasets: Datasets,
    /// What work used and what that costs.
    cost: Cost,
    /// How good models are: answers to samples, scored, recorded and compared.
    evaluation: Evaluation,
    /// Runs, their parameters and metrics.
    experiments: Experiments,
    /// One way to every model that answers.
    gateway: Gateway,
    /// API keys and the audit log.
    governance: Governance,
    /// Models that answer: endpoints, their replicas and revisions.
    serving: Serving,
    /// Jobs that make a model from data.
    training: Training,
}
