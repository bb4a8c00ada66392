//! What kind of document it is, which comes before all other checks.

use letterhead_document::{Document, Kind as Value, Node, Span};

use crate::finding::Findings;
use crate::rules::operations;

/// Reports a version that isn't OpenAPI 3.0.
pub(crate) fn run(document: &Document, findings: &mut Findings) {
    if let Some(fault) = Fault::of(document, document.root()) {
        let rule = &operations::OPENAPI_VERSION;
        findings.add(rule, fault.span, fault.message, fault.help);
    }
}

/// Whether the document isn't OpenAPI 3.0, so that no rule applies to it.
pub(crate) fn is_foreign(document: &Document) -> bool {
    Fault::of(document, document.root()).is_some_and(|fault| fault.is_foreign)
}

/// Reports a file of a document that says to be another version than OpenAPI 3.0, and whether it does.
pub(crate) fn of_part(document: &Document, root: &Node, findings: &mut Findings) -> bool {
    let says = root.get("openapi").or(root.get("swagger"));
    let fault = says.and_then(|_| Fault::of(document, root)).filter(|fault| fault.is_foreign);
    if let Some(fault) = &fault {
        findings.add(&operations::OPENAPI_VERSION, fault.span, &*fault.message, fault.help);
    }
    fault.is_some()
}

/// What is wrong with the version of a document.
struct Fault {
    span: Span,
    message: String,
    help: &'static str,
    /// Whether the document isn't OpenAPI 3.0.
    is_foreign: bool,
}

impl Fault {
    fn of(document: &Document, root: &Node) -> Option<Self> {
        if !matches!(root.kind, Value::Object(_)) {
            return None;
        }
        let foreign = |span, message, help| Some(Self { span, message, help, is_foreign: true });
        let Some(version) = root.get("openapi") else {
            if let Some((key, version)) = root.entry("swagger") {
                let message = format!(
                    "this is a document of Swagger {}, and these rules are those of OpenAPI 3.0",
                    document.slice(version.span).trim_matches(['"', '\''])
                );
                let help = "convert it, as `swagger2openapi` does, and write `openapi: 3.0.3`";
                return foreign(key.span, message, help);
            }
            let known = ["info", "paths", "components", "servers"];
            let (first, _) = root.members().next()?;
            if known.iter().any(|name| root.get(name).is_some()) {
                return None;
            }
            let message =
                "this is not a document of OpenAPI: it has no `openapi`, no `info` and no `paths`";
            return foreign(first.span, message.to_owned(), "start it with `openapi: 3.0.3`");
        };
        let text = match &version.kind {
            Value::String(text) => text.to_string(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        let parts: Vec<&str> = text.split('.').collect();
        let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        match parts.as_slice() {
            // With a suffix as in `3.0.0-rc2`, too.
            ["3", "0", patch] if patch.starts_with(|c: char| c.is_ascii_digit()) => None,
            [major, minor, ..]
                if !matches!((*major, *minor), ("3", "0"))
                    && is_number(major)
                    && is_number(minor) =>
            {
                let message = format!(
                    "this is a document of OpenAPI {text}, and these rules are those of 3.0"
                );
                let help = "write `openapi: 3.0.3`, and what 3.0 has instead: `nullable: true` for the type \
                            `null`, `enum` with one value for `const`, `example` for `examples` of a schema";
                foreign(version.span, message, help)
            }
            // A version that isn't text is a finding about the types.
            _ if version.as_str().is_none() => None,
            _ => Some(Self {
                span: version.span,
                message: format!("`{text}` is not a version of OpenAPI"),
                help: "write `3.0.3`",
                is_foreign: false,
            }),
        }
    }
}
