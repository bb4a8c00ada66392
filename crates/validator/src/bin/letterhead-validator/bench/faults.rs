//! How many of the documents with one fault each does a tool catch?
//!
//! A document counts as caught when the tool can't read it, or has a finding of a rule that is silent on
//! documents without a fault. (A rule that isn't is about style there: no contact, no licence.)

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use letterhead_validator::{Case, Family};
use serde_json::{Deserializer, Value};

use super::tools::{Kind, Tool, quiet};

/// For each family the number of documents, and for each tool how many of them it catches.
pub(super) struct Caught {
    pub(super) families: BTreeMap<String, (usize, Vec<Option<usize>>)>,
}

/// A rule with findings in a larger part of the clean documents is about style.
const STYLE: f64 = 0.02;

struct Faulty {
    path: PathBuf,
    family: String,
}

/// A finding: its file and its rule, where the tool names it.
struct Problem {
    file: PathBuf,
    rule: String,
}

pub(super) fn count(tools: &[Tool], folder: &Path) -> anyhow::Result<Caught> {
    let faulty = faulty(&folder.join("faulty"))?;
    let clean = clean(&folder.join("clean"))?;
    let mut caught = Caught { families: BTreeMap::new() };
    for one in &faulty {
        let none = || (0, vec![None; tools.len()]);
        let family = caught.families.entry(one.family.clone());
        family.or_insert_with(none).0 += 1;
    }
    for (index, tool) in tools.iter().enumerate() {
        if tool.missing.is_some() {
            continue;
        }
        let files: Vec<&Path> = faulty.iter().map(|one| one.path.as_path()).collect();
        let hits = hits(&problems(tool, &files)?, &style(tool, &clean)?);
        for one in &faulty {
            if let Some((_, counts)) = caught.families.get_mut(&one.family) {
                *counts[index].get_or_insert(0) += usize::from(hits.contains(&one.path));
            }
        }
    }
    Ok(caught)
}

/// Documents without a fault: what each rule shows as right, and letterhead's own.
fn clean(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let mut all = Vec::new();
    for rule in letterhead_validator::all_rules() {
        let rights = rule.cases().into_iter().filter(|case| case.name == "right");
        for case in rights {
            let path = folder.join(format!("{}.yaml", rule.code));
            fs::write(&path, case.bytes)?;
            all.push(path);
        }
    }
    all.extend(letterhead_command::documents());
    all.sort();
    Ok(all)
}

/// The rules that a tool has something to say about clean documents by.
fn style(tool: &Tool, clean: &[PathBuf]) -> anyhow::Result<HashSet<String>> {
    let files: Vec<&Path> = clean.iter().map(PathBuf::as_path).collect();
    let mut files_of: HashMap<String, HashSet<PathBuf>> = HashMap::new();
    for problem in problems(tool, &files)? {
        files_of.entry(problem.rule).or_default().insert(problem.file);
    }
    #[expect(clippy::cast_precision_loss, reason = "some hundred documents")]
    let is_style =
        |rule: &str, files: usize| !rule.is_empty() && files as f64 > STYLE * clean.len() as f64;
    let rules = files_of.into_iter();
    Ok(rules.filter(|(rule, files)| is_style(rule, files.len())).map(|(rule, _)| rule).collect())
}

fn hits(problems: &[Problem], style: &HashSet<String>) -> HashSet<PathBuf> {
    let telling = problems.iter().filter(|problem| !style.contains(&problem.rule));
    telling.map(|problem| problem.file.clone()).collect()
}

/// The documents that any tool could judge: what only letterhead's layer needs is left out, and so are the
/// first two documents of a rule's page, which show no more than the rule.
fn faulty(folder: &Path) -> anyhow::Result<Vec<Faulty>> {
    let mut all = Vec::new();
    let rules = letterhead_validator::all_rules();
    for rule in rules.filter(|rule| rule.family != Family::Layer) {
        let family = rule.family.name();
        let folder = folder.join(family);
        fs::create_dir_all(&folder)?;
        let faulty = |case: &Case| !case.expected.is_empty();
        for case in rule.cases().into_iter().skip(2).filter(faulty) {
            let path = folder.join(format!("{}--{}.yaml", rule.code, case.name));
            fs::write(&path, case.bytes)?;
            all.push(Faulty { path, family: family.to_owned() });
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

fn problems(tool: &Tool, files: &[&Path]) -> anyhow::Result<Vec<Problem>> {
    match tool.kind {
        Kind::Letterhead => letterhead(tool, files),
        Kind::Redocly => redocly(tool, files),
        Kind::Spectral if tool.name == "vacuum" => {
            let report = |file: &&Path| {
                let mut command = Command::new(&tool.words[0]);
                command.args(["spectral-report", "--stdout"]).arg(file);
                spectral(&output(&mut command)?.0, Some(file))
            };
            let reports: anyhow::Result<Vec<_>> = files.iter().map(report).collect();
            Ok(reports?.into_iter().flatten().collect())
        }
        Kind::Spectral => {
            let mut command = Command::new(&tool.words[0]);
            command.args(&tool.words[1..]).args(["--format", "json"]).args(files);
            spectral(&output(&mut command)?.0, None)
        }
        Kind::OpenapiSpecValidator => openapi_spec_validator(tool, files),
    }
}

fn letterhead(tool: &Tool, files: &[&Path]) -> anyhow::Result<Vec<Problem>> {
    let mut command = Command::new(&tool.words[0]);
    command.args(&tool.words[1..]).args(["--format", "json"]).args(files);
    let rows: Vec<Value> = serde_json::from_str(&output(&mut command)?.0)?;
    let problem =
        |row: &Value| Problem { file: text(&row["file"]).into(), rule: text(&row["code"]) };
    Ok(rows.iter().map(problem).collect())
}

/// Redocly ends at a document that it can't process: the rest is tried again.
fn redocly(tool: &Tool, files: &[&Path]) -> anyhow::Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let mut rest = files;
    while !rest.is_empty() {
        let mut command = Command::new(&tool.words[0]);
        command.args(&tool.words[1..]).arg("--format=json").args(rest);
        let (printed, _) = output(&mut command)?;
        let mut read = 0;
        for report in Deserializer::from_str(&printed).into_iter::<Value>() {
            let report = report.context("Redocly's JSON can't be read")?;
            for problem in report["problems"].as_array().into_iter().flatten() {
                problems.push(Problem {
                    // One report for each document, in order.
                    file: rest[read.min(rest.len() - 1)].to_owned(),
                    rule: text(&problem["ruleId"]),
                });
            }
            read += 1;
        }
        if read < rest.len() {
            problems.push(unreadable(rest[read]));
        }
        rest = &rest[(read + 1).min(rest.len())..];
    }
    Ok(problems)
}

/// Spectral names the file of each problem, except where there is only one.
fn spectral(printed: &str, only: Option<&Path>) -> anyhow::Result<Vec<Problem>> {
    let start = printed.find('[').unwrap_or(printed.len());
    let rows: Vec<Value> = match printed[start..].trim() {
        "" => Vec::new(),
        list => serde_json::from_str(list).context("Spectral's JSON can't be read")?,
    };
    let problem = |row: &Value| Problem {
        file: only.map_or_else(|| text(&row["source"]).into(), Path::to_owned),
        rule: text(&row["code"]),
    };
    Ok(rows.iter().map(problem).collect())
}

/// It ends at the first document that it can't read, so its own `main` is called for each one.
fn openapi_spec_validator(tool: &Tool, files: &[&Path]) -> anyhow::Result<Vec<Problem>> {
    const LOOP: &str = "
import sys
from openapi_spec_validator.__main__ import main
for number, file in enumerate(sys.argv[1:]):
    try:
        main([file])
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        code = 1
    print(f'\\n@@ {number} {code}')
";
    let python = Path::new(&tool.words[0]).with_file_name("python");
    let mut command = Command::new(python);
    command.args(["-c", LOOP]).args(files);
    let (printed, _) = output(&mut command)?;
    let refused = printed.lines().filter_map(|line| {
        let (number, code) = line.strip_prefix("@@ ")?.split_once(' ')?;
        let is_refused = code != "0" && code != "None";
        is_refused.then(|| files.get(number.parse::<usize>().ok()?).copied())?
    });
    Ok(refused.map(unreadable).collect())
}

fn unreadable(file: &Path) -> Problem {
    Problem { file: file.to_owned(), rule: String::new() }
}

fn output(command: &mut Command) -> anyhow::Result<(String, String)> {
    quiet(command);
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("can't run `{program}`"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((text(&output.stdout), text(&output.stderr)))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
