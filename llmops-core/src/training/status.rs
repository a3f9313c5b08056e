//! The names of states in the tables, and the stages of the loop.

use super::{JobFailureClass, JobStatus, TrainingJobType, TrainingMethod};
use crate::base::{Error, Result};

/// Names of a closed set, as the tables keep them.
macro_rules! names {
    ($what:literal, $Type:ident { $($variant:ident = $name:literal,)* }) => {
        impl $Type {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name that doors and tables use.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The one of this name.
            pub fn from_name(name: &str) -> Result<Self> {
                let found = Self::ALL.iter().copied().find(|one| one.name() == name);
                found.ok_or_else(|| Error::unexpected(format!(concat!($what, " is `{}`, which is unknown"), name)))
            }
        }
    };
}

/// What the loop does next with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Waits for its turn.
    Waiting,
    /// Has its cores; its data is brought together.
    Preparing,
    /// The work is being started.
    Starting,
    /// The work runs.
    Following,
    /// The work left a model, which goes into the catalog.
    Registering,
    /// The job has ended; what it wrote is put away.
    Archiving,
    /// Nothing is left to do.
    Resting,
}

names!("a job's status", JobStatus {
    Queued = "queued",
    Running = "running",
    Succeeded = "succeeded",
    Failed = "failed",
    Cancelled = "cancelled",
});
names!("a job's type", TrainingJobType {
    Finetune = "finetune",
    FromScratch = "from_scratch",
    Pretrain = "pretrain",
});
names!("a training method", TrainingMethod { Full = "full", Lora = "lora", Qlora = "qlora", });
names!("a job's stage", Stage {
    Waiting = "waiting",
    Preparing = "preparing",
    Starting = "starting",
    Following = "following",
    Registering = "registering",
    Archiving = "archiving",
    Resting = "resting",
});
names!("a failure's class", JobFailureClass {
    OutOfMemory = "out_of_memory",
    Configuration = "configuration",
    Data = "data",
    Model = "model",
    Preempted = "preempted",
    Timeout = "timeout",
    NodeLost = "node_lost",
    Code = "code",
});

impl JobStatus {
    /// Whether the job has ended.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

impl TrainingJobType {
    /// Whether it makes a model from nothing.
    pub(super) fn begins_from_nothing(self) -> bool {
        self != Self::Finetune
    }
}

impl Stage {
    /// Stages of a job whose place must act.
    pub(super) const BUSY: [Self; 5] =
        [Self::Preparing, Self::Starting, Self::Following, Self::Registering, Self::Archiving];
}
