//! From an OpenAPI document to the Rust of a typed client.
//!
//! ```text
//! document ─▶ read ─▶ openapiv3 ─▶ prep ─▶ feed ─▶ progenitor ─▶ finish ─▶ Rust
//!                                         └─────────── operations ───────┘
//! ```
//!
//! `prep` rewrites the document into operations and schemas that there is Rust for. progenitor gets the schemas
//! and gives the types; `finish` writes the operations, as calls of letterhead's own layer. The build script and
//! `cargo xtask validate-spec` both call [`generate`], so they can't disagree.

mod api;
mod catalog;
mod choices;
mod code;
mod feed;
mod finish;
mod generator;
mod generator_page;
mod operations_page;
mod prep;
mod print;
mod read;
mod references;
mod refusal;
mod sample;

use code::Part;
pub use generator_page::generator_page;
use letterhead_document::{Document, Fault, Span};
use openapiv3::OpenAPI;
pub use operations_page::operations_page;
pub use prep::{RESERVED_ARGUMENTS, made_id, rust_name};
use refusal::Refusal;

/// What is generated from a document.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The Rust source of the client.
    pub code: String,
    /// The operations that the client doesn't have, and why.
    pub left_out: Vec<Obstacle>,
}

/// What can't be generated, where and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The operation's id, its method where it has none, its path or the document.
    pub span: Span,
    /// The operation, as messages call it; none where it is about a path or the document.
    pub operation: Option<String>,
    /// Why, in the generator's words.
    pub reason: String,
}

/// The Rust source of the client that `document` describes, with all its operations.
///
/// # Errors
/// The first operation, or other part of the document, that can't be generated, with its line and column
/// and the reason.
pub fn generate(document: &Document) -> Result<String, Fault> {
    whole(document).map(print::print)
}

/// The client that `document` describes, without the operations that can't be generated.
///
/// # Errors
/// The document, where it can't be read or nothing can be made of it.
pub fn generate_possible(document: &Document) -> Result<Generated, Fault> {
    let (code, left_out) = attempt(document)?;
    Ok(Generated { code: print::print(code), left_out })
}

/// The client that `document` describes, and a catalog of it for tests that go over everything.
///
/// # Errors
/// As [`generate`].
pub fn generate_with_catalog(document: &Document) -> Result<(String, String), Fault> {
    let code = whole(document)?;
    let catalog = catalog::catalog(&code);
    Ok((print::print(code), catalog))
}

/// The public face of what is generated from `document`: a line for each thing that a caller can name,
/// sorted.
///
/// # Errors
/// As [`generate`].
pub fn api(document: &Document) -> Result<Vec<String>, Fault> {
    whole(document).map(|code| api::lines(&code))
}

/// What keeps `document` from being generated: nothing, each operation that the generator leaves out, or the
/// document as a whole.
#[must_use]
pub fn dry_run(document: &Document) -> Vec<Obstacle> {
    rehearsal(document).unwrap_or_else(|fault| {
        let span = document.root().span;
        vec![Obstacle { span, operation: None, reason: fault.reason().to_owned() }]
    })
}

/// As [`attempt`], as far as it depends on the document: no code is written, which takes most of the time. What
/// `finish` refuses is what progenitor never emits.
fn rehearsal(document: &Document) -> Result<Vec<Obstacle>, Fault> {
    let mut model = read::read_outline(document)?;
    prep::names::of_operations(&mut model);
    let left_out = prepare(&mut model);
    let feed = feed::of(model.info, model.components);
    // progenitor sees no operation, and takes the most memory of all.
    drop(model.paths);
    generator::try_types(feed).map_err(|reason| {
        document.fault(document.root().span, Refusal::of_document(reason).reason)
    })?;
    Ok(left_out.iter().map(|it| place(it, document)).collect())
}

/// Makes a model ready to be generated, and says which operations are left out.
fn prepare(model: &mut OpenAPI) -> Vec<prep::LeftOut> {
    let mut left_out = prep::prepare(model);
    left_out.extend(finish::leave_out_lists(model));
    left_out
}

fn whole(document: &Document) -> Result<Vec<Part>, Fault> {
    let (code, left_out) = attempt(document)?;
    match left_out.into_iter().next() {
        None => Ok(code),
        Some(first) => {
            let fault = document.fault(first.span, first.reason);
            Err(match first.operation {
                Some(operation) => fault.in_operation(format!("operation {operation}")),
                None => fault,
            })
        }
    }
}

fn attempt(document: &Document) -> Result<(Vec<Part>, Vec<Obstacle>), Fault> {
    let mut model = read::read(document)?;
    prep::names::of_operations(&mut model);
    let mut prepared = model.clone();
    let left_out = prepare(&mut prepared);
    let tokens = generator::run(&feed::of(prepared.info.clone(), prepared.components.clone()))
        .map_err(Refusal::of_document);
    let code = tokens.and_then(|tokens| {
        finish::finish(tokens, &prepared, &model, sample::stem(document.name()))
    });
    let code = code.map_err(|refusal| document.fault(document.root().span, refusal.reason))?;
    Ok((code, left_out.iter().map(|it| place(it, document)).collect()))
}

/// Finds the place of an operation that is left out, or of its path.
fn place(left_out: &prep::LeftOut, document: &Document) -> Obstacle {
    let mut operations = document.operations();
    let is_it = |operation: &letterhead_document::Operation<'_>| {
        *operation.path.text == left_out.path && Some(&*operation.method.text) == left_out.method
    };
    let found = operations.find(is_it);
    let mut paths = document.root().map("paths");
    let path = paths.find(|(path, _)| *path.text == *left_out.path);
    let path = path.map_or(document.root().span, |(path, _)| path.span);
    let span = found.map_or(path, |operation| {
        operation.node.get("operationId").map_or(operation.method.span, |id| id.span)
    });
    let operation = found.map(|operation| operation.name());
    Obstacle { span, operation, reason: left_out.why.reason() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{text}");
        Document::parse("t.yaml", &text).unwrap()
    }

    #[test]
    fn what_is_left_out_is_named_and_the_rest_is_generated() {
        let document = document(
            "paths:\n  /a:\n    get:\n      operationId: getA\n      responses: {'204': {description: d}}\n  \
             /b/{id}:\n    get:\n      operationId: getB\n      responses: {'204': {description: d}}\n",
        );
        let fault = generate(&document).unwrap_err().to_string();
        let reason = "its path has `{id}`, which no parameter describes";
        assert_eq!(fault, format!("t.yaml:10:20: operation getB: {reason}"));
        let obstacles = dry_run(&document);
        assert_eq!(obstacles.len(), 1);
        assert_eq!(obstacles[0].operation.as_deref(), Some("getB"));
        let generated = generate_possible(&document).unwrap();
        assert_eq!(generated.left_out, obstacles);
        assert!(generated.code.contains("pub fn get_a"), "{}", generated.code);
    }

    #[test]
    fn a_list_that_cannot_go_on_is_left_out_at_its_place() {
        let document = document(
            "paths:\n  /a:\n    get:\n      operationId: getA\n      responses: {'204': {description: d}}\n    \
             post:\n      operationId: listA\n      x-paging: {kind: link}\n      responses: {'204': {description: d}}\n",
        );
        let fault = generate(&document).unwrap_err().to_string();
        assert!(
            fault.starts_with(
                "t.yaml:9:20: operation listA: its `x-paging` doesn't fit: only a GET"
            ),
            "{fault}"
        );
        let generated = generate_possible(&document).unwrap();
        assert_eq!(generated.left_out, dry_run(&document));
        assert!(generated.code.contains("pub fn get_a") && !generated.code.contains("list_a"));
    }

    #[test]
    fn documentation_is_written_line_by_line() {
        let document = document(
            "paths: {}\ncomponents:\n  schemas:\n    \
             Choice: {oneOf: [{type: string}, {type: array, items: {type: string}}], description: \"One.\\n\\nTwo.\"}\n    \
             Name: {type: string, description: \"Three.\\n\\n    Four.\"}\n",
        );
        let code = generate(&document).unwrap();
        for lines in
            ["/// One.\n    ///\n    /// Two.\n", "/// Three.\n    ///\n    ///    Four.\n"]
        {
            assert!(code.contains(lines), "{code}");
        }
        assert!(!code.contains("/**"), "{code}");
    }

    #[test]
    fn a_path_that_is_elsewhere_is_left_out_with_its_place() {
        let document = document("paths:\n  /a: {$ref: 'other.yaml#/a'}\n");
        let fault = generate(&document).unwrap_err().to_string();
        let reason = "its path refers to `other.yaml#/a`, which isn't in the document";
        assert_eq!(fault, format!("t.yaml:4:3: {reason}"));
    }
}
