//! Explains the errors of the JSON Schema validator to the author of a document.

use std::collections::HashSet;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Wrong};
use letterhead_document::pointer::unescaped;
use letterhead_document::{Kind as Value, Span};
use serde_json::Value as Json;

use super::collect::{Role, Specimen};
use super::fit::{Misfit, place_of};
use crate::checks::references::targets::start_of;
use crate::finding::did_you_mean;
use crate::model::Side;

/// One thing that is wrong with a value.
pub(super) struct Mismatch {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: String,
}

/// The mismatches of a value, each one once.
pub(super) fn explain(
    specimen: &Specimen<'_>,
    misfits: &[Misfit<'_>],
    schemas: &Json,
    written: &dyn Fn(Span) -> String,
) -> Vec<Mismatch> {
    let errors: Vec<(&str, &ValidationError<'_>)> =
        misfits.iter().map(|misfit| (misfit.path.as_str(), &misfit.error)).collect();
    let explainer = Explainer { specimen, schemas, written };
    let mut mismatches = Vec::new();
    explainer.all(&errors, &mut mismatches);
    mismatches
}

pub(super) struct Explainer<'s, 'd> {
    pub(super) specimen: &'s Specimen<'d>,
    pub(super) schemas: &'s Json,
    pub(super) written: &'s dyn Fn(Span) -> String,
}

impl Explainer<'_, '_> {
    fn all(&self, errors: &[(&str, &ValidationError<'_>)], mismatches: &mut Vec<Mismatch>) {
        // A value of the wrong type breaks its other limits too: only the first mismatch of
        // a value is reported.
        let mut sorted: Vec<_> = errors
            .iter()
            .filter(|(path, error)| {
                !is_undecided(error.kind())
                    && !self.is_of_other_side(error)
                    && !is_misspelt(path, error, errors)
            })
            .collect();
        sorted.sort_by_key(|(_, error)| weight(error.kind()));
        let mut settled: HashSet<&str> = HashSet::new();
        let mut missing: Vec<(&str, Vec<&str>)> = Vec::new();
        for (path, error) in sorted {
            let Wrong::Required { property } = error.kind() else {
                if settled.insert(path) {
                    self.one(path, error, mismatches);
                }
                continue;
            };
            let name = property.as_str().unwrap_or_default();
            if settled.contains(path) {
                continue;
            }
            match missing.iter_mut().find(|(at, _)| at == path) {
                Some((_, names)) if names.contains(&name) => {}
                Some((_, names)) => names.push(name),
                None => missing.push((path, vec![name])),
            }
        }
        mismatches.extend(missing.iter().map(|(path, names)| self.missing(path, names)));
    }

    /// Whether what is missing belongs to the other direction only.
    fn is_of_other_side(&self, error: &ValidationError<'_>) -> bool {
        let Wrong::Required { property } = error.kind() else {
            return false;
        };
        let Some(name) = property.as_str() else {
            return false;
        };
        let whole = self.whole_at(error.evaluation_path().as_str());
        let parts = self.parts(whole);
        let declared = || parts.iter().filter_map(|part| part["properties"].get(name));
        let is = |flag: &str| {
            declared().any(|property| {
                self.parts(property).iter().any(|part| part[flag] == Json::Bool(true))
            })
        };
        self.specimen.side != Side::Response && is("readOnly")
            || self.specimen.side != Side::Request && is("writeOnly")
    }

    /// The outermost schema of the value that an error is about, by its path through the schemas.
    fn whole_at(&self, path: &str) -> &Json {
        let (mut whole, mut at) = (self.schemas, self.schemas);
        let mut parts = path.split('/').skip(1);
        while let Some(part) = parts.next() {
            match part {
                "$ref" => at = self.target(at).unwrap_or(&Json::Null),
                "allOf" | "anyOf" | "oneOf" => at = step(&at[part], parts.next()),
                "not" => at = &at[part],
                "properties" | "prefixItems" => {
                    at = step(&at[part], parts.next());
                    whole = at;
                }
                "items" | "additionalProperties" => {
                    at = &at[part];
                    whole = at;
                }
                _ => break,
            }
        }
        whole
    }

    /// A schema and all that it is composed of.
    fn parts<'s>(&'s self, schema: &'s Json) -> Vec<&'s Json> {
        let mut parts = vec![schema];
        let mut at = 0;
        while let Some(part) = parts.get(at).copied() {
            let lists = ["allOf", "anyOf", "oneOf"].map(|list| part[list].as_array());
            let further = lists.into_iter().flatten().flatten().chain(self.target(part));
            for part in further {
                if !parts.iter().any(|known| std::ptr::eq(*known, part)) {
                    parts.push(part);
                }
            }
            at += 1;
        }
        parts
    }

    fn target(&self, schema: &Json) -> Option<&Json> {
        self.schemas.pointer(schema["$ref"].as_str()?.strip_prefix('#')?)
    }

    fn one(&self, path: &str, error: &ValidationError<'_>, mismatches: &mut Vec<Mismatch>) {
        match error.kind() {
            Wrong::AnyOf { context } => self.choice("anyOf", path, context, mismatches),
            Wrong::OneOfNotValid { context } => self.choice("oneOf", path, context, mismatches),
            Wrong::Required { property } => {
                mismatches.push(self.missing(path, &[property.as_str().unwrap_or_default()]));
            }
            Wrong::AdditionalProperties { unexpected } => {
                for key in unexpected {
                    mismatches.push(self.unexpected(path, key, error));
                }
            }
            Wrong::Type { kind } => {
                let types = match kind {
                    TypeKind::Single(one) => vec![one.to_string()],
                    TypeKind::Multiple(set) => set.iter().map(|one| one.to_string()).collect(),
                };
                mismatches.push(self.mistyped(path, &types));
            }
            kind => {
                let node = self.specimen.value.at(path);
                let (what, help) = self.limit(kind, node, error);
                let message = format!("{} {what}", self.subject(path));
                mismatches.push(Mismatch { span: self.span(path), message, help });
            }
        }
    }

    /// None of several schemas fits: the nearest one is explained, if there is one.
    fn choice(
        &self,
        keyword: &str,
        path: &str,
        context: &[Vec<ValidationError<'static>>],
        mismatches: &mut Vec<Mismatch>,
    ) {
        let branches: Vec<Vec<(String, &ValidationError<'_>)>> = context
            .iter()
            .map(|errors| {
                let placed = errors.iter().filter(|error| !self.is_of_other_side(error));
                placed
                    .filter_map(|error| Some((place_of(error.instance_path().as_str())?.1, error)))
                    .collect()
            })
            .collect();
        let distance = |errors: &[(String, &ValidationError<'_>)]| {
            let worst = errors.iter().map(|(at, error)| far(path, at, error)).max();
            (worst.unwrap_or_default(), errors.len())
        };
        let mut order: Vec<&Vec<(String, &ValidationError<'_>)>> = branches.iter().collect();
        order.sort_by_key(|errors| distance(errors));
        let types = branches.iter().map(|errors| match errors.as_slice() {
            [(at, error)] if at == path => match error.kind() {
                Wrong::Type { kind: TypeKind::Single(one) } => Some(vec![one.to_string()]),
                Wrong::Type { kind: TypeKind::Multiple(set) } => {
                    Some(set.iter().map(|one| one.to_string()).collect())
                }
                _ => None,
            },
            _ => None,
        });
        if let Some(types) = types.collect::<Option<Vec<Vec<String>>>>()
            && !types.is_empty()
        {
            let mut types: Vec<String> = types.into_iter().flatten().collect();
            types.dedup();
            mismatches.push(self.mistyped(path, &types));
            return;
        }
        let listed = branches.iter().map(|errors| match errors.as_slice() {
            [(at, error)] if at == path => match error.kind() {
                Wrong::Enum { options } => options.as_array().cloned(),
                _ => None,
            },
            _ => None,
        });
        if let Some(listed) = listed.collect::<Option<Vec<Vec<Json>>>>()
            && !listed.is_empty()
        {
            let (what, help) = self.not_listed(self.specimen.value.at(path), &listed.concat());
            let message = format!("{} {what}", self.subject(path));
            mismatches.push(Mismatch { span: self.span(path), message, help });
            return;
        }
        let is_clear = match order.as_slice() {
            [first, second, ..] => distance(first).0 < distance(second).0,
            [_] => true,
            [] => false,
        };
        if is_clear && !order[0].is_empty() {
            let errors: Vec<(&str, &ValidationError<'_>)> =
                order[0].iter().map(|(at, error)| (at.as_str(), *error)).collect();
            self.all(&errors, mismatches);
            return;
        }
        let mut reason = Vec::new();
        if let Some((at, error)) = order.first().and_then(|errors| errors.first()) {
            self.one(at, error, &mut reason);
        }
        let message = format!(
            "{} fits none of the {} schemas of `{keyword}`",
            self.subject(path),
            context.len()
        );
        let help = match reason.first() {
            Some(reason) => format!("for the nearest one: {}", reason.message),
            None => "write a value that fits one of them".to_owned(),
        };
        mismatches.push(Mismatch { span: self.span(path), message, help });
    }

    pub(super) fn subject(&self, path: &str) -> String {
        let value = self.specimen.value;
        let is_short = !matches!(value.kind, Value::Array(_) | Value::Object(_));
        let whole = match self.specimen.role {
            Role::Example => "the example",
            Role::Default => "the default",
            Role::Listed if is_short => {
                return format!("`{}` of `enum`", (self.written)(value.span));
            }
            Role::Listed => "the listed value",
        };
        if path.is_empty() { whole.to_owned() } else { format!("`{path}` of {whole}") }
    }

    /// The value at a path, or the key of what is too long to underline.
    pub(super) fn span(&self, path: &str) -> Span {
        let node = self.specimen.value.at(path);
        let is_long = matches!(node.kind, Value::Array(_) | Value::Object(_));
        if is_long || node.span.start == node.span.end { self.key_span(path) } else { node.span }
    }

    /// The key of the value at a path; of an item of a list, where the item starts.
    pub(super) fn key_span(&self, path: &str) -> Span {
        let Some((outer, last)) = path.rsplit_once('/') else {
            return match self.specimen.role {
                Role::Listed => start_of(self.specimen.value),
                Role::Example | Role::Default => self.specimen.key.span,
            };
        };
        let last = unescaped(last);
        let node = self.specimen.value.at(path);
        match self.specimen.value.at(outer).entry(&last) {
            Some((key, _)) => key.span,
            None => node.members().next().map_or(node.span, |(key, _)| key.span),
        }
    }
}

/// A member or an item of a part of the schemas.
fn step<'s>(of: &'s Json, name: Option<&str>) -> &'s Json {
    let name = name.unwrap_or_default();
    match name.parse::<usize>() {
        Ok(index) if of.is_array() => &of[index],
        _ => &of[&*unescaped(name)],
    }
}

/// Whether what is missing is there under a name with a typo, which is refused as such.
fn is_misspelt(
    path: &str,
    error: &ValidationError<'_>,
    errors: &[(&str, &ValidationError<'_>)],
) -> bool {
    let Wrong::Required { property } = error.kind() else {
        return false;
    };
    let Some(name) = property.as_str() else {
        return false;
    };
    errors.iter().any(|(at, other)| match other.kind() {
        Wrong::AdditionalProperties { unexpected } => {
            *at == path && unexpected.iter().any(|key| did_you_mean(key, [name]).is_some())
        }
        _ => false,
    })
}

/// Whether the validator gave up, so that nothing is known about the value.
fn is_undecided(kind: &Wrong) -> bool {
    matches!(
        kind,
        Wrong::BacktrackLimitExceeded { .. }
            | Wrong::RegexEngineFailure { .. }
            | Wrong::Referencing(_)
    )
}

/// How far a schema is from fitting, by one of its errors: one of another type is out of the question,
/// and one whose property has another value, as a tag has, nearly so.
fn far(path: &str, at: &str, error: &ValidationError<'_>) -> u8 {
    let below = at.strip_prefix(path).unwrap_or_default();
    match error.kind() {
        Wrong::Type { .. } if below.is_empty() => 3,
        Wrong::Enum { .. } | Wrong::Constant { .. } if below.matches('/').count() == 1 => 2,
        _ => 1,
    }
}

fn weight(kind: &Wrong) -> u8 {
    match kind {
        Wrong::Type { .. } => 0,
        Wrong::AnyOf { .. } | Wrong::OneOfNotValid { .. } => 1,
        Wrong::Enum { .. } => 2,
        Wrong::Format { .. } => 3,
        Wrong::Required { .. } => 4,
        Wrong::AdditionalProperties { .. } => 5,
        _ => 6,
    }
}
