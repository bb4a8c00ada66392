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

use jsonschema::error::ValidationErrorKind as Wrong;
use letterhead_document::{Kind as Value, Node, Span};

use self::collect::{Role, Specimen};
use self::fit::{Misfit, Verdict};
use self::unclear::Unclear;
use crate::checks::schemas::limits::FORMATS;
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::{examples, schemas};
use crate::shape::Kind;

/// Examples and defaults.
pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    values(model, findings);
    let collection = collect::collect(model);
    members::run(model, &collection, findings);
    judge(model, &collection, findings);
}

/// The values of an `enum`, against what else their schema demands. What has no type of the schema, and `null`,
/// are reported with the list.
pub(crate) fn listed(model: &Model<'_>, findings: &mut Findings) {
    let unclear = Unclear::of(findings);
    let mut collection = collect::listed(model);
    collection.retain(|(schema, specimen)| {
        let is_mistyped = schema.get("type").is_some_and(|declared| unclear.has(declared));
        let is_null = matches!(specimen.value.kind, Value::Null);
        !is_mistyped && !is_null && !unclear.has(specimen.value)
    });
    judge(model, &collection, findings);
}

/// Reports the values that don't fit.
fn judge<'d>(model: &Model<'d>, collection: &[(&'d Node, Specimen<'d>)], findings: &mut Findings) {
    let written = |span: Span| model.document.slice(span);
    let mut seen: HashSet<(Span, String)> = HashSet::new();
    let unclear = Unclear::of(findings);
    fit::check(model, &unclear, collection, |verdict| {
        let (specimen, misfits, schemas) = match verdict {
            Verdict::Misfits(specimen, misfits, schemas) => (*specimen, *misfits, *schemas),
            // The values of one list are unknown for the same reason.
            Verdict::Unknown(specimen) if seen.insert((specimen.key.span, String::new())) => {
                return unchecked(specimen, findings);
            }
            Verdict::Unknown(_) => return,
        };
        if is_meant(specimen, misfits) {
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
                Role::Listed => &schemas::ENUM_VALUE_MISFIT,
            };
            let finding = findings.add(rule, mismatch.span, mismatch.message, mismatch.help);
            if let Some(used) = specimen.used {
                finding.and(used, "an example of this");
            }
        }
    });
}

/// Whether a value that doesn't fit may be meant all the same.
fn is_meant(specimen: &Specimen<'_>, misfits: &[Misfit<'_>]) -> bool {
    let is_loose = |misfit: &Misfit<'_>| matches!(misfit.error.kind(), Wrong::Format { format } if !FORMATS.contains(&format.as_str()));
    match specimen.role {
        // An example that isn't JSON is written as text, and its schema describes its meaning.
        Role::Example => specimen.may_be_text && specimen.value.as_str().is_some(),
        Role::Default => false,
        Role::Listed => misfits.iter().all(is_loose),
    }
}

fn unchecked(specimen: &Specimen<'_>, findings: &mut Findings) {
    let message = "this isn't held against its schema, whose choices multiply beyond reason";
    let help = "write fewer schemas under `oneOf` and `anyOf`, or a `discriminator`";
    findings.add(&examples::UNCHECKED_EXAMPLE, specimen.key.span, message, help);
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
