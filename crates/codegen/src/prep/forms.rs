//! Every schema in a form that there is a type for. What has none is any JSON, at the smallest place.
//!
//! A schema in a place is text, a number, a flag, a list, a map, JSON, or a reference to a component. A component
//! is an object with its members written out, an enum of texts, a choice, or a type around one of the former.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, BooleanType, Components, Discriminator,
    IntegerType, NumberType, ObjectType, OpenAPI, ParameterSchemaOrContent, ReferenceOr, Response,
    Schema, SchemaData, SchemaKind, StringType, Type,
};

use super::names::{Taken, rust_name, type_name};
use super::places::{Place, anything, boxed, item, kept, note, take_null, to, with};
use super::{integers, patches, schemas, sums, walk};
use crate::choices::Choice;

/// Gives every schema of the document such a form.
pub(super) fn give(model: &mut OpenAPI) {
    let mut old = std::mem::take(&mut model.components).unwrap_or_default();
    // Schemas are made anew, and the rest is copied.
    let schemas = std::mem::take(&mut old.schemas);
    let mut components = old.clone();
    old.schemas = schemas;
    let received = schemas::sent_by_vendors(model, &old);
    let mut forms = Forms::of(&old);
    for (name, schema) in &old.schemas {
        forms.component(name, schema, received.contains(name));
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
    components.schemas =
        forms.made.into_iter().map(|(name, it)| (name, ReferenceOr::Item(it))).collect();
    model.components = Some(components);
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

struct Forms<'m> {
    old: &'m Components,
    /// The types of the components.
    names: BTreeMap<&'m str, String>,
    taken: Taken,
    made: BTreeMap<String, Schema>,
    /// Whether what is made is the body's of one operation.
    is_in_body: bool,
    /// What is put together of others within the outermost such schema: one that leads to itself has no end.
    composed: Vec<Composed>,
}

impl<'m> Forms<'m> {
    fn of(old: &'m Components) -> Self {
        let mut taken = Taken::types();
        let mut names = BTreeMap::new();
        // What is a name of Rust as it is keeps it, whatever comes before.
        for is_exact in [true, false] {
            for name in old.schemas.keys() {
                let wanted = type_name(name);
                if (wanted == *name) == is_exact {
                    names.insert(name.as_str(), taken.take(&wanted));
                }
            }
        }
        Self { old, names, taken, made: BTreeMap::new(), is_in_body: false, composed: Vec::new() }
    }

    fn component(&mut self, name: &str, schema: &Place, is_received: bool) {
        let ReferenceOr::Item(schema) = schema else { return };
        let Some(ty) = self.names.get(name).cloned() else { return };
        if walk::is_rust_type(schema) {
            return;
        }
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
        self.made.insert(ty, Schema { schema_data: data, schema_kind: kind });
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
    fn place(&mut self, schema: &Place, name: &str, is_received: bool) -> Place {
        match schema {
            ReferenceOr::Reference { reference } => self.reference(reference),
            ReferenceOr::Item(schema) if walk::is_rust_type(schema) => {
                ReferenceOr::Item(schema.clone())
            }
            ReferenceOr::Item(schema) if sums::is_composed(&schema.schema_kind) => {
                self.composed(schema, name, is_received)
            }
            ReferenceOr::Item(schema) => self.written_out(schema, name, is_received, None),
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
        self.made.insert(name.clone(), Schema { schema_data: own, schema_kind: kind });
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

    fn form(
        &mut self,
        schema: &Schema,
        name: &str,
        is_received: bool,
        data: &mut SchemaData,
    ) -> Form {
        match &schema.schema_kind {
            SchemaKind::Type(kind) => self.typed(kind, name, is_received, data),
            SchemaKind::OneOf { one_of: parts } => {
                self.choice(schema, parts, name, is_received, data)
            }
            SchemaKind::AnyOf { any_of: parts } => {
                let one = SchemaKind::OneOf { one_of: parts.clone() };
                let schema = Schema { schema_kind: one, ..schema.clone() };
                self.choice(&schema, parts, name, is_received, data)
            }
            SchemaKind::AllOf { .. } => self.sum(schema, name, is_received, data),
            SchemaKind::Not { .. } => json(data, "the document says by `not` what it isn't"),
            SchemaKind::Any(any) => match sums::bare_kind(any) {
                Some(kind) => {
                    let schema = Schema { schema_kind: kind, ..schema.clone() };
                    self.form(&schema, name, is_received, data)
                }
                None if sums::is_bare(any) => Form::Plain(SchemaKind::Any(AnySchema::default())),
                None => self.sum(schema, name, is_received, data),
            },
        }
    }

    fn typed(&mut self, kind: &Type, name: &str, is_received: bool, data: &mut SchemaData) -> Form {
        let plain = |kind| Form::Plain(SchemaKind::Type(kind));
        match kind {
            Type::String(string) => {
                let mut seen = BTreeSet::new();
                let values = string.enumeration.iter().flatten();
                let values: Vec<_> = values.filter(|value| seen.insert(*value)).cloned().collect();
                text(values)
            }
            Type::Integer(integer) if integers::is_beyond(integer) => {
                json(data, "a whole number that may be too large for a type of Rust")
            }
            Type::Integer(integer) => plain(Type::Integer(IntegerType {
                format: integers::known(&integer.format),
                ..IntegerType::default()
            })),
            Type::Number(_) => plain(Type::Number(NumberType::default())),
            Type::Boolean(_) => plain(Type::Boolean(BooleanType::default())),
            Type::Array(array) => {
                let items = array.items.clone().map(ReferenceOr::unbox);
                let items = items.unwrap_or_else(|| ReferenceOr::Item(anything(None)));
                let items = self.place(&items, &format!("{name}Item"), is_received);
                plain(Type::Array(ArrayType {
                    items: Some(boxed(items)),
                    min_items: None,
                    max_items: None,
                    unique_items: false,
                }))
            }
            Type::Object(object) => self.object(object, name, is_received, data),
        }
    }

    fn object(
        &mut self,
        object: &ObjectType,
        name: &str,
        is_received: bool,
        data: &mut SchemaData,
    ) -> Form {
        let mut made = ObjectType::default();
        if object.properties.is_empty() {
            if let Some(AdditionalProperties::Schema(rest)) = &object.additional_properties {
                let rest = self.place(rest, &format!("{name}Value"), is_received);
                made.additional_properties = Some(AdditionalProperties::Schema(Box::new(rest)));
            }
            return Form::Plain(SchemaKind::Type(Type::Object(made)));
        }
        if let Some(AdditionalProperties::Schema(rest)) = &object.additional_properties
            && rest.as_item().is_none_or(|rest| !walk::is_anything(rest))
        {
            note(
                data,
                "The members that it doesn't name have a type in the document; `extra` has them as JSON.",
            );
        }
        for (member, schema) in &object.properties {
            let name = format!("{name}{}", rust_name(member).to_pascal_case());
            let schema = self.place(&schema.clone().unbox(), &name, is_received);
            made.properties.insert(member.clone(), boxed(schema));
        }
        let is_member = |name: &&String| object.properties.contains_key(*name);
        made.required = object.required.iter().filter(is_member).cloned().collect();
        // `true` would drop them; an empty schema keeps them.
        made.additional_properties =
            Some(AdditionalProperties::Schema(Box::new(ReferenceOr::Item(anything(None)))));
        Form::Named(SchemaKind::Type(Type::Object(made)))
    }

    /// One object of what is put together, or the one part that says what it is.
    fn sum(
        &mut self,
        schema: &Schema,
        name: &str,
        is_received: bool,
        data: &mut SchemaData,
    ) -> Form {
        if let Some((place, beside)) = sums::described(self.old, &schema.schema_kind) {
            data.nullable |= beside.iter().any(|it| it.nullable);
            let said = beside.iter().find_map(|it| it.description.clone());
            data.description = data.description.take().or(said);
            return Form::Same(place.clone());
        }
        if let Some(object) = sums::object(self.old, &schema.schema_kind) {
            return self.object(&object, name, is_received, data);
        }
        match sums::only_part(self.old, &schema.schema_kind) {
            Some(place) => Form::Same(place),
            None => json(data, "the document puts it together of schemas that aren't all objects"),
        }
    }

    fn choice(
        &mut self,
        schema: &Schema,
        parts: &[Place],
        name: &str,
        is_received: bool,
        data: &mut SchemaData,
    ) -> Form {
        data.nullable |= parts.iter().any(walk::is_null);
        let mut parts: Vec<Place> = parts.iter().filter(|it| !walk::is_null(it)).cloned().collect();
        let mut seen: Vec<Place> = Vec::new();
        parts.retain(|part| {
            let is_new = !seen.contains(part);
            seen.push(part.clone());
            is_new
        });
        if let [alone] = parts.as_slice() {
            return Form::Same(alone.clone());
        }
        if let Some(values) = sums::texts(self.old, &parts) {
            return text(values);
        }
        let is_object = |part: &Place| sums::object_of(self.old, part).is_some();
        let (objects, others): (Vec<Place>, Vec<Place>) = parts.into_iter().partition(is_object);
        let choice = {
            let named =
                objects.iter().enumerate().map(|(place, part)| self.named(part, place, name));
            let named: Vec<Option<(String, ObjectType)>> = named.collect();
            let known: Option<Vec<_>> = named.into_iter().collect();
            known.and_then(|known| {
                let components = components_of(&known);
                let one_of = known.iter().map(|(name, _)| to(name)).collect();
                let kind = SchemaKind::OneOf { one_of };
                Choice::of(&components, &Schema { schema_kind: kind, ..schema.clone() })
            })
        };
        let mut places: Vec<Place> = Vec::new();
        if objects.len() > 1 && others.is_empty() && choice.is_some() || !is_received {
            for (index, part) in objects.iter().enumerate() {
                let name = format!("{name}Variant{index}");
                places.push(self.place(part, &name, is_received));
            }
            // By the names of the document, which the types don't have.
            data.discriminator = choice.map(|choice| {
                let types = places.iter().map(|place| sums::name_of(place).unwrap_or_default());
                let mapping =
                    choice.members.into_iter().zip(types).flat_map(|((_, values), ty)| {
                        values.into_iter().map(move |value| (value, ty.to_owned()))
                    });
                Discriminator {
                    property_name: choice.tag,
                    mapping: mapping.collect(),
                    ..Discriminator::default()
                }
            });
        } else if !objects.is_empty() {
            let kind = SchemaKind::OneOf { one_of: objects.clone() };
            match sums::object(self.old, &kind) {
                Some(whole) if others.is_empty() => {
                    note(
                        data,
                        "One of several objects, which nothing distinguishes: it has the members of all of them.",
                    );
                    return self.object(&whole, name, is_received, data);
                }
                Some(_) if objects.len() == 1 => {
                    places.push(self.place(&objects[0], &format!("{name}Object"), is_received));
                }
                Some(whole) => {
                    let whole = Schema {
                        schema_data: SchemaData::default(),
                        schema_kind: SchemaKind::Type(Type::Object(whole)),
                    };
                    let name = format!("{name}Object");
                    places.push(self.place(&ReferenceOr::Item(whole), &name, is_received));
                }
                None => return json(data, "the document lets it be one of several objects"),
            }
        }
        for (index, part) in others.iter().enumerate() {
            let place = self.place(part, &format!("{name}Other{index}"), is_received);
            if matches!(&place, ReferenceOr::Item(schema) if walk::is_anything(schema)) {
                return json(data, "the document lets it be one of several things, or anything");
            }
            places.push(place);
        }
        // A null among them would hide that all may be null.
        for place in &mut places {
            data.nullable |= take_null(place);
        }
        let mut kept: Vec<Place> = Vec::new();
        for place in places {
            if !kept.contains(&place) {
                kept.push(place);
            }
        }
        // What is whole before what is broken: `1` is an integer, and a number would take it as well.
        kept.sort_by_key(|place| matches!(place, ReferenceOr::Item(schema) if matches!(schema.schema_kind, SchemaKind::Type(Type::Number(_)))));
        match kept.len() {
            0 => json(data, "the document lets it be one of nothing"),
            1 => Form::Made(kept.remove(0)),
            _ => Form::Named(SchemaKind::OneOf { one_of: kept }),
        }
    }

    /// The name of an object among several, and the object with its members, of which texts are written out.
    fn named(&self, part: &Place, index: usize, name: &str) -> Option<(String, ObjectType)> {
        let mut object = sums::object_of(self.old, part)?;
        for member in object.properties.values_mut() {
            let place = member.clone().unbox();
            let found = sums::resolved(self.old, &place);
            if let Some(found) =
                found.filter(|it| matches!(it.schema_kind, SchemaKind::Type(Type::String(_))))
            {
                *member = ReferenceOr::Item(Box::new(found.clone()));
            }
        }
        let name = match part {
            ReferenceOr::Reference { reference } => walk::schema_name(reference)?.to_owned(),
            ReferenceOr::Item(_) => format!("{name}Variant{index}"),
        };
        Some((name, object))
    }
}

fn components_of(objects: &[(String, ObjectType)]) -> Components {
    let schemas = objects.iter().map(|(name, object)| {
        let kind = SchemaKind::Type(Type::Object(object.clone()));
        let schema = Schema { schema_data: SchemaData::default(), schema_kind: kind };
        (name.clone(), ReferenceOr::Item(schema))
    });
    Components { schemas: schemas.collect(), ..Components::default() }
}

fn text(values: Vec<String>) -> Form {
    let is_enum = !values.is_empty();
    let kind = SchemaKind::Type(Type::String(StringType {
        enumeration: values.into_iter().map(Some).collect(),
        ..StringType::default()
    }));
    if is_enum { Form::Named(kind) } else { Form::Plain(kind) }
}

fn json(data: &mut SchemaData, why: &str) -> Form {
    note(data, &format!("Any JSON: {why}."));
    Form::Plain(SchemaKind::Any(AnySchema::default()))
}
