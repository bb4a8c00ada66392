//! What an apply writes, what it refuses, and one beside another.

use std::fs;

use letterhead_sandbox::Response;

use crate::support::{Scene, stderr, stdout};
use crate::{COMPANY, ORGANIZATION, SUPPORT};

/// The lock of all applies of a user.
const USERS_LOCK: &str = ".local/state/letterhead/applying";

#[test]
fn of_two_applies_at_once_the_second_says_who_holds_the_first() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let holder = "ada@desk, process 7, since 2026-11-29T22:00:00Z";
    let lock = scene.hold("letterhead/journal.jsonl.lock", holder);
    let second = scene.run(["apply", "--yes"]);
    assert_eq!(second.status.code(), Some(1));
    let said = stderr(&second);
    assert!(
        said.contains("error: another apply is under way: ada@desk, process 7, since"),
        "{said}"
    );
    let waits = scene.command(["apply", "--yes", "--wait"]).spawn().expect("a process");
    lock.unlock().expect("the lock");
    assert_eq!(waits.wait_with_output().expect("a process").status.code(), Some(0));
}

#[test]
fn applies_with_different_journals_see_each_other() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let holder = "ada\u{1b}[2J@desk, process 7, since 2026-11-29T22:00:00Z";
    let lock = scene.hold(USERS_LOCK, holder);
    for journal in [&[][..], &["--journal", "other.jsonl"]] {
        let second = scene.run([&["apply", "--yes"], journal].concat());
        assert_eq!(second.status.code(), Some(1), "{}", stdout(&second));
        let said = stderr(&second);
        assert!(
            said.contains("another apply is under way: ada\\u001b[2J@desk, process 7,"),
            "{said}"
        );
    }
    let company = ["--sandbox", "apply", "--yes"];
    assert_eq!(
        scene.run(company).status.code(),
        Some(0),
        "a sandbox of one's own is no one else's"
    );
    drop(lock);
    assert_eq!(scene.run(["apply", "--yes"]).status.code(), Some(0));
    // Who has no home is no worse off than before.
    fs::remove_dir_all(scene.path(".local")).expect("a folder");
    scene.write(".local", "no folder");
    let alone = scene.run(["apply", "--yes", "--quiet", "--mask"]);
    assert_eq!(alone.status.code(), Some(0), "{}", stderr(&alone));
    let said = stderr(&alone);
    assert!(said.contains("with another journal isn't noticed: the lock `***`: "), "{said}");
}

#[test]
fn no_lock_is_taken_twice_and_no_file_is_taken_for_a_lock() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let apply = |journal: &str| scene.run(["apply", "--yes", "--journal", journal]);
    // A lock that is both is held once.
    let lock = scene.path(USERS_LOCK);
    fs::create_dir_all(lock.parent().expect("a folder")).expect("a folder");
    fs::write(&lock, "").expect("a lock");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&lock, scene.path("linked.lock")).expect("a link");
        let linked = apply("linked");
        assert_eq!(linked.status.code(), Some(0), "{}", stderr(&linked));
    }
    let near = apply(".local/state/letterhead/apply");
    assert_eq!(near.status.code(), Some(0), "{}", stderr(&near));
    let refused = apply(USERS_LOCK);
    assert_eq!(refused.status.code(), Some(1), "{}", stdout(&refused));
    let said = stderr(&refused);
    assert!(said.contains("error: the lock of all applies is no journal;"), "{said}");

    // Something else stands where a lock is looked for.
    scene.write("other.lock", "precious\n");
    let other = apply("other");
    assert_eq!(other.status.code(), Some(1), "{}", stdout(&other));
    let said = stderr(&other);
    assert!(said.contains("the lock `other.lock`: it holds something else"), "{said}");
    assert_eq!(scene.read("other.lock"), "precious\n");
    fs::write(&lock, "precious\n").expect("a file");
    let noted = scene.run(["apply", "--yes"]);
    assert_eq!(noted.status.code(), Some(0), "{}", stderr(&noted));
    assert!(stderr(&noted).contains("it holds something else"), "{}", stderr(&noted));
    assert_eq!(scene.read(USERS_LOCK), "precious\n");
}

#[test]
fn a_journal_may_have_any_name_and_is_its_owners_alone() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    for journal in ["state.lock", "new/folder/journal"] {
        scene.write("company.yaml", &COMPANY.replace("42555501", &journal.len().to_string()));
        let applied = scene.run(["apply", "--yes", "--journal", journal]);
        assert_eq!(applied.status.code(), Some(0), "{}", stderr(&applied));
        let log = scene.run(["log", "--journal", journal]);
        assert!(stdout(&log).contains("done, 2 targets"), "{}", stdout(&log));
        assert_eq!(stderr(&log), "");
        assert!(scene.path(&format!("{journal}.lock")).is_file());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        scene.write("open.jsonl", "");
        let path = scene.path("open.jsonl");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("a mode");
        scene.write("company.yaml", COMPANY);
        let applied = scene.run(["apply", "--yes", "--journal", "open.jsonl"]);
        assert_eq!(applied.status.code(), Some(0), "{}", stderr(&applied));
        let mode = fs::metadata(&path).expect("a journal").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
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
fn a_target_with_another_etag_has_changed_since() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    scene.run(["plan", "--out", "plan.json"]);
    let mut profile = scene.sandbox.resource(ORGANIZATION).expect("a profile");
    profile["attributes"]["etag"] = "\"another\"".into();
    scene.sandbox.put_resource(ORGANIZATION, profile.clone());
    let applied = scene.run(["apply", "plan.json"]);
    assert_eq!(applied.status.code(), Some(3), "{}", stderr(&applied));
    assert!(stdout(&applied).contains("refused    partner-center/organization"));
    assert_eq!(scene.sandbox.resource(ORGANIZATION), Some(profile));
}

#[test]
fn a_target_that_changes_right_before_its_write_is_refused() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {phone: '1'}\npartnerCenter: {organization: {}}\n");
    let own = scene.sandbox.resource(ORGANIZATION).expect("a profile");
    let mut other = own.clone();
    other["defaultAddress"]["phoneNumber"] = "4255550177".into();
    other["attributes"]["etag"] = "another".into();
    scene.sandbox.put_resource(ORGANIZATION, other.clone());
    // Planned, and read again before the write; then somebody else was faster.
    for _ in 0..2 {
        let response = Response::new(200).json(&own);
        scene.sandbox.respond_next_for(http::Method::GET, ORGANIZATION, response);
    }
    let applied = scene.run(["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(1), "nothing was written: {}", stdout(&applied));
    let shown = stdout(&applied);
    assert!(
        shown.contains("refused    partner-center/organization: it has changed since"),
        "{shown}"
    );
    assert!(scene.sandbox.applied_writes().is_empty());
    assert_eq!(scene.sandbox.resource(ORGANIZATION), Some(other));
    let again = scene.run(["apply", "--resume"]);
    assert!(stderr(&again).contains("no apply that left something"), "{}", stderr(&again));
}

#[test]
fn a_profile_that_is_gone_is_not_made_where_members_were_to_be_cleared() {
    let scene = Scene::new();
    let id = letterhead_sandbox::seed::CLOUDFLARE_ORGANIZATION_ID;
    let company = "company: {phone: null, email: null}\ncloudflare: {organizations: [{id: ";
    scene.write("company.yaml", &format!("{company}{id}}}]}}\n"));
    scene.run(["plan", "--out", "plan.json"]);
    let path = format!("/client/v4/organizations/{id}/profile");
    let error = serde_json::json!({"code": 1000, "message": "Profile not found"});
    let gone =
        serde_json::json!({"success": false, "errors": [error], "messages": [], "result": null});
    scene.sandbox.respond_next_for(http::Method::GET, &path, Response::new(404).json(&gone));
    let applied = scene.run(["apply", "plan.json", "--allow", "clear"]);
    assert_eq!(applied.status.code(), Some(0), "{}", stderr(&applied));
    let shown = stdout(&applied);
    assert!(shown.contains(&format!("in place   cloudflare/organizations/{id}\n")), "{shown}");
    assert!(scene.sandbox.applied_writes().is_empty());
    let methods = scene.sandbox.take_requests().into_iter().map(|request| request.method);
    assert!(methods.into_iter().all(|method| method == http::Method::GET));
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
fn a_vendor_that_drops_what_was_sent_along_is_named() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {phone: '1'}\npartnerCenter: {legalBusiness: {}}\n");
    let path = "/v1/profiles/legalbusiness";
    let own = scene.sandbox.resource(path).expect("a profile");
    let mut odd = own.clone();
    odd["address"]["phoneNumber"] = "1".into();
    odd["address"]["city"] = "Renton".into();
    odd["companyApproverEmail"] = serde_json::Value::Null;
    // These are the vendor's to change.
    odd["vettingStatus"] = "pending".into();
    odd["address"]["checked"] = "2026-11-29T22:00:00Z".into();
    for profile in [&own, &own, &odd] {
        let response = Response::new(200).json(profile);
        scene.sandbox.respond_next_for(http::Method::GET, path, response);
    }
    let applied = scene.run(["apply", "--yes"]);
    assert_eq!(applied.status.code(), Some(3), "{}", stderr(&applied));
    let shown = stdout(&applied);
    assert!(shown.contains("rewrote address.city: \"Redmond\" became \"Renton\"\n"), "{shown}");
    assert!(shown.contains("the vendor dropped companyApproverEmail\n"), "{shown}");
    assert_eq!(shown.matches("the vendor ").count(), 2, "{shown}");
}

#[test]
fn a_plan_file_without_changes_says_so() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {}\npartnerCenter: {support: {}}\n");
    scene.run(["plan", "--out", "plan.json"]);
    let applied = scene.run(["apply", "plan.json"]);
    assert_eq!(
        (applied.status.code(), &*stdout(&applied)),
        (Some(0), "Nothing to do: the target is as declared.\n")
    );
}

#[test]
fn who_applied_has_no_power_over_the_terminal() {
    let scene = Scene::new();
    scene.write("company.yaml", COMPANY);
    let user = "ada\u{1b}[2J\u{202e}";
    let applied = scene.command(["apply", "--yes"]).env("USER", user).output().expect("a process");
    assert_eq!(applied.status.code(), Some(0), "{}", stderr(&applied));
    for words in [&["log", "--color", "always"][..], &["show", "", "--color", "always"]] {
        let shown = stdout(&scene.run(words));
        assert!(shown.contains("ada\\u001b[2J\\u202e@") && !shown.contains('\u{202e}'), "{shown}");
    }
}
