//! Documents of several files: what a `$ref` to a file leads to becomes a component of the document, so that
//! every rule sees one document. Spans say which file something stands in.

mod files;
mod folder;
mod kind;
mod look;
mod merge;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use letterhead_diagnostics::Severity;
use letterhead_document::pointer::unescaped;
use letterhead_document::{Document, Key, Kind as Value, Node, Span, Text};
use percent_encoding::percent_decode_str;

use self::files::{Files, names_a_place};
use self::look::may_refer;
use self::merge::{Component, add};
use crate::checks::references::targets::start_of;
use crate::checks::structure::an;
use crate::finding::{Findings, did_you_mean};
use crate::rules::references;
use crate::shape::{Kind, Shape};

/// The files that a document consists of, beside its own.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// Their paths without links, in the order of the document's files.
    pub(crate) paths: Vec<PathBuf>,
    /// The places in them that the document refers to; the rest isn't its own.
    pub(crate) used: Vec<Span>,
    /// Whether something that it refers to could not be read.
    pub(crate) is_incomplete: bool,
}

/// Reads the files that a document refers to, and makes components of what it takes from them. `file` is where
/// the document lies: without it, no other file is read.
pub(crate) fn gather(
    document: &mut Document,
    file: Option<&Path>,
    findings: &mut Findings,
) -> Parts {
    if !may_refer(document.root()) {
        return Parts::default();
    }
    let mut root = document.replace_root(Node { span: Span::default(), kind: Value::Null });
    let mut taken = HashSet::new();
    for (section, members) in root.map("components") {
        taken.extend(members.members().map(|(key, _)| (section.text.clone(), key.text.clone())));
    }
    let mut gathering = Gathering {
        files: Files::of(document, file, findings),
        names: HashMap::new(),
        taken,
        components: Vec::new(),
        first: None,
        used: Vec::new(),
    };
    gathering.object(Kind::Document, &mut root, 0);
    let mut next = 0;
    while let Some((kind, file, node)) = gathering.component_at(next) {
        let mut node = node;
        gathering.value(Shape::OrReference(kind), &mut node, file);
        gathering.components[next].node = node;
        next += 1;
    }
    let Gathering { files: Files { paths, is_incomplete, .. }, components, used, first, .. } =
        gathering;
    // Where none of the files is there, the document stands alone, and may be right all the same.
    if !paths.is_empty() {
        let missing = findings.list.iter_mut();
        let missing = missing.filter(|finding| finding.rule == &references::MISSING_REFERENCE);
        missing.for_each(|finding| finding.severity = Severity::Error);
    }
    let parts = Parts { paths, used, is_incomplete };
    if let Some(first) = first {
        let files = letterhead_diagnostics::count(parts.paths.len() + 1, "file");
        let message = format!("the document consists of {files}, and the generator reads one");
        let help = "bundle them into one, as `redocly bundle` does, and generate from that";
        findings.add(&references::EXTERNAL_REFERENCE, first, message, help);
    }
    if let Value::Object(members) = &mut root.kind {
        add(members, components);
    }
    document.replace_root(root);
    parts
}

/// What a component is made of: a file, a pointer in it, and the section that it belongs to.
type Made = (usize, String, &'static str);

/// What a reference leads to.
enum Target {
    /// A place in the document's own file.
    Own,
    /// A place in another file: its index, and the pointer.
    Part(usize, String),
    /// What has been reported, and can't be followed.
    Unknown,
}

struct Gathering<'a> {
    files: Files<'a>,
    /// The names of the components that have been made.
    names: HashMap<Made, Text>,
    /// The names that are taken, by section.
    taken: HashSet<(Text, Text)>,
    components: Vec<Component>,
    /// The first reference to a file.
    first: Option<Span>,
    used: Vec<Span>,
}

impl Gathering<'_> {
    fn component_at(&mut self, index: usize) -> Option<(Kind, usize, Node)> {
        let Component { kind, file, node, .. } = self.components.get_mut(index)?;
        let taken = Node { span: node.span, kind: std::mem::replace(&mut node.kind, Value::Null) };
        Some((*kind, *file, taken))
    }

    /// Replaces the references to files in a value of the file with this index.
    fn value(&mut self, shape: Shape, node: &mut Node, file: usize) {
        match (shape, &mut node.kind) {
            (Shape::List(items), Value::Array(list)) => {
                list.iter_mut().for_each(|item| self.value(*items, item, file));
            }
            (Shape::Map(values), Value::Object(members)) => {
                members.iter_mut().for_each(|(_, value)| self.value(*values, value, file));
            }
            (Shape::Object(kind), _) => self.object(kind, node, file),
            (Shape::OrReference(kind), _) => match member(node, "$ref") {
                Some(target) => self.reference(kind, target, file),
                None => self.object(kind, node, file),
            },
            (Shape::BoolOrSchema, _) => self.value(Shape::OrReference(Kind::Schema), node, file),
            _ => {}
        }
    }

    fn object(&mut self, kind: Kind, node: &mut Node, file: usize) {
        if kind == Kind::PathItem {
            self.path_item(node, file, &mut HashSet::new());
        }
        self.members(kind, node, file);
    }

    fn members(&mut self, kind: Kind, node: &mut Node, file: usize) {
        let shape = kind.object();
        let Value::Object(members) = &mut node.kind else { return };
        for (name, value) in members {
            let known = shape.members.iter().find(|member| name.text == member.name);
            match known.map(|member| member.shape).or(shape.free) {
                _ if name.text.starts_with("x-") => {}
                _ if kind == Kind::Discriminator && name.text == "mapping" => {
                    let Value::Object(targets) = &mut value.kind else { continue };
                    let is_reference = |target: &Node| target.as_str().is_some_and(names_a_place);
                    let references = targets.iter_mut().filter(|(_, it)| is_reference(it));
                    references.for_each(|(_, it)| self.reference(Kind::Schema, it, file));
                }
                _ if kind == Kind::Link && name.text == "operationRef" => self.link(value, file),
                // What a path item takes from another file has been done with it.
                Some(shape) if kind != Kind::PathItem || self.is_in(value, file) => {
                    self.value(shape, value, file);
                }
                _ => {}
            }
        }
    }

    fn is_in(&self, node: &Node, file: usize) -> bool {
        self.files.document.file(node.span.start).index == file
    }

    /// Puts what a path item refers to beside its own members.
    fn path_item(&mut self, item: &mut Node, file: usize, seen: &mut HashSet<Span>) {
        let Some(span) = item.entry("$ref").map(|(key, _)| key.span) else { return };
        let Some(target) = member(item, "$ref") else { return };
        let Target::Part(other, pointer) = self.target(target, file, span) else { return };
        let Some((_, mut found)) = self.found(Kind::PathItem, other, &pointer, span) else {
            return;
        };
        if !seen.insert(found.span) {
            let message = "this path is written at itself, by way of other files";
            let help = "write the path's operations in one of the files";
            self.files.findings.add(&references::REFERENCE_CYCLE, span, message, help);
            return;
        }
        self.used.push(found.span);
        self.path_item(&mut found, other, seen);
        self.members(Kind::PathItem, &mut found, other);
        let Value::Object(members) = &mut item.kind else { return };
        members.retain(|(key, _)| key.text != "$ref");
        if let Value::Object(others) = found.kind {
            let is_own = |name: &Key| members.iter().any(|(own, _)| own.text == name.text);
            let others: Vec<_> = others.into_iter().filter(|(key, _)| !is_own(key)).collect();
            members.extend(others);
        }
    }

    /// The operation that a link leads to may be another document's, and is not a part of this one.
    fn link(&mut self, reference: &mut Node, file: usize) {
        let span = reference.span;
        if let Target::Part(other, pointer) = self.target(reference, file, span) {
            let found = self.files.root(other).follow(&pointer);
            if found.is_err() {
                let message = format!("there is no `{pointer}` in `{}`", self.files.name(other));
                let help = "write a pointer to an operation, such as `#/paths/~1pets/get`";
                self.files.report(&references::LINK_TARGET, span, message, help.to_owned());
            }
        }
    }

    /// Replaces a reference to a file by one to the component that is made of its target.
    fn reference(&mut self, kind: Kind, target: &mut Node, file: usize) {
        let span = target.span;
        let Target::Part(other, pointer) = self.target(target, file, span) else { return };
        let Some(section) = kind.section() else { return };
        let of = (other, pointer, section);
        let known = self.names.get(&of).cloned();
        let text = match known.or_else(|| self.component(kind, &of, span)) {
            Some(name) => format!("#/components/{section}/{name}"),
            // In the document itself, the pointer may lead to something else.
            None => format!("{}#{}", self.files.way(other).display(), of.1),
        };
        target.kind = Value::String(text.as_str().into());
    }

    /// Makes a component of what stands at a place, and says its name.
    fn component(&mut self, kind: Kind, of: &Made, at: Span) -> Option<Text> {
        let (file, pointer, section) = of;
        let (key, node) = self.found(kind, *file, pointer, at)?;
        let name = self.new_name(section, *file, pointer);
        let key = Key { span: key, text: name.clone() };
        self.used.push(node.span);
        self.components.push(Component { kind, section, key, node, file: *file });
        self.names.insert(of.clone(), name.clone());
        Some(name)
    }

    /// What a reference in a file leads to, and where faults of it are reported; one to the document's own file loses the file's name.
    fn target(&mut self, reference: &mut Node, file: usize, at: Span) -> Target {
        let Some(text) = reference.as_str() else { return Target::Unknown };
        let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
        let fragment = percent_decode_str(fragment).decode_utf8_lossy().into_owned();
        if text.trim() != text {
            return Target::Unknown;
        }
        if path.is_empty() {
            let is_own = file == 0 || text.is_empty();
            return if is_own { Target::Own } else { Target::Part(file, fragment) };
        }
        let path = path.to_owned();
        match self.files.file(&path, file, at) {
            Some(0) => {
                let text = format!("#{fragment}");
                reference.kind = Value::String(text.as_str().into());
                Target::Own
            }
            Some(other) => {
                self.first.get_or_insert(at);
                Target::Part(other, fragment)
            }
            None => {
                self.files.is_incomplete = true;
                Target::Unknown
            }
        }
    }

    /// What stands at a pointer in a file, if it is what has to stand there: the place of its key, and a copy.
    fn found(&mut self, kind: Kind, file: usize, pointer: &str, at: Span) -> Option<(Span, Node)> {
        let root = self.files.root(file);
        let is_pointer = pointer.is_empty() || pointer.starts_with('/');
        let found = if is_pointer { root.follow(pointer) } else { Err(root) };
        let node = match found {
            Ok(node) => node,
            Err(last) => {
                let names = || last.members().map(|(key, _)| key.text.as_str());
                let wrong = pointer.split('/').find_map(|part| {
                    let is_there = last.get(part).is_some();
                    Some((part, did_you_mean(part, names()).filter(|_| !is_there)?))
                });
                let name = self.files.name(file);
                let own = format!("#{pointer}");
                let help = match wrong {
                    Some((part, right)) => {
                        format!("did you mean `{}`?", own.replacen(part, right, 1))
                    }
                    None if !is_pointer => "behind `#` comes a pointer, such as `#/Pet`".to_owned(),
                    None if self.is_in_document(pointer) => format!(
                        "a reference starts from the file that it stands in; the document's own file is {}",
                        self.files.own_path(file)
                    ),
                    None => format!("add it to `{name}`, or refer to something that is there"),
                };
                let message = format!("there is no `{own}` in `{name}`");
                self.files.report(&references::MISSING_REFERENCE, at, message, help);
                return None;
            }
        };
        if let Some(other) = kind::other_than(kind, node) {
            let name = self.files.name(file);
            let shown = if pointer.is_empty() { name } else { format!("{name}#{pointer}") };
            let wanted = an(kind.object().name);
            let message = format!("`{shown}` is {other}, and here stands {wanted}");
            let help = match other.as_str() {
                "a mapping of several" => format!("refer to one of them: `{shown}#/...`"),
                "a whole document" => match kind.section() {
                    Some(section) => {
                        format!("refer to one of its components: `#/components/{section}/...`")
                    }
                    None => "refer to one of its paths: `#/paths/~1...`".to_owned(),
                },
                _ => format!("refer to {wanted}, or write it out here"),
            };
            self.files.report(&references::WRONG_KIND_REFERENCE, at, message, help);
            return None;
        }
        let (before, last) = pointer.rsplit_once('/').unwrap_or_default();
        let last = unescaped(last);
        let key = root.at(before).entry(&last).filter(|_| !pointer.is_empty());
        let key = key.map_or_else(|| start_of(node), |(key, _)| key.span);
        Some((key, node.clone()))
    }

    /// Whether the document's own file has a component there.
    fn is_in_document(&self, pointer: &str) -> bool {
        let component = pointer.strip_prefix("/components/").and_then(|rest| rest.split_once('/'));
        component.is_some_and(|(section, name)| {
            self.taken.contains(&(Text::from(section), Text::from(name)))
        })
    }

    /// A name for a component: that of its place, which is made different where it is taken.
    fn new_name(&mut self, section: &'static str, file: usize, pointer: &str) -> Text {
        let last = pointer.rsplit('/').next().filter(|last| !last.is_empty());
        let last = last.map(|last| Cow::from(last.replace("~1", "-").replace("~0", "-")));
        let stem = || self.files.way(file).file_stem().unwrap_or_default().to_string_lossy();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let name: String = last.unwrap_or_else(stem).chars().filter(|c| fits(*c)).collect();
        let name = if name.is_empty() { "part".to_owned() } else { name };
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        for name in [name.clone()].into_iter().chain(numbered) {
            let name = Text::from(name.as_str());
            if self.taken.insert((section.into(), name.clone())) {
                return name;
            }
        }
        unreachable!("numbers don't end")
    }
}

fn member<'n>(node: &'n mut Node, name: &str) -> Option<&'n mut Node> {
    let Value::Object(members) = &mut node.kind else { return None };
    let found = members.iter_mut().find(|(key, _)| key.text == name);
    found.map(|(_, value)| value).filter(|value| value.as_str().is_some())
}
