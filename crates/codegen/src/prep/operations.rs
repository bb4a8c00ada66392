//! Operations by themselves: with their parameters, bodies and responses written out, or left out with a reason.

use std::collections::BTreeSet;

use openapiv3::{
    OpenAPI, Operation, Parameter, ParameterData, QueryStyle, ReferenceOr, StatusCode,
};

use super::walk;

/// An operation that isn't generated, or all those of a path.
pub(crate) struct LeftOut {
    pub(crate) path: String,
    /// In lower case; none where it is the path.
    pub(crate) method: Option<&'static str>,
    pub(crate) why: Why,
}

/// Headers that are no parameters: OpenAPI has other places for the first three, and the others frame the request.
const NO_PARAMETERS: [&str; 7] = [
    "accept",
    "authorization",
    "content-type",
    "connection",
    "content-length",
    "host",
    "transfer-encoding",
];

/// Gives each operation the parameters of its path, before which its own go.
pub(super) fn have_own_parameters(model: &mut OpenAPI) {
    // Without a copy: a large document has large components.
    let components = std::mem::take(&mut model.components).unwrap_or_default();
    let known = |parameter: &ReferenceOr<Parameter>| {
        let parameter = walk::parameter(&components, parameter)?;
        Some((walk::place_of(parameter), parameter.parameter_data_ref().name.clone()))
    };
    for item in walk::items_mut(model) {
        let shared = std::mem::take(&mut item.parameters);
        for (_, operation) in walk::slots(item) {
            let Some(operation) = operation else { continue };
            let all = operation.parameters.drain(..).chain(shared.iter().cloned());
            let mut seen = Vec::new();
            let own = all.filter(|parameter| {
                let name = known(parameter);
                let is_ignored = name.as_ref().is_some_and(|(place, name)| {
                    let name = name.to_lowercase();
                    *place == "header" && NO_PARAMETERS.contains(&name.as_str())
                });
                let is_new = name.is_none() || !seen.contains(&name);
                seen.push(name);
                is_new && !is_ignored
            });
            operation.parameters = own.collect();
        }
    }
    model.components = Some(components);
}

/// Makes parameters of the query of those that a path has in its query.
pub(super) fn have_their_queries(model: &mut OpenAPI) {
    let components = std::mem::take(&mut model.components).unwrap_or_default();
    for (path, item) in &mut model.paths.paths {
        let ReferenceOr::Item(item) = item else { continue };
        for (_, operation) in walk::slots(item) {
            let Some(operation) = operation else { continue };
            for (name, parameter) in walk::pairs(path) {
                let place_of = |wanted: &str, places: &[&str]| {
                    operation.parameters.iter().position(|it| {
                        walk::parameter(&components, it).is_some_and(|it| {
                            places.contains(&walk::place_of(it))
                                && it.parameter_data_ref().name == wanted
                        })
                    })
                };
                if place_of(name, &["query"]).is_some() {
                    continue;
                }
                let Some(found) = place_of(parameter, &["path", "query"]) else { continue };
                let Some(found) = operation.parameters.get_mut(found) else { continue };
                let Some(known) = walk::parameter(&components, found) else { continue };
                let data = known.parameter_data_ref().clone();
                *found = ReferenceOr::Item(Parameter::Query {
                    parameter_data: ParameterData { name: name.to_owned(), ..data },
                    allow_reserved: false,
                    style: QueryStyle::Form,
                    allow_empty_value: None,
                });
            }
        }
    }
    model.components = Some(components);
}

/// Writes what operations refer to in its place.
pub(super) fn write_out(model: &mut OpenAPI) {
    let components = std::mem::take(&mut model.components).unwrap_or_default();
    for operation in walk::operations_mut(model) {
        for parameter in &mut operation.parameters {
            if let Some(found) = walk::parameter(&components, parameter) {
                *parameter = ReferenceOr::Item(found.clone());
            }
        }
        if let Some(body) = &mut operation.request_body
            && let Some(found) = walk::request_body(&components, body)
        {
            *body = ReferenceOr::Item(found.clone());
        }
        for response in operation.responses.responses.values_mut() {
            if let Some(found) = walk::response(&components, response) {
                *response = ReferenceOr::Item(found.clone());
            }
        }
    }
    model.components = Some(components);
}

/// Takes out the operations that no client of this kind can have.
pub(super) fn leave_out(model: &mut OpenAPI) -> Vec<LeftOut> {
    let mut left_out = Vec::new();
    for (path, item) in &mut model.paths.paths {
        let item = match item {
            ReferenceOr::Item(item) => item,
            ReferenceOr::Reference { reference } => {
                let why = Why::Elsewhere(reference.clone());
                left_out.push(LeftOut { path: path.clone(), method: None, why });
                continue;
            }
        };
        for (method, slot) in walk::slots(item) {
            let Some(operation) = slot else { continue };
            if let Some(why) = why(path, operation) {
                left_out.push(LeftOut { path: path.clone(), method: Some(method), why });
                *slot = None;
            }
        }
    }
    left_out
}

/// Takes out an operation that was found wanting later.
pub(crate) fn take_out(model: &mut OpenAPI, path: &str, method: &str) {
    if let Some(ReferenceOr::Item(item)) = model.paths.paths.get_mut(path) {
        let mut slots = walk::slots(item).into_iter();
        if let Some((_, slot)) = slots.find(|(of, _)| *of == method) {
            *slot = None;
        }
    }
}

/// Why an operation is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Elsewhere(String),
    Unresolved,
    Switches,
    Redirects,
    NoHeader(String),
    Undescribed(String),
    Twice(String),
    InQuery,
    NoCredential(String),
    /// In the words of what there can't be.
    Paging(String),
}

impl Why {
    /// One of each, for the page about them.
    pub(crate) fn all() -> [Self; 10] {
        let name = || "name".to_owned();
        [
            Self::Elsewhere(name()),
            Self::Unresolved,
            Self::Switches,
            Self::Redirects,
            Self::NoHeader(name()),
            Self::Undescribed(name()),
            Self::Twice(name()),
            Self::InQuery,
            Self::NoCredential(name()),
            Self::Paging("it has no such list".to_owned()),
        ]
    }

    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Elsewhere(reference) => {
                format!("its path refers to `{reference}`, which isn't in the document")
            }
            Self::Unresolved => "it refers to a component that isn't there".to_owned(),
            Self::Switches => "it switches to another protocol, which the layer doesn't".to_owned(),
            Self::Redirects => {
                "it responds with a redirect and nothing else, and redirects aren't followed"
                    .to_owned()
            }
            Self::NoHeader(name) => format!("its parameter `{name}` can't be the name of a header"),
            Self::Undescribed(name) => {
                format!("its path has `{{{name}}}`, which no parameter describes")
            }
            Self::Twice(name) => format!("its path has `{{{name}}}` twice"),
            Self::InQuery => "its path has a parameter within a pair of its query".to_owned(),
            Self::NoCredential(name) => {
                format!(
                    "it takes the credential `{name}` alone, which the document doesn't describe"
                )
            }
            Self::Paging(reason) => format!("its `x-paging` doesn't fit: {reason}"),
        }
    }

    pub(crate) fn instead(&self) -> &'static str {
        match self {
            Self::Elsewhere(_) => "write the path's operations in its place",
            Self::Unresolved => "add the component",
            Self::Switches => "leave the operation out",
            Self::Redirects => "declare the success, where there is one",
            Self::NoHeader(_) => "a name of letters, digits and hyphens",
            Self::Undescribed(_) => "describe it under `parameters`, with `in: path`",
            Self::Twice(_) => "two names",
            Self::InQuery => "describe it under `parameters`, with `in: query`",
            Self::NoCredential(_) => "describe it under `securitySchemes`",
            Self::Paging(_) => "say what the operation has: see the rule `paging`",
        }
    }
}

fn why(path: &str, operation: &Operation) -> Option<Why> {
    let is_unresolved = operation.parameters.iter().any(|it| it.as_item().is_none())
        || operation.request_body.as_ref().is_some_and(|body| body.as_item().is_none())
        || operation.responses.responses.values().any(|response| response.as_item().is_none());
    if is_unresolved {
        return Some(Why::Unresolved);
    }
    let is = |class: u16| {
        move |status: &StatusCode| match status {
            StatusCode::Code(code) => code / 100 == class,
            StatusCode::Range(range) => *range == class,
        }
    };
    let statuses = || operation.responses.responses.keys();
    if statuses().len() > 0 && !statuses().any(is(2)) {
        return Some(if statuses().any(is(3)) { Why::Redirects } else { Why::Switches });
    }
    let parameters = || operation.parameters.iter().filter_map(ReferenceOr::as_item);
    let mut headers = parameters().filter_map(|parameter| match parameter {
        Parameter::Header { parameter_data, .. } => Some(&parameter_data.name),
        _ => None,
    });
    if let Some(name) = headers.find(|name| !is_token(name)) {
        return Some(Why::NoHeader(name.clone()));
    }
    let is_described = |place: &str, name: &str| {
        let mut parameters = parameters().filter(|it| walk::place_of(it) == place);
        parameters.any(|it| it.parameter_data_ref().name == name)
    };
    let mut pairs = walk::pairs(path);
    if let Some((_, name)) = pairs.find(|(name, _)| !is_described("query", name)) {
        return Some(Why::Undescribed(name.to_owned()));
    }
    let path = walk::without_pairs(path);
    let in_path: Vec<&str> = walk::names_in(&path).collect();
    if let Some(name) = in_path.iter().find(|name| !is_described("path", name)) {
        return Some(Why::Undescribed((*name).to_owned()));
    }
    let mut seen = BTreeSet::new();
    if let Some(name) = in_path.iter().find(|name| !seen.insert(**name)) {
        return Some(Why::Twice((*name).to_owned()));
    }
    let (_, query) = path.split_once(['?', '#'])?;
    query.contains('{').then_some(Why::InQuery)
}

/// Whether a header can have a name.
pub(super) fn is_token(name: &str) -> bool {
    let may_stand = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(may_stand)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::json;

    #[test]
    fn what_frames_a_request_is_no_parameter() {
        let header = |name: &str| json!({"name": name, "in": "header", "schema": {}});
        let mut model = model(&json!({"paths": {"/a": {
            "parameters": [header("Host"), header("User-Agent")],
            "get": {"responses": {}, "parameters": [
                header("Content-Length"), header("transfer-encoding"), header("Connection"),
                header("Accept"), {"name": "host", "in": "query", "schema": {}},
            ]},
        }}}));
        super::have_own_parameters(&mut model);
        let parameters = &json(&model)["paths"]["/a"]["get"]["parameters"];
        let names = parameters.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap());
        assert_eq!(names.collect::<Vec<_>>(), ["host", "User-Agent"]);
    }
}
