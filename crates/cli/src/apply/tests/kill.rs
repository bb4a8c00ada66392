//! An apply that is killed at every kind of point, and one that goes on after it.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::atomic::{AtomicI64, Ordering};

use letterhead::HookResult;
use letterhead_sandbox::{Fault, Faults, Vendor};
use tokio::sync::Notify;

use super::*;

/// How many applies are killed where the environment says nothing.
const KILLS: u64 = 24;
/// How many of the requests go wrong where some do.
const FAULTY: f64 = 0.03;
/// What leaves it open what became of a write, or keeps it from being made.
const FAULTS: [Fault; 7] = [
    Fault::ResetBeforeRead,
    Fault::ResetAfterApplied,
    Fault::ResetMidBody,
    Fault::CloseMidBody,
    Fault::TruncatedJson,
    Fault::Html502AfterApplied,
    Fault::UnclearStatusAfterApplied,
];

/// Never lets go on who comes to a certain point: the process might as well be dead.
#[derive(Default)]
struct Killer {
    left: AtomicI64,
    killed: Notify,
}

impl Killer {
    async fn pass(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) <= 0 {
            self.killed.notify_one();
            pending::<()>().await;
        }
    }
}

/// A point before and after what the hooks after it do.
struct Point(Arc<Killer>);

impl Hook for Point {
    fn on_request<'a>(&'a self, _: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async move {
            self.0.pass().await;
            Ok(None)
        })
    }

    fn on_response<'a>(&'a self, _: &'a Attempt, _: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(self.0.pass())
    }
}

/// Journals late, on purpose: a write is on disk only when its response has come.
struct Late(Arc<Journal>);

impl Hook for Late {
    fn on_response<'a>(&'a self, attempt: &'a Attempt, _: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if attempt.method().is_safe() {
                return;
            }
            let event = Event::Sent {
                request_id: attempt.request_id(),
                operation: attempt.operation().to_owned(),
                path: attempt.url().path().to_owned(),
                attempt: attempt.number(),
            };
            self.0.append(attempt.correlation_id(), event).expect("a journal");
        })
    }
}

impl Scene {
    /// One in which requests of applies go wrong.
    async fn faulty(seed: u64) -> Self {
        let scene = Self::new(false).await;
        let faults = Faults::random(seed, FAULTY).only(FAULTS);
        let proxy = FaultyProxy::start(&scene.sandbox, faults).await.expect("a proxy");
        Self { proxy: Some(proxy), ..scene }
    }

    /// Applies a plan until the killer comes; says whether it came before the end.
    pub(super) async fn apply(
        &self,
        plan: &Plan,
        done: Done,
        id: CorrelationId,
        points: i64,
    ) -> bool {
        let killer = Arc::new(Killer { left: points.into(), killed: Notify::new() });
        let journal = Arc::new(Journal::open(&self.journal()).expect("a journal"));
        let mut session = self.applying();
        session.hook(Arc::new(Point(Arc::clone(&killer))));
        if self.is_late {
            session.hook(Arc::new(Late(Arc::clone(&journal))));
        } else {
            session.hook(Arc::new(Recorder(Arc::clone(&journal))));
        }
        session.hook(Arc::new(Point(Arc::clone(&killer))));
        let (vendors, stop) = (&Vendors::new(&session), &Stop::default());
        let mut output = Output::discarded();
        let steps = Steps { id, vendors, journal: &journal, stop };
        let steps = id.scope(steps.run(plan, done, &mut output));
        tokio::select! {
            biased;
            () = killer.killed.notified() => true,
            exit = steps => {
                let exit = exit.expect("an apply");
                // A target may have failed for good, and is left to the next one.
                assert!(exit == Exit::Done || self.proxy.is_some(), "{exit:?}");
                false
            }
        }
    }

    /// Kills one apply, and lets another go on; what was written, and whether the journal knew of it at the kill.
    async fn kill(&self, seed: u64) -> Result<(), String> {
        let mut random = fastrand::Rng::with_seed(seed);
        let file = company(seed);
        let plan = self.plan(&file).await;
        assert!(plan.counts().changes >= 30, "{:?}", plan.counts());
        std::fs::remove_file(self.journal()).ok();
        drop(self.sandbox.take_applied_writes());
        let id = CorrelationId::new();
        let journal = Journal::open(&self.journal()).expect("a journal");
        journal
            .append(id, Event::Begun { who: "test".into(), plan: plan.clone() })
            .expect("a journal");
        let points = random.i64(0..12 * 30);
        let is_killed = self.apply(&plan, Done::default(), id, points).await;
        let mut writes = self.sandbox.applied_writes();
        let Lines { entries, .. } = journal::read(&self.journal()).expect("a journal");
        let sent = |path: &str| {
            entries
                .iter()
                .any(|entry| matches!(&entry.event, Event::Sent { path: sent, .. } if sent == path))
        };
        if let Some(write) = writes.iter().find(|write| !sent(&write.target)) {
            return Err(format!(
                "seed {seed}: the journal has nothing of the write to {}",
                write.target
            ));
        }
        let is_torn = is_killed && random.bool();
        if is_torn {
            // A power cut in the middle of a line.
            let mut file = OpenOptions::new().append(true).open(self.journal()).expect("a journal");
            file.write_all(br#"{"at":"2026-10-05T07:12:44Z","apply":"#).expect("a journal");
        }
        while let Some(unfinished) = self.unfinished().apply {
            // The second one may be killed as well.
            let points = if random.bool() { random.i64(0..12 * 30) } else { i64::MAX };
            let Unfinished { id, plan, done, .. } = unfinished;
            self.apply(&plan, done, id, points).await;
        }
        writes = self.sandbox.take_applied_writes();
        let mut times = BTreeMap::new();
        for write in &writes {
            times.entry(&write.target).or_insert((write.vendor, 0)).1 += 1;
        }
        let Lines { entries, unreadable } = journal::read(&self.journal()).expect("a journal");
        // Campaign Standard has neither ETags nor request ids: it takes the attempts of a request for as many writes.
        let most_attempts = |path: &str| {
            let mut attempts = BTreeMap::<_, u32>::new();
            for entry in &entries {
                if let Event::Sent { request_id, path: sent, .. } = &entry.event
                    && sent == path
                {
                    *attempts.entry(*request_id).or_default() += 1;
                }
            }
            attempts.into_values().max().unwrap_or_default()
        };
        let most = |vendor, path: &str| match vendor {
            Vendor::CampaignStandard => most_attempts(path),
            _ => 1,
        };
        let repeated = times.iter().find(|(path, (vendor, times))| *times > most(*vendor, path));
        if let Some((path, (_, times))) = repeated {
            return Err(format!("seed {seed}: {path} was written {times} times"));
        }
        let torn = unreadable.iter().filter(|line| line.is_torn).count();
        if (torn, unreadable.len()) != (is_torn.into(), is_torn.into()) {
            return Err(format!("seed {seed}: {} lines can't be read", unreadable.len()));
        }
        let after = self.plan(&file).await.counts();
        if after.changes > 0 || times.len() != plan.counts().changed_targets {
            return Err(format!("seed {seed}: {after:?} after {} writes", writes.len()));
        }
        Ok(())
    }
}

fn kills() -> u64 {
    let kills = std::env::var("LETTERHEAD_KILLS").ok();
    kills.map_or(KILLS, |kills| kills.parse().expect("a number of kills"))
}

/// Kills applies in two scenes at once.
fn kill_many(is_faulty: bool) {
    let half = |first: u64| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let scene =
                if is_faulty { Scene::faulty(first).await } else { Scene::new(false).await };
            for seed in (first..kills()).step_by(2) {
                scene.kill(seed).await.expect("an apply that goes on");
            }
            if let Some(proxy) = &scene.proxy {
                let injected = proxy.fault_counts().values().sum::<u64>();
                assert!(injected >= kills() / 2, "{injected} faults");
            }
        });
    };
    std::thread::scope(|scope| {
        scope.spawn(|| half(0));
        scope.spawn(|| half(1));
    });
}

#[test]
fn wherever_an_apply_is_killed_another_goes_on_and_writes_nothing_twice() {
    kill_many(false);
}

#[test]
fn wherever_an_apply_is_killed_while_responses_are_lost_nothing_is_written_twice() {
    kill_many(true);
}

#[tokio::test]
async fn an_apply_that_journals_late_is_caught() {
    let scene = Scene::new(true).await;
    for seed in 0..kills() {
        if let Err(fault) = scene.kill(seed).await {
            assert!(fault.contains("the journal has nothing"), "{fault}");
            return;
        }
    }
    panic!("nobody noticed");
}
