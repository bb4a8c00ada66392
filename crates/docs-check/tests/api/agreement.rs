//! A page and a document that are made from one random description agree, and each edit of one fact of the page
//! is one finding.

use std::fmt::Write as _;

use letterhead_docs_check::{Documents, Lock, Source, check, diff, read_page};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use crate::shelter::{clouds, folder};

/// What an operation is like.
#[derive(Clone, Debug)]
struct Operation {
    method: &'static str,
    /// The fixed segments of its path, each with whether a placeholder follows.
    path: Vec<(&'static str, bool)>,
    clouds: Vec<Cloud>,
    query: Vec<Field>,
    headers: Vec<&'static str>,
    request: Vec<Field>,
    response: Vec<Field>,
    status: u16,
}

/// A parameter or a member.
#[derive(Clone, Debug)]
struct Field {
    name: &'static str,
    of_type: Type,
    required: bool,
}

/// A cloud's name in a document and on a page.
type Cloud = (&'static str, &'static str);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Type {
    Text,
    Number,
    Truth,
    List,
    Object,
}

use Type::{List, Number, Object, Text, Truth};

const TYPES: [Type; 5] = [Text, Number, Truth, List, Object];
const CLOUDS: [Cloud; 3] = [
    ("global", "Partner Center"),
    ("china", "Partner Center operated by 21Vianet"),
    ("us-government", "Partner Center for Microsoft Cloud for US Government"),
];
const GERMANY: Cloud = ("germany", "Partner Center for Microsoft Cloud Germany");
const SEGMENTS: [&str; 6] = ["farms", "herds", "barns", "fields", "mills", "wells"];
const QUERY: [&str; 4] = ["size", "offset", "order", "season"];
const HEADERS: [&str; 3] = ["X-Farm", "X-Herd", "MS-Season"];
const MEMBERS: [&str; 6] = ["owner", "acres", "fenced", "crops", "soil", "note"];

impl Type {
    fn name(self) -> &'static str {
        match self {
            Text => "string",
            Number => "integer",
            Truth => "boolean",
            List => "array",
            Object => "object",
        }
    }

    fn schema(self) -> &'static str {
        match self {
            Text => "{type: string}",
            Number => "{type: integer}",
            Truth => "{type: boolean}",
            List => "{type: array, items: {type: string}}",
            Object => "{type: object, properties: {kind: {type: string}}}",
        }
    }

    fn value(self) -> &'static str {
        match self {
            Text => "\"rye\"",
            Number => "12",
            Truth => "true",
            List => "[\"rye\", \"oats\"]",
            Object => "{ \"kind\": \"clay\" }",
        }
    }

    fn other(self) -> Self {
        if self == Text { Number } else { Text }
    }
}

impl Operation {
    fn path(&self, placeholder: impl Fn(usize) -> String) -> String {
        let parts = self.path.iter().enumerate().map(|(at, (word, varies))| {
            let varying = if *varies { format!("/{}", placeholder(at)) } else { String::new() };
            format!("/{word}{varying}")
        });
        format!("/v1{}", parts.collect::<String>())
    }

    fn has_body(&self) -> bool {
        matches!(self.method, "PUT" | "POST" | "PATCH")
    }

    fn document(&self) -> String {
        let mut text = format!(
            "openapi: 3.0.3\ninfo: {{title: Farm, version: '1'}}\nservers: [{{url: 'https://api.farm.example'}}]\n\
             paths:\n  {}:\n    {}:\n      externalDocs: {{url: 'https://farm.example/docs/work-on-a-farm'}}\n",
            self.path(|at| format!("{{id_{at}}}")),
            self.method.to_lowercase()
        );
        let clouds: Vec<_> = self.clouds.iter().map(|(name, _)| *name).collect();
        let _ = writeln!(text, "      x-clouds: [{}]\n      parameters:", clouds.join(", "));
        for (at, _) in self.path.iter().enumerate().filter(|(_, (_, varies))| *varies) {
            let _ = writeln!(
                text,
                "        - {{name: id_{at}, in: path, required: true, schema: {{type: string}}}}"
            );
        }
        for Field { name, of_type, required } in &self.query {
            let _ = writeln!(
                text,
                "        - {{name: {name}, in: query, required: {required}, schema: {}}}",
                of_type.schema()
            );
        }
        for name in &self.headers {
            let _ =
                writeln!(text, "        - {{name: {name}, in: header, schema: {{type: string}}}}");
        }
        let body = |fields: &[Field]| {
            let members = fields.iter().map(|it| format!("{}: {}", it.name, it.of_type.schema()));
            let required = fields.iter().filter(|it| it.required).map(|it| it.name);
            format!(
                "content: {{application/json: {{schema: {{type: object, required: [{}], properties: {{{}}}}}}}}}",
                required.collect::<Vec<_>>().join(", "),
                members.collect::<Vec<_>>().join(", ")
            )
        };
        if self.has_body() {
            let body = body(&self.request);
            let _ = writeln!(text, "      requestBody: {{required: true, {body}}}");
        }
        let (status, body) = (self.status, body(&self.response));
        let _ = writeln!(text, "      responses:\n        '{status}': {{description: It, {body}}}");
        text
    }

    fn page(&self) -> String {
        let clouds: Vec<_> = self.clouds.iter().map(|(_, name)| *name).collect();
        let names: Vec<_> = self.query.iter().map(|it| format!("{0}={{{0}}}", it.name)).collect();
        let query = if names.is_empty() { String::new() } else { format!("?{}", names.join("&")) };
        let mut text = format!(
            "# Work on a farm\n\n**Applies to**: {}\n\n## REST request\n\n### Request syntax\n\n\
             | Method | Request URI |\n|---|---|\n| **{}** | {{baseURL}}{}{query} HTTP/1.1 |\n\n",
            clouds.join(" | "),
            self.method,
            self.path(|at| format!("{{id-{at}}}"))
        );
        if !self.query.is_empty() {
            text.push_str(
                "### URI parameters\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n",
            );
        }
        for Field { name, of_type, required } in &self.query {
            let required = if *required { "Y" } else { "N" };
            let _ = writeln!(text, "| {name} | {} | {required} | Some. |", of_type.name());
        }
        let _ = writeln!(
            text,
            "\n### Request example\n\n```http\n{} https://api.farm.example{} HTTP/1.1\nAccept: application/json",
            self.method,
            self.path(|at| format!("<id-{at}>"))
        );
        for name in &self.headers {
            let _ = writeln!(text, "{name}: 1");
        }
        let body = |fields: &[Field]| {
            let members =
                fields.iter().map(|it| format!("  \"{}\": {}", it.name, it.of_type.value()));
            format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"))
        };
        if self.has_body() {
            let _ = writeln!(text, "\n{}", body(&self.request));
        }
        let _ = writeln!(
            text,
            "```\n\n## REST response\n\n### Response example\n\n```http\nHTTP/1.1 {} OK\n\
             Content-Type: application/json\n\n{}\n```",
            self.status,
            body(&self.response)
        );
        text
    }

    /// Changes one fact; none where there is no such fact.
    fn edited(&self, edit: usize, at: Index) -> Option<Self> {
        let mut new = self.clone();
        let any = |fields: &mut Vec<Field>, change: fn(&mut Field)| {
            let last = (!fields.is_empty()).then(|| at.index(fields.len()))?;
            change(&mut fields[last]);
            Some(())
        };
        let rename: fn(&mut Field) = |field| field.name = "unheard";
        let retype: fn(&mut Field) = |field| field.of_type = field.of_type.other();
        match edit {
            0 => new.clouds.push(GERMANY),
            1 if new.clouds.len() > 1 => drop(new.clouds.remove(at.index(new.clouds.len()))),
            2 => any(&mut new.query, rename)?,
            3 => any(&mut new.query, retype)?,
            4 => any(&mut new.query, |field| field.required = !field.required)?,
            5 if new.has_body() => any(&mut new.request, rename)?,
            6 if new.has_body() => any(&mut new.request, retype)?,
            7 => any(&mut new.response, rename)?,
            8 => any(&mut new.response, retype)?,
            9 => new.status = 206,
            10 => new.headers.push("X-Unheard"),
            11 => new.path[at.index(self.path.len())].0 = "unheard",
            12 if new.has_body() => new.method = if new.method == "PUT" { "POST" } else { "PUT" },
            13 => {
                let required = new.response.iter().position(|field| field.required)?;
                new.response.remove(required);
            }
            _ => return None,
        }
        Some(new)
    }
}

fn fields(names: &'static [&'static str], least: usize) -> impl Strategy<Value = Vec<Field>> {
    let names = subsequence(names.to_vec(), least..=names.len());
    let types = prop::collection::vec((prop::sample::select(&TYPES[..]), any::<bool>()), 6);
    (names, types).prop_map(|(names, types)| {
        let fields = names.into_iter().zip(types);
        fields.map(|(name, (of_type, required))| Field { name, of_type, required }).collect()
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    let method = prop::sample::select(&["GET", "PUT", "POST", "PATCH", "DELETE"][..]);
    let words = subsequence(SEGMENTS.to_vec(), 1..4);
    let path = (words, prop::collection::vec(any::<bool>(), 6))
        .prop_map(|(words, varies)| words.into_iter().zip(varies).collect());
    let clouds = subsequence(CLOUDS.to_vec(), 1..=3);
    let query = fields(&QUERY, 0).prop_map(|mut fields| {
        // A list or an object in the query has no word for its type.
        fields.retain(|field| !matches!(field.of_type, List | Object));
        fields
    });
    let headers = subsequence(HEADERS.to_vec(), 0..=3);
    let bodies = (fields(&MEMBERS, 2), fields(&MEMBERS, 2));
    let status = prop::sample::select(&[200, 201, 202][..]);
    (method, path, clouds, query, headers, bodies, status).prop_map(
        |(method, path, clouds, query, headers, (request, response), status)| Operation {
            method,
            path,
            clouds,
            query,
            headers,
            request,
            response,
            status,
        },
    )
}

/// What is found on the page of one operation when it is held against the document of another.
fn found(page: &Operation, document: &Operation) -> Vec<String> {
    let mut documents = Documents::default();
    documents.add_of(clouds(), "farm.yaml", &document.document()).unwrap();
    let source = Source::new("work-on-a-farm.md", page.page());
    let page = read_page("work-on-a-farm.md".to_owned(), source, &documents.known());
    let outcome = check(&folder(vec![page]), &documents);
    outcome.findings.into_iter().map(|finding| finding.key).collect()
}

fn locked(operation: &Operation) -> letterhead_docs_check::Page {
    let mut documents = Documents::default();
    documents.add_of(clouds(), "farm.yaml", &operation.document()).unwrap();
    let source = Source::new("work-on-a-farm.md", operation.page());
    read_page("work-on-a-farm.md".to_owned(), source, &documents.known())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn page_and_document_of_one_description_agree(operation in operation()) {
        prop_assert_eq!(found(&operation, &operation), Vec::<String>::new(), "{}", operation.page());
    }

    #[test]
    fn each_edit_of_one_fact_is_one_finding(
        operation in operation(),
        edit in 0..14_usize,
        at in any::<Index>(),
    ) {
        if let Some(edited) = operation.edited(edit, at) {
            let found = found(&edited, &operation);
            prop_assert_eq!(found.len(), 1, "{:?}\n{}", found, edited.page());
            // The same edit is a change since the lock.
            let mut documents = Documents::default();
            documents.add_of(clouds(), "farm.yaml", &operation.document()).unwrap();
            let lock = Lock::of([&locked(&operation)]);
            let changes = diff(&lock, &[locked(&edited)], &documents);
            let said: Vec<_> = changes.facts.iter().map(|change| &change.message).collect();
            prop_assert_eq!(said.len(), 1, "{:?}\n{}", said, edited.page());
        }
    }
}
