//! Credentials: what the layer sends of each.

use letterhead_document::Node;

use super::text_of;
use crate::finding::Findings;
use crate::model::Model;
use crate::rules::layer;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    if model.is_own() {
        declared(model, findings);
        for object in model.all(Kind::SecurityScheme) {
            scheme(object.node, findings);
        }
    }
}

fn declared(model: &Model<'_>, findings: &mut Findings) {
    let root = model.document.root();
    let security = root.entry("security");
    if security.is_some_and(|(_, list)| !list.items().is_empty()) {
        return;
    }
    let key = security.or_else(|| root.members().next()).map(|(key, _)| key.span);
    let message = "the document doesn't say which credential its calls carry";
    let help = "write `security` beside `paths`, with the scheme that every operation takes";
    findings.add(&layer::NO_SECURITY, key.unwrap_or(root.span), message, help);
}

fn scheme(node: &Node, findings: &mut Findings) {
    if text_of(node, "type") != Some("http") {
        return;
    }
    let is_sent = |scheme: &str| {
        let mut sent = ["bearer", "basic"].into_iter();
        sent.any(|it| scheme.eq_ignore_ascii_case(it))
    };
    if text_of(node, "scheme").is_some_and(|scheme| !is_sent(scheme)) {
        let span = node.get("scheme").unwrap_or(node).span;
        let message = "of `Authorization` the layer sends `Bearer` and `Basic` only";
        let help = "write `scheme: bearer` or `scheme: basic`";
        findings.add(&layer::SECURITY_BEYOND_LAYER, span, message, help);
    }
}
