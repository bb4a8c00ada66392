//! The program as people and scripts use it, against a sandbox.

#[path = "cli/support.rs"]
mod support;

use std::fs;

use letterhead_sandbox::Response;
use serde_json::json;

use support::{Scene, stderr, stdout};

const ORGANIZATION: &str = "/v1/profiles/organization";
const SUPPORT: &str = "/v1/profiles/support";

const COMPANY: &str = "\
company:
  phone: '4255550188'
  support:
    phone: '4255550101'
partnerCenter:
  organization: {}
  support: {}
";

#[test]
fn a_plan_is_shown_applied_and_then_empty() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let plan = scene.run(["plan", "--out", "plan.json"]);
    assert_eq!(plan.status.code(), Some(2), "{}", stderr(&plan));
    assert_eq!(
        stdout(&plan),
        "partner-center/organization\n  \
           phone (defaultAddress.phoneNumber): \"4255550142\" -> \"4255550188\"\n  \
           not managed: companyName, culture, defaultAddress.addressLine1, defaultAddress.city, \
         defaultAddress.country, defaultAddress.firstName, defaultAddress.lastName, \
         defaultAddress.postalCode, defaultAddress.state, domain, email, id, language, tenantId\n\n\
         partner-center/support\n  \
           support.phone (telephone): \"4255550100\" -> \"4255550101\"\n  \
           not managed: email, website\n\n\
         2 changes at 2 of 2 targets.\n"
    );
    assert!(scene.sandbox.applied_writes().is_empty(), "a plan writes nothing");
    assert_eq!(scene.run(["drift"]).status.code(), Some(2));

    let applied = scene.run(["apply", "plan.json"]);
    assert_eq!(applied.status.code(), Some(0), "{}", stderr(&applied));
    assert!(
        stdout(&applied).contains("2 targets written. Correlation id "),
        "{}",
        stdout(&applied)
    );
    assert_eq!(scene.sandbox.applied_writes().len(), 2);

    let again = scene.run(["plan"]);
    assert_eq!(
        (again.status.code(), &*stdout(&again)),
        (Some(0), "Nothing to do: 2 targets are as declared.\n")
    );
    let quiet = scene.run(["drift"]);
    assert_eq!((quiet.status.code(), &*stdout(&quiet)), (Some(0), ""));

    let log = stdout(&scene.run(["log"]));
    let line = log.lines().nth(1).expect("a line");
    assert!(line.ends_with("2        done, 2 targets"), "{log}");
    let id = line.split("  ").nth(2).expect("an id").trim();
    let shown = stdout(&scene.run(["show", &id[..8]]));
    assert!(shown.contains("update_organization_profile, request "), "{shown}");
    assert!(
        shown.contains("defaultAddress.phoneNumber: \"4255550142\" -> \"4255550188\""),
        "{shown}"
    );
    let masked = stdout(&scene.run(["show", &id[..8], "--mask"]));
    assert!(!masked.contains("425555"), "{masked}");
}

#[test]
fn what_is_wrong_in_the_file_is_shown_in_its_place() {
    let scene = Scene::new();
    scene.write(
        "company.yaml",
        "company:\n  phon: '1'\n  taxId: 17\ncloudflare:\n  organizations:\n    - set: {}\n",
    );
    let plan = scene.run(["plan"]);
    assert_eq!(plan.status.code(), Some(1));
    let shown = stderr(&plan);
    for part in [
        "3 faults",
        "company.yaml:2:3",
        "there is no member `phon` here",
        "did you mean `phone`?",
        "company.yaml:3:10",
        "this has to be a text",
        "put the value in quotes",
        "company.yaml:6:7",
        "an entry has either `id` or `below`",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(scene.sandbox.take_requests().is_empty());
}

#[test]
fn a_target_that_has_changed_since_is_refused_and_the_rest_is_applied() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    scene.run(["plan", "--out", "plan.json"]);
    let mut profile = scene.sandbox.resource(ORGANIZATION).expect("a profile");
    profile["email"] = "someone.else@fabrikam.example".into();
    scene.sandbox.put_resource(ORGANIZATION, profile.clone());
    let applied = scene.run(["apply", "plan.json"]);
    assert_eq!(applied.status.code(), Some(3), "{}", stderr(&applied));
    let shown = stdout(&applied);
    assert!(
        shown.contains("refused    partner-center/organization: it has changed since"),
        "{shown}"
    );
    assert!(shown.contains("1 target written, 1 not as declared"), "{shown}");
    assert_eq!(scene.sandbox.resource(ORGANIZATION), Some(profile));
}

#[test]
fn a_vendor_that_drops_or_rewrites_a_member_is_named() {
    let scene = Scene::new();
    scene.write("company.yaml", "company:\n  support: {phone: '1', email: a@fabrikam.example}\npartnerCenter: {support: {}}\n");
    let own = scene.sandbox.resource(SUPPORT).expect("a profile");
    let mut dropped = own.clone();
    dropped["telephone"] = "".into();
    dropped["email"] = "b@fabrikam.example".into();
    // Planned, read again before the write, and read back.
    for profile in [&own, &own, &dropped] {
        let response = Response::new(200).json(profile);
        scene.sandbox.respond_next_for(http::Method::GET, SUPPORT, response);
    }
    let applied = scene.run(["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(3), "{}", stderr(&applied));
    let shown = stdout(&applied);
    assert!(shown.contains("the vendor rewrote telephone: \"1\" became \"\""), "{shown}");
    assert!(
        shown.contains("rewrote email: \"a@fabrikam.example\" became \"b@fabrikam.example\""),
        "{shown}"
    );
}

#[test]
fn what_is_dangerous_needs_a_word_and_someone_to_ask() {
    let scene = Scene::new();
    let company = "company:\n  legalName: New\n  address: {line1: null}\npartnerCenter: {legalBusiness: {}}\n";
    scene.write("company.yaml", company);
    let refused = scene.run(["apply", "--yes", "--limit", "1"]);
    assert_eq!(refused.status.code(), Some(1));
    for word in ["`--allow identity`: 1", "`--allow clear`: 1", "`--allow many`: 2 changes"] {
        assert!(stderr(&refused).contains(word), "{}", stderr(&refused));
    }
    let unasked = scene.run(["apply", "--allow", "identity,clear"]);
    assert_eq!(unasked.status.code(), Some(1));
    assert!(stderr(&unasked).contains("nobody can be asked here"), "{}", stderr(&unasked));
    for usage in
        [&["apply", "--allow", "everything"][..], &["apply", "--limit", "x"], &["frobnicate"]]
    {
        assert_eq!(scene.run(usage).status.code(), Some(1));
    }
    assert!(scene.sandbox.applied_writes().is_empty());
}

#[test]
fn a_refused_credential_is_an_error_and_never_no_changes() {
    let scene = Scene::new();
    scene.write(
        "company.yaml",
        "cloudflare: {organizations: [{id: 3f9c1e0b7a5d4c2886e1d0f4b2a97c65}]}\n",
    );
    let secret = "wrong-key-41b7";
    for command in ["plan", "drift"] {
        let refused =
            scene.command([command]).env("CLOUDFLARE_API_KEY", secret).output().expect("a process");
        assert_eq!(refused.status.code(), Some(1), "{}", stdout(&refused));
        assert!(stderr(&refused).contains("couldn't be read"), "{}", stderr(&refused));
        assert!(!stderr(&refused).contains(secret) && !stdout(&refused).contains(secret));
    }
    let missing =
        scene.command(["plan"]).env_remove("CLOUDFLARE_API_KEY").output().expect("a process");
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn of_two_applies_at_once_the_second_says_who_holds_the_first() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let mut lock = fs::File::create(scene.journal().with_extension("lock")).expect("a lock");
    lock.lock().expect("the lock");
    std::io::Write::write_all(&mut lock, b"ada@desk, process 7").expect("a lock");
    let second = scene.run(["apply", "--yes"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(
        stderr(&second).contains("another apply is under way: ada@desk, process 7"),
        "{}",
        stderr(&second)
    );
    let waits = scene.command(["apply", "--yes", "--wait"]).spawn().expect("a process");
    lock.unlock().expect("the lock");
    assert_eq!(waits.wait_with_output().expect("a process").status.code(), Some(0));
}

#[test]
fn what_is_imported_is_as_declared() {
    let scene = Scene::new();
    let imported = scene.run(["import"]);
    assert_eq!(imported.status.code(), Some(0), "{}", stderr(&imported));
    let plan = scene.run(["plan"]);
    assert_eq!(plan.status.code(), Some(0), "{}", stdout(&plan));
    let again = scene.run(["import"]);
    assert_eq!(again.status.code(), Some(1), "a file that is there isn't overwritten");
    assert!(scene.sandbox.applied_writes().is_empty());
}

#[test]
fn every_form_of_a_plan_takes_hostile_values_for_text() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {tradingName: 'A | B `c` <img src=x onerror=alert(1)>'}\npartnerCenter: {organization: {}}\n");
    let form = |form: &str| stdout(&scene.run(["plan", "--format", form]));
    let html = form("html");
    assert!(
        html.contains("&lt;img src=x onerror=alert(1)&gt;") && !html.contains("<img"),
        "{html}"
    );
    assert!(html.contains("default-src 'none'"), "{html}");
    let markdown = form("markdown");
    assert!(
        markdown.contains("<code>&quot;A &#124; B `c` &lt;img") && !markdown.contains("<img"),
        "{markdown}"
    );
    let json: serde_json::Value = serde_json::from_str(&form("json")).expect("JSON");
    assert_eq!(json["targets"][0]["changes"][0]["old"], "Fabrikam Partner Services");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let mut command = scene.command(["plan"]);
    let mut plan = command.spawn().expect("a process");
    drop(plan.stdout.take());
    let ended = plan.wait_with_output().expect("a process");
    assert_eq!((ended.status.code(), &*stderr(&ended)), (Some(0), ""));
}

#[test]
fn the_example_needs_no_account() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/company.yaml");
    let scene = Scene::new();
    let plan = scene.bare(["--sandbox", "plan", example]).output().expect("a process");
    assert_eq!(plan.status.code(), Some(2), "{}", stderr(&plan));
    let arguments =
        ["--sandbox", "apply", "--company", example, "--yes", "--allow", "identity,clear,many"];
    let applied = scene.bare(arguments).output().expect("a process");
    assert_eq!(applied.status.code(), Some(0), "{}", stderr(&applied));
}

#[test]
fn an_apply_that_was_killed_goes_on() {
    let scene = Scene::new();
    let ids: Vec<_> = (0..30).map(|number| format!("{number:032x}")).collect();
    for id in &ids {
        let path = format!("/client/v4/organizations/{id}");
        scene.sandbox.put_resource(&path, json!({"id": id, "name": id}));
    }
    let organizations: Vec<_> = ids.iter().map(|id| format!("    - id: '{id}'\n")).collect();
    let kills: u64 =
        std::env::var("LETTERHEAD_REAL_KILLS").map_or(4, |kills| kills.parse().expect("a number"));
    for kill in 0..kills {
        scene.write(
            "company.yaml",
            &format!(
                "company: {{phone: '+31 15 555 {kill:04}'}}\ncloudflare:\n  organizations:\n{}",
                organizations.concat()
            ),
        );
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
        let ended = "has no apply that was interrupted";
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
    let ids: Vec<_> = (0..200).map(|number| format!("{number:032x}")).collect();
    for id in &ids {
        let path = format!("/client/v4/organizations/{id}");
        scene.sandbox.put_resource(&path, json!({"id": id, "name": id}));
    }
    let organizations: Vec<_> = ids.iter().map(|id| format!("    - id: '{id}'\n")).collect();
    let head = "company: {phone: '+31 15 555 0142'}\ncloudflare:\n  organizations:\n";
    scene.write("company.yaml", &format!("{head}{}", organizations.concat()));
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
