//! The names of closed sets, as doors and tables use them.

use super::{EndpointStatus, Environment};
use crate::base::{Error, Result};

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

names!("an endpoint's environment", Environment {
    Dev = "dev",
    Stg = "stg",
    Prod = "prod",
});
names!("an endpoint's status", EndpointStatus {
    Deploying = "deploying",
    Healthy = "healthy",
    Degraded = "degraded",
    Failed = "failed",
    Stopped = "stopped",
});
