//! The credentials that an operation takes, as places in a request: the layer knows no scheme by its name.

use openapiv3::{
    APIKeyLocation, Components, OpenAPI, Operation, Parameter, ReferenceOr, SecurityRequirement,
    SecurityScheme,
};
use serde_json::{Value, json};

use super::operations::{LeftOut, Why};
use super::walk;

/// Says of an operation what it takes, where not all take the same: alternatives, each with all that goes together, as
/// the word of `crate::slot::Slot` and the name.
pub(crate) const EXTENSION: &str = "x-takes";

/// Gives each operation what it takes where not all take the same, takes away the parameters that are credentials, and
/// leaves out the operations that take none that the document describes.
pub(super) fn choose(model: &mut OpenAPI) -> Vec<LeftOut> {
    let components = std::mem::take(&mut model.components).unwrap_or_default();
    let shared = model.security.take().unwrap_or_default();
    let of_all = alternatives(&components, &shared);
    let mut left_out = Vec::new();
    // Where one of them takes something else, a client may have what the others don't take.
    let mut is_mixed = false;
    for (path, item) in &mut model.paths.paths {
        let ReferenceOr::Item(item) = item else { continue };
        for (method, slot) in walk::slots(item) {
            let Some(operation) = slot else { continue };
            operation.extensions.shift_remove(EXTENSION);
            let own = operation.security.take();
            let takes = own.as_ref().map(|own| alternatives(&components, own));
            let goes_without =
                takes.as_ref().is_some_and(|it| it.as_ref().is_ok_and(Vec::is_empty));
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
            is_mixed |= goes_without || Some(&takes) != of_all.as_ref().ok();
            operation.extensions.insert(EXTENSION.to_owned(), json!(takes));
        }
    }
    model.components = Some(components);
    if !is_mixed {
        // All take the same, which is what the client has.
        for operation in walk::operations_mut(model) {
            operation.extensions.shift_remove(EXTENSION);
        }
    }
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
    Some(match walk::security_scheme(components, name)? {
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
        let shared = json!([[["Header", "key"]], [["Query", "q"], ["Scheme", "bearer"]]]);
        assert_eq!((takes("/a"), takes("/b")), (Some(shared.clone()), Some(shared)));
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

    #[test]
    fn operations_that_take_the_same_take_what_the_client_has() {
        let mut model = document(&[
            ("/a", Value::Null),
            ("/b", json!([{"key": []}, {"oauth": [], "query": []}])),
        ]);
        assert!(choose(&mut model).is_empty());
        let json = super::super::testing::json(&model);
        assert!(
            ["/a", "/b"].iter().all(|path| json["paths"][path]["get"].get(EXTENSION).is_none())
        );
    }

    #[test]
    fn without_a_word_for_all_each_operation_has_its_own() {
        let takes = |security: &[(&str, Value)]| {
            let mut model = document(security);
            model.security = None;
            choose(&mut model);
            let json = super::super::testing::json(&model);
            ["/a", "/b"].map(|path| json["paths"][path]["get"].get(EXTENSION).cloned())
        };
        // It says of none that it takes something.
        assert_eq!(takes(&[("/a", Value::Null), ("/b", Value::Null)]), [None, None]);
        let none = Some(json!([]));
        assert_eq!(takes(&[("/a", json!([])), ("/b", json!([]))]), [none.clone(), none.clone()]);
        let key = Some(json!([[["Header", "key"]]]));
        assert_eq!(takes(&[("/a", Value::Null), ("/b", json!([{"key": []}]))]), [none, key]);
    }
}
