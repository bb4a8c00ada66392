//! The steps of an apply: one for each target, some at once.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt as _, stream};
use letterhead::CorrelationId;
use letterhead_diagnostics::count;

use crate::became::{Became, Rewritten};
use crate::exit::Exit;
use crate::journal::{Event, Journal};
use crate::output::Output;
use crate::plan::{Plan, TargetPlan};
use crate::shown;
use crate::target::{Failure, Step, Target};
use crate::vendors::Vendors;

/// How many targets are written at once.
const AT_ONCE: usize = 4;

/// Says when no further step is to begin.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Stops at Ctrl-C. A second one ends the program at once.
    pub(crate) fn at_interrupt() -> Self {
        let stop = Self::default();
        let flag = Arc::clone(&stop.0);
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                if flag.swap(true, Ordering::SeqCst) {
                    // The journal has what is under way.
                    std::process::exit(Exit::Partly as i32);
                }
            }
        });
        stop
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Makes the changes of a plan at every target that isn't settled, and says what became of each.
///
/// # Errors
/// A journal that can't be written: no further step begins then.
pub(crate) async fn run(
    plan: &Plan,
    settled: HashMap<Target, Became>,
    id: CorrelationId,
    (vendors, journal, stop): (&Vendors<'_>, &Arc<Journal>, &Stop),
    output: &mut Output,
) -> anyhow::Result<Exit> {
    let is_open = |target: &&TargetPlan| {
        !target.changes.is_empty() && !settled.get(&target.target).is_some_and(Became::is_good)
    };
    let open: Vec<_> = plan.targets.iter().filter(is_open).collect();
    let (mut written, mut left) = (0, Vec::new());
    let mut bad: Vec<&Target> = Vec::new();
    let steps = open.iter().map(|target| async move {
        let became = if stop.is_set() { None } else { Some(step(target, vendors).await) };
        (*target, became)
    });
    let mut steps = stream::iter(steps).buffer_unordered(AT_ONCE);
    while let Some((target, became)) = steps.next().await {
        let Some(became) = became else {
            left.push(&target.target);
            continue;
        };
        let shown_target = shown::visible(&target.target.to_string());
        // Values of a company stay out of what is shown masked.
        let masks = output.masks();
        writeln!(output, "{}", became.line(&shown_target, masks))?;
        output.flush()?;
        written += usize::from(matches!(became, Became::Written { .. }));
        if !became.is_good() {
            bad.push(&target.target);
        }
        journal.append(id, Event::Settled { target: target.target.clone(), became })?;
    }
    drop(steps);
    journal.append(id, Event::Ended { left: left.len() })?;
    let mut summary = format!("{} written", count(written, "target"));
    if !bad.is_empty() {
        let _ = write!(summary, ", {} not as declared", bad.len());
    }
    if !left.is_empty() {
        let _ = write!(summary, ", {} left; `letterhead apply --resume` goes on", left.len());
        for target in &left {
            writeln!(output, "left       {}", shown::visible(&target.to_string()))?;
        }
    }
    writeln!(output, "{summary}. Correlation id {id}.")?;
    Ok(match (bad.len() + left.len(), written) {
        (0, _) => Exit::Done,
        (_, 0) => Exit::Failed,
        _ => Exit::Partly,
    })
}

/// Writes one target and reads it back.
async fn step(target: &TargetPlan, vendors: &Vendors<'_>) -> Became {
    let step = Step { target: &target.target, base: &target.read, changes: &target.changes };
    let failed =
        |error: anyhow::Error| Became::Failed { error: shown::visible(&format!("{error:#}")) };
    match step.run(vendors).await {
        Ok(false) => Became::InPlace,
        Ok(true) => match target.target.read(vendors).await {
            Ok(snapshot) => {
                let shape = target.target.shape();
                let rewritten = target.changes.iter().filter_map(|change| {
                    let has = snapshot.instead_of(change, shape)?;
                    Some(Rewritten::new(change, has))
                });
                Became::Written { rewritten: rewritten.collect() }
            }
            Err(error) => failed(error.context("it was written, and couldn't be read back")),
        },
        Err(Failure::Changed) => Became::Changed,
        Err(Failure::Error(error)) => failed(error),
    }
}
