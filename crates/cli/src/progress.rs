//! How far a command is, on a terminal.

use std::cell::Cell;
use std::collections::BTreeMap;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::Output;
use crate::waits::{Shown, Waits};

/// A bar for each vendor on standard error, where a person looks at it; nothing elsewhere.
pub(crate) struct Progress<'w> {
    all: MultiProgress,
    waits: &'w Waits,
    /// Where it was shown before what is waited for, if that isn't to stay as it is.
    before: Cell<Option<Shown>>,
    bars: BTreeMap<&'static str, ProgressBar>,
}

impl<'w> Progress<'w> {
    /// Bars for the vendors of all steps. They also show what is waited for.
    pub(crate) fn new(
        output: &Output,
        waits: &'w Waits,
        steps: impl Iterator<Item = &'static str>,
    ) -> Self {
        let mut counts: BTreeMap<_, u64> = BTreeMap::new();
        for vendor in steps {
            *counts.entry(vendor).or_default() += 1;
        }
        let bars = counts.into_iter().map(|(vendor, count)| (vendor, ProgressBar::new(count)));
        Self::of(output, waits, "{prefix:18} {bar:30} {pos}/{len} {msg}", bars)
    }

    /// A count of what comes of a vendor's list, of which nobody knows how long it is.
    pub(crate) fn of_list(
        output: &Output,
        waits: &'w Waits,
        vendor: &'static str,
        what: &str,
    ) -> Self {
        let template = format!("{{prefix:18}} {{pos}} {what} {{msg}}");
        Self::of(output, waits, &template, [(vendor, ProgressBar::no_length())].into_iter())
    }

    fn of(
        output: &Output,
        waits: &'w Waits,
        template: &str,
        bars: impl Iterator<Item = (&'static str, ProgressBar)>,
    ) -> Self {
        let target = if output.is_watched() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let all = MultiProgress::with_draw_target(target);
        let style = ProgressStyle::with_template(template);
        let bars = bars.map(|(vendor, bar)| {
            let mut bar = bar.with_prefix(vendor);
            if let Ok(style) = &style {
                bar = bar.with_style(style.clone());
            }
            (vendor, all.add(bar))
        });
        let bars: BTreeMap<_, _> = bars.collect();
        let before = waits.show(if output.is_watched() {
            Shown::Bars(bars.clone())
        } else if output.names_steps() {
            Shown::Lines
        } else {
            Shown::Nowhere
        });
        // Lines need nobody to draw them.
        let before = Cell::new((!output.names_steps()).then_some(before));
        Self { bars, all: all.clone(), waits, before }
    }

    /// One step of a vendor's is done.
    pub(crate) fn step(&self, vendor: &str) {
        if let Some(bar) = self.bars.get(vendor) {
            bar.inc(1);
        }
    }

    /// Writes something to the terminal, where the bars make room for it.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.all.suspend(write)
    }

    /// Takes the bars away.
    pub(crate) fn end(&self) {
        // A bar that isn't finished is drawn once more when its last clone goes, below what is shown until then.
        self.bars.values().for_each(ProgressBar::finish_and_clear);
        // What can't be drawn needn't be taken away.
        let _ = self.all.clear();
        if let Some(before) = self.before.take() {
            self.waits.show(before);
        }
    }

    /// Takes the count of a list away, and says what there was where nobody looks at it.
    pub(crate) fn end_list<T>(
        &self,
        read: anyhow::Result<T>,
        [one, several]: [&str; 2],
        output: &mut Output,
    ) -> anyhow::Result<T> {
        self.end();
        for (vendor, bar) in self.bars.iter().filter(|_| read.is_ok()) {
            let number = bar.position();
            let what = if number == 1 { one } else { several };
            output.step(&format!("listed     {number} {what} of {vendor}"));
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shown_before_a_list_is_shown_after_it() {
        let waits = Waits::default();
        waits.show(Shown::Bars([("Cloudflare", ProgressBar::hidden())].into()));
        let list = Progress::of_list(&Output::discarded(), &waits, "Cloudflare", "accounts");
        list.end();
        list.end();
        assert!(matches!(waits.show(Shown::Nowhere), Shown::Bars(_)));
    }
}
