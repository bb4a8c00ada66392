//! The client's methods and the builders that they return: `layer::operation!` with what the document says.

use letterhead_document::Media;
use openapiv3::OpenAPI;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, Field, Ident, ImplItem, ImplItemFn, Item, LitStr, Type, parse_quote};

use super::docs::Docs;
use super::model::{Argument, Operation, Place, Retried};
use super::received::{List, Received};
use super::syntax::{document, field, ident, inner_of, list_attribute, structure};
use super::{headers, paging, rust_type, several};
use crate::code::{Macro, Part};
use crate::prep::names::{Taken, escaped, type_name};
use crate::prep::rust_name;
use crate::refusal::Refusal;

/// What can't stand in the name of a query parameter. `$`, `[` and the like can, and servers expect them so.
/// `layer::style` has the same for names that aren't known before.
const NAME: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b',')
    .add(b';')
    .add(b'<')
    .add(b'=')
    .add(b'>');

/// What is written for all operations.
pub(super) struct Finished {
    pub(super) methods: Vec<ImplItem>,
    pub(super) builders: Vec<Part>,
    /// The types of what an operation sends or receives, where there are several.
    pub(super) types: Vec<Part>,
}

/// # Errors
/// A list whose paging can't be what it declares, which `leave_out_lists` takes out.
pub(super) fn finish(
    model: &OpenAPI,
    operations: &[Operation],
    docs: &Docs,
) -> Result<Finished, Refusal> {
    let mut finished = Finished { methods: Vec::new(), builders: Vec::new(), types: Vec::new() };
    let mut taken = Taken::types();
    let components = model.components.iter().flat_map(|components| components.schemas.keys());
    components.for_each(|name| {
        taken.take(name);
    });
    for operation in operations {
        let name = rust_name(&operation.id);
        let builder = type_name(&name);
        let mut own = |what: &str| ident(&taken.take(&format!("{builder}{what}")));
        let mut arguments: Vec<Typed<'_>> = Vec::new();
        for argument in &operation.arguments {
            let mut typed = Typed::of(model, argument);
            if argument.bodies.len() > 1 {
                let chosen = own("Body");
                finished.types.push(several::bodies(&chosen, &argument.bodies));
                typed.ty = parse_quote!(types::#chosen);
                typed.form = "required";
            }
            arguments.push(typed);
        }
        let by_status = match &operation.received {
            Received::ByStatus(cases) => {
                let by_status = own("Success");
                finished.types.push(several::by_status(&by_status, cases));
                Some(by_status)
            }
            _ => None,
        };
        let (method, builder) = (ident(&escaped(&name)), ident(&builder));
        let headers = (!operation.headers.is_empty()).then(|| {
            let view = own("Headers");
            finished.types.push(headers::view(operation, &view));
            view
        });
        let call = Call { operation, method, builder, arguments, by_status, headers };
        finished.methods.push(call.method(docs));
        finished.builders.push(call.builder(docs));
        let streams = paging::streams(model, operation, &call.builder);
        let refused = |reason| Refusal::of_document(format!("`{}`: {reason}", operation.id));
        finished.builders.extend(streams.map_err(refused)?.map(Part::Item));
    }
    Ok(finished)
}

/// An operation with all that is written of it.
struct Call<'a> {
    operation: &'a Operation,
    method: Ident,
    builder: Ident,
    arguments: Vec<Typed<'a>>,
    /// The type of what is received, where it depends on the status.
    by_status: Option<Ident>,
    /// The view of the headers, where the document describes some.
    headers: Option<Ident>,
}

/// An argument with its name and type in Rust.
struct Typed<'a> {
    argument: &'a Argument,
    name: Ident,
    ty: Type,
    form: &'static str,
}

impl Call<'_> {
    fn method(&self, docs: &Docs) -> ImplItem {
        let required = self.arguments.iter().filter_map(|it| {
            let is_shown = it.argument.is_required && it.argument.place != Place::Body;
            is_shown.then(|| (it.name.to_string(), it.argument.wire.as_str()))
        });
        let body = self.arguments.iter().find(|it| it.form == "built");
        let body = body.and_then(|it| last(&it.ty)).map(ToString::to_string);
        let has_other_body = body.is_none() && self.has_body();
        let sample =
            docs.sample(self.operation, &self.method.to_string(), required, body.as_deref());
        let sample = if has_other_body { None } else { Some(sample) };
        let headers = self.headers.as_ref().map(ToString::to_string);
        let docs = docs.of_method(self.operation, sample.as_deref(), headers.as_deref());
        let (method, builder) = (&self.method, &self.builder);
        let mut written: ImplItemFn = parse_quote! {
            pub fn #method(&self) -> builder::#builder {
                builder::#builder::new(self)
            }
        };
        written.attrs = document(&docs);
        ImplItem::Fn(written)
    }

    fn has_body(&self) -> bool {
        let mut arguments = self.arguments.iter();
        arguments.any(|it| it.argument.place == Place::Body)
    }

    fn builder(&self, docs: &Docs) -> Part {
        let mut attrs = document(&docs.of_builder(self.operation, &self.method.to_string()));
        let name = self.method.unraw().to_string();
        let (path, clouds) = (&self.operation.path, &self.operation.clouds);
        let method = ident(&self.operation.method);
        let retried = match self.operation.retried {
            Retried::Always => quote!(Always),
            Retried::SameRequestId => quote!(SameRequestId),
            Retried::Never => quote!(Never),
        };
        attrs.extend(self.options());
        attrs.push(list_attribute("sends", quote!(#name, #method, #path, #retried)));
        attrs.push(list_attribute("clouds", quote!(#(#clouds),*)));
        attrs.extend(self.operation.takes.as_deref().map(takes));
        attrs
            .extend(self.operation.accepts.iter().map(|it| list_attribute("accepts", quote!(#it))));
        attrs.push(list_attribute("receives", self.received()));
        let arguments = self.arguments.iter().map(Typed::written);
        let taken = structure(attrs, &self.builder, arguments);
        Part::Call(Macro::Operation, vec![Item::Struct(taken)])
    }

    /// The setters that no argument has the name of, where one has.
    fn options(&self) -> Option<Attribute> {
        let options = ["timeout", "retry", "extra_header", "keep_body"];
        let is_free = |option: &&str| self.arguments.iter().all(|it| it.name != **option);
        let free: Vec<Ident> = options.iter().copied().filter(is_free).map(ident).collect();
        (free.len() < options.len()).then(|| list_attribute("options", quote!(#(#free),*)))
    }

    fn received(&self) -> TokenStream {
        let (schema, list) = match &self.operation.received {
            Received::Nothing => return quote!(nothing),
            Received::Value(schema, list) => (schema, list),
            Received::Download(accept) => return quote!(download, #accept),
            Received::Lines(schema, accept) => {
                let line = rust_type::rust_type(schema);
                return quote!(lines, #line, #accept);
            }
            Received::ByStatus(_) => {
                let by_status = &self.by_status;
                return quote!(by_status, types::#by_status);
            }
        };
        let success = rust_type::rust_type(schema);
        match list {
            Some(List::Member { wire, field }) => {
                let member = ident(&escaped(field));
                quote!(list_in, #success, #wire, #member)
            }
            Some(List::Whole) if inner_of(&success, "Vec").is_some() => quote!(list, #success),
            Some(List::Whole) => quote!(list_of, #success),
            None => quote!(value, #success),
        }
    }
}

/// The words of `layer::takes!`.
fn takes(takes: &[Vec<(String, String)>]) -> Attribute {
    let takes = takes.iter().map(|together| {
        let parts = together.iter().map(|(slot, name)| {
            let slot = ident(slot);
            quote!(#slot(#name))
        });
        quote!([#(#parts),*])
    });
    list_attribute("takes", quote!(#(#takes)*))
}

impl Typed<'_> {
    fn written(&self) -> Field {
        let mut attrs = document(&self.argument.description);
        let form = ident(self.form);
        let wire = &self.argument.wire;
        let (place, wire) = match (self.argument.place, &self.argument.style) {
            (Place::Path, None) => (quote!(path), quote!(#wire)),
            // What would end the query isn't in a name.
            (Place::Query, None) => {
                let wire = utf8_percent_encode(wire, NAME).to_string();
                (quote!(query), quote!(#wire))
            }
            (Place::Header, None) => {
                let wire = LitStr::new(&wire.to_lowercase(), Span::call_site());
                (quote!(header), quote!(#wire))
            }
            (Place::Path, Some(style)) => (quote!(styled_segment), style.written(wire)),
            (Place::Query, Some(style)) => (quote!(styled_query), style.written(wire)),
            (Place::Header, Some(style)) => (quote!(styled_header), style.written(wire)),
            (Place::Cookie, Some(style)) => (quote!(cookie), style.written(wire)),
            (Place::Cookie, None) => (quote!(cookie), quote!((#wire Form true false))),
            (Place::Body, _) => self.body(),
        };
        attrs.push(list_attribute("argument", quote!(#place, #form, #wire)));
        field(attrs, &self.name, self.ty.clone())
    }
}

impl Typed<'_> {
    /// The place of a body, and what stands for its name.
    fn body(&self) -> (TokenStream, TokenStream) {
        let need = self.argument.is_required;
        let built = last(&self.ty).filter(|_| self.form == "built");
        let [body] = self.argument.bodies.as_slice() else {
            return (quote!(content), quote!((chosen #need)));
        };
        let media_type = &body.media_type;
        if need && body.media == Media::Json && media_type == "application/json" {
            return (quote!(body), built.map_or_else(|| quote!(""), |built| quote!(#built)));
        }
        let how = several::how(body);
        match (built, how) {
            (Some(built), Some(how)) => (quote!(content), quote!((#built #need #media_type #how))),
            (None, Some(how)) => (quote!(content), quote!((written #need #media_type #how))),
            (_, None) => (quote!(content), quote!((upload #need #media_type))),
        }
    }
}

impl<'a> Typed<'a> {
    fn of(model: &'a OpenAPI, argument: &'a Argument) -> Self {
        let name = ident(&escaped(&argument.name));
        if let [body] = argument.bodies.as_slice()
            && body.media == Media::Bytes
        {
            return Self { argument, name, ty: parse_quote!(crate::Upload), form: "required" };
        }
        if argument.place == Place::Body
            && let Some(object) = rust_type::object(model, &argument.schema)
        {
            let object = ident(object);
            return Self {
                argument,
                name,
                ty: parse_quote!(types::builder::#object),
                form: "built",
            };
        }
        let whole = rust_type::rust_type(&argument.schema);
        // An argument that isn't wanted is left out, not set to none; and a path has no place for none.
        let is_optional = !argument.is_required && argument.place != Place::Body;
        let is_there = is_optional || argument.place == Place::Path;
        let inner = inner_of(&whole, "Option").filter(|_| is_there).cloned();
        let ty = inner.unwrap_or(whole);
        let form = match (inner_of(&ty, "Vec").is_some(), is_optional) {
            (true, true) => "optional_list",
            (true, false) => "list",
            (false, true) => "optional",
            (false, false) => "required",
        };
        Self { argument, name, ty, form }
    }
}

fn last(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|it| &it.ident),
        _ => None,
    }
}
