//! `allOf`, `anyOf`, `oneOf` and `not`, and the Rust types that become of them.

use std::collections::HashSet;

use letterhead_document::{Key, Node};

use super::{generated, text_of};
use crate::checks::schemas::properties::{Properties, collect};
use crate::finding::Findings;
use crate::model::{Model, Object};
use crate::rules::generator;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let generated = generated(model);
    for (object, generated) in model.objects.iter().zip(generated) {
        // A parameter has rules of its own, which take no composition at all.
        let parent = model.parent(object).map(|parent| parent.kind);
        if object.kind == Kind::Schema && generated && parent != Some(Kind::Parameter) {
            composition(model, object, findings);
        }
    }
}

fn composition<'d>(model: &Model<'d>, object: &Object<'d>, findings: &mut Findings) {
    let schema = object.node;
    if let Some((key, _)) = schema.entry("not") {
        let message = "the generator has no type for `not`";
        let help = "say in `description` what isn't allowed";
        findings.add(&generator::NOT_SCHEMA, key.span, message, help);
        return;
    }
    let choice = ["anyOf", "oneOf"]
        .into_iter()
        .find_map(|key| schema.entry(key))
        .filter(|(_, parts)| parts.items().len() > 1);
    let is_sum = schema.get("allOf").is_some_and(|parts| parts.items().len() > 1);
    if let Some(nullable) = schema.get("nullable").filter(|node| node.is_true())
        && (choice.is_some() || is_sum)
        && is_component(model, object)
    {
        let message = "a component that may be null and is put together of several schemas becomes \
                       two types of one name";
        let help = "leave `nullable` out here, and write `anyOf: [{$ref: ...}, {enum: [null]}]` where \
                    it is used";
        findings.add(&generator::NULLABLE_COMPOSITION, nullable.span, message, help);
        return;
    }
    if let Some((key, parts)) = choice {
        choose(model, object, key, parts, findings);
    }
}

fn is_component<'d>(model: &Model<'d>, object: &Object<'d>) -> bool {
    let parent = model.parent(object).map(|parent| parent.kind);
    parent == Some(Kind::Components)
}

fn choose<'d>(
    model: &Model<'d>,
    object: &Object<'d>,
    key: &Key,
    parts: &'d Node,
    findings: &mut Findings,
) {
    let written = parts.items();
    let parts = written;
    if parts.iter().all(is_only_required) {
        let message = format!(
            "`{}` lists alternatives of `required`, which become types without the other members",
            key.text
        );
        let help = "leave it out, and say in `description` which members are needed together";
        findings.add(&generator::REQUIRED_ALTERNATIVES, key.span, message, help);
        return;
    }
    // The same schema twice is a fault of its own.
    let mut seen = HashSet::new();
    let resolved = parts.iter().filter_map(|part| model.resolve(part));
    let parts: Vec<&Node> = resolved.filter(|part| seen.insert(part.span)).collect();
    let kinds: Vec<Option<&str>> = parts.iter().map(|part| kind_of(part)).collect();
    let count = |kind: &str| kinds.iter().filter(|found| **found == Some(kind)).count();
    if key.text == "anyOf" {
        if count("string") > 1 {
            let is_open_enum = parts.iter().any(|part| part.get("enum").is_some());
            let help = if is_open_enum {
                "write the enum alone: it takes the values that it doesn't list, too"
            } else {
                "write `type: string` once"
            };
            let message =
                "more than one of `anyOf` is text, and the type made of that can't be read";
            findings.add(&generator::ANY_OF_OVERLAP, key.span, message, help);
        } else if count("object") > 1 {
            let message = "more than one of `anyOf` is an object, and the type made of that writes \
                           its members twice";
            let help = "write one object with all the members, or `oneOf`";
            findings.add(&generator::ANY_OF_OVERLAP, key.span, message, help);
        }
        return;
    }
    if count("object") < 2 || !model.may_be_received(object) {
        return;
    }
    // A discriminator has rules of its own, about whether it can work.
    let is_tagged = object.node.get("discriminator").is_some() || are_tagged(model, &parts);
    if !is_tagged {
        let message = "nothing distinguishes the objects of `oneOf`, so that the first one is always \
                       read";
        let help = "give each a required member with an `enum` of one value of its own, or write one \
                    object with all the members";
        findings.add(&generator::ONE_OF_ALIKE, key.span, message, help);
    } else if count("object") < written.len() {
        let message = "among the objects of `oneOf` is something else, and the type made of that reads \
                       the first one whatever comes";
        let help = "choose among objects only, each a component";
        findings.add(&generator::ONE_OF_ALIKE, key.span, message, help);
    } else if object.node.get("discriminator").is_none()
        && let Some(inline) = written.iter().find(|part| part.get("$ref").is_none())
    {
        let message = "an object written in place has no type of its own to choose";
        let help = "give it a schema of its own in `components`, and refer to it";
        let span = inline.members().next().map_or(inline.span, |(key, _)| key.span);
        findings.add(&generator::ONE_OF_ALIKE, span, message, help);
    }
}

fn is_only_required(part: &Node) -> bool {
    let mut members = part.members().map(|(key, _)| key.text.as_str());
    part.get("required").is_some()
        && members.all(|key| matches!(key, "required" | "title" | "description"))
}

/// The type of a schema's values, where it is written or plain from the other keywords.
fn kind_of(schema: &Node) -> Option<&str> {
    text_of(schema, "type").or_else(|| {
        let has = |key: &str| schema.get(key).is_some();
        (has("properties") || has("allOf")).then_some("object")
    })
}

/// Whether every object has a required member with one value, and no two the same.
fn are_tagged<'d>(model: &Model<'d>, parts: &[&'d Node]) -> bool {
    let objects = parts.iter().filter(|part| kind_of(part) == Some("object"));
    let mut seen: HashSet<(String, String)> = HashSet::new();
    let mut names: HashSet<String> = HashSet::new();
    for part in objects {
        let mut all = Properties::default();
        collect(model, part, &mut all);
        let mut required: Vec<&str> = all.required.iter().copied().collect();
        required.sort_unstable();
        let tag = required.into_iter().find_map(|name| {
            match model.resolve(all.declared.get(name)?)?.get("enum")?.items() {
                [only] => Some((name.to_owned(), only.to_json().to_string())),
                _ => None,
            }
        });
        match tag {
            Some(tag) => {
                names.insert(tag.0.clone());
                if !seen.insert(tag) {
                    return false;
                }
            }
            None => return false,
        }
    }
    names.len() == 1
}
