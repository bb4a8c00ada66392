//! How far a command is, on a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use letterhead::{Attempt, BoxFuture, Hook, HookResult, Outcome};

use crate::output::Output;

/// A bar for each vendor on standard error, where a person looks at it; nothing elsewhere.
pub(crate) struct Progress {
    all: MultiProgress,
    bars: BTreeMap<&'static str, ProgressBar>,
}

impl Progress {
    /// Bars for the vendors of all steps. They also show when the vendors throttle.
    pub(crate) fn new(
        output: &Output,
        waits: &Waits,
        steps: impl Iterator<Item = &'static str>,
    ) -> Self {
        let mut counts: BTreeMap<_, u64> = BTreeMap::new();
        for vendor in steps {
            *counts.entry(vendor).or_default() += 1;
        }
        let target = if output.is_watched() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let all = MultiProgress::with_draw_target(target);
        let style = ProgressStyle::with_template("{prefix:18} {bar:30} {pos}/{len} {msg}");
        let bars = counts.into_iter().map(|(vendor, count)| {
            let mut bar = ProgressBar::new(count).with_prefix(vendor);
            if let Ok(style) = &style {
                bar = bar.with_style(style.clone());
            }
            (vendor, all.add(bar))
        });
        let bars: BTreeMap<_, _> = bars.collect();
        waits.show(if output.is_watched() {
            Shown::Bars(bars.clone())
        } else if output.names_steps() {
            Shown::Lines
        } else {
            Shown::Nowhere
        });
        Self { bars, all: all.clone() }
    }

    /// One step of a vendor's is done.
    pub(crate) fn step(&self, vendor: &str) {
        if let Some(bar) = self.bars.get(vendor) {
            bar.inc(1);
        }
    }

    /// Takes the bars away.
    pub(crate) fn end(&self) {
        // What can't be drawn needn't be taken away.
        let _ = self.all.clear();
    }
}

/// Sees when a vendor throttles, so that nobody wonders what takes so long.
#[derive(Default)]
pub(crate) struct Waits(Mutex<Shown>);

/// Where it is shown that a vendor throttles.
#[derive(Default)]
pub(crate) enum Shown {
    #[default]
    Nowhere,
    /// In a line of standard error: whoever waits has no output at hand.
    Lines,
    Bars(BTreeMap<&'static str, ProgressBar>),
}

impl Waits {
    /// Shows it there from now on.
    pub(crate) fn show(&self, shown: Shown) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }

    fn say(&self, vendor: &str, message: &str) {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Shown::Bars(bars) => {
                if let Some(bar) = bars.get(vendor) {
                    bar.set_message(message.to_owned());
                }
            }
            Shown::Lines if !message.is_empty() => {
                let _ = writeln!(io::stderr(), "waiting    {vendor}: {message}");
            }
            Shown::Lines | Shown::Nowhere => {}
        }
    }
}

impl Hook for Waits {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async {
            self.say(attempt.vendor(), "");
            Ok(None)
        })
    }

    fn on_response<'a>(&'a self, attempt: &'a Attempt, outcome: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async {
            if let Some(error) = outcome.error().filter(|error| error.is_throttled()) {
                let wait = error.retry_after().map(|wait| format!(", {} s", wait.as_secs()));
                self.say(attempt.vendor(), &format!("rate limit{}", wait.unwrap_or_default()));
            }
        })
    }
}
