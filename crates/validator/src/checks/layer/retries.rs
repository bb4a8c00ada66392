//! Whether an operation may be retried: a caller has to know it when no response came.

use super::{one_of, text_of};
use crate::finding::{Findings, did_you_mean};
use crate::model::{Model, Operation};
use crate::rules::layer;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    if model.is_own() {
        for operation in &model.operations {
            check(model, operation, findings);
        }
    }
}

const VALUES: [&str; 3] = ["always", "same-request-id", "never"];

fn check(model: &Model<'_>, operation: &Operation<'_>, findings: &mut Findings) {
    let method = operation.method.text.as_str();
    let Some(value) = operation.node.get("x-repeatable") else {
        // Another rule reports a misspelt key.
        let misspelt = operation.node.members().any(|(key, _)| {
            key.text.starts_with("x-") && did_you_mean(&key.text, ["x-repeatable"]).is_some()
        });
        if !misspelt {
            let message = format!("`{}` doesn't say whether it may be retried", operation.name());
            let help = match method {
                "get" | "head" | "put" | "delete" => "add `x-repeatable: always`",
                _ => {
                    "add `x-repeatable: never`, or `same-request-id` where the vendor \
                     recognizes a retry by it"
                }
            };
            findings.add(&layer::REPEATABLE, operation.method.span, message, help);
        }
        return;
    };
    let word = value.as_str().unwrap_or_default();
    if !VALUES.contains(&word) {
        let written = model.document.slice(value.span);
        let message = format!("`{written}` doesn't say whether it may be retried");
        findings.add(&layer::REPEATABLE, value.span, message, one_of(word, &VALUES));
    } else if method == "post" && word == "always" {
        let message = "a POST does its work again each time";
        let help = "write `never`, or `same-request-id` where the vendor recognizes a retry by it";
        findings.add(&layer::REPEATABLE, value.span, message, help);
    } else if word == "same-request-id" && !has_request_id(operation) {
        let message = "there is no request id by which the vendor could recognize a retry";
        let help = "refer to the header `MS-RequestId`, or write `never`";
        findings.add(&layer::REPEATABLE, value.span, message, help);
    }
}

fn has_request_id(operation: &Operation<'_>) -> bool {
    operation.parameters().iter().any(|parameter| {
        let is_supplied = text_of(parameter.node, "x-supplied-by") == Some("layer");
        let name = parameter.name().to_lowercase();
        is_supplied && name.replace('-', "").ends_with("requestid")
    })
}
