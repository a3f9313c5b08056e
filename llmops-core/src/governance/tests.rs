//! Keys and roles.
