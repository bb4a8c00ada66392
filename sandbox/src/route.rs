//! From a request to the handler that its document names.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use http::Method;
use http::header::ALLOW;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use letterhead_document::{Document, json_schema};
use serde_json::Value;

use crate::campaign_standard::CampaignStandard;
use crate::cloudflare::Cloudflare;
use crate::partner_center::PartnerCenter;
use crate::reply::Reply;
use crate::server::State;
use crate::sign_in::Endpoint;
use crate::store::segments;
use crate::vendor::{Flaw, Handler, Refusal, Request, Vendor};

/// The services in the order in which they are asked whether a path is theirs.
pub(crate) static VENDORS: [&dyn Vendor; 3] = [&PartnerCenter, &Cloudflare, &CampaignStandard];

static ROUTERS: LazyLock<Vec<Router>> =
    LazyLock::new(|| VENDORS.iter().map(|vendor| Router::new(*vendor)).collect());

/// Reads the documents, if this process has not done so yet.
pub(crate) fn prepare() {
    LazyLock::force(&ROUTERS);
}

/// Finds the service, and has it answer.
pub(crate) fn answer(state: &mut State, mut request: Request) -> Reply {
    if let Some(endpoint) = Endpoint::at(&request.path) {
        return endpoint.answer(&mut state.tokens, &request);
    }
    let owner = VENDORS
        .iter()
        .zip(ROUTERS.iter())
        .find(|(vendor, _)| vendor.owns(&request.path));
    let Some((vendor, router)) = owner else {
        let text = format!("{} belongs to no service of the sandbox.\n", request.target);
        return Reply::new(404).typed("text/plain; charset=utf-8", text);
    };
    vendor.resolve(&mut request);
    let reply = match router.find(&request) {
        Ok(route) => vendor
            .authorize(&request, &route.operation, &state.tokens)
            .and_then(|()| {
                route
                    .admit(&mut request)
                    .map_err(|refusal| refuse(*vendor, &request, &refusal))?;
                route.apply(state, *vendor, &request)
            }),
        Err(refusal) => Err(refuse(*vendor, &request, &refusal)),
    };
    vendor.finish(&request, reply.unwrap_or_else(|error| error))
}

fn refuse(vendor: &dyn Vendor, request: &Request, refusal: &Refusal) -> Reply {
    let reply = vendor.refuse(request, refusal);
    match refusal {
        Refusal::WrongMethod(methods) => {
            let methods: Vec<_> = methods.iter().map(Method::as_str).collect();
            reply.header(ALLOW.as_str(), &methods.join(", "))
        }
        _ => reply,
    }
}

/// The operations of one document.
struct Router {
    /// Literal segments before parameters, so that the first match is the closest.
    routes: Vec<Route>,
}

struct Route {
    operation: String,
    method: Method,
    template: Vec<Segment>,
    query: Vec<Parameter>,
    body: Option<Body>,
    handler: Handler,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Parameter,
}

/// A parameter of the query.
struct Parameter {
    name: String,
    required: bool,
    /// For each of its values.
    validator: Validator,
    /// What an integer can be; JSON Schema has no opinion.
    range: RangeInclusive<i64>,
}

struct Body {
    required: bool,
    validator: Validator,
}

impl Router {
    /// Reads the document of `vendor`; one that is faulty, or has an operation without a handler, is
    /// a mistake in this crate and stops the process.
    fn new(vendor: &dyn Vendor) -> Self {
        let (name, text) = vendor.document();
        let document = Document::parse(name, text)
            .unwrap_or_else(|fault| panic!("{fault}"))
            .to_json();
        let base = base_path(&document);
        let mut routes = Vec::new();
        for (path, item) in members(&document["paths"]) {
            for (key, operation) in members(item) {
                // The other members of a path item are not methods.
                let Some(operation_id) = operation["operationId"].as_str() else {
                    continue;
                };
                let handler = vendor.handlers().iter().find(|(id, _)| *id == operation_id);
                let (_, handler) =
                    handler.unwrap_or_else(|| panic!("{name}: nothing answers {operation_id}"));
                routes.push(Route {
                    operation: operation_id.to_owned(),
                    method: key.to_uppercase().parse().expect("an HTTP method"),
                    template: template(&format!("{base}{path}")),
                    query: query(&document, item, operation),
                    body: Body::new(&document, operation),
                    handler: *handler,
                });
            }
        }
        routes.sort_by(|a, b| a.template.cmp(&b.template));
        Self { routes }
    }

    fn find(&self, request: &Request) -> Result<&Route, Refusal> {
        let Some(closest) = self
            .routes
            .iter()
            .find(|route| route.matches(&request.path))
        else {
            return Err(Refusal::UnknownRoute);
        };
        let same_path = || {
            self.routes
                .iter()
                .filter(|route| route.template == closest.template)
        };
        same_path()
            .find(|route| route.method == request.method)
            .ok_or_else(|| {
                Refusal::WrongMethod(same_path().map(|route| route.method.clone()).collect())
            })
    }
}

impl Route {
    fn matches(&self, path: &[String]) -> bool {
        self.template.len() == path.len()
            && self
                .template
                .iter()
                .zip(path)
                .all(|(segment, given)| match segment {
                    Segment::Literal(literal) => literal == given,
                    Segment::Parameter => !given.is_empty(),
                })
    }

    /// Holds the request against the document, and leaves its body as JSON.
    fn admit(&self, request: &mut Request) -> Result<(), Refusal> {
        if request.oversized {
            return Err(Refusal::BodyTooLarge);
        }
        for parameter in &self.query {
            parameter.admit(request)?;
        }
        let Some(body) = &self.body else {
            return Ok(());
        };
        if request.body.is_empty() && !body.required {
            return Ok(());
        }
        let content_type = request.header("content-type").unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::NotDeclaredAsJson);
        }
        let json = serde_json::from_slice(&request.body)
            .map_err(|error| Refusal::NotJson(error.to_string()))?;
        let flaws: Vec<_> = body
            .validator
            .iter_errors(&json)
            .map(|error| flaw(&error))
            .collect();
        if !flaws.is_empty() {
            return Err(Refusal::Invalid(flaws));
        }
        request.json = json;
        Ok(())
    }

    /// Has the handler answer, unless the request repeats a write.
    fn apply(
        &self,
        state: &mut State,
        vendor: &dyn Vendor,
        request: &Request,
    ) -> Result<Reply, Reply> {
        let id = vendor.request_id(request);
        if let Some(answer) = state.journal.answer(request, id) {
            return Ok(answer);
        }
        let before = state.store.revision();
        let reply = (self.handler)(&mut state.store, request)?;
        if state.store.revision() != before {
            state.journal.enter(vendor.service(), request, id, &reply);
        }
        Ok(reply)
    }
}

impl Parameter {
    fn new(document: &Value, parameter: &Value) -> Option<Self> {
        let name = parameter["name"].as_str()?;
        let schema = resolve(document, &parameter["schema"]);
        let schema = schema.get("items").unwrap_or(schema);
        Some(Self {
            name: name.to_owned(),
            required: parameter["required"] == true,
            validator: jsonschema::validator_for(&json_schema(document, schema))
                .unwrap_or_else(|error| panic!("{name}: {error}")),
            range: match schema["format"].as_str() {
                Some("int32") => i32::MIN.into()..=i32::MAX.into(),
                _ => i64::MIN..=i64::MAX,
            },
        })
    }

    fn admit(&self, request: &Request) -> Result<(), Refusal> {
        let given = request.query.iter().filter(|(name, _)| *name == self.name);
        let mut texts = given.map(|(_, text)| text).peekable();
        if self.required && texts.peek().is_none() {
            return Err(Refusal::MissingQuery(self.name.clone()));
        }
        let Some(text) = texts.find(|text| !self.is_valid(text)) else {
            return Ok(());
        };
        let pointer = format!("/{}", self.name);
        let reason = format!("\"{text}\" is not what the parameter takes");
        Err(Refusal::Invalid(vec![Flaw { pointer, reason }]))
    }

    /// As text, or as the number or the truth value that it spells.
    fn is_valid(&self, text: &str) -> bool {
        let spelled = serde_json::from_str(text).ok();
        let spelled = spelled.filter(|value: &Value| match value {
            Value::Number(number) => {
                number.is_f64() || number.as_i64().is_some_and(|it| self.range.contains(&it))
            }
            other => other.is_boolean(),
        });
        self.validator.is_valid(&Value::from(text))
            || spelled.is_some_and(|value| self.validator.is_valid(&value))
    }
}

impl Body {
    fn new(document: &Value, operation: &Value) -> Option<Self> {
        let body = resolve(document, operation.get("requestBody")?);
        let schema = &body["content"]["application/json"]["schema"];
        Some(Self {
            required: body["required"] == Value::Bool(true),
            validator: jsonschema::validator_for(&json_schema(document, schema))
                .unwrap_or_else(|error| panic!("{}: {error}", operation["operationId"])),
        })
    }
}

fn flaw(error: &ValidationError<'_>) -> Flaw {
    let mut pointer = error.instance_path().to_string();
    match error.kind() {
        // Only `nullable` becomes such a choice; what is wrong is said by the other branch.
        ValidationErrorKind::AnyOf { context } => {
            if let Some(error) = context.last().and_then(|errors| errors.first()) {
                return flaw(error);
            }
        }
        ValidationErrorKind::Required { property } => {
            pointer.push('/');
            pointer.push_str(property.as_str().unwrap_or_default());
        }
        _ => {}
    }
    // Messages quote the offending value otherwise, and a body may hold a password.
    let reason = error.masked().to_string();
    Flaw { pointer, reason }
}

/// The path of the first server, which all paths of the document continue.
fn base_path(document: &Value) -> &str {
    let url = document["servers"][0]["url"].as_str().unwrap_or_default();
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("", |at| &after_scheme[at..]);
    path.trim_end_matches('/')
}

fn template(path: &str) -> Vec<Segment> {
    segments(path)
        .into_iter()
        .map(|segment| match segment.strip_prefix('{') {
            Some(_) => Segment::Parameter,
            None => Segment::Literal(segment),
        })
        .collect()
}

fn query(document: &Value, item: &Value, operation: &Value) -> Vec<Parameter> {
    [item, operation]
        .iter()
        .flat_map(|holder| holder["parameters"].as_array().into_iter().flatten())
        .map(|parameter| resolve(document, parameter))
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| Parameter::new(document, parameter))
        .collect()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{reference} leads nowhere")),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Sandbox;
    use crate::partner_center::specimens::specimens;

    /// A request that succeeds for each operation of a vendor: operation, target and body.
    fn successes(vendor: usize, sandbox: &Sandbox) -> Vec<(&'static str, String, Option<Value>)> {
        match vendor {
            0 => specimens(sandbox),
            1 => crate::cloudflare::successes(sandbox),
            _ => crate::campaign_standard::successes(sandbox),
        }
    }

    #[tokio::test]
    async fn every_operation_succeeds_the_way_its_document_says() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        for (index, vendor) in VENDORS.iter().enumerate() {
            let (name, text) = vendor.document();
            let document = Document::parse(name, text).expect("a document").to_json();
            let successes = successes(index, &sandbox);
            let operations: Vec<_> = members(&document["paths"])
                .flat_map(|(_, item)| members(item))
                .filter(|(_, operation)| operation["operationId"].is_string())
                .collect();
            assert_eq!(operations.len(), successes.len(), "{name}");
            for (method, operation) in operations {
                let id = operation["operationId"].as_str().expect("an id");
                let (_, target, body) = successes
                    .iter()
                    .find(|(known, ..)| *known == id)
                    .unwrap_or_else(|| panic!("{name}: no request for {id}"));
                let method = method.to_uppercase();
                let received = sandbox.call(&method, target, body.as_ref()).await;
                assert!((200..300).contains(&received.status), "{id}: {received:?}");
                let response = &operation["responses"][received.status.to_string()];
                assert!(
                    response.is_object(),
                    "{id}: {} is not declared",
                    received.status
                );
                let Some(media) = resolve(&document, response).get("content") else {
                    assert!(received.body.is_empty(), "{id}: {received:?}");
                    continue;
                };
                let schema = json_schema(&document, &media["application/json"]["schema"]);
                let validator = jsonschema::validator_for(&schema).expect("a schema");
                let value = received.json();
                let flaws: Vec<_> = validator.iter_errors(&value).collect();
                assert!(flaws.is_empty(), "{id}: {flaws:?}");
            }
        }
    }

    #[tokio::test]
    async fn an_address_of_no_service_is_not_found() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        assert_eq!(sandbox.call("GET", "/elsewhere", None).await.status, 404);
    }

    #[tokio::test]
    async fn a_query_is_held_against_the_document() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let units = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/";
        for (query, status) in [
            ("_lineCount=2&_forcePagination=true", 200),
            ("_lineCount=two", 500),
            ("_lineCount=2147483648", 500),
            ("_forcePagination=1", 500),
        ] {
            let received = sandbox.call("GET", &format!("{units}?{query}"), None).await;
            assert_eq!(received.status, status, "{query}");
        }
    }

    #[test]
    fn templates_continue_the_path_of_the_server() {
        let document = json!({"servers": [{"url": "https://api.example/client/v4/"}]});
        assert_eq!(base_path(&document), "/client/v4");
        assert_eq!(
            base_path(&json!({"servers": [{"url": "https://api.example"}]})),
            ""
        );
    }
}
