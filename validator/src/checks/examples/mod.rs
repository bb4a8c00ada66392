//! Examples, and defaults, against their schemas.

mod collect;
mod convert;
mod effort;
mod explain;
mod fit;
mod words;

use std::collections::HashSet;

use letterhead_document::{Kind as Value, Node, Span};

use self::collect::Role;
use crate::diagnostic::{Findings, Severity};
use crate::model::Model;
use crate::rule::{Check, Family, Rule, Sample};
use crate::shape::Kind;

pub(crate) static CHECK: Check = Check { rules: RULES, run };

fn run(model: &Model<'_>, findings: &mut Findings) {
    values(model, findings);
    let collection = collect::collect(model);
    let written = |span: Span| model.document.slice(span).to_owned();
    let mut seen: HashSet<(Span, String)> = HashSet::new();
    let mut mismatches = Findings::default();
    fit::check(
        model,
        findings,
        &collection,
        |specimen, misfits, schemas| {
            // What isn't JSON is given as text, and its schema says what it means.
            if specimen.may_be_text && matches!(specimen.value.kind, Value::String(_)) {
                return;
            }
            for told in explain::explain(specimen, misfits, schemas, &written) {
                // An example that is used in several places is wrong once.
                if !seen.insert((told.span, told.message.clone())) {
                    continue;
                }
                let code = match specimen.role {
                    Role::Example => "example-mismatch",
                    Role::Default => "default-mismatch",
                };
                let finding = mismatches.add(code, told.span, told.message, told.help);
                if let Some(used) = specimen.used {
                    finding.and(used, "an example of this");
                }
            }
        },
    );
    findings.list.append(&mut mismatches.list);
}

fn values(model: &Model<'_>, findings: &mut Findings) {
    let known = ["summary", "description", "value", "externalValue"];
    for object in model.all(Kind::Example) {
        let node: &Node = object.node;
        match (node.entry("value"), node.entry("externalValue")) {
            (Some((here, _)), Some((elsewhere, _))) => {
                let message = "an example has a `value` or an `externalValue`, not both";
                let help = "leave one of them out";
                findings
                    .add("example-value-twice", elsewhere.span, message, help)
                    .and(here.span, "`value` is here");
            }
            (None, None) => {
                // A key that isn't known says that the value stands where the example has to.
                let is_plain = |name: &str| known.contains(&name) || name.starts_with("x-");
                if let Some(key) = object.key
                    && node.members().all(|(name, _)| is_plain(&name.text))
                {
                    let message = format!("the example `{}` has no value", key.text);
                    findings.add("example-without-value", key.span, message, "add `value`");
                }
            }
            _ => {}
        }
    }
}

const fn rule(
    code: &'static str,
    severity: Severity,
    summary: &'static str,
    reason: &'static str,
    wrong: Sample,
    right: Sample,
) -> Rule {
    Rule {
        code,
        family: Family::Examples,
        severity,
        summary,
        reason,
        wrong,
        right,
    }
}

static RULES: &[Rule] = &[
    rule(
        "example-mismatch",
        Severity::Error,
        "An example fits its schema.",
        "Readers copy examples before they read schemas, and mock servers answer with them.",
        Sample::Pet("type: object\nproperties: {age: {type: integer}}\nexample: {age: seven}"),
        Sample::Pet("type: object\nproperties: {age: {type: integer}}\nexample: {age: 7}"),
    ),
    rule(
        "default-mismatch",
        Severity::Error,
        "A default fits its schema.",
        "Generators refuse it, or produce code that panics when the default is needed.",
        Sample::Pet("type: object\nproperties: {age: {type: integer, default: seven}}"),
        Sample::Pet("type: object\nproperties: {age: {type: integer, default: 7}}"),
    ),
    rule(
        "example-value-twice",
        Severity::Error,
        "A named example has `value` or `externalValue`.",
        "The two exclude one another: tools show the one or the other.",
        Sample::Responses(
            "'200':
  description: A name.
  content:
    application/json:
      schema: {type: string}
      examples: {cat: {value: Tom, externalValue: 'https://example.com/cat.json'}}
'404': {description: Not found.}",
        ),
        Sample::Responses(
            "'200':
  description: A name.
  content:
    application/json:
      schema: {type: string}
      examples: {cat: {value: Tom}}
'404': {description: Not found.}",
        ),
    ),
    rule(
        "example-without-value",
        Severity::Warning,
        "A named example has a value.",
        "Tools show an empty box.",
        Sample::Responses(
            "'200':
  description: A name.
  content:
    application/json:
      schema: {type: string}
      examples: {cat: {summary: The name of a cat.}}
'404': {description: Not found.}",
        ),
        Sample::Responses(
            "'200':
  description: A name.
  content:
    application/json:
      schema: {type: string}
      examples: {cat: {summary: The name of a cat., value: Tom}}
'404': {description: Not found.}",
        ),
    ),
];
