//! What changes, for who keeps pages and lists fresh.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::StreamExt;

use super::super::Changes;
use crate::base::{Caller, Ctx, Events};
use crate::store;

/// How long changes are gathered before they are told as one.
const GATHER: Duration = Duration::from_millis(500);

/// Tells `ctx`'s caller of changes in those of `domains` that he may read.
pub(super) fn follow(ctx: &Ctx, domains: &[&str], mut changes: store::Changes) -> Events<Changes> {
    let (all, project) = (readable(&ctx.caller, domains), ctx.project().to_owned());
    let events = async_stream::stream! {
        yield Ok(Changes { domains: all.clone() });
        loop {
            let mut seen = BTreeSet::new();
            while seen.is_empty() {
                take(&mut seen, changes.next().await, (&all, &project));
            }
            let end = tokio::time::sleep(GATHER);
            tokio::pin!(end);
            loop {
                tokio::select! {
                    () = &mut end => break,
                    change = changes.next() => take(&mut seen, change, (&all, &project)),
                }
            }
            yield Ok(Changes { domains: seen });
        }
    };
    events.boxed()
}

fn readable(caller: &Caller, domains: &[&str]) -> BTreeSet<String> {
    domains.iter().filter(|domain| caller.may(&format!("{domain}:read"))).map(|domain| (*domain).to_owned()).collect()
}

/// Adds what a change means to somebody who may read `all` and is in `project`.
fn take(seen: &mut BTreeSet<String>, change: Option<store::Changed>, (all, project): (&BTreeSet<String>, &str)) {
    let Some(change) = change else { return seen.extend(all.iter().cloned()) };
    let is_his = change.project.as_deref().is_none_or(|there| there == project);
    if is_his && all.contains(&change.domain) {
        seen.insert(change.domain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(change: Option<store::Changed>) -> Vec<String> {
        let (mut seen, all) = (BTreeSet::new(), BTreeSet::from(["cost".to_owned(), "training".to_owned()]));
        take(&mut seen, change, (&all, "here"));
        seen.into_iter().collect()
    }

    fn change(domain: &str, project: Option<&str>) -> Option<store::Changed> {
        Some(store::Changed { domain: domain.into(), project: project.map(str::to_owned) })
    }

    #[test]
    fn what_one_may_read_here_is_told() {
        assert_eq!(seen(change("training", Some("here"))), ["training"]);
        assert_eq!(seen(change("training", None)), ["training"]);
    }

    #[test]
    fn other_projects_and_domains_are_not() {
        assert_eq!(seen(change("training", Some("there"))), [""; 0]);
        assert_eq!(seen(change("governance", Some("here"))), [""; 0]);
    }

    #[test]
    fn what_was_missed_may_be_anything() {
        assert_eq!(seen(None), ["cost", "training"]);
    }
}
