//! Components that nothing refers to.

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use letterhead_document::{Document, Kind as Value, Node, Span};

use super::targets;
use crate::finding::{Finding, Findings, did_you_mean};
use crate::model::{Component, Model, component, within};
use crate::rule::Rule;
use crate::rules::{references, structure, syntax};

/// What the document uses, wherever it stands: also in extensions and under misspelt keys.
pub(super) struct Uses<'d> {
    document: &'d Document,
    pub(super) tags: HashSet<&'d str>,
    security: HashSet<&'d str>,
    /// What is referred to from outside of the components, and from within each of them.
    references: HashMap<Option<Component<'d>>, Vec<Component<'d>>>,
    /// Keys that mean something else than they should, and keys of which one was dropped.
    doubtful: Vec<String>,
}

impl<'d> Uses<'d> {
    pub(super) fn of(model: &Model<'d>, findings: &Findings) -> Self {
        let mut uses = Self {
            document: model.document,
            tags: HashSet::new(),
            security: HashSet::new(),
            references: HashMap::new(),
            doubtful: Vec::new(),
        };
        let doubtful = [&syntax::DUPLICATE_KEY, &structure::UNKNOWN_KEY, &structure::WRONG_TYPE];
        for finding in &findings.list {
            if doubtful.contains(&finding.rule) {
                let key = model.document.slice(finding.span);
                uses.doubtful.push(key.trim_matches(['"', '\'']).to_owned());
                if finding.rule == &syntax::DUPLICATE_KEY {
                    uses.doubtful.push("tags".to_owned());
                    uses.doubtful.push("security".to_owned());
                }
            }
        }
        for (key, value) in model.document.root().members() {
            if key.text != "components" {
                // The document's own `tags` declare; the others use.
                if key.text != "tags" {
                    uses.member(&key.text, value, None);
                }
                continue;
            }
            for (section, members) in value.members() {
                for (name, member) in members.members() {
                    let owner = (section.text.as_str(), name.text.as_str());
                    uses.all(member, Some(owner));
                }
            }
        }
        uses
    }

    /// Whether something that looks like `key` went unread.
    pub(super) fn is_uncertain(&self, key: &str) -> bool {
        self.doubtful
            .iter()
            .any(|doubtful| doubtful == key || did_you_mean(doubtful, [key]).is_some())
    }

    fn all(&mut self, node: &'d Node, owner: Option<Component<'d>>) {
        match &node.kind {
            Value::Array(items) => items.iter().for_each(|item| self.all(item, owner)),
            // A reference counts under any key.
            Value::String(text) if text.starts_with("#/components/") => {
                let found = self.referred(text);
                self.references.entry(owner).or_default().extend(found);
            }
            Value::Object(members) => {
                for (key, value) in members {
                    self.member(&key.text, value, owner);
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, key: &str, value: &'d Node, owner: Option<Component<'d>>) {
        match key {
            "$ref" => {
                if let Some(found) = value.as_str().and_then(|text| self.referred(text)) {
                    self.references.entry(owner).or_default().push(found);
                }
            }
            "mapping" => {
                for text in value.members().filter_map(|(_, target)| target.as_str()) {
                    let found = self.referred(text).unwrap_or(("schemas", text));
                    self.references.entry(owner).or_default().push(found);
                }
            }
            "tags" => {
                let names = value.items().iter().chain([value]);
                self.tags.extend(names.filter_map(Node::as_str));
            }
            "security" => {
                let names = value.items().iter().chain([value]).flat_map(Node::members);
                self.security.extend(names.map(|(name, _)| name.text.as_str()));
            }
            _ => {}
        }
        self.all(value, owner);
    }

    /// The component that a reference leads to or into, however much is wrong with its start.
    fn referred(&self, text: &'d str) -> Option<Component<'d>> {
        if text.contains(['%', '~'])
            && let Some(found) = self.document.component_of(text)
        {
            return Some(found);
        }
        let found = component(text).or_else(|| {
            let at = text.find("components/")?;
            text[at + "components/".len()..].split_once('/')
        });
        found.map(|(section, name)| (section, name.split('/').next().unwrap_or(name)))
    }
}

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for (section, name, span) in unused(model, findings) {
        let message = format!("nothing refers to `{name}` in `components.{section}`");
        let help = match section {
            "securitySchemes" => format!("name `{name}` under `security`, or leave it out"),
            _ => "refer to it, or leave it out".to_owned(),
        };
        findings.add(&references::UNUSED_COMPONENT, span, message, help);
    }
}

/// A reference that leads nowhere, or elsewhere.
const BROKEN: [&Rule; 5] = [
    &references::MISSING_REFERENCE,
    &references::WRONG_KIND_REFERENCE,
    &references::EXTERNAL_REFERENCE,
    &references::MALFORMED_REFERENCE,
    &references::DEEP_REFERENCE,
];

fn unused<'d>(model: &Model<'d>, findings: &Findings) -> Vec<(&'d str, &'d str, Span)> {
    let root = model.document.root();
    let Some(components) = root.get("components") else {
        return Vec::new();
    };
    // A document without operations is a collection of parts for others, of a key that stands twice half the
    // uses are gone, and a file that could not be read may refer to anything.
    let dropping = [&syntax::DUPLICATE_KEY, &references::PATH_ITEM_REFERENCE];
    let is_dropping = |finding: &Finding| dropping.contains(&finding.rule);
    if model.operations.is_empty() || model.is_incomplete || findings.list.iter().any(is_dropping) {
        return Vec::new();
    }
    let uses = Uses::of(model, findings);
    if uses.is_uncertain("$ref") {
        return Vec::new();
    }
    let schemes: HashSet<&str> = targets::named(model, "securitySchemes").collect();
    let scheme_missing = uses.security.iter().any(|name| !schemes.contains(name));
    // A broken reference can mean any component of its kind.
    let broken_spans: HashSet<Span> = findings
        .list
        .iter()
        .filter(|finding| BROKEN.contains(&finding.rule))
        .map(|finding| finding.span)
        .collect();
    let broken: HashSet<&str> = model
        .references
        .iter()
        .filter(|reference| broken_spans.contains(&reference.target.span))
        .filter_map(|reference| reference.expected.section())
        .collect();
    // Nothing else refers to a component that refers to itself only; another rule reports that.
    let endless: Vec<Span> = findings
        .list
        .iter()
        .filter(|finding| finding.rule == &references::REFERENCE_CYCLE)
        .map(|finding| finding.span)
        .collect();
    let mapping_broken =
        findings.list.iter().any(|finding| finding.rule == &references::DISCRIMINATOR_MAPPING);
    let heirs = heirs(model);
    let mut all: Vec<(Component<'_>, Span)> = Vec::new();
    let mut open: Vec<Component<'_>> = uses.references.get(&None).cloned().unwrap_or_default();
    for (section, members) in components.members() {
        if !targets::SECTIONS.contains(&section.text.as_str()) {
            continue;
        }
        for (key, node) in members.members() {
            let name = (section.text.as_str(), key.text.as_str());
            let is_endless = endless.iter().any(|span| within(*span, node.span));
            let excused = match name.0 {
                _ if is_endless => true,
                "securitySchemes" => {
                    uses.security.contains(name.1)
                        || scheme_missing
                        || uses.is_uncertain("security")
                }
                "schemas" if mapping_broken => true,
                section => broken.contains(section),
            };
            if excused {
                open.push(name);
            }
            all.push((name, key.span));
        }
    }
    let mut seen: HashSet<Component<'_>> = HashSet::new();
    let spread = |open: &mut Vec<Component<'d>>, seen: &mut HashSet<Component<'d>>| {
        while let Some(found) = open.pop() {
            // The discriminator of a base chooses its heirs, without a reference to them.
            if seen.insert(found) {
                open.extend(uses.references.get(&Some(found)).into_iter().flatten());
                if found.0 == "schemas" {
                    open.extend(heirs.get(found.1).into_iter().flatten());
                }
            }
        }
    };
    spread(&mut open, &mut seen);
    // A component that only unused ones refer to is unused, too. The ones without any reference come first.
    let inner: HashSet<Component<'_>> = all
        .iter()
        .filter(|(name, _)| !seen.contains(name))
        .flat_map(|(name, _)| {
            let to = uses.references.get(&Some(*name)).into_iter().flatten();
            to.filter(move |to| *to != name).copied()
        })
        .collect();
    let mut unused = Vec::new();
    for only_outer in [true, false] {
        for (name, span) in &all {
            if seen.contains(name) || only_outer && inner.contains(name) {
                continue;
            }
            open.push(*name);
            spread(&mut open, &mut seen);
            unused.push((name.0, name.1, *span));
        }
    }
    unused
}

/// The schemas that extend each base with a discriminator by `allOf`, and those that extend these.
fn heirs<'d>(model: &Model<'d>) -> HashMap<&'d str, Vec<Component<'d>>> {
    let schemas = model.document.root().follow("/components/schemas").ok();
    let schemas = || schemas.into_iter().flat_map(Node::members);
    let mut heirs: HashMap<&str, Vec<Component<'_>>> = HashMap::new();
    for (key, schema) in schemas() {
        for part in schema.list("allOf") {
            if let Some(("schemas", base)) = part.reference().and_then(component) {
                heirs.entry(base).or_default().push(("schemas", &key.text));
            }
        }
    }
    let with_discriminator = schemas().filter(|(_, it)| it.get("discriminator").is_some());
    let mut open: Vec<&str> = with_discriminator.map(|(key, _)| key.text.as_str()).collect();
    let mut chosen = HashSet::new();
    while let Some(base) = open.pop() {
        if chosen.insert(base) {
            let names = heirs.get(base).into_iter().flatten();
            open.extend(names.map(|(_, name)| name));
        }
    }
    heirs.retain(|base, _| chosen.contains(base));
    heirs
}
