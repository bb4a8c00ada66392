//! What kind of document it is, which is asked before anything else.

use letterhead_document::{Document, Kind as Value};

use crate::START;
use crate::diagnostic::Findings;
use crate::rules::operations;

/// Whether the document is none of OpenAPI 3.0, so that its rules mean nothing to it.
pub(crate) fn is_foreign(document: &Document, findings: &mut Findings) -> bool {
    let root = document.root();
    if !matches!(root.kind, Value::Object(_)) {
        return false;
    }
    if let Some((key, version)) = root.entry("swagger") {
        let message = format!(
            "this is a document of Swagger {}, and these rules are those of OpenAPI 3.0",
            document.slice(version.span).trim_matches(['"', '\''])
        );
        let help = "convert it, as `swagger2openapi` does, and write `openapi: 3.0.3`";
        if root.get("openapi").is_none() {
            findings.add(&operations::OPENAPI_VERSION, key.span, message, help);
            return true;
        }
    }
    let Some(version) = root.get("openapi") else {
        let known = ["info", "paths", "components", "servers"];
        let is_other = known.iter().all(|name| root.get(name).is_none());
        if is_other && root.members().next().is_some() {
            let span = root.members().next().map_or(START, |(key, _)| key.span);
            let message =
                "this is not a document of OpenAPI: it has no `openapi`, no `info` and no `paths`";
            findings.add(
                &operations::OPENAPI_VERSION,
                span,
                message,
                "start it with `openapi: 3.0.3`",
            );
        }
        return is_other && root.members().next().is_some();
    };
    let text = match &version.kind {
        Value::String(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        _ => return false,
    };
    let parts: Vec<&str> = text.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        // With a suffix as in `3.0.0-rc2`, too.
        ["3", "0", patch] if patch.starts_with(|c: char| c.is_ascii_digit()) => false,
        // A number is told where the types are.
        ["3" | "3.0"] | ["3", "0", ..] => {
            if version.as_str().is_some() {
                let message = format!("`{text}` is not a version of OpenAPI");
                findings.add(
                    &operations::OPENAPI_VERSION,
                    version.span,
                    message,
                    "write `3.0.3`",
                );
            }
            false
        }
        [major, minor, ..] if is_number(major) && is_number(minor) => {
            let message =
                format!("this is a document of OpenAPI {text}, and these rules are those of 3.0");
            let help = "write `openapi: 3.0.3`, and what 3.0 has instead: `nullable: true` for the type \
                        `null`, `enum` with one value for `const`, `example` for `examples` of a schema";
            findings.add(&operations::OPENAPI_VERSION, version.span, message, help);
            true
        }
        _ => {
            if version.as_str().is_some() {
                let message = format!("`{text}` is not a version of OpenAPI");
                findings.add(
                    &operations::OPENAPI_VERSION,
                    version.span,
                    message,
                    "write `3.0.3`",
                );
            }
            false
        }
    }
}
