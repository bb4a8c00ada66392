//! SARIF 2.1.0.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::{Finding, Location, Rule};

/// The tool that has found something, as SARIF names it.
pub struct Tool<'a> {
    /// The name that it is called by.
    pub name: &'a str,
    /// The package that it comes in.
    pub package: &'a str,
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
                "informationUri": format!("https://docs.rs/{}/{}", tool.package, tool.version),
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
        // The page itself, for viewers without a network.
        if let Some(page) = rule.page() {
            metadata["help"]["markdown"] = json!(page);
        }
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
    result["partialFingerprints"] = json!({"finding/v1": fingerprint(finding)});
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
    let mut found = json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(location.source.name())},
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    }});
    let mut logical = Vec::new();
    if !location.pointer.is_empty() {
        logical.push(json!({"fullyQualifiedName": location.pointer, "kind": "member"}));
    }
    if !location.operation.is_empty() {
        logical.push(json!({"name": location.operation, "kind": "function"}));
    }
    if !logical.is_empty() {
        found["logicalLocations"] = json!(logical);
    }
    found
}

/// What stays the same where lines move: the rule, the file, the message and the address in the document.
fn fingerprint(finding: &Finding<'_>) -> String {
    let own = finding.locations.first();
    let file = own.map_or("", |own| own.source.name());
    let pointer = own.map_or("", |own| own.pointer);
    let parts = [finding.rule.code(), file, &*finding.message, pointer];
    // FNV-1a: services compare these with those of earlier runs, so it never changes.
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    format!("{hash:016x}")
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
