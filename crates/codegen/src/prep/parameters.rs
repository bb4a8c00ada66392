use std::collections::HashMap;

use openapiv3::{
    OpenAPI, Parameter, ParameterSchemaOrContent, ReferenceOr, Schema, SchemaKind, Type,
};

use super::walk;

/// Drops the parameters that the layer supplies from the operations: they are no arguments.
pub(super) fn drop_supplied(model: &mut OpenAPI) {
    let components = std::mem::take(&mut model.components).unwrap_or_default();
    let is_argument = |parameter: &ReferenceOr<Parameter>| {
        !walk::parameter(&components, parameter).is_some_and(is_supplied)
    };
    for item in walk::items_mut(model) {
        item.parameters.retain(is_argument);
        for (_, operation) in walk::slots(item) {
            if let Some(operation) = operation {
                operation.parameters.retain(is_argument);
            }
        }
    }
    model.components = Some(components);
}

/// Writes a component that is text, a number, a flag or a list of these in place of a parameter's reference
/// to it: as a type of its own it would have no text. An enum has one.
pub(super) fn write_out(model: &mut OpenAPI) {
    let schemas = model.components.iter().flat_map(|components| &components.schemas);
    let schemas: HashMap<String, ReferenceOr<Schema>> = schemas
        .filter(|(_, schema)| is_plain(schema) || schema.as_item().is_none())
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    let in_place = |schema: &mut ReferenceOr<Schema>| {
        // A reference to a reference, as far as it goes.
        for _ in 0..schemas.len() {
            let ReferenceOr::Reference { reference } = &*schema else {
                return;
            };
            let target = walk::schema_name(reference).and_then(|name| schemas.get(name));
            match target {
                Some(target) if is_plain(target) => *schema = target.clone(),
                _ => return,
            }
        }
    };
    if let Some(components) = &mut model.components {
        for parameter in components.parameters.values_mut() {
            plain(parameter, &in_place);
        }
    }
    for item in walk::items_mut(model) {
        for parameter in &mut item.parameters {
            plain(parameter, &in_place);
        }
    }
    for operation in walk::operations_mut(model) {
        for parameter in &mut operation.parameters {
            plain(parameter, &in_place);
        }
    }
}

fn plain(parameter: &mut ReferenceOr<Parameter>, in_place: &dyn Fn(&mut ReferenceOr<Schema>)) {
    let ReferenceOr::Item(parameter) = parameter else {
        return;
    };
    let ParameterSchemaOrContent::Schema(schema) = &mut walk::data_mut(parameter).format else {
        return;
    };
    in_place(schema);
    if let ReferenceOr::Item(schema) = schema
        && let SchemaKind::Type(Type::Array(array)) = &mut schema.schema_kind
        && let Some(items) = array.items.take()
    {
        let mut items = items.unbox();
        in_place(&mut items);
        array.items = Some(match items {
            ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
            ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
        });
    }
}

fn is_plain(schema: &ReferenceOr<Schema>) -> bool {
    match schema.as_item().map(|schema| &schema.schema_kind) {
        None => true,
        Some(SchemaKind::Type(Type::String(string))) => string.enumeration.is_empty(),
        Some(SchemaKind::Type(kind)) => !matches!(kind, Type::Object(_)),
        Some(_) => false,
    }
}

fn is_supplied(parameter: &Parameter) -> bool {
    parameter.parameter_data_ref().extensions.get("x-supplied-by").is_some_and(|by| by == "layer")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::json;

    #[test]
    fn plain_components_stand_in_place() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let parameter =
            |name: &str| json!({"name": name, "in": "query", "schema": reference(name)});
        let mut model = model(&json!({
            "paths": {"/a": {"get": {"responses": {}, "parameters": [
                parameter("Ids"), parameter("Kind"), parameter("Other"),
            ]}}},
            "components": {"schemas": {
                "Id": {"type": "string"}, "Ids": {"type": "array", "items": reference("Id")},
                "Kind": {"type": "string", "enum": ["a"]}, "Other": reference("Id"),
            }},
        }));
        super::write_out(&mut model);
        let parameters = &json(&model)["paths"]["/a"]["get"]["parameters"];
        assert_eq!(parameters[0]["schema"], json!({"type": "array", "items": {"type": "string"}}));
        assert_eq!(parameters[1]["schema"], reference("Kind"));
        assert_eq!(parameters[2]["schema"], json!({"type": "string"}));
    }

    #[test]
    fn supplied_headers_are_no_arguments() {
        let mut model = model(&json!({
            "paths": {"/a": {"get": {"responses": {}, "parameters": [
                {"name": "q", "in": "query", "schema": {}},
                {"$ref": "#/components/parameters/Id"},
            ]}, "parameters": [{"$ref": "#/components/parameters/Id"}]}},
            "components": {"parameters": {"Id": {
                "name": "Id", "in": "header", "schema": {}, "x-supplied-by": "layer",
            }}},
        }));
        super::drop_supplied(&mut model);
        let parameters = &json(&model)["paths"]["/a"]["get"]["parameters"];
        assert_eq!(parameters.as_array().unwrap().len(), 1);
        assert_eq!(parameters[0]["name"], "q");
        assert_eq!(json(&model)["paths"]["/a"].get("parameters"), None);
    }
}
