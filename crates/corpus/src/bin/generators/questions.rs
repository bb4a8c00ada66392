//! Questions on the wire: a server that knows the right request and sends the hard response for each, and a program of
//! each tool that has a function for each.

mod server;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use letterhead_command::root;
use letterhead_corpus::Copy;
use letterhead_document::Document;
use serde::Deserialize;
use serde_json::Value;

use super::tools::{Kind, SETTINGS, Tool, succeed};
use server::{Request, Server};

/// What is asked.
#[derive(Clone, Deserialize)]
pub(super) struct Question {
    pub(super) id: String,
    pub(super) group: String,
    #[serde(rename = "question")]
    pub(super) text: String,
    steps: Vec<Step>,
    /// What the program reads of the response.
    reads: Option<String>,
    /// What may not stand in what it shows.
    lacks: Option<String>,
}

/// A request, and the response to it.
#[derive(Clone, Deserialize)]
struct Step {
    /// The method and the target, in each way that is right.
    lines: Vec<String>,
    /// The JSON of the request.
    body: Option<String>,
    /// What stands in its body as it is.
    has: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    status: u16,
    response: String,
    #[serde(default)]
    response_headers: BTreeMap<String, String>,
}

/// What became of the questions.
pub(super) struct Score {
    pub(super) questions: Vec<Question>,
    /// Of each tool, for each question: none where it is right, or why it isn't.
    pub(super) verdicts: Vec<Vec<Option<String>>>,
}

/// Asks all questions of all tools.
pub(super) fn score(tools: &[Tool], folder: &Path) -> anyhow::Result<Score> {
    let questions: Vec<Question> =
        serde_json::from_str(&read("questions.json")?).context("`questions.json` can't be read")?;
    let mut verdicts = Vec::new();
    for tool in tools {
        let asked = ask(tool, &questions, &folder.join("questions").join(tool.name));
        verdicts.push(asked.with_context(|| format!("the questions of {}", tool.name))?);
    }
    Ok(Score { questions, verdicts })
}

fn ask(tool: &Tool, questions: &[Question], folder: &Path) -> anyhow::Result<Vec<Option<String>>> {
    fs::create_dir_all(folder)?;
    let left_out = left_out(tool)?;
    let program = build(tool, &left_out, folder)?;
    let server = Server::start(questions)?;
    let output = Command::new(program).args([&server.url, &server.nowhere]).output()?;
    let said: BTreeMap<String, (String, String)> = String::from_utf8(output.stdout)?
        .lines()
        .filter_map(|line| {
            let mut words = line.splitn(3, '\t');
            let (question, word) = (words.next()?.to_owned(), words.next()?.to_owned());
            let text = unquoted(words.next()?);
            Some((question, (word, text)))
        })
        .collect();
    let got = server.got();
    let verdict = |question: &Question| {
        if let Some(reason) = left_out.get(&question.id) {
            return Some(format!("the document isn't taken with it: {reason}"));
        }
        let Some((word, text)) = said.get(&question.id) else {
            return Some("the program says nothing of it".to_owned());
        };
        let none = Vec::new();
        question.fault(got.get(&question.id).unwrap_or(&none), word == "read", text)
    };
    Ok(questions.iter().map(verdict).collect())
}

/// The text that Rust's `Debug` of a text shows.
fn unquoted(shown: &str) -> String {
    syn::parse_str::<syn::LitStr>(shown).map_or_else(|_| shown.to_owned(), |text| text.value())
}

impl Question {
    /// What is wrong with what a program did and read.
    fn fault(&self, got: &[Request], is_read: bool, text: &str) -> Option<String> {
        if !is_read && text.starts_with("cannot be written") {
            return Some(text.to_owned());
        }
        for request in got {
            let step = self.steps.iter().find(|it| it.is_met_by(request));
            if step.is_none() {
                return Some(format!("it sends `{} {}`", request.line, request.body).trim().into());
            }
        }
        if self.steps.iter().any(|it| !got.iter().any(|request| it.is_met_by(request))) {
            return Some(format!("it doesn't send all: {text}"));
        }
        if !is_read {
            return Some(text.to_owned());
        }
        if let Some(secret) = &self.lacks
            && text.contains(secret)
        {
            return Some(format!("it shows `{secret}`"));
        }
        match &self.reads {
            Some(expected) if expected != text => Some(format!("it reads `{text}`")),
            _ => None,
        }
    }
}

impl Step {
    fn is_met_by(&self, request: &Request) -> bool {
        let json = |text: &str| serde_json::from_str::<Value>(text).ok();
        let is_body = match &self.body {
            Some(body) => json(&request.body).is_some_and(|found| Some(found) == json(body)),
            None => true,
        };
        is_body
            && self.lines.contains(&request.line)
            && self.has.as_ref().is_none_or(|text| request.body.contains(text))
            && self.headers.iter().all(|(name, value)| request.header(name) == Some(value))
    }
}

/// The operations that a tool can't take, and why.
fn left_out(tool: &Tool) -> anyhow::Result<BTreeMap<String, String>> {
    let text = read(&format!("{}.left-out.txt", tool.name)).unwrap_or_default();
    let lines = text.lines().map(|line| match line.split_once(": ") {
        Some((question, reason)) => Ok((question.to_owned(), reason.to_owned())),
        None => bail!("`{line}` has no reason"),
    });
    lines.collect()
}

/// The program that a tool's client is asked by.
fn build(
    tool: &Tool,
    left_out: &BTreeMap<String, String>,
    folder: &Path,
) -> anyhow::Result<PathBuf> {
    let document = folder.join("document.json");
    fs::write(&document, document_without(left_out)?)?;
    if let Ok(settings) = read(&format!("{}.settings.toml", tool.name)) {
        fs::write(folder.join(SETTINGS), settings)?;
    }
    let made = folder.join("made");
    let _ = fs::remove_dir_all(&made);
    fs::create_dir_all(&made)?;
    succeed(&mut tool.generate(&document, &made))?;
    let (program, harness) = (read(&format!("{}.rs", tool.name))?, read("harness.rs")?);
    if tool.kind == Kind::Letterhead {
        let code = fs::read_to_string(made.join("generated.rs"))?;
        let copy = Copy::at(folder.join("client"), [("questions", code.as_str())])?
            .with("examples/questions/main.rs", &program)?
            .with("examples/questions/harness.rs", &harness)?;
        let built = copy.cargo(&["build", "--example", "questions"])?;
        if !built.status.success() {
            bail!("{}", String::from_utf8_lossy(&built.stderr));
        }
        return Ok(folder.join("client/target/debug/examples/questions"));
    }
    tool.as_crate(&made, &folder.join("client"))?;
    // A package of this one's workspace may have no workspace of its own.
    let manifest = fs::read_to_string(folder.join("client/Cargo.toml"))?;
    fs::write(folder.join("client/Cargo.toml"), manifest.replace("\n[workspace]\n", ""))?;
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/main.rs"), program)?;
    fs::write(folder.join("src/harness.rs"), harness)?;
    fs::write(folder.join("Cargo.toml"), read(&format!("{}.toml", tool.name))?)?;
    let mut cargo = letterhead_command::cargo();
    cargo.args(["build", "--quiet"]).current_dir(folder);
    succeed(cargo.env("CARGO_TARGET_DIR", folder.join("target")))?;
    Ok(folder.join("target/debug/questions"))
}

/// The document of the questions as JSON, without some of its operations.
fn document_without(left_out: &BTreeMap<String, String>) -> anyhow::Result<String> {
    let document = Document::parse("document.yaml", &read("document.yaml")?)
        .map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let mut json = document.root().to_json();
    if let Some(paths) = json["paths"].as_object_mut() {
        paths.retain(|path, _| !left_out.keys().any(|id| path.starts_with(&format!("/{id}/"))));
    }
    Ok(json.to_string())
}

fn read(file: &str) -> anyhow::Result<String> {
    let path = root().join("crates/corpus/questions").join(file);
    fs::read_to_string(&path).with_context(|| format!("can't read `{}`", path.display()))
}
