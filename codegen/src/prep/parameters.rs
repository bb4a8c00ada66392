use openapiv3::{OpenAPI, Parameter, ReferenceOr};

use super::walk;

/// Drops the parameters that the layer supplies from the operations: they are no arguments.
pub(super) fn drop_supplied(model: &mut OpenAPI) {
    let components = model.components.clone().unwrap_or_default();
    let is_argument = |parameter: &ReferenceOr<Parameter>| {
        let parameter = match parameter {
            ReferenceOr::Item(parameter) => Some(parameter),
            ReferenceOr::Reference { reference } => reference
                .strip_prefix("#/components/parameters/")
                .and_then(|name| components.parameters.get(name)?.as_item()),
        };
        !parameter.is_some_and(is_supplied)
    };
    for item in walk::items_mut(model) {
        item.parameters.retain(is_argument);
        for (_, operation) in walk::slots(item) {
            if let Some(operation) = operation {
                operation.parameters.retain(is_argument);
            }
        }
    }
}

fn is_supplied(parameter: &Parameter) -> bool {
    parameter
        .parameter_data_ref()
        .extensions
        .get("x-supplied-by")
        .is_some_and(|by| by == "layer")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::json;

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
