//! Values against their schemas: those that don't fit at a look, many of them at once.
//!
//! Compiling a schema costs far more than using it, and neighbours in a document lead to the same
//! components. So their schemas become one, of a list with an item for each, and their values one list:
//! what they share is compiled once. All at once would be fastest, and take several times the memory that
//! the document does. Of properties that no value has only what is said of them where they are missing is there.

use std::mem::take;
use std::sync::LazyLock;

use jsonschema::{ValidationError, ValidationOptions, Validator};
use letterhead_document::Node;
use regress::Regex;
use serde_json::{Map, Value as Json};

use super::collect::{Role, Specimen};
use super::convert::Converter;
use super::effort::Effort;
use super::look::Look;
use super::unclear::Unclear;
use crate::model::Model;
use crate::shape::Kind;

/// So many schemas are compiled together, and a few more.
const TOGETHER: usize = 60;

/// How often schemas may be compiled on average. Where every schema leads to all others, what is left
/// after that is compiled together after all: it takes memory, but time in proportion to the document.
const REPEATS: usize = 4;

/// The values that a schema is there for.
type Group<'d> = Vec<Specimen<'d>>;

/// What is known about a value in the end, if it isn't that it fits.
pub(super) enum Verdict<'r, 'd> {
    /// What is wrong at the paths into it, and the whole of the schemas, which the errors' paths lead through.
    Misfits(&'r Specimen<'d>, &'r [Misfit<'r>], &'r Json),
    /// Nothing: its schema asks for too much.
    Unknown(&'r Specimen<'d>),
}

/// Calls `report` about each value that doesn't fit, or may not.
pub(super) fn check<'d>(
    model: &Model<'d>,
    unclear: &Unclear,
    collection: &[(&'d Node, Specimen<'d>)],
    mut report: impl FnMut(&Verdict<'_, 'd>),
) {
    let options = options();
    let build = |schema: &Json| options.build(schema).ok();
    let mut look = Look::new(model, unclear, &build);
    let mut effort = Effort::new(model);
    let mut left = REPEATS * model.all(Kind::Schema).count();
    let mut open: Vec<(&'d Node, &str, Group<'d>)> = Vec::new();
    for of_schema in collection.chunk_by(|(one, _), (other, _)| std::ptr::eq(*one, *other)) {
        let (schema, Specimen { role, .. }) = of_schema[0];
        // A list is no reason why its own values fit.
        let but = if role == Role::Listed { "enum" } else { "" };
        let specimens = of_schema.iter().map(|(_, specimen)| *specimen);
        let (mut group, others): (Group<'d>, Group<'d>) =
            specimens.partition(|specimen| effort.is_bearable(schema, specimen.value));
        for specimen in &others {
            report(&Verdict::Unknown(specimen));
        }
        group.retain(|specimen| look.fits(schema, but, specimen.value) != Some(true));
        if group.is_empty() {
            continue;
        }
        open.push((schema, but, group));
    }
    let values = open.iter().flat_map(|(_, _, group)| group).map(|specimen| specimen.value);
    let mut converter = Converter::new(model, unclear, values);
    let mut groups: Vec<Group<'d>> = Vec::new();
    let mut schemas: Vec<Json> = Vec::new();
    for (schema, but, group) in open {
        groups.push(group);
        schemas.push(items(converter.convert(schema, but)));
        if converter.size() > TOGETHER && left > 0 {
            left = left.saturating_sub(converter.size());
            let (groups, schemas) = (take(&mut groups), take(&mut schemas));
            let components = converter.take_components();
            check_all(&options, &groups, schemas, components, &mut report);
        }
    }
    if !groups.is_empty() {
        let components = converter.take_components();
        check_all(&options, &groups, schemas, components, &mut report);
    }
}

/// An error of the validator, and where in the value it is.
pub(super) struct Misfit<'e> {
    pub(super) path: String,
    pub(super) error: ValidationError<'e>,
}

fn check_all<'d>(
    options: &ValidationOptions<'_>,
    groups: &[Group<'d>],
    schemas: Vec<Json>,
    components: Json,
    report: &mut impl FnMut(&Verdict<'_, 'd>),
) {
    let mut whole = object([
        ("$schema", "https://json-schema.org/draft/2020-12/schema".into()),
        ("prefixItems", schemas.into()),
        ("components", components),
    ]);
    match options.build(&whole) {
        Ok(validator) => check_with(&validator, groups, &whole, report),
        // One schema that can't be compiled keeps the rest from nothing.
        Err(_) if groups.len() > 1 => {
            let half = groups.len() / 2;
            let components = whole["components"].take();
            let Json::Array(mut first) = whole["prefixItems"].take() else {
                return;
            };
            let second = first.split_off(half);
            check_all(options, &groups[..half], first, components.clone(), report);
            check_all(options, &groups[half..], second, components, report);
        }
        Err(_) => {
            let all = groups.iter().flatten();
            all.for_each(|specimen| report(&Verdict::Unknown(specimen)));
        }
    }
}

/// The schema of a list of values of this schema.
fn items(schema: Json) -> Json {
    object([("items", schema)])
}

/// Like `json!`, which copies what is in it.
fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    let members = members.map(|(key, value)| (key.to_owned(), value));
    Json::Object(Map::from_iter(members))
}

fn check_with<'d>(
    validator: &Validator,
    groups: &[Group<'d>],
    whole: &Json,
    report: &mut impl FnMut(&Verdict<'_, 'd>),
) {
    let values: Json = groups
        .iter()
        .map(|group| -> Json { group.iter().map(|of| of.value.to_json()).collect() })
        .collect();
    // Errors come in the order of the values.
    let mut current: Option<(usize, usize)> = None;
    let mut misfits: Vec<Misfit<'_>> = Vec::new();
    for error in validator.iter_errors(&values) {
        let Some((place, path)) = place_of(error.instance_path().as_str()) else {
            continue;
        };
        if current.is_some_and(|current| current != place) {
            flush(groups, current, &misfits, whole, report);
            misfits.clear();
        }
        current = Some(place);
        misfits.push(Misfit { path, error });
    }
    flush(groups, current, &misfits, whole, report);
}

fn flush<'d>(
    groups: &[Group<'d>],
    place: Option<(usize, usize)>,
    misfits: &[Misfit<'_>],
    whole: &Json,
    report: &mut impl FnMut(&Verdict<'_, 'd>),
) {
    let specimen = place.and_then(|(group, value)| groups.get(group)?.get(value));
    if let Some(specimen) = specimen {
        report(&Verdict::Misfits(specimen, misfits, whole));
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
    let options = jsonschema::options().should_validate_formats(true);
    options.with_format("byte", is_base64).with_format("duration", is_duration)
}

/// By ISO 8601, which has fractions and leaves out what is zero; RFC 3339 has neither, and many values do.
fn is_duration(text: &str) -> bool {
    static DURATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let time = r"T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?";
        Regex::new(&format!(r"^P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+D)?({time})?)$")).ok()
    });
    DURATION.as_ref().is_none_or(|duration| duration.find(text).is_some())
}

fn is_base64(text: &str) -> bool {
    let text: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let digits = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    let is_digit =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    text.len().is_multiple_of(4) && text.len() - digits <= 2 && text[..digits].iter().all(is_digit)
}
