//! Values against their schemas, all of them at once.
//!
//! Compiling a schema costs far more than using it, and most schemas of a document lead to the same
//! components. So all of them become one schema, of a list with an item for each, and all values one
//! list: what the schemas share is compiled once.

use jsonschema::{ValidationError, ValidationOptions, Validator};
use serde_json::{Value as Json, json};

use super::collect::{Collection, Specimen};
use super::convert::Converter;
use super::effort::Effort;
use crate::diagnostic::Findings;
use crate::model::Model;

/// A schema, and the values that it is there for.
struct Group<'d> {
    schema: Json,
    specimens: Vec<Specimen<'d>>,
}

/// Calls `tell` with each value that doesn't fit, the path into it and what is wrong there.
///
/// The last argument is the whole of the schemas, which the errors' schema paths lead through.
pub(super) fn check<'d>(
    model: &Model<'d>,
    findings: &Findings,
    collection: &Collection<'d>,
    mut tell: impl FnMut(&Specimen<'d>, &[Misfit<'_>], &Json),
) {
    let mut converter = Converter::new(model, findings);
    let mut effort = Effort::new(model);
    let mut groups: Vec<Group<'d>> = Vec::new();
    for (schema, specimens) in &collection.groups {
        let mut bearable = specimens.clone();
        bearable.retain(|specimen| effort.is_bearable(schema, specimen.value));
        if !bearable.is_empty() {
            groups.push(Group {
                schema: converter.schema(schema),
                specimens: bearable,
            });
        }
    }
    if groups.is_empty() {
        return;
    }
    let components = converter.components();
    let options = options();
    check_all(&options, &groups, &components, &mut tell);
}

/// An error of the validator, and where in the value it is.
pub(super) struct Misfit<'e> {
    pub(super) path: String,
    pub(super) error: ValidationError<'e>,
}

fn check_all<'d>(
    options: &ValidationOptions<'_>,
    groups: &[Group<'d>],
    components: &Json,
    tell: &mut impl FnMut(&Specimen<'d>, &[Misfit<'_>], &Json),
) {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "prefixItems": groups.iter().map(|group| json!({ "items": group.schema })).collect::<Vec<_>>(),
        "components": components,
    });
    match options.build(&whole) {
        Ok(validator) => check_with(&validator, groups, &whole, tell),
        // One schema that can't be compiled keeps the rest from nothing.
        Err(_) if groups.len() > 1 => {
            let (first, second) = groups.split_at(groups.len() / 2);
            check_all(options, first, components, tell);
            check_all(options, second, components, tell);
        }
        Err(_) => {}
    }
}

fn check_with<'d>(
    validator: &Validator,
    groups: &[Group<'d>],
    whole: &Json,
    tell: &mut impl FnMut(&Specimen<'d>, &[Misfit<'_>], &Json),
) {
    let values: Json = groups
        .iter()
        .map(|group| -> Json {
            group
                .specimens
                .iter()
                .map(|of| of.value.to_json())
                .collect()
        })
        .collect();
    // Errors come in the order of the values.
    let mut current: Option<(usize, usize)> = None;
    let mut misfits: Vec<Misfit<'_>> = Vec::new();
    for error in validator.iter_errors(&values) {
        let Some((place, path)) = place_of(error.instance_path().as_str()) else {
            continue;
        };
        if current.is_some_and(|current| current != place) {
            flush(groups, current, &misfits, whole, tell);
            misfits.clear();
        }
        current = Some(place);
        misfits.push(Misfit { path, error });
    }
    flush(groups, current, &misfits, whole, tell);
}

fn flush<'d>(
    groups: &[Group<'d>],
    place: Option<(usize, usize)>,
    misfits: &[Misfit<'_>],
    whole: &Json,
    tell: &mut impl FnMut(&Specimen<'d>, &[Misfit<'_>], &Json),
) {
    let specimen = place.and_then(|(group, value)| groups.get(group)?.specimens.get(value));
    if let Some(specimen) = specimen {
        tell(specimen, misfits, whole);
    }
}

/// The group and the value that a path starts with, and the rest of it.
pub(super) fn place_of(path: &str) -> Option<((usize, usize), String)> {
    let mut parts = path.splitn(4, '/').skip(1);
    let group = parts.next()?.parse().ok()?;
    let value = parts.next()?.parse().ok()?;
    let rest = parts.next().map(|rest| format!("/{rest}"));
    Some(((group, value), rest.unwrap_or_default()))
}

fn options() -> ValidationOptions<'static> {
    jsonschema::options()
        .should_validate_formats(true)
        .with_format("byte", is_base64)
}

fn is_base64(text: &str) -> bool {
    let text: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
        .collect();
    let digits = text
        .iter()
        .rposition(|byte| *byte != b'=')
        .map_or(0, |last| last + 1);
    let is_digit =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    text.len().is_multiple_of(4) && text.len() - digits <= 2 && text[..digits].iter().all(is_digit)
}
