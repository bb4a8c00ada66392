//! The members that a page lists, against the schema of the body.

use letterhead_document::Span;
use serde_json::Value as Json;

use super::context::Context;
use super::finding::Id;
use super::samples;
use super::schemas::{Schemas, same_type};
use crate::fact::{Fact, Kind, Side};
use crate::rules;
use crate::target::loose;

/// Where a list of members has got to. One on a single line doesn't say how deep a member stands; the
/// schema does.
#[derive(Default)]
pub(super) struct Members<'a> {
    list: Option<(usize, Side)>,
    /// The schemas that the next member may belong to, the innermost last, with the paths to them.
    open: Vec<(&'a Json, String)>,
}

impl<'a> Members<'a> {
    pub(super) fn check(&mut self, context: &mut Context<'a>, fact: &Fact, id: Id) {
        match &fact.kind {
            Kind::Member {
                side,
                name,
                of_type,
                required,
                depth,
            } => {
                if self.list != Some((fact.group, *side)) {
                    self.list = Some((fact.group, *side));
                    self.open = schema(context, id, *side)
                        .into_iter()
                        .map(|root| (root, String::new()))
                        .collect();
                }
                if let Some(depth) = depth {
                    self.open.truncate((*depth).max(1));
                }
                self.member(
                    context,
                    fact,
                    id,
                    (*side, name, of_type.as_deref(), *required, *depth),
                );
            }
            Kind::EnumValue { name, value } => self.value(context, fact, id, name, value),
            _ => {}
        }
    }

    fn member(
        &mut self,
        context: &mut Context<'a>,
        fact: &Fact,
        id: Id,
        (side, name, of_type, required, depth): (
            Side,
            &str,
            Option<&str>,
            Option<bool>,
            Option<usize>,
        ),
    ) {
        let schemas = Schemas(&context.documents.0[id.0].json);
        let Some((root, _)) = self.open.first().cloned() else {
            return;
        };
        let inner = |schema: &'a Json| schemas.items(schema).unwrap_or(schema);
        let called = context.called(id);
        let last = name.rsplit('.').next().unwrap_or(name);
        let at = self.open.iter().rposition(|(schema, _)| {
            schemas.member(inner(schema), last).is_some()
                || schemas.is_open(inner(schema)) && depth.is_some()
        });
        let Some(at) = at else {
            let known = depth.is_none() && schemas.anywhere(root, last).is_some();
            if !known {
                let span = place(context, id, side);
                context.add(
                    &rules::MEMBER_NOT_IN_DOCUMENT,
                    format!("member: {called} {}.{name}", side.name()),
                    fact.span,
                    (id, span, "the schema"),
                    (
                        format!("the page lists a member `{name}` that the schema doesn't know"),
                        "add the member to the schema, or settle it in a decision of the operation",
                    ),
                );
            }
            return;
        };
        let (parent, path) = self.open[at].clone();
        let Some(schema) = schemas.member(inner(parent), last) else {
            return;
        };
        let path = if path.is_empty() {
            last.to_owned()
        } else {
            format!("{path}.{last}")
        };
        self.open.truncate(at + 1);
        self.open.push((schema, path.clone()));
        let span = place(context, id, side);
        if let (Some(word), Some(own)) = (of_type, schemas.of_type(schema))
            && !same_type(word, own)
        {
            context.add(
                &rules::TYPE_DIFFERS,
                format!("type: {called} {}.{path} {word}", side.name()),
                fact.span,
                (id, span, "the schema"),
                (
                    format!("the page calls `{path}` {word}, the schema {own}"),
                    "change the schema, or settle it in a decision of the operation",
                ),
            );
        }
        // The documents make no promise about what a vendor sends.
        let own = schemas.requires(inner(parent), last);
        if side == Side::Request && at == 0 && required.is_some_and(|required| required != own) {
            let (page, own) = if own {
                ("optional", "required")
            } else {
                ("required", "optional")
            };
            context.add(
                &rules::REQUIRED_DIFFERS,
                format!("required: {called} {}.{path}", side.name()),
                fact.span,
                (id, span, "the schema"),
                (
                    format!("`{path}` is {page} on the page and {own} in the schema"),
                    "change the schema, or settle it in a decision of the operation",
                ),
            );
        }
    }

    fn value(&self, context: &mut Context<'a>, fact: &Fact, id: Id, name: &str, value: &str) {
        let schemas = Schemas(&context.documents.0[id.0].json);
        let operation = context.operation(id);
        let parameter = operation
            .parameters
            .iter()
            .find(|parameter| loose(&parameter.name) == loose(name));
        let member = self.open.last().map(|(schema, _)| *schema);
        let (values, span) = match (parameter, member) {
            (Some(parameter), _) => (
                parameter.values.iter().map(String::as_str).collect(),
                parameter.span,
            ),
            (None, Some(schema)) => {
                let side = self.list.map_or(Side::Request, |(_, side)| side);
                (
                    schemas.values(schema).unwrap_or_default(),
                    place(context, id, side),
                )
            }
            (None, None) => return,
        };
        if values.is_empty() || values.contains(&value) {
            return;
        }
        let called = context.called(id);
        context.add(
            &rules::VALUE_NOT_IN_DOCUMENT,
            format!("enum: {called} {name} {value}"),
            fact.span,
            (id, span, "what has these values"),
            (
                format!(
                    "the page lists `{value}` for `{name}`, the document has {}",
                    values.join(", ")
                ),
                "add the value, or settle it in a decision of the operation",
            ),
        );
    }
}

fn schema<'a>(context: &Context<'a>, id: Id, side: Side) -> Option<&'a Json> {
    let operation = context.operation(id);
    let body = match side {
        Side::Request => operation.request.as_ref(),
        Side::Response => samples::success(operation).and_then(|response| response.body.as_ref()),
    };
    body.map(|body| &body.schema)
}

fn place(context: &Context<'_>, id: Id, side: Side) -> Span {
    let operation = context.operation(id);
    let body = match side {
        Side::Request => operation.request.as_ref(),
        Side::Response => samples::success(operation).and_then(|response| response.body.as_ref()),
    };
    body.map_or(operation.span, |body| body.schema_at)
}
