//! The headers of an operation's responses: `layer::response_headers!` with what the document says.

use openapiv3::{
    AdditionalProperties, OpenAPI, Operation as Described, ParameterSchemaOrContent, ReferenceOr,
    Schema, SchemaKind, StringType, Type as Kind,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Item;

use super::model::Operation;
use super::rust_type::rust_type;
use super::syntax::{self, document, inner_of, list_attribute, structure};
use crate::code::{Macro, Part};
use crate::prep::names::{Taken, escaped};
use crate::prep::{EXPLODE, rust_name, walk};

/// A header of a response.
pub(super) struct Header {
    /// Its name on the wire.
    pub(super) wire: String,
    description: String,
    pub(super) schema: ReferenceOr<Schema>,
    /// Whether the document has this schema. Text stands for what has no single one.
    pub(super) is_written: bool,
    /// What makes JSON of it, in the words of `layer::Shape`.
    shape: TokenStream,
}

/// The headers of all successes. One that is another thing with another status is text.
pub(super) fn headers(model: &OpenAPI, operation: &Described) -> Vec<Header> {
    let mut headers: Vec<Header> = Vec::new();
    let responses = operation.responses.responses.values().filter_map(ReferenceOr::as_item);
    for (name, header) in responses.flat_map(|response| &response.headers) {
        let ReferenceOr::Item(header) = header else { continue };
        let explode = header.extensions.contains_key(EXPLODE);
        let (schema, shape) = match &header.format {
            ParameterSchemaOrContent::Schema(schema) => {
                (schema.clone(), shape(model, schema, explode))
            }
            ParameterSchemaOrContent::Content(content) => {
                let media = content
                    .first()
                    .filter(|(name, _)| letterhead_document::Media::json_rank(name).is_some());
                let schema = media.and_then(|(_, media)| media.schema.clone());
                (schema.clone().unwrap_or_else(text), schema.map(|_| quote!(Json)))
            }
        };
        let header = Header {
            wire: name.clone(),
            description: header.description.clone().unwrap_or_default(),
            is_written: shape.is_some(),
            schema: if shape.is_some() { schema } else { text() },
            shape: shape.unwrap_or_else(|| quote!(Text)),
        };
        match headers.iter_mut().find(|known| known.wire.eq_ignore_ascii_case(name)) {
            None => headers.push(header),
            Some(known) if known.schema == header.schema => {}
            Some(known) => {
                known.is_written = false;
                known.schema = text();
                known.shape = quote!(Text);
            }
        }
    }
    headers
}

/// The view of an operation's headers, called `name`.
pub(super) fn view(operation: &Operation, name: &Ident) -> Part {
    let docs = format!(
        "The headers of a response of [`Client::{}`](super::Client::{0}), as the document describes them.",
        rust_name(&operation.id)
    );
    let mut taken = Taken::of(&["of"]);
    let headers = operation.headers.iter().map(|header| {
        let field = taken.take(&rust_name(&header.wire));
        let field = syntax::ident(&escaped(&field));
        let mut docs = document(&header.description);
        let whole = rust_type(&header.schema);
        let ty = inner_of(&whole, "Option").cloned().unwrap_or(whole);
        let (wire, shape) = (header.wire.to_lowercase(), &header.shape);
        let shape = nested(shape);
        docs.push(list_attribute("header", quote!(#wire, #shape)));
        syntax::field(docs, &field, ty)
    });
    let taken = structure(document(&docs), name, headers);
    Part::Call(Macro::ResponseHeaders, vec![Item::Struct(taken)])
}

fn nested(shape: &TokenStream) -> TokenStream {
    quote!(crate::layer::Shape::#shape)
}

/// What makes JSON of a header's text; none where the document's style has no way to write it.
fn shape(model: &OpenAPI, place: &ReferenceOr<Schema>, explode: bool) -> Option<TokenStream> {
    if let Some(scalar) = scalar(model, place) {
        return Some(scalar);
    }
    match &inner(model, place)?.schema_kind {
        SchemaKind::Type(Kind::Array(array)) => {
            let items = array.items.clone()?.unbox();
            let item = nested(&scalar(model, &items)?);
            Some(quote!(List(&#item)))
        }
        SchemaKind::Type(Kind::Object(object)) => {
            let members = object.properties.iter().map(|(name, member)| {
                let shape = nested(&scalar(model, &member.clone().unbox())?);
                Some(quote!((#name, #shape)))
            });
            let members: Vec<TokenStream> = members.collect::<Option<_>>()?;
            // The values of a map are texts, unless it says otherwise.
            if members.is_empty()
                && let Some(AdditionalProperties::Schema(rest)) = &object.additional_properties
                && rest.as_item().is_none_or(|rest| !walk::is_anything(rest))
                && scalar(model, rest)?.to_string() != "Text"
            {
                return None;
            }
            Some(quote!(Object(&[#(#members),*], #explode)))
        }
        _ => None,
    }
}

/// The shape of what isn't put together of others.
fn scalar(model: &OpenAPI, place: &ReferenceOr<Schema>) -> Option<TokenStream> {
    let schema = inner(model, place)?;
    match &schema.schema_kind {
        SchemaKind::Type(Kind::String(_)) => Some(quote!(Text)),
        SchemaKind::Type(Kind::Integer(_) | Kind::Number(_) | Kind::Boolean(_)) => {
            Some(quote!(Scalar))
        }
        SchemaKind::Any(_) if walk::is_anything(schema) => Some(quote!(Text)),
        _ => None,
    }
}

/// A schema behind references, and within what makes one nullable.
fn inner<'m>(model: &'m OpenAPI, place: &'m ReferenceOr<Schema>) -> Option<&'m Schema> {
    let found = walk::schema(model, place)?;
    match &found.schema_kind {
        SchemaKind::AllOf { all_of } if all_of.len() == 1 => walk::schema(model, &all_of[0]),
        _ => Some(found),
    }
}

fn text() -> ReferenceOr<Schema> {
    ReferenceOr::Item(Schema {
        schema_data: openapiv3::SchemaData::default(),
        schema_kind: SchemaKind::Type(Kind::String(StringType::default())),
    })
}
