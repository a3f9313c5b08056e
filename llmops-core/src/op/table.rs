//! Who carries out which operation.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::{Kind, Operation, RequestSchema};
use crate::base::{Error, Result};

/// The operation of this name.
pub fn named(operations: &'static [Operation], name: &str) -> Result<&'static Operation> {
    operations.iter().find(|op| op.name == name).ok_or_else(|| Error::not_found("operation", name))
}

/// The rooms by the type of their trait, each behind the gate or behind a wire.
#[derive(Default)]
pub struct Handles(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl Handles {
    /// Keeps a room.
    pub fn insert<T: ?Sized + Send + Sync + 'static>(&mut self, room: Arc<T>) {
        self.0.insert(TypeId::of::<Arc<T>>(), Box::new(room));
    }

    /// The room with this trait.
    pub fn get<T: ?Sized + Send + Sync + 'static>(&self) -> Result<Arc<T>> {
        let room = self.0.get(&TypeId::of::<Arc<T>>()).and_then(|any| any.downcast_ref::<Arc<T>>());
        room.cloned().ok_or_else(|| Error::unexpected(format!("no room for {}", std::any::type_name::<T>())))
    }
}

/// Every operation by name, with its request's schema at hand.
pub struct OperationTable {
    by_name: HashMap<&'static str, (&'static Operation, LazyLock<RequestSchema, SchemaOf>)>,
    order: Vec<&'static Operation>,
}

type SchemaOf = Box<dyn FnOnce() -> RequestSchema + Send + Sync>;

impl OperationTable {
    /// The table over these domains.
    pub fn new(domains: &[&'static [Operation]]) -> Self {
        let order: Vec<&'static Operation> = domains.iter().flat_map(|operations| operations.iter()).collect();
        let by_name = order.iter().map(|op| {
            let op = *op;
            let schema: SchemaOf = Box::new(move || RequestSchema::of(op));
            (op.name, (op, LazyLock::new(schema)))
        });
        Self { by_name: by_name.collect(), order }
    }

    /// All of them, in the order of their declaration.
    pub fn iter(&self) -> impl Iterator<Item = &'static Operation> + '_ {
        self.order.iter().copied()
    }

    /// The stream that tells the changes of what an operation reads.
    pub fn events_of(&self, op: &Operation) -> Option<&'static Operation> {
        let is =
            |other: &&Operation| other.kind() == Kind::Stream && other.path.strip_suffix("/events") == Some(op.path);
        self.iter().find(|other| op.verb == "GET" && op.kind() == Kind::Unary && is(other))
    }

    /// The operation of this name, in either spelling: `catalog.create_model` or `catalog.createModel`.
    pub fn find(&self, name: &str) -> Result<(&'static Operation, &RequestSchema)> {
        let snake = super::schema::snake_case(name);
        let (op, schema) = self.by_name.get(snake.as_str()).ok_or_else(|| {
            Error::not_found("operation", name).hint("`llmops-server call --list` prints the operations there are")
        })?;
        Ok((op, schema))
    }
}
