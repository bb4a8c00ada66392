//! Named passes that rewrite a document into what progenitor handles well.
//!
//! The YAML stays what its readers and the vendor need; all knowledge of the generator's limits is
//! in these passes.

mod descriptions;
mod names;
mod nulls;
mod objects;
mod parameters;
mod patches;
mod responses;
mod schemas;
pub(crate) mod walk;

pub(crate) use descriptions::rustdoc;
pub use names::{RESERVED_ARGUMENTS, rust_name};
use openapiv3::OpenAPI;

use crate::refusal::Refusal;

/// Runs every pass over `model`, in order.
///
/// # Errors
/// A document that a pass cannot rewrite.
pub fn prepare(model: &mut OpenAPI) -> Result<(), Refusal> {
    // Before all that looks at schemas: they see one form.
    nulls::stand_alone(model);
    parameters::drop_supplied(model);
    parameters::write_out(model);
    // Before the error responses go: their schemas come from vendors too.
    schemas::require_nothing_of_vendors(model);
    responses::drop_errors(model);
    responses::one_success(model)?;
    objects::write_out(model)?;
    names::refuse_collisions(model)?;
    schemas::refuse_alike(model)?;
    schemas::drop_constraints(model);
    schemas::redact_passwords(model);
    schemas::keep_unknown_members(model);
    // After all that changes schemas: it moves them out of the other passes' sight.
    patches::tri_state(model)?;
    descriptions::make_safe(model);
    Ok(())
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
