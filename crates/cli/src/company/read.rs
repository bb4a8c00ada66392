//! Reads `company.yaml`, and shows what is wrong in it at its line and column.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use letterhead_diagnostics::{Finding, Location, Look, Rule, Severity, human};
use letterhead_document::{Document, Kind, Node, Place, Remark, RemarkKind, Source, Span};
use serde_json::Value;

use super::CompanyFile;
use crate::json::escaped;
use crate::mapping;
use crate::output::{Output, Styled};
use crate::shape::Shape;

/// Reads a company file.
///
/// # Errors
/// A file that can't be read, or that has faults: all of them, each with its lines.
pub(crate) fn read(path: &Path, output: &Output) -> anyhow::Result<CompanyFile> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).with_context(|| match path.try_exists() {
        Ok(false) => {
            format!("there is no company file `{name}`; `letterhead import` writes the first one")
        }
        _ => format!("the company file `{name}`"),
    })?;
    // The lines of the file have a company's data in them.
    let look = (!output.masks()).then(|| output.look());
    parse(&name, &text, look)
}

/// Reads the text of a company file. Without a look, faults are shown without their lines.
pub(crate) fn parse(name: &str, text: &str, look: Option<Look>) -> anyhow::Result<CompanyFile> {
    let (document, remarks) = Document::read(Source::new(name, text));
    let errors = remarks.into_iter().filter(|remark| remark.is_error);
    let mut found: Vec<_> = errors.map(Fault::from).collect();
    // An empty file is one that leaves everything out.
    if found.is_empty() && !matches!(document.root().kind, Kind::Null) {
        let schema = schemars::schema_for!(CompanyFile).to_value();
        let mut faults = Faults { root: &schema, found };
        faults.check(document.root(), &schema);
        faults.check_targets(document.root());
        found = faults.found;
    }
    found.sort_by_key(|fault| fault.span.start);
    if !found.is_empty() {
        let shown: Vec<_> = found.iter().map(|fault| fault.shown(&document, look)).collect();
        let count = letterhead_diagnostics::count(found.len(), "fault");
        bail!(Styled::new(&format!("{count}\n\n{}", shown.join("\n\n"))));
    }
    let value = document.to_json();
    let value = if value.is_null() { Value::Object(serde_json::Map::new()) } else { value };
    serde_json::from_value(value).with_context(|| format!("the company file `{name}`"))
}

/// Where the file names targets, and what kind they are of.
static KINDS: [(&str, &str, &Shape); 9] = [
    ("partnerCenter", "organization", &mapping::ORGANIZATION_PROFILE),
    ("partnerCenter", "billing", &mapping::BILLING_PROFILE),
    ("partnerCenter", "legalBusiness", &mapping::LEGAL_PROFILE),
    ("partnerCenter", "support", &mapping::SUPPORT_PROFILE),
    ("partnerCenter", "network", &mapping::NETWORK_PROFILE),
    ("cloudflare", "organizations", &mapping::CLOUDFLARE_ORGANIZATION),
    ("cloudflare", "accounts", &mapping::CLOUDFLARE_ACCOUNT),
    ("campaignStandard", "organizationalUnits", &mapping::ORGANIZATIONAL_UNIT),
    ("campaignStandard", "geographicalUnits", &mapping::GEOGRAPHICAL_UNIT),
];

/// What is wrong at one place.
struct Fault {
    span: Span,
    message: String,
    help: String,
    /// The message without any value of the file, where it has one.
    masked: Option<&'static str>,
    /// Another place that belongs to it, and what is there.
    also: Option<(Span, &'static str)>,
}

impl From<Remark> for Fault {
    fn from(remark: Remark) -> Self {
        let Remark { kind, span, message, help, also, .. } = remark;
        Self { span, message, help, masked: Some(of_kind(kind)), also }
    }
}

impl Fault {
    fn shown(&self, document: &Document, look: Option<Look>) -> String {
        let Some(look) = look else {
            let Location { source, span, .. } = Location::new(document.source(), self.span);
            let Place { line, column } = source.place(span.start);
            let message = escaped(self.masked.unwrap_or(&self.message));
            return format!("{}:{line}:{column}: {message}", source.name());
        };
        // Names may hold what looks like a style.
        let [message, help] = [&self.message, &self.help].map(|text| escaped(text));
        let also = self
            .also
            .map(|(span, label)| Location { label, ..Location::new(document.source(), span) });
        let own = Location::new(document.source(), self.span);
        let finding = Finding {
            rule: &CompanyRule,
            severity: Severity::Error,
            message: message.into(),
            help: help.into(),
            locations: [own].into_iter().chain(also).collect(),
        };
        human(&finding, look)
    }
}

/// What is wrong with a text, whatever stands there.
fn of_kind(kind: RemarkKind) -> &'static str {
    match kind {
        RemarkKind::YamlSyntax => "this is not YAML",
        RemarkKind::JsonSyntax => "this is not JSON",
        RemarkKind::TabIndentation => "a tab indents this line",
        RemarkKind::SeveralDocuments => "a second document starts here",
        RemarkKind::DuplicateKey => "a key stands twice",
        RemarkKind::AmbiguousScalar => "parsers read this in different ways",
        RemarkKind::NotJson => "JSON can't hold this number",
        RemarkKind::UnknownTag => "a tag has no meaning here, or the value isn't what it says",
        RemarkKind::KeyNotText => "a key has to be a word",
        RemarkKind::AliasCycle => "an alias stands inside the value it stands for",
        RemarkKind::AliasBomb => "aliases multiply this document beyond reason",
        RemarkKind::TooDeep => "values are nested too deep",
    }
}

struct CompanyRule;

impl Rule for CompanyRule {
    fn code(&self) -> &'static str {
        "company-file"
    }

    fn summary(&self) -> &'static str {
        "The company file is what its schema says: `letterhead schema` prints it."
    }
}

/// Holds a file against its schema, whose few keywords are those of the types in this module.
struct Faults<'a> {
    root: &'a Value,
    found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    fn add(&mut self, span: Span, message: String, help: impl Into<String>) {
        let help = help.into();
        self.found.push(Fault { span, message, help, masked: None, also: None });
    }

    fn check(&mut self, node: &Node, schema: &'a Value) {
        if let Some(name) = schema["$ref"].as_str() {
            let pointer = name.trim_start_matches('#');
            return self.check(node, self.root.pointer(pointer).unwrap_or(&Value::Null));
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            let is_null = |choice: &&Value| choice["type"] == "null";
            if let (Some(other), false) =
                (choices.iter().find(|choice| !is_null(choice)), matches!(node.kind, Kind::Null))
            {
                self.check(node, other);
            }
            return;
        }
        if let Some(wanted) = wrong_type(node, &schema["type"]) {
            let help = match node.kind {
                Kind::Number(_) | Kind::Bool(_) if wanted.contains("a text") => {
                    "put the value in quotes"
                }
                Kind::Null if wanted.contains("a mapping") => {
                    "write `{}` where nothing differs, or leave the member out to leave it alone"
                }
                Kind::Null => "leave the member out to leave it alone",
                _ => "",
            };
            return self.add(node.span, format!("this has to be {wanted}"), help);
        }
        for item in node.items() {
            self.check(item, &schema["items"]);
        }
        let known = schema["properties"].as_object();
        for (key, value) in node.members() {
            match known.and_then(|known| known.get(&*key.text)) {
                Some(member) => self.check(value, member),
                None if schema["additionalProperties"] == false => {
                    let names = known.into_iter().flat_map(|known| known.keys());
                    let help = nearest(&key.text, names.map(String::as_str));
                    self.add(key.span, format!("there is no member `{}` here", key.text), help);
                }
                None => {}
            }
        }
        let required = schema["required"].as_array().into_iter().flatten();
        for name in required.filter_map(Value::as_str) {
            if matches!(node.kind, Kind::Object(_)) && node.get(name).is_none() {
                self.add(node.span, format!("the member `{name}` is missing"), "");
            }
        }
    }

    /// What the schema can't say.
    fn check_targets(&mut self, root: &Node) {
        let mut assigned = BTreeSet::new();
        for (vendor, kind, shape) in &KINDS {
            let Some(node) = root.get(vendor).and_then(|vendor| vendor.get(kind)) else { continue };
            let is_one = *vendor == "partnerCenter";
            let entries = if is_one { std::slice::from_ref(node) } else { node.items() };
            let mut seen = HashSet::new();
            let is_assignable = *kind == "organizationalUnits";
            // What is no mapping is a fault already.
            for entry in entries.iter().filter(|it| matches!(it.kind, Kind::Object(_))) {
                let name = ["id", "below", "name"].map(|key| entry.text(key));
                if !seen.insert(name) && name.iter().any(Option::is_some) {
                    self.add(entry.span, "this target stands here twice".to_owned(), "");
                }
                let is_either = entry.get("id").is_some() != entry.get("below").is_some();
                if *vendor == "cloudflare" && !is_either {
                    let message = "an entry has either `id` or `below`".to_owned();
                    self.add(entry.span, message, "`below` means all below an organization");
                }
                if let Some(assign) = entry.get("assign").filter(|_| !is_assignable) {
                    let message = "profiles are assigned to organizational units alone".to_owned();
                    self.add(assign.span, message, "");
                }
                for profile in entry.list("assign") {
                    let is_twice = profile.as_str().is_some_and(|email| !assigned.insert(email));
                    if is_twice {
                        self.add(profile.span, "this profile is assigned twice".to_owned(), "");
                    }
                }
                for leave in entry.list("leave") {
                    self.check_member(leave);
                }
                let has_profiles = entry.get("profiles").is_some_and(Node::is_true);
                let mut shapes = vec![*shape];
                shapes.extend(has_profiles.then_some(&mapping::CAMPAIGN_PROFILE));
                entry.get("set").into_iter().for_each(|set| self.check_set(set, "", &shapes));
            }
        }
    }

    /// What a target can't hold would be lost without a word.
    fn check_set(&mut self, set: &Node, prefix: &str, shapes: &[&Shape]) {
        for (key, value) in set.members() {
            let name = format!("{prefix}{}", key.text);
            if shapes.iter().any(|shape| shape.has(&name)) {
                self.check_set(value, &format!("{name}."), shapes);
            } else if mapping::is_member(&name) {
                let known = shapes.iter().flat_map(|shape| shape.member_names());
                let help = format!("there are: {}", known.collect::<Vec<_>>().join(", "));
                self.add(key.span, format!("{} have no `{name}`", shapes[0].names[1]), help);
            }
        }
    }

    fn check_member(&mut self, node: &Node) {
        let Some(name) = node.as_str() else { return };
        if !mapping::is_member(name) {
            let help = nearest(name, mapping::member_names().iter().copied());
            self.add(node.span, format!("a company has no member `{name}`"), help);
            // Other names are keys; this one is a value.
            if let Some(fault) = self.found.last_mut() {
                fault.masked = Some("a company has no such member");
            }
        }
    }
}

/// What a node has to be, if it isn't that.
fn wrong_type(node: &Node, wanted: &Value) -> Option<String> {
    let own = match node.kind {
        Kind::Null => "null",
        Kind::Bool(_) => "boolean",
        Kind::Number(_) => "number",
        Kind::String(_) => "string",
        Kind::Array(_) => "array",
        Kind::Object(_) => "object",
    };
    let wanted = match wanted {
        Value::String(one) => std::slice::from_ref(one).to_vec(),
        Value::Array(several) => {
            several.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => return None,
    };
    // Whoever writes a heading without anything below it means nothing by it.
    if wanted.iter().any(|wanted| wanted == own) {
        return None;
    }
    let names = wanted.iter().map(|name| match name.as_str() {
        "string" => "a text",
        "array" => "a list",
        "object" => "a mapping",
        "boolean" => "`true` or `false`",
        other => other,
    });
    Some(names.collect::<Vec<_>>().join(" or "))
}

/// The name that was meant, perhaps; or all of them.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> String {
    let distances = known.clone().map(|known| (strsim::jaro_winkler(name, known), known));
    let best = distances.max_by(|(one, _), (other, _)| one.total_cmp(other));
    match best {
        Some((similarity, best)) if similarity > 0.8 => format!("did you mean `{best}`?"),
        _ => format!("there are: {}", known.collect::<Vec<_>>().join(", ")),
    }
}
