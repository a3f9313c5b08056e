//! How far something is: a bar on a terminal, now and then a line elsewhere, nothing for a program that asked for JSON.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::Output;

/// Lines come no closer than this when nobody watches a terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows how far one thing is.
pub(crate) enum Progress {
    /// A bar that moves.
    Bar(ProgressBar),
    /// Lines, at most one in [`LINE_EVERY`].
    Lines { out: Output, label: String, last: Option<Instant> },
    /// Nothing.
    Hidden,
}

impl Progress {
    /// The progress of `label`, shown to people only.
    pub(crate) fn new(out: Output, label: &str) -> Self {
        if out.is_json() {
            return Self::Hidden;
        }
        if !out.watched() {
            return Self::Lines { out, label: label.to_owned(), last: None };
        }
        let bar = ProgressBar::no_length().with_prefix(label.to_owned());
        bar.set_style(style("{spinner} {prefix}  {msg}"));
        bar.enable_steady_tick(Duration::from_millis(120));
        Self::Bar(bar)
    }

    /// It is at `done` of `total` (0 if nobody knows) and this is to be said about it.
    pub(crate) fn at(&mut self, done: u64, total: u64, message: &str) {
        match self {
            Self::Bar(bar) => {
                if total > 0 && bar.length() != Some(total) {
                    bar.set_length(total);
                    bar.set_style(style("{spinner} {prefix}  {bar:30} {pos}/{len}  {msg}"));
                }
                bar.set_position(done);
                bar.set_message(message.to_owned());
            }
            Self::Lines { out, label, last } => {
                if last.is_none_or(|at| at.elapsed() >= LINE_EVERY) {
                    *last = Some(Instant::now());
                    let count = if total > 0 { format!("  {done}/{total}") } else { String::new() };
                    out.note(&format!("  {label}{count}  {message}"));
                }
            }
            Self::Hidden => {}
        }
    }

    /// It is over; the bar goes.
    pub(crate) fn done(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    // The templates are fixed and right; a wrong one would show the default bar.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ")
}
