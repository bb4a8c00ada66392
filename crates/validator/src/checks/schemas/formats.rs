//! `format`: one that exists, beside a type that it belongs to.

use letterhead_document::Node;

use super::{TYPES, a, type_of};
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::schemas;
use crate::shape::Kind;

/// The formats of OpenAPI 3.0, of its registry and of JSON Schema, with the types they are for.
const FORMATS: [(&str, &[&str]); 33] = [
    ("int8", &["integer"]),
    ("int16", &["integer"]),
    ("int32", &["integer"]),
    ("int64", &["integer", "string"]),
    ("uint8", &["integer"]),
    ("uint16", &["integer"]),
    ("uint32", &["integer"]),
    ("uint64", &["integer", "string"]),
    ("float", &["number"]),
    ("double", &["number"]),
    ("decimal", &["number", "string"]),
    ("byte", &["string"]),
    ("binary", &["string"]),
    ("base64url", &["string"]),
    ("date", &["string"]),
    ("date-time", &["string"]),
    ("time", &["string"]),
    ("duration", &["string"]),
    ("password", &["string"]),
    ("email", &["string"]),
    ("idn-email", &["string"]),
    ("uuid", &["string"]),
    ("uri", &["string"]),
    ("uri-reference", &["string"]),
    ("uri-template", &["string"]),
    ("iri", &["string"]),
    ("url", &["string"]),
    ("hostname", &["string"]),
    ("ipv4", &["string"]),
    ("ipv6", &["string"]),
    ("json-pointer", &["string"]),
    ("regex", &["string"]),
    ("ip", &["string"]),
];

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Schema) {
        let Some(node) = object.node.get("format") else {
            continue;
        };
        if let Some(written) = node.as_str() {
            format(written, node, object.node, findings);
        }
    }
}

fn format(written: &str, node: &Node, schema: &Node, findings: &mut Findings) {
    let Some((_, types)) = FORMATS.iter().find(|(known, _)| *known == written) else {
        unknown(written, node, findings);
        return;
    };
    let Some(declared) = type_of(schema) else {
        return;
    };
    if types.contains(&declared) {
        return;
    }
    let message =
        format!("`{written}` is a format of {}, and this is {}", a(types[0]), a(declared));
    let help = match (declared, written) {
        ("integer", "float" | "double" | "decimal") => "write `type: number`".to_owned(),
        ("array", _) => "move it into `items`".to_owned(),
        _ => format!("write `type: {}`, or leave `format` out", types[0]),
    };
    findings.add(&schemas::FORMAT_NOT_FOR_TYPE, node.span, message, help);
}

/// Formats are an open list: only what looks like a known one misspelt is one.
fn unknown(written: &str, node: &Node, findings: &mut Findings) {
    let squeezed = written.to_lowercase().replace(['-', '_', ' '], "");
    let meant = match squeezed.as_str() {
        "datetime" | "timestamp" | "iso8601" | "rfc3339" => Some("date-time"),
        "int" | "integer32" | "i32" => Some("int32"),
        "integer64" | "i64" | "long" | "int128" => Some("int64"),
        "uint" => Some("uint32"),
        "guid" => Some("uuid"),
        "base64" | "bytes" => Some("byte"),
        "mail" => Some("email"),
        _ => FORMATS
            .iter()
            .map(|(known, _)| *known)
            .find(|known| known.replace('-', "") == squeezed)
            .or_else(|| {
                let near = FORMATS.iter().map(|(known, _)| *known);
                did_you_mean(written, near.filter(|known| is_slip(written, known)))
            }),
    };
    if TYPES.contains(&written) {
        let message = format!("`{written}` is a type and no format, so nothing checks it");
        findings.add(
            &schemas::UNKNOWN_FORMAT,
            node.span,
            message,
            "leave `format` out; `type` says it",
        );
    } else if let Some(near) = meant {
        let message = format!("there is no format `{written}`, so nothing checks it");
        findings.add(
            &schemas::UNKNOWN_FORMAT,
            node.span,
            message,
            format!("did you mean `{near}`?"),
        );
    }
}

/// Whether two words differ by a slip of a finger, and not by what they mean, as `ipv5` does.
fn is_slip(written: &str, known: &str) -> bool {
    let digits = |word: &str| {
        let mut digits: Vec<char> = word.chars().filter(char::is_ascii_digit).collect();
        digits.sort_unstable();
        digits
    };
    let allowed = if known.len() > 6 { 2 } else { 1 };
    known.len() > 3
        && digits(written) == digits(known)
        && strsim::damerau_levenshtein(&written.to_lowercase(), known) <= allowed
}
