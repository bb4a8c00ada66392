//! Findings that a document itself declares to be meant: `x-lint-allow`, with a reason for each rule.
//!
//! It is an extension and no comment: JSON has none, and tools that rewrite or bundle a document keep it.

use std::collections::HashSet;

use letterhead_document::{Document, Key, Kind as Value, Node, Span};

use crate::finding::{Finding, Findings};
use crate::levels;
use crate::model::within;
use crate::parts::Parts;
use crate::rule::{Purpose, Rule};
use crate::rules::structure;

/// The key that it stands under.
pub(crate) const KEY: &str = "x-lint-allow";

/// A rule that an object allows to be broken in it.
struct Suppression {
    /// The index of the file.
    file: usize,
    /// The pointer to the object.
    pointer: String,
    rule: &'static Rule,
    /// Where the rule is named.
    span: Span,
}

/// Drops what the document allows, and reports what is wrong with its permissions.
pub(crate) fn apply(document: &Document, parts: &Parts, purpose: Purpose, findings: &mut Findings) {
    let mut collected =
        Collected { document, file: 0, all: Vec::new(), wrong: Findings::default() };
    for file in document.files().filter(|file| file.root.has_key(KEY)) {
        collected.file = file.index;
        collected.within(file.root, &mut String::new());
    }
    let Collected { all, mut wrong, .. } = collected;
    if all.is_empty() && wrong.list.is_empty() {
        return;
    }
    let mut used = HashSet::new();
    findings.list.retain(|finding| {
        let file = document.file(finding.span.start).index;
        let is_about =
            |it: &Suppression| it.rule == finding.rule && it.file == file && it.holds(finding);
        let by = all.iter().position(is_about);
        used.extend(by);
        by.is_none()
    });
    let unused = all.iter().enumerate().filter(|(at, _)| !used.contains(at));
    // Nothing was looked for where the rule is for another purpose, or in what isn't the document's.
    let is_judged = |it: &Suppression| {
        it.rule.purpose <= purpose
            && (it.file == 0 || parts.used.iter().any(|used| within(it.span, *used)))
    };
    for (_, it) in unused.filter(|(_, it)| is_judged(it)) {
        let message = format!("nothing here breaks `{}`", it.rule.code);
        wrong.add(&structure::UNUSED_SUPPRESSION, it.span, message, "leave it out");
    }
    wrong.locate(document);
    findings.list.append(&mut wrong.list);
}

impl Suppression {
    fn holds(&self, finding: &Finding) -> bool {
        let rest = finding.pointer.strip_prefix(&self.pointer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// What has been collected, and from where.
struct Collected<'d> {
    document: &'d Document,
    file: usize,
    all: Vec<Suppression>,
    wrong: Findings,
}

impl Collected<'_> {
    /// What stands in a value, whose pointer is `at`.
    fn within(&mut self, node: &Node, at: &mut String) {
        let length = at.len();
        for (key, value) in node.members() {
            // What comes from another file is looked at there.
            if self.document.file(key.span.start).index != self.file {
                continue;
            }
            if key.text == KEY {
                self.add(key, value, at);
                continue;
            }
            at.push('/');
            at.push_str(&key.text.replace('~', "~0").replace('/', "~1"));
            self.within(value, at);
            at.truncate(length);
        }
        for (index, item) in node.items().iter().enumerate() {
            at.push('/');
            at.push_str(&index.to_string());
            self.within(item, at);
            at.truncate(length);
        }
    }

    fn add(&mut self, key: &Key, value: &Node, at: &str) {
        let Value::Object(members) = &value.kind else {
            let message = format!("`{KEY}` says for each rule why it is broken here");
            let help = format!("write `{KEY}: {{RULE: the reason}}`");
            self.wrong.add(&structure::SUPPRESSION_FORM, key.span, message, help);
            return;
        };
        for (name, reason) in members {
            if reason.as_str().is_none_or(|reason| reason.trim().is_empty()) {
                let message = format!("there is no reason why `{}` is broken here", name.text);
                let help = "write the reason behind the `:`";
                self.wrong.add(&structure::SUPPRESSION_FORM, name.span, message, help);
                continue;
            }
            match levels::rule(&name.text) {
                Ok(rule) => {
                    let (file, pointer) = (self.file, at.to_owned());
                    self.all.push(Suppression { file, pointer, rule, span: name.span });
                }
                Err(unknown) => {
                    let text = unknown.to_string();
                    let (message, help) = text.split_once("; ").unwrap_or((&text, ""));
                    self.wrong.add(&structure::SUPPRESSION_FORM, name.span, message, help);
                }
            }
        }
    }
}
