//! What an apply keeps in its journal, and what another one makes of that.

mod kill;

use std::fs::OpenOptions;

use letterhead::partner_center::Cloud;
use letterhead::{Attempt, BoxFuture, Hook, Outcome};
use letterhead_sandbox::{FaultyProxy, Sandbox, seed};
use serde_json::json;

use super::*;
use crate::company::CompanyFile;
use crate::connect::Services;
use crate::journal::Lines;
use crate::writes::Writes;

/// How many organizations there are besides those of the sandbox.
const ORGANIZATIONS: usize = 24;

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
