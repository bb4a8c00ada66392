//! From an OpenAPI document to the Rust of a typed client.
//!
//! ```text
//! document ─▶ openapiv3 ─▶ prep ─▶ progenitor ─▶ finish ─▶ Rust
//! ```
//!
//! [`prep`] rewrites the document into what progenitor handles well, `finish` rewrites what
//! progenitor emits into calls of letterhead's own layer. The build script and
//! `cargo xtask validate-spec` both call [`generate`], so they can't disagree.

mod api;
mod catalog;
mod choices;
mod finish;
mod generator;
mod operations_page;
mod part;
pub mod prep;
mod print;
mod refusal;
mod sample;

use letterhead_document::{Document, Fault, Operation, Span};
use openapiv3::OpenAPI;
pub use operations_page::operations_page;
pub use prep::{RESERVED_ARGUMENTS, rust_name};
pub use refusal::Refusal;

/// The Rust source of the client that `document` describes.
///
/// # Errors
/// The operation, or other part of the document, that can't be generated, with its line and column
/// and the reason.
pub fn generate(document: &Document) -> Result<String, Fault> {
    file(document).map(|file| print::print(&file))
}

/// The client that `document` describes, and a catalog of it for tests that go over everything.
///
/// # Errors
/// As [`generate`].
pub fn generate_with_catalog(document: &Document) -> Result<(String, String), Fault> {
    let file = file(document)?;
    Ok((print::print(&file), catalog::catalog(&file)))
}

/// The public face of what is generated from `document`: a line for each thing that a caller can name,
/// sorted.
///
/// # Errors
/// As [`generate`].
pub fn api(document: &Document) -> Result<Vec<String>, Fault> {
    file(document).map(|file| api::lines(&file))
}

fn file(document: &Document) -> Result<syn::File, Fault> {
    let model = document.openapi()?;
    attempt(&model, document.name()).map_err(|refusal| {
        let mut obstacles = obstacles(document, &model, refusal);
        let first = obstacles.swap_remove(0);
        let fault = document.fault(first.span, first.reason);
        match first.operation {
            Some(operation) => fault.in_operation(format!("operation {operation}")),
            None => fault,
        }
    })
}

/// What keeps `document` from being generated: nothing, or each operation that the generator doesn't
/// take, or the document as a whole where every operation alone is fine.
#[must_use]
pub fn dry_run(document: &Document) -> Vec<Obstacle> {
    let model = match document.openapi() {
        Ok(model) => model,
        Err(fault) => {
            return vec![Obstacle {
                span: document.root().span,
                operation: None,
                reason: fault.reason().to_owned(),
            }];
        }
    };
    attempt(&model, document.name())
        .map_or_else(|refusal| obstacles(document, &model, refusal), |_| Vec::new())
}

/// What can't be generated, where and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The operation's id, its method where it has none, or the document.
    pub span: Span,
    /// The operation, as messages call it; none where it isn't about one.
    pub operation: Option<String>,
    /// Why, in the generator's words.
    pub reason: String,
}

fn attempt(model: &OpenAPI, name: &str) -> Result<syn::File, Refusal> {
    let mut prepared = model.clone();
    prep::prepare(&mut prepared)?;
    // Before the generator, which takes far longer to refuse the same.
    let operations = finish::operations(&prepared)?;
    let tokens = generator::run(&prepared).map_err(Refusal::of_document)?;
    finish::finish(tokens, &operations, &prepared, model, sample::stem(name))
}

/// Looks for the operations that are refused alone; at least one obstacle, since the whole document was refused.
fn obstacles(document: &Document, model: &OpenAPI, whole: Refusal) -> Vec<Obstacle> {
    let parts = part::Parts::of(model);
    let operations: Vec<Operation<'_>> = document.operations().collect();
    let mut refused: Vec<(Operation<'_>, Refusal)> = Vec::new();
    for group in operations.chunks(TOGETHER) {
        search(&parts, group.to_vec(), document.name(), &mut refused);
    }
    refused.sort_by_key(|(operation, _)| operation.node.span);
    let found = refused.into_iter().map(|(operation, refusal)| Obstacle {
        span: operation.node.get("operationId").unwrap_or(operation.node).span,
        operation: Some(operation.name()),
        reason: refusal.reason,
    });
    let found: Vec<Obstacle> = found.collect();
    if found.is_empty() { vec![place(whole, document)] } else { found }
}

/// So many operations are tried together: they have most of their schemas in common.
const TOGETHER: usize = 48;

/// Tries operations together, and those that are refused alone.
fn search<'d>(
    parts: &part::Parts<'_>,
    mut group: Vec<Operation<'d>>,
    name: &str,
    refused: &mut Vec<(Operation<'d>, Refusal)>,
) {
    let refusal = loop {
        let Err(refusal) = attempt(&parts.of_operations(&group), name) else {
            return;
        };
        let named = refusal.operation.as_deref();
        let named = group.iter().position(|it| it.id() == named && named.is_some());
        match named.filter(|_| group.len() > 1) {
            // What one is refused for may be what it has in common with another one.
            Some(at) => search(parts, vec![group.remove(at)], name, refused),
            None => break refusal,
        }
    };
    if let [one] = group.as_slice() {
        refused.push((*one, refusal));
    } else {
        let rest = group.split_off(group.len() / 2);
        search(parts, group, name, refused);
        search(parts, rest, name, refused);
    }
}

/// Finds the place of the refused operation; its id may be the document's or Rust's spelling.
fn place(refusal: Refusal, document: &Document) -> Obstacle {
    let root = document.root().span;
    let Some(name) = refusal.operation else {
        return Obstacle { span: root, operation: None, reason: refusal.reason };
    };
    let found = document.operations().find_map(|operation| {
        let id = operation.node.get("operationId")?;
        let text = id.as_str()?;
        (finish::plain(text) == finish::plain(&name)).then(|| (id.span, text.to_owned()))
    });
    let (span, operation) = found.unwrap_or((root, name));
    Obstacle { span, operation: Some(operation), reason: refusal.reason }
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
        assert!(fault.starts_with("t.yaml:6:20: operation putA: "), "{fault}");
    }

    #[test]
    fn a_dry_run_names_every_operation_that_cannot_be_generated() {
        let operation = |name: &str, parameter: &str| {
            format!(
                "  /{name}:\n    get:\n      operationId: {name}\n      parameters: [{parameter}]\n      \
                 responses: {{'204': {{description: d}}}}\n"
            )
        };
        let cookie = "{name: c, in: cookie, schema: {type: string}}";
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{}{}{}",
            operation("a", cookie),
            operation("b", ""),
            operation("c", cookie)
        );
        let document = Document::parse("t.yaml", &text).unwrap();
        let obstacles = dry_run(&document);
        let refused: Vec<&str> =
            obstacles.iter().filter_map(|obstacle| obstacle.operation.as_deref()).collect();
        assert_eq!(refused, ["a", "c"]);
    }
}
