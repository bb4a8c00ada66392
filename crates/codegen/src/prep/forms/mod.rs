//! Every schema in a form that there is a type for. What has none is any JSON, at the smallest place.
//!
//! A schema in a place is text, a number, a flag, a list, a map, JSON, or a reference to a component. A component
//! is an object with its members written out, an enum of texts, a choice, or a type around one of the former.

mod kinds;

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use openapiv3::{
    AnySchema, Components, OpenAPI, ParameterSchemaOrContent, ReferenceOr, Response, Schema,
    SchemaData, SchemaKind, Type,
};

use super::names::{Taken, rust_name, type_name};
use super::places::{Place, anything, item, kept, to, with};
use super::{patches, refers, schemas, sums, walk};

/// Gives every schema of the document such a form.
pub(super) fn give(model: &mut OpenAPI) {
    let mut old = std::mem::take(&mut model.components).unwrap_or_default();
    // Schemas are made anew, and the rest is copied.
    let schemas = std::mem::take(&mut old.schemas);
    let mut components = old.clone();
    old.schemas = schemas;
    let received = schemas::sent_by_vendors(model, &old);
    let mut forms = Forms::of(model, old);
    let names: Vec<String> = forms.old.schemas.keys().cloned().collect();
    for name in names {
        forms.component(&name, received.contains(&name));
    }
    for (name, parameter) in &mut components.parameters {
        if let ReferenceOr::Item(parameter) = parameter {
            forms.parameter(parameter, &type_name(name));
        }
    }
    for (name, body) in &mut components.request_bodies {
        if let ReferenceOr::Item(body) = body {
            forms.content(&mut body.content, &type_name(&format!("{name}Body")), false);
        }
    }
    for (name, response) in &mut components.responses {
        if let ReferenceOr::Item(response) = response {
            let name = type_name(&format!("{name}Response"));
            forms.content(&mut response.content, &name, true);
            forms.headers(response, &name);
        }
    }
    for item in walk::items_mut(model) {
        for (_, operation) in walk::slots(item) {
            let Some(operation) = operation else { continue };
            let id = operation.operation_id.clone().unwrap_or_default();
            let name = type_name(&rust_name(&id));
            for parameter in &mut operation.parameters {
                if let ReferenceOr::Item(parameter) = parameter {
                    let of = parameter.parameter_data_ref().name.to_pascal_case();
                    forms.parameter(parameter, &format!("{name}{of}"));
                }
            }
            if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
                forms.is_in_body = true;
                forms.content(&mut body.content, &format!("{name}Body"), false);
                forms.is_in_body = false;
            }
            let responses = operation.responses.responses.values_mut();
            for response in responses.chain(&mut operation.responses.default) {
                if let ReferenceOr::Item(response) = response {
                    let name = format!("{name}Response");
                    forms.content(&mut response.content, &name, true);
                    forms.headers(response, &name);
                }
            }
        }
    }
    components.schemas = forms.made.schemas;
    components.schemas.sort_unstable_keys();
    model.components = Some(components);
}

/// What others look at of a schema that they refer to and aren't put together of: whether it is text, another name, a
/// type of the library or nullable.
fn without_members(schema: &Schema) -> Schema {
    let has_members = match &schema.schema_kind {
        SchemaKind::Type(kind) => matches!(kind, Type::Object(_) | Type::Array(_)),
        kind @ SchemaKind::Any(_) => !sums::is_composed(kind),
        _ => false,
    };
    let anything = || SchemaKind::Any(AnySchema::default());
    let schema_kind = if has_members { anything() } else { schema.schema_kind.clone() };
    Schema { schema_data: schema.schema_data.clone(), schema_kind }
}

/// What a schema becomes.
enum Form {
    /// Stands where it is.
    Plain(SchemaKind),
    /// Is a component.
    Named(SchemaKind),
    /// Is another schema.
    Same(Place),
    /// Is what was made of another schema.
    Made(Place),
}

/// A schema in a place that is put together of others.
struct Composed {
    schema: Schema,
    is_received: bool,
    /// What its type is called, unless another one has that name.
    wanted: String,
    /// What it will be called, where it leads to itself.
    name: Option<String>,
    /// None while it is made.
    made: Option<Place>,
}

struct Forms {
    /// The document's components. What no other schema is put together of loses its members once it is made: all of
    /// them twice would take the most memory of all.
    old: Components,
    /// The components that others are put together of.
    parts: BTreeSet<String>,
    /// The types of the components.
    names: BTreeMap<String, String>,
    taken: Taken,
    /// Its schemas are those that were made.
    made: Components,
    /// Whether what is made is the body's of one operation.
    is_in_body: bool,
    /// What is put together of others within the outermost such schema: one that leads to itself has no end.
    composed: Vec<Composed>,
}

impl Forms {
    fn of(model: &OpenAPI, old: Components) -> Self {
        let mut taken = Taken::types();
        let mut names = BTreeMap::new();
        // What is a name of Rust as it is keeps it, whatever comes before.
        for is_exact in [true, false] {
            for name in old.schemas.keys() {
                let wanted = type_name(name);
                if (wanted == *name) == is_exact {
                    names.insert(name.clone(), taken.take(&wanted));
                }
            }
        }
        let parts = refers::parts(model, &old);
        let (made, composed) = (Components::default(), Vec::new());
        Self { old, parts, names, taken, made, is_in_body: false, composed }
    }

    fn component(&mut self, name: &str, is_received: bool) {
        let Some(ReferenceOr::Item(old)) = self.old.schemas.get_mut(name) else { return };
        let Some(ty) = self.names.get(name).cloned() else { return };
        if walk::is_rust_type(old) {
            return;
        }
        let rest = if self.parts.contains(name) { old.clone() } else { without_members(old) };
        let schema = &std::mem::replace(old, rest);
        let mut data = kept(&schema.schema_data);
        let is_patch = schema.schema_data.extensions.get(patches::EXTENSION).cloned();
        let mut form = self.form(schema, &ty, is_received, &mut data);
        let kind = loop {
            form = match form {
                Form::Plain(kind) | Form::Named(kind) => break kind,
                Form::Made(ReferenceOr::Item(made)) => break made.schema_kind,
                Form::Made(place) => break SchemaKind::AllOf { all_of: vec![place] },
                Form::Same(ReferenceOr::Item(inner)) => {
                    self.form(&inner, &ty, is_received, &mut data)
                }
                Form::Same(ReferenceOr::Reference { reference }) => {
                    break SchemaKind::AllOf { all_of: vec![self.reference(&reference)] };
                }
            };
        };
        data.nullable = false;
        data.extensions.extend(is_patch.map(|it| (patches::EXTENSION.to_owned(), it)));
        self.made.schemas.insert(ty, item(data, kind));
    }

    fn parameter(&mut self, parameter: &mut openapiv3::Parameter, name: &str) {
        match &mut walk::data_mut(parameter).format {
            ParameterSchemaOrContent::Schema(schema) => {
                *schema = self.place(schema, name, false);
            }
            ParameterSchemaOrContent::Content(content) => {
                self.content(content, name, false);
            }
        }
    }

    fn content(&mut self, content: &mut openapiv3::Content, name: &str, is_received: bool) {
        for media in content.values_mut() {
            let schema = media.schema.take().unwrap_or_else(|| ReferenceOr::Item(anything(None)));
            media.schema = Some(self.place(&schema, name, is_received));
        }
    }

    fn headers(&mut self, response: &mut Response, name: &str) {
        for (header, it) in &mut response.headers {
            let ReferenceOr::Item(it) = it else { continue };
            let name = format!("{name}{}", rust_name(header).to_pascal_case());
            match &mut it.format {
                ParameterSchemaOrContent::Schema(schema) => {
                    *schema = self.place(schema, &name, true);
                }
                ParameterSchemaOrContent::Content(content) => self.content(content, &name, true),
            }
        }
    }

    /// The form of a schema in its place; `name` is what a type gets that is made of it.
    fn place(
        &mut self,
        schema: &ReferenceOr<impl Borrow<Schema>>,
        name: &str,
        is_received: bool,
    ) -> Place {
        let schema: &Schema = match schema {
            ReferenceOr::Reference { reference } => return self.reference(reference),
            ReferenceOr::Item(schema) => schema.borrow(),
        };
        if walk::is_rust_type(schema) {
            ReferenceOr::Item(schema.clone())
        } else if sums::is_composed(&schema.schema_kind) {
            self.composed(schema, name, is_received)
        } else {
            self.written_out(schema, name, is_received, None)
        }
    }

    /// What is put together of others, which is one type however often it is found within itself.
    fn composed(&mut self, schema: &Schema, name: &str, is_received: bool) -> Place {
        let mut composed = self.composed.iter_mut();
        let is_it = |it: &&mut Composed| it.is_received == is_received && it.schema == *schema;
        if let Some(known) = composed.find(is_it) {
            let place = known.made.clone().unwrap_or_else(|| {
                let take = || self.taken.take(&type_name(&known.wanted));
                to(known.name.get_or_insert_with(take))
            });
            let nullable = walk::is_nullable(schema);
            return with(place, SchemaData { nullable, ..kept(&schema.schema_data) });
        }
        let index = self.composed.len();
        self.composed.push(Composed {
            schema: schema.clone(),
            is_received,
            wanted: name.to_owned(),
            name: None,
            made: None,
        });
        let place = self.written_out(schema, name, is_received, Some(index));
        self.composed[index].made = Some(place.clone());
        if index == 0 {
            self.composed.clear();
        }
        place
    }

    /// `composed` is its index, where it is put together of others.
    fn written_out(
        &mut self,
        schema: &Schema,
        name: &str,
        is_received: bool,
        composed: Option<usize>,
    ) -> Place {
        let mut data = kept(&schema.schema_data);
        let form = match self.form(schema, name, is_received, &mut data) {
            Form::Same(place) => Form::Made(self.place(&place, name, is_received)),
            form => form,
        };
        let known = composed.and_then(|index| self.composed[index].name.take());
        let (kind, name) = match (form, known) {
            (Form::Plain(kind), None) => return item(data, kind),
            (Form::Made(place) | Form::Same(place), None) => return with(place, data),
            (Form::Named(kind), None) => (kind, self.taken.take(&type_name(name))),
            (Form::Plain(kind) | Form::Named(kind), Some(known)) => (kind, known),
            (Form::Made(place) | Form::Same(place), Some(known)) => {
                (SchemaKind::AllOf { all_of: vec![place] }, known)
            }
        };
        let mut own = SchemaData { nullable: false, ..data.clone() };
        if self.is_in_body {
            own.extensions.insert(patches::OF_BODY.to_owned(), true.into());
        }
        self.made.schemas.insert(name.clone(), item(own, kind));
        with(to(&name), data)
    }

    /// A reference to the component that one leads to in the end.
    fn reference(&mut self, reference: &str) -> Place {
        let mut reference = reference.to_owned();
        let mut is_nullable = false;
        // References in a circle lead nowhere.
        for _ in 0..=self.old.schemas.len() {
            let name = walk::schema_name(&reference);
            let found = name.and_then(|name| Some((name, self.old.schemas.get(name)?)));
            let Some((name, target)) = found else { break };
            reference = match target {
                ReferenceOr::Reference { reference } => reference.clone(),
                ReferenceOr::Item(schema) if walk::is_rust_type(schema) => {
                    return ReferenceOr::Item(schema.clone());
                }
                ReferenceOr::Item(schema) => {
                    is_nullable |= walk::is_nullable(schema);
                    match sums::alone(&schema.schema_kind) {
                        Some(ReferenceOr::Reference { reference }) => reference.clone(),
                        Some(ReferenceOr::Item(_)) | None => {
                            let place = to(&self.names[name]);
                            let data =
                                SchemaData { nullable: is_nullable, ..SchemaData::default() };
                            return with(place, data);
                        }
                    }
                }
            };
        }
        ReferenceOr::Item(anything(Some("what it refers to isn't there")))
    }
}
