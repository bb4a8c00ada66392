//! Where in a document a finding is, in its own terms: the JSON pointer, and the operation.

use std::collections::HashMap;

use letterhead_document::pointer::{escaped, unescaped};
use letterhead_document::{Document, Key, Kind, Node, Operation, Span};

/// The JSON pointer to what stands at `span`: the smallest value that holds it.
pub(crate) fn pointer(root: &Node, span: Span) -> String {
    let mut pointer = String::new();
    let mut node = root;
    loop {
        let (name, inner) = match &node.kind {
            Kind::Object(members) => match member_at(members, span) {
                Some((key, inner)) => (escaped(&key.text), inner),
                None => return pointer,
            },
            Kind::Array(items) => {
                let after = items.partition_point(|item| item.span.start <= span.start);
                match after.checked_sub(1).filter(|at| holds(items[*at].span, span)) {
                    Some(at) => (at.to_string(), &items[at]),
                    None => return pointer,
                }
            }
            _ => return pointer,
        };
        pointer.push('/');
        pointer.push_str(&name);
        node = inner;
    }
}

fn member_at(members: &[(Key, Node)], span: Span) -> Option<&(Key, Node)> {
    let is_in = |member: &&(Key, Node)| {
        let (key, value) = *member;
        holds(key.span, span) || holds(value.span, span)
    };
    let after = members.partition_point(|(key, _)| key.span.start <= span.start);
    let near = after.checked_sub(1).and_then(|at| members.get(at)).filter(is_in);
    // What is merged stands elsewhere, and so its members aren't in order.
    near.or_else(|| members.iter().find(is_in))
}

/// Whether a span starts in another one, or is an empty one at its end.
fn holds(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && (inner.start < outer.end || inner == outer)
}

/// What operations are called, by their paths and methods.
pub(crate) struct Operations<'d>(HashMap<(&'d str, &'d str), Operation<'d>>);

impl<'d> Operations<'d> {
    pub(crate) fn of(document: &'d Document) -> Self {
        let operations = document.operations();
        Self(operations.map(|it| ((it.path.text.as_str(), it.method.text.as_str()), it)).collect())
    }

    /// What the operation at a pointer, or around it, is called.
    pub(crate) fn at(&self, pointer: &str) -> Option<String> {
        let mut parts = pointer.strip_prefix("/paths/")?.split('/');
        let (path, method) = (parts.next()?, parts.next()?);
        let path = unescaped(path);
        Some(self.0.get(&(&*path, method))?.name())
    }
}

/// What the operation around a span is called, wherever it is written.
pub(crate) fn operation_around(document: &Document, span: Span) -> Option<String> {
    let is_around = |it: &Operation<'_>| holds(it.method.span, span) || holds(it.node.span, span);
    document.operations().find(is_around).map(|operation| operation.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_pointer_and_an_operation() {
        let text = "paths:\n  /a/~b:\n    get:\n      operationId: getA\n      tags: [x, yy]\n    put: {tags: []}\n";
        let document = Document::parse("t.yaml", text).unwrap();
        let at = |needle: &str| {
            let start = u32::try_from(text.find(needle).unwrap()).unwrap();
            let length = u32::try_from(needle.len()).unwrap();
            let pointer = pointer(document.root(), Span { start, end: start + length });
            let operation = Operations::of(&document).at(&pointer);
            (pointer, operation)
        };
        let get = "/paths/~1a~1~0b/get".to_owned();
        assert_eq!(at("yy"), (format!("{get}/tags/1"), Some("getA".to_owned())));
        assert_eq!(at("getA"), (format!("{get}/operationId"), Some("getA".to_owned())));
        assert_eq!(at("/a/~b"), ("/paths/~1a~1~0b".to_owned(), None));
        let put = "/paths/~1a~1~0b/put".to_owned();
        assert_eq!(at("put"), (put, Some("PUT /a/~b".to_owned())));
    }
}
