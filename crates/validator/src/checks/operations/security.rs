//! Who may call: the schemes, and what operations require of them.

use std::collections::HashMap;

use letterhead_document::{Kind as Value, Node};

use super::stray::is_token;
use super::{misspells, place_of, text};
use crate::checks::references::targets::is_misspelt;
use crate::finding::{Findings, did_you_mean, is_slip};
use crate::model::{Model, Object};
use crate::rules::operations;
use crate::shape::Kind;

const TYPES: [&str; 4] = ["apiKey", "http", "oauth2", "openIdConnect"];

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in model.all(Kind::SecurityScheme) {
        scheme(object, findings);
    }
    for object in model.all(Kind::OAuthFlow) {
        flow(object, findings);
    }
    let components = model.document.root().get("components");
    let schemes = components.map(|components| components.map("securitySchemes"));
    let schemes: HashMap<&str, &Node> =
        schemes.into_iter().flatten().map(|(name, node)| (name.text.as_str(), node)).collect();
    for object in model.all(Kind::SecurityRequirement) {
        for (key, scopes) in object.node.members() {
            // As in `structure`, extensions are not looked at.
            if key.text.starts_with("x-") {
                continue;
            }
            match schemes.get(key.text.as_str()) {
                None if is_misspelt(model, "#/components/securitySchemes/") => {}
                None => {
                    let mut names: Vec<&str> = schemes.keys().copied().collect();
                    names.sort_unstable();
                    let help = match did_you_mean(&key.text, names) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("add `{}` to `components.securitySchemes`", key.text),
                    };
                    let message = format!("there is no security scheme `{}`", key.text);
                    findings.add(&operations::UNDEFINED_SECURITY_SCHEME, key.span, message, help);
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
            findings.add(&operations::UNEXPECTED_SCOPES, first.span, message, help);
        }
        Some("oauth2") => {
            let flows = || scheme.get("flows").into_iter().flat_map(Node::members);
            // The scopes of a flow without its list are unknown.
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
                findings.add(&operations::UNDECLARED_SCOPE, node.span, message, help);
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
            findings.add(&operations::SECURITY_SCHEME_TYPE, kind.span, message, help);
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
            findings.add(&operations::SECURITY_SCHEME_MEMBER, place_of(object), message, help);
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
        findings.add(&operations::SECURITY_SCHEME_MEMBER, place.span, message, help);
    }
    if let ("http", Some(scheme)) = (kind_text, node.get("scheme"))
        && let Some(name) = scheme.as_str()
        && !SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(name))
        && let near = did_you_mean(name, SCHEMES.iter().copied().filter(|it| is_slip(name, it)))
        && (near.is_some() || !is_token(name))
    {
        let message = format!("`{name}` is no scheme of HTTP that IANA knows");
        let help = near.map_or_else(
            || "write one word, which a header can start with".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        findings.add(&operations::UNKNOWN_HTTP_SCHEME, scheme.span, message, help);
    }
    if let ("oauth2", Some((key, flows))) = (kind_text, node.entry("flows"))
        && matches!(flows.kind, Value::Object(_))
        && flows.members().all(|(key, _)| key.text.starts_with("x-"))
    {
        let message = "a scheme of type `oauth2` needs a flow";
        let help = "add `clientCredentials`, `authorizationCode`, `implicit` or `password`";
        findings.add(&operations::SECURITY_SCHEME_MEMBER, key.span, message, help);
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
                &operations::SECURITY_SCHEME_MEMBER,
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
