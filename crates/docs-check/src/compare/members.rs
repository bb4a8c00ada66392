//! The members that a page lists, against the schema of the body.

use letterhead_document::{Schema, Span};

use super::context::Context;
use super::finding::Id;
use super::samples;
use super::schemas::{is_anywhere, is_open, member_of_any_case, requires, same_type, values};
use crate::fact::{Fact, Kind, Side, inside};
use crate::rules;
use crate::spec::{start_of, values_of};
use crate::target::loose;

/// Where a list of members has got to. One on a single line doesn't say how deep a member stands; the
/// schema does.
#[derive(Default)]
pub(super) struct Members<'a> {
    list: Option<(usize, Side, Option<String>)>,
    /// The schemas that the next member may belong to, the innermost last, with the paths to them.
    open: Vec<(Schema<'a>, String)>,
}

impl<'a> Members<'a> {
    pub(super) fn check(&mut self, context: &mut Context<'a>, fact: &Fact, id: Id) {
        match &fact.kind {
            Kind::Member { side, name, of_type, required, depth, parent, schema: of } => {
                let list = (fact.group, *side, parent.clone());
                if self.list.as_ref() != Some(&list) {
                    let root = schema(context, id, *side);
                    self.list = Some(list);
                    self.open = root
                        .and_then(|root| start(context, id, root, parent.as_deref(), of.as_deref()))
                        .into_iter()
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
        let Some((root, base)) = self.open.first().cloned() else {
            return;
        };
        let inner = |schema: Schema<'a>| schema.items().next().unwrap_or(schema);
        let called = context.called(id);
        let last = name.rsplit('.').next().unwrap_or(name);
        let at = self.open.iter().rposition(|(schema, _)| {
            let schema = inner(*schema);
            schema.property(last).next().is_some() || is_open(schema) && depth.is_some()
        });
        let Some(at) = at else {
            let known = depth.is_none() && is_anywhere(root, last);
            if !known {
                let span = place(context, id, side);
                let name = inside((!base.is_empty()).then_some(base.as_str()), name);
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
        let Some(schema) = inner(parent).property(last).next() else {
            return;
        };
        let path = if path.is_empty() { last.to_owned() } else { format!("{path}.{last}") };
        self.open.truncate(at + 1);
        self.open.push((schema, path.clone()));
        let span = place(context, id, side);
        if let (Some(word), Some(own)) = (of_type, schema.find(|part| part.text("type")))
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
        let own = requires(inner(parent), last);
        if side == Side::Request && at == 0 && required.is_some_and(|required| required != own) {
            let (page, own) = if own { ("optional", "required") } else { ("required", "optional") };
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
        let operation = context.operation(id);
        let parameter =
            operation.parameters.iter().find(|parameter| loose(parameter.name()) == loose(name));
        let member = self.open.last().map(|(schema, _)| *schema);
        let (values, span) = match (parameter, member) {
            (Some(parameter), _) => (values_of(parameter), start_of(parameter)),
            (None, Some(schema)) => {
                let side = self.list.as_ref().map_or(Side::Request, |(_, side, _)| *side);
                (self::values(schema), place(context, id, side))
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

/// Where the members of a list are: in the body, in a member of it, or in a type whose place the page doesn't
/// show; with the path to it. Nothing where the document doesn't have that place.
fn start<'a>(
    context: &Context<'a>,
    id: Id,
    root: Schema<'a>,
    parent: Option<&str>,
    of: Option<&str>,
) -> Option<(Schema<'a>, String)> {
    let Some(parent) = parent else {
        return Some((root, String::new()));
    };
    let named = || context.specs[id.0].schema(of?).map(|(name, schema)| (schema, name.to_owned()));
    if Some(parent) == of {
        return named();
    }
    let mut schema = root;
    for part in parent.split('.') {
        let inner = schema.items().next().unwrap_or(schema);
        let name = part.trim_end_matches("[]");
        match member_of_any_case(inner, name) {
            Some((_, member)) => schema = member,
            None if name.is_empty() => schema = inner,
            None => return named(),
        }
    }
    Some((schema, parent.to_owned()))
}

fn schema<'a>(context: &Context<'a>, id: Id, side: Side) -> Option<Schema<'a>> {
    let operation = context.operation(id);
    match side {
        Side::Request => operation.request?.schema(),
        Side::Response => samples::success(operation)?.schema(),
    }
}

fn place(context: &Context<'_>, id: Id, side: Side) -> Span {
    let schema = schema(context, id, side).map(Schema::resolve);
    schema.map_or(context.operation(id).span, Schema::span)
}
