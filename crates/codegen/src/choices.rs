//! Choices among objects: the member that tells them apart, and its values.

use std::collections::BTreeSet;

use openapiv3::{Components, ObjectType, ReferenceOr, Schema, SchemaKind, Type};

use crate::prep::walk;

/// What tells the objects of a `oneOf` apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The member's name.
    pub(crate) tag: String,
    /// The components to choose from, each with the values that choose it.
    pub(crate) members: Vec<(String, Vec<String>)>,
}

impl Choice {
    /// None where `schema` isn't a choice among components that are objects, or nothing tells them apart.
    pub(crate) fn of(components: &Components, schema: &Schema) -> Option<Self> {
        let SchemaKind::OneOf { one_of } = &schema.schema_kind else {
            return None;
        };
        let parts = one_of.iter().map(|part| match part {
            ReferenceOr::Reference { reference } => named(components, reference),
            ReferenceOr::Item(_) => None,
        });
        let parts: Vec<(&str, &ObjectType)> = parts.collect::<Option<_>>()?;
        let discriminator = schema.schema_data.discriminator.as_ref();
        let tags: Vec<&str> = match discriminator {
            Some(discriminator) => vec![&discriminator.property_name],
            None => parts.first()?.1.properties.keys().map(String::as_str).collect(),
        };
        tags.into_iter().find_map(|tag| {
            let members = parts.iter().map(|(name, object)| {
                let mapping = discriminator.into_iter().flat_map(|found| &found.mapping);
                let mapped = mapping
                    .filter(|(_, to)| walk::schema_name(to).unwrap_or(to) == *name)
                    .map(|(value, _)| value.clone());
                let mapped: Vec<String> = mapped.collect();
                let values =
                    if mapped.is_empty() { values(components, object, tag) } else { Some(mapped) };
                // Without a mapping, a discriminator chooses by the schema's name.
                let by_name = || discriminator.map(|_| vec![(*name).to_owned()]);
                Some(((*name).to_owned(), values.or_else(by_name)?))
            });
            let members: Vec<(String, Vec<String>)> = members.collect::<Option<_>>()?;
            let mut seen = BTreeSet::new();
            let mut all = members.iter().flat_map(|(_, values)| values);
            all.all(|value| seen.insert(value)).then(|| Self { tag: tag.to_owned(), members })
        })
    }
}

/// The component object that a reference names, and its name.
fn named<'m>(components: &'m Components, reference: &'m str) -> Option<(&'m str, &'m ObjectType)> {
    let name = walk::schema_name(reference)?;
    Some((name, object(components.schemas.get(name)?.as_item()?)?))
}

fn object(schema: &Schema) -> Option<&ObjectType> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => Some(object),
        _ => None,
    }
}

/// The values that an enum gives the member `tag`.
fn values(components: &Components, object: &ObjectType, tag: &str) -> Option<Vec<String>> {
    let schema = match object.properties.get(tag)? {
        ReferenceOr::Item(schema) => schema,
        ReferenceOr::Reference { reference } => {
            let name = walk::schema_name(reference)?;
            components.schemas.get(name)?.as_item()?
        }
    };
    let SchemaKind::Type(Type::String(string)) = &schema.schema_kind else {
        return None;
    };
    let values: Vec<String> = string.enumeration.iter().flatten().cloned().collect();
    (!values.is_empty()).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn choice(kinds: [Value; 2], discriminator: &Value) -> Option<Choice> {
        let object = |kind: Value| json!({"type": "object", "properties": {"kind": kind}});
        let [cat, dog] = kinds.map(object);
        let components = json!({"schemas": {"Cat": cat, "Dog": dog}});
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let mut schema = json!({"oneOf": [reference("Cat"), reference("Dog")]});
        if !discriminator.is_null() {
            schema["discriminator"] = discriminator.clone();
        }
        let components = serde_json::from_value(components).unwrap();
        Choice::of(&components, &serde_json::from_value(schema).unwrap())
    }

    fn values(choice: Option<Choice>) -> Vec<Vec<String>> {
        let members = choice.expect("a choice").members;
        members.into_iter().map(|(_, values)| values).collect()
    }

    #[test]
    fn mappings_enums_and_names_tell_apart() {
        let text = || json!({"type": "string"});
        let one = |value: &str| json!({"type": "string", "enum": [value]});
        let by_kind = json!({"propertyName": "kind"});
        let mapped = json!({"propertyName": "kind", "mapping": {
            "c": "#/components/schemas/Cat", "d": "Dog",
        }});
        assert_eq!(values(choice([text(), text()], &mapped)), [["c"], ["d"]]);
        assert_eq!(values(choice([text(), text()], &by_kind)), [["Cat"], ["Dog"]]);
        assert_eq!(values(choice([one("c"), one("d")], &json!(null))), [["c"], ["d"]]);
    }

    #[test]
    fn equal_values_tell_nothing_apart() {
        let one = || json!({"type": "string", "enum": ["pet"]});
        assert_eq!(choice([one(), one()], &json!(null)), None);
        assert_eq!(choice([json!({}), json!({})], &json!(null)), None);
    }
}
