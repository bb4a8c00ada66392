//! Members and names that mean nothing where they stand.

use letterhead_document::{Key, Node};

use super::text;
use crate::checks::schemas::{TYPES, a};
use crate::finding::{Findings, did_you_mean};
use crate::model::{Model, Object};
use crate::rules::{operations, schemas};
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in &model.objects {
        match object.kind {
            Kind::Parameter => {
                empty_name(object, "name", findings);
                query_only(object, text(object.node, "in"), findings);
                default_of_required(object, findings);
                sent_name(object, findings);
                beside_content(object, "parameter", findings);
            }
            Kind::Tag => empty_name(object, "name", findings),
            Kind::Discriminator => empty_name(object, "propertyName", findings),
            Kind::Header => {
                query_only(object, Some("header"), findings);
                beside_content(object, "header", findings);
                header_name(model, object, findings);
            }
            Kind::SecurityScheme => scheme(object, findings),
            Kind::OAuthFlow => flow(object, findings),
            Kind::MediaType => {
                form(model, object, findings);
                encoding(model, object, findings);
            }
            _ => {}
        }
    }
}

fn empty_name(object: &Object<'_>, member: &str, findings: &mut Findings) {
    let name = object.node.get(member);
    if let Some(name) = name.filter(|name| name.as_str().is_some_and(|name| name.trim().is_empty()))
    {
        let message = format!("the `{member}` is empty");
        findings.add(&operations::EMPTY_NAME, name.span, message, "write the name that is meant");
    }
}

/// What only a parameter in the query has.
fn query_only(object: &Object<'_>, place: Option<&str>, findings: &mut Findings) {
    let Some(place @ ("header" | "path" | "cookie")) = place else {
        return;
    };
    for name in ["allowEmptyValue", "allowReserved"] {
        if let Some((key, _)) = object.node.entry(name) {
            let message = format!("`{name}` says nothing about what is in the {place}");
            let help = "leave it out: only parameters in the query have it";
            findings.add(&operations::STRAY_MEMBER, key.span, message, help);
        }
    }
}

/// A default for what is always there.
fn default_of_required(object: &Object<'_>, findings: &mut Findings) {
    let required = object.node.entry("required").filter(|(_, value)| value.is_true());
    let schema = object.node.get("schema").filter(|schema| schema.reference().is_none());
    if let Some((required, _)) = required
        && let Some((key, _)) = schema.and_then(|schema| schema.entry("default"))
    {
        let message = "the parameter is required, so its default never applies";
        let help = match text(object.node, "in") {
            Some("path") => "leave `default` out",
            _ => "leave `default` out, or `required`",
        };
        findings
            .add(&schemas::DEFAULT_ON_REQUIRED, key.span, message, help)
            .and(required.span, "required here");
    }
}

/// What only a parameter with a schema has.
fn beside_content(object: &Object<'_>, what: &str, findings: &mut Findings) {
    if object.node.get("content").is_none() || object.node.get("schema").is_some() {
        return;
    }
    for name in ["style", "explode", "allowReserved"] {
        if let Some((key, _)) = object.node.entry(name) {
            let message = format!("`{name}` says nothing about a {what} with `content`");
            let help = "leave it out: the media type says how the value is written";
            findings.add(&operations::STRAY_MEMBER, key.span, message, help);
        }
    }
}

/// What another type of scheme has.
fn scheme(object: &Object<'_>, findings: &mut Findings) {
    let kind = text(object.node, "type").unwrap_or_default();
    let is_basic =
        text(object.node, "scheme").is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"));
    let own: &[&str] = match kind {
        "apiKey" => &["name", "in"],
        "http" if is_basic => &["scheme"],
        "http" => &["scheme", "bearerFormat"],
        "oauth2" => &["flows"],
        "openIdConnect" => &["openIdConnectUrl"],
        _ => return,
    };
    // Without what its type needs, the type may be what is wrong.
    if object.node.get(own[0]).is_none() {
        return;
    }
    let known = ["name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl"];
    let stray =
        |key: &&Key| known.contains(&key.text.as_str()) && !own.contains(&key.text.as_str());
    if let Some(key) = object.node.members().map(|(key, _)| key).find(stray) {
        let message = format!("`{}` says nothing about a scheme of type `{kind}`", key.text);
        let help = if key.text == "bearerFormat" {
            "leave it out, or write `scheme: bearer`"
        } else {
            "leave it out, or write the `type` that has it"
        };
        findings.add(&operations::STRAY_MEMBER, key.span, message, help);
    }
}

/// What a flow of another kind has.
fn flow(object: &Object<'_>, findings: &mut Findings) {
    let Some(name) = object.key.map(|key| key.text.as_str()) else { return };
    let stray = match name {
        "implicit" => "tokenUrl",
        "password" | "clientCredentials" => "authorizationUrl",
        _ => return,
    };
    if let Some((key, _)) = object.node.entry(stray) {
        let message = format!("`{stray}` says nothing about the flow `{name}`");
        let help = "leave it out, or write the flow that has it, such as `authorizationCode`";
        findings.add(&operations::STRAY_MEMBER, key.span, message, help);
    }
}

/// The name of a header that is sent.
fn sent_name(object: &Object<'_>, findings: &mut Findings) {
    if text(object.node, "in") == Some("header")
        && let Some(written) = object.node.get("name")
        && let Some(name) = written.as_str()
        && !name.trim().is_empty()
        && !is_token(name)
    {
        let message = format!("`{name}` can't be the name of a header");
        findings.add(&operations::HEADER_NAME, written.span, message, NAME_OF_HEADER);
    }
}

fn header_name(model: &Model<'_>, object: &Object<'_>, findings: &mut Findings) {
    let parent = model.parent(object).map(|parent| parent.kind);
    if let Some(key) = object.key
        && parent != Some(Kind::Components)
        && !is_token(&key.text)
    {
        let message = format!("`{}` can't be the name of a header", key.text);
        findings.add(&operations::RESPONSE_HEADER_NAME, key.span, message, NAME_OF_HEADER);
    }
}

const NAME_OF_HEADER: &str = "a header's name has letters, digits and hyphens: `X-Request-Id`";

/// Whether a header can have this name.
pub(super) fn is_token(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token)
}

/// A form that isn't made of fields.
fn form<'d>(model: &Model<'d>, object: &Object<'d>, findings: &mut Findings) {
    // Parts of other multipart types have no names.
    let has_fields = object.key.is_some_and(|key| {
        is_form(&key.text) && !key.text.starts_with("multipart/")
            || key.text.eq_ignore_ascii_case("multipart/form-data")
    });
    let Some((key, schema)) = object.node.entry("schema").filter(|_| has_fields) else {
        return;
    };
    let declared = model.resolve(schema).and_then(|schema| text(schema, "type"));
    if let Some(declared) = declared.filter(|it| TYPES.contains(it) && *it != "object") {
        let message = format!("a form has fields with names, and this is {}", a(declared));
        let help = "write `type: object`, with a property for each field";
        findings.add(&operations::FORM_NOT_OBJECT, key.span, message, help);
    }
}

/// Parts of a form that are described without being there.
fn encoding<'d>(model: &Model<'d>, object: &Object<'d>, findings: &mut Findings) {
    let Some(media_type) = object.key.map(|key| key.text.as_str()) else {
        return;
    };
    // A media type that isn't one has a rule of its own.
    let can_be_form = is_form(media_type) || media_type.contains('*') || !media_type.contains('/');
    if let Some((key, _)) = object.node.entry("encoding")
        && !can_be_form
    {
        let message = format!("`encoding` says nothing about `{media_type}`");
        let help = "leave it out: it is for the parts of a form";
        findings.add(&operations::ENCODING_OUTSIDE_FORM, key.span, message, help);
        return;
    }
    let schema = object.node.get("schema").and_then(|schema| model.resolve(schema));
    let Some(schema) = schema.filter(|schema| !is_composed(schema)) else {
        return;
    };
    let properties = schema.get("properties").into_iter().flat_map(Node::members);
    let names: Vec<&str> = properties.map(|(key, _)| key.text.as_str()).collect();
    let parts = object.node.get("encoding").into_iter().flat_map(Node::members);
    for (key, _) in parts.filter(|(key, _)| !names.contains(&key.text.as_str())) {
        let message = format!("the schema has no property `{}` to encode", key.text);
        let help = match did_you_mean(&key.text, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it to the `properties` of the schema, or leave it out here".to_owned(),
        };
        findings.add(&operations::ENCODING_PROPERTY, key.span, message, help);
    }
}

/// Whether a media type is one of those whose parts have an encoding.
pub(super) fn is_form(media_type: &str) -> bool {
    let lower = media_type.to_ascii_lowercase();
    lower.starts_with("multipart/") || lower.starts_with("application/x-www-form")
}

fn is_composed(schema: &Node) -> bool {
    let mut keys = ["allOf", "anyOf", "oneOf", "not"].iter();
    keys.any(|key| schema.get(key).is_some())
}
