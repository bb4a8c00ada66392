//! Examples, and defaults, against their schemas.

mod collect;
mod convert;
mod effort;
mod explain;
mod fit;
mod look;
mod members;
mod unclear;
mod words;

use std::collections::HashSet;

use letterhead_document::{Kind as Value, Node, Span};

use self::collect::Role;
use self::fit::Verdict;
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::examples;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    values(model, findings);
    let collection = collect::collect(model);
    let written = |span: Span| model.document.slice(span).to_owned();
    let mut seen: HashSet<(Span, String)> = HashSet::new();
    let mut mismatches = Findings::default();
    members::run(model, &collection, findings);
    fit::check(model, findings, &collection, |verdict| {
        let (specimen, misfits, schemas) = match verdict {
            Verdict::Misfits(specimen, misfits, schemas) => (*specimen, *misfits, *schemas),
            Verdict::Unknown(specimen) => {
                let message =
                    "this isn't held against its schema, whose choices multiply beyond reason";
                let help = "write fewer schemas under `oneOf` and `anyOf`, or a `discriminator`";
                mismatches.add(&examples::UNCHECKED_EXAMPLE, specimen.key.span, message, help);
                return;
            }
        };
        // An example that isn't JSON is written as text, and its schema describes its meaning.
        if specimen.may_be_text && matches!(specimen.value.kind, Value::String(_)) {
            return;
        }
        for mismatch in explain::explain(specimen, misfits, schemas, &written) {
            // An example that is used in several places is wrong once.
            if !seen.insert((mismatch.span, mismatch.message.clone())) {
                continue;
            }
            let rule = match specimen.role {
                Role::Example => &examples::EXAMPLE_MISMATCH,
                Role::Default => &examples::DEFAULT_MISMATCH,
            };
            let finding = mismatches.add(rule, mismatch.span, mismatch.message, mismatch.help);
            if let Some(used) = specimen.used {
                finding.and(used, "an example of this");
            }
        }
    });
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
                    .add(&examples::EXAMPLE_VALUE_TWICE, elsewhere.span, message, help)
                    .and(here.span, "`value` is here");
            }
            (None, None) => {
                // An unknown key shows that the value stands in the place of the example.
                let is_plain = |name: &str| known.contains(&name) || name.starts_with("x-");
                if let Some(key) = object.key
                    && node.members().all(|(name, _)| is_plain(&name.text))
                {
                    let message = format!("the example `{}` has no value", key.text);
                    findings.add(
                        &examples::EXAMPLE_WITHOUT_VALUE,
                        key.span,
                        message,
                        "add `value`",
                    );
                }
            }
            _ => {}
        }
    }
}
