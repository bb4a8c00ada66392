//! Exchanges held against the document of their vendor.

use std::path::Path;

use letterhead_document::{Document, json_schema};
use letterhead_sandbox::Exchange;
use serde_json::Value;

pub(crate) struct Contract {
    document: Value,
    /// What the paths of the document continue.
    base: &'static str,
}

impl Contract {
    pub(crate) fn new(name: &str, base: &'static str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(root.join(format!("spec/{name}.yaml"))).unwrap();
        let document = Document::parse(name, &text).unwrap().to_json();
        Self { document, base }
    }

    pub(crate) fn operation_ids(&self) -> Vec<String> {
        self.paths()
            .flat_map(|(_, item)| item.as_object().unwrap().values())
            .filter_map(|operation| operation["operationId"].as_str().map(str::to_owned))
            .collect()
    }

    /// The operation of an exchange, whose parameters and both bodies have to be what the document
    /// says.
    pub(crate) fn assert_holds(&self, exchange: &Exchange) -> &str {
        let operation = self.operation(exchange);
        let id = operation["operationId"].as_str().unwrap();
        let parameters: Vec<&Value> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|parameter| self.resolve(parameter))
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| &parameter["name"])
            .collect();
        for pair in exchange
            .query()
            .into_iter()
            .flat_map(|query| query.split('&'))
        {
            let name = pair.split('=').next().unwrap();
            assert!(
                parameters.iter().any(|known| *known == name),
                "{id}: {name}"
            );
        }
        if let Some(body) = exchange.request_json() {
            self.assert_valid(id, &operation["requestBody"], &body);
        }
        let status = exchange.status.as_str();
        let response = self.resolve(&operation["responses"][status]);
        assert!(response.is_object(), "{id}: {status} is not declared");
        // Partner Center puts a byte order mark before its JSON.
        let body = exchange.response_body.strip_prefix(b"\xef\xbb\xbf");
        let body = body.unwrap_or(&exchange.response_body);
        if response["content"].is_object() {
            let body = serde_json::from_slice(body).unwrap();
            self.assert_valid(id, response, &body);
        } else {
            assert!(body.is_empty(), "{id}: {exchange:?}");
        }
        id
    }

    fn paths(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.document["paths"].as_object().unwrap().iter()
    }

    /// The operation of the path with the most literal segments.
    fn operation(&self, exchange: &Exchange) -> &Value {
        let path = exchange.path().strip_prefix(self.base).unwrap();
        let given: Vec<_> = path.split('/').collect();
        let is_variable = |segment: &&str| segment.starts_with('{');
        let method = exchange.method.as_str().to_lowercase();
        self.paths()
            .filter(|(_, item)| item[&method].is_object())
            .map(|(template, item)| (template.split('/').collect::<Vec<_>>(), &item[&method]))
            .filter(|(template, _)| {
                let mut pairs = template.iter().zip(&given);
                template.len() == given.len() && pairs.all(|(t, g)| is_variable(t) || t == g)
            })
            .min_by_key(|(template, _)| template.iter().copied().filter(is_variable).count())
            .unwrap_or_else(|| panic!("{method} {path} is not in the document"))
            .1
    }

    fn assert_valid(&self, id: &str, holder: &Value, body: &Value) {
        let schema = &holder["content"]["application/json"]["schema"];
        let schema = json_schema(&self.document, schema);
        let validator = jsonschema::validator_for(&schema).unwrap();
        // Passwords stay out of the output.
        let flaws = validator
            .iter_errors(body)
            .map(|flaw| flaw.masked().to_string());
        let flaws: Vec<String> = flaws.collect();
        assert!(flaws.is_empty(), "{id}: {flaws:?}");
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(&reference[1..]).unwrap(),
            None => value,
        }
    }
}
