//! What a request uses, counted as it passes, and settled on every way out: at its end, at a failure, or when the caller
//! leaves and everything is dropped.

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Instant;

use super::journal::{Slot, UsageOutcome, UsageRecord};
use super::limit::Admitted;
use super::route::{Place, Route};
use crate::base::{Ctx, Error};
use crate::provider::{ChatPiece, ChatUsage};

/// Routes that are counted under their own name; the labels of metrics stay bounded.
const NAMED_ROUTES: usize = 200;

/// Counts one request.
pub(super) struct Meter {
    begun: Instant,
    slot: Option<Slot>,
    record: UsageRecord,
    _admitted: Admitted,
    places: Vec<Place>,
    first: Option<Instant>,
    refused: Option<&'static str>,
    has_finished: bool,
}

impl Meter {
    /// Begins to count a request that was let in.
    pub(super) fn new(ctx: &Ctx, id: &str, route: &Route, slot: Slot, admitted: Admitted) -> Self {
        let served = &route.served;
        let record = UsageRecord {
            id: id.to_owned(),
            request_id: ctx.request_id.clone(),
            at: ctx.now(),
            project: ctx.project().to_owned(),
            actor: ctx.caller.actor.clone(),
            key_id: ctx.caller.key_id.clone(),
            route: served.route.clone(),
            endpoint_id: served.endpoint_id.0,
            revision: served.revision,
            model_id: served.model_id.0,
            model: served.model_name.clone(),
            usage: ChatUsage::default(),
            is_exact: false,
            outcome: UsageOutcome::Cancelled,
            first_ms: None,
            total_ms: 0,
        };
        Self {
            begun: Instant::now(),
            slot: Some(slot),
            record,
            _admitted: admitted,
            places: Vec::new(),
            first: None,
            refused: None,
            has_finished: false,
        }
    }

    /// Replicas took the request: from now on it has used something.
    pub(super) fn taken(&mut self, places: Vec<Place>) {
        self.places = places;
    }

    /// No replica took the request. What is refused costs nothing.
    pub(super) fn refused(&mut self, error: &Error) {
        self.refused = Some(error.kind().name());
    }

    /// A piece passes.
    pub(super) fn piece(&mut self, piece: &ChatPiece) {
        if piece.has_content() {
            self.first.get_or_insert_with(Instant::now);
            if !self.record.is_exact {
                // A piece holds at least one token.
                self.record.usage.completion_tokens += 1;
                self.record.usage.total_tokens += 1;
            }
        }
        self.has_finished |= piece.choices.iter().any(|choice| choice.finish_reason.is_some());
        if let Some(usage) = piece.usage {
            self.used(usage);
        }
    }

    /// The model says what the answer used.
    pub(super) fn used(&mut self, usage: ChatUsage) {
        self.record.usage = usage;
        self.record.is_exact = true;
        if self.has_finished {
            self.record.outcome = UsageOutcome::Completed;
        }
    }

    /// The whole answer is there.
    pub(super) fn completed(&mut self) {
        self.record.outcome = UsageOutcome::Completed;
    }

    /// The answer broke off.
    pub(super) fn failed(&mut self) {
        self.record.outcome = UsageOutcome::Failed;
    }

    fn count(&self, outcome: &'static str) {
        let (route, usage) = (label(&self.record.route), &self.record.usage);
        metrics::counter!("llmops_gateway_requests_total", "route" => route.clone(), "outcome" => outcome).increment(1);
        let uncached = usage.prompt_tokens.saturating_sub(usage.cached_tokens);
        let kinds = [("input", uncached), ("cached_input", usage.cached_tokens), ("output", usage.completion_tokens)];
        for (kind, tokens) in kinds.into_iter().filter(|(_, tokens)| *tokens > 0) {
            metrics::counter!("llmops_gateway_tokens_total", "route" => route.clone(), "kind" => kind)
                .increment(tokens);
        }
        if self.refused.is_some() {
            return;
        }
        if !self.record.is_exact {
            metrics::counter!("llmops_gateway_usage_unknown_total", "route" => route.clone()).increment(1);
        }
        if let Some(first) = self.first {
            let seconds = (first - self.begun).as_secs_f64();
            metrics::histogram!("llmops_gateway_first_token_seconds", "route" => route.clone()).record(seconds);
        }
        let seconds = self.begun.elapsed().as_secs_f64();
        metrics::histogram!("llmops_gateway_request_seconds", "route" => route).record(seconds);
    }
}

/// Gives the gateway's metrics their help texts, in the recorder that this process has now.
pub fn describe_metrics() {
    metrics::describe_counter!("llmops_gateway_requests_total", "Questions to models, by route and outcome.");
    metrics::describe_counter!("llmops_gateway_tokens_total", "Tokens read and written, by route and kind.");
    metrics::describe_counter!("llmops_gateway_usage_unknown_total", "Answers whose model did not say what they used.");
    metrics::describe_counter!("llmops_gateway_usage_lost_total", "Records of use that could not be kept.");
    metrics::describe_histogram!("llmops_gateway_first_token_seconds", "Seconds to the first token, by route.");
    metrics::describe_histogram!("llmops_gateway_request_seconds", "Seconds to the end of an answer, by route.");
    metrics::describe_gauge!("llmops_gateway_generation", "Counts how often the routes in force were swapped.");
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.count(self.refused.unwrap_or(self.record.outcome.name()));
        // Without a place nobody began to answer; the slot is given back unused.
        if self.places.is_empty() {
            return;
        }
        let mut record = self.record.clone();
        record.first_ms = self.first.map(|first| (first - self.begun).as_millis() as u64);
        record.total_ms = self.begun.elapsed().as_millis() as u64;
        if let Some(slot) = self.slot.take() {
            slot.write(record);
        }
    }
}

/// The route as a label: the first ones by name, the rest together.
fn label(route: &str) -> String {
    static NAMED: LazyLock<Mutex<BTreeSet<String>>> = LazyLock::new(Mutex::default);
    let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
    if named.contains(route) {
        return route.to_owned();
    }
    if named.len() >= NAMED_ROUTES {
        return "other".to_owned();
    }
    named.insert(route.to_owned());
    route.to_owned()
}
