//! What a comparison says: what is found, what is settled, what is stale, and how it is shown.

use crate::shelter::{LEAGUE, LEARN, LIST, clouds, documents, folder, page, text};
use insta::assert_snapshot;
use letterhead_docs_check::{
    Documents, Extent, Format, Lock, Look, Source, changed, check, checked, diff,
};

const ALL: Extent = Extent { coverage: true, max: None };

const SETTLED: &str = r#"      x-decisions:
        - id: animals-germany
          about: cloud
          documented: Germany, too
          decided: left out
          reason: That cloud was closed.
          settles:
            - "cloud: PUT /v1/animals/{animal_id} germany"
"#;

/// The shelter's documents, with a decision about Germany.
fn settled() -> Documents {
    let mut documents = Documents::default();
    let spec = std::fs::read_to_string(crate::shelter::root().join("spec/learn.yaml")).unwrap();
    let put = "      operationId: updateAnimal\n";
    documents
        .add_of(clouds(), "learn.yaml", &spec.replace(put, &format!("{put}{SETTLED}")))
        .unwrap();
    documents
}

fn german() -> String {
    let china = "- Partner Center operated by 21Vianet\n";
    text(LEARN).replace(china, &format!("{china}- Partner Center for Microsoft Cloud Germany\n"))
}

#[test]
fn what_a_decision_settles_is_quiet() {
    let folder = folder(vec![page(LEARN, &german())]);
    let outcome = check(&folder, &settled());
    assert!(outcome.findings.is_empty(), "{:?}", outcome.findings);
    let quiet: Vec<_> = outcome.settled.iter().map(|quiet| quiet.decision.as_str()).collect();
    assert_eq!(quiet, ["animals-germany"]);
}

#[test]
fn what_no_page_shows_any_more_is_stale_at_the_documents_line() {
    let documents = settled();
    let all = folder(vec![page(LEARN, &text(LEARN))]);
    let outcome = check(&all, &documents);
    let mut out = Vec::new();
    checked(
        (&all, &documents, &outcome),
        (Format::Human, Look::default()),
        Extent::default(),
        &mut out,
    )
    .unwrap();
    assert_snapshot!("stale", String::from_utf8(out).unwrap());
    // Without the page, and on one that names no cloud at all, nothing is known.
    let elsewhere = folder(vec![page(LIST, &text(LIST))]);
    assert!(check(&elsewhere, &documents).findings.is_empty());
    let silent = text(LEARN)
        .replace("**Applies To**\n\n- Partner", "Applies:\n\nPartner")
        .replace("\n- Partner", "\nPartner");
    let silent = folder(vec![page(LEARN, &silent)]);
    assert!(check(&silent, &documents).findings.is_empty());
}

#[test]
fn pages_outside_the_documents_are_coverage() {
    let outside = [
        (
            "learn/delete-an-animal.md",
            "| Method | URI |\n|-|-|\n| **DELETE** | [*{baseURL}*](u.md)/v1/animals/{id} HTTP/1.1 |\n",
        ),
        (
            "learn/feed.md",
            "```http\nPUT https://api.shelter.example/v1/animals/1 HTTP/1.1\nX-Odd: 1\n\n{\"odd\": 1}\n```\n",
        ),
        ("learn/guide.md", "# Guide\n\nUse `GET /v1/animals`.\n"),
        ("reference/kennel-card.md", "# Kennel card\n\nA guide that has the name by chance.\n"),
    ];
    let pages = outside.into_iter().map(|(path, text)| page(path, text));
    let all = folder(pages.collect());
    let outcome = check(&all, &documents());
    // A sample of an operation that the documents have is compared wherever it stands.
    let keys: Vec<_> = outcome.findings.iter().map(|finding| finding.key.as_str()).collect();
    let odd = [
        "header: PUT /v1/animals/{animal_id} X-Odd",
        "member: PUT /v1/animals/{animal_id} request.odd",
    ];
    assert_eq!(keys, odd);
    let counts: Vec<_> = outcome.coverage.iter().map(|page| (page.outside, page.inside)).collect();
    assert_eq!(counts, [(1, 0), (0, 1)]);
}

#[test]
fn findings_in_every_format() {
    let path = LEAGUE;
    let faulty = text(path).replace("boxExt/unitBase/ \\", "boxExt/units/ \\");
    let german = german().replace("PUT https", "PATCH https");
    let all = folder(vec![page(LEARN, &german), page(path, &faulty)]);
    let mut documents = Documents::default();
    for name in ["learn", "league"] {
        let file = crate::shelter::root().join(format!("spec/{name}.yaml"));
        documents
            .add_of(clouds(), &format!("{name}.yaml"), &std::fs::read_to_string(file).unwrap())
            .unwrap();
    }
    let outcome = check(&all, &documents);
    for (name, format) in
        [("human", Format::Human), ("json", Format::Json), ("github", Format::Github)]
    {
        let mut out = Vec::new();
        checked((&all, &documents, &outcome), (format, Look::default()), ALL, &mut out).unwrap();
        assert_snapshot!(format!("findings_{name}"), String::from_utf8(out).unwrap());
    }
}

#[test]
fn code_scanning_is_led_to_the_document() {
    let all = folder(vec![page(LEARN, &german())]);
    let documents = documents();
    let outcome = check(&all, &documents);
    let mut out = Vec::new();
    let how = (Format::Sarif, Look::default());
    checked((&all, &documents, &outcome), how, Extent::default(), &mut out).unwrap();
    let log: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let run = &log["runs"][0];
    let [result] = run["results"].as_array().unwrap().as_slice() else {
        panic!("{run}");
    };
    assert_eq!(result["ruleId"], "cloud-differs");
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "cloud-differs");
    let uri = |location: &serde_json::Value| {
        let uri = &location["physicalLocation"]["artifactLocation"]["uri"];
        uri.as_str().unwrap().to_owned()
    };
    assert!(uri(&result["locations"][0]).ends_with("/spec/learn.yaml"));
    assert_eq!(uri(&result["relatedLocations"][0]), LEARN);
}

#[test]
fn changes_in_every_format() {
    let before = [page(LEARN, &german()), page(LIST, &text(LIST)), page(LEAGUE, &text(LEAGUE))];
    let locked = Source::new("pages.lock", Lock::of(&before).write());
    let lock = Lock::read(&locked.text()).unwrap();
    let after = text(LEARN)
        .replace("\"name\":\"Rex\",", "\"name\":\"Rex\",\n    \"chip\":\"1\",")
        .replace("\"age\":4", "\"age\":\"4\"")
        .replace("Expect: 100-continue\n", "");
    let moved = text(LIST).replace("Lists the animals", "Names the animals");
    let all = folder(vec![page("moved/get-a-list-of-animals.md", &moved), page(LEARN, &after)]);
    let mut documents = Documents::default();
    for name in ["learn", "league"] {
        let file = crate::shelter::root().join(format!("spec/{name}.yaml"));
        documents
            .add_of(clouds(), &format!("{name}.yaml"), &std::fs::read_to_string(file).unwrap())
            .unwrap();
    }
    let changes = diff(&lock, &all.pages, &documents);
    for (name, format) in
        [("human", Format::Human), ("json", Format::Json), ("github", Format::Github)]
    {
        let mut out = Vec::new();
        changed(
            (&all, &documents, &changes),
            &locked,
            (format, Look::default()),
            Extent::default(),
            &mut out,
        )
        .unwrap();
        assert_snapshot!(format!("changes_{name}"), String::from_utf8(out).unwrap());
    }
}
