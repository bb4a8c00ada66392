//! What a request may write to a record.

use serde_json::Value;

use super::errors::backend;
use super::family;
use crate::request::Request;
use crate::response::Response;

/// Members that are the service's own to set.
const READ_ONLY: [&str; 7] =
    ["age", "created", "createdBy", "cryptedId", "lastModified", "modifiedBy", "title"];

/// The members that a request writes to `record`; a key that stays the same isn't one of them.
pub(super) fn written<'a>(
    request: &'a Request,
    record: &Value,
) -> Result<Vec<(&'a String, &'a Value)>, Response> {
    family::admit(request)?;
    let members = request.json.as_object().into_iter().flatten();
    let is_same = |(name, value): &(&String, &Value)| {
        matches!(name.as_str(), "PKey" | "href") && record.get(name) == Some(*value)
    };
    let written: Vec<_> = members.filter(|member| !is_same(member)).collect();
    for (name, _) in &written {
        match name.as_str() {
            "PKey" | "href" => {
                return Err(backend("RST-360012 The key of the resource cannot be changed."));
            }
            name if READ_ONLY.contains(&name) => {
                let text = format!("The attribute {name} is read-only and not valid here.");
                return Err(backend(&text));
            }
            _ => {}
        }
    }
    Ok(written)
}

/// Refuses a second record with the same value of a member that identifies it.
pub(super) fn unique<'a>(
    mut others: impl Iterator<Item = &'a Value>,
    request: &Request,
    member: &str,
) -> Result<(), Response> {
    let value = request.json[member].as_str().unwrap_or_default();
    if !value.is_empty() && others.any(|other| other[member] == value) {
        return Err(duplicate());
    }
    Ok(())
}

pub(super) fn duplicate() -> Response {
    backend("PGS-220000 duplicate key value violates unique constraint.")
}

/// The name of a record for people, which follows its label.
pub(super) fn title(record: &Value) -> Value {
    let text = |name: &str| record[name].as_str().unwrap_or_default();
    format!("{} ({})", text("label"), text("name")).into()
}
