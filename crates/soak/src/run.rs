//! A run from its start to its report.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use crate::audit::Audit;
use crate::caller;
use crate::clients::{Clients, Means};
use crate::memory;
use crate::plan::Plan;
use crate::promise::Row;
use crate::report::Report;
use crate::scene::{DELAY, Scene};
use crate::stage::Stage;
use crate::verdict;

/// How often the sandbox's records are taken, so that they stay few.
pub(crate) const TICK: Duration = Duration::from_millis(20);
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
    let addresses = scene.addresses();
    let means = Means::own(&addresses)?;
    let clients = Clients::new(addresses, means)?;
    let audit = Arc::new(Audit::new(&plan, scene));
    let ledger = Arc::clone(&audit);
    let (lists, salt) = (audit.scene.lists.clone(), audit.salt);
    let stage = Stage::new(plan.clone(), clients, lists, salt, move |event| ledger.record(event));
    let stage = Arc::new(stage);
    let start = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..plan.callers {
        callers.spawn(caller::run(Arc::clone(&stage), caller));
    }

    let mut watch = Watch::of(&plan);
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            ended = callers.join_next() => match ended {
                None => break,
                Some(ended) => ended?,
            },
            _ = tick.tick() => {
                audit.collect();
                watch.keep_to(audit.started(), &audit.scene);
                progress(audit.started());
            }
        }
    }
    let elapsed = start.elapsed();
    // What a caller gave up may still arrive.
    sleep(DELAY).await;
    audit.collect();
    let tokens = verdict::of_tokens(&audit.scene, start.elapsed());
    Ok(Report::of(&audit, &plan, elapsed, [tokens, watch.memory()]))
}

/// What happens to the services in the course of a run, and how much memory it takes.
pub(crate) struct Watch {
    updates: u32,
    outages: Outages,
    warm: Option<u64>,
}

impl Watch {
    pub(crate) fn of(plan: &Plan) -> Self {
        Self { updates: plan.updates, outages: Outages::of(plan), warm: None }
    }

    pub(crate) fn keep_to(&mut self, started: u32, scene: &Scene) {
        self.outages.keep_to(started, self.updates, scene);
        // What grows at first is filled by then: pools, caches of the services.
        if self.warm.is_none() && started >= self.updates / 3 {
            self.warm = memory::resident();
        }
    }

    pub(crate) fn memory(&self) -> Row {
        verdict::of_memory(self.warm.zip(memory::resident()))
    }
}

/// The times at which the services refuse connections, spread over the run.
struct Outages {
    every: u32,
    next: u32,
    shut_since: Option<Instant>,
}

impl Outages {
    fn of(plan: &Plan) -> Self {
        let every = match plan.outages {
            0 => u32::MAX,
            outages => plan.updates / outages.saturating_add(1),
        };
        Self { every, next: every, shut_since: None }
    }

    fn keep_to(&mut self, started: u32, updates: u32, scene: &Scene) {
        match self.shut_since {
            Some(since) if since.elapsed() >= OUTAGE => {
                scene.door.set_open(true);
                self.shut_since = None;
            }
            None if started >= self.next && started < updates => {
                scene.door.set_open(false);
                self.shut_since = Some(Instant::now());
                self.next = started.saturating_add(self.every);
            }
            _ => {}
        }
    }
}
