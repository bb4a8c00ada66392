//! Stoplight Prism on documents of one construct each: what the clients that are generated from them have sent is what
//! these documents say, by a program that we didn't write.

use std::fs;

use anyhow::{Context, ensure};
use letterhead_corpus::constructs;
use serde::Deserialize;
use serde_json::Value;

use crate::judge::Verdict;
use crate::program::{PRISM, Programs, json_of};

/// A request that is in no document.
const PLANTED: &str = "/nowhere-planted";

/// What Prism refuses, as construct, method and path, and why that is no objection. Each has to be refused.
const KNOWN: [(&[&str], &str); 12] = [
    (
        &[
            "c01_form POST /pets",
            "c07_parts_of_files POST /parts",
            "c08_parts_of_lists POST /parts",
        ],
        "Lists in a form or in parts, whose member comes several times. Prism reads one value.",
    ),
    (
        &["c02_form_encoding POST /pets"],
        "Commas of a joined list in a form, which Prism takes for a part of a value.",
    ),
    (&["c05_form_as_text POST /pets"], "A form whose schema is text. Prism reads an object."),
    (&["c06_parts_of_text POST /parts"], "JSON in a part. Prism reads text."),
    (
        &["c10_bytes_up PUT /bytes"],
        "A media type that the caller gives, and the document doesn't have.",
    ),
    (
        &[
            "c14_number_as_text PUT /level",
            "c15_xml POST /pets",
            "c16_lines_up POST /feed",
            "c18_json_as_bytes PUT /archive",
        ],
        "Bodies in other media types than JSON and forms, whose schema isn't text, and JSON whose schema is.",
    ),
    (
        &["c34_path_with_a_query GET /pets", "c34_path_with_a_query GET /owners/a%2Fb/pets"],
        "Paths with a query in them. Prism finds no path.",
    ),
    (&["c38_query_delimited GET /pets"], "Numbers with blanks between them. Prism reads texts."),
    (
        &["c56_enum_of_text GET /pet"],
        "A value that the enum doesn't list. The client sends it on purpose.",
    ),
    (
        &[
            "c73_patch PATCH /pet",
            "c74_patch_merge PATCH /pets/a%2Fb",
            "c75_patch_of_a_map PATCH /labels",
            "c78_patch_beside_post PATCH /pets",
        ],
        "`null` in a PATCH, which clears a member on purpose.",
    ),
    (
        &["c92_credentials POST /token"],
        "Requests for a token, which are in no document of the service.",
    ),
    (
        &["c93_path_joined GET /pets/.x"],
        "Two arguments of one segment, of which the first is empty.",
    ),
];

/// What it isn't asked about, and why.
const NOT_ASKED: [(&str, &str); 3] = [
    ("c30_path_simple", "A list in a path. Prism ends with an error of its own."),
    ("c32_path_matrix", "A style of paths. Prism ends with an error of its own."),
    ("c91_left_out", "A document with a reference to a file that isn't there."),
];

const EXCLUSIONS: [&str; KNOWN.len() + NOT_ASKED.len()] = {
    let mut reasons = [""; KNOWN.len() + NOT_ASKED.len()];
    let mut at = 0;
    while at < reasons.len() {
        reasons[at] = if at < KNOWN.len() { KNOWN[at].1 } else { NOT_ASKED[at - KNOWN.len()].1 };
        at += 1;
    }
    reasons
};

/// A request, and what Prism's server of its document made of it.
#[derive(Deserialize)]
struct Judged {
    construct: String,
    request: Request,
    /// Why it is refused.
    problem: Option<Value>,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    target: String,
}

impl Judged {
    fn is_planted(&self) -> bool {
        self.request.target == PLANTED
    }

    /// As [`KNOWN`] has it.
    fn key(&self) -> String {
        let Request { method, target } = &self.request;
        let path = target.split('?').next().unwrap_or_default();
        format!("{} {method} {path}", self.construct)
    }

    fn about(&self, problem: &Value) -> String {
        let Request { method, target } = &self.request;
        format!("{} {method} {target}\n  {problem}", self.construct)
    }
}

/// Runs the programs of all constructs, and has what they sent judged.
pub(crate) async fn judge(programs: &Programs) -> anyhow::Result<Verdict> {
    let constructs = constructs::all()?;
    let folder = programs.new_folder("constructs")?;
    let (documents, sent) = (folder.join("documents"), folder.join("sent"));
    fs::create_dir_all(&sent)?;
    constructs::run(&constructs, Some(&sent))?;
    let planted = format!(r#"{{"method":"GET","target":"{PLANTED}","headers":[],"body":""}}"#);
    let not_asked = |module: &str| NOT_ASKED.iter().any(|(it, _)| *it == module);
    for construct in &constructs {
        let path = sent.join(&construct.module).with_extension("jsonl");
        let text = fs::read_to_string(&path)
            .with_context(|| format!("the programs of `{}` sent nothing", construct.module))?;
        if not_asked(&construct.module) {
            fs::remove_file(&path)?;
            continue;
        }
        fs::write(&path, format!("{text}{planted}\n"))?;
        let home = documents.join(&construct.module);
        fs::create_dir_all(&home)?;
        fs::write(home.join("document.yaml"), &construct.text)?;
    }
    let judged = json_of(programs.node("constructs.cjs").arg(&documents).arg(&sent)).await?;
    let judged: Vec<Judged> = serde_json::from_value(judged)?;
    let (planted, judged): (Vec<_>, Vec<_>) = judged.into_iter().partition(Judged::is_planted);
    // A judge that refuses nothing would agree as well.
    let asked = constructs.len() - NOT_ASKED.len();
    let refused = planted.iter().filter(|it| it.problem.is_some()).count();
    ensure!(refused == asked, "{refused} of {asked} servers refuse what is nowhere");
    let is_known = |key: &str| KNOWN.iter().any(|(all, _)| all.contains(&key));
    let refused = || judged.iter().filter_map(|it| Some((it, it.problem.as_ref()?)));
    for key in KNOWN.iter().flat_map(|(all, _)| *all) {
        ensure!(refused().any(|(it, _)| it.key() == *key), "Prism doesn't refuse `{key}` any more");
    }
    let objections = refused().filter(|(it, _)| !is_known(&it.key()));
    Ok(Verdict {
        judge: "@stoplight/prism-cli",
        version: PRISM,
        about: format!("{asked} documents of one construct each, what is sent"),
        count: judged.len() - refused().count(),
        findings: objections.map(|(it, problem)| it.about(problem)).collect(),
        exclusions: &EXCLUSIONS,
    })
}
