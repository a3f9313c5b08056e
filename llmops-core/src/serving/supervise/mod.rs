//! What keeps an endpoint as it is asked to be: the decision, purely, and the words for it.

mod replica;

pub(super) use replica::Replica;
