//! The schemas of a document, as far as members and types are asked for.

use serde_json::Value as Json;

/// The schemas of a document.
#[derive(Clone, Copy)]
pub(super) struct Schemas<'a>(pub(super) &'a Json);

/// References and compositions are followed this far; documents are checked for cycles elsewhere.
const FARTHEST: usize = 32;

impl<'a> Schemas<'a> {
    /// The schema that a reference leads to.
    pub(super) fn resolved(self, mut schema: &'a Json) -> &'a Json {
        for _ in 0..FARTHEST {
            let target = schema["$ref"]
                .as_str()
                .and_then(|reference| self.0.pointer(reference.strip_prefix('#')?));
            match target {
                Some(target) => schema = target,
                None => break,
            }
        }
        schema
    }

    /// The schema and all that it is composed of.
    fn parts(self, schema: &'a Json) -> Vec<&'a Json> {
        let mut parts = vec![self.resolved(schema)];
        let mut at = 0;
        while at < parts.len() && parts.len() < FARTHEST {
            for key in ["allOf", "anyOf", "oneOf"] {
                let alternatives = parts[at][key].as_array().into_iter().flatten();
                let more: Vec<&Json> = alternatives.map(|one| self.resolved(one)).collect();
                parts.extend(more);
            }
            at += 1;
        }
        parts
    }

    /// The member `name`.
    pub(super) fn member(self, schema: &'a Json, name: &str) -> Option<&'a Json> {
        let parts = self.parts(schema);
        parts
            .into_iter()
            .find_map(|part| part["properties"].get(name))
    }

    /// The member that is called `name` but for its case: the name and the schema.
    pub(super) fn member_of_any_case(
        self,
        schema: &'a Json,
        name: &str,
    ) -> Option<(&'a str, &'a Json)> {
        self.members(schema)
            .into_iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
    }

    /// All members.
    pub(super) fn members(self, schema: &'a Json) -> Vec<(&'a str, &'a Json)> {
        let parts = self.parts(schema).into_iter();
        let members = parts.filter_map(|part| part["properties"].as_object());
        members
            .flatten()
            .map(|(name, schema)| (name.as_str(), schema))
            .collect()
    }

    /// Whether members of any name are allowed for.
    pub(super) fn is_open(self, schema: &'a Json) -> bool {
        let parts = self.parts(schema);
        let says = |part: &&Json| {
            part["additionalProperties"].is_object() || part["additionalProperties"] == true
        };
        parts.iter().any(says) || parts.iter().all(|part| part["properties"].is_null())
    }

    /// What a list's items are.
    pub(super) fn items(self, schema: &'a Json) -> Option<&'a Json> {
        let parts = self.parts(schema);
        parts.into_iter().find_map(|part| part.get("items"))
    }

    /// The type, where there is one.
    pub(super) fn of_type(self, schema: &'a Json) -> Option<&'a str> {
        let parts = self.parts(schema);
        parts.into_iter().find_map(|part| part["type"].as_str())
    }

    /// The values that are listed.
    pub(super) fn values(self, schema: &'a Json) -> Option<Vec<&'a str>> {
        let parts = self.parts(schema);
        let list = parts.into_iter().find_map(|part| part["enum"].as_array())?;
        Some(list.iter().filter_map(Json::as_str).collect())
    }

    /// Whether a member has to be there.
    pub(super) fn requires(self, schema: &'a Json, name: &str) -> bool {
        let parts = self.parts(schema).into_iter();
        let mut lists = parts.filter_map(|part| part["required"].as_array());
        lists.any(|list| list.iter().any(|one| one == name))
    }

    /// A member of that name in any case, however deep.
    pub(super) fn anywhere(self, schema: &'a Json, name: &str) -> Option<&'a Json> {
        let mut seen: Vec<&Json> = Vec::new();
        let mut next = vec![schema];
        while let Some(schema) = next.pop() {
            let schema = self.resolved(schema);
            if seen.iter().any(|other| std::ptr::eq(*other, schema)) || seen.len() > 500 {
                continue;
            }
            seen.push(schema);
            if let Some((_, found)) = self.member_of_any_case(schema, name) {
                return Some(found);
            }
            next.extend(self.members(schema).into_iter().map(|(_, member)| member));
            next.extend(self.items(schema));
        }
        None
    }
}

/// The JSON type that a page's word for a type stands for; none where the word is a name of its own.
pub(super) fn type_of(word: &str) -> Option<&'static str> {
    let word = word.trim().to_ascii_lowercase();
    let first = word.split([' ', '<', '{', '(']).next().unwrap_or_default();
    if word.starts_with("array of") || word.ends_with("[]") || first == "array" || first == "list" {
        return Some("array");
    }
    if word.starts_with("map[") || first == "object" {
        return Some("object");
    }
    if word.contains(" or ") {
        let all_text = word
            .split(" or ")
            .all(|one| one.starts_with('"') || one.ends_with(" more"));
        return all_text.then_some("string");
    }
    match first {
        "string" | "guid" | "uuid" | "uri" | "url" | "date" | "datetime" | "date-time" | "text" => {
            Some("string")
        }
        "int" | "integer" | "int32" | "int64" | "long" => Some("integer"),
        "number" | "float" | "double" | "decimal" => Some("number"),
        "bool" | "boolean" | "true" | "false" => Some("boolean"),
        _ if first.starts_with('"') => Some("string"),
        _ => None,
    }
}

/// Whether the page's word for a type can mean the document's type.
pub(super) fn same_type(word: &str, of_type: &str) -> bool {
    type_of(word).is_none_or(|meant| meant == of_type)
}
