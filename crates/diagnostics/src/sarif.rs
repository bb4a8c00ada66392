//! SARIF 2.1.0.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::{Finding, Location, Rule};

/// The tool that has found something, as SARIF names it.
pub struct Tool<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// All its rules.
    pub rules: Vec<&'a dyn Rule>,
}

pub(crate) fn write(
    findings: &[Finding<'_>],
    tool: &Tool<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rules = tool.rules.iter().enumerate();
    let indexes: HashMap<&str, usize> = rules.map(|(index, rule)| (rule.code(), index)).collect();
    let results = findings.iter().map(|finding| result(finding, &indexes));
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": tool.name,
                "version": tool.version,
                "rules": tool.rules.iter().map(|rule| metadata(*rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn metadata(rule: &dyn Rule) -> Value {
    let mut metadata = json!({
        "id": rule.code(),
        "shortDescription": {"text": rule.summary()},
        "defaultConfiguration": {"level": rule.severity().name()},
    });
    if let Some(reason) = rule.reason() {
        metadata["fullDescription"] = json!({"text": reason});
        metadata["help"] = json!({"text": reason});
    }
    if let Some(uri) = rule.help_uri() {
        metadata["helpUri"] = json!(uri);
    }
    if let Some(family) = rule.family() {
        metadata["properties"] = json!({"tags": [family]});
    }
    metadata
}

fn result(finding: &Finding<'_>, indexes: &HashMap<&str, usize>) -> Value {
    let text = match &*finding.help {
        "" => format!("{}.", finding.message),
        help => format!("{}.\nhelp: {help}", finding.message),
    };
    let own = finding.locations.first().map(location);
    let mut result = json!({
        "ruleId": finding.rule.code(),
        "level": finding.severity.name(),
        "message": {"text": text},
        "locations": own.into_iter().collect::<Vec<_>>(),
    });
    if let Some(index) = indexes.get(finding.rule.code()) {
        result["ruleIndex"] = json!(index);
    }
    let others = finding.locations.iter().skip(1);
    let others: Vec<Value> = others
        .map(|other| {
            let mut related = location(other);
            if !other.label.is_empty() {
                related["message"] = json!({ "text": other.label });
            }
            related
        })
        .collect();
    if !others.is_empty() {
        result["relatedLocations"] = json!(others);
    }
    result
}

fn location(location: &Location<'_>) -> Value {
    let (start, end) = (location.start(), location.end());
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(location.source.name())},
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
    let mut uri = String::from(if Path::new(path).is_absolute() { "file://" } else { "" });
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
