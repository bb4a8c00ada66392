//! What reports look like, to people and to programs.

use letterhead_validator::{
    Format, Level, Levels, Look, Options, Report, View, all_rules, check, explain, list_rules,
    render, rule, rules_page,
};
use serde_json::Value;

/// A typo, a second place, letters of more than one byte or column, a key that YAML 1.1 misreads, a
/// value of several lines.
const FAULTY: &str = "\
openapi: 3.0.3
info:
  title: Pets
  verison: '1.0'
  x-country: no
  title: Dogs
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200': {description: 'Ein Dübelhund 🐕.', contents: {application/json: {}}}
        '404':
          description: Not found.
          content:
            application/json:
              schema: [a,
                b]
";

const CLEAN: &str = "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\n";

/// Faults on one line, far from each other, as a program writes them.
fn minified() -> String {
    let padding = |from: usize| {
        let members = (from..from + 100).map(|number| format!(r#""x-{number}":"wörd","#));
        members.collect::<String>()
    };
    let (before, after) = (padding(0), padding(100));
    format!(
        r#"{{"openapi":"3.0.3",{before}"info":{{"title":"Pets","verison":"1.0"}},{after}"paths":{{}},"openapi":"3"}}"#
    )
}

fn report(name: &str, text: &str) -> Report {
    check(name, text.as_bytes(), &Options::default())
}

fn shown(reports: &[Report], format: Format, look: Look) -> String {
    let mut out = Vec::new();
    render(reports, &View { format, look, ..View::default() }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn human(reports: &[Report]) -> String {
    shown(reports, Format::Human, Look::default())
}

#[test]
fn for_people() {
    insta::assert_snapshot!(human(&[report("pets.yaml", FAULTY)]));
}

#[test]
fn for_people_with_colours() {
    let look = Look { colour: true, width: 80 };
    let coloured = shown(&[report("pets.yaml", FAULTY)], Format::Human, look);
    insta::assert_snapshot!(coloured.replace('\u{1b}', "␛"));
}

#[test]
fn a_long_line_is_shown_where_the_fault_is() {
    let text = minified();
    let reports = [report("pets.json", &text)];
    let shown = human(&reports);
    assert!(shown.lines().all(|line| line.chars().count() <= 130));
    insta::assert_snapshot!(shown);
}

#[test]
fn places_far_apart_are_shown_apart() {
    let padding: String = (0..1000).flat_map(|n| [format!("  x-{n}: some words\n")]).collect();
    let text = format!(
        "openapi: 3.0.3\ninfo:\n  title: Pets\n{padding}  title: Dogs\n  version: '1'\npaths: {{}}\n"
    );
    insta::assert_snapshot!(human(&[report("pets.yaml", &text)]));
}

#[test]
fn the_last_line_counts() {
    let last = |texts: &[&str]| {
        let reports: Vec<Report> = texts.iter().map(|text| report("pets.yaml", text)).collect();
        human(&reports).lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(last(&[CLEAN]), "pets.yaml: 0 operations, clean");
    assert_eq!(last(&[FAULTY]), "4 errors, 1 warning in 1 document");
    assert_eq!(last(&[FAULTY, CLEAN, FAULTY]), "8 errors, 2 warnings in 2 of 3 documents");
    let typo = CLEAN.replace("version", "verison");
    assert_eq!(last(&[&typo, &typo]), "2 errors in 2 documents");
    assert_eq!(last(&[]), "");
}

#[test]
fn for_programs() {
    let reports = [report("pets.yaml", FAULTY), report("clean.yaml", CLEAN)];
    insta::assert_snapshot!("json", shown(&reports, Format::Json, Look::default()));
    insta::assert_snapshot!("github", shown(&reports, Format::Github, Look::default()));
    assert_eq!(shown(&[], Format::Json, Look::default()), "[]\n");
}

#[test]
fn for_code_scanning() {
    let reports = [report("my pets.yaml", FAULTY)];
    let text = shown(&reports, Format::Sarif, Look::default());
    let mut log: Value = serde_json::from_str(&text).unwrap();
    let driver = &mut log["runs"][0]["tool"]["driver"];
    // The rules have a page of their own; here it matters that each result finds its rule.
    let rules = driver["rules"].take();
    driver["version"] = "0.0.0".into();
    assert_eq!(rules.as_array().unwrap().len(), all_rules().count());
    // Each rule brings its page along, with the document that breaks it and without the cases.
    for rule in rules.as_array().unwrap() {
        let (id, page) = (rule["id"].as_str().unwrap(), rule["help"]["markdown"].as_str().unwrap());
        assert!(page.starts_with(&format!("# {id}\n\n**")), "{page}");
        assert!(page.contains("+++ right") && !page.contains("\n@@"), "{page}");
        assert!(page.matches("```").count() % 2 == 0, "{page}");
        assert!(page.contains(&format!("`letterhead-lint --explain {id}`")), "{page}");
        // The link leads to the documentation of the rule's static.
        let uri = rule["helpUri"].as_str().unwrap();
        let name = id.replace(['-', '.'], "_").to_uppercase();
        assert!(uri.starts_with("https://docs.rs/letterhead-validator/"), "{uri}");
        assert!(uri.ends_with(&format!("/static.{name}.html")), "{uri}");
    }
    for result in log["runs"][0]["results"].as_array_mut().unwrap() {
        let index = usize::try_from(result["ruleIndex"].take().as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&log).unwrap());
}

#[test]
fn a_rule_is_explained() {
    let explained = |code: &str| {
        let mut out = Vec::new();
        explain(rule(code).unwrap(), Look::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    insta::assert_snapshot!(explained("duplicate-key"));
    for rule in all_rules() {
        assert!(explained(rule.code).contains(rule.summary.split(' ').next().unwrap()));
    }
    let unknown = rule("duplicat-key").unwrap_err().to_string();
    assert_eq!(unknown, "no rule is called `duplicat-key`; did you mean `duplicate-key`?");
}

#[test]
fn the_rules_are_listed_and_described() {
    let mut list = Vec::new();
    list_rules(&mut list).unwrap();
    let list = String::from_utf8(list).unwrap();
    assert_eq!(list.lines().count(), all_rules().count());
    let page = rules_page();
    for rule in all_rules() {
        assert!(list.contains(&format!("{} ", rule.code)), "{}", rule.code);
        assert!(page.contains(&format!("\n| [`{}`](", rule.code)), "{}", rule.code);
    }
}

#[test]
fn the_page_about_the_rules_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(page == rules_page(), "docs/rules.md is stale: run `cargo xtask rules`");
}

#[test]
fn a_message_stays_on_its_line_whatever_the_document_says() {
    let key = format!("\\n::error::\\e[31m{}", "x".repeat(2_000));
    let text = CLEAN.replace("title: Pets", &format!("title: Pets, \"{key}\": 1"));
    let report = report("pets.yaml", &text);
    assert_eq!(report.findings.len(), 1);
    assert!(!report.findings[0].message.contains(char::is_control));
    assert!(report.findings[0].message.len() < 600);
    let reports = [report];
    assert_eq!(shown(&reports, Format::Github, Look::default()).lines().count(), 1);
    assert!(!human(&reports).contains('\u{1b}'));
}

#[test]
fn what_is_allowed_is_not_shown() {
    let mut levels = Levels::default();
    levels.set("all", Level::Allow).unwrap();
    levels.set("unknown-key", Level::Warn).unwrap();
    let options = Options { levels, ..Options::default() };
    let reports = [check("pets.yaml", FAULTY, &options)];
    let github = shown(&reports, Format::Github, Look::default());
    assert_eq!(github.lines().count(), 2);
    assert!(github.lines().all(|line| line.starts_with("::warning ")));
}
