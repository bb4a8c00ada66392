//! What the stubs of a vendor say that its document says: the row, the credentials, the sandbox's handlers.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use letterhead_document::{Document, Node, Operation, Response};

use crate::security::token_url;
use crate::supplied::only_value;

/// What is filled in for each name in braces.
pub(crate) type Fills = Vec<(&'static str, String)>;

/// What a document says of its vendor. `row` is the vendor's row in the table, `id` its id.
pub(crate) fn fills(document: &Document, row: &str, id: &str) -> Fills {
    let operations: Vec<_> = document.operations().collect();
    let server = document.servers().next();
    let kinds = kinds(document);
    let root = document.root();
    let page = root.get("externalDocs").and_then(|it| it.text("url")).unwrap_or_default();
    vec![
        ("base_url", server.and_then(|it| it.url()).unwrap_or_default().to_owned()),
        ("about", root.at("/info/title").as_str().unwrap_or_default().to_owned()),
        (
            "source",
            if page.is_empty() { String::new() } else { format!("//!\n//! Source: <{page}>.\n") },
        ),
        ("root", root_of(&operations)),
        ("accept", accept(&operations)),
        ("headers", headers(&operations)),
        ("trace_id", trace_id(&operations)),
        ("credentials", kinds.iter().map(Kind::row).collect()),
        (
            "constructors",
            kinds.iter().enumerate().map(|(at, kind)| kind.constructor(at, row)).collect(),
        ),
        ("first_call", kinds[0].call(str::to_owned, "")),
        ("first_taken", kinds[0].taken().join(", ")),
        ("first_from_env", kinds[0].call(|name| variable(row, name), "from_env")),
        ("variables", kinds[0].variables(row)),
        ("constants", constants(&kinds, row)),
        ("tokens", tokens(&kinds, row, id)),
        ("kinds_of_sandbox", kinds.iter().map(|kind| kind.lines(row, id)).collect()),
        ("setup", kinds.iter().enumerate().map(|(at, kind)| kind.setup(at, row)).collect()),
        ("handlers", each(&operations, |it| format!("({:?}, unwritten),\n", it.name()))),
        ("owned", owned(server.map_or("", |it| it.path()), &operations)),
    ]
}

/// One kind of credential: its headers and its pairs of the query, each with what it is made from.
struct Kind {
    made_by: String,
    parts: Vec<Part>,
    /// Where an application asks for a token of it.
    token_url: Option<String>,
}

enum Part {
    Bearer { argument: String },
    Basic,
    Key { header: String, argument: String },
    Cookie { name: String, argument: String },
    Query { name: String, argument: String },
}

fn kinds(document: &Document) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for alternative in document.root().list("security") {
        let parts = alternative.members().filter_map(|(name, _)| {
            let (_, scheme) = document.component("securitySchemes", &name.text)?;
            Some(Part::of(&name.text, scheme))
        });
        let schemes = alternative.members();
        let mut schemes = schemes
            .filter_map(|(name, _)| Some(document.component("securitySchemes", &name.text)?.1));
        let token_url = schemes.find_map(token_url);
        let token_url = token_url.map(str::to_owned);
        let mut parts: Vec<_> = parts.collect();
        apart(&mut parts);
        let last = alternative.members().last();
        let mut made_by = match parts.as_slice() {
            [Part::Bearer { .. }] => "token".to_owned(),
            [Part::Basic] => "password".to_owned(),
            _ => last.map(|(name, _)| snake(&name.text)).unwrap_or_default(),
        };
        if kinds.iter().any(|kind| kind.made_by == made_by) || made_by == "from_env" {
            let _ = write!(made_by, "_{}", kinds.len() + 1);
        }
        // Whoever makes tokens has no other part of the credential.
        let token_url = token_url.filter(|_| matches!(parts.as_slice(), [Part::Bearer { .. }]));
        kinds.push(Kind { made_by, parts, token_url });
    }
    // The sandbox shows the first kind in headers.
    kinds.sort_by_key(|kind| kind.parts.iter().any(|part| matches!(part, Part::Query { .. })));
    kinds
}

/// Gives the arguments of a constructor names of their own.
fn apart(parts: &mut [Part]) {
    let mut taken: Vec<String> = Vec::new();
    for part in parts {
        if let Part::Bearer { argument }
        | Part::Key { argument, .. }
        | Part::Cookie { argument, .. }
        | Part::Query { argument, .. } = part
        {
            while taken.contains(argument) || ["user", "password"].contains(&argument.as_str()) {
                argument.push_str("_key");
            }
            taken.push(argument.clone());
        }
    }
}

impl Part {
    fn of(name: &str, scheme: &Node) -> Self {
        match (scheme.text("name"), scheme.text("scheme")) {
            (Some(cookie), _) if scheme.text("in") == Some("cookie") => {
                Self::Cookie { name: cookie.to_owned(), argument: snake(name) }
            }
            (Some(query), _) if scheme.text("in") == Some("query") => {
                Self::Query { name: query.to_owned(), argument: snake(name) }
            }
            (Some(header), _) => {
                Self::Key { header: header.to_ascii_lowercase(), argument: snake(name) }
            }
            (None, Some(scheme)) if scheme.eq_ignore_ascii_case("basic") => Self::Basic,
            _ => Self::Bearer { argument: "token".to_owned() },
        }
    }

    fn arguments(&self) -> Vec<&str> {
        match self {
            Self::Basic => vec!["user", "password"],
            Self::Bearer { argument }
            | Self::Key { argument, .. }
            | Self::Cookie { argument, .. }
            | Self::Query { argument, .. } => vec![argument],
        }
    }
}

impl Kind {
    fn arguments(&self) -> Vec<&str> {
        self.parts.iter().flat_map(Part::arguments).collect()
    }

    fn taken(&self) -> Vec<String> {
        self.arguments().iter().map(|name| format!("{name}: &str")).collect()
    }

    /// A call of the constructor.
    fn call(&self, argument: impl Fn(&str) -> String, from: &str) -> String {
        let arguments = self.arguments();
        let arguments = arguments.iter().map(|name| match from {
            "" => argument(name),
            _ => format!("&environment.require({:?})?", argument(name)),
        });
        format!("{}({})", self.made_by, arguments.collect::<Vec<_>>().join(", "))
    }

    fn row(&self) -> String {
        let headers = self.parts.iter().filter_map(|part| match part {
            Part::Bearer { .. } | Part::Basic => Some("BEARER".to_owned()),
            Part::Key { header, .. } => Some(format!("secret({header:?})")),
            Part::Cookie { .. } => Some("secret(\"cookie\")".to_owned()),
            Part::Query { .. } => None,
        });
        let queries = self.parts.iter().filter_map(|part| match part {
            Part::Query { name, .. } => Some(name),
            _ => None,
        });
        format!(
            "Credential {{ made_by: {:?}, made_from: &{:?}, headers: &[{}], queries: &{:?} }},\n",
            self.made_by,
            self.arguments(),
            headers.collect::<Vec<_>>().join(", "),
            queries.collect::<Vec<_>>()
        )
    }

    fn constructor(&self, at: usize, row: &str) -> String {
        let (mut before, mut parts) = (String::new(), Vec::new());
        let mut index = 0;
        for part in &self.parts {
            let header = index;
            index += usize::from(!matches!(part, Part::Query { .. }));
            parts.push(match part {
                Part::Bearer { argument } => format!("Part::bearer({argument})"),
                Part::Basic => {
                    before += "let pair = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, \
                               format!(\"{user}:{password}\"));\n";
                    written("Scheme", "basic", "&pair")
                }
                Part::Cookie { name, argument } => written("Cookie", name, argument),
                Part::Query { name, argument } => written("Query", name, argument),
                Part::Key { argument, .. } => format!(
                    "Part::of(&letterhead_spec::{row}.credentials[{at}].headers[{header}], {argument})"
                ),
            });
        }
        let shown: Vec<_> = self.parts.iter().map(Part::shown).collect();
        let fixed = format!(
            "/// Sent as {}.\n///\n/// # Errors\n/// A value that can't be sent.\n\
             pub fn {}({}) -> Result<Self, Error> {{\n{before}Ok(Self(Headers::new(&[{}])?.into()))\n}}\n\n",
            shown.join(" and "),
            self.made_by,
            self.taken().join(", "),
            parts.join(", ")
        );
        fixed + &self.sign_in()
    }

    /// The constructor of an application that asks for its tokens itself.
    fn sign_in(&self) -> String {
        let Some(token_url) = &self.token_url else { return String::new() };
        let made_by = if self.made_by == "token" {
            "client_credentials".to_owned()
        } else {
            format!("{}_client_credentials", self.made_by)
        };
        format!(
            "/// Tokens for an application, with these scopes; without any the provider chooses.\n///\n\
             /// # Errors\n/// An id or a secret that is empty.\n\
             pub fn {made_by}(client_id: &str, client_secret: &str, scopes: &[&str]) -> Result<Self, Error> {{\n\
             let source = crate::ClientCredentials::new({token_url:?}, client_id, client_secret)?;\n\
             let source = source.scopes(scopes.iter().copied());\n\
             let cache = crate::oauth::TokenCache::new(source, None);\n\
             Ok(Self(crate::credential::Source::tokens(cache, None)))\n}}\n\n"
        )
    }

    fn variables(&self, row: &str) -> String {
        let arguments = self.arguments();
        let lines = arguments.iter().map(|name| {
            let name = variable(row, name);
            format!("Variable::text({name:?}, {name}),")
        });
        lines.collect()
    }

    /// The header lines of the kind, for the sandbox.
    fn lines(&self, row: &str, id: &str) -> String {
        let lines = self.parts.iter().map(|part| match part {
            Part::Bearer { argument } => format!("bearer({})", variable(row, argument)),
            Part::Basic => {
                let pair = format!("{}:{}", value(id, "user"), value(id, "password"));
                let basic = format!("Basic {}", BASE64_STANDARD.encode(pair));
                format!("(\"authorization\", {basic:?}.to_owned())")
            }
            Part::Key { header, argument } => {
                format!("({header:?}, {}.to_owned())", variable(row, argument))
            }
            Part::Cookie { name, argument } => {
                format!("(\"cookie\", format!(\"{name}={{}}\", {}))", variable(row, argument))
            }
            Part::Query { name, argument } => {
                format!("({:?}, {}.to_owned())", format!("?{name}"), variable(row, argument))
            }
        });
        format!("vec![{}],\n", lines.collect::<Vec<_>>().join(", "))
    }

    fn setup(&self, at: usize, row: &str) -> String {
        let arguments = self.arguments();
        let names = arguments.iter().map(|name| variable(row, name));
        format!("({at}, &[{}]),", names.collect::<Vec<_>>().join(", "))
    }
}

impl Part {
    fn shown(&self) -> String {
        match self {
            Self::Bearer { .. } => "`Authorization: Bearer`".to_owned(),
            Self::Basic => "`Authorization: Basic`".to_owned(),
            Self::Key { header, .. } => format!("`{header}`"),
            Self::Cookie { name, .. } => format!("the cookie `{name}`"),
            Self::Query { name, .. } => format!("`{name}` in the query"),
        }
    }
}

/// A part that the layer has no shorter way for.
fn written(slot: &str, name: &str, value: &str) -> String {
    format!("Part::secret(crate::slot::Slot::{slot}({name:?}), {value})")
}

/// What a part of a credential is called in the environment, and by the sandbox.
fn variable(row: &str, argument: &str) -> String {
    format!("{row}_{}", argument.to_uppercase())
}

/// What the sandbox accepts.
fn value(id: &str, argument: &str) -> String {
    format!("sandbox-{id}-{}-4be1f0937ac24d5e86d17f0c2a95e3b8", argument.replace('_', "-"))
}

fn arguments(kinds: &[Kind]) -> BTreeSet<&str> {
    kinds.iter().flat_map(Kind::arguments).collect()
}

fn constants(kinds: &[Kind], row: &str) -> String {
    let names = arguments(kinds);
    names.iter().map(|argument| variable(row, argument)).collect::<Vec<_>>().join(", ")
}

fn tokens(kinds: &[Kind], row: &str, id: &str) -> String {
    let arguments = arguments(kinds);
    let constants = arguments.iter().map(|argument| {
        let (name, value) = (variable(row, argument), value(id, argument));
        format!(
            "/// What the service accepts as `{argument}`.\npub const {name}: &str = {value:?};\n"
        )
    });
    constants.collect()
}

/// How every path starts: empty where they have no first word in common.
fn root_of(operations: &[Operation<'_>]) -> String {
    let firsts: BTreeSet<_> = operations.iter().map(|it| first(&it.path.text)).collect();
    match firsts.first() {
        Some(first) if firsts.len() == 1 && !first.contains('{') => format!("/{first}"),
        _ => String::new(),
    }
}

fn first(path: &str) -> &str {
    path.trim_start_matches('/').split('/').next().unwrap_or_default()
}

/// The patterns of the first word of the paths.
fn owned(base: &str, operations: &[Operation<'_>]) -> String {
    let paths = operations.iter().map(|it| format!("{base}{}", it.path.text));
    let firsts: BTreeSet<_> = paths.map(|path| first(&path).to_owned()).collect();
    if firsts.iter().any(|first| first.contains('{')) {
        return "Some(_)".to_owned();
    }
    let words: Vec<_> = firsts.iter().map(|first| format!("{first:?}")).collect();
    format!("Some({})", words.join(" | "))
}

/// What is accepted: JSON, or the vendor's own kind of it.
fn accept(operations: &[Operation<'_>]) -> String {
    let responses = operations.iter().flat_map(Operation::responses);
    let successes = responses.filter(|it| it.status.text.starts_with('2'));
    let types: Vec<_> = successes
        .flat_map(|it| it.node.map("content").map(|(name, _)| name.text.as_str()))
        .collect();
    let is_json = |it: &&&str| it.contains("json") && !it.contains(';');
    let usual = "application/json";
    let own = types.iter().find(is_json).filter(|_| !types.contains(&usual));
    own.map_or(usual, |own| own).to_owned()
}

fn headers(operations: &[Operation<'_>]) -> String {
    let parameters = operations.iter().flat_map(Operation::parameters);
    let supplied = parameters.filter(|it| it.node.text("x-supplied-by").is_some());
    let headers: BTreeSet<_> = supplied
        .filter_map(|it| Some((it.name().to_ascii_lowercase(), only_value(&it)?)))
        .collect();
    each(&headers, |(name, value)| format!("({name:?}, {value:?}),"))
}

/// The response header with the vendor's own id of the request, as most call it.
fn trace_id(operations: &[Operation<'_>]) -> String {
    let responses: Vec<_> = operations.iter().flat_map(Operation::responses).collect();
    let names =
        responses.iter().flat_map(Response::headers).map(|(name, _)| name.to_ascii_lowercase());
    let is_id = |name: &String| {
        let name = name.replace(['-', '_'], "");
        name.contains("requestid") || name.contains("traceid") || name.contains("correlationid")
    };
    names.into_iter().find(is_id).unwrap_or_else(|| "x-request-id".to_owned())
}

fn each<T>(of: impl IntoIterator<Item = T>, write: impl FnMut(T) -> String) -> String {
    of.into_iter().map(write).collect::<Vec<_>>().concat()
}

fn snake(name: &str) -> String {
    letterhead_codegen::rust_name(name)
}
