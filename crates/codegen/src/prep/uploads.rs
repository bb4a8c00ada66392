use openapiv3::{
    AnySchema, Components, MediaType, OpenAPI, ReferenceOr, Schema, SchemaData, SchemaKind,
    StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};

use super::{schemas, sums, walk};
use crate::media::Media;

/// Makes an upload of what is a file in a form of several parts: bytes, be it one or a list.
///
/// The form becomes a schema of its own, since the same schema may be JSON elsewhere.
pub(super) fn of_forms(model: &mut OpenAPI) {
    let mut components = std::mem::take(&mut model.components).unwrap_or_default();
    // Of the components, a form's parts are schemas.
    let mut bodies = std::mem::take(&mut components.request_bodies);
    for operation in walk::operations_mut(model) {
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            body.content.iter_mut().for_each(|(name, media)| form(&components, name, media));
        }
    }
    for body in bodies.values_mut() {
        if let ReferenceOr::Item(body) = body {
            body.content.iter_mut().for_each(|(name, media)| form(&components, name, media));
        }
    }
    components.request_bodies = bodies;
    model.components = Some(components);
}

fn form(components: &Components, name: &str, media: &mut MediaType) {
    if Media::of(name) != Media::Multipart {
        return;
    }
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
    if has_files {
        let kind = SchemaKind::Type(Type::Object(object));
        media.schema = Some(ReferenceOr::Item(Schema {
            schema_data: SchemaData::default(),
            schema_kind: kind,
        }));
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
    use serde_json::json;

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
        super::of_forms(&mut model);
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
}
