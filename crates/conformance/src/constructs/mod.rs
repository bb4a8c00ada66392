//! Judges of what the clients of documents of one construct each send: it is what these documents say, by programs
//! that we didn't write.

mod openapi_core;
mod prism;

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use letterhead_corpus::constructs;
use serde::Deserialize;
use serde_json::Value;
use tokio::process::Command;

use crate::judge::Verdict;
use crate::program::{Programs, json_of};

/// A request that is in no document.
const PLANTED: &str = "/nowhere-planted";

/// A program that says which requests aren't what their document says.
struct SentJudge {
    name: &'static str,
    version: &'static str,
    /// It is given the folders of the documents and of what was sent, and prints what it makes of each request.
    program: fn(&Programs) -> Command,
    known: &'static [Known],
    not_asked: &'static [NotAsked],
    /// Why of both.
    exclusions: &'static [&'static str],
}

/// What a judge refuses, as construct, method and path, and why that is no objection. Each has to be refused.
type Known = (&'static [&'static str], &'static str);

/// A construct that a judge isn't asked about, and why.
type NotAsked = (&'static str, &'static str);

/// A request, and what a judge made of it.
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

    /// As [`Known`] has it.
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
pub(crate) async fn judge(programs: &Programs) -> anyhow::Result<Vec<Verdict>> {
    let folder = programs.new_folder("constructs")?;
    let (documents, sent) = (folder.join("documents"), folder.join("sent"));
    let constructs = constructs::all()?;
    fs::create_dir_all(&sent)?;
    constructs::run(&constructs, Some(&sent))?;
    for construct in &constructs {
        let home = documents.join(&construct.module);
        fs::create_dir_all(&home)?;
        fs::write(home.join("document.yaml"), &construct.text)?;
        let path = sent.join(&construct.module).with_extension("jsonl");
        let text = fs::read_to_string(&path)
            .with_context(|| format!("the programs of `{}` sent nothing", construct.module))?;
        let planted = format!(r#"{{"method":"GET","target":"{PLANTED}","headers":[],"body":""}}"#);
        fs::write(&path, format!("{text}{planted}\n"))?;
    }
    let mut verdicts = Vec::new();
    // Prism isn't asked about all of it.
    for judge in [openapi_core::JUDGE, prism::JUDGE] {
        verdicts.push(judge.verdict(programs, &documents, &sent, constructs.len()).await?);
    }
    Ok(verdicts)
}

impl SentJudge {
    /// What it says of all that was sent of so many constructs.
    async fn verdict(
        &self,
        programs: &Programs,
        documents: &Path,
        sent: &Path,
        constructs: usize,
    ) -> anyhow::Result<Verdict> {
        for (module, _) in self.not_asked {
            fs::remove_file(sent.join(module).with_extension("jsonl"))?;
        }
        let judged = json_of((self.program)(programs).arg(documents).arg(sent)).await?;
        let judged: Vec<Judged> = serde_json::from_value(judged)?;
        let (planted, judged): (Vec<_>, Vec<_>) = judged.into_iter().partition(Judged::is_planted);
        // A judge that refuses nothing would agree as well.
        let asked = constructs - self.not_asked.len();
        let refused = planted.iter().filter(|it| it.problem.is_some()).count();
        ensure!(refused == asked, "{}: {refused} of {asked} refuse what is nowhere", self.name);
        let is_known = |key: &str| self.known.iter().any(|(all, _)| all.contains(&key));
        let refused = || judged.iter().filter_map(|it| Some((it, it.problem.as_ref()?)));
        for key in self.known.iter().flat_map(|(all, _)| *all) {
            let is_refused = refused().any(|(it, _)| it.key() == *key);
            ensure!(is_refused, "{} doesn't refuse `{key}` any more", self.name);
        }
        let objections = refused().filter(|(it, _)| !is_known(&it.key()));
        Ok(Verdict {
            judge: self.name,
            version: self.version,
            about: format!("{asked} documents of one construct each, what is sent"),
            count: judged.len() - refused().count(),
            findings: objections.map(|(it, problem)| it.about(problem)).collect(),
            exclusions: self.exclusions,
        })
    }
}

/// The reasons of all that a judge leaves out.
const fn reasons<const N: usize>(known: &[Known], not_asked: &[NotAsked]) -> [&'static str; N] {
    let mut reasons = [""; N];
    let mut at = 0;
    while at < N {
        reasons[at] = if at < known.len() { known[at].1 } else { not_asked[at - known.len()].1 };
        at += 1;
    }
    reasons
}
