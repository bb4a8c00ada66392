//! The operations of a document: their parameters, requests, responses and credentials.
//!
//! Nothing is copied, and what has the wrong shape is left out: a broken document has operations as well.

use std::collections::HashSet;

use crate::document::Document;
use crate::media::Media;
use crate::schema::Schema;
use crate::tree::{Key, Node};

/// The methods that a path item can hold: as the document spells them, and as HTTP does.
pub const METHODS: [(&str, &str); 8] = [
    ("get", "GET"),
    ("put", "PUT"),
    ("post", "POST"),
    ("delete", "DELETE"),
    ("options", "OPTIONS"),
    ("head", "HEAD"),
    ("patch", "PATCH"),
    ("trace", "TRACE"),
];

/// Whether a key of a path item is a method.
#[must_use]
pub fn is_method(key: &str) -> bool {
    METHODS.iter().any(|(method, _)| *method == key)
}

/// An operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'d> {
    document: &'d Document,
    /// The path template.
    pub path: &'d Key,
    /// The path item, which it shares with the other methods.
    pub item: &'d Node,
    /// The method in lower case.
    pub method: &'d Key,
    /// The operation itself.
    pub node: &'d Node,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter<'d> {
    document: &'d Document,
    /// The entry of the list, which may be a reference.
    pub written: &'d Node,
    /// The parameter itself.
    pub node: &'d Node,
}

/// What a request carries.
#[derive(Clone, Copy, Debug)]
pub struct RequestBody<'d> {
    document: &'d Document,
    /// The key of the operation that it stands under.
    pub key: &'d Key,
    /// The request body itself, not a reference.
    pub node: &'d Node,
}

/// What may come back.
#[derive(Clone, Copy, Debug)]
pub struct Response<'d> {
    document: &'d Document,
    /// A status, a class of them (`4XX`) or `default`.
    pub status: &'d Key,
    /// The response itself, not a reference.
    pub node: &'d Node,
}

/// Where in a request a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CredentialPlace<'d> {
    /// In the header of this name.
    Header(&'d str),
    /// In the parameter of the query of this name.
    Query(&'d str),
}

impl<'d> CredentialPlace<'d> {
    /// The header's name; none where it is in the query.
    #[must_use]
    pub fn header(self) -> Option<&'d str> {
        match self {
            Self::Header(name) => Some(name),
            Self::Query(_) => None,
        }
    }
}

impl Document {
    /// Every operation, in the order of the document.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let paths = self.root().map("paths");
        let paths = paths.filter(|(path, _)| !path.text.starts_with("x-"));
        paths.flat_map(move |(path, item)| {
            let methods = item.members().filter(|(key, _)| is_method(&key.text));
            methods.map(move |(method, node)| Operation {
                document: self,
                path,
                item,
                method,
                node,
            })
        })
    }
}

impl<'d> Operation<'d> {
    /// The operation's id.
    #[must_use]
    pub fn id(&self) -> Option<&'d str> {
        self.node.text("operationId")
    }

    /// What it is called in messages: its id, or its address where it has none.
    #[must_use]
    pub fn name(&self) -> String {
        self.id().map_or_else(|| self.address(), str::to_owned)
    }

    /// The method in capitals and the path.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{} {}", self.http_method(), self.path.text)
    }

    /// The method in capitals.
    #[must_use]
    pub fn http_method(&self) -> &'static str {
        let mut methods = METHODS.into_iter();
        let found = methods.find(|(method, _)| self.method.text == *method);
        found.map_or("", |(_, http)| http)
    }

    /// The parameters of the path item that the operation doesn't declare anew, then its own.
    #[must_use]
    pub fn parameters(&self) -> Vec<Parameter<'d>> {
        let document = self.document;
        let written = [self.item, self.node].map(|holder| holder.list("parameters").iter());
        let resolved = written.into_iter().flatten().filter_map(|written| {
            Some(Parameter { document, written, node: document.resolve(written)? })
        });
        let mut parameters: Vec<_> = resolved.collect();
        let mut declared = HashSet::new();
        parameters.reverse();
        parameters.retain(|parameter| {
            let (place, name) = (parameter.place(), parameter.name());
            name.is_empty() || declared.insert((place, name))
        });
        parameters.reverse();
        parameters
    }

    /// The names in the path template, in their order there.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        let parts = self.path.text.split('{').skip(1);
        parts.filter_map(|part| Some(part.split_once('}')?.0))
    }

    /// What its request carries.
    #[must_use]
    pub fn request_body(&self) -> Option<RequestBody<'d>> {
        let (key, written) = self.node.entry("requestBody")?;
        Some(RequestBody { document: self.document, key, node: self.document.resolve(written)? })
    }

    /// Its responses, in the order of the document.
    pub fn responses(&self) -> impl Iterator<Item = Response<'d>> + use<'d> {
        let document = self.document;
        let written = self.node.map("responses");
        written.filter_map(move |(status, written)| {
            Some(Response { document, status, node: document.resolve(written)? })
        })
    }

    /// The credentials that it takes: alternatives, each with the places of a request that have it together.
    pub fn security(&self) -> impl Iterator<Item = Vec<CredentialPlace<'d>>> + use<'d> {
        let document = self.document;
        let own = self.node.get("security");
        let kinds = own.map_or_else(|| document.root().list("security"), Node::items);
        let place = |scheme: &'d Key| {
            let (_, scheme) = document.component("securitySchemes", &scheme.text)?;
            Some(match (scheme.text("type")?, scheme.text("in")) {
                ("apiKey", Some("header")) => CredentialPlace::Header(scheme.text("name")?),
                ("apiKey", Some("query")) => CredentialPlace::Query(scheme.text("name")?),
                ("apiKey", Some("cookie")) => CredentialPlace::Header("Cookie"),
                ("apiKey", _) => return None,
                _ => CredentialPlace::Header("Authorization"),
            })
        };
        kinds
            .iter()
            .map(move |kind| kind.members().filter_map(|(scheme, _)| place(scheme)).collect())
    }
}

impl<'d> Parameter<'d> {
    /// Its name; empty where it has none.
    #[must_use]
    pub fn name(&self) -> &'d str {
        self.node.text("name").unwrap_or_default()
    }

    /// Where it travels: `path`, `query`, `header` or `cookie`; empty where that isn't said.
    #[must_use]
    pub fn place(&self) -> &'d str {
        self.node.text("in").unwrap_or_default()
    }

    /// Whether a request has to have it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.node.get("required").is_some_and(Node::is_true)
    }

    /// The schema of its value.
    #[must_use]
    pub fn schema(&self) -> Option<Schema<'d>> {
        Schema::under("schema", self.node, self.document)
    }
}

impl<'d> RequestBody<'d> {
    /// Whether a request has to have it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.node.get("required").is_some_and(Node::is_true)
    }

    /// The schema of the body as JSON.
    #[must_use]
    pub fn schema(&self) -> Option<Schema<'d>> {
        json(self.node).and_then(|media| Schema::under("schema", media, self.document))
    }
}

impl<'d> Response<'d> {
    /// The headers that come with it, by their names, each with its schema.
    pub fn headers(&self) -> impl Iterator<Item = (&'d str, Option<Schema<'d>>)> + use<'d> {
        let document = self.document;
        let schema = |header| Schema::under("schema", document.resolve(header)?, document);
        let headers = self.node.map("headers");
        headers.map(move |(name, header)| (name.text.as_str(), schema(header)))
    }

    /// The examples of the body as JSON.
    pub fn examples(&self) -> impl Iterator<Item = &'d Node> + use<'d> {
        let document = self.document;
        json(self.node).into_iter().flat_map(move |media| {
            let named = media.map("examples");
            let named = named.filter_map(|(_, named)| document.resolve(named)?.get("value"));
            named.chain(media.get("example"))
        })
    }

    /// The schema of the body as JSON.
    #[must_use]
    pub fn schema(&self) -> Option<Schema<'d>> {
        Schema::under("schema", json(self.node)?, self.document)
    }
}

/// The media type object of the JSON among the types of a body: of several the one that a client asks for.
fn json(node: &Node) -> Option<&Node> {
    let types = node.map("content");
    let json = types.filter_map(|(name, media)| Some((Media::json_rank(&name.text)?, media)));
    json.min_by_key(|(rank, _)| *rank).map(|(_, media)| media)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PETS: &str = r##"
openapi: 3.0.3
security: [{key: []}, {token: [], query: []}]
paths:
  x-note: {get: {}}
  /pets/{petId}/{part}:
    summary: Pets.
    parameters:
      - {$ref: "#/components/parameters/Pet"}
      - {name: verbose, in: query, schema: {type: boolean}}
      - {$ref: "#/components/parameters/Lost"}
    get:
      operationId: getPet
      parameters:
        - {name: verbose, in: query, required: true, schema: {$ref: "#/components/schemas/Flag"}}
      responses:
        200: {$ref: "#/components/responses/Pet"}
        default: {description: d, content: {text/html: {}}}
    put:
      security: []
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
    patch: 1
components:
  parameters:
    Pet: {name: petId, in: path, required: true, schema: {type: string}}
  responses:
    Pet:
      headers: {ETag: {schema: {type: string}}, Odd: 1}
      content: {application/json: {schema: {$ref: "#/components/schemas/Flag"}}}
  schemas:
    Flag: {type: boolean}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: key}
    token: {type: http, scheme: bearer}
"##;

    #[test]
    fn json_in_each_line_is_no_json_and_plain_json_comes_first() {
        let responses = "200: {content: {application/x-ndjson: {schema: {type: object}}}}, \
             201: {content: {application/hal+json: {schema: {type: number}}, application/json: {schema: {type: object}}}}";
        let text = format!("paths: {{/a: {{get: {{responses: {{{responses}}}}}}}}}");
        let document = Document::parse("t.yaml", &text).unwrap();
        let responses: Vec<_> = document.operations().next().unwrap().responses().collect();
        assert!(responses[0].schema().is_none());
        let schema = responses[1].schema().unwrap();
        assert_eq!(schema.find(|node| node.text("type")), Some("object"));
    }

    #[test]
    fn an_operation_has_what_its_path_item_and_its_references_give_it() {
        let document = Document::parse("pets.yaml", PETS).unwrap();
        let operations: Vec<_> = document.operations().collect();
        let names: Vec<_> = operations.iter().map(Operation::name).collect();
        let put = "PUT /pets/{petId}/{part}";
        assert_eq!(names, ["getPet", put, "PATCH /pets/{petId}/{part}"]);
        let get = operations[0];
        let place = |span: crate::Span| document.place(span.start).line;
        assert_eq!(place(get.method.span), 12);
        assert_eq!(get.path_parameters().collect::<Vec<_>>(), ["petId", "part"]);

        let parameters = get.parameters();
        let declared: Vec<_> =
            parameters.iter().map(|it| (it.place(), it.name(), it.is_required())).collect();
        assert_eq!(declared, [("path", "petId", true), ("query", "verbose", true)]);
        let schema = parameters[1].schema().unwrap();
        assert_eq!((place(schema.span()), place(schema.resolve().span())), (15, 31));

        let responses: Vec<_> = get.responses().collect();
        assert_eq!(place(responses[0].status.span), 17);
        assert_eq!(place(responses[0].schema().unwrap().resolve().span()), 31);
        assert!(responses[1].schema().is_none());
        let headers: Vec<_> = responses[0].headers().collect();
        assert_eq!(headers.len(), 2);
        assert!(headers[0].1.is_some() && headers[1].1.is_none());
        let security: Vec<_> = get.security().collect();
        let header = CredentialPlace::Header;
        let both = vec![header("Authorization"), CredentialPlace::Query("key")];
        assert_eq!(security, [vec![header("X-Key")], both]);

        assert_eq!(operations[1].security().count(), 0);
        let body = operations[1].request_body().unwrap();
        assert!(body.is_required() && body.schema().is_some());
        assert!(operations[2].parameters().len() == 2 && operations[2].request_body().is_none());
    }
}
