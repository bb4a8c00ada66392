//! The credentials that operations ask for, as far as the layer sends them.

use std::collections::HashSet;

use letterhead_document::{Document, Node, Operation};

use crate::decision::Decision;
use crate::node::{list, mapping, text};

/// The alternatives, as our own documents have them: beside `paths`, once for all operations.
pub(crate) struct Security {
    /// The schemes of each alternative, by their names.
    pub(crate) alternatives: Vec<Vec<String>>,
    pub(crate) schemes: Vec<(String, Node)>,
    pub(crate) decisions: Vec<Decision>,
}

impl Security {
    pub(crate) fn of(document: &Document, operations: &[Operation<'_>]) -> Self {
        let mut security =
            Self { alternatives: Vec::new(), schemes: Vec::new(), decisions: Vec::new() };
        let mut headers = HashSet::new();
        for operation in operations {
            let own = operation.node.get("security");
            for alternative in own.map_or_else(|| document.root().list("security"), Node::items) {
                let names: Vec<_> =
                    alternative.members().map(|(name, _)| name.text.as_str()).collect();
                // Without a credential is what any client may do.
                if !names.is_empty() {
                    security.add(document, &names, &mut headers);
                }
            }
        }
        if security.alternatives.is_empty() {
            let scheme = mapping([("type", text("http")), ("scheme", text("bearer"))]);
            security.schemes.push(("token".to_owned(), scheme));
            security.alternatives.push(vec!["token".to_owned()]);
            security.decisions.push(Decision {
                id: "published-security".to_owned(),
                about: "security",
                documented: "no credential that the layer sends".to_owned(),
                decided: "a bearer token".to_owned(),
                reason: "",
            });
        }
        security
    }

    fn add(&mut self, document: &Document, names: &[&str], headers: &mut HashSet<Vec<String>>) {
        let schemes = names.iter().map(|name| {
            let (_, written) = document.component("securitySchemes", name)?;
            let scheme = document.resolve(written)?;
            Some((*name, scheme, sent(scheme)?))
        });
        let Some(mut schemes) = schemes.collect::<Option<Vec<_>>>() else {
            let decision = Decision {
                id: format!("published-security-{}", heck::AsKebabCase(names.join("-"))),
                about: "security",
                documented: names
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(" and "),
                decided: "left out".to_owned(),
                reason: "The layer sends a bearer token, a user with a password, or a key in a header, a cookie or the query.",
            };
            if self.decisions.iter().all(|known| known.id != decision.id) {
                self.decisions.push(decision);
            }
            return;
        };
        // Two that are sent alike are one.
        let mut own = Vec::new();
        schemes.retain(|(_, _, sent)| {
            let header = sent.header();
            let is_new = !own.contains(&header);
            own.push(header);
            is_new
        });
        own.sort_unstable();
        own.dedup();
        if !headers.insert(own) {
            return;
        }
        for (name, scheme, sent) in &schemes {
            if self.schemes.iter().any(|(known, _)| known == name) {
                continue;
            }
            self.schemes.push(((*name).to_owned(), sent.scheme(scheme)));
            if matches!(sent, Sent::Fetched) {
                self.decisions.push(Decision {
                    id: format!("published-security-{}", heck::AsKebabCase(*name)),
                    about: "security",
                    documented: format!("`{}`", scheme.text("type").unwrap_or_default()),
                    decided: "a bearer token".to_owned(),
                    reason: "The layer is given tokens, and doesn't fetch them.",
                });
            }
        }
        self.alternatives.push(schemes.iter().map(|(name, ..)| (*name).to_owned()).collect());
    }

    /// The value of `security` beside `paths`.
    pub(crate) fn requirements(&self) -> Node {
        requirements(&self.alternatives)
    }

    /// The value of `security` of an operation, where it takes something else than all that is beside `paths`.
    pub(crate) fn own(&self, document: &Document, operation: &Operation<'_>) -> Option<Node> {
        let mut own: Vec<Vec<String>> = Vec::new();
        let written = operation.node.get("security");
        for alternative in written.map_or_else(|| document.root().list("security"), Node::items) {
            let names = alternative.members().map(|(name, _)| name.text.as_str());
            let sent: Option<Vec<Vec<String>>> =
                names.map(|name| Some(vec![header_of(document, name)?])).collect();
            // What the layer doesn't send was left out.
            let Some(sent) = sent else { continue };
            let mut sent = sent.concat();
            sent.sort_unstable();
            sent.dedup();
            let mut kinds = self.alternatives.iter();
            let kind = match sent.as_slice() {
                [] => Some(Vec::new()),
                sent => kinds.find(|kind| self.headers(kind) == sent).cloned(),
            };
            own.extend(kind.filter(|kind| !own.contains(kind)));
        }
        let is_none = written.is_some_and(|written| written.items().is_empty());
        let is_all = own == self.alternatives;
        (is_none || !own.is_empty() && !is_all).then(|| requirements(&own))
    }

    /// What one of the alternatives is sent as.
    fn headers(&self, names: &[String]) -> Vec<String> {
        let schemes = self.schemes.iter().filter(|(name, _)| names.contains(name));
        let mut headers: Vec<String> =
            schemes.filter_map(|(_, scheme)| Some(sent(scheme)?.header())).collect();
        headers.sort_unstable();
        headers
    }
}

fn header_of(document: &Document, name: &str) -> Option<String> {
    let (_, written) = document.component("securitySchemes", name)?;
    Some(sent(document.resolve(written)?)?.header())
}

fn requirements(alternatives: &[Vec<String>]) -> Node {
    let alternatives = alternatives.iter();
    list(alternatives.map(|names| mapping(names.iter().map(|name| (name, list([]))))))
}

/// How the layer sends a credential.
enum Sent {
    Bearer,
    Basic,
    Key(String),
    /// The cookie of this name.
    Cookie(String),
    /// The pair of the query of this name.
    Query(String),
    /// As a bearer, which an application asks for here.
    Application(Node),
    /// As a bearer, after a sign-in that isn't the layer's.
    Fetched,
}

fn sent(scheme: &Node) -> Option<Sent> {
    match (scheme.text("type")?, scheme.text("scheme"), scheme.text("in")) {
        ("http", Some(scheme), _) if scheme.eq_ignore_ascii_case("bearer") => Some(Sent::Bearer),
        ("http", Some(scheme), _) if scheme.eq_ignore_ascii_case("basic") => Some(Sent::Basic),
        ("apiKey", _, Some("header")) => Some(Sent::Key(scheme.text("name")?.to_owned())),
        ("apiKey", _, Some("cookie")) => Some(Sent::Cookie(scheme.text("name")?.to_owned())),
        ("apiKey", _, Some("query")) => Some(Sent::Query(scheme.text("name")?.to_owned())),
        ("oauth2", ..) if token_url(scheme).is_some() => {
            Some(Sent::Application(scheme.at("/flows/clientCredentials").clone()))
        }
        ("oauth2" | "openIdConnect", ..) => Some(Sent::Fetched),
        _ => None,
    }
}

/// Where an application asks for its tokens, as the library takes it: an address that shows no secret to the network. A
/// relative one says nothing of its host.
pub(crate) fn token_url(scheme: &Node) -> Option<&str> {
    let url = scheme.at("/flows/clientCredentials/tokenUrl").as_str()?;
    let (host, _) =
        url.strip_prefix("https://").map(|rest| rest.split_once('/').unwrap_or((rest, "")))?;
    let is_taken = !host.is_empty() && !host.contains('@') && !url.contains(['?', '#', '{', ' ']);
    is_taken.then_some(url)
}

impl Sent {
    /// What it is sent as.
    fn header(&self) -> String {
        match self {
            Self::Bearer | Self::Fetched | Self::Application(_) => {
                "authorization: bearer".to_owned()
            }
            Self::Basic => "authorization: basic".to_owned(),
            Self::Key(name) => name.to_ascii_lowercase(),
            Self::Cookie(name) => format!("cookie: {name}"),
            Self::Query(name) => format!("?{name}"),
        }
    }

    fn scheme(&self, published: &Node) -> Node {
        let mut members = match self {
            Self::Bearer | Self::Fetched => {
                vec![("type", text("http")), ("scheme", text("bearer"))]
            }
            Self::Basic => vec![("type", text("http")), ("scheme", text("basic"))],
            Self::Key(name) => {
                vec![("type", text("apiKey")), ("in", text("header")), ("name", text(name))]
            }
            Self::Cookie(name) => {
                vec![("type", text("apiKey")), ("in", text("cookie")), ("name", text(name))]
            }
            Self::Query(name) => {
                vec![("type", text("apiKey")), ("in", text("query")), ("name", text(name))]
            }
            Self::Application(flow) => {
                let flow = mapping([
                    ("tokenUrl", text(flow.text("tokenUrl").unwrap_or_default())),
                    ("scopes", mapping(scopes(flow))),
                ]);
                let flows = mapping([("clientCredentials", flow)]);
                vec![("type", text("oauth2")), ("flows", flows)]
            }
        };
        if let Some(description) = published.text("description") {
            members.push(("description", text(&crate::prose::prose(description))));
        }
        mapping(members)
    }
}

fn scopes(flow: &Node) -> Vec<(String, Node)> {
    let scopes = flow.map("scopes");
    let scopes = scopes.map(|(name, about)| {
        (name.text.to_string(), text(&crate::prose::prose(about.as_str().unwrap_or_default())))
    });
    scopes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row;

    /// The alternatives that are kept, and what becomes of them in the stubs.
    fn kept(security: &str) -> (String, String) {
        let schemes = "components: {securitySchemes: {
            basic: {type: http, scheme: Basic}, bearer: {type: http, scheme: bearer}, oauth: {type: oauth2, flows: {}},
            token: {type: apiKey, in: header, name: X-Token}, cookie: {type: apiKey, in: cookie, name: sid},
            query: {type: apiKey, in: query, name: key}, digest: {type: http, scheme: digest}}}";
        let text = format!("security: {security}\npaths: {{/a: {{get: {{}}}}}}\n{schemes}");
        let document = Document::parse("t.yaml", &text).unwrap();
        let operations: Vec<_> = document.operations().collect();
        let security = Security::of(&document, &operations);
        let written = mapping([
            ("security", security.requirements()),
            ("components", mapping([("securitySchemes", mapping(security.schemes.clone()))])),
        ]);
        let written = Document::parse("t.yaml", &crate::yaml::yaml(&written).unwrap()).unwrap();
        let alternatives: Vec<_> = security.alternatives.iter().map(|it| it.join("+")).collect();
        let fills = row::fills(&written, "ROW", "id");
        let credentials = fills.into_iter().find(|(name, _)| *name == "credentials").unwrap().1;
        (alternatives.join(" "), credentials)
    }

    #[test]
    fn what_the_layer_sends_is_kept_once() {
        let (kinds, row) =
            kept("[{oauth: []}, {bearer: []}, {}, {basic: []}, {token: [], bearer: []}]");
        assert_eq!(kinds, "oauth basic token+bearer");
        assert_eq!(
            row,
            "Credential { made_by: \"token\", made_from: &[\"token\"], headers: &[BEARER], queries: &[] },\n\
             Credential { made_by: \"password\", made_from: &[\"user\", \"password\"], headers: &[BEARER], queries: &[] },\n\
             Credential { made_by: \"bearer\", made_from: &[\"token\", \"token_key\"], headers: \
             &[secret(\"x-token\"), BEARER], queries: &[] },\n"
        );
        assert_eq!(kept("[{oauth: [], bearer: []}]").0, "oauth");
        let (kinds, row) = kept("[{query: []}, {cookie: []}, {digest: []}]");
        assert_eq!(kinds, "query cookie");
        let query =
            "made_by: \"query\", made_from: &[\"query\"], headers: &[], queries: &[\"key\"]";
        assert!(row.ends_with(&format!("Credential {{ {query} }},\n")), "{row}");
    }

    #[test]
    fn an_operation_says_what_it_takes_where_others_take_something_else() {
        let text = "security: [{a: []}, {digest: []}]
paths: {/a: {get: {}, put: {security: [{b: []}]}, post: {security: []}, patch: {security: [{digest: []}]},
  delete: {security: [{same: []}, {}]}}}
components: {securitySchemes: {a: {type: http, scheme: bearer}, b: {type: apiKey, in: query, name: k},
  same: {type: openIdConnect}, digest: {type: http, scheme: digest}}}";
        let document = Document::parse("t.yaml", text).unwrap();
        let operations: Vec<_> = document.operations().collect();
        let security = Security::of(&document, &operations);
        let own = operations.iter().map(|operation| {
            let own = security.own(&document, operation);
            own.map_or_else(|| "-".to_owned(), |own| own.to_json().to_string())
        });
        let own: Vec<String> = own.collect();
        let expected = [r#"[{"a":[]}]"#, r#"[{"b":[]}]"#, "[]", "-", r#"[{"a":[]},{}]"#];
        assert_eq!(own, expected);
    }

    #[test]
    fn without_what_the_layer_sends_there_is_a_place_for_a_token() {
        for nothing in ["[]", "[{}]", "[{digest: []}, {cookie: [], digest: []}]"] {
            assert_eq!(kept(nothing).0, "token", "{nothing}");
        }
    }
}
