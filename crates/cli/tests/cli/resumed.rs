//! Applies that left something, and go on.

use std::io::{BufRead as _, BufReader, Read as _};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use http::Method;
use letterhead_sandbox::{Response, seed};
use serde_json::{Value, json};

use crate::support::{Scene, company_of, stderr, stdout};
use crate::{COMPANY, ORGANIZATION, SUPPORT};

const UNITS: &str = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase";

/// An apply whose support profile was written, and couldn't be read back; the organization was written before.
fn unread(scene: &Scene) {
    scene.write("company.yaml", COMPANY);
    let own = scene.sandbox.resource(SUPPORT).expect("a profile");
    // Planned, and read again before the write.
    for _ in 0..2 {
        let response = Response::new(200).json(&own);
        scene.sandbox.respond_next_for(Method::GET, SUPPORT, response);
    }
    scene.sandbox.respond_next_for(Method::GET, SUPPORT, Response::new(403));
    let applied = scene.run(["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(3), "something was written: {}", stdout(&applied));
    let shown = stdout(&applied);
    assert!(shown.contains("failed     partner-center/support: it was written, and"), "{shown}");
    assert!(shown.contains("1 target written, 1 left; `letterhead apply --resume`"), "{shown}");
    assert!(stdout(&scene.run(["log"])).contains("1 of 2 targets done, 1 left"));
    assert_eq!(scene.sandbox.take_applied_writes().len(), 2);
}

#[test]
fn a_write_that_took_effect_is_found_and_not_repeated() {
    let scene = Scene::new();
    unread(&scene);
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", stdout(&resumed));
    assert!(stdout(&resumed).contains("written    partner-center/support\n2 targets written."));
    let again = scene.run(["apply", "--resume"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("no apply that left something"), "{}", stderr(&again));
    assert!(scene.sandbox.applied_writes().is_empty());
}

#[test]
fn an_apply_that_finds_nothing_to_do_ends_what_was_left() {
    let scene = Scene::new();
    unread(&scene);
    let anew = scene.run(["apply", "--yes"]);
    assert_eq!(anew.status.code(), Some(0), "{}", stderr(&anew));
    assert!(stderr(&anew).contains("the last apply left something"), "{}", stderr(&anew));
    let again = scene.run(["apply", "--yes"]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert!(!stderr(&again).contains("left something"), "{}", stderr(&again));
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(1), "{}", stdout(&resumed));
    assert!(stdout(&scene.run(["log"])).contains("done, 0 targets"));
}

#[test]
fn what_the_vendor_made_of_an_own_write_is_nobody_elses() {
    let scene = Scene::new();
    unread(&scene);
    let mut profile = scene.sandbox.resource(SUPPORT).expect("a profile");
    profile["telephone"] = "425-555-0101".into();
    scene.sandbox.put_resource(SUPPORT, profile);
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(3), "{}", stderr(&resumed));
    let rewrote = "rewrote telephone: \"4255550101\" became \"425-555-0101\"";
    assert!(stdout(&resumed).contains(rewrote), "{}", stdout(&resumed));
    assert!(stdout(&resumed).contains("2 targets written, 1 not as declared."));
    assert!(scene.sandbox.applied_writes().is_empty());
}

#[test]
fn what_somebody_else_has_changed_as_well_is_refused() {
    let scene = Scene::new();
    unread(&scene);
    let mut profile = scene.sandbox.resource(SUPPORT).expect("a profile");
    profile["telephone"] = "425-555-0101".into();
    profile["website"] = "elsewhere.example".into();
    scene.sandbox.put_resource(SUPPORT, profile);
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(3), "{}", stderr(&resumed));
    assert!(stdout(&resumed).contains("refused    partner-center/support: it has changed since"));
    assert!(scene.sandbox.applied_writes().is_empty());
}

#[test]
fn a_rewritten_target_is_not_sent_again() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let own = scene.sandbox.resource(ORGANIZATION).expect("a profile");
    // Planned, read again before the write, and read back: the vendor dropped it all.
    for _ in 0..3 {
        let response = Response::new(200).json(&own);
        scene.sandbox.respond_next_for(Method::GET, ORGANIZATION, response);
    }
    let support = scene.sandbox.resource(SUPPORT).expect("a profile");
    let response = Response::new(200).json(&support);
    scene.sandbox.respond_next_for(Method::GET, SUPPORT, response);
    scene.sandbox.respond_next_for(Method::GET, SUPPORT, Response::new(403));
    let applied = scene.run(["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(3), "{}", stdout(&applied));
    let shown = stdout(&applied);
    assert!(shown.contains("1 target written, 1 not as declared, 1 left"), "{shown}");
    assert_eq!(scene.sandbox.take_applied_writes().len(), 1);
    scene.sandbox.put_resource(ORGANIZATION, own);
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(3), "{}", stdout(&resumed));
    let targets: Vec<_> = scene.sandbox.applied_writes();
    let targets: Vec<_> = targets.iter().map(|write| &*write.target).collect();
    assert_eq!(targets, [SUPPORT], "{}", stdout(&resumed));
}

#[test]
fn a_write_without_a_response_may_have_been_made() {
    let scene = Scene::new();
    let file = "\
campaignStandard: {organizationalUnits: [{name: contoso-brand, set: {tradingName: New}}]}
";
    scene.write("company.yaml", file);
    let unit = format!("{UNITS}/{}", seed::CAMPAIGN_UNIT_PKEY);
    // As often as it is tried.
    for _ in 0..4 {
        let response = Response::new(500).header("retry-after", "0");
        scene.sandbox.respond_next_for(Method::PATCH, &unit, response);
    }
    let applied = scene.run(["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(3), "{}", stdout(&applied));
    assert!(stdout(&applied).contains("0 targets written, 1 left"), "{}", stdout(&applied));
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", stdout(&resumed));
    assert_eq!(scene.sandbox.applied_writes().len(), 1);
}

#[test]
fn nothing_written_is_an_error() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {support: {phone: '1'}}\npartnerCenter: {support: {}}\n");
    let own = scene.sandbox.resource(SUPPORT).expect("a profile");
    scene.sandbox.respond_next_for(Method::GET, SUPPORT, Response::new(200).json(&own));
    scene.sandbox.respond_next_for(Method::GET, SUPPORT, Response::new(403));
    let applied = scene.run(["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(1), "{}", stdout(&applied));
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", stdout(&resumed));
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_under_way_is_finished_where_results_cannot_be_written() {
    let scene = Scene::new();
    let ids = scene.put_organizations(30);
    scene.write("company.yaml", &company_of("+31 15 555 0142", &ids));
    scene.run(["plan", "--out", "plan.json"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
    let mut apply = scene.command(["apply", "plan.json", "--allow", "many"]);
    let applied = apply.stdout(full).output().expect("a process");
    assert_eq!(applied.status.code(), Some(3), "{}", stderr(&applied));
    assert!(stderr(&applied).contains("No space left"), "{}", stderr(&applied));
    let written = scene.sandbox.applied_writes().len();
    assert!((1..30).contains(&written), "{written}");
    let journal = std::fs::read_to_string(scene.journal()).expect("a journal");
    let settled = journal.lines().filter(|line| line.contains(r#""event":"settled""#)).count();
    assert_eq!(settled, written);
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
    assert_eq!(scene.sandbox.applied_writes().len(), 30);
}

#[test]
#[cfg(unix)]
fn nothing_is_sent_that_the_journal_has_no_room_for() {
    let scene = Scene::new();
    let ids = scene.put_organizations(30);
    scene.write("company.yaml", &company_of("+31 15 555 0141", &ids));
    assert_eq!(scene.run(["apply", "--yes", "--allow", "many"]).status.code(), Some(0));
    let whole = std::fs::read(scene.journal()).expect("a journal");
    let begun = whole.iter().position(|byte| *byte == b'\n').expect("a line");
    std::fs::remove_file(scene.journal()).expect("a journal");
    drop(scene.sandbox.take_applied_writes());

    scene.write("company.yaml", &company_of("+31 15 555 0142", &ids));
    // Half of the writes fit into so many blocks of 512 bytes.
    let blocks = (begun + (whole.len() - begun) / 2) / 512;
    let apply = r#"exec "$0" apply --yes --allow many"#;
    let mut limited = scene.shell(&format!("trap '' XFSZ; ulimit -f {blocks}; {apply}"));
    let limited = limited.output().expect("a process");
    assert_eq!(limited.status.code(), Some(3), "{}", stderr(&limited));
    assert!(stderr(&limited).contains("can't be written"), "{}", stderr(&limited));
    let written = scene.sandbox.applied_writes();
    assert!((1..30).contains(&written.len()), "{}", written.len());
    let journal = std::fs::read_to_string(scene.journal()).expect("a journal");
    for write in &written {
        assert!(journal.contains(&write.target), "{}", write.target);
    }
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", stdout(&resumed));
    assert_eq!(scene.sandbox.applied_writes().len(), 30);
    assert_eq!(stderr(&scene.run(["log"])), "", "every line is whole");
}

#[test]
fn an_apply_that_was_killed_goes_on() {
    let scene = Scene::new();
    let ids = scene.put_organizations(30);
    let kills: u64 =
        std::env::var("LETTERHEAD_REAL_KILLS").map_or(4, |kills| kills.parse().expect("a number"));
    for kill in 0..kills {
        scene.write("company.yaml", &company_of(&format!("+31 15 555 {kill:04}"), &ids));
        drop(scene.sandbox.take_applied_writes());
        let mut apply =
            scene.command(["apply", "--yes", "--allow", "many"]).spawn().expect("a process");
        // A number of writes, which differs from kill to kill, and whatever is under way then.
        let wanted = usize::try_from(1 + kill * 7 % 29).expect("a small number");
        while scene.sandbox.applied_writes().len() < wanted
            && apply.try_wait().expect("a process").is_none()
        {
            std::thread::yield_now();
        }
        apply.kill().expect("a process");
        apply.wait().expect("a process");
        let resumed = scene.run(["apply", "--resume"]);
        let ended = "has no apply that left something";
        assert!(
            resumed.status.code() == Some(0) || stderr(&resumed).contains(ended),
            "{}",
            stderr(&resumed)
        );
        let mut targets: Vec<_> =
            scene.sandbox.applied_writes().into_iter().map(|write| write.target).collect();
        targets.sort();
        targets.dedup();
        assert_eq!((targets.len(), scene.sandbox.applied_writes().len()), (30, 30), "kill {kill}");
        assert_eq!(scene.run(["plan"]).status.code(), Some(0));
    }
    assert!(stdout(&scene.run(["log"])).lines().count() > 1);
}

#[test]
#[cfg(unix)]
fn an_interrupt_finishes_the_write_under_way_and_says_what_is_left() {
    let scene = Scene::new();
    let ids = scene.put_organizations(200);
    scene.write("company.yaml", &company_of("+31 15 555 0142", &ids));
    let mut command = scene.command(["apply", "--yes", "--allow", "many"]);
    let mut apply = command.spawn().expect("a process");
    while scene.sandbox.applied_writes().is_empty() {
        assert!(apply.try_wait().expect("a process").is_none());
        std::thread::yield_now();
    }
    let id = rustix::process::Pid::from_child(&apply);
    rustix::process::kill_process(id, rustix::process::Signal::INT).expect("a signal");
    let ended = apply.wait_with_output().expect("a process");
    assert_eq!(ended.status.code(), Some(3), "{}", stderr(&ended));
    assert!(stderr(&ended).contains("interrupted: the writes under way are finished"));
    assert!(
        stdout(&ended).contains("left; `letterhead apply --resume` goes on"),
        "{}",
        stdout(&ended)
    );
    let written = stdout(&ended).lines().filter(|line| line.starts_with("written")).count();
    assert_eq!(scene.sandbox.applied_writes().len(), written, "what was sent was finished");
    assert_eq!(scene.run(["apply", "--resume"]).status.code(), Some(0));
    assert_eq!(scene.sandbox.applied_writes().len(), 200);
}

/// A journal of an apply of a plan, with these events after its beginning.
fn journal_of(scene: &Scene, plan: &Value, events: &[Value]) {
    let begun = json!({"event": "begun", "who": "ada@desk", "plan": plan});
    let lines = std::iter::once(&begun).chain(events).map(|event| {
        let mut line = json!({
            "at": "2026-11-29T22:00:00Z",
            "apply": "7c0f7a52-61d4-4bb0-9d3c-3a5f1de20b11",
        });
        let members = event.as_object().expect("an object").clone();
        line.as_object_mut().expect("an object").extend(members);
        format!("{line}\n")
    });
    std::fs::write(scene.journal(), lines.collect::<String>()).expect("a journal");
}

/// What a plan file says.
fn planned(scene: &Scene) -> Value {
    scene.run(["plan", "--out", "plan.json"]);
    serde_json::from_str(&scene.read("plan.json")).expect("JSON")
}

#[test]
fn what_was_never_sent_is_somebody_elses() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {support: {phone: '1'}}\npartnerCenter: {support: {}}\n");
    let plan = planned(&scene);
    let mut profile = scene.sandbox.resource(SUPPORT).expect("a profile");
    profile["telephone"] = "2".into();
    scene.sandbox.put_resource(SUPPORT, profile);
    let target = "partner-center/support";
    let writing = json!({"event": "writing", "target": target, "path": "/profiles/support"});
    let id = "11111111-0000-4000-8000-000000000000";
    let sent = json!({
        "event": "sent", "requestId": id, "operation": "update_support_profile",
        "path": "/v1/profiles/support", "attempt": 1,
    });
    let refused =
        json!({"event": "received", "requestId": id, "attempt": 1, "status": 409, "refused": true});
    let own = [writing.clone(), sent.clone()];
    // Killed before the request, and after it was refused.
    for events in [&[writing.clone()][..], &[writing, sent, refused]] {
        journal_of(&scene, &plan, events);
        let resumed = scene.run(["apply", "--resume"]);
        assert_eq!(resumed.status.code(), Some(1), "{}", stdout(&resumed));
        let refused = "refused    partner-center/support: it has changed since";
        assert!(stdout(&resumed).contains(refused), "{}", stdout(&resumed));
    }
    // Killed while nobody knew what became of it.
    journal_of(&scene, &plan, &own);
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(3), "{}", stdout(&resumed));
    assert!(stdout(&resumed).contains("rewrote telephone: \"1\" became \"2\""));
    // It may have been made before somebody else wrote.
    let mut profile = scene.sandbox.resource(SUPPORT).expect("a profile");
    profile["website"] = "elsewhere.example".into();
    scene.sandbox.put_resource(SUPPORT, profile);
    journal_of(&scene, &plan, &own);
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(3), "{}", stdout(&resumed));
    assert!(stdout(&resumed).contains("refused    partner-center/support: it has changed since"));
    assert!(scene.sandbox.applied_writes().is_empty());
}

#[test]
fn a_journal_that_is_not_understood_is_no_base() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {support: {phone: '1'}}\npartnerCenter: {support: {}}\n");
    let plan = planned(&scene);
    journal_of(&scene, &plan, &[json!({"event": "undone"})]);
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(1), "{}", stdout(&resumed));
    let said = stderr(&resumed);
    assert!(said.contains("note: 1 line of the journal can't be read\n"), "{said}");
    assert!(said.contains("`letterhead apply` plans anew"), "{said}");
    let mut other = plan.clone();
    other["version"] = 9.into();
    journal_of(&scene, &other, &[]);
    let resumed = scene.run(["apply", "--resume"]);
    assert!(stderr(&resumed).contains("has the version 9, and this program reads 1"));
    assert!(scene.sandbox.applied_writes().is_empty());
    // The first part of a line says nothing that was done.
    journal_of(&scene, &plan, &[]);
    let whole = std::fs::read_to_string(scene.journal()).expect("a journal");
    std::fs::write(scene.journal(), format!("{whole}{}", &whole[..99])).expect("a journal");
    let resumed = scene.run(["apply", "--resume"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
    assert!(stderr(&resumed).contains("note: 1 line of the journal"), "{}", stderr(&resumed));
    assert_eq!(scene.sandbox.applied_writes().len(), 1);
}

#[test]
#[cfg(target_os = "linux")]
fn the_first_interrupt_after_a_fault_ends_nothing_at_once() {
    let mut scene = Scene::new();
    let ids = scene.put_organizations(4);
    scene.write("company.yaml", &company_of("+31 15 555 0142", &ids));
    scene.run(["plan", "--out", "plan.json"]);
    // The first of four that are written at once fails to be shown, while the others wait for the vendor.
    let gate = Arc::new(RwLock::new(()));
    let held = gate.write().expect("the gate");
    let put = |id: &String| format!("PUT /client/v4/organizations/{id}/profile ");
    scene.hold_requests(ids[1..].iter().map(put).collect(), &gate);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
    let mut apply = scene.command(["apply", "plan.json"]).stdout(full).spawn().expect("a process");
    let events = |name: &str| {
        let journal = std::fs::read_to_string(scene.journal()).unwrap_or_default();
        journal.matches(&format!("\"event\":\"{name}\"")).count()
    };
    while events("settled") < 1 || events("sent") < 4 {
        assert!(apply.try_wait().expect("a process").is_none());
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(events("settled"), 1, "three are under way");
    let id = rustix::process::Pid::from_child(&apply);
    rustix::process::kill_process(id, rustix::process::Signal::INT).expect("a signal");
    let (mut notes, mut said) =
        (BufReader::new(apply.stderr.take().expect("notes")), String::new());
    while !said.contains("interrupted: the writes under way are finished") {
        assert!(notes.read_line(&mut said).expect("notes") > 0, "{said}");
    }
    drop(held);
    notes.read_to_string(&mut said).expect("notes");
    assert_eq!(apply.wait().expect("a process").code(), Some(3), "{said}");
    assert_eq!((events("settled"), events("ended")), (4, 1));
}
