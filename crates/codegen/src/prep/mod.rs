//! Named passes that rewrite a document into what is generated from it: operations with all that they refer to,
//! and schemas in forms that there is a type for.
//!
//! The YAML stays what its readers and the vendor need; all knowledge of the generator's limits is
//! in these passes.

mod contents;
mod descriptions;
mod forms;
mod headers;
mod integers;
pub(crate) mod names;
mod nulls;
mod operations;
mod parameters;
pub(crate) mod patches;
mod places;
pub(crate) mod refers;
mod responses;
pub(crate) mod schemas;
pub(crate) mod security;
mod sums;
pub(crate) mod walk;

pub(crate) use descriptions::rustdoc;
pub(crate) use headers::EXPLODE;
pub use names::{RESERVED_ARGUMENTS, made_id, rust_name};
use openapiv3::OpenAPI;
pub(crate) use operations::{LeftOut, Why, take_out};

/// Runs every pass over `model`, in order, and says which operations are left out.
pub(crate) fn prepare(model: &mut OpenAPI) -> Vec<LeftOut> {
    // Before all that looks at schemas: they see one form.
    nulls::stand_alone(model);
    operations::have_own_parameters(model);
    operations::have_their_queries(model);
    let mut left_out = security::choose(model);
    parameters::drop_supplied(model);
    parameters::write_out(model);
    // Before the error responses go: their schemas come from vendors too.
    schemas::require_nothing_of_vendors(model);
    responses::drop_errors(model);
    headers::write_out(model);
    contents::fit(model);
    schemas::redact_passwords(model);
    forms::give(model);
    // After what components are made of has its types, which the operations then share.
    operations::write_out(model);
    left_out.extend(operations::leave_out(model));
    // After all that changes schemas: it moves them out of the other passes' sight.
    patches::tri_state(model);
    descriptions::make_safe(model);
    left_out
}

#[cfg(test)]
mod testing {
    use openapiv3::OpenAPI;
    use serde_json::Value;

    /// A model from the parts that a test cares about.
    pub(super) fn model(parts: &Value) -> OpenAPI {
        let mut document = serde_json::json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}
        });
        for (key, value) in parts.as_object().expect("parts are an object") {
            document[key] = value.clone();
        }
        serde_json::from_value(document).expect("the parts make a document")
    }

    /// What a test looks at: the model as JSON.
    pub(super) fn json(model: &OpenAPI) -> Value {
        serde_json::to_value(model).expect("a model is JSON")
    }
}
