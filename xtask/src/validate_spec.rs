//! `cargo xtask validate-spec`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use letterhead_document::{Document, Fault};

use crate::examples;

/// Checks the documents and writes what it found to `out`; true where there is no finding.
pub(crate) fn run(paths: &[PathBuf], out: &mut dyn Write) -> anyhow::Result<bool> {
    let paths = if paths.is_empty() {
        own_documents()?
    } else {
        paths.to_vec()
    };
    let mut clean = true;
    for path in &paths {
        let text =
            fs::read_to_string(path).with_context(|| format!("can't read `{}`", path.display()))?;
        let report = check(&path.display().to_string(), &text);
        for fault in &report.faults {
            writeln!(out, "error: {fault}")?;
        }
        if report.faults.is_empty() {
            writeln!(
                out,
                "{}: {} operations, {} examples, {} generated lines",
                path.display(),
                report.operations,
                report.examples,
                report.lines
            )?;
        } else {
            clean = false;
        }
    }
    Ok(clean)
}

/// The documents of this workspace, by name.
fn own_documents() -> anyhow::Result<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = match std::env::current_dir() {
        // From the project's root the messages get short paths, which an editor can open.
        Ok(here) if here.join("spec").is_dir() => PathBuf::from("spec"),
        _ => root.join("spec"),
    };
    let mut paths = Vec::new();
    for entry in
        fs::read_dir(&folder).with_context(|| format!("can't read `{}`", folder.display()))?
    {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        bail!("`{}` holds no document", folder.display());
    }
    paths.sort();
    Ok(paths)
}

#[derive(Debug, Default)]
struct Report {
    faults: Vec<Fault>,
    operations: usize,
    examples: usize,
    lines: usize,
}

fn check(name: &str, text: &str) -> Report {
    let document = match Document::parse(name, text) {
        Ok(document) => document,
        Err(fault) => {
            return Report {
                faults: vec![fault],
                ..Report::default()
            };
        }
    };
    let mut report = Report {
        operations: document.operations().count(),
        ..Report::default()
    };
    match letterhead_codegen::generate(&document) {
        Ok(code) => report.lines = code.lines().count(),
        Err(fault) => report.faults.push(fault),
    }
    let checked = examples::check(&document);
    report.examples = checked.count;
    report.faults.extend(checked.faults);
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projects_own_documents_are_clean() {
        let mut out = Vec::new();
        let clean = run(&[], &mut out).unwrap();
        assert!(clean, "{}", String::from_utf8_lossy(&out));
    }

    #[test]
    fn every_kind_of_fault_is_found_where_it_is() {
        let text = "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a/{id}:
    get:
      operationId: getA
      responses:
        '200':
          description: d
          content:
            application/json:
              schema: {$ref: '#/components/schemas/A'}
              example: {n: one}
components:
  schemas:
    A:
      type: object
      properties:
        n: {type: integer, example: x}
        b: {type: string, nullable: true, example: null}
";
        let report = check("t.yaml", text);
        let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "t.yaml:6:20: operation getA: the generator gave up: missing path name mapping id",
                "t.yaml:13:28: example at `/n`: \"one\" is not of type \"integer\"",
                "t.yaml:19:37: example: \"x\" is not of type \"integer\"",
            ]
        );
        assert_eq!(report.examples, 3);
    }
}
