//! From an OpenAPI document to the Rust of a typed client.
//!
//! ```text
//! document ─▶ openapiv3 ─▶ prep ─▶ progenitor ─▶ finish ─▶ Rust
//! ```
//!
//! [`prep`] rewrites the document into what progenitor handles well, [`finish`] rewrites what
//! progenitor emits into calls of letterhead's own layer. The build script and
//! `cargo xtask validate-spec` both call [`generate`], so they can't disagree.

pub mod finish;
mod generator;
pub mod prep;

use letterhead_document::{Document, Fault};

/// The Rust source of the client that `document` describes.
///
/// # Errors
/// The operation, or other part of the document, that can't be generated, with its line and column
/// and the reason.
pub fn generate(document: &Document) -> Result<String, Fault> {
    let mut model = document.openapi()?;
    prep::prepare(&mut model).map_err(|refusal| refusal.at(document))?;
    let tokens = generator::run(&model).map_err(|reason| blame(document, &model, reason))?;
    let file = finish::finish(tokens, &model).map_err(|refusal| refusal.at(document))?;
    Ok(prettyplease::unparse(&file))
}

/// Why a part of a document can't be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    operation: Option<String>,
    reason: String,
}

impl Refusal {
    fn of_document(reason: impl Into<String>) -> Self {
        Self {
            operation: None,
            reason: reason.into(),
        }
    }

    fn of_operation(operation: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            operation: Some(operation.into()),
            reason: reason.into(),
        }
    }

    /// Finds the operation's place; its id may be the document's or Rust's spelling.
    fn at(self, document: &Document) -> Fault {
        let Some(name) = self.operation else {
            return document.fault(document.root().span, self.reason);
        };
        let found = document.operations().find_map(|(_, _, node)| {
            let id = node.get("operationId")?;
            let text = id.as_str()?;
            (finish::plain(text) == finish::plain(&name)).then_some((id.span, text))
        });
        let (span, id) = found.unwrap_or((document.root().span, &name));
        document
            .fault(span, self.reason)
            .in_operation(format!("operation {id}"))
    }
}

/// Names the operation that progenitor stumbled over, by generating each one alone.
fn blame(document: &Document, model: &openapiv3::OpenAPI, reason: String) -> Fault {
    for (path, method, node) in document.operations() {
        let mut alone = model.clone();
        alone.paths.paths.retain(|name, _| name == path);
        for item in alone.paths.paths.values_mut() {
            if let openapiv3::ReferenceOr::Item(item) = item {
                for (name, slot) in prep::walk::slots(item) {
                    if name != method {
                        *slot = None;
                    }
                }
            }
        }
        if let Err(reason) = generator::run(&alone) {
            let span = node.get("operationId").unwrap_or(node).span;
            let id = node
                .get("operationId")
                .and_then(letterhead_document::Node::as_str)
                .map_or_else(|| format!("{method} {path}"), str::to_owned);
            return document
                .fault(span, reason)
                .in_operation(format!("operation {id}"));
        }
    }
    Refusal::of_document(reason).at(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generate_text(body: &str) -> Result<String, String> {
        let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{body}");
        let document = Document::parse("t.yaml", &text).map_err(|fault| fault.to_string())?;
        generate(&document).map_err(|fault| fault.to_string())
    }

    #[test]
    fn what_progenitor_panics_over_is_named() {
        let fault = generate_text(
            "paths:\n  /a:\n    get:\n      operationId: getA\n      responses: {'204': {description: d}}\n  \
             /b/{id}:\n    get:\n      operationId: getB\n      responses: {'204': {description: d}}\n",
        )
        .unwrap_err();
        assert_eq!(
            fault,
            "t.yaml:10:20: operation getB: the generator gave up: missing path name mapping id"
        );
    }

    #[test]
    fn what_progenitor_refuses_is_named() {
        let fault = generate_text(
            "paths:\n  /a:\n    put:\n      operationId: putA\n      requestBody: {content: {text/csv: {schema: {type: string}}}}\n      \
             responses: {'204': {description: d}}\n",
        )
        .unwrap_err();
        assert!(
            fault.starts_with("t.yaml:6:20: operation putA: "),
            "{fault}"
        );
    }
}
