//! The responses of an operation.

use letterhead_document::{Key, Kind as Value, Node};

use super::place_of;
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::operations;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Responses) {
        let statuses: Vec<(&Key, &Node)> =
            object.node.members().filter(|(key, _)| !key.text.starts_with("x-")).collect();
        let mut all_good = true;
        for (key, response) in &statuses {
            if let Some(help) = correction(&key.text) {
                all_good = false;
                let message = format!("`{}` is not a status code", key.text);
                findings.add(&operations::STATUS_CODE, key.span, message, help);
            } else {
                empty(model, key, response, findings);
            }
        }
        let has = |classes: &[char]| {
            statuses.iter().any(|(key, _)| key.text == "default" || key.text.starts_with(classes))
        };
        let operation = model.operation(object);
        // One that stands beside them is reported as that.
        let parent = model.parent(object);
        let mut beside = parent.into_iter().flat_map(|parent| parent.node.members());
        all_good &= !beside.any(|(key, _)| key.text != "default" && is_status(&key.text));
        // The receiver of a callback sends its response.
        let is_own = match (parent, operation) {
            (Some(parent), Some(operation)) => std::ptr::eq(parent.node, operation.node),
            _ => false,
        };
        let name = match operation {
            Some(operation) if is_own => format!("`{}`", operation.name()),
            _ => "the operation".to_owned(),
        };
        let span = place_of(object);
        if statuses.is_empty() {
            let message = format!("{name} has no responses");
            let help = "add the success, such as `'200'` or `'204'`, and `4XX`";
            findings.add(&operations::NO_RESPONSES, span, message, help);
        } else if all_good && !has(&['1', '2', '3']) {
            let message = format!("{name} has no success response");
            let help = "add the one that it has, such as `'200'` with its `content`, or `'204'`";
            findings.add(&operations::NO_SUCCESS_RESPONSE, span, message, help);
        } else if all_good && is_own && !has(&['4']) {
            let message = format!("{name} has no response for a request that is refused");
            let help = "add `4XX`, or the statuses that it is refused with; `5XX` is for faults of the server";
            findings.add(&operations::NO_ERROR_RESPONSE, span, message, help);
        }
    }
}

/// Responses that can't have a body.
fn empty(model: &Model<'_>, key: &Key, written: &Node, findings: &mut Findings) {
    let is_empty = matches!(key.text.as_str(), "204" | "205" | "304") || key.text.starts_with('1');
    if !is_empty {
        return;
    }
    let Some(response) = model.resolve(written) else {
        return;
    };
    let Some((content, value)) = response.entry("content") else {
        return;
    };
    if !matches!(&value.kind, Value::Object(members) if !members.is_empty()) {
        return;
    }
    let span = written.get("$ref").map_or(content.span, |target| target.span);
    let message = format!("a response {} has no body, and this one has a `content`", key.text);
    let help = match key.text.as_str() {
        "204" => "leave `content` out, or write `'200'`",
        _ => "leave `content` out",
    };
    findings.add(&operations::CONTENT_WITHOUT_BODY, span, message, help);
}

/// Whether a key is one of responses.
pub(crate) fn is_status(key: &str) -> bool {
    correction(key).is_none()
}

/// What to write in place of a key that is no status code.
fn correction(key: &str) -> Option<String> {
    let digits = key.bytes().all(|byte| byte.is_ascii_digit());
    let class = |key: &str| {
        let bytes = key.as_bytes();
        bytes.len() == 3 && (b'1'..=b'5').contains(&bytes[0]) && &bytes[1..] == b"XX"
    };
    if key == "default"
        || class(key)
        || digits && key.len() == 3 && ('1'..='5').any(|class| key.starts_with(class))
    {
        return None;
    }
    let upper = key.trim().to_uppercase().replace('*', "X");
    if class(&upper) {
        return Some(format!("write `{upper}`"));
    }
    if key.trim() != key && correction(key.trim()).is_none() {
        return Some(format!("write `{}`", key.trim()));
    }
    if let Some(name) = did_you_mean(key, ["default"]) {
        return Some(format!("did you mean `{name}`?"));
    }
    let start: String = key.trim().chars().take_while(char::is_ascii_digit).collect();
    if !digits && correction(&start).is_none() {
        return Some(format!("write `{start}`"));
    }
    let words: String =
        key.to_ascii_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let named = NAMES.iter().find(|(name, _)| *name == words);
    Some(match named {
        Some((_, code)) => format!("write `'{code}'`"),
        None => "write a code from 100 to 599, a class such as `4XX`, or `default`".to_owned(),
    })
}

const NAMES: &[(&str, u16)] = &[
    ("ok", 200),
    ("success", 200),
    ("created", 201),
    ("accepted", 202),
    ("nocontent", 204),
    ("badrequest", 400),
    ("unauthorized", 401),
    ("forbidden", 403),
    ("notfound", 404),
    ("conflict", 409),
    ("toomanyrequests", 429),
    ("internalservererror", 500),
    ("serviceunavailable", 503),
];
