use openapiv3::{OpenAPI, StatusCode};

use super::walk::{self, is_success};

/// Drops every response that isn't a success: the layer decodes failures itself, in one place, with
/// status and headers intact.
///
/// Where no success is declared, `default` stands for them. What declares neither keeps its redirects, which say
/// that there is nothing to decode.
pub(super) fn drop_errors(model: &mut OpenAPI) {
    for operation in walk::operations_mut(model) {
        let responses = &mut operation.responses;
        let default = responses.default.take();
        if responses.responses.keys().any(is_success) {
            responses.responses.retain(|status, _| is_success(status));
        } else if let Some(default) = default {
            responses.responses = std::iter::once((StatusCode::Range(2), default)).collect();
        } else {
            let is_failure = |status: &StatusCode| match status {
                StatusCode::Code(code) => *code >= 400,
                StatusCode::Range(range) => *range >= 4,
            };
            responses.responses.retain(|status, _| !is_failure(status));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::{Value, json};

    fn after(responses: &Value) -> Value {
        let operation = json!({"operationId": "getA", "responses": responses});
        let mut model = model(&json!({"paths": {"/a": {"get": operation}}}));
        super::drop_errors(&mut model);
        json(&model)["paths"]["/a"]["get"]["responses"].clone()
    }

    #[test]
    fn only_successes_stay() {
        let it = json!({"description": "d"});
        assert_eq!(
            after(&json!({"200": it, "2XX": it, "404": it, "default": it})),
            json!({"200": it, "2XX": it})
        );
        assert_eq!(after(&json!({"404": it, "default": it})), json!({"2XX": it}));
        assert_eq!(after(&json!({"302": it, "4XX": it})), json!({"302": it}));
    }
}
