//! What a `$ref` leads to.

use std::collections::HashMap;

use letterhead_document::{Kind as Value, Node, Span};

use crate::checks::operations::misspells;
use crate::finding::{Findings, did_you_mean};
use crate::model::{Model, Reference, component};
use crate::rule::Rule;
use crate::rules::references;
use crate::shape::Kind;
use crate::walk::leads_to;

/// How many missing references are compared with what is there; beyond that it is another document.
const MOST_HELPED: usize = 200;
/// How many names are compared for a *did you mean*; beyond that nobody reads them.
const MOST_NAMES: usize = 5_000;

pub(super) const SECTIONS: [&str; 9] = [
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
];

/// What is wrong with a reference.
struct Fault {
    rule: &'static Rule,
    message: String,
    help: String,
}

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    // One missing component is one fault, however many refer to it.
    let mut missing: HashMap<(&str, Kind), usize> = HashMap::new();
    for reference in &model.references {
        let Some(text) = reference.target.as_str().filter(|text| !is_misspelt(model, text)) else {
            continue;
        };
        if let Some(index) = missing.get(&(text, reference.expected)) {
            let first = &mut findings.list[*index];
            if first.also.is_none() {
                first.and(reference.target.span, "referred to from here as well");
            }
        } else if missing.len() >= MOST_HELPED && is_missing(model, text) {
            missing.insert((text, reference.expected), findings.list.len());
            findings.add(
                &references::MISSING_REFERENCE,
                reference.target.span,
                format!("there is no `{text}`"),
                "add it, or refer to something that is there",
            );
        } else if let Some(fault) = judge(model, text, reference.expected) {
            if fault.rule == &references::MISSING_REFERENCE {
                missing.insert((text, reference.expected), findings.list.len());
            }
            findings.add(fault.rule, reference.target.span, fault.message, fault.help);
        }
        siblings(reference, findings);
    }
    names(model, findings);
    for item in model.all(Kind::PathItem) {
        if let Some((key, target)) = item.node.entry("$ref") {
            let text = target.as_str().unwrap_or_default();
            let message = format!("this path is written elsewhere, at `{text}`");
            let help =
                "write the path's operations here; generators don't follow a `$ref` in this place";
            findings.add(&references::PATH_ITEM_REFERENCE, key.span, message, help);
        }
    }
}

fn siblings(reference: &Reference<'_>, findings: &mut Findings) {
    let members = reference.holder.members().map(|(key, _)| key);
    let others: Vec<_> =
        members.filter(|key| key.text != "$ref" && !key.text.starts_with("x-")).collect();
    let Some(first) = others.first() else { return };
    let names: Vec<String> = others.iter().map(|key| format!("`{}`", key.text)).collect();
    let message = format!("{} beside `$ref` has no effect", names.join(", "));
    let help = if reference.expected == Kind::Schema {
        "move it to what the reference leads to, or wrap the reference: `allOf: [{$ref: ...}]`"
    } else {
        "move it to what the reference leads to, or write that out here"
    };
    findings
        .add(&references::REFERENCE_SIBLINGS, first.span, message, help)
        .and(reference.target.span, "the reference that stands for all");
}

/// Whether a component can't be seen because its section, or `components`, is misspelt where it stands: that is
/// one fault.
pub(crate) fn is_misspelt(model: &Model<'_>, text: &str) -> bool {
    let section = component(text).map(|(section, _)| section);
    let Some(section) = section.filter(|section| SECTIONS.contains(section)) else { return false };
    let root = model.document.root();
    let Some(components) = root.get("components") else { return misspells(root, "components") };
    let mut unknown = components.members().map(|(key, _)| key.text.as_str());
    let is_meant = |key: &str| !SECTIONS.contains(&key) && did_you_mean(key, [section]).is_some();
    components.get(section).is_none() && unknown.any(is_meant)
}

fn is_missing(model: &Model<'_>, text: &str) -> bool {
    text.starts_with("#/") && model.target(text).is_none()
}

/// The names of components, which references are made of.
fn names(model: &Model<'_>, findings: &mut Findings) {
    let components = model.document.root().get("components");
    let sections = components.into_iter().flat_map(Node::members);
    let known = sections.filter(|(section, _)| SECTIONS.contains(&section.text.as_str()));
    for (key, _) in known.flat_map(|(_, section)| section.members()) {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if key.text.is_empty() || !key.text.chars().all(fits) {
            let corrected: String = key.text.chars().filter(|c| fits(*c)).collect();
            let help = if corrected.is_empty() {
                "name it with letters, digits, `.`, `-` and `_`".to_owned()
            } else {
                format!("write `{corrected}`, here and where it is referred to")
            };
            let message = format!("`{}` can't be the name of a component", key.text);
            findings.add(&references::COMPONENT_NAME, key.span, message, help);
        }
    }
}

/// Whether a reference leads where it has to; also for what isn't written as `$ref`.
pub(super) fn is_good(model: &Model<'_>, text: &str, expected: Kind) -> bool {
    judge(model, text, expected).is_none()
}

fn judge(model: &Model<'_>, text: &str, expected: Kind) -> Option<Fault> {
    if let Some(fault) = malformed(model, text, expected) {
        return Some(fault);
    }
    let Some(pointer) = text.strip_prefix('#') else {
        return Some(external(model, text));
    };
    if model.target(text).is_none() {
        let last = model.document.last_on_the_way(text);
        return Some(missing(model, text, last, expected));
    }
    if !leads_to(text, expected) {
        return Some(wrong_kind(model, text, expected));
    }
    let parts = pointer.split('/').count();
    if component(text).is_none() || parts != 4 {
        let message = format!("`{text}` leads into the document, past its components");
        let section = expected.section().unwrap_or("schemas");
        let help = format!(
            "move what it leads to into `components.{section}` and refer to it there from both places; the \
             generator knows components only"
        );
        return Some(Fault { rule: &references::DEEP_REFERENCE, message, help });
    }
    None
}

fn malformed(model: &Model<'_>, text: &str, expected: Kind) -> Option<Fault> {
    let section = expected.section().unwrap_or("schemas");
    let fault = |reason: &str, help: String| {
        Some(Fault {
            rule: &references::MALFORMED_REFERENCE,
            message: format!("`{text}` is not a reference: {reason}"),
            help,
        })
    };
    let write = |right: &str| format!("write `{right}`");
    if text.trim().is_empty() {
        return fault("it is empty", format!("write `#/components/{section}/...`"));
    }
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        return fault("it has blanks around it", write(trimmed));
    }
    if text.contains('\\') && text.contains('#') {
        return fault("its parts are divided by `/`", write(&text.replace('\\', "/")));
    }
    let Some(pointer) = text.strip_prefix('#') else {
        let inner = text.trim_start_matches(['.', '/']);
        if inner.starts_with("components/") || inner.starts_with("#/components/") {
            let inner = inner.trim_start_matches("#/");
            return fault("it has to start with `#/`", write(&format!("#/{inner}")));
        }
        if text.contains(['/', '.', ':', '#']) {
            return None;
        }
        let named = near(model, section, text).unwrap_or(text);
        let right = format!("#/components/{section}/{named}");
        return fault("it is a bare name", write(&right));
    };
    if pointer.is_empty() || pointer == "/" {
        let help = format!("write `#/components/{section}/...`");
        return fault("it leads to the whole document", help);
    }
    if !pointer.starts_with('/') {
        if SECTIONS.iter().any(|name| pointer.starts_with(name))
            || pointer.starts_with("components")
        {
            return fault("after `#` comes `/`", write(&format!("#/{pointer}")));
        }
        let named = near(model, section, pointer).unwrap_or(pointer);
        let right = format!("#/components/{section}/{named}");
        return fault("after `#` comes `/`", write(&right));
    }
    if pointer.contains("//") || pointer.ends_with('/') {
        let parts: Vec<&str> = pointer.split('/').filter(|part| !part.is_empty()).collect();
        let right = format!("#/{}", parts.join("/"));
        let help = if parts.len() == 2 && parts[0] == "components" {
            format!("write `{right}/...` with the name of a component")
        } else {
            write(&right)
        };
        return fault("a part of it is empty", help);
    }
    let bad_tilde = pointer.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1']));
    if bad_tilde {
        let help = "write `~0` for `~`, and `~1` for `/` inside a name".to_owned();
        return fault("`~` starts an escape, `~0` or `~1`", help);
    }
    let bad_percent = pointer.split('%').skip(1).any(|rest| {
        let digits = rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count();
        digits != 2
    });
    if bad_percent {
        let help = "write `%25` for `%`".to_owned();
        return fault("`%` starts an escape of two hexadecimal digits", help);
    }
    if pointer.contains(char::is_whitespace) {
        let help = "give the component a name of letters, digits, `.`, `-` and `_`".to_owned();
        return fault("it has blanks in it", help);
    }
    None
}

fn external(model: &Model<'_>, text: &str) -> Fault {
    let local = text.find('#').map(|at| &text[at..]).filter(|local| model.target(local).is_some());
    let help = match local {
        Some(local) => format!("did you mean `{local}`, which is in this document?"),
        None => "copy what it leads to into `components`, or bundle the files into one, as \
                 `redocly bundle` does"
            .to_owned(),
    };
    Fault {
        rule: &references::EXTERNAL_REFERENCE,
        message: format!("`{text}` is outside of this document"),
        help,
    }
}

fn missing(model: &Model<'_>, text: &str, last: &Node, expected: Kind) -> Fault {
    let fault = |help: String| Fault {
        rule: &references::MISSING_REFERENCE,
        message: format!("there is no `{text}`"),
        help,
    };
    let name = text.rsplit('/').next().unwrap_or_default();
    let section = expected.section().unwrap_or("schemas");
    // The name may be right, or nearly, where it is looked for by its kind.
    let in_section = named(model, section).any(|known| known == name);
    let meant = if in_section { Some(name) } else { near(model, section, name) };
    let parts = text.split('/').count();
    if let (Some(meant), 3 | 4) = (meant, parts) {
        return fault(format!("did you mean `#/components/{section}/{meant}`?"));
    }
    match component(text) {
        Some((section, name)) if !name.contains('/') && SECTIONS.contains(&section) => {
            let known: Vec<&str> = named(model, section).take(6).collect();
            let or = match known.as_slice() {
                [] => String::new(),
                all if all.len() < 6 => format!("; there are `{}`", all.join("`, `")),
                _ => String::new(),
            };
            fault(format!("add `{name}` to `components.{section}`{or}"))
        }
        _ => {
            // The first part on the way that isn't there.
            let names = || last.members().map(|(key, _)| key.text.as_str()).take(MOST_NAMES);
            let wrong = text
                .split('/')
                .find(|part| last.get(part).is_none() && did_you_mean(part, names()).is_some());
            let help = wrong.and_then(|wrong| {
                let right = did_you_mean(wrong, names())?;
                Some(format!("did you mean `{}`?", text.replacen(wrong, right, 1)))
            });
            fault(help.unwrap_or_else(|| {
                format!("components are referred to as `#/components/{section}/...`")
            }))
        }
    }
}

fn wrong_kind(model: &Model<'_>, text: &str, expected: Kind) -> Fault {
    let (is, name) = component(text).unwrap_or_default();
    let section = expected.section().unwrap_or("schemas");
    let wanted = expected.object().name;
    let found = SECTION_NAMES
        .iter()
        .find(|(known, _)| *known == is)
        .map_or_else(|| format!("something in `{is}`"), |(_, a)| (*a).to_owned());
    let help = if named(model, section).any(|known| known == name) {
        format!("did you mean `#/components/{section}/{name}`?")
    } else if let Some(near) = near(model, section, name) {
        format!("did you mean `#/components/{section}/{near}`?")
    } else {
        format!("refer to one of `components.{section}`, or write the {wanted} out here")
    };
    Fault {
        rule: &references::WRONG_KIND_REFERENCE,
        message: format!("`{text}` is {found}, and here stands a {wanted}"),
        help,
    }
}

const SECTION_NAMES: &[(&str, &str)] = &[
    ("schemas", "a schema"),
    ("responses", "a response"),
    ("parameters", "a parameter"),
    ("examples", "an example"),
    ("requestBodies", "a request body"),
    ("headers", "a header"),
    ("securitySchemes", "a security scheme"),
    ("links", "a link"),
    ("callbacks", "a callback"),
];

/// The names of the components of a section.
pub(super) fn named<'d>(model: &Model<'d>, section: &str) -> impl Iterator<Item = &'d str> {
    let components = model.document.root().get("components");
    let section = components.and_then(|components| components.get(section));
    let members = section.into_iter().flat_map(Node::members);
    members.map(|(key, _)| key.text.as_str())
}

/// The component of a section whose name is nearest to `name`.
pub(super) fn near<'d>(model: &Model<'d>, section: &str, name: &str) -> Option<&'d str> {
    did_you_mean(name, named(model, section).take(MOST_NAMES))
}

/// Where a list or a mapping without a key is shown: at its first key.
pub(crate) fn start_of(node: &Node) -> Span {
    match &node.kind {
        Value::Object(members) => members.first().map_or(node.span, |(key, _)| key.span),
        _ => node.span,
    }
}
