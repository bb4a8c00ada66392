//! A look at a document before its references are followed, since most have none to other files.

use letterhead_document::{Key, Kind as Value, Node};

/// Whether something may refer to another file.
pub(super) fn may_refer(node: &Node) -> bool {
    match &node.kind {
        Value::Object(members) => {
            members.iter().any(|(key, value)| leaves(key, value) || may_refer(value))
        }
        Value::Array(items) => items.iter().any(may_refer),
        _ => false,
    }
}

/// Whether a member leads to another file, if it is what its key says. The values of a mapping may be bare names.
fn leaves(key: &Key, value: &Node) -> bool {
    let is_outside = |value: &Node| value.as_str().is_some_and(|text| !text.starts_with('#'));
    match key.text.as_str() {
        "$ref" | "operationRef" => is_outside(value),
        "mapping" => value.members().any(|(_, value)| is_outside(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use letterhead_document::Document;

    use super::*;

    #[test]
    fn what_refers_to_another_file_is_never_missed() {
        let may_refer = |text: &str| may_refer(Document::parse("t.yaml", text).unwrap().root());
        for text in [
            "$ref: other.yaml",
            "a: [{$ref: 'other.yaml#/A'}]",
            "{\"\\u0024ref\": \"./b.json\"}",
            "x: &key $ref\n*key : other.yaml",
            "operationRef: other.yaml",
            "mapping: {dog: dog.yaml}",
            "mapping: {cat: '#cat', dog: dog.yaml}",
        ] {
            assert!(may_refer(text), "{text}");
        }
        for text in [
            "$ref: '#/components/schemas/A'",
            "{\"$ref\" : \"#/a\", \"operationRef\":\n\"#/b\"}",
            "mapping: {cat: '#cat'}",
            "properties: {$ref: {type: string}}",
        ] {
            assert!(!may_refer(text), "{text}");
        }
    }
}
