//! The shape of an OpenAPI 3.0 document, as data: which objects there are, and what is in them, in the order that
//! letterhead's own documents have it.
//!
//! Source: <https://spec.openapis.org/oas/v3.0.3.html>, section 4.7.

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Anything at all.
    Any,
    /// Text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A sequence.
    List(&'static Shape),
    /// A mapping with names of the author's choice.
    Map(&'static Shape),
    /// An object.
    Object(Kind),
    /// The object itself, or a reference to one.
    OrReference(Kind),
    /// `true`, `false` or a schema.
    BoolOrSchema,
}

/// The kinds of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in the specification")]
pub enum Kind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
    SecurityRequirement,
}

/// A member of an object.
#[derive(Debug)]
pub struct Member {
    /// Its key.
    pub name: &'static str,
    /// Whether an object without it is wrong.
    pub required: bool,
    /// What it holds.
    pub shape: Shape,
}

/// An object: its name for messages, its members, and the shape of those whose names are free.
#[derive(Debug)]
pub struct Object {
    /// Its name for messages.
    pub name: &'static str,
    /// The members with names of their own.
    pub members: &'static [Member],
    /// The shape of the members whose names are the author's choice.
    pub free: Option<Shape>,
}

const fn must(name: &'static str, shape: Shape) -> Member {
    Member { name, required: true, shape }
}

const fn may(name: &'static str, shape: Shape) -> Member {
    Member { name, required: false, shape }
}

/// An object whose members all have fixed names.
macro_rules! object {
    ($name:literal, [$($member:expr),* $(,)?]) => {
        &const {
            Object {
                name: $name,
                members: &[$($member),*],
                free: None,
            }
        }
    };
}

use Shape::{Any, Bool, BoolOrSchema, Integer, List, Map, Number, OrReference, Text};

const EXAMPLES: Shape = Map(&OrReference(Kind::Example));
const HEADERS: Shape = Map(&OrReference(Kind::Header));
const CONTENT: Shape = Map(&Shape::Object(Kind::MediaType));
const SCHEMA: Shape = OrReference(Kind::Schema);

impl Kind {
    /// What an object of this kind holds.
    #[expect(clippy::too_many_lines, reason = "a table")]
    #[must_use]
    pub fn object(self) -> &'static Object {
        match self {
            Self::Document => {
                object!(
                    "document",
                    [
                        must("openapi", Text),
                        must("info", Shape::Object(Kind::Info)),
                        may("externalDocs", Shape::Object(Kind::ExternalDocs)),
                        may("servers", List(&Shape::Object(Kind::Server))),
                        may("tags", List(&Shape::Object(Kind::Tag))),
                        may("security", List(&Shape::Object(Kind::SecurityRequirement))),
                        must("paths", Shape::Object(Kind::Paths)),
                        may("components", Shape::Object(Kind::Components)),
                    ]
                )
            }
            Self::Info => {
                object!(
                    "info",
                    [
                        must("title", Text),
                        must("version", Text),
                        may("description", Text),
                        may("termsOfService", Text),
                        may("contact", Shape::Object(Kind::Contact)),
                        may("license", Shape::Object(Kind::License)),
                    ]
                )
            }
            Self::Contact => {
                object!("contact", [may("name", Text), may("url", Text), may("email", Text)])
            }
            Self::License => object!("license", [must("name", Text), may("url", Text)]),
            Self::Server => {
                object!(
                    "server",
                    [
                        must("url", Text),
                        may("description", Text),
                        may("variables", Map(&Shape::Object(Kind::ServerVariable))),
                    ]
                )
            }
            Self::ServerVariable => {
                object!(
                    "server variable",
                    [must("default", Text), may("enum", List(&Text)), may("description", Text),]
                )
            }
            Self::Components => {
                object!(
                    "components",
                    [
                        may("securitySchemes", Map(&OrReference(Kind::SecurityScheme))),
                        may("parameters", Map(&OrReference(Kind::Parameter))),
                        may("headers", HEADERS),
                        may("requestBodies", Map(&OrReference(Kind::RequestBody))),
                        may("responses", Map(&OrReference(Kind::Response))),
                        may("schemas", Map(&SCHEMA)),
                        may("examples", EXAMPLES),
                        may("links", Map(&OrReference(Kind::Link))),
                        may("callbacks", Map(&OrReference(Kind::Callback))),
                    ]
                )
            }
            Self::Paths => {
                &Object { name: "paths", members: &[], free: Some(Shape::Object(Kind::PathItem)) }
            }
            Self::PathItem => {
                object!(
                    "path item",
                    [
                        may("$ref", Text),
                        may("summary", Text),
                        may("description", Text),
                        may("servers", List(&Shape::Object(Kind::Server))),
                        may("parameters", List(&OrReference(Kind::Parameter))),
                        may("get", Shape::Object(Kind::Operation)),
                        may("patch", Shape::Object(Kind::Operation)),
                        may("put", Shape::Object(Kind::Operation)),
                        may("post", Shape::Object(Kind::Operation)),
                        may("delete", Shape::Object(Kind::Operation)),
                        may("options", Shape::Object(Kind::Operation)),
                        may("head", Shape::Object(Kind::Operation)),
                        may("trace", Shape::Object(Kind::Operation)),
                    ]
                )
            }
            Self::Operation => {
                object!(
                    "operation",
                    [
                        may("operationId", Text),
                        may("tags", List(&Text)),
                        may("summary", Text),
                        may("description", Text),
                        may("externalDocs", Shape::Object(Kind::ExternalDocs)),
                        may("deprecated", Bool),
                        may("servers", List(&Shape::Object(Kind::Server))),
                        may("security", List(&Shape::Object(Kind::SecurityRequirement))),
                        may("parameters", List(&OrReference(Kind::Parameter))),
                        may("requestBody", OrReference(Kind::RequestBody)),
                        must("responses", Shape::Object(Kind::Responses)),
                        may("callbacks", Map(&OrReference(Kind::Callback))),
                    ]
                )
            }
            Self::ExternalDocs => {
                object!("externalDocs", [must("url", Text), may("description", Text),])
            }
            Self::Parameter => {
                object!(
                    "parameter",
                    [
                        must("name", Text),
                        must("in", Text),
                        may("required", Bool),
                        may("description", Text),
                        may("deprecated", Bool),
                        may("allowEmptyValue", Bool),
                        may("style", Text),
                        may("explode", Bool),
                        may("allowReserved", Bool),
                        may("schema", SCHEMA),
                        may("content", CONTENT),
                        may("example", Any),
                        may("examples", EXAMPLES),
                    ]
                )
            }
            Self::RequestBody => {
                object!(
                    "request body",
                    [may("description", Text), may("required", Bool), must("content", CONTENT),]
                )
            }
            Self::MediaType => {
                object!(
                    "media type",
                    [
                        may("schema", SCHEMA),
                        may("encoding", Map(&Shape::Object(Kind::Encoding))),
                        may("example", Any),
                        may("examples", EXAMPLES),
                    ]
                )
            }
            Self::Encoding => {
                object!(
                    "encoding",
                    [
                        may("contentType", Text),
                        may("headers", HEADERS),
                        may("style", Text),
                        may("explode", Bool),
                        may("allowReserved", Bool),
                    ]
                )
            }
            Self::Responses => {
                &Object { name: "responses", members: &[], free: Some(OrReference(Kind::Response)) }
            }
            Self::Response => {
                object!(
                    "response",
                    [
                        must("description", Text),
                        may("headers", HEADERS),
                        may("content", CONTENT),
                        may("links", Map(&OrReference(Kind::Link))),
                    ]
                )
            }
            Self::Callback => &Object {
                name: "callback",
                members: &[],
                free: Some(Shape::Object(Kind::PathItem)),
            },
            Self::Example => {
                object!(
                    "example",
                    [
                        may("summary", Text),
                        may("description", Text),
                        may("value", Any),
                        may("externalValue", Text),
                    ]
                )
            }
            Self::Link => {
                object!(
                    "link",
                    [
                        may("operationRef", Text),
                        may("operationId", Text),
                        may("parameters", Map(&Any)),
                        may("requestBody", Any),
                        may("description", Text),
                        may("server", Shape::Object(Kind::Server)),
                    ]
                )
            }
            Self::Header => {
                object!(
                    "header",
                    [
                        may("required", Bool),
                        may("description", Text),
                        may("deprecated", Bool),
                        may("allowEmptyValue", Bool),
                        may("style", Text),
                        may("explode", Bool),
                        may("allowReserved", Bool),
                        may("schema", SCHEMA),
                        may("content", CONTENT),
                        may("example", Any),
                        may("examples", EXAMPLES),
                    ]
                )
            }
            Self::Tag => {
                object!(
                    "tag",
                    [
                        must("name", Text),
                        may("description", Text),
                        may("externalDocs", Shape::Object(Kind::ExternalDocs)),
                    ]
                )
            }
            Self::Schema => {
                object!(
                    "schema",
                    [
                        may("title", Text),
                        may("description", Text),
                        may("deprecated", Bool),
                        may("type", Text),
                        may("format", Text),
                        may("nullable", Bool),
                        may("readOnly", Bool),
                        may("writeOnly", Bool),
                        may("discriminator", Shape::Object(Kind::Discriminator)),
                        may("enum", List(&Any)),
                        may("default", Any),
                        may("pattern", Text),
                        may("minLength", Integer),
                        may("maxLength", Integer),
                        may("minimum", Number),
                        may("exclusiveMinimum", Bool),
                        may("maximum", Number),
                        may("exclusiveMaximum", Bool),
                        may("multipleOf", Number),
                        may("minItems", Integer),
                        may("maxItems", Integer),
                        may("uniqueItems", Bool),
                        may("items", SCHEMA),
                        may("minProperties", Integer),
                        may("maxProperties", Integer),
                        may("required", List(&Text)),
                        may("properties", Map(&SCHEMA)),
                        may("additionalProperties", BoolOrSchema),
                        may("allOf", List(&SCHEMA)),
                        may("oneOf", List(&SCHEMA)),
                        may("anyOf", List(&SCHEMA)),
                        may("not", SCHEMA),
                        may("xml", Shape::Object(Kind::Xml)),
                        may("externalDocs", Shape::Object(Kind::ExternalDocs)),
                        may("example", Any),
                    ]
                )
            }
            Self::Discriminator => {
                object!("discriminator", [must("propertyName", Text), may("mapping", Map(&Text))])
            }
            Self::Xml => {
                object!(
                    "xml",
                    [
                        may("name", Text),
                        may("namespace", Text),
                        may("prefix", Text),
                        may("attribute", Bool),
                        may("wrapped", Bool),
                    ]
                )
            }
            Self::SecurityScheme => {
                object!(
                    "security scheme",
                    [
                        must("type", Text),
                        may("in", Text),
                        may("name", Text),
                        may("scheme", Text),
                        may("bearerFormat", Text),
                        may("description", Text),
                        may("flows", Shape::Object(Kind::OAuthFlows)),
                        may("openIdConnectUrl", Text),
                    ]
                )
            }
            Self::OAuthFlows => {
                object!(
                    "OAuth flows",
                    [
                        may("implicit", Shape::Object(Kind::OAuthFlow)),
                        may("password", Shape::Object(Kind::OAuthFlow)),
                        may("clientCredentials", Shape::Object(Kind::OAuthFlow)),
                        may("authorizationCode", Shape::Object(Kind::OAuthFlow)),
                    ]
                )
            }
            Self::OAuthFlow => {
                object!(
                    "OAuth flow",
                    [
                        may("authorizationUrl", Text),
                        may("tokenUrl", Text),
                        may("refreshUrl", Text),
                        must("scopes", Map(&Text)),
                    ]
                )
            }
            Self::SecurityRequirement => {
                &Object { name: "security requirement", members: &[], free: Some(List(&Text)) }
            }
        }
    }

    /// The section of `components` that holds objects of this kind.
    #[must_use]
    pub fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Response => "responses",
            Self::Parameter => "parameters",
            Self::Example => "examples",
            Self::RequestBody => "requestBodies",
            Self::Header => "headers",
            Self::SecurityScheme => "securitySchemes",
            Self::Link => "links",
            Self::Callback => "callbacks",
            _ => return None,
        })
    }
}
