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
        let Some(schemes) = schemes.collect::<Option<Vec<_>>>() else {
            let decision = Decision {
                id: format!("published-security-{}", heck::AsKebabCase(names.join("-"))),
                about: "security",
                documented: names
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(" and "),
                decided: "left out".to_owned(),
                reason: "The layer sends credentials in headers: a bearer token, a user with a password, a key.",
            };
            if self.decisions.iter().all(|known| known.id != decision.id) {
                self.decisions.push(decision);
            }
            return;
        };
        if !headers.insert(schemes.iter().map(|(_, _, sent)| sent.header()).collect()) {
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
        self.alternatives.push(names.iter().map(|&name| name.to_owned()).collect());
    }

    /// The value of `security` beside `paths`.
    pub(crate) fn requirements(&self) -> Node {
        list(
            self.alternatives
                .iter()
                .map(|names| mapping(names.iter().map(|name| (name, list([]))))),
        )
    }
}

/// How the layer sends a credential.
enum Sent {
    Bearer,
    Basic,
    Key(String),
    /// As a bearer, after a sign-in that isn't the layer's.
    Fetched,
}

fn sent(scheme: &Node) -> Option<Sent> {
    match (scheme.text("type")?, scheme.text("scheme"), scheme.text("in")) {
        ("http", Some(scheme), _) if scheme.eq_ignore_ascii_case("bearer") => Some(Sent::Bearer),
        ("http", Some(scheme), _) if scheme.eq_ignore_ascii_case("basic") => Some(Sent::Basic),
        ("apiKey", _, Some("header")) => Some(Sent::Key(scheme.text("name")?.to_owned())),
        ("oauth2" | "openIdConnect", ..) => Some(Sent::Fetched),
        _ => None,
    }
}

impl Sent {
    /// What it is sent as; alternatives that are sent alike are one.
    fn header(&self) -> String {
        match self {
            Self::Bearer | Self::Fetched => "authorization: bearer".to_owned(),
            Self::Basic => "authorization: basic".to_owned(),
            Self::Key(name) => name.to_ascii_lowercase(),
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
        };
        if let Some(description) = published.text("description") {
            members.push(("description", text(&crate::prose::prose(description))));
        }
        mapping(members)
    }
}
