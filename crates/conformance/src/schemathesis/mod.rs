//! schemathesis: requests that it makes from our documents, and the responses of the services.

mod cases;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use letterhead_document::Operation;
use letterhead_sandbox::Sandbox;
use serde_json::Value;

use cases::{Case, cases};

use crate::judge::Verdict;
use crate::program::{Programs, SCHEMATHESIS, run};
use crate::relay::relay;

const JUDGE: &str = "schemathesis";
const SEED: &str = "1";
/// What is checked in each of its runs.
const ABOUT: [&str; 3] = ["examples and edges", "known ids", "unknown last id"];

/// Which identifiers the requests of a run have.
#[derive(Clone, Copy)]
enum Ids {
    /// Those of the examples of the document, or made up.
    Any,
    /// Those of resources that exist.
    Known,
    /// The same, except that the last one of a path is unknown. If the others were unknown too, the service
    /// would never look for it.
    UnknownLast,
}

/// The statuses of the responses to each operation.
type Statuses = BTreeMap<&'static str, BTreeSet<u16>>;

/// Three runs for each document: its examples and the edges of everything, and what is drawn at random with
/// the identifiers of what is there, all of them or all but the last.
///
/// It agrees with a service that refuses whatever it is sent. So each operation has to have succeeded in
/// one of the runs, and where its path has identifiers, to have looked for what isn't there.
pub(crate) async fn judge(programs: &Programs) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    for case in cases() {
        let document = case.document.document()?;
        let operations: Vec<_> = document.operations().collect();
        let mut all = Statuses::new();
        let mut last = Statuses::new();
        for (about, ids) in ABOUT.into_iter().zip([Ids::Any, Ids::Known, Ids::UnknownLast]) {
            let judged = judge_one(programs, &case, &operations, about, ids).await;
            let (verdict, statuses) =
                judged.with_context(|| format!("schemathesis and {}", case.document.name()))?;
            verdicts.push(verdict);
            for (operation, more) in &statuses {
                all.entry(operation).or_default().extend(more);
            }
            last = statuses;
        }
        verdicts.push(Verdict {
            judge: JUDGE,
            version: SCHEMATHESIS,
            about: format!("{}, every operation", case.document.name()),
            count: operations.len(),
            findings: unseen(&operations, &all, &last, case.elsewhere),
            exclusions: &[],
        });
    }
    Ok(verdicts)
}

/// The operations of which it hasn't seen enough to judge them: a success in any of its runs, and a 404 in
/// the last one, but for those that say so `elsewhere`.
fn unseen(
    operations: &[Operation<'_>],
    all: &Statuses,
    last: &Statuses,
    elsewhere: &[&str],
) -> Vec<String> {
    let none = BTreeSet::new();
    let mut findings = Vec::new();
    for operation in operations {
        let id = operation.name();
        let seen = all.get(id.as_str()).unwrap_or(&none);
        if !seen.iter().any(|status| (200..300).contains(status)) {
            findings.push(format!("{id}: no success to judge among {seen:?}"));
        }
        let seen = last.get(id.as_str()).unwrap_or(&none);
        let looks =
            operation.path_parameters().next().is_some() && !elsewhere.contains(&id.as_str());
        if looks && !seen.contains(&404) {
            findings.push(format!("{id}: no 404 to judge among {seen:?}"));
        }
    }
    findings
}

async fn judge_one(
    programs: &Programs,
    case: &Case,
    operations: &[Operation<'_>],
    about: &str,
    ids: Ids,
) -> anyhow::Result<(Verdict, Statuses)> {
    let sandbox = Sandbox::start().await?;
    let relay = relay(sandbox.url()).await?;
    let configuration = match ids {
        Ids::Any => case.checks.to_owned(),
        Ids::Known => {
            let known = case.known(&sandbox, operations)?;
            [&known.all(), case.checks, &(case.own)(&sandbox).await?].concat()
        }
        Ids::UnknownLast => {
            let known = case.known(&sandbox, operations)?;
            [&known.all(), case.checks, &known.but_last(operations)].concat()
        }
    };
    // From here on they are its own.
    drop(sandbox.take_requests());
    let configuration = programs.file("schemathesis.toml", &configuration)?;
    let report = programs.file("schemathesis.json", "")?;

    let (phases, examples) = match ids {
        Ids::Any => ("examples,coverage", "1"),
        Ids::Known => ("examples,fuzzing", "25"),
        Ids::UnknownLast => ("fuzzing", "10"),
    };
    let mut command = programs.python_program("schemathesis");
    command.arg("--config-file").arg(configuration);
    command
        .arg("run")
        .arg(case.document.path())
        .args(["--url", &format!("{}{}", relay.url(), case.document.base()?)])
        .args(["--phases", phases])
        .args(["--max-examples", examples, "--seed", SEED])
        .args(["--generation-database", "none"])
        // Both kinds of Cloudflare's credentials at once are a mistake, and it would make it.
        .args(["--generation-with-security-parameters", "false"])
        .args(["--continue-on-failure", "--warnings", "off", "--no-color"])
        .args(["--report", "json", "--report-json-path"])
        .arg(&report);
    if matches!(ids, Ids::UnknownLast) {
        let has_identifiers = |it: &&Operation<'_>| it.path_parameters().next().is_some();
        for operation in operations.iter().filter(has_identifiers) {
            command.args(["--include-operation-id", &operation.name()]);
        }
    }
    for header in &case.headers {
        command.args(["--header", header]);
    }
    let output = run(&mut command).await?;
    let said = String::from_utf8_lossy(&output.stdout);
    let findings = match output.status.code() {
        Some(0) => Vec::new(),
        Some(1) => vec![findings(&said)],
        _ => bail!("{}: {said}{}", output.status, String::from_utf8_lossy(&output.stderr)),
    };
    let mut statuses = Statuses::new();
    for request in sandbox.take_requests() {
        if let Some(operation) = request.operation {
            let seen = statuses.entry(operation).or_default();
            seen.insert(request.response.status().as_u16());
        }
    }
    let verdict = Verdict {
        judge: JUDGE,
        version: SCHEMATHESIS,
        about: format!("{}, {about}", case.document.name()),
        count: generated(&std::fs::read(report)?)?,
        findings,
        exclusions: match ids {
            Ids::Any => case.exclusions,
            Ids::Known | Ids::UnknownLast => &[],
        },
    };
    Ok((verdict, statuses))
}

/// What it says between its list of phases and its summary.
fn findings(said: &str) -> String {
    let from = said.find("= FAILURES").or_else(|| said.find("= ERRORS"));
    let rest = &said[from.unwrap_or_default()..];
    let end = rest.find("= SUMMARY").unwrap_or(rest.len());
    rest[..end].to_owned()
}

fn generated(report: &[u8]) -> anyhow::Result<usize> {
    let report: Value = serde_json::from_slice(report).context("its report isn't JSON")?;
    let count = report.pointer("/test_cases/generated");
    let count = count.and_then(Value::as_u64);
    usize::try_from(count.context("its report has no count")?).context("it counts far")
}

#[cfg(test)]
mod tests {
    use letterhead_document::Document;

    use super::*;

    #[test]
    fn an_operation_without_success_or_without_its_404_is_found() {
        let text = r"
paths:
  /pets: {get: {operationId: list}}
  /pets/{id}: {get: {operationId: get}, delete: {operationId: delete}}
  /sales: {post: {operationId: create}}
  /sales/{id}: {get: {operationId: verify}}
";
        let document = Document::parse("a.yaml", text).unwrap();
        let operations: Vec<_> = document.operations().collect();
        let statuses = |seen: &[(&'static str, &[u16])]| -> Statuses {
            let seen = seen.iter();
            seen.map(|(id, seen)| (*id, seen.iter().copied().collect())).collect()
        };
        let all = statuses(&[
            ("list", &[200, 400]),
            ("get", &[204, 404]),
            ("delete", &[404]),
            ("verify", &[200, 403]),
        ]);
        let last = statuses(&[("get", &[400]), ("delete", &[404]), ("verify", &[403])]);
        assert_eq!(
            unseen(&operations, &all, &last, &["verify"]),
            [
                "get: no 404 to judge among {400}",
                "delete: no success to judge among {404}",
                "create: no success to judge among {}",
            ]
        );
    }
}
