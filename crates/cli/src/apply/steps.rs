//! The steps of an apply: one for each target, some at once.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt as _, stream};
use letterhead::{CorrelationId, RequestId};
use letterhead_diagnostics::count;
use tokio::sync::Notify;

use crate::became::{Became, Rewritten};
use crate::exit::Exit;
use crate::journal::{Event, Journal};
use crate::output::Output;
use crate::plan::{Plan, TargetPlan};
use crate::progress::Progress;
use crate::shown;
use crate::step::{Failure, Step};
use crate::target::{Change, Snapshot, Target};
use crate::vendors::Vendors;
use crate::writes::Writes;

/// How many targets are written at once.
const AT_ONCE: usize = 4;

const INTERRUPTED: &str =
    "interrupted: the writes under way are finished; Ctrl-C once more ends at once";

/// What an apply has done already, before it was interrupted.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) writes: Writes,
    pub(crate) settled: BTreeMap<Target, Became>,
}

/// What all steps of an apply have in common.
#[derive(Clone, Copy)]
pub(crate) struct Steps<'a> {
    pub(crate) id: CorrelationId,
    pub(crate) vendors: &'a Vendors<'a>,
    pub(crate) journal: &'a Journal,
    pub(crate) stop: &'a Stop,
}

/// Says when no further write is to begin: after an interrupt, or after a fault.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop {
    is_set: Arc<AtomicBool>,
    interrupted: Arc<Notify>,
}

impl Stop {
    /// Stops at Ctrl-C. A second one ends the program at once.
    pub(crate) fn at_interrupt() -> Self {
        let stop = Self::default();
        let own = stop.clone();
        tokio::spawn(async move {
            // Counted by themselves: a fault stops as well, and is no reason to leave a write unfinished.
            let mut interrupts = 0;
            while tokio::signal::ctrl_c().await.is_ok() {
                interrupts += 1;
                if interrupts > 1 {
                    // The journal has what is under way.
                    std::process::exit(Exit::Partly as i32);
                }
                own.set();
                own.interrupted.notify_one();
            }
        });
        stop
    }

    pub(super) fn set(&self) {
        self.is_set.store(true, Ordering::SeqCst);
    }

    fn is_set(&self) -> bool {
        self.is_set.load(Ordering::SeqCst)
    }
}

impl Steps<'_> {
    /// Makes the changes of a plan at every target that isn't done with, and says what became of each.
    ///
    /// # Errors
    /// A journal or an output that can't be written, and nothing that may have been: no further write begins then,
    /// and those under way are finished.
    pub(crate) async fn run(
        self,
        plan: &Plan,
        done: Done,
        output: &mut Output,
    ) -> anyhow::Result<Exit> {
        let Done { writes, mut settled } = done;
        let is_open = |target: &Target| !settled.get(target).is_some_and(Became::is_over);
        let changed = plan.targets.iter().filter(|target| !target.changes.is_empty());
        let open: Vec<_> = changed.clone().filter(|target| is_open(&target.target)).collect();
        let vendors = open.iter().map(|target| target.target.vendor());
        let progress = Progress::new(output, self.vendors.waits(), vendors);
        let steps = open.iter().map(|target| {
            let is_begun = writes.may_have_taken_effect(&target.target);
            async move { (&target.target, self.step(target, is_begun).await) }
        });
        let mut steps = stream::iter(steps).buffer_unordered(AT_ONCE);
        let mut fault = None;
        loop {
            let next = tokio::select! {
                next = steps.next() => next,
                () = self.stop.interrupted.notified() => {
                    progress.suspend(|| output.note(INTERRUPTED));
                    continue;
                }
            };
            let Some((target, became)) = next else { break };
            let Some(became) = became else { continue };
            progress.step(target.vendor());
            if let Err(error) = progress.suspend(|| self.settle(target, &became, output)) {
                self.stop.set();
                fault.get_or_insert(error);
            }
            settled.insert(target.clone(), became);
        }
        progress.end();
        drop(steps);
        let mut summary = Summary::new(changed.map(|target| &target.target), &settled);
        // A write that nobody knows anything of may have been made before somebody else's.
        summary.may_be_written |= open.iter().map(|target| &target.target).any(|target| {
            writes.may_have_taken_effect(target) || self.journal.may_have_taken_effect(target)
        });
        let ended = self.journal.append(self.id, Event::Ended { left: summary.left.len() });
        let ended = ended.and_then(|()| summary.show(self.id, output));
        match fault.or(ended.err()) {
            None => Ok(summary.exit()),
            Some(fault) if summary.may_be_written => {
                let fault = output.shown(&fault);
                output.error(&fault);
                Ok(Exit::Partly)
            }
            Some(fault) => Err(fault),
        }
    }

    /// Writes one target and reads it back; none where the apply stops before.
    async fn step(self, target: &TargetPlan, is_begun: bool) -> Option<Became> {
        if self.stop.is_set() {
            return None;
        }
        let may_be_own = || is_begun || self.journal.may_have_taken_effect(&target.target);
        let writes = AtomicBool::new(false);
        let begin = |path: &str, request_id: Option<RequestId>| {
            // What has begun is finished, in as many rounds as it takes.
            if self.stop.is_set() && !writes.load(Ordering::SeqCst) {
                return Err(Failure::Stopped);
            }
            let (target, path) = (target.target.clone(), path.to_owned());
            self.journal.append(self.id, Event::Writing { target, path, request_id })?;
            writes.store(true, Ordering::SeqCst);
            Ok(())
        };
        let step = Step { plan: target, may_be_own: &may_be_own, begin: &begin };
        Some(match step.run(self.vendors).await {
            Ok(sent) => self.read_back(target, sent.as_ref()).await,
            Err(Failure::Rewritten) => self.read_back(target, None).await,
            // What took effect before an interruption, or without a response.
            Err(Failure::InPlace) if may_be_own() => self.read_back(target, None).await,
            Err(Failure::InPlace) => Became::InPlace,
            Err(Failure::Changed) => Became::Changed,
            Err(Failure::Stopped) => return None,
            Err(Failure::Error(error)) => failed(&error, may_be_own()),
        })
    }

    /// What the vendor made of a write: of the changes, and of all else that was sent along, if something was.
    async fn read_back(self, plan: &TargetPlan, sent: Option<&Snapshot>) -> Became {
        let TargetPlan { target, changes, .. } = plan;
        let snapshot = match target.read(self.vendors).await {
            Ok(snapshot) => snapshot,
            Err(error) => {
                return failed(&error.context("it was written, and couldn't be read back"), true);
            }
        };
        let shape = target.shape();
        let of_changes = changes.iter().filter_map(|change| {
            let has = snapshot.instead_of(change, shape)?;
            Some(Rewritten::new(change.path.clone(), change.new.clone(), has))
        });
        let others = sent.into_iter().flat_map(|sent| snapshot.instead_of_all(sent, shape));
        let others = others.filter(|(path, ..)| !is_of(changes, path));
        let others = others.map(|(path, wanted, has)| Rewritten::new(path, wanted.clone(), has));
        Became::Written { rewritten: of_changes.chain(others).collect() }
    }

    /// Enters what became of a target in the journal, and shows it.
    fn settle(self, target: &Target, became: &Became, output: &mut Output) -> anyhow::Result<()> {
        let settled = Event::Settled { target: target.clone(), became: became.clone() };
        let kept = self.journal.append(self.id, settled);
        // Values of a company stay out of what is shown masked.
        let masks = output.masks();
        let shown = writeln!(output, "{}", became.line(&target.shown(masks), masks));
        let shown = shown.and_then(|()| output.flush());
        kept?;
        Ok(shown?)
    }
}

/// Whether a JSON pointer leads to what changes make, or into it.
fn is_of(changes: &[Change], path: &str) -> bool {
    let mut rests = changes.iter().filter_map(|change| path.strip_prefix(&*change.path));
    rests.any(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn failed(error: &anyhow::Error, may_be_written: bool) -> Became {
    Became::Failed { error: shown::visible(&format!("{error:#}")), may_be_written }
}

/// What an apply came to, with what it did before an interruption.
struct Summary<'t> {
    written: usize,
    /// Done with, and not as declared.
    odd: usize,
    /// What `--resume` goes on with; true for what hasn't begun.
    left: Vec<(&'t Target, bool)>,
    may_be_written: bool,
}

impl<'t> Summary<'t> {
    fn new(targets: impl Iterator<Item = &'t Target>, settled: &BTreeMap<Target, Became>) -> Self {
        let mut summary = Self { written: 0, odd: 0, left: Vec::new(), may_be_written: false };
        for target in targets {
            let Some(became) = settled.get(target) else {
                summary.left.push((target, true));
                continue;
            };
            summary.may_be_written |= became.may_be_written();
            summary.written += usize::from(matches!(became, Became::Written { .. }));
            if !became.is_over() {
                summary.left.push((target, false));
            } else if !became.is_good() {
                summary.odd += 1;
            }
        }
        summary
    }

    fn show(&self, id: CorrelationId, output: &mut Output) -> anyhow::Result<()> {
        let mut text = format!("{} written", count(self.written, "target"));
        if self.odd > 0 {
            let _ = write!(text, ", {} not as declared", self.odd);
        }
        if !self.left.is_empty() {
            let _ = write!(text, ", {} left; `letterhead apply --resume` goes on", self.left.len());
        }
        let masks = output.masks();
        for (target, _) in self.left.iter().filter(|(_, is_whole)| *is_whole) {
            writeln!(output, "left       {}", target.shown(masks))?;
        }
        writeln!(output, "{text}. Correlation id {id}.")?;
        Ok(output.flush()?)
    }

    fn exit(&self) -> Exit {
        match (self.odd + self.left.len(), self.may_be_written) {
            (0, _) => Exit::Done,
            (_, false) => Exit::Failed,
            (_, true) => Exit::Partly,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_change_hides_no_other_one() {
        let change = |path: &str| Change {
            member: "name".to_owned(),
            path: path.to_owned(),
            old: Value::Null,
            new: Value::Null,
        };
        let changes = ["/a", "/ab"].map(change);
        for (path, is_change) in [("/a", true), ("/ab", true), ("/ab/c", true), ("/abc", false)] {
            assert_eq!(is_of(&changes, path), is_change, "{path}");
        }
    }
}
