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

/// What Prism refuses, and why that is no objection. Each has to be refused.
const KNOWN: [(&[&str], &str); 13] = [
    (
        &["c01_form", "c07_parts_of_files", "c08_parts_of_lists"],
        "Lists in a form or in parts, whose member comes several times. Prism reads one value.",
    ),
    (
        &["c02_form_encoding"],
        "Commas of a joined list in a form, which Prism takes for a part of a value.",
    ),
    (&["c05_form_as_text"], "A form whose schema is text. Prism reads an object."),
    (&["c06_parts_of_text"], "JSON in a part. Prism reads text."),
    (&["c10_bytes_up"], "A media type that the caller gives, and the document doesn't have."),
    (
        &["c14_number_as_text", "c15_xml", "c16_lines_up", "c18_json_as_bytes"],
        "Bodies in other media types than JSON and forms, whose schema isn't text, and JSON whose schema is.",
    ),
    (&["c30_path_simple", "c32_path_matrix"], "Lists and objects in a path, where Prism ends."),
    (&["c34_path_with_a_query"], "A path with a query in it. Prism finds no path."),
    (&["c38_query_delimited"], "Numbers with blanks between them. Prism reads texts."),
    (&["c56_enum_of_text"], "A value that the enum doesn't list. The client sends it on purpose."),
    (
        &["c73_patch", "c74_patch_merge", "c75_patch_of_a_map", "c78_patch_beside_post"],
        "`null` in a PATCH, which clears a member on purpose.",
    ),
    (&["c91_left_out"], "A document with a reference to a file that isn't there."),
    (&["c93_path_joined"], "Two arguments of one segment, of which the first is empty."),
];

const EXCLUSIONS: [&str; KNOWN.len()] = {
    let mut reasons = [""; KNOWN.len()];
    let mut at = 0;
    while at < KNOWN.len() {
        reasons[at] = KNOWN[at].1;
        at += 1;
    }
    reasons
};

/// A request, and what Prism's server of its document made of it.
#[derive(Deserialize)]
struct Judged {
    construct: String,
    /// None where the document can't be read.
    request: Option<Request>,
    /// Why it is refused.
    problem: Option<Value>,
    /// Why it isn't judged.
    failure: Option<String>,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    target: String,
}

impl Judged {
    fn is_refused(&self) -> bool {
        self.problem.is_some() || self.failure.is_some()
    }

    fn is_planted(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.target == PLANTED)
    }

    fn about(&self) -> String {
        let request = self.request.as_ref();
        let request = request.map(|it| format!(" {} {}", it.method, it.target)).unwrap_or_default();
        let why = self.problem.as_ref().map(ToString::to_string).or_else(|| self.failure.clone());
        format!("{}{request}\n  {}", self.construct, why.unwrap_or_default())
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
    for construct in &constructs {
        let home = documents.join(&construct.module);
        fs::create_dir_all(&home)?;
        fs::write(home.join("document.yaml"), &construct.text)?;
        let path = sent.join(&construct.module).with_extension("jsonl");
        let text = fs::read_to_string(&path)
            .with_context(|| format!("the programs of `{}` sent nothing", construct.module))?;
        fs::write(&path, format!("{text}{planted}\n"))?;
    }
    let judged = json_of(programs.node("constructs.cjs").arg(&documents).arg(&sent)).await?;
    let judged: Vec<Judged> = serde_json::from_value(judged)?;
    let (planted, judged): (Vec<_>, Vec<_>) = judged.into_iter().partition(Judged::is_planted);
    // A judge that refuses nothing would agree as well. Of one document Prism makes no server.
    let refused = planted.iter().filter(|it| it.is_refused()).count();
    ensure!(refused + 1 >= constructs.len(), "{refused} servers refuse what is nowhere");
    let known = |construct: &str| KNOWN.iter().any(|(all, _)| all.contains(&construct));
    let (refused, agreed): (Vec<_>, Vec<_>) = judged.iter().partition(|it| it.is_refused());
    for construct in KNOWN.iter().flat_map(|(all, _)| *all) {
        let is_refused = refused.iter().any(|it| it.construct == *construct);
        ensure!(is_refused, "Prism refuses nothing of `{construct}` any more");
    }
    let objections = refused.iter().filter(|it| !known(&it.construct));
    Ok(Verdict {
        judge: "@stoplight/prism-cli",
        version: PRISM,
        about: format!("{} documents of one construct each, what is sent", constructs.len()),
        count: agreed.len(),
        findings: objections.map(|it| it.about()).collect(),
        exclusions: &EXCLUSIONS,
    })
}
