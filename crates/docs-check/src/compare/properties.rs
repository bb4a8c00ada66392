//! Tables about types against the schemas of the same names.

use letterhead_document::{Schema, Span};

use super::finding::Finding;
use super::schemas::{is_open, member_of_any_case, same_type};
use crate::fact::{Fact, Kind, Page};
use crate::rules::{self, Rule};
use crate::spec::Spec;

/// Compares the properties that a page lists with the schemas of one of the documents; returns whether there
/// is a schema for any of them.
pub(super) fn check(
    (index, page): (usize, &Page),
    specs: &[Spec<'_>],
    spec: Option<usize>,
    findings: &mut Vec<Finding>,
) -> bool {
    let mut is_about = false;
    let mut cased: Vec<String> = Vec::new();
    for fact in &page.facts {
        let Kind::Property { schema, .. } = &fact.kind else {
            continue;
        };
        let mut all =
            specs.iter().enumerate().filter(|(at, _)| spec.is_none_or(|spec| spec == *at));
        let found = all.find_map(|(at, spec)| Some((at, spec.schema(schema)?)));
        if let Some((at, (name, schema))) = found {
            is_about = true;
            let found = property(fact, (index, at), name, schema);
            // One for all members of a type.
            let is_new = |finding: &Finding| {
                finding.rule != &rules::MEMBER_CASE || !cased.contains(&finding.key)
            };
            if let Some(finding) = found.filter(is_new) {
                cased.push(finding.key.clone());
                findings.push(finding);
            }
        }
    }
    is_about
}

fn property(
    fact: &Fact,
    (page, document): (usize, usize),
    own: &str,
    schema: Schema<'_>,
) -> Option<Finding> {
    let Kind::Property { name, of_type, .. } = &fact.kind else {
        return None;
    };
    let finding = |rule: &'static Rule, key: String, message: String, span: Span| Finding {
        rule,
        key,
        operation: None,
        message,
        help: "change the schema, or settle it in a decision of the document".to_owned(),
        page: Some((page, fact.span)),
        also: None,
        document: Some((document, span, "the schema".to_owned())),
    };
    let at = schema.resolve().span();
    let Some((spelt, member)) = member_of_any_case(schema, name) else {
        return (!is_open(schema)).then(|| {
            finding(
                &rules::MEMBER_NOT_IN_DOCUMENT,
                format!("member: {own}.{name}"),
                format!("the page lists a member `{name}` of `{own}` that the schema doesn't know"),
                at,
            )
        });
    };
    if spelt != name {
        return Some(finding(
            &rules::MEMBER_CASE,
            format!("case: {own}"),
            format!("the page lists `{name}` of `{own}`, which the schema calls `{spelt}`"),
            at,
        ));
    }
    let (word, of) = (of_type.as_deref()?, member.find(|part| part.text("type"))?);
    (!same_type(word, of)).then(|| {
        finding(
            &rules::TYPE_DIFFERS,
            format!("type: {own}.{name} {word}"),
            format!("the page calls `{name}` of `{own}` {word}, the schema {of}"),
            member.span(),
        )
    })
}
