//! The credentials that an operation takes, as places in a request: the layer knows no scheme by its name.

use openapiv3::{
    APIKeyLocation, Components, OpenAPI, Operation, Parameter, ReferenceOr, SecurityRequirement,
    SecurityScheme,
};
use serde_json::{Value, json};

use super::operations::{LeftOut, Why};
use super::walk;

/// Says of an operation what it takes, where that isn't what all others take: alternatives, each with all that goes
/// together, as the word of `crate::slot::Slot` and the name.
pub(crate) const EXTENSION: &str = "x-takes";

/// Gives each operation what it takes where that differs from the document's, takes away the parameters that are
/// credentials, and leaves out the operations that take none that the document describes.
pub(super) fn choose(model: &mut OpenAPI) -> Vec<LeftOut> {
    let components = std::mem::take(&mut model.components).unwrap_or_default();
    let shared = model.security.take().unwrap_or_default();
    let of_all = alternatives(&components, &shared);
    let mut left_out = Vec::new();
    for (path, item) in &mut model.paths.paths {
        let ReferenceOr::Item(item) = item else { continue };
        for (method, slot) in walk::slots(item) {
            let Some(operation) = slot else { continue };
            operation.extensions.shift_remove(EXTENSION);
            let own = operation.security.take();
            let takes = own.as_ref().map(|own| alternatives(&components, own));
            let takes = match takes.unwrap_or_else(|| of_all.clone()) {
                Ok(takes) => takes,
                Err(name) => {
                    let why = Why::NoCredential(name);
                    left_out.push(LeftOut { path: path.clone(), method: Some(method), why });
                    *slot = None;
                    continue;
                }
            };
            drop_credentials(&components, operation, &takes);
            if Some(&takes) != of_all.as_ref().ok() {
                operation.extensions.insert(EXTENSION.to_owned(), json!(takes));
            }
        }
    }
    model.components = Some(components);
    left_out
}

/// A part of a credential: the word for its place, and its name there.
type Part = (&'static str, String);

/// What is taken, without what names a scheme that isn't there.
///
/// # Errors
/// Such a name, where nothing else is taken.
fn alternatives(
    components: &Components,
    written: &[SecurityRequirement],
) -> Result<Vec<Vec<Part>>, String> {
    let mut unknown = None;
    let mut takes: Vec<Vec<Part>> = Vec::new();
    for together in written {
        let parts: Result<Vec<Part>, &String> =
            together.keys().map(|name| part(components, name).ok_or(name)).collect();
        match parts {
            Ok(mut parts) => {
                parts.sort_unstable();
                parts.dedup();
                if !takes.contains(&parts) {
                    takes.push(parts);
                }
            }
            Err(name) => unknown = Some(name),
        }
    }
    match unknown {
        Some(name) if takes.is_empty() => Err(name.clone()),
        _ => Ok(takes),
    }
}

fn part(components: &Components, name: &str) -> Option<Part> {
    let mut scheme = components.security_schemes.get(name)?;
    // References in a circle lead nowhere.
    for _ in 0..components.security_schemes.len() {
        let ReferenceOr::Reference { reference } = scheme else { break };
        let name = reference.strip_prefix("#/components/securitySchemes/")?;
        scheme = components.security_schemes.get(name)?;
    }
    Some(match scheme.as_item()? {
        SecurityScheme::APIKey { location, name, .. } => match location {
            APIKeyLocation::Header => ("Header", name.to_lowercase()),
            APIKeyLocation::Query => ("Query", name.clone()),
            APIKeyLocation::Cookie => ("Cookie", name.clone()),
        },
        SecurityScheme::HTTP { scheme, .. } => ("Scheme", scheme.to_lowercase()),
        // Whoever signs in, it ends with a token.
        SecurityScheme::OAuth2 { .. } | SecurityScheme::OpenIDConnect { .. } => {
            ("Scheme", "bearer".to_owned())
        }
    })
}

/// A key that is described as a parameter as well is the layer's to send.
fn drop_credentials(components: &Components, operation: &mut Operation, takes: &[Vec<Part>]) {
    let is_key = |place: &str, name: &str| {
        takes.iter().flatten().any(|(of, key)| match (*of, place) {
            ("Header", "header") => key.eq_ignore_ascii_case(name),
            ("Query", "query") | ("Cookie", "cookie") => key == name,
            _ => false,
        })
    };
    operation.parameters.retain(|parameter: &ReferenceOr<Parameter>| {
        walk::parameter(components, parameter)
            .is_none_or(|it| !is_key(walk::place_of(it), &it.parameter_data_ref().name))
    });
}

/// What an operation was given by [`choose`].
pub(crate) fn takes(operation: &Operation) -> Option<Vec<Vec<(String, String)>>> {
    let written: &Value = operation.extensions.get(EXTENSION)?;
    serde_json::from_value(written.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::model;
    use super::*;

    fn document(security: &[(&str, Value)]) -> OpenAPI {
        let paths = security.iter().map(|(path, own)| {
            let mut operation = json!({"responses": {}, "x-takes": "forged", "parameters": [
                {"name": "KEY", "in": "header", "schema": {}},
                {"name": "q", "in": "query", "schema": {}},
                {"$ref": "#/components/parameters/Sid"},
            ]});
            if !own.is_null() {
                operation["security"] = own.clone();
            }
            ((*path).to_owned(), json!({"get": operation}))
        });
        model(&json!({
            "security": [{"key": []}, {"token": [], "query": []}],
            "paths": Value::Object(paths.collect()),
            "components": {
                "securitySchemes": {
                    "key": {"type": "apiKey", "in": "header", "name": "Key"},
                    "query": {"type": "apiKey", "in": "query", "name": "q"},
                    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
                    "token": {"type": "http", "scheme": "Bearer"},
                    "oauth": {"type": "oauth2", "flows": {}},
                    "same": {"$ref": "#/components/securitySchemes/cookie"},
                },
                "parameters": {"Sid": {"name": "sid", "in": "cookie", "schema": {}}},
            },
        }))
    }

    #[test]
    fn an_operation_has_what_it_takes_where_others_take_something_else() {
        let mut model = document(&[
            ("/a", Value::Null),
            ("/b", json!([{"key": []}, {"oauth": ["read"], "query": []}])),
            ("/c", json!([])),
            ("/d", json!([{"same": []}, {}, {"lost": []}])),
            ("/e", json!([{"lost": []}])),
        ]);
        let left_out = choose(&mut model);
        assert_eq!(left_out.len(), 1);
        assert_eq!(left_out[0].path, "/e");
        assert_eq!(left_out[0].why, Why::NoCredential("lost".to_owned()));
        let json = super::super::testing::json(&model);
        let takes = |path: &str| json["paths"][path]["get"].get(EXTENSION).cloned();
        assert_eq!((takes("/a"), takes("/b")), (None, None));
        assert_eq!(takes("/c"), Some(json!([])));
        assert_eq!(takes("/d"), Some(json!([[["Cookie", "sid"]], []])));
        let left = |path: &str| {
            let parameters = json["paths"][path]["get"]["parameters"].as_array().unwrap();
            parameters.iter().map(|it| it["name"].as_str().unwrap_or("sid")).collect::<Vec<_>>()
        };
        assert_eq!(left("/a"), ["sid"]);
        assert_eq!(left("/c"), ["KEY", "q", "sid"]);
        assert_eq!(left("/d"), ["KEY", "q"]);
    }
}
