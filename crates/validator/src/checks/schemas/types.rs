//! The type of a schema.

use letterhead_document::Node;

use super::TYPES;
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::schemas;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::Schema) {
        unknown_type(object.node, findings);
    }
}

fn unknown_type(schema: &Node, findings: &mut Findings) {
    let Some(node) = schema.get("type") else {
        return;
    };
    let Some(written) = node.as_str() else {
        return;
    };
    if TYPES.contains(&written) {
        return;
    }
    let help = match written.to_lowercase().as_str() {
        "null" | "nil" | "none" => {
            "write `nullable: true` beside the type that the value has otherwise".to_owned()
        }
        "any" | "mixed" | "unknown" => "leave `type` out: without one, any value fits".to_owned(),
        "file" | "binary" => "write `type: string` with `format: binary`".to_owned(),
        "int" | "int32" | "int64" | "long" | "short" | "uint" => "write `type: integer`".to_owned(),
        "float" | "double" | "decimal" | "num" => "write `type: number`".to_owned(),
        "str" | "text" | "char" => "write `type: string`".to_owned(),
        "bool" => "write `type: boolean`".to_owned(),
        "enum" => "write `type: string` with `enum`".to_owned(),
        format @ ("date" | "date-time" | "uuid" | "email" | "uri" | "password" | "byte") => {
            format!("write `type: string` with `format: {format}`")
        }
        "datetime" | "timestamp" => "write `type: string` with `format: date-time`".to_owned(),
        "list" | "tuple" | "set" | "vector" => "write `type: array`".to_owned(),
        "dict" | "map" | "hash" | "struct" | "record" => "write `type: object`".to_owned(),
        _ => match did_you_mean(written, TYPES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "write `array`, `boolean`, `integer`, `number`, `object` or `string`".to_owned()
            }
        },
    };
    let message = format!("there is no type `{written}`");
    findings.add(&schemas::UNKNOWN_TYPE, node.span, message, help);
}
