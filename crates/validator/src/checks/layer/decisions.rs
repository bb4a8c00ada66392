//! `x-decisions`: where a document departs from the vendor's page, and why.

use std::collections::HashMap;

use letterhead_document::{Kind as Value, Node, Span};

use super::one_of;
use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::layer;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    if !model.is_own() {
        return;
    }
    let mut ids: HashMap<&str, Span> = HashMap::new();
    for object in &model.objects {
        let Some((key, list)) = object.node.entry("x-decisions") else {
            continue;
        };
        if !matches!(object.kind, Kind::Document | Kind::Operation) {
            let message = "decisions stand beside `paths` or in the operation that they are about";
            findings.add(&layer::DECISION_FORM, key.span, message, "move them there");
            continue;
        }
        if !matches!(list.kind, Value::Array(_)) {
            findings.add(
                &layer::DECISION_FORM,
                key.span,
                "`x-decisions` is a list",
                "write `- id: ...` below it",
            );
            continue;
        }
        for decision in list.items() {
            check(decision, &mut ids, findings);
        }
    }
}

const NEEDED: [&str; 5] = ["id", "about", "documented", "decided", "reason"];
const MEMBERS: [&str; 7] = ["id", "about", "documented", "decided", "reason", "page", "settles"];
const SUBJECTS: [&str; 12] = [
    "path",
    "method",
    "parameter",
    "header",
    "requestBody",
    "responseBody",
    "status",
    "type",
    "security",
    "cloud",
    "encoding",
    "paging",
];

fn check<'d>(decision: &'d Node, ids: &mut HashMap<&'d str, Span>, findings: &mut Findings) {
    let Some((first, _)) = decision.members().next() else {
        let help = "write `id`, `about`, `documented`, `decided` and `reason`";
        findings.add(&layer::DECISION_FORM, decision.span, "a decision is a mapping", help);
        return;
    };
    let mut misspelt: Vec<&str> = Vec::new();
    for (key, value) in decision.members() {
        if !MEMBERS.contains(&key.text.as_str()) {
            let absent = MEMBERS.iter().copied().filter(|name| decision.get(name).is_none());
            let meant = did_you_mean(&key.text, absent);
            misspelt.extend(meant);
            let help = meant.map_or_else(
                || format!("leave it out: a decision has `{}`", MEMBERS.join("`, `")),
                |name| format!("did you mean `{name}`?"),
            );
            let message = format!("a decision has no member `{}`", key.text);
            findings.add(&layer::DECISION_FORM, key.span, message, help);
        } else if key.text == "settles" {
            settles(value, key.span, findings);
        } else if value.as_str().is_none_or(|text| text.trim().is_empty()) {
            let span = if value.span.start == value.span.end { key.span } else { value.span };
            let message = format!("`{}` has to be text", key.text);
            findings.add(
                &layer::DECISION_FORM,
                span,
                message,
                "say it in words, in quotes if need be",
            );
        }
    }
    for name in NEEDED {
        if decision.get(name).is_none() && !misspelt.contains(&name) {
            let message = format!("a decision needs a member `{name}`");
            findings.add(&layer::DECISION_FORM, first.span, message, format!("add `{name}`"));
        }
    }
    if let Some(about) = decision.get("about")
        && let Some(word) = about.as_str()
        && !word.is_empty()
        && !SUBJECTS.contains(&word)
    {
        let message = format!("`{word}` is nothing that a decision is about");
        findings.add(&layer::DECISION_FORM, about.span, message, one_of(word, &SUBJECTS));
    }
    let Some((node, id)) = decision.get("id").and_then(|node| Some((node, node.as_str()?))) else {
        return;
    };
    if !id.is_empty() && !is_kebab(id) {
        let message = format!("`{id}` isn't in kebab case");
        let help = format!("write `{}`", heck::ToKebabCase::to_kebab_case(id));
        findings.add(&layer::DECISION_ID, node.span, message, help);
    } else if let Some(before) = ids.insert(id, node.span) {
        let message = format!("there is another decision `{id}`");
        findings
            .add(&layer::DECISION_ID, node.span, message, "give one of them another id")
            .and(before, "the first one");
    }
}

/// The findings of `cargo xtask docs check` that a decision settles, by their keys.
fn settles(list: &Node, key: Span, findings: &mut Findings) {
    let is_no_key = |item: &&Node| {
        let key = item.as_str().and_then(|text| text.split_once(": "));
        key.is_none_or(|(kind, rest)| !is_kebab(kind) || rest.trim().is_empty())
    };
    let wrong = list.items().iter().find(is_no_key);
    if let (Some(_), None) = (list.items().first(), wrong) {
        return;
    }
    let message = "`settles` is a list of keys that `cargo xtask docs check` shows";
    let help = "write `- \"path: PUT /v1/pets\"` below it";
    findings.add(&layer::DECISION_FORM, wrong.map_or(key, |item| item.span), message, help);
}

fn is_kebab(id: &str) -> bool {
    let part = |part: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        !part.is_empty() && part.chars().all(plain)
    };
    id.split('-').all(part)
}

#[cfg(test)]
mod tests {
    use crate::check;
    use crate::rules::layer;

    #[test]
    fn what_a_decision_settles_is_a_list_of_keys() {
        let found = |settles: &str| {
            let decision = format!(
                "{{id: pets-path, about: path, documented: /pet, decided: /pets, reason: It works., settles: {settles}}}"
            );
            let right = layer::DECISION_FORM.cases().swap_remove(1);
            let text = String::from_utf8(right.bytes).unwrap();
            let start = text.find("[{id: pets-path").unwrap();
            let end = start + text[start..].find("]\n").unwrap();
            let text = format!("{}[{decision}{}", &text[..start], &text[end..]);
            let report = check("t.yaml", text.as_bytes(), &layer::DECISION_FORM.options());
            let found = report.findings.iter();
            found.map(|found| found.rule).collect::<Vec<_>>()
        };
        assert!(found("['path: GET /pet', 'cloud: GET /pets germany']").is_empty());
        for wrong in ["[]", "'path: GET /pet'", "[GET /pet]", "['path: ']", "[{path: x}]"] {
            assert_eq!(found(wrong), [&layer::DECISION_FORM], "{wrong}");
        }
    }
}
