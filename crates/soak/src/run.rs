//! A run from its start to its report.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use crate::caller;
use crate::memory;
use crate::plan::Plan;
use crate::report::Report;
use crate::scene::{Clients, DELAY, Scene};
use crate::stage::Stage;

/// How often the sandbox's records are taken, so that they stay few.
const TICK: Duration = Duration::from_millis(20);
/// How long an outage takes.
const OUTAGE: Duration = Duration::from_millis(100);

/// Makes the updates of a plan and reports which promises held. Every now and then it calls `progress` with
/// the number of updates that were started.
///
/// # Errors
/// The services or the clients can't be set up. A promise that isn't kept is no error, but in the
/// report.
pub async fn run(plan: Plan, mut progress: impl FnMut(u32)) -> anyhow::Result<Report> {
    let scene = Scene::start(&plan).await?;
    let clients = Clients::new(&scene)?;
    let stage = Arc::new(Stage::new(plan, scene, clients));
    let start = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..stage.plan.callers {
        callers.spawn(caller::run(Arc::clone(&stage), caller));
    }

    let updates = stage.plan.updates;
    let mut warm = None;
    let mut outages = Outages::of(&stage);
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            ended = callers.join_next() => match ended {
                None => break,
                Some(ended) => ended?,
            },
            _ = tick.tick() => {
                collect(&stage);
                let started = stage.started.load(Ordering::Relaxed);
                outages.keep_to(started, &stage);
                // What grows at first is filled by then: pools, caches of the services.
                if warm.is_none() && started >= updates / 3 {
                    warm = memory::resident();
                }
                progress(started);
            }
        }
    }
    let elapsed = start.elapsed();
    // What a caller gave up may still arrive.
    sleep(DELAY).await;
    collect(&stage);
    let memory = warm.zip(memory::resident());
    Ok(Report::of(&stage, elapsed, start.elapsed(), memory))
}

/// Enters what the services did since the last time.
fn collect(stage: &Stage) {
    let sandbox = &stage.scene.sandbox;
    let (writes, requests) = (sandbox.take_applied_writes(), sandbox.take_requests());
    let mut ledger = stage.ledger();
    for write in &writes {
        ledger.record_write(write);
    }
    for request in &requests {
        ledger.record_request(request);
    }
}

/// The times at which the services refuse connections, spread over the run.
struct Outages {
    every: u32,
    next: u32,
    shut_since: Option<Instant>,
}

impl Outages {
    fn of(stage: &Stage) -> Self {
        let every = match stage.plan.outages {
            0 => u32::MAX,
            outages => stage.plan.updates / outages.saturating_add(1),
        };
        Self { every, next: every, shut_since: None }
    }

    fn keep_to(&mut self, started: u32, stage: &Stage) {
        match self.shut_since {
            Some(since) if since.elapsed() >= OUTAGE => {
                stage.scene.door.set_open(true);
                self.shut_since = None;
            }
            None if started >= self.next && started < stage.plan.updates => {
                stage.scene.door.set_open(false);
                self.shut_since = Some(Instant::now());
                self.next = started.saturating_add(self.every);
            }
            _ => {}
        }
    }
}
