//! The headers of responses, written out, without those that the layer reads.

use std::collections::BTreeSet;

use openapiv3::{Components, OpenAPI, ReferenceOr, Response};

use super::operations::is_token;
use super::walk;

/// Says of a header that it is exploded, which the model can't tell; `read` writes it down.
pub(crate) const EXPLODE: &str = "x-explode";

/// Leaves each response of success the headers that a client reads itself, in place of references to them.
///
/// A header that says `x-read-by: layer` is one that the layer reads: `Retry-After`, the ids.
pub(super) fn write_out(model: &mut OpenAPI) {
    let Some(mut components) = model.components.take() else { return };
    let headers =
        Components { headers: std::mem::take(&mut components.headers), ..Components::default() };
    let mut referred: BTreeSet<String> = BTreeSet::new();
    for operation in walk::operations_mut(model) {
        for response in operation.responses.responses.values_mut() {
            match response {
                ReferenceOr::Item(response) => own(&headers, response),
                ReferenceOr::Reference { reference } => {
                    let name = reference.strip_prefix("#/components/responses/");
                    referred.extend(name.map(str::to_owned));
                }
            }
        }
    }
    for (name, response) in &mut components.responses {
        if let ReferenceOr::Item(response) = response {
            if referred.contains(name) {
                own(&headers, response);
            } else {
                // One of a failure, or of nothing.
                response.headers.clear();
            }
        }
    }
    components.headers = headers.headers;
    model.components = Some(components);
}

fn own(components: &Components, response: &mut Response) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let written = std::mem::take(&mut response.headers);
    for (name, header) in written {
        let Some(header) = walk::header(components, &header) else { continue };
        let lower = name.to_lowercase();
        let is_of_layer = header.extensions.get("x-read-by").is_some_and(|by| by == "layer");
        let is_name = is_token(&name);
        // OpenAPI ignores it here.
        if is_name && !is_of_layer && lower != "content-type" && seen.insert(lower) {
            response.headers.insert(name, ReferenceOr::Item(header.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::json;

    #[test]
    fn a_response_has_the_headers_that_a_client_reads() {
        let text = json!({"schema": {"type": "string"}});
        let to = |name: &str| json!({"$ref": format!("#/components/headers/{name}")});
        let headers = json!({
            "X-Own": text, "X-Shared": to("Shared"), "X-Id": to("Id"), "x-own": text, "Content-Type": text,
            "X-Lost": to("Lost"), "Not a name": text,
        });
        let response = json!({"description": "d", "headers": headers});
        let mut model = model(&json!({
            "paths": {"/a": {"get": {"responses": {
                "200": response, "201": {"$ref": "#/components/responses/Done"},
            }}}},
            "components": {
                "responses": {"Done": response, "Failed": response},
                "headers": {
                    "Shared": {"$ref": "#/components/headers/Same"}, "Same": text,
                    "Id": {"x-read-by": "layer", "schema": {"type": "string"}},
                },
            },
        }));
        super::write_out(&mut model);
        let json = json(&model);
        let own = &json["paths"]["/a"]["get"]["responses"]["200"]["headers"];
        assert_eq!(own.as_object().unwrap().keys().collect::<Vec<_>>(), ["X-Own", "X-Shared"]);
        assert_eq!(own["X-Shared"]["schema"], json!({"type": "string"}));
        let responses = &json["components"]["responses"];
        assert_eq!(responses["Done"]["headers"], *own);
        assert_eq!(responses["Failed"].get("headers"), None);
    }
}
