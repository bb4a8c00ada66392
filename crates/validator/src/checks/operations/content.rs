//! Bodies and their media types.

use letterhead_document::{Key, Kind as Value, Node};

use super::text;
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::operations;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in &model.objects {
        match object.kind {
            Kind::MediaType => {
                if let Some(key) = object.key
                    && let Some((reason, help)) = media_type(&key.text)
                {
                    let message = format!("`{}` is not a media type: {reason}", key.text);
                    findings.add(&operations::MEDIA_TYPE_NAME, key.span, message, help);
                }
            }
            Kind::Encoding => encoding(object.node, findings),
            Kind::RequestBody => {
                if let Some((key, content)) = object.node.entry("content")
                    && matches!(&content.kind, Value::Object(members) if members.is_empty())
                {
                    let message = "the request body has no media type";
                    let help = "add one, such as `application/json: {schema: ...}`, or leave `requestBody` out";
                    findings.add(&operations::EMPTY_CONTENT, key.span, message, help);
                }
            }
            Kind::Operation => {
                if let (Some(method), Some((body, _))) =
                    (object.key, object.node.entry("requestBody"))
                {
                    body_on(method, body, findings);
                }
            }
            _ => {}
        }
    }
}

fn body_on(method: &Key, body: &Key, findings: &mut Findings) {
    let name = method.text.to_uppercase();
    match method.text.as_str() {
        "get" | "head" | "trace" => {
            let message = format!("a {name} request has no body");
            let help = if name == "GET" {
                "declare query parameters instead, or make it a POST"
            } else {
                "leave `requestBody` out"
            };
            findings
                .add(&operations::BODY_ON_GET, body.span, message, help)
                .and(method.span, "the method");
        }
        "delete" => {
            let message = "many servers and proxies drop the body of a DELETE request";
            let help = "declare parameters instead, or make it a POST";
            findings
                .add(&operations::BODY_ON_DELETE, body.span, message, help)
                .and(method.span, "the method");
        }
        _ => {}
    }
}

/// The media types of a part of a form: a list with commas.
fn encoding(node: &Node, findings: &mut Findings) {
    let Some(types) = node.get("contentType") else {
        return;
    };
    let list = text(node, "contentType").unwrap_or("*/*");
    let wrong = list.split(',').map(str::trim).find_map(|name| {
        let (reason, help) = media_type(name)?;
        Some((name, reason, help))
    });
    if let Some((name, reason, help)) = wrong {
        let message = format!("`{name}` is not a media type: {reason}");
        findings.add(&operations::MEDIA_TYPE_NAME, types.span, message, help);
    }
}

/// What is wrong with a media type or a range of them, and what to write.
fn media_type(name: &str) -> Option<(&'static str, String)> {
    let (essence, parameters) = match name.split_once(';') {
        Some((essence, parameters)) => (essence.trim_end(), Some(parameters)),
        None => (name, None),
    };
    let lower = essence.trim().to_ascii_lowercase();
    let did = |right: &str| format!("did you mean `{right}`?");
    if lower.is_empty() {
        return Some(("it is empty", "write one, such as `application/json`".to_owned()));
    }
    let Some((kind, rest)) = lower.split_once('/') else {
        let known = COMMON.iter().find(|known| known.ends_with(&format!("/{lower}")));
        let help = match known.copied().or_else(|| did_you_mean(&lower, COMMON.iter().copied())) {
            Some(known) => did(known),
            None => "write its type, a `/` and its subtype, such as `application/json`".to_owned(),
        };
        return Some(("it has no `/`", help));
    };
    if essence != essence.trim() || lower.contains(char::is_whitespace) {
        let right: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
        return Some(("it has blanks in it", format!("write `{right}`")));
    }
    if !is_token(kind) || !is_token(rest) {
        let near = did_you_mean(&lower, COMMON.iter().copied());
        let help = near.map_or_else(|| "write it as `type/subtype`".to_owned(), did);
        return Some(("its two words are letters, digits and `+-._`", help));
    }
    if kind == "*" && rest != "*" {
        return Some(("a range is `*/*` or `type/*`", "write `*/*`".to_owned()));
    }
    if !TYPES.contains(&kind)
        && let Some(near) = did_you_mean(kind, TYPES.iter().copied())
        && !kind.starts_with("x-")
    {
        return Some(("there is no such type", did(&format!("{near}/{rest}"))));
    }
    // A slip of one letter in what everybody uses.
    let is_real = COMMON.contains(&lower.as_str()) || REAL.contains(&rest);
    let is_slip = |known: &&&str| strsim::damerau_levenshtein(known, &lower) == 1;
    let slip = COMMON.iter().find(|known| !is_real && is_slip(known));
    if let Some(known) = slip {
        return Some(("there is no such type", did(known)));
    }
    parameters.filter(|parameters| !are_parameters(parameters)).map(|_| {
        let reason = "a parameter is `name=value`";
        (reason, format!("write `{lower}`, or `{lower}; charset=utf-8`"))
    })
}

/// Whether they are `name=value`, with `;` between them. A value in quotes may have everything inside.
fn are_parameters(text: &str) -> bool {
    let mut rest = text;
    loop {
        let Some((name, value)) = rest.split_once('=') else { return false };
        let value = value.trim_start();
        let (is_value, behind) = if let Some(quoted) = value.strip_prefix('"') {
            let mut is_escaped = false;
            let end = quoted.find(|c| {
                let is_end = c == '"' && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                is_end
            });
            (end.is_some(), end.map_or("", |end| &quoted[end + 1..]))
        } else {
            let end = value.find(';').unwrap_or(value.len());
            (is_token(value[..end].trim_end()), &value[end..])
        };
        if !is_token(name.trim()) || !is_value {
            return false;
        }
        match (behind.trim_start(), behind.trim_start().strip_prefix(';')) {
            ("", _) => return true,
            (_, Some(next)) => rest = next,
            _ => return false,
        }
    }
}

/// Whether a text is a token of HTTP.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

const TYPES: &[&str] = &[
    "*",
    "application",
    "audio",
    "chemical",
    "example",
    "font",
    "haptics",
    "image",
    "message",
    "model",
    "multipart",
    "text",
    "video",
];

const COMMON: &[&str] = &[
    "application/json",
    "application/xml",
    "application/octet-stream",
    "application/pdf",
    "application/problem+json",
    "application/merge-patch+json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "text/plain",
    "text/html",
    "text/csv",
];

/// Subtypes that only look like a slip.
const REAL: &[&str] = &[
    "bson", "css", "json5", "jsonl", "hjson", "xml-dtd", "yml", "xsl", "xhtml", "ubjson", "cson",
    "ion",
];
