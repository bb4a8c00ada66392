//! Findings that a document itself declares to be meant: `x-lint-allow`, with a reason for each rule.
//!
//! It is an extension and no comment: JSON has none, and tools that rewrite or bundle a document keep it.

use std::collections::HashSet;

use letterhead_document::{Document, Key, Kind as Value, Node, Span};

use crate::finding::{Finding, Findings};
use crate::levels;
use crate::rule::{Purpose, Rule};
use crate::rules::structure;

/// The key that it stands under.
pub(crate) const KEY: &str = "x-lint-allow";

/// A rule that an object allows to be broken in it.
struct Suppression {
    /// The pointer to the object.
    pointer: String,
    rule: &'static Rule,
    /// Where the rule is named.
    span: Span,
}

/// Drops what the document allows, and reports what is wrong with its permissions.
pub(crate) fn apply(document: &Document, purpose: Purpose, findings: &mut Findings) {
    if !document.text().contains(KEY) {
        return;
    }
    let mut all = Vec::new();
    let mut wrong = Findings::default();
    collect(document.root(), &mut String::new(), &mut all, &mut wrong);
    let mut used = HashSet::new();
    findings.list.retain(|finding| {
        let by = all.iter().position(|it| it.rule == finding.rule && it.holds(finding));
        used.extend(by);
        by.is_none()
    });
    let unused = all.iter().enumerate().filter(|(at, _)| !used.contains(at));
    // Nothing was looked for where the rule is for another purpose.
    for (_, it) in unused.filter(|(_, it)| it.rule.purpose <= purpose) {
        let message = format!("nothing here breaks `{}`", it.rule.code);
        wrong.add(&structure::UNUSED_SUPPRESSION, it.span, message, "leave it out");
    }
    findings.list.append(&mut wrong.list);
}

impl Suppression {
    fn holds(&self, finding: &Finding) -> bool {
        let rest = finding.pointer.strip_prefix(&self.pointer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

fn collect(node: &Node, at: &mut String, all: &mut Vec<Suppression>, wrong: &mut Findings) {
    let length = at.len();
    for (key, value) in node.members() {
        if key.text == KEY {
            one(key, value, at, all, wrong);
            continue;
        }
        at.push('/');
        at.push_str(&key.text.replace('~', "~0").replace('/', "~1"));
        collect(value, at, all, wrong);
        at.truncate(length);
    }
    for (index, item) in node.items().iter().enumerate() {
        at.push('/');
        at.push_str(&index.to_string());
        collect(item, at, all, wrong);
        at.truncate(length);
    }
}

fn one(key: &Key, value: &Node, at: &str, all: &mut Vec<Suppression>, wrong: &mut Findings) {
    let Value::Object(members) = &value.kind else {
        let message = format!("`{KEY}` says for each rule why it is broken here");
        let help = format!("write `{KEY}: {{RULE: the reason}}`");
        wrong.add(&structure::SUPPRESSION_FORM, key.span, message, help);
        return;
    };
    for (name, reason) in members {
        if reason.as_str().is_none_or(|reason| reason.trim().is_empty()) {
            let message = format!("there is no reason why `{}` is broken here", name.text);
            let help = "write the reason behind the `:`";
            wrong.add(&structure::SUPPRESSION_FORM, name.span, message, help);
            continue;
        }
        match levels::rule(&name.text) {
            Ok(rule) => {
                all.push(Suppression { pointer: at.to_owned(), rule, span: name.span });
            }
            Err(unknown) => {
                let text = unknown.to_string();
                let (message, help) = text.split_once("; ").unwrap_or((&text, ""));
                wrong.add(&structure::SUPPRESSION_FORM, name.span, message, help);
            }
        }
    }
}
