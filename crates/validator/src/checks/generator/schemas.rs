//! What a schema can't say to the generator.

use letterhead_document::Node;

use crate::finding::Findings;
use crate::model::Model;
use crate::rules::{generator, schemas};
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.objects.iter().filter(|object| object.kind == Kind::Schema) {
        nullable(object.node, findings);
        if let Some((key, _)) = object.node.entry("x-rust-type") {
            let message = "`x-rust-type` is the generator's own, and ignored in a document";
            let help = "leave it out: `format: password` and the body of a PATCH get their types by themselves";
            findings.add(&generator::RUST_TYPE, key.span, message, help);
        }
    }
}

fn nullable(schema: &Node, findings: &mut Findings) {
    let limits = ["type", "allOf", "anyOf", "oneOf", "not", "$ref"];
    if schema.get("enum").is_some()
        && let Some((nullable, _)) = schema.entry("nullable").filter(|(_, value)| value.is_true())
        && limits.iter().all(|limit| schema.get(limit).is_none())
    {
        let message = "`nullable` has no effect without `type`";
        let help = "write the `type` of its values beside it";
        findings.add(&schemas::NULLABLE_ENUM, nullable.span, message, help);
    }
}
