//! What is wrong in a company file, and what would be lost without a word.

use crate::support::{Scene, stderr, stdout};

/// The faults of a file, which no vendor sees.
fn faults(file: &str) -> String {
    let scene = Scene::new();
    scene.write("company.yaml", file);
    let plan = scene.run(["plan"]);
    assert_eq!(plan.status.code(), Some(1), "{}", stdout(&plan));
    assert!(scene.sandbox.take_requests().is_empty());
    stderr(&plan)
}

#[test]
fn what_a_target_cannot_hold_is_a_fault_in_its_place() {
    let shown = faults(
        "\
partnerCenter:
  support: {set: {taxId: '1'}}
cloudflare:
  accounts:
    - id: a
      set:
        website: fabrikam.example
        address: {line1: x, line3: y}
        metadata: {any: {thing: 1}}
campaignStandard:
  organizationalUnits:
    - name: one
      set: {phone: '1', tradingName: a}
    - name: two
      set: {address: {city: b}}
    - name: three
      profiles: true
      set: {address: {city: b}}
",
    );
    for part in [
        "5 faults",
        "company.yaml:2:19",
        "support profiles have no `taxId`",
        "there are: support.email, support.phone, website",
        "company.yaml:7:9",
        "accounts have no `website`",
        "company.yaml:8:29",
        "accounts have no `address.line3`",
        "company.yaml:13:13",
        "organizational units have no `phone`",
        "company.yaml:15:13",
        "organizational units have no `address`",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn faults_have_the_order_of_the_file_and_stand_there_once() {
    let shown = faults(
        "\
partnerCenter:
  support: {leave: [phne]}
  billing: {set: {website: x}}
cloudflare:
  accounts:
    - a text
    - {}
campaignStandard:
  organizationalUnits: {}
",
    );
    let places = shown.lines().filter_map(|line| line.trim().strip_prefix("--> company.yaml:"));
    let places: Vec<_> = places.collect();
    assert_eq!(places, ["2:21", "3:19", "6:7", "7:7", "9:24"], "{shown}");
}

#[test]
fn nothing_is_no_target() {
    let shown = faults(
        "\
partnerCenter:
  organization:
cloudflare:
  organizations:
    - id:
    - below: ~
",
    );
    for part in [
        "3 faults",
        "company.yaml:2:15",
        "this has to be a mapping",
        "write `{}` where nothing differs",
        "company.yaml:5:9",
        "company.yaml:6:14",
        "this has to be a text",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    for file in ["company: {phone: '1'}\ncloudflare: {organizations: []}\n", "", "# nothing\n"] {
        let shown = faults(file);
        assert!(shown.contains("the company file names no target"), "{shown}");
    }
}

#[test]
fn a_profile_has_one_unit_and_no_place_in_a_geographical_one() {
    let shown = faults(
        "\
campaignStandard:
  organizationalUnits:
    - {name: one, assign: [a@x.example]}
    - {name: two, assign: [a@x.example, 7]}
  geographicalUnits:
    - {name: three, assign: [b@x.example]}
",
    );
    for part in [
        "3 faults",
        "company.yaml:4:28",
        "this profile is assigned twice",
        "company.yaml:4:41",
        "this has to be a text",
        "company.yaml:6:29",
        "profiles are assigned to organizational units alone",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn faults_have_colours_where_somebody_sees_them_and_obey_nobody() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {\"a\\e[8mb\": 1} # \u{202e}\n");
    let shown = |variable: Option<&str>| {
        let mut plan = scene.command(["plan"]);
        if let Some(variable) = variable {
            plan.env(variable, "1");
        }
        stderr(&plan.output().expect("a process"))
    };
    let plain = shown(None);
    assert!(plain.contains("there is no member `a\\u001b[8mb` here"), "{plain}");
    assert!(!plain.contains('\u{1b}') && plain == shown(Some("NO_COLOR")), "{plain}");
    let styled = shown(Some("CLICOLOR_FORCE"));
    assert!(styled.contains("\u{1b}[1m\u{1b}[91merror"), "{styled:?}");
    for shown in [plain, styled] {
        assert!(!shown.contains("\u{1b}[8m") && !shown.contains('\u{202e}'), "{shown:?}");
    }
}

#[test]
fn what_cannot_be_changed_is_shown_in_every_form_and_is_drift() {
    let scene = Scene::new();
    scene.write("company.yaml", "company: {networkId: '1'}\npartnerCenter: {network: {}}\n");
    for (command, wanted) in [
        (&["plan"][..], "wanted \"1\"; it can't be changed"),
        (&["plan"], "Nothing to do: 0 targets are as declared. 1 difference can't be changed."),
        (&["plan", "--format", "markdown"], "<code>&quot;1&quot;</code> wanted; it can't be"),
        (&["plan", "--format", "html"], "&quot;1&quot; wanted; it can't be changed"),
        (&["drift"], "wanted \"1\"; it can't be changed"),
    ] {
        let shown = scene.run(command);
        assert_eq!(shown.status.code(), Some(0), "nothing is to be done");
        assert!(stdout(&shown).contains(wanted), "{wanted}: {}", stdout(&shown));
    }
}

#[test]
fn the_part_of_an_address_that_has_no_place_is_named() {
    let scene = Scene::new();
    let id = letterhead_sandbox::seed::CLOUDFLARE_ORGANIZATION_ID;
    let file = format!(
        "company: {{address: {{city: Delft, line3: Gate 4}}, contact: {{phone: '1'}}}}\n\
         cloudflare: {{organizations: [{{id: {id}}}]}}\n"
    );
    scene.write("company.yaml", &file);
    assert!(stdout(&scene.run(["plan"])).contains("\n  no place for: address.line3\n"));
    let markdown = stdout(&scene.run(["plan", "--format", "markdown"]));
    assert!(markdown.contains("| <code>address.line3</code> | | | no place for it |"));
    let html = stdout(&scene.run(["plan", "--format", "html"]));
    assert!(html.contains("<td>address.line3<td><td><td class=odd>no place for it"), "{html}");
    scene.write("company.yaml", &file.replace("}]}", ", leave: [address.line3]}]}"));
    assert!(!stdout(&scene.run(["plan"])).contains("no place for"), "that is known");
}

#[test]
fn what_is_no_yaml_is_shown_in_its_line_with_the_way_out() {
    for (file, parts) in [
        (
            "company:\n  legalName: Fabrikam: Instruments\n",
            ["company.yaml:2:14", "legalName: Fabrikam: Instruments", "quote the value"],
        ),
        (
            "company: {phone: '1'}\ncompany: {phone: '2'}\n",
            ["company.yaml:2:1", "the key `company` stands twice", "it stands here first"],
        ),
        (
            "company: {legalName: !!binary aGk=}\n",
            ["company.yaml:1:22", "the tag `!!binary` has no meaning here", "leave the tag out"],
        ),
    ] {
        let shown = faults(file);
        assert!(shown.contains("1 fault\n"), "{shown}");
        for part in parts {
            assert!(shown.contains(part), "{part}: {shown}");
        }
    }
}
