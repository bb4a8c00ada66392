//! The program as people and scripts use it, against a sandbox.

#[path = "cli/applied.rs"]
mod applied;
#[path = "cli/company_file.rs"]
mod company_file;
#[path = "cli/masked.rs"]
mod masked;
#[path = "cli/resumed.rs"]
mod resumed;
#[path = "cli/screens.rs"]
mod screens;
#[path = "cli/support.rs"]
mod support;
#[path = "cli/targets.rs"]
mod targets;

use letterhead_sandbox::Response;

use support::{Scene, company_of, stderr, stdout};

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
        (
            Some(0),
            "as declared: 1 organization profile\n  \
               not managed: companyName, culture, defaultAddress.addressLine1, defaultAddress.city, \
             defaultAddress.country, defaultAddress.firstName, defaultAddress.lastName, \
             defaultAddress.postalCode, defaultAddress.state, domain, email, id, language, tenantId\n\n\
             as declared: 1 support profile\n  not managed: email, website\n\n\
             Nothing to do: 2 targets are as declared.\n"
        )
    );
    assert_eq!(
        stderr(&again).lines().collect::<std::collections::BTreeSet<_>>(),
        ["read       partner-center/organization", "read       partner-center/support"].into(),
        "a log has a line for each target"
    );
    let quiet = scene.run(["drift"]);
    assert_eq!((quiet.status.code(), &*stdout(&quiet), &*stderr(&quiet)), (Some(0), "", ""));

    let log = stdout(&scene.run(["log"]));
    let line = log.lines().nth(1).expect("a line");
    assert!(line.ends_with("2        done, 2 targets"), "{log}");
    let id = line.split("  ").nth(2).expect("an id").trim();
    let shown = stdout(&scene.run(["show", &id[..8]]));
    let request = "update_organization_profile /v1/profiles/organization, request ";
    assert!(shown.contains(request), "{shown}");
    assert!(
        shown.contains("defaultAddress.phoneNumber: \"4255550142\" -> \"4255550188\""),
        "{shown}"
    );
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
fn what_is_not_there_or_no_plan_says_where_it_comes_from() {
    let scene = Scene::new();
    let missing = scene.run(["plan"]);
    assert!(
        stderr(&missing).contains("`letterhead import` writes the first one"),
        "{}",
        stderr(&missing)
    );
    scene.write("company.yaml", COMPANY);
    let company = scene.run(["apply", "company.yaml"]);
    assert!(
        stderr(&company).contains("a company file goes with `--company`"),
        "{}",
        stderr(&company)
    );
    let log = scene.run(["log"]);
    assert_eq!((&*stdout(&log), &*stderr(&log)), ("", "note: nothing was applied yet\n"));
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
    let useless = scene.run(["apply", "--yes", "--limit", "1", "--allow", "identity,clear,many"]);
    assert_eq!(useless.status.code(), Some(1));
    assert!(stderr(&useless).contains("limits nothing beside"), "{}", stderr(&useless));
    for guard in [&["--yes"][..], &["--limit", "5"], &["--allow", "many"]] {
        let ignored = scene.run([&["apply", "--resume"], guard].concat());
        assert_eq!(ignored.status.code(), Some(1));
        assert!(stderr(&ignored).contains("cannot be used with"), "{}", stderr(&ignored));
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
fn wrong_usage_has_colours_as_it_is_told() {
    let scene = Scene::new();
    let shown = |words: &[&str]| stderr(&scene.run(words));
    assert!(!shown(&["frobnicate"]).contains('\u{1b}'));
    for words in [&["frobnicate", "--color", "always"][..], &["--color=always", "apply", "--limit"]]
    {
        assert!(shown(words).contains("\u{1b}[1m\u{1b}[31merror:"), "{:?}", shown(words));
    }
    assert!(!shown(&["--color=never", "frobnicate"]).contains('\u{1b}'));
    assert!(!shown(&["frobnicate", "--", "--color=always"]).contains('\u{1b}'));
    #[cfg(unix)]
    {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;

        let odd = OsStr::from_bytes(b"--\xff");
        let wrong = scene.run([odd, OsStr::new("--color=always")]);
        assert_eq!(wrong.status.code(), Some(1), "{}", stderr(&wrong));
        assert!(stderr(&wrong).contains("\u{1b}[1m\u{1b}[31merror:"), "{}", stderr(&wrong));
    }
}

#[test]
fn a_vendor_that_is_set_up_in_part_is_no_vendor_to_leave_out() {
    let scene = Scene::new();
    let keys =
        ["CLOUDFLARE_API_KEY", "CLOUDFLARE_EMAIL", "CLOUDFLARE_BASE_URL", "CLOUDFLARE_API_TOKEN"];
    let import = |missing: &[&str]| {
        let mut import = scene.command(["import", &format!("{}.yaml", missing.len())]);
        for name in missing {
            import.env_remove(name);
        }
        import.output().expect("a process")
    };
    let partly = import(&keys[..1]);
    assert_eq!(partly.status.code(), Some(1), "{}", stdout(&partly));
    let said = stderr(&partly);
    assert!(said.contains("Cloudflare is set up in part, by `CLOUDFLARE_"), "{said}");
    assert!(said.contains("`; unset them to leave it out: "), "{said}");
    let without = import(&keys);
    assert_eq!(without.status.code(), Some(0), "{}", stderr(&without));
    let note = "note: Cloudflare is left out: none of its variables is set\n";
    assert!(stderr(&without).contains(note), "{}", stderr(&without));
    assert!(scene.read("4.yaml").contains("\ncloudflare: {}\n"), "{}", scene.read("4.yaml"));
}

#[test]
fn names_with_dots_are_left_alone_one_by_one() {
    let scene = Scene::new();
    let id = letterhead_sandbox::seed::CLOUDFLARE_ORGANIZATION_ID;
    let file = format!(
        "company: {{metadata: {{a: 1, a.b: 2}}}}\n\
         cloudflare: {{organizations: [{{id: {id}, leave: [metadata.a]}}]}}\n"
    );
    scene.write("company.yaml", &file);
    let shown = stdout(&scene.run(["plan"]));
    assert!(shown.contains("  metadata.a.b (external_metadata.a.b): nothing -> 2\n"), "{shown}");
    assert!(!shown.contains("metadata.a:") && shown.contains("1 change at 1 of 1"), "{shown}");
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
    assert_eq!(stderr(&again), "error: the company file `company.yaml` is there already\n");
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
fn who_closes_the_pipe_changes_nothing_but_what_is_shown() {
    let scene = Scene::new();
    let ids = scene.put_organizations(30);
    scene.write("company.yaml", &company_of("+31 15 555 0142", &ids));
    let without_reader = |arguments: &[&str]| {
        let mut process = scene.command(arguments).spawn().expect("a process");
        drop(process.stdout.take());
        let ended = process.wait_with_output().expect("a process");
        assert!(!stderr(&ended).contains("error"), "{}", stderr(&ended));
        ended.status.code()
    };
    assert_eq!(without_reader(&["plan"]), Some(2), "there are changes");
    assert_eq!(without_reader(&["apply", "--yes", "--allow", "many"]), Some(0));
    assert_eq!(scene.sandbox.applied_writes().len(), 30);
    assert!(stdout(&scene.run(["log"])).contains("done, 30 targets"));
    assert_eq!(without_reader(&["plan"]), Some(0));
    assert_eq!(without_reader(&["--help"]), Some(0));
    drop(scene.sandbox.take_requests());
    let list = ["call", "cloudflare", "list-organizations", "--all", "--page-size", "1"];
    assert_eq!(without_reader(&list), Some(0));
    assert_eq!(scene.sandbox.take_requests().len(), 1, "nobody reads a second page");
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
fn who_waits_for_a_vendor_is_told_so() {
    let scene = Scene::new();
    let ids = scene.put_organizations(1);
    scene.write("company.yaml", &company_of("+31 15 555 0142", &ids));
    let path = format!("/client/v4/organizations/{}/profile", ids[0]);
    let throttle = || {
        let response = Response::new(429).header("retry-after", "0");
        scene.sandbox.respond_next_to(&path, response);
    };
    throttle();
    let plan = scene.run(["plan"]);
    assert!(
        stderr(&plan).contains("throttled  Cloudflare: too many requests, next in 0 s"),
        "{}",
        stderr(&plan)
    );
    throttle();
    let drift = scene.run(["drift"]);
    assert_eq!((drift.status.code(), &*stderr(&drift)), (Some(2), ""));
}
