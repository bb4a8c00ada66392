//! `x-paging`: how a list goes on from page to page.

use letterhead_document::{Kind as Value, Node, Operation, Parameter, Response, Schema, Span};

use super::one_of;
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::layer;

/// A kind, the members that it has to have, and those that it may have.
type Way = (&'static str, &'static [&'static str], &'static [&'static str]);

const KINDS: [Way; 5] = [
    ("cursor", &["parameter", "next"], &["items", "id"]),
    ("page", &["parameter"], &["first", "total", "more", "items", "id"]),
    ("offset", &["parameter"], &["total", "more", "items", "id"]),
    ("link", &[], &["items", "id"]),
    ("next-url", &["next"], &["items", "id"]),
];

/// The members that name places in a response, each with the types of what may stand there.
const PLACES: [(&str, &[&str]); 3] =
    [("next", &["string", "integer"]), ("total", &["integer", "string"]), ("more", &["boolean"])];

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    if !model.is_own() {
        return;
    }
    for operation in model.document.operations() {
        if let Some((key, declared)) = operation.node.entry("x-paging") {
            if operation.http_method() != "GET" {
                let message = format!("`{}` is no GET, and only a GET has pages", operation.name());
                findings.add(&layer::PAGING, key.span, message, "leave `x-paging` out");
                continue;
            }
            let mut check = Check { operation, declared, findings };
            let Some(way) = check.kind() else { continue };
            let is_spelt = check.members(way, key.span);
            check.parameter(way.0);
            check.places(way.0);
            // The list may be what is misspelt.
            if is_spelt {
                check.list(key.span);
            }
        }
    }
}

struct Check<'d, 'f> {
    operation: Operation<'d>,
    declared: &'d Node,
    findings: &'f mut Findings,
}

impl<'d> Check<'d, '_> {
    fn kind(&mut self) -> Option<Way> {
        let names = KINDS.map(|(name, ..)| name);
        let node = self.declared.get("kind");
        let word = node.and_then(Node::as_str).unwrap_or_default();
        let found = KINDS.into_iter().find(|(name, ..)| *name == word);
        if found.is_none() {
            let span = node.map_or(self.declared.span, |node| node.span);
            let message = format!("`{word}` is no way from page to page");
            self.findings.add(&layer::PAGING, span, message, one_of(word, &names));
        }
        found
    }

    /// Whether there are none but those of the kind.
    fn members(&mut self, (kind, needed, others): Way, key: Span) -> bool {
        let known: Vec<&str> = ["kind"].iter().chain(needed).chain(others).copied().collect();
        let mut is_spelt = true;
        for (name, _) in self.declared.members() {
            if !known.contains(&name.text.as_str()) {
                is_spelt = false;
                let message = format!("`{}` says nothing of a list by `{kind}`", name.text);
                let help = match did_you_mean(&name.text, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("leave it out: there are `{}`", known.join("`, `")),
                };
                self.findings.add(&layer::PAGING, name.span, message, help);
            }
        }
        for name in needed {
            if self.declared.get(name).is_none() {
                let message = format!("a list by `{kind}` needs `{name}`");
                self.findings.add(&layer::PAGING, key, message, format!("add `{name}`"));
            }
        }
        let first = self.declared.get("first");
        if let Some(first) = first.filter(|it| !matches!(&it.kind, Value::Number(n) if n.is_i64()))
        {
            let help = "write 0 or 1, as the vendor counts";
            self.findings.add(&layer::PAGING, first.span, "the first page has no number", help);
        }
        is_spelt
    }

    fn parameter(&mut self, kind: &str) {
        let Some(node) = self.declared.get("parameter") else { return };
        let name = node.as_str().unwrap_or_default();
        let parameters = self.operation.parameters();
        let sent = parameters.iter().filter(|it| ["query", "header"].contains(&it.place()));
        let Some(found) = sent.clone().find(|it| it.name() == name) else {
            let message = format!(
                "`{}` has no parameter `{name}` in the query or a header",
                self.operation.name()
            );
            let help = match did_you_mean(name, sent.map(Parameter::name)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "describe it under `parameters`".to_owned(),
            };
            self.findings.add(&layer::PAGING, node.span, message, help);
            return;
        };
        let ty = found.schema().and_then(|it| it.find(|node| node.text("type")));
        if ["page", "offset"].contains(&kind) && ty != Some("integer") {
            let message = format!("`{name}` is no whole number, and pages are counted");
            let help = "write `type: integer` in its schema, or another `kind`";
            self.findings.add(&layer::PAGING, node.span, message, help);
        }
    }

    /// Whether what the pages say stands where they have it.
    fn places(&mut self, kind: &str) {
        for (member, types) in PLACES {
            // A number is no URL.
            let types = if kind == "next-url" { &types[..1] } else { types };
            let Some(node) = self.declared.get(member) else { continue };
            let places = match &node.kind {
                Value::Array(items) => items.as_ref(),
                _ => std::slice::from_ref(node),
            };
            for place in places {
                let written = place.as_str().unwrap_or_default();
                let found = self.place(written);
                if let Err((message, help)) = found.and_then(|it| of_type(written, &it, types)) {
                    self.findings.add(&layer::PAGING, place.span, message, help);
                }
            }
        }
    }

    /// The schemas of what stands at a place.
    fn place(&self, written: &str) -> Result<Vec<Schema<'d>>, (String, String)> {
        let success = self.success();
        if let Some(name) = written.strip_prefix("$response.header.") {
            let mut headers = success.into_iter().flat_map(|it| it.headers());
            let found = headers.find(|(header, _)| header.eq_ignore_ascii_case(name));
            return found.map(|(_, schema)| schema.into_iter().collect()).ok_or_else(|| {
                let message = format!("the response has no header `{name}`");
                (message, "describe it under `headers` of the response".to_owned())
            });
        }
        let Some(pointer) = written.strip_prefix("$response.body#/") else {
            let message = format!("`{written}` is no place in a response");
            let help = "write `$response.body#/` and the names that lead there, or `$response.header.` and one";
            return Err((message, help.to_owned()));
        };
        let mut schemas: Vec<Schema<'d>> = success.and_then(|it| it.schema()).into_iter().collect();
        for part in pointer.split('/') {
            let name = letterhead_document::pointer::unescaped(part);
            let found: Vec<_> = schemas.iter().flat_map(|it| it.property(&name)).collect();
            if found.is_empty() {
                let message = format!("the response has no `{name}` there");
                let names = schemas.iter().flat_map(|it| it.properties()).map(|(name, _)| name);
                let help = did_you_mean(&name, names).map_or_else(
                    || "describe it in the schema".to_owned(),
                    |it| format!("did you mean `{it}`?"),
                );
                return Err((message, help));
            }
            schemas = found;
        }
        Ok(schemas)
    }

    /// Whether the response has the list, and its items what they are known by.
    fn list(&mut self, key: Span) {
        let Some(schema) = self.success().and_then(|it| it.schema()) else {
            let message = format!("`{}` has no response with a list", self.operation.name());
            self.findings.add(&layer::PAGING, key, message, "leave `x-paging` out");
            return;
        };
        let is_array = |schema: &Schema<'_>| {
            let is_null = schema.find(|node| node.get("nullable")).is_some_and(Node::is_true);
            schema.find(|node| node.text("type")) == Some("array") && !is_null
        };
        let named = self.declared.get("items");
        let lists: Vec<Schema<'d>> = match named.and_then(Node::as_str) {
            None if is_array(&schema) => vec![schema],
            None => schema.properties().into_iter().map(|(_, it)| it).filter(is_array).collect(),
            Some(name) => schema.property(name).filter(is_array).collect(),
        };
        let [list] = lists.as_slice() else {
            let message = match (named, lists.len()) {
                (Some(_), _) => {
                    "the response has no array of that name, which may not be null".to_owned()
                }
                (None, 0) => "the response has no array, which may not be null".to_owned(),
                (None, several) => {
                    format!("the response has {several} arrays, and one is the list")
                }
            };
            let span = named.map_or(key, |node| node.span);
            self.findings.add(&layer::PAGING, span, message, "name the list in `items`");
            return;
        };
        let Some(id) = self.declared.get("id") else { return };
        let name = id.as_str().unwrap_or_default();
        let mut members = list.items().flat_map(|items| items.property(name).collect::<Vec<_>>());
        if !members.any(|it| it.find(|node| node.text("type")) == Some("string")) {
            let message = format!("the items have no text `{name}` to be known by");
            let help = "name a member of the items whose `type` is `string`, or leave `id` out";
            self.findings.add(&layer::PAGING, id.span, message, help);
        }
    }

    fn success(&self) -> Option<Response<'d>> {
        let mut responses = self.operation.responses();
        responses.find(|it| it.status.text.starts_with('2') && it.schema().is_some())
    }
}

/// Whether what stands at a place is of one of these types, as far as the document says it.
fn of_type(written: &str, found: &[Schema<'_>], types: &[&str]) -> Result<(), (String, String)> {
    let mut said = found.iter().filter_map(|it| it.find(|node| node.text("type")));
    match said.find(|ty| !types.contains(ty)) {
        None => Ok(()),
        Some(ty) => {
            let message = format!("`{written}` is of the type `{ty}`");
            Err((message, format!("name a place of the type `{}`", types.join("` or `"))))
        }
    }
}
