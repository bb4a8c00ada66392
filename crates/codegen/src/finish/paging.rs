//! Lists that come in pages, as `x-paging` declares them: `paging::declared!` with what the document says.

use std::borrow::Cow;

use letterhead_document::pointer::unescaped;
use openapiv3::{OpenAPI, ReferenceOr, Schema, SchemaKind, Type as Kind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::{Item, Type, parse_quote};

use super::model::{Argument, Operation, Place};
use super::received::{List, Received};
use super::rust_type::rust_type;
use super::syntax::{ident, inner_of};
use crate::prep::names::{escaped, members};
use crate::prep::walk;

const NO_LIST: &str = "only a GET with one body for all its successes has pages, and that has one list; of several, \
                       name it in `items`";

/// The streams of an operation; none where it declares no paging.
///
/// # Errors
/// Why there can be none, where it declares it.
pub(super) fn streams(
    model: &OpenAPI,
    operation: &Operation,
    builder: &Ident,
) -> Result<Option<Item>, String> {
    let Some(declared) = &operation.paging else { return Ok(None) };
    let Received::Value(schema, Some(list)) = &operation.received else {
        return Err(NO_LIST.to_owned());
    };
    let page = rust_type(schema);
    let object = walk::schema(model, schema);
    let (items, access): (Option<ReferenceOr<Schema>>, TokenStream) = match list {
        List::Member { wire, field } => {
            let field = ident(&escaped(field));
            let member = object.and_then(|it| member(it, wire));
            (member.and_then(|it| items(model, it)), quote!(&mut page.#field))
        }
        List::Whole if inner_of(&page, "Vec").is_some() => (items(model, schema), quote!(page)),
        List::Whole => (items(model, schema), quote!(&mut page.0)),
    };
    let item: Type = items.as_ref().map_or_else(|| parse_quote!(crate::Json), rust_type);
    let id = match declared.get("id").and_then(Value::as_str) {
        None => quote!(|_| None),
        Some(id) => id_of(model, items.as_ref(), id)
            .ok_or_else(|| format!("its items have no text `{id}` to be known by"))?,
    };
    let way = Way {
        declared,
        arguments: &operation.arguments,
        said: Said { model, operation, page: schema },
    };
    let way = way.tokens()?;
    Ok(Some(parse_quote! {
        crate::paging::declared! { #builder, #page, #item, |page| #access, #id, #way }
    }))
}

fn member<'m>(object: &'m Schema, name: &str) -> Option<&'m ReferenceOr<Box<Schema>>> {
    match &object.schema_kind {
        SchemaKind::Type(Kind::Object(object)) => object.properties.get(name),
        _ => None,
    }
}

fn items<S: std::borrow::Borrow<Schema>>(
    model: &OpenAPI,
    list: &ReferenceOr<S>,
) -> Option<ReferenceOr<Schema>> {
    match &walk::schema(model, list)?.schema_kind {
        SchemaKind::Type(Kind::Array(array)) => array.items.clone().map(ReferenceOr::unbox),
        _ => None,
    }
}

/// What reads the text that an item is known by.
fn id_of(model: &OpenAPI, items: Option<&ReferenceOr<Schema>>, id: &str) -> Option<TokenStream> {
    let object = walk::schema(model, items?)?;
    let SchemaKind::Type(Kind::Object(of)) = &object.schema_kind else { return None };
    let fields = members(&of.properties.keys());
    let field = ident(&escaped(fields.get(id)?));
    let is_text = of.properties.get(id).is_some_and(|member| {
        let found = walk::schema(model, member).map(|it| &it.schema_kind);
        matches!(found, Some(SchemaKind::Type(Kind::String(text))) if text.enumeration.is_empty())
    });
    is_text.then(|| quote!(|item| item.#field.as_deref()))
}

/// The way from page to page.
struct Way<'a> {
    declared: &'a Value,
    arguments: &'a [Argument],
    said: Said<'a>,
}

impl Way<'_> {
    fn tokens(&self) -> Result<TokenStream, String> {
        let kind = self.text("kind").unwrap_or_default();
        if kind == "link" {
            return Ok(quote!(None, link));
        }
        if kind == "next-url" {
            let mark = self.said.mark(self.declared.get("next"), &["string"], true)?;
            return Ok(quote!(Some(#mark), link));
        }
        let parameter = self.text("parameter").unwrap_or_default();
        let mut sent = self.arguments.iter();
        let argument = sent
            .find(|it| it.wire == parameter && matches!(it.place, Place::Query | Place::Header))
            .ok_or_else(|| format!("it has no parameter `{parameter}` in the query or a header"))?;
        let setter = ident(&escaped(&argument.name));
        let is_number = is_number(&rust_type(&argument.schema));
        if kind == "cursor" {
            let next = self.declared.get("next");
            let mark = self.said.mark(next, &["string", "integer"], false)?;
            let cursor = if is_number { quote!(number) } else { quote!(text) };
            return Ok(quote!(Some(#mark), #cursor #setter));
        }
        if !is_number {
            return Err(format!("its parameter `{parameter}` is no whole number"));
        }
        let (until, place) = match (self.declared.get("total"), self.declared.get("more")) {
            (Some(total), _) => (quote!(Total), Some((total, &["integer", "string"][..]))),
            (None, Some(more)) => (quote!(More), Some((more, &["boolean"][..]))),
            (None, None) => (quote!(Empty), None),
        };
        let until = quote!(crate::paging::Until::#until);
        let way = match kind {
            "page" => {
                let first = self.declared.get("first").and_then(Value::as_i64).unwrap_or(1);
                quote!(Number { first: #first, until: #until })
            }
            "offset" => quote!(Offset { until: #until }),
            _ => return Err(format!("`{kind}` is no way from page to page")),
        };
        let mark = if let Some((place, types)) = place {
            let mark = self.said.mark(Some(place), types, false)?;
            quote!(Some(#mark))
        } else {
            quote!(None)
        };
        let begun = if argument.is_required { quote!(required) } else { quote!(optional) };
        Ok(quote!(#mark, counted #setter, #begun, crate::paging::Way::#way))
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.declared.get(member)?.as_str()
    }
}

/// What a page says, as the document has it.
struct Said<'a> {
    model: &'a OpenAPI,
    operation: &'a Operation,
    page: &'a ReferenceOr<Schema>,
}

impl Said<'_> {
    /// The places that say how the list goes on, each of one of these types; the first that says something counts.
    fn mark(
        &self,
        written: Option<&Value>,
        types: &[&str],
        is_link: bool,
    ) -> Result<TokenStream, String> {
        let written: Vec<&Value> = match written {
            Some(Value::Array(places)) => places.iter().collect(),
            written => written.into_iter().collect(),
        };
        let places = written.into_iter().map(|written| {
            let text = written.as_str().unwrap_or_default();
            let (spot, ty) = self.spot(text).ok_or_else(|| {
                format!("`{text}` is no place in a response, such as `$response.body#/next`")
            })?;
            // What the document doesn't say is seen when a page comes.
            match ty.filter(|ty| !types.contains(ty)) {
                Some(ty) => {
                    Err(format!("`{text}` is of the type `{ty}`, not `{}`", types.join("` or `")))
                }
                None => Ok(spot),
            }
        });
        let places = places.collect::<Result<Vec<_>, _>>()?;
        if places.is_empty() {
            return Err("it doesn't say where the next page is: write `next`".to_owned());
        }
        Ok(quote!(&crate::layer::Mark { spots: &[#(#places),*], is_link: #is_link }))
    }

    /// A place in a response, and the type of what stands there, as far as the document says it.
    fn spot(&self, text: &str) -> Option<(TokenStream, Option<&'static str>)> {
        if let Some(pointer) = text.strip_prefix("$response.body#/") {
            let names: Vec<Cow<'_, str>> = pointer.split('/').map(unescaped).collect();
            let mut found = walk::schema(self.model, self.page);
            for name in &names {
                let inner = found.and_then(|found| member(found, name));
                found = inner.and_then(|inner| said(self.model, inner));
            }
            let spot = quote!(crate::layer::Spot::Body(&[#(#names),*]));
            return Some((spot, found.and_then(type_of)));
        }
        let name = text.strip_prefix("$response.header.")?;
        let name = (!name.is_empty()).then(|| name.to_lowercase())?;
        let mut headers = self.operation.headers.iter();
        let header = headers.find(|header| header.wire.eq_ignore_ascii_case(&name));
        let written = header.filter(|header| header.is_written);
        let found = written.and_then(|header| said(self.model, &header.schema)).and_then(type_of);
        Some((quote!(crate::layer::Spot::Header(#name)), found))
    }
}

/// A schema behind references, and within what makes one nullable.
fn said<'m, S: std::borrow::Borrow<Schema>>(
    model: &'m OpenAPI,
    place: &'m ReferenceOr<S>,
) -> Option<&'m Schema> {
    let found = walk::schema(model, place)?;
    match &found.schema_kind {
        SchemaKind::AllOf { all_of } if all_of.len() == 1 => walk::schema(model, &all_of[0]),
        _ => Some(found),
    }
}

fn type_of(schema: &Schema) -> Option<&'static str> {
    match &schema.schema_kind {
        SchemaKind::Type(Kind::String(_)) => Some("string"),
        SchemaKind::Type(Kind::Integer(_)) => Some("integer"),
        SchemaKind::Type(Kind::Number(_)) => Some("number"),
        SchemaKind::Type(Kind::Boolean(_)) => Some("boolean"),
        SchemaKind::Type(Kind::Array(_)) => Some("array"),
        SchemaKind::Type(Kind::Object(_)) => Some("object"),
        _ => None,
    }
}

fn is_number(ty: &Type) -> bool {
    let whole = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];
    matches!(ty, Type::Path(path) if whole.iter().any(|name| path.path.is_ident(name)))
}

#[cfg(test)]
mod tests {
    use letterhead_document::Document;

    use super::NO_LIST;

    /// What is generated from an operation with this `x-paging`, without blanks, or why nothing is.
    fn generated(paging: &str) -> Result<String, String> {
        let document = format!(
            "openapi: 3.0.3
info: {{title: T, version: '1'}}
paths:
  /a:
    get:
      operationId: listA
      x-paging: {paging}
      parameters:
        - {{name: after, in: query, schema: {{type: string}}}}
        - {{name: page, in: query, schema: {{type: integer}}}}
        - {{name: pages, in: query, schema: {{type: integer}}}}
      responses:
        '200':
          description: d
          headers: {{X-Count: {{schema: {{type: integer}}}}, X-More: {{schema: {{oneOf: [{{type: boolean}}, {{type: integer}}]}}}}}}
          content:
            application/json:
              schema:
                type: object
                properties:
                  a: {{type: array, items: {{type: object, properties: {{id: {{type: string}}, age: {{type: integer}}}}}}}}
                  b: {{type: array, items: {{type: string}}}}
                  count: {{type: integer, nullable: true}}
                  meta: {{type: object, nullable: true, properties: {{more: {{type: boolean}}}}}}
"
        );
        let document = Document::parse("t.yaml", &document).unwrap();
        let code = crate::generate(&document).map_err(|fault| fault.reason().to_owned());
        let rehearsed = crate::dry_run(&document).into_iter().next().map(|it| it.reason);
        assert_eq!(rehearsed.as_ref(), code.as_ref().err());
        Ok(code?.split_whitespace().collect())
    }

    #[test]
    fn a_list_gets_what_its_document_declares() {
        let code = generated(
            "{kind: cursor, parameter: after, next: $response.body#/n~1x, items: a, id: id}",
        );
        let code = code.unwrap();
        assert!(code.contains("crate::paging::declared!{ListA,"), "{code}");
        let way = "Some(&crate::layer::Mark{spots:&[crate::layer::Spot::Body(&[\"n/x\"])],is_link:false}),textafter";
        assert!(code.contains(way), "{code}");
        // The stream has the name of the argument.
        assert!(code.contains("pages_query:i64"), "{code}");
        let code = generated(
            "{kind: page, parameter: page, first: 0, total: $response.header.X-Pages, items: b}",
        );
        let code = code.unwrap();
        assert!(code.contains("Spot::Header(\"x-pages\")"), "{code}");
        assert!(code.contains("countedpage,optional,crate::paging::Way::Number{first:0i64,until:crate::paging::Until::Total}"), "{code}");
        // The document says nothing against it.
        let code =
            generated("{kind: page, parameter: page, more: $response.header.X-More, items: b}");
        assert!(code.unwrap().contains("Spot::Header(\"x-more\")"));
    }

    #[test]
    fn what_a_list_cannot_have_is_refused() {
        for (paging, reason) in [
            ("{kind: link}", NO_LIST),
            ("{kind: link, items: c}", NO_LIST),
            ("{kind: link, items: a, id: age}", "its items have no text `age` to be known by"),
            ("{kind: link, items: b, id: id}", "its items have no text `id` to be known by"),
            ("{kind: next-url, items: a}", "it doesn't say where the next page is: write `next`"),
            (
                "{kind: next-url, items: a, next: n}",
                "`n` is no place in a response, such as `$response.body#/next`",
            ),
            (
                "{kind: page, items: a, parameter: b}",
                "it has no parameter `b` in the query or a header",
            ),
            (
                "{kind: page, items: a, parameter: after}",
                "its parameter `after` is no whole number",
            ),
            ("{kind: pages, items: a, parameter: page}", "`pages` is no way from page to page"),
            (
                "{kind: page, items: a, parameter: page, total: $response.body#/meta/more}",
                "`$response.body#/meta/more` is of the type `boolean`, not `integer` or `string`",
            ),
            (
                "{kind: page, items: a, parameter: page, more: $response.body#/count}",
                "`$response.body#/count` is of the type `integer`, not `boolean`",
            ),
            (
                "{kind: cursor, items: a, parameter: after, next: [$response.body#/n, $response.body#/meta]}",
                "`$response.body#/meta` is of the type `object`, not `string` or `integer`",
            ),
            (
                "{kind: next-url, items: a, next: $response.header.x-count}",
                "`$response.header.x-count` is of the type `integer`, not `string`",
            ),
        ] {
            let expected = format!("its `x-paging` doesn't fit: {reason}");
            assert_eq!(generated(paging).unwrap_err(), expected);
        }
    }
}
