//! References that lead elsewhere than to a component: what they lead to is written in their place.

use serde_json::Value;

/// How often what is written in the place of a reference may have one itself.
const DEEPEST: usize = 12;

/// How much may be written in all, in values.
const MOST: usize = 2_000_000;

/// Writes what references lead to in their place, where it is no component by itself. One that leads nowhere stays.
pub(crate) fn write_out(root: &mut Value) {
    // Most documents refer to components only, and a large one isn't copied for nothing.
    if ["paths", "components"]
        .iter()
        .all(|section| root.get(section).is_none_or(|it| is_plain(it, root)))
    {
        return;
    }
    let original = root.clone();
    let mut left = MOST;
    for section in ["paths", "components"] {
        if let Some(part) = root.get_mut(section) {
            mend(part, &original, 0, &mut left);
        }
    }
}

/// Whether every reference leads to a component.
fn is_plain(value: &Value, root: &Value) -> bool {
    match value {
        Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
            Some(reference) => is_component(reference, root),
            None => members.values().all(|member| is_plain(member, root)),
        },
        Value::Array(items) => items.iter().all(|item| is_plain(item, root)),
        _ => true,
    }
}

fn mend(value: &mut Value, root: &Value, depth: usize, left: &mut usize) {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                if is_component(reference, root) || depth > DEEPEST {
                    return;
                }
                let Some(target) = target(reference, root) else { return };
                let size = size(target);
                if size > *left {
                    return;
                }
                *left -= size;
                *value = target.clone();
                return mend(value, root, depth + 1, left);
            }
            for (key, member) in members {
                // What stands in an example is no reference.
                if !["example", "examples", "default", "enum"].contains(&key.as_str()) {
                    mend(member, root, depth, left);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mend(item, root, depth, left)),
        _ => {}
    }
}

fn is_component(reference: &str, root: &Value) -> bool {
    let Some(rest) = reference.strip_prefix("#/components/") else { return false };
    rest.split_once('/')
        .is_some_and(|(section, name)| root["components"][section].get(name).is_some())
}

fn target<'v>(reference: &str, root: &'v Value) -> Option<&'v Value> {
    let pointer = reference.strip_prefix('#')?;
    root.pointer(pointer).or_else(|| root.pointer(&decoded(pointer)))
}

/// A pointer in a URL without its percent signs.
fn decoded(pointer: &str) -> String {
    let mut parts = pointer.split('%');
    let mut text = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        if let Some(byte) = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            text.push(byte);
            text.extend(&part.as_bytes()[2..]);
        } else {
            text.push(b'%');
            text.extend(part.as_bytes());
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn size(value: &Value) -> usize {
    match value {
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn what_is_no_component_is_written_in_place() {
        let to = |place: &str| json!({"$ref": place});
        let mut root = json!({
            "paths": {"/a": to("#/paths/~1b~1%7Bc%7D"), "/b/{c}": {"get": to("#/components/schemas/A")}},
            "components": {"schemas": {
                "A": {"properties": {"n": {"type": "string"}, "o": to("#/components/schemas/A/properties/n")}},
                "B": {"example": to("#/paths"), "p": to("#/nowhere"), "q": to("other.yaml#/A")},
            }},
        });
        super::write_out(&mut root);
        assert_eq!(root["paths"]["/a"], root["paths"]["/b/{c}"]);
        assert_eq!(root["paths"]["/a"]["get"], to("#/components/schemas/A"));
        let schemas = &root["components"]["schemas"];
        assert_eq!(schemas["A"]["properties"]["o"], json!({"type": "string"}));
        assert_eq!(
            schemas["B"],
            json!({"example": to("#/paths"), "p": to("#/nowhere"), "q": to("other.yaml#/A")})
        );
    }
}
