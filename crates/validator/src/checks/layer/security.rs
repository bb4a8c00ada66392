//! Credentials: the layer puts them into headers, the same for every call.

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
    let fault = match text_of(node, "type") {
        Some("http") => text_of(node, "scheme")
            .is_some_and(|scheme| {
                let mut sent = ["bearer", "basic"].into_iter();
                !sent.any(|it| scheme.eq_ignore_ascii_case(it))
            })
            .then_some(("scheme", "of `Authorization` the layer sends `Bearer` and `Basic` only")),
        Some("apiKey") => (text_of(node, "in") == Some("query"))
            .then_some(("in", "the layer writes no key into a URL, where logs show it")),
        Some("oauth2" | "openIdConnect") => {
            Some(("type", "the layer is given tokens, and doesn't fetch them"))
        }
        _ => None,
    };
    if let Some((member, message)) = fault {
        let span = node.get(member).unwrap_or(node).span;
        let help = match member {
            "in" => "write `in: header` or `in: cookie`",
            _ => "write `type: http` with `scheme: bearer` or `scheme: basic`",
        };
        findings.add(&layer::SECURITY_BEYOND_LAYER, span, message, help);
    }
}
