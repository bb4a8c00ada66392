//! SARIF 2.1.0.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use letterhead_document::Span;
use serde_json::{Value, json};

use super::{findings, places};
use crate::{Diagnostic, Report, Rule, rules};

pub(super) fn write(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    let indexes: HashMap<&str, usize> = rules::all()
        .enumerate()
        .map(|(index, rule)| (rule.code, index))
        .collect();
    let results: Vec<Value> = findings(reports)
        .map(|(report, found)| result(report, found, &indexes))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules::all().map(metadata).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn metadata(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.reason},
        "help": {"text": rule.reason},
        "helpUri": help_uri(rule),
        "defaultConfiguration": {"level": rule.severity.name()},
        "properties": {"tags": [rule.family.name()]},
    })
}

/// Where the rule's page is read: in the crate's documentation, as that of the static.
fn help_uri(rule: &Rule) -> String {
    let name = rule.code.replace(['-', '.'], "_").to_uppercase();
    format!(
        "https://docs.rs/letterhead-validator/{}/letterhead_validator/rules/{}/static.{name}.html",
        env!("CARGO_PKG_VERSION"),
        rule.family.name()
    )
}

fn result(report: &Report, found: &Diagnostic, indexes: &HashMap<&str, usize>) -> Value {
    let text = match found.help.as_str() {
        "" => format!("{}.", found.message),
        help => format!("{}.\nhelp: {help}", found.message),
    };
    let mut result = json!({
        "ruleId": found.rule.code,
        "level": found.severity.name(),
        "message": {"text": text},
        "locations": [location(report, found.span)],
    });
    if let Some(index) = indexes.get(found.rule.code) {
        result["ruleIndex"] = json!(index);
    }
    if let Some((span, what)) = &found.also {
        let mut second = location(report, *span);
        second["message"] = json!({ "text": what });
        result["relatedLocations"] = json!([second]);
    }
    result
}

fn location(report: &Report, span: Span) -> Value {
    let (start, end) = places(report, span);
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(report.document.name())},
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    }})
}

/// A path as a URI: relative ones stay so.
fn uri(path: &str) -> String {
    let mut uri = String::from(if Path::new(path).is_absolute() {
        "file://"
    } else {
        ""
    });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => uri.extend([format!("%{other:02X}")]),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(uri("spec/my pets.yaml"), "spec/my%20pets.yaml");
        #[cfg(unix)]
        assert_eq!(uri("/tmp/ä.yaml"), "file:///tmp/%C3%A4.yaml");
    }
}
