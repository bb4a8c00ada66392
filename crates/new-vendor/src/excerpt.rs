//! The part of a published document that some operations need, in the style of our own documents.

use std::collections::{HashMap, VecDeque};
use std::ptr;

use anyhow::bail;
use letterhead_document::shape::{Kind, Shape};
use letterhead_document::{Document, Kind as Value, Node, Operation, Parameter};

use crate::decision::Decision;
use crate::node::{flag, list, mapping, reference, text};
use crate::prose::prose;
use crate::security::Security;
use crate::server;
use crate::supplied::{IGNORED, component, header, supplied};

/// How often what is written in the place of a reference may have one itself.
const DEEPEST: usize = 12;

/// What our documents don't have: nobody reads it, or it is said elsewhere.
const LEFT_OUT: &[(Kind, &str)] = &[
    (Kind::Info, "termsOfService"),
    (Kind::Info, "contact"),
    (Kind::Info, "license"),
    (Kind::PathItem, "summary"),
    (Kind::PathItem, "description"),
    (Kind::PathItem, "servers"),
    (Kind::Operation, "callbacks"),
    (Kind::Operation, "security"),
    (Kind::Operation, "servers"),
    (Kind::Response, "links"),
    (Kind::Schema, "title"),
    (Kind::Schema, "xml"),
    (Kind::Schema, "externalDocs"),
];

/// The document of some operations: they, the components that they need, and places to fill in where a person has
/// to say what no document does.
///
/// # Errors
/// A reference to another file or to nothing, and what a client can't have.
pub(crate) fn excerpt(document: &Document, operations: &[Operation<'_>]) -> anyhow::Result<Node> {
    let (server, moved) = server::of(document, operations)?;
    let security = Security::of(document, operations);
    let mut excerpt = Excerpt {
        document,
        supplied: supplied(operations),
        credentials: security
            .schemes
            .iter()
            .filter_map(|(_, it)| Some((it.text("in")?, it.text("name")?)))
            .collect(),
        wanted: VecDeque::new(),
        components: HashMap::new(),
    };
    let root = document.root();
    let paths = excerpt.paths(operations, &security)?;
    let components = excerpt.components(&security)?;
    let mut members = vec![("openapi", text("3.0.3"))];
    if let Some(info) = root.get("info") {
        members.push(("info", excerpt.object(Kind::Info, info, 0)?));
    }
    if let Some(docs) = root.get("externalDocs") {
        members.push(("externalDocs", excerpt.object(Kind::ExternalDocs, docs, 0)?));
    }
    members.push(("servers", list([server])));
    members.push(("tags", excerpt.tags(operations)?));
    members.push(("security", security.requirements()));
    let decisions: Vec<_> = security.decisions.iter().chain(&moved).map(Decision::node).collect();
    if !decisions.is_empty() {
        members.push(("x-decisions", list(decisions)));
    }
    members.push(("paths", paths));
    members.push(("components", components));
    Ok(mapping(members))
}

struct Excerpt<'d> {
    document: &'d Document,
    supplied: Vec<Parameter<'d>>,
    /// Where credentials are sent: the place, and the name there.
    credentials: Vec<(&'d str, &'d str)>,
    /// What was referred to, and is still to be written.
    wanted: VecDeque<(&'d str, &'d str)>,
    components: HashMap<(&'d str, &'d str), Node>,
}

impl<'d> Excerpt<'d> {
    fn paths(&mut self, operations: &[Operation<'d>], security: &Security) -> anyhow::Result<Node> {
        let mut paths: Vec<(&str, Node)> = Vec::new();
        for (index, operation) in operations.iter().enumerate() {
            let is_begun = |it: &Operation<'_>| ptr::eq(it.item, operation.item);
            if operations[..index].iter().any(is_begun) {
                continue;
            }
            let own: Vec<_> = operations.iter().filter(|it| is_begun(it)).collect();
            let mut item = Vec::new();
            if let Some(parameters) = operation.item.get("parameters") {
                item.push(("parameters", self.parameters(parameters)?));
            }
            for member in Kind::PathItem.object().members {
                if let Some(operation) = own.iter().find(|it| it.method.text == member.name) {
                    item.push((member.name, self.operation(operation, security)?));
                }
            }
            item.retain(|(_, value)| !is_empty(value));
            paths.push((&operation.path.text, mapping(item)));
        }
        Ok(mapping(paths))
    }

    fn operation(
        &mut self,
        operation: &Operation<'d>,
        security: &Security,
    ) -> anyhow::Result<Node> {
        let node = operation.node;
        let id = operation.id().map_or_else(
            || letterhead_codegen::made_id(&operation.method.text, &operation.path.text),
            str::to_owned,
        );
        let mut members = vec![("operationId", text(&id))];
        if let Some(tag) = node.list("tags").first() {
            members.push(("tags", list([tag.clone()])));
        }
        if let Some(summary) = node.text("summary") {
            members.push(("summary", text(prose(summary).trim_end_matches('.'))));
        }
        if let Some(description) = node.text("description") {
            members.push(("description", text(&prose(description))));
        }
        members.push(("externalDocs", self.page(node)?));
        // What is read may be read again (RFC 9110, section 9.2.2); of all else the vendor's pages say it.
        let is_read = ["get", "head"].contains(&operation.method.text.as_str());
        members.push(("x-repeatable", text(if is_read { "always" } else { "" })));
        let written = self.object(Kind::Operation, node, 0)?;
        let supplied = self.supplied.iter().map(|it| reference("parameters", &component(it)));
        let mut parameters: Vec<_> = supplied.collect();
        if let Some(own) = node.get("parameters") {
            parameters.extend(self.parameters(own)?.items().to_vec());
        }
        if node.get("deprecated").is_some_and(Node::is_true) {
            members.push(("deprecated", flag(true)));
        }
        if let Some(own) = security.own(self.document, operation) {
            members.push(("security", own));
        }
        if !parameters.is_empty() {
            members.push(("parameters", list(parameters)));
        }
        for name in ["requestBody", "responses"] {
            if let Some(value) = written.get(name) {
                members.push((name, value.clone()));
            }
        }
        Ok(mapping(members))
    }

    /// The page that an operation is described on, or a place for it.
    fn page(&mut self, operation: &'d Node) -> anyhow::Result<Node> {
        match operation.get("externalDocs") {
            Some(docs) => self.object(Kind::ExternalDocs, docs, 0),
            None => Ok(mapping([("url", text(""))])),
        }
    }

    fn tags(&mut self, operations: &[Operation<'d>]) -> anyhow::Result<Node> {
        let mut tags: Vec<Node> = Vec::new();
        for operation in operations {
            let Some(name) = operation.node.list("tags").first().and_then(Node::as_str) else {
                continue;
            };
            if tags.iter().any(|tag| tag.text("name") == Some(name)) {
                continue;
            }
            let mut published = self.document.root().list("tags").iter();
            tags.push(match published.find(|tag| tag.text("name") == Some(name)) {
                Some(tag) => self.object(Kind::Tag, tag, 0)?,
                None => mapping([("name", text(name))]),
            });
        }
        Ok(list(tags))
    }

    /// Parameters without those that aren't the caller's.
    fn parameters(&mut self, written: &'d Node) -> anyhow::Result<Node> {
        let mut kept = Vec::new();
        for parameter in written.items() {
            let found = self.document.resolve(parameter);
            let [place, name] = ["in", "name"].map(|member| found.and_then(|it| it.text(member)));
            let supplied = self.supplied.iter().map(Parameter::name);
            let headers = supplied.chain(IGNORED).map(|name| ("header", name));
            let mut others = headers.chain(self.credentials.iter().copied());
            let is_same = |(within, known): (&str, &str)| {
                place == Some(within) && name.is_some_and(|name| known.eq_ignore_ascii_case(name))
            };
            if !others.any(is_same) {
                kept.push(self.value(Shape::OrReference(Kind::Parameter), parameter, 0)?);
            }
        }
        Ok(list(kept))
    }

    /// The components that are wanted, and those that they want.
    fn components(&mut self, security: &Security) -> anyhow::Result<Node> {
        while let Some((section, name)) = self.wanted.pop_front() {
            if self.components.contains_key(&(section, name)) {
                continue;
            }
            let kinds = Kind::Components.object().members;
            let shape = kinds.iter().find(|it| it.name == section).map(|it| it.shape);
            let (Some(Shape::Map(shape)), Some((_, node))) =
                (shape, self.document.component(section, name))
            else {
                continue;
            };
            let written = self.value(*shape, node, 0)?;
            self.components.insert((section, name), written);
        }
        let mut sections = Vec::new();
        for member in Kind::Components.object().members {
            let mut written = Vec::new();
            if member.name == "securitySchemes" {
                written.extend(security.schemes.iter().cloned());
            }
            if member.name == "parameters" {
                written.extend(self.supplied.iter().map(|it| (component(it), header(it))));
            }
            let published = self.document.root().get("components");
            for (name, _) in published.into_iter().flat_map(|it| it.map(member.name)) {
                let found = self.components.get(&(member.name, name.text.as_str()));
                written.extend(found.map(|node| (name.text.to_string(), node.clone())));
            }
            if !written.is_empty() {
                sections.push((member.name, mapping(written)));
            }
        }
        Ok(mapping(sections))
    }

    fn value(&mut self, shape: Shape, node: &'d Node, depth: usize) -> anyhow::Result<Node> {
        Ok(match shape {
            Shape::OrReference(kind) => {
                match node.entry("$ref").filter(|_| node.reference().is_some()) {
                    Some((_, to)) => self.reference(kind, to, depth)?,
                    None => self.object(kind, node, depth)?,
                }
            }
            Shape::Object(kind) => self.object(kind, node, depth)?,
            Shape::BoolOrSchema if !matches!(node.kind, Value::Bool(_)) => {
                self.value(Shape::OrReference(Kind::Schema), node, depth)?
            }
            Shape::List(items) => {
                let items = node.items().iter().map(|item| self.value(*items, item, depth));
                list(items.collect::<anyhow::Result<Vec<_>>>()?)
            }
            Shape::Map(values) => {
                let members = node.members();
                let members = members
                    .map(|(name, it)| Ok((name.text.as_str(), self.value(*values, it, depth)?)));
                mapping(members.collect::<anyhow::Result<Vec<_>>>()?)
            }
            _ => node.clone(),
        })
    }

    fn object(&mut self, kind: Kind, node: &'d Node, depth: usize) -> anyhow::Result<Node> {
        let table = kind.object();
        let mut members: Vec<(&str, Node)> = Vec::new();
        for member in table.members {
            let Some(value) = node.get(member.name) else { continue };
            if LEFT_OUT.contains(&(kind, member.name)) {
                continue;
            }
            let written = match (member.name, value.as_str()) {
                ("description", Some(words)) => text(&prose(words)),
                // They are the operation's own, who leaves some of them out.
                ("parameters", _) if kind == Kind::Operation => continue,
                _ => self.value(member.shape, value, depth)?,
            };
            if kind == Kind::Discriminator && member.name == "mapping" {
                self.mapped(value)?;
            }
            members.push((member.name, written));
        }
        if let Some(shape) = table.free {
            for (name, value) in node.members().filter(|(name, _)| !name.text.starts_with("x-")) {
                members.push((&name.text, self.value(shape, value, depth)?));
            }
        }
        Ok(mapping(members))
    }

    /// What a discriminator leads to: references, or bare names of schemas.
    fn mapped(&mut self, to: &'d Node) -> anyhow::Result<()> {
        for (_, node) in to.members() {
            let Some(name) = node.as_str() else { continue };
            if let Some((key, _)) = self.document.component("schemas", name) {
                self.wanted.push_back(("schemas", key.text.as_str()));
            } else {
                self.reference(Kind::Schema, node, 0)?;
            }
        }
        Ok(())
    }

    /// A reference to a component, or what it leads to where that is none.
    fn reference(&mut self, kind: Kind, to: &'d Node, depth: usize) -> anyhow::Result<Node> {
        let written = to.as_str().unwrap_or_default();
        let fault = |reason: String| self.document.fault(to.span, reason);
        if !written.starts_with('#') {
            bail!(fault(format!(
                "`{written}` is in another file; put all into one first, as `npx @redocly/cli bundle` does"
            )));
        }
        let Some(target) = self.document.target(written) else {
            bail!(fault(format!("there is no `{written}`")));
        };
        let component = self.document.component_of(written).filter(|(section, name)| {
            let found = self.document.component(section, name);
            found.is_some_and(|(_, node)| ptr::eq(node, target))
        });
        if let Some((section, name)) = component {
            self.wanted.push_back((section, name));
            return Ok(reference(section, name));
        }
        if depth == DEEPEST {
            bail!(fault(format!("`{written}` leads round in a circle, and is no component")));
        }
        self.value(Shape::OrReference(kind), target, depth + 1)
    }
}

fn is_empty(node: &Node) -> bool {
    matches!(&node.kind, Value::Array(items) if items.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::published::named;
    use crate::yaml::yaml;

    const HEAD: &str = "openapi: 3.0.0\nservers: [{url: https://pets.example}]\n";

    fn written(rest: &str, operations: &[&str]) -> Result<String, String> {
        let document = Document::parse("pets.yaml", &format!("{HEAD}{rest}")).unwrap();
        let names: Vec<_> = operations.iter().map(|&name| name.to_owned()).collect();
        let operations = named(&document, &names).map_err(|error| error.to_string())?;
        let excerpt = excerpt(&document, &operations).map_err(|error| error.to_string())?;
        Ok(yaml(&excerpt).unwrap())
    }

    /// The names of components that are left.
    fn kept(rest: &str) -> Vec<String> {
        let text = written(rest, &["GET /a"]).unwrap();
        let document = Document::parse("t.yaml", &text).unwrap();
        let sections = document.root().at("/components").members();
        let sections = sections.filter(|(section, _)| section.text != "securitySchemes");
        let names = sections.flat_map(|(_, named)| named.members());
        names.map(|(name, _)| name.text.to_string()).collect()
    }

    #[test]
    fn the_published_document_of_the_checks_is_written_as_by_hand() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/");
        let published = std::fs::read_to_string(format!("{folder}harbour.json")).unwrap();
        let document = Document::parse("harbour.json", &published).unwrap();
        let names = ["listBerths", "createBerth"].map(str::to_owned);
        let operations = named(&document, &names).unwrap();
        let text = yaml(&excerpt(&document, &operations).unwrap()).unwrap();
        assert_eq!(text, include_str!("../tests/harbour.yaml"));
    }

    #[test]
    fn components_are_kept_as_far_as_they_are_needed() {
        let schemas = "components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {properties: {a: {$ref: '#/components/schemas/A'}}}, \
            C: {}, Cat: {}, Dog: {}, Pet: {discriminator: {propertyName: k, mapping: {c: Cat, d: '#/components/schemas/Dog'}}, oneOf: [{}]}, \
            Deep: {properties: {b: {items: {$ref: '#/components/schemas/C'}}}}, 'e/x': {}}}\n";
        let to = |name: &str| {
            kept(&format!(
                "paths: {{/a: {{get: {{responses: {{'200': {{description: d, content: {{application/json: \
                {{schema: {{$ref: '#/components/schemas/{name}'}}, example: {{$ref: '#/components/schemas/C'}}}}}}}}}}}}}}}}\n{schemas}"
            ))
        };
        assert_eq!(to("A"), ["A", "B"]);
        assert_eq!(to("Pet"), ["Cat", "Dog", "Pet"]);
        assert_eq!(to("Deep/properties/b"), ["C"]);
        assert_eq!(to("e~1x"), ["e/x"]);
    }

    #[test]
    fn what_cannot_be_taken_is_refused_at_its_place() {
        let to = |reference: &str| {
            let rest =
                format!("paths: {{/a: {{get: {{parameters: [{{$ref: '{reference}'}}]}}}}}}\n");
            written(&rest, &["GET /a"]).unwrap_err()
        };
        assert_eq!(
            to("other.yaml#/A"),
            "pets.yaml:3:40: `other.yaml#/A` is in another file; put all into one first, as `npx @redocly/cli bundle` does"
        );
        assert_eq!(to("#/components/A"), "pets.yaml:3:40: there is no `#/components/A`");
        assert_eq!(
            to("#/paths/~1a/get/parameters/0"),
            "pets.yaml:3:40: `#/paths/~1a/get/parameters/0` leads round in a circle, and is no component"
        );
        let elsewhere =
            "paths: {/a: {get: {servers: [{url: https://other.example}], responses: {}}}}\n";
        let refused = written(elsewhere, &["GET /a"]).unwrap_err();
        assert!(
            refused.ends_with("`GET /a` is at another server than the rest; leave it out"),
            "{refused}"
        );
        // What isn't taken may be as it likes.
        assert!(
            written(
                &format!("{}  /b: {{get: {{}}}}\n", "paths:\n  /a: {get: {$ref: 'other.yaml'}}\n"),
                &["GET /b"]
            )
            .is_ok()
        );
    }
}
