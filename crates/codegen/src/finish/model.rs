//! The operations as the document has them: what is sent where, and under which rules.

use letterhead_document::Media;
use openapiv3::{
    Encoding, MediaType, OpenAPI, Operation as Described, Parameter, ParameterSchemaOrContent,
    PathStyle, QueryStyle, ReferenceOr, RequestBody, Schema, SchemaKind, Type,
};
use serde_json::Value;

use super::headers::{Header, headers};
use super::received::{Received, json_types, received};
use super::rust_type;
use crate::prep::names::Taken;
use crate::prep::{RESERVED_ARGUMENTS, rust_name, security, walk};

/// The methods of a list's builder, which no argument has the name of.
const LIST_METHODS: [&str; 4] = ["items", "items_from", "pages", "pages_from"];

/// An operation of the document.
pub(super) struct Operation {
    /// Its name in the document, or the one that was made for it.
    pub(super) id: String,
    /// In capitals.
    pub(super) method: String,
    /// The path, its arguments under their names in Rust.
    pub(super) path: String,
    /// Those in the path come first, in its order, and the body last.
    pub(super) arguments: Vec<Argument>,
    pub(super) retried: Retried,
    /// The clouds that offer it; none where the document doesn't say.
    pub(super) clouds: Vec<String>,
    /// The credentials that it takes, each with all that goes together; none where it takes what all take.
    pub(super) takes: Option<Vec<Vec<(String, String)>>>,
    /// The media types of its JSON, where that isn't just JSON.
    pub(super) accepts: Option<String>,
    pub(super) received: Received,
    /// How it goes on from page to page, where it is a list that comes in pages.
    pub(super) paging: Option<Value>,
    /// The headers of its successes that a client reads.
    pub(super) headers: Vec<Header>,
}

/// An argument of an operation.
pub(super) struct Argument {
    /// Its name in Rust.
    pub(super) name: String,
    /// Its name on the wire.
    pub(super) wire: String,
    pub(super) place: Place,
    pub(super) is_required: bool,
    pub(super) description: String,
    pub(super) schema: ReferenceOr<Schema>,
    /// How it is written; none where a scalar or a list is written as most are.
    pub(super) style: Option<Style>,
    /// The bodies to choose from; none where it is no body.
    pub(super) bodies: Vec<Body>,
}

/// How an argument is written that isn't written as most are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// The word of `layer::Form`.
    pub(super) form: &'static str,
    pub(super) explode: bool,
    pub(super) reserved: bool,
}

/// A body of one media type.
pub(super) struct Body {
    pub(super) media_type: String,
    pub(super) media: Media,
    pub(super) schema: ReferenceOr<Schema>,
    /// The members of a form of which the document says how they are written.
    pub(super) styles: Vec<(String, Style)>,
    /// The media types of a form's parts.
    pub(super) media_types: Vec<(String, String)>,
}

/// Where in the request an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Path,
    Query,
    Header,
    Cookie,
    Body,
}

/// When an operation is retried.
#[derive(Clone, Copy)]
pub(super) enum Retried {
    Always,
    SameRequestId,
    Never,
}

/// All operations of the document.
pub(super) fn operations(model: &OpenAPI) -> Vec<Operation> {
    let operations = model.operations();
    operations
        .map(|(path, method, operation)| Operation::of(model, path, method, operation))
        .collect()
}

impl Operation {
    fn of(model: &OpenAPI, path: &str, method: &str, operation: &Described) -> Self {
        let id = operation.operation_id.clone().unwrap_or_default();
        let parameters = operation.parameters.iter().filter_map(ReferenceOr::as_item);
        let mut arguments: Vec<Argument> =
            parameters.filter_map(|it| Argument::of(model, it)).collect();
        let path = walk::without_pairs(path);
        let in_path: Vec<&str> = walk::names_in(&path).collect();
        let order = |argument: &Argument| match argument.place {
            Place::Path => in_path.iter().position(|name| *name == argument.wire),
            _ => Some(in_path.len()),
        };
        // What is declared for the path and isn't in it goes nowhere.
        arguments.retain(|argument| order(argument).is_some());
        // Those behind the path by their names, so that a request doesn't change with the document's order.
        arguments.sort_by_cached_key(|argument| {
            (order(argument), argument.place, argument.wire.clone())
        });
        if let Some(body) = operation.request_body.as_ref().and_then(ReferenceOr::as_item) {
            arguments.extend(Argument::of_body(body));
        }
        let paging = operation.extensions.get("x-paging");
        name_each(&mut arguments, paging.map_or(&[], |_| &LIST_METHODS));
        let clouds = operation.extensions.get("x-clouds");
        let clouds = clouds.and_then(Value::as_array).into_iter().flatten();
        let received = received(model, method, operation);
        let is_json = matches!(received, Received::Value(..) | Received::ByStatus(_));
        Self {
            id,
            method: method.to_uppercase(),
            path: in_rust(&path, &arguments),
            arguments,
            retried: retried(operation, method),
            clouds: clouds.filter_map(Value::as_str).map(str::to_owned).collect(),
            headers: headers(model, operation),
            takes: security::takes(operation),
            paging: paging.cloned(),
            accepts: json_types(operation).filter(|_| is_json),
            received,
        }
    }
}

impl Argument {
    fn of(model: &OpenAPI, parameter: &Parameter) -> Option<Self> {
        let place = match parameter {
            Parameter::Path { .. } => Place::Path,
            Parameter::Query { .. } => Place::Query,
            Parameter::Header { .. } => Place::Header,
            Parameter::Cookie { .. } => Place::Cookie,
        };
        let data = parameter.parameter_data_ref();
        let (schema, is_json) = match &data.format {
            ParameterSchemaOrContent::Schema(schema) => (schema.clone(), false),
            ParameterSchemaOrContent::Content(content) => {
                let (name, media) = content.first()?;
                (media.schema.clone()?, Media::of(name) == Media::Json)
            }
        };
        let style = if is_json {
            Some(Style { form: "Json", explode: false, reserved: false })
        } else {
            style(model, parameter, &schema)
        };
        Some(Self {
            name: rust_name(&data.name),
            wire: data.name.clone(),
            place,
            is_required: data.required || place == Place::Path,
            description: data.description.clone().unwrap_or_default(),
            schema,
            style,
            bodies: Vec::new(),
        })
    }

    /// JSON alone where it is among several media types of one schema; else a choice of them.
    fn of_body(body: &RequestBody) -> Option<Self> {
        let bodies = body.content.iter().filter_map(|(name, media)| Body::of(name, media));
        let mut bodies: Vec<Body> = bodies.collect();
        if let Some(json) = bodies.iter().position(|body| body.media == Media::Json) {
            let schema = bodies[json].schema.clone();
            let first = bodies.remove(json);
            bodies.retain(|body| body.schema != schema);
            bodies.insert(0, first);
        }
        let mut seen: Vec<(Media, ReferenceOr<Schema>)> = Vec::new();
        bodies.retain(|body| {
            let of = (body.media, body.schema.clone());
            let is_new = !seen.contains(&of);
            seen.push(of);
            is_new || body.media == Media::Bytes
        });
        Some(Self {
            name: "body".to_owned(),
            wire: String::new(),
            place: Place::Body,
            is_required: body.required,
            description: body.description.clone().unwrap_or_default(),
            schema: bodies.first()?.schema.clone(),
            style: None,
            bodies,
        })
    }
}

impl Body {
    fn of(name: &str, media: &MediaType) -> Option<Self> {
        let schema = media.schema.clone()?;
        let kind = match Media::of(name) {
            _ if rust_type::is(&schema, "Upload") => Media::Bytes,
            Media::Form if is_string(&schema) => Media::Text,
            kind => kind,
        };
        let of_member = |encoding: &Encoding| {
            let media = encoding.content_type.as_deref().map(Media::of);
            let form = match encoding.style {
                Some(QueryStyle::SpaceDelimited) => "SpaceDelimited",
                Some(QueryStyle::PipeDelimited) => "PipeDelimited",
                Some(QueryStyle::DeepObject) => "DeepObject",
                None if media == Some(Media::Json) => "Json",
                Some(QueryStyle::Form) | None => "Form",
            };
            let explode = encoding.explode || form == "DeepObject";
            Style { form, explode, reserved: encoding.allow_reserved }
        };
        let styles = media.encoding.iter().map(|(name, it)| (name.clone(), of_member(it)));
        let types = media.encoding.iter().filter_map(|(name, it)| {
            // Of several media types the caller's upload says which.
            let first = it.content_type.as_ref()?.split(',').next()?.trim();
            (!first.contains('*')).then(|| (name.clone(), first.to_owned()))
        });
        let concrete = |name: &str, otherwise: &str| {
            if name.contains('*') { otherwise.to_owned() } else { name.to_owned() }
        };
        Some(Self {
            media_type: match kind {
                Media::Json => concrete(name, "application/json"),
                Media::Text => concrete(name, "text/plain"),
                Media::Multipart => concrete(name, "multipart/form-data"),
                _ => concrete(name, "application/octet-stream"),
            },
            media: kind,
            schema,
            styles: styles.collect(),
            media_types: types.collect(),
        })
    }
}

fn is_string(schema: &ReferenceOr<Schema>) -> bool {
    let kind = schema.as_item().map(|schema| &schema.schema_kind);
    matches!(kind, Some(SchemaKind::Type(Type::String(_))))
}

/// The style of a parameter, where it isn't one that the layer has a shorter way for.
fn style(model: &OpenAPI, parameter: &Parameter, schema: &ReferenceOr<Schema>) -> Option<Style> {
    let explode = parameter.parameter_data_ref().explode;
    let is_plain = is_text(model, schema);
    let is_list = walk::schema(model, schema).is_some_and(|found| match &found.schema_kind {
        SchemaKind::Type(Type::Array(array)) => {
            let items = array.items.clone().map(ReferenceOr::unbox);
            matches!(schema, ReferenceOr::Item(_))
                && items.is_some_and(|items| is_text(model, &items))
        }
        _ => false,
    });
    let style = |form, explode, reserved| Some(Style { form, explode, reserved });
    match parameter {
        Parameter::Path { style: PathStyle::Simple, .. } | Parameter::Header { .. } if is_plain => {
            None
        }
        Parameter::Path { style: of, .. } => match of {
            PathStyle::Simple => style("Simple", explode.unwrap_or(false), false),
            PathStyle::Label => style("Label", explode.unwrap_or(false), false),
            PathStyle::Matrix => style("Matrix", explode.unwrap_or(false), false),
        },
        Parameter::Query { style: QueryStyle::Form, allow_reserved: false, .. }
            if is_plain || is_list && explode.unwrap_or(true) =>
        {
            None
        }
        Parameter::Query { style: of, allow_reserved, .. } => match of {
            QueryStyle::Form => style("Form", explode.unwrap_or(true), *allow_reserved),
            QueryStyle::SpaceDelimited => {
                style("SpaceDelimited", explode.unwrap_or(false), *allow_reserved)
            }
            QueryStyle::PipeDelimited => {
                style("PipeDelimited", explode.unwrap_or(false), *allow_reserved)
            }
            QueryStyle::DeepObject => style("DeepObject", true, *allow_reserved),
        },
        Parameter::Header { .. } => style("Simple", explode.unwrap_or(false), false),
        Parameter::Cookie { .. } => style("Form", explode.unwrap_or(true), false),
    }
}

/// Whether the type of a schema has a text: it is text, a number, a flag or an enum. Null is sent as nothing.
fn is_text(model: &OpenAPI, schema: &ReferenceOr<Schema>) -> bool {
    match schema {
        ReferenceOr::Item(schema) => match &schema.schema_kind {
            SchemaKind::Type(kind) => !matches!(kind, Type::Object(_) | Type::Array(_)),
            SchemaKind::AllOf { all_of } if all_of.len() == 1 => is_text(model, &all_of[0]),
            _ => false,
        },
        ReferenceOr::Reference { .. } => {
            let found = walk::schema(model, schema).map(|schema| &schema.schema_kind);
            matches!(found, Some(SchemaKind::Type(Type::String(string))) if !string.enumeration.is_empty())
        }
    }
}

/// Gives arguments names of their own. The first keeps what several want, the others get their place behind it, and
/// a number where that isn't enough.
fn name_each(arguments: &mut [Argument], reserved: &[&str]) {
    let mut taken = Taken::of(&[&RESERVED_ARGUMENTS, reserved].concat());
    let is_body = |argument: &Argument| argument.place == Place::Body;
    for argument in arguments.iter().filter(|argument| is_body(argument)) {
        taken.take(&argument.name);
    }
    for argument in arguments.iter_mut().filter(|argument| !is_body(argument)) {
        let place = match argument.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
            Place::Cookie => "cookie",
            Place::Body => "body",
        };
        let wanted = argument.name.clone();
        argument.name = if taken.has(&wanted) {
            taken.take(&format!("{wanted}_{place}"))
        } else {
            taken.take(&wanted)
        };
    }
}

/// A path with the Rust names of its arguments.
fn in_rust(path: &str, arguments: &[Argument]) -> String {
    let mut in_path = arguments.iter().filter(|argument| argument.place == Place::Path);
    let mut parts = path.split('{');
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once('}').unwrap_or((part, ""));
        let name = in_path.next().map_or("", |argument| &argument.name);
        written.extend(["{", name, "}", rest]);
    }
    written
}

/// What the document says, or HTTP's rule for the method.
fn retried(operation: &Described, method: &str) -> Retried {
    let word = operation.extensions.get("x-repeatable");
    match word.and_then(Value::as_str) {
        Some("always") => Retried::Always,
        Some("same-request-id") => Retried::SameRequestId,
        None if ["get", "head", "put", "delete"].contains(&method) => Retried::Always,
        _ => Retried::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn operation(path: &str, method: &str, operation: &Value, schemas: &Value) -> Operation {
        let model: OpenAPI = serde_json::from_value(json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {path: {method: operation}}, "components": {"schemas": schemas},
        }))
        .unwrap();
        operations(&model).remove(0)
    }

    #[test]
    fn arguments_have_names_of_their_own_and_those_of_the_path_come_first() {
        let parameter = |name: &str, place: &str| json!({"name": name, "in": place, "required": place == "path", "schema": {"type": "string"}});
        let described = json!({"operationId": "a", "responses": {}, "parameters": [
            parameter("user_id", "query"), parameter("petId", "path"), parameter("owner-id", "path"),
            parameter("userid", "query"), parameter("pet_id", "query"), parameter("send", "header"),
            parameter("gone", "path"), parameter("body", "query"), parameter("userId", "query"),
        ], "requestBody": {"content": {"application/json": {"schema": {}}}}});
        let found =
            operation("/owners/{owner-id}/pets/{petId}.json", "get", &described, &json!({}));
        assert_eq!(found.path, "/owners/{owner_id}/pets/{pet_id}.json");
        let names: Vec<&str> = found.arguments.iter().map(|it| it.name.as_str()).collect();
        let expected = [
            "owner_id",
            "pet_id",
            "body_query",
            "pet_id_query",
            "user_id",
            "user_id_query",
            "userid",
            "send_header",
            "body",
        ];
        assert_eq!(names, expected);
    }
}
