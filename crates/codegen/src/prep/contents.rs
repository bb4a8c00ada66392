//! What a media type makes of a schema: a file is no text in JSON, text is no object, a line is no list.

use letterhead_document::Media;
use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, Components, MediaType, OpenAPI, Parameter,
    ParameterSchemaOrContent, ReferenceOr, RequestBody, Response, Schema, SchemaData, SchemaKind,
    StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};

use super::places::boxed;
use super::{schemas, sums, walk};

type Place = ReferenceOr<Schema>;

/// Gives what is sent and received a schema that its media type can carry.
///
/// It becomes a schema of its own, since the same one may be JSON elsewhere.
pub(super) fn fit(model: &mut OpenAPI) {
    let mut own = model.components.take();
    let schemas = own.as_mut().map(|own| std::mem::take(&mut own.schemas));
    let components = Components { schemas: schemas.unwrap_or_default(), ..Components::default() };
    for operation in walk::operations_mut(model) {
        for parameter in &mut operation.parameters {
            of_parameter(&components, parameter);
        }
        operation.request_body.iter_mut().for_each(|body| of_body(&components, body));
        for response in operation.responses.responses.values_mut() {
            of_response(&components, response);
        }
    }
    if let Some(own) = &mut own {
        own.parameters.values_mut().for_each(|parameter| of_parameter(&components, parameter));
        own.request_bodies.values_mut().for_each(|body| of_body(&components, body));
        own.responses.values_mut().for_each(|response| of_response(&components, response));
        own.schemas = components.schemas;
    }
    model.components = own;
}

fn of_parameter(components: &Components, parameter: &mut ReferenceOr<Parameter>) {
    if let ReferenceOr::Item(parameter) = parameter
        && let ParameterSchemaOrContent::Content(content) = &mut walk::data_mut(parameter).format
    {
        for (name, media) in content {
            if Media::of(name) != Media::Json && !is_scalar(components, media) {
                media.schema = Some(text());
            }
        }
    }
}

fn of_body(components: &Components, body: &mut ReferenceOr<RequestBody>) {
    if let ReferenceOr::Item(body) = body {
        body.content.iter_mut().for_each(|(name, media)| sent(components, name, media));
    }
}

fn sent(components: &Components, name: &str, media: &mut MediaType) {
    let kind = type_of(components, media);
    let is_of_members = matches!(kind, None | Some(Type::Object(_)));
    match Media::of(name) {
        Media::Json if is_file(components, media) => media.schema = Some(file("Upload")),
        Media::Text if !is_scalar(components, media) => media.schema = Some(text()),
        // A form has members. What has none is written by the caller.
        Media::Form if !is_of_members => media.schema = Some(text()),
        Media::Multipart if !is_of_members => media.schema = Some(file("Upload")),
        Media::Multipart => parts(components, media),
        Media::Lines if !matches!(kind, Some(Type::Array(_) | Type::String(_))) => {
            let line = media.schema.take().unwrap_or_else(anything);
            media.schema = Some(list_of(line));
        }
        _ => {}
    }
}

fn of_response(components: &Components, response: &mut ReferenceOr<Response>) {
    let ReferenceOr::Item(response) = response else { return };
    for (name, media) in &mut response.content {
        match (Media::of(name), type_of(components, media)) {
            (Media::Json, _) if is_file(components, media) => {
                media.schema = Some(file("Download"));
            }
            (Media::Lines, Some(Type::Array(array))) => {
                media.schema = Some(array.items.map_or_else(anything, ReferenceOr::unbox));
            }
            // The text of all lines says nothing of one.
            (Media::Lines, Some(Type::String(_))) => media.schema = Some(anything()),
            _ => {}
        }
    }
}

/// What a schema says that it is; none where it is put together or says nothing.
fn type_of(components: &Components, media: &MediaType) -> Option<Type> {
    let schema = sums::resolved(components, media.schema.as_ref()?)?;
    match &schema.schema_kind {
        SchemaKind::Type(kind) => Some(kind.clone()),
        SchemaKind::Any(any) => match sums::bare_kind(any)? {
            SchemaKind::Type(kind) => Some(kind),
            _ => None,
        },
        _ => None,
    }
}

fn is_scalar(components: &Components, media: &MediaType) -> bool {
    let kind = type_of(components, media);
    kind.is_some_and(|kind| !matches!(kind, Type::Object(_) | Type::Array(_)))
}

fn is_file(components: &Components, media: &MediaType) -> bool {
    matches!(type_of(components, media), Some(Type::String(string)) if is_binary(&string))
}

fn file(name: &str) -> Place {
    ReferenceOr::Item(schemas::rust_type(name, &[], SchemaData::default()))
}

fn text() -> Place {
    of(SchemaKind::Type(Type::String(StringType::default())))
}

fn anything() -> Place {
    of(SchemaKind::Any(AnySchema::default()))
}

fn list_of(items: Place) -> Place {
    of(SchemaKind::Type(Type::Array(ArrayType {
        items: Some(boxed(items)),
        min_items: None,
        max_items: None,
        unique_items: false,
    })))
}

fn of(schema_kind: SchemaKind) -> Place {
    ReferenceOr::Item(Schema { schema_data: SchemaData::default(), schema_kind })
}

/// Makes an upload of what is a file in a form of several parts: bytes, be it one, a list or a map of them.
fn parts(components: &Components, media: &mut MediaType) {
    let object = media.schema.as_ref().and_then(|schema| sums::object_of(components, schema));
    let Some(mut object) = object else { return };
    let mut has_files = false;
    for (name, member) in &mut object.properties {
        let media_type = media.encoding.get(name).and_then(|it| it.content_type.as_deref());
        let is_file = media_type.is_some_and(|it| Media::of(it) == Media::Bytes);
        if let Some(upload) = upload(components, &member.clone().unbox(), is_file) {
            *member = ReferenceOr::Item(Box::new(upload));
            has_files = true;
        }
    }
    // Beside members with names they are JSON.
    if object.properties.is_empty()
        && let Some(AdditionalProperties::Schema(rest)) = &mut object.additional_properties
        && let Some(upload) = upload(components, rest, false)
    {
        **rest = ReferenceOr::Item(upload);
        has_files = true;
    }
    if has_files {
        media.schema = Some(of(SchemaKind::Type(Type::Object(object))));
    }
}

/// The schema of an upload, or of a list of them, in place of one of bytes.
fn upload(components: &Components, place: &ReferenceOr<Schema>, is_file: bool) -> Option<Schema> {
    let schema = sums::resolved(components, place)?;
    let data =
        SchemaData { description: schema.schema_data.description.clone(), ..SchemaData::default() };
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(string)) if is_file || is_binary(string) => {
            Some(schemas::rust_type("Upload", &[], data))
        }
        SchemaKind::Any(any) if is_file && *any == AnySchema::default() => {
            Some(schemas::rust_type("Upload", &[], data))
        }
        SchemaKind::Type(Type::Array(array)) => {
            let items = array.items.clone()?.unbox();
            let items = Box::new(upload(components, &items, is_file)?);
            let mut array = array.clone();
            array.items = Some(ReferenceOr::Item(items));
            Some(Schema { schema_data: data, schema_kind: SchemaKind::Type(Type::Array(array)) })
        }
        _ => None,
    }
}

fn is_binary(string: &StringType) -> bool {
    match &string.format {
        VariantOrUnknownOrEmpty::Item(format) => *format == StringFormat::Binary,
        VariantOrUnknownOrEmpty::Unknown(format) => format == "file",
        VariantOrUnknownOrEmpty::Empty => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use serde_json::{Value, json};

    #[test]
    fn files_of_a_form_are_uploads_and_elsewhere_they_are_texts() {
        let file = json!({"type": "string", "format": "binary"});
        let object = json!({"type": "object", "properties": {
            "one": file, "all": {"type": "array", "items": file}, "name": {"type": "string"},
            "logo": {"type": "string"},
        }});
        let media = json!({"schema": {"$ref": "#/components/schemas/Form"}, "encoding": {"logo": {"contentType": "image/png"}}});
        let body = json!({"content": {"multipart/form-data": media, "application/json": media}});
        let mut model = model(&json!({
            "paths": {"/a": {"post": {"requestBody": body, "responses": {}}}},
            "components": {"schemas": {"Form": object}},
        }));
        super::fit(&mut model);
        let after = json(&model);
        let content = &after["paths"]["/a"]["post"]["requestBody"]["content"];
        assert_eq!(content["application/json"]["schema"], media["schema"]);
        let members = &content["multipart/form-data"]["schema"]["properties"];
        let upload = "letterhead::Upload";
        assert_eq!(members["one"]["x-rust-type"]["path"], upload);
        assert_eq!(members["all"]["items"]["x-rust-type"]["path"], upload);
        assert_eq!(members["logo"]["x-rust-type"]["path"], upload);
        assert_eq!(members["name"], json!({"type": "string"}));
        assert_eq!(after["components"]["schemas"]["Form"], object);
    }

    #[test]
    fn a_schema_is_what_its_media_type_can_carry() {
        let file = json!({"type": "string", "format": "binary"});
        let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let content = |schemas: &[(&str, &Value)]| -> Value {
            let media = schemas
                .iter()
                .map(|(name, schema)| ((*name).to_owned(), json!({"schema": schema})));
            json!({"description": "d", "content": Value::Object(media.collect())})
        };
        let list = json!({"type": "array", "items": object});
        let files = json!({"type": "object", "additionalProperties": file});
        let text = json!({"type": "string"});
        let mut model = model(&json!({"paths": {"/a": {"post": {
            "parameters": [{"name": "p", "in": "query", "content": {"text/plain": {"schema": object}}}],
            "requestBody": content(&[
                ("text/xml", &object), ("application/x-www-form-urlencoded", &text),
                ("multipart/form-data", &files), ("multipart/mixed", &text),
                ("application/json", &file), ("application/x-ndjson", &object),
                ("application/jsonl", &list),
            ]),
            "responses": {
                "200": content(&[("application/x-ndjson", &list), ("application/json", &file)]),
                "201": content(&[("application/x-ndjson", &text)]),
            },
        }}}}));
        super::fit(&mut model);
        let operation = &json(&model)["paths"]["/a"]["post"];
        assert_eq!(operation["parameters"][0]["content"]["text/plain"]["schema"], text);
        let sent = |name: &str| operation["requestBody"]["content"][name]["schema"].clone();
        let path = |schema: &Value| schema["x-rust-type"]["path"].clone();
        assert_eq!(sent("text/xml"), text);
        assert_eq!(sent("application/x-www-form-urlencoded"), text);
        let map = sent("multipart/form-data")["additionalProperties"].clone();
        assert_eq!(path(&map), "letterhead::Upload");
        assert_eq!(path(&sent("multipart/mixed")), "letterhead::Upload");
        assert_eq!(path(&sent("application/json")), "letterhead::Upload");
        assert_eq!(sent("application/x-ndjson"), list);
        assert_eq!(sent("application/jsonl"), list);
        let received = |status: &str, name: &str| {
            operation["responses"][status]["content"][name]["schema"].clone()
        };
        assert_eq!(received("200", "application/x-ndjson"), object);
        assert_eq!(path(&received("200", "application/json")), "letterhead::Download");
        assert_eq!(received("201", "application/x-ndjson"), json!({}));
    }
}
