//! An apply that is killed at every kind of point, and one that goes on after it.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::future::pending;
use std::sync::atomic::{AtomicI64, Ordering};

use letterhead::partner_center::Cloud;
use letterhead::{Attempt, BoxFuture, Hook, HookResult, Outcome};
use letterhead_sandbox::{Fault, Faults, FaultyProxy, Sandbox, Vendor, seed};
use serde_json::json;
use tokio::sync::Notify;

use super::*;
use crate::company::CompanyFile;
use crate::connect::Services;
use crate::journal::Lines;
use crate::writes::Writes;

/// How many applies are killed where the environment says nothing.
const KILLS: u64 = 24;
/// How many organizations there are besides those of the sandbox.
const ORGANIZATIONS: usize = 24;
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

/// An interrupt that comes while the targets are read.
struct Interrupt(Stop);

impl Hook for Interrupt {
    fn on_response<'a>(&'a self, attempt: &'a Attempt, _: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async {
            if attempt.method().is_safe() {
                self.0.set();
            }
        })
    }
}

struct Scene {
    sandbox: Sandbox,
    /// Stands before the sandbox while something is applied.
    proxy: Option<FaultyProxy>,
    folder: tempfile::TempDir,
    is_late: bool,
}

impl Scene {
    async fn new(is_late: bool) -> Self {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        sandbox.record_requests(false);
        for id in organizations() {
            let path = format!("/client/v4/organizations/{id}");
            sandbox.put_resource(&path, json!({"id": id, "name": id}));
            let profile = json!({
                "business_name": id, "business_email": "", "business_phone": "", "business_address": "",
                "external_metadata": "",
            });
            sandbox.put_resource(&format!("{path}/profile"), profile);
        }
        Self { sandbox, proxy: None, folder: tempfile::tempdir().expect("a folder"), is_late }
    }

    /// One in which requests of applies go wrong.
    async fn faulty(seed: u64) -> Self {
        let scene = Self::new(false).await;
        let faults = Faults::random(seed, FAULTY).only(FAULTS);
        let proxy = FaultyProxy::start(&scene.sandbox, faults).await.expect("a proxy");
        Self { proxy: Some(proxy), ..scene }
    }

    fn session(&self) -> Session {
        Session::new(Some(Services::from(&self.sandbox)), Cloud::Global)
    }

    /// What applies call the vendors with.
    fn applying(&self) -> Session {
        match &self.proxy {
            Some(proxy) => Session::new(Some(Services::from(proxy)), Cloud::Global),
            None => self.session(),
        }
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("journal.jsonl")
    }

    fn unfinished(&self) -> Last {
        unfinished(&self.journal()).expect("a journal")
    }

    async fn plan(&self, file: &CompanyFile) -> Plan {
        let session = self.session();
        plan::make(file, &Vendors::new(&session), &mut Output::discarded()).await.expect("a plan")
    }

    /// Applies a plan until the killer comes; says whether it came before the end.
    async fn apply(&self, plan: &Plan, done: Done, id: CorrelationId, points: i64) -> bool {
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

fn organizations() -> impl Iterator<Item = String> {
    (0..ORGANIZATIONS).map(|number| format!("{number:032x}"))
}

/// A company that has moved to another phone number: thirty changes.
fn company(seed: u64) -> CompanyFile {
    let phone = format!("+31 15 555 {seed:04}");
    let organizations: Vec<_> = organizations()
        .chain([seed::CLOUDFLARE_ORGANIZATION_ID.to_owned()])
        .map(|id| json!({"id": id}))
        .collect();
    let file = json!({
        "company": {"phone": phone, "support": {"phone": phone}},
        "partnerCenter": {"organization": {}, "billing": {}, "legalBusiness": {}, "support": {}},
        "cloudflare": {"organizations": organizations},
        "campaignStandard": {
            "organizationalUnits": [{"name": "contoso-brand", "set": {"tradingName": phone}}],
        },
    });
    serde_json::from_value(file).expect("a company file")
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

#[test]
fn a_journal_without_its_last_part_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.jsonl");
    let id = CorrelationId::new();
    Journal::open(&path).expect("a journal").append(id, Event::Ended { left: 0 }).expect("a line");
    let whole = std::fs::read(&path).expect("a journal");
    for length in 0..whole.len() {
        std::fs::write(&path, &whole[..length]).expect("a journal");
        let journal = Journal::open(&path).expect("a journal");
        journal.append(id, Event::Ended { left: 1 }).expect("a line");
        let Lines { entries, unreadable } = journal::read(&path).expect("a journal");
        let left = |entry: &Entry| matches!(entry.event, Event::Ended { left: 1 });
        assert!(entries.last().is_some_and(left), "{length}");
        // All of it but the end of the line is a line.
        let is_torn = length > 0 && length < whole.len() - 1;
        assert_eq!(unreadable.len(), usize::from(is_torn), "{length}");
        assert!(unreadable.iter().all(|line| line.is_torn), "{length}");
    }
}

#[tokio::test]
async fn an_apply_has_what_is_its_own_alone() {
    let scene = Scene::new(false).await;
    let plan = scene.plan(&company(1)).await;
    let target = plan.targets[0].target.clone();
    let [id, other] = [CorrelationId::new(), CorrelationId::new()];
    let journal = Journal::open(&scene.journal()).expect("a journal");
    let became = crate::became::Became::InPlace;
    for (id, event) in [
        (id, Event::Begun { who: "test".into(), plan }),
        (other, Event::Writing { target: target.clone(), path: String::new(), request_id: None }),
        (other, Event::Settled { target: target.clone(), became: became.clone() }),
        (other, Event::Ended { left: 0 }),
    ] {
        journal.append(id, event).expect("a line");
    }
    let unfinished = scene.unfinished().apply.expect("an apply");
    assert!(!unfinished.done.writes.may_have_taken_effect(&target));
    assert!(unfinished.done.settled.is_empty());
    journal.append(id, Event::Settled { target, became }).expect("a line");
    journal.append(id, Event::Ended { left: 0 }).expect("a line");
    assert!(scene.unfinished().apply.is_none());
}

#[tokio::test]
async fn what_was_only_read_when_the_interrupt_came_is_left() {
    let scene = Scene::new(false).await;
    let plan = scene.plan(&company(1)).await;
    let (mut session, stop) = (scene.session(), Stop::default());
    session.hook(Arc::new(Interrupt(stop.clone())));
    let journal = Journal::open(&scene.journal()).expect("a journal");
    let (id, vendors) = (CorrelationId::new(), &Vendors::new(&session));
    let steps = Steps { id, vendors, journal: &journal, stop: &stop };
    let exit = steps.run(&plan, Done::default(), &mut Output::discarded()).await;
    assert_eq!(exit.expect("an apply"), Exit::Failed);
    assert!(scene.sandbox.applied_writes().is_empty());
    let Lines { entries, .. } = journal::read(&scene.journal()).expect("a journal");
    let left = plan.counts().changed_targets;
    assert!(
        matches!(&entries[..], [Entry { event: Event::Ended { left: all }, .. }] if *all == left)
    );
}

#[tokio::test]
async fn every_write_is_known_to_be_its_targets_own() {
    let scene = Scene::new(false).await;
    let email = seed::CAMPAIGN_PROFILE_EMAIL;
    let file = json!({
        "company": {"phone": "1", "address": {"city": "Delft"}, "support": {"phone": "1"}},
        "partnerCenter": {"organization": {}, "billing": {}, "legalBusiness": {}, "support": {}},
        "cloudflare": {
            "organizations": [{"id": seed::CLOUDFLARE_ORGANIZATION_ID}],
            "accounts": [{"id": seed::CLOUDFLARE_ACCOUNT_ID}],
        },
        "campaignStandard": {
            "organizationalUnits": [
                {"name": "contoso-brand", "set": {"tradingName": "New"}},
                {"name": "northwind-brand", "profiles": true, "assign": [email]},
            ],
            "geographicalUnits": [{"name": "iberia", "set": {"tradingName": "New"}}],
        },
    });
    let plan = scene.plan(&serde_json::from_value(file).expect("a company file")).await;
    let id = CorrelationId::new();
    let journal = Journal::open(&scene.journal()).expect("a journal");
    let begun = Event::Begun { who: "test".into(), plan: plan.clone() };
    journal.append(id, begun).expect("a journal");
    scene.apply(&plan, Done::default(), id, i64::MAX).await;
    // As if it hadn't ended.
    let begun = journal::read(&scene.journal()).expect("a journal").entries;
    let mut writes = Writes::default();
    for entry in &begun {
        entry.event.enter(&mut writes);
    }
    let changed = plan.targets.iter().filter(|target| !target.changes.is_empty());
    let targets: Vec<_> = changed.map(|target| &target.target).collect();
    assert_eq!(targets.len(), 10, "{targets:?}");
    for target in targets {
        assert!(writes.may_have_taken_effect(target), "{target}");
    }
}

#[tokio::test]
async fn a_later_line_that_nobody_understands_leaves_it_open_what_was_done() {
    let scene = Scene::new(false).await;
    let plan = scene.plan(&company(1)).await;
    let id = CorrelationId::new();
    let line = |text: &str| {
        let mut file = OpenOptions::new().append(true).open(scene.journal()).expect("a journal");
        writeln!(file, "{text}").expect("a journal");
    };
    let begin = || {
        let journal = Journal::open(&scene.journal()).expect("a journal");
        let begun = Event::Begun { who: "test".into(), plan: plan.clone() };
        journal.append(id, begun).expect("a line");
    };
    begin();
    line(r#"{"at":"2026-10-05T07:12:44Z","apply":"#);
    assert!(!scene.unfinished().is_doubtful, "a torn line says nothing that was done");
    line(r#"{"at":"2026-10-05T07:12:44Z","event":"begun","plan":{"version":9}}"#);
    assert!(scene.unfinished().is_doubtful);
    begin();
    let last = scene.unfinished();
    assert!(!last.is_doubtful && last.unreadable == 2, "what is before it is of another apply");
    line("\0\0\0");
    assert!(scene.unfinished().is_doubtful);
}
