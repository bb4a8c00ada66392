//! `format`: one that exists, beside a type that it belongs to.

use letterhead_document::Node;

use super::{TYPES, a, type_of};
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::schemas;
use crate::shape::Kind;

/// The OpenAPI Format Registry as of May 2026, with the types that each format is for. A whole number is a
/// number to it.
///
/// Source: <https://spec.openapis.org/registry/format/>.
const FORMATS: [(&str, &[&str]); 53] = [
    ("base64url", TEXT),
    ("binary", TEXT),
    ("byte", TEXT),
    ("char", TEXT),
    ("commonmark", TEXT),
    ("date", TEXT),
    ("date-time", TEXT),
    ("date-time-local", TEXT),
    ("decimal", &["number", "string"]),
    ("decimal128", &["number", "string"]),
    ("double", &["number"]),
    ("double-int", WHOLE),
    ("duration", TEXT),
    ("email", TEXT),
    ("float", &["number"]),
    ("hostname", TEXT),
    ("html", TEXT),
    ("http-date", TEXT),
    ("idn-email", TEXT),
    ("idn-hostname", TEXT),
    ("int16", WHOLE),
    ("int32", WHOLE),
    ("int64", &["integer", "number", "string"]),
    ("int8", WHOLE),
    ("ipv4", TEXT),
    ("ipv4-cidr", TEXT),
    ("ipv6", TEXT),
    ("ipv6-cidr", TEXT),
    ("iri", TEXT),
    ("iri-reference", TEXT),
    ("json-pointer", TEXT),
    ("language", TEXT),
    ("media-range", TEXT),
    ("password", TEXT),
    ("regex", TEXT),
    ("relative-json-pointer", TEXT),
    ("sf-binary", TEXT),
    ("sf-boolean", TEXT),
    ("sf-decimal", &["number"]),
    ("sf-integer", WHOLE),
    ("sf-string", TEXT),
    ("sf-token", TEXT),
    ("time", TEXT),
    ("time-local", TEXT),
    ("uint16", WHOLE),
    ("uint32", WHOLE),
    ("uint64", &["integer", "number", "string"]),
    ("uint8", WHOLE),
    ("unixtime", WHOLE),
    ("uri", TEXT),
    ("uri-reference", TEXT),
    ("uri-template", TEXT),
    ("uuid", TEXT),
];

const TEXT: &[&str] = &["string"];
const WHOLE: &[&str] = &["integer", "number"];

/// Formats of JSON Schema and of many documents that the registry doesn't have, or has by another name.
const OTHERS: [(&str, &[&str]); 6] =
    [("cuid", TEXT), ("ip", TEXT), ("json", TEXT), ("phone", TEXT), ("ulid", TEXT), ("url", TEXT)];

fn known() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    FORMATS.into_iter().chain(OTHERS)
}

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
    let Some((_, types)) = known().find(|(known, _)| *known == written) else {
        unknown(written, node, type_of(schema), findings);
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
fn unknown(written: &str, node: &Node, declared: Option<&str>, findings: &mut Findings) {
    if TYPES.contains(&written) {
        let message = format!("`{written}` is a type and no format, so nothing checks it");
        let help = "leave `format` out; `type` says it";
        findings.add(&schemas::UNKNOWN_FORMAT, node.span, message, help);
        return;
    }
    let squeezed = written.to_lowercase().replace(['-', '_', ' '], "");
    // What is proposed has to be for the type that stands there.
    let fits = |name: &str| {
        known().any(|(known, types)| {
            known == name && declared.is_none_or(|declared| types.contains(&declared))
        })
    };
    let meant: &[&str] = match squeezed.as_str() {
        "datetime" | "iso8601" | "rfc3339" => &["date-time"],
        "timestamp" => &["date-time", "unixtime"],
        "epoch" | "unixtimestamp" => &["unixtime"],
        "int" | "integer32" | "i32" => &["int32"],
        "integer64" | "i64" | "long" | "int128" => &["int64"],
        "uint" => &["uint32"],
        "guid" => &["uuid"],
        "base64" | "bytes" => &["byte"],
        "mail" => &["email"],
        "markdown" => &["commonmark"],
        _ => &[],
    };
    let meant = meant.iter().copied().find(|name| fits(name)).or_else(|| {
        let names = || known().map(|(known, _)| known).filter(|known| fits(known));
        names()
            .find(|known| known.replace('-', "") == squeezed)
            .or_else(|| did_you_mean(written, names().filter(|known| is_slip(written, known))))
    });
    if let Some(near) = meant {
        let message = format!("there is no format `{written}`, so nothing checks it");
        let help = format!("did you mean `{near}`?");
        findings.add(&schemas::UNKNOWN_FORMAT, node.span, message, help);
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
