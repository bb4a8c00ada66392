//! Who may call: the schemes, and what operations require of them.

use std::collections::HashMap;

use letterhead_document::{Kind as Value, Node};

use super::{misspells, place_of, rule, text};
use crate::diagnostic::{Findings, Severity, did_you_mean};
use crate::model::{Model, Object};
use crate::rule::{Check, Rule, Sample};
use crate::shape::Kind;

pub(crate) static CHECK: Check = Check { rules: RULES, run };

const TYPES: [&str; 4] = ["apiKey", "http", "oauth2", "openIdConnect"];

fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::SecurityScheme) {
        scheme(object, findings);
    }
    for object in model.all(Kind::OAuthFlow) {
        flow(object, findings);
    }
    let schemes: HashMap<&str, &Node> = model
        .components
        .iter()
        .filter(|((section, _), _)| *section == "securitySchemes")
        .map(|((_, name), node)| (*name, *node))
        .collect();
    for object in model.all(Kind::SecurityRequirement) {
        for (key, scopes) in object.node.members() {
            // As in `structure`, extensions are not looked at.
            if key.text.starts_with("x-") {
                continue;
            }
            match schemes.get(key.text.as_str()) {
                None => {
                    let mut names: Vec<&str> = schemes.keys().copied().collect();
                    names.sort_unstable();
                    let help = match did_you_mean(&key.text, names) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("add `{}` to `components.securitySchemes`", key.text),
                    };
                    let message = format!("there is no security scheme `{}`", key.text);
                    findings.add("undefined-security-scheme", key.span, message, help);
                }
                Some(scheme) => {
                    if let Some(scheme) = model.resolve(scheme) {
                        required(&key.text, scheme, scopes, findings);
                    }
                }
            }
        }
    }
}

/// The scopes that are required of a scheme.
fn required(name: &str, scheme: &Node, scopes: &Node, findings: &mut Findings) {
    let Some(first) = scopes.items().first() else {
        return;
    };
    match text(scheme, "type") {
        Some("apiKey" | "http") => {
            let message = format!("`{name}` has no scopes; only `oauth2` and `openIdConnect` do");
            let help = format!("write `{name}: []`");
            findings.add("unexpected-scopes", first.span, message, help);
        }
        Some("oauth2") => {
            let flows = || scheme.get("flows").into_iter().flat_map(Node::members);
            // What a flow without its list would declare isn't known.
            if flows().any(|(_, flow)| flow.get("scopes").is_none()) {
                return;
            }
            let declared: Vec<&str> = flows()
                .filter_map(|(_, flow)| flow.get("scopes"))
                .flat_map(Node::members)
                .map(|(scope, _)| scope.text.as_str())
                .collect();
            let names = scopes.items().iter();
            for (scope, node) in names.filter_map(|node| Some((node.as_str()?, node))) {
                if declared.contains(&scope) || scheme.get("flows").is_none() {
                    continue;
                }
                let help = match did_you_mean(scope, declared.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("add `{scope}` to the `scopes` of its flows"),
                };
                let message = format!("`{name}` declares no scope `{scope}`");
                findings.add("undeclared-scope", node.span, message, help);
            }
        }
        _ => {}
    }
}

/// What each type of scheme needs.
fn scheme(object: &Object<'_>, findings: &mut Findings) {
    let node = object.node;
    let Some(kind) = node.get("type") else { return };
    let Some(kind_text) = kind.as_str() else {
        return;
    };
    let needs: &[&str] = match kind_text {
        "apiKey" => &["name", "in"],
        "http" => &["scheme"],
        "oauth2" => &["flows"],
        "openIdConnect" => &["openIdConnectUrl"],
        _ => {
            let help = match (kind_text, did_you_mean(kind_text, TYPES)) {
                ("basic" | "bearer", _) => format!("write `type: http` and `scheme: {kind_text}`"),
                (_, Some(near)) => format!("did you mean `{near}`?"),
                _ => "write `apiKey`, `http`, `oauth2` or `openIdConnect`".to_owned(),
            };
            let message = format!("`{kind_text}` is no type of security scheme");
            findings.add("security-scheme-type", kind.span, message, help);
            return;
        }
    };
    for member in needs {
        if node.get(member).is_none() && !misspells(node, member) {
            let message = format!("a scheme of type `{kind_text}` needs a member `{member}`");
            let help = match *member {
                "in" => "add `in: header`",
                "name" => "add `name` with the name of the header",
                "scheme" => "add `scheme: bearer` or `scheme: basic`",
                "flows" => "add `flows` with a flow, its URLs and its `scopes`",
                _ => "add `openIdConnectUrl` with the URL of the discovery document",
            };
            findings.add("security-scheme-member", place_of(object), message, help);
        }
    }
    if let ("apiKey", Some(place)) = (kind_text, node.get("in"))
        && let Some(location) = place.as_str()
        && !matches!(location, "query" | "header" | "cookie")
    {
        let message = format!("a key can't be in `{location}`");
        let help = match did_you_mean(location, ["query", "header", "cookie"]) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write `header`, `query` or `cookie`".to_owned(),
        };
        findings.add("security-scheme-member", place.span, message, help);
    }
    if let ("http", Some(scheme)) = (kind_text, node.get("scheme"))
        && let Some(name) = scheme.as_str()
        && !SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(name))
    {
        let message = format!("`{name}` is no scheme of HTTP");
        let help = match did_you_mean(name, SCHEMES.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write `bearer` or `basic`; a header with a key is `type: apiKey`".to_owned(),
        };
        findings.add("security-scheme-member", scheme.span, message, help);
    }
    if let ("oauth2", Some((key, flows))) = (kind_text, node.entry("flows"))
        && matches!(flows.kind, Value::Object(_))
        && flows.members().all(|(key, _)| key.text.starts_with("x-"))
    {
        let message = "a scheme of type `oauth2` needs a flow";
        let help = "add `clientCredentials`, `authorizationCode`, `implicit` or `password`";
        findings.add("security-scheme-member", key.span, message, help);
    }
}

/// What each flow needs.
fn flow(object: &Object<'_>, findings: &mut Findings) {
    let Some(key) = object.key else { return };
    let needs: &[&str] = match key.text.as_str() {
        "implicit" => &["authorizationUrl"],
        "password" | "clientCredentials" => &["tokenUrl"],
        "authorizationCode" => &["authorizationUrl", "tokenUrl"],
        _ => return,
    };
    for member in needs {
        if object.node.get(member).is_none() && !misspells(object.node, member) {
            let message = format!("the flow `{}` needs a member `{member}`", key.text);
            findings.add(
                "security-scheme-member",
                key.span,
                message,
                format!("add `{member}`"),
            );
        }
    }
}

/// Those that IANA knows.
const SCHEMES: &[&str] = &[
    "basic",
    "bearer",
    "concealed",
    "digest",
    "dpop",
    "gnap",
    "hoba",
    "mutual",
    "negotiate",
    "oauth",
    "privatetoken",
    "scram-sha-1",
    "scram-sha-256",
    "vapid",
];

static RULES: &[Rule] = &[
    rule(
        "undefined-security-scheme",
        Severity::Error,
        "A security requirement names a scheme of the document.",
        "Nobody knows how to satisfy it; tools refuse the document or send no credential.",
        Sample::Document(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\nsecurity: [{kee: []}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        '204': {description: Nothing.}\n        '404': {description: Not found.}\ncomponents:\n  securitySchemes:\n    key: {type: apiKey, name: X-Key, in: header}\n",
        ),
        Sample::Document(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\nsecurity: [{key: []}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        '204': {description: Nothing.}\n        '404': {description: Not found.}\ncomponents:\n  securitySchemes:\n    key: {type: apiKey, name: X-Key, in: header}\n",
        ),
    ),
    rule(
        "unexpected-scopes",
        Severity::Error,
        "Scopes are required of OAuth and OpenID Connect only.",
        "Keys and passwords have none: what the author wanted to restrict is not restricted.",
        Sample::Document(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\nsecurity: [{key: [read]}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        '204': {description: Nothing.}\n        '404': {description: Not found.}\ncomponents:\n  securitySchemes:\n    key: {type: apiKey, name: X-Key, in: header}\n",
        ),
        Sample::Document(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\nsecurity: [{key: []}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        '204': {description: Nothing.}\n        '404': {description: Not found.}\ncomponents:\n  securitySchemes:\n    key: {type: apiKey, name: X-Key, in: header}\n",
        ),
    ),
    rule(
        "undeclared-scope",
        Severity::Error,
        "A required scope is one that its scheme declares.",
        "A token with that scope can never be asked for.",
        Sample::Document(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\nsecurity: [{login: [raed]}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        '204': {description: Nothing.}\n        '404': {description: Not found.}\ncomponents:\n  securitySchemes:\n    login: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/token', scopes: {read: Read pets.}}}}\n",
        ),
        Sample::Document(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\nsecurity: [{login: [read]}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        '204': {description: Nothing.}\n        '404': {description: Not found.}\ncomponents:\n  securitySchemes:\n    login: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/token', scopes: {read: Read pets.}}}}\n",
        ),
    ),
    rule(
        "security-scheme-type",
        Severity::Error,
        "A security scheme is an `apiKey`, `http`, `oauth2` or `openIdConnect`.",
        "Tools refuse the document, or send no credential.",
        Sample::Document(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\nsecurity: [{key: []}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        '204': {description: Nothing.}\n        '404': {description: Not found.}\ncomponents:\n  securitySchemes:\n    key: {type: apikey, name: X-Key, in: header}\n",
        ),
        Sample::Document(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\nsecurity: [{key: []}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        '204': {description: Nothing.}\n        '404': {description: Not found.}\ncomponents:\n  securitySchemes:\n    key: {type: apiKey, name: X-Key, in: header}\n",
        ),
    ),
    rule(
        "security-scheme-member",
        Severity::Error,
        "A security scheme has the members that its type needs.",
        "Without them nobody knows where the credential goes or comes from.",
        Sample::Document(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\nsecurity: [{key: []}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        '204': {description: Nothing.}\n        '404': {description: Not found.}\ncomponents:\n  securitySchemes:\n    key: {type: apiKey, name: X-Key}\n",
        ),
        Sample::Document(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\nsecurity: [{key: []}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n        '204': {description: Nothing.}\n        '404': {description: Not found.}\ncomponents:\n  securitySchemes:\n    key: {type: apiKey, name: X-Key, in: header}\n",
        ),
    ),
];
