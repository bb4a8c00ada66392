//! `allOf`: parts that no value fits at once.

use std::collections::HashMap;

use letterhead_document::{Kind as Value, Node, Span};

use super::limits::Limits;
use super::values::canonical;
use super::{first_key, is_nullable, is_of_type, number, type_of};
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Schema) {
        if let Some(members) = object.node.get("allOf") {
            let contradiction = parts(model, object.node, members.items()).contradiction();
            if let Some(Contradiction { place, message, help, also }) = contradiction {
                findings.add(&schemas::IMPOSSIBLE_ALL_OF, place, message, help).and(also.0, also.1);
            }
        }
    }
}

/// One fault, and the place of what it contradicts.
struct Contradiction {
    place: Span,
    message: String,
    help: &'static str,
    also: (Span, String),
}

/// A part of a sum, or one property of it.
#[derive(Clone, Copy)]
struct Part<'d> {
    /// The property; none for the part itself.
    name: Option<&'d str>,
    schema: &'d Node,
    /// The reference in the list, which is what a reader has before him.
    reference: Option<Span>,
}

impl Part<'_> {
    fn place(&self, own: Span) -> Span {
        self.reference.unwrap_or(own)
    }
}

/// The schema itself and its parts, each followed by its properties.
struct Parts<'d>(Vec<Part<'d>>);

fn parts<'d>(model: &Model<'d>, whole: &'d Node, members: &'d [Node]) -> Parts<'d> {
    let mut parts = Vec::new();
    for written in std::iter::once(whole).chain(members) {
        let Some(schema) = model.resolve(written) else { continue };
        let reference = written.get("$ref").map(|target| target.span);
        parts.push(Part { name: None, schema, reference });
        for (name, property) in schema.map("properties") {
            // Another rule reports members of a schema that is no object.
            let is_stray = type_of(property).is_some_and(|declared| declared != "object")
                && ["properties", "required", "additionalProperties"]
                    .iter()
                    .any(|key| property.get(key).is_some());
            if let Some(schema) = model.resolve(property).filter(|_| !is_stray) {
                parts.push(Part { name: Some(&name.text), schema, reference });
            }
        }
    }
    Parts(parts)
}

impl<'d> Parts<'d> {
    fn contradiction(&self) -> Option<Contradiction> {
        self.types().or_else(|| self.lists()).or_else(|| self.bounds()).or_else(|| self.closed())
    }

    fn types(&self) -> Option<Contradiction> {
        let mut seen: HashMap<Option<&str>, (&str, Span)> = HashMap::new();
        for part in &self.0 {
            let Some(declared) = type_of(part.schema) else { continue };
            let own = part.schema.get("type").map_or_else(|| first_key(part.schema), |it| it.span);
            let (first, at) = *seen.entry(part.name).or_insert((declared, part.place(own)));
            // Every integer is a number.
            let is_number = |declared: &str| matches!(declared, "integer" | "number");
            if first != declared && !(is_number(first) && is_number(declared)) {
                let what = part.name.map_or_else(String::new, |name| format!(" as `{name}`"));
                return Some(Contradiction {
                    place: part.place(own),
                    message: format!("no value is {declared}{what} and {first} at the same time"),
                    help: "give both parts the same type, or write `oneOf` for a choice",
                    also: (at, format!("{first} here")),
                });
            }
        }
        None
    }

    /// Lists without a value in common, or whose values another part refuses.
    fn lists(&self) -> Option<Contradiction> {
        let mut seen: HashMap<Option<&str>, (Vec<&Node>, Span)> = HashMap::new();
        for part in &self.0 {
            let Some(list) = part.schema.get("enum") else { continue };
            let (own, place) = (list.items(), part.place(list.span));
            let Some((common, first)) = seen.get_mut(&part.name) else {
                seen.insert(part.name, (own.iter().collect(), place));
                continue;
            };
            let listed: Vec<String> = own.iter().map(canonical).collect();
            common.retain(|value| listed.contains(&canonical(value)));
            if common.is_empty() && !own.is_empty() {
                let what = part.name.map_or_else(String::new, |name| format!(" for `{name}`"));
                return Some(Contradiction {
                    place,
                    message: format!("no value{what} is in both lists of the parts of `allOf`"),
                    help: "list a value that all parts have, or write `oneOf` for a choice",
                    also: (*first, "the first list".to_owned()),
                });
            }
        }
        for part in self.0.iter().filter(|part| part.schema.get("enum").is_none()) {
            let Some((common, place)) = seen.get(&part.name).filter(|(all, _)| !all.is_empty())
            else {
                continue;
            };
            let limits = Limits::of(part.schema);
            let refusing = |value: &Node| {
                // What is unlisted for `null` has a rule of its own.
                let declared = type_of(part.schema).filter(|_| !matches!(value.kind, Value::Null));
                let is_mistyped = declared.is_some_and(|declared| !is_of_type(value, declared));
                if is_mistyped { Some("type".to_owned()) } else { limits.refusing(value) }
            };
            let refused: Option<Vec<String>> = common.iter().map(|value| refusing(value)).collect();
            if let Some(keyword) = refused.and_then(|keywords| keywords.into_iter().next()) {
                let own = part.schema.entry(&keyword).map_or(*place, |(_, limit)| limit.span);
                return Some(Contradiction {
                    place: part.place(own),
                    message: format!("`{keyword}` refuses every value of the list in another part"),
                    help: "list a value that all parts allow, or write `oneOf` for a choice",
                    also: (*place, "the list".to_owned()),
                });
            }
        }
        None
    }

    /// A lower bound of one part above an upper bound of another.
    fn bounds(&self) -> Option<Contradiction> {
        const BOUNDS: [(&str, &str); 4] = [
            ("minimum", "maximum"),
            ("minLength", "maxLength"),
            ("minItems", "maxItems"),
            ("minProperties", "maxProperties"),
        ];
        let bound = |part: &Part<'d>, keyword: &str| {
            let node = part.schema.get(keyword)?;
            Some((number(node)?, part.place(node.span)))
        };
        let is_open = |part: &Part<'d>, keyword: &str| {
            let flag = match keyword {
                "minimum" => "exclusiveMinimum",
                "maximum" => "exclusiveMaximum",
                _ => return false,
            };
            part.schema.get(flag).is_some_and(Node::is_true)
        };
        for (at, part) in self.0.iter().enumerate() {
            for other in self.0[..at].iter().filter(|other| other.name == part.name) {
                let is_nullable = |part: &Part<'_>| is_nullable(part.schema);
                if is_nullable(part) && is_nullable(other) {
                    continue;
                }
                for (low, high) in BOUNDS {
                    let pairs = [
                        (low, bound(part, low), high, bound(other, high)),
                        (high, bound(part, high), low, bound(other, low)),
                    ];
                    for (here, own, there, others) in pairs {
                        let (Some((own, place)), Some((others, at))) = (own, others) else {
                            continue;
                        };
                        let is_contrary = if here == low { own > others } else { own < others };
                        let is_excluded = (is_open(part, here) || is_open(other, there))
                            && own.total_cmp(&others).is_eq();
                        if is_contrary || is_excluded {
                            let but = if is_excluded { ", itself excluded" } else { "" };
                            return Some(Contradiction {
                                place,
                                message: format!(
                                    "no value has a `{here}` of {own} and a `{there}` of {others}{but}"
                                ),
                                help: "change one of them, or write `oneOf` for a choice",
                                also: (at, format!("`{there}` is here")),
                            });
                        }
                    }
                }
            }
        }
        None
    }

    /// A part that allows its own properties only, where another part requires one of its own.
    fn closed(&self) -> Option<Contradiction> {
        let parts = || self.0.iter().filter(|part| part.name.is_none());
        for part in parts() {
            let Some((key, more)) = part.schema.entry("additionalProperties") else { continue };
            let has = |schema: &Node, name: &str| {
                schema.get("properties").is_some_and(|all| all.get(name).is_some())
            };
            if !matches!(more.kind, Value::Bool(false)) {
                continue;
            }
            let mut required = parts().flat_map(|other| other.schema.list("required"));
            let refused = required.find(|name| {
                let name = name.as_str().unwrap_or_default();
                !has(part.schema, name) && parts().any(|other| has(other.schema, name))
            });
            if let Some(name) = refused {
                let text = name.as_str().unwrap_or_default();
                return Some(Contradiction {
                    place: part.place(key.span),
                    message: format!(
                        "this part allows its own properties only, and `{text}` is required"
                    ),
                    help: "leave `additionalProperties` out: a part of `allOf` doesn't see the properties of the others",
                    also: (name.span, "required here".to_owned()),
                });
            }
        }
        None
    }
}
