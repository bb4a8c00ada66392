//! Where a page offers an operation.

use letterhead_document::Span;

use super::context::Context;
use super::finding::Id;
use crate::fact::Kind;
use crate::rules;

const HELP: &str = "change `x-clouds`, or settle it in a decision of the operation";

/// Where the page offers an operation, and where the document does.
pub(super) fn check(context: &mut Context<'_>, id: Id) {
    let Some((clouds, at)) = &context.operation(id).clouds else {
        return;
    };
    let facts = context.page.facts.iter();
    let said = facts.filter_map(|fact| match &fact.kind {
        Kind::Cloud { cloud, offered } => Some((cloud.as_str(), *offered, fact.span)),
        _ => None,
    });
    let said: Vec<(&str, bool, Span)> = said.collect();
    let called = context.called(id);
    for (cloud, offered, span) in &said {
        let (verb, other, label) = match (offered, clouds.contains(cloud)) {
            (true, false) => ("offers", "doesn't", "not offered there"),
            (false, true) => ("doesn't offer", "does", "offered there"),
            _ => continue,
        };
        let no = if *offered { "" } else { "no " };
        context.add(
            &rules::CLOUD_DIFFERS,
            format!("cloud: {called} {no}{cloud}"),
            *span,
            (id, *at, label),
            (
                format!("the page {verb} `{called}` in the cloud `{cloud}`, the document {other}"),
                HELP,
            ),
        );
    }
    // Who says where it is offered leaves out where it isn't; who says where it isn't leaves the rest open.
    let Some((.., first)) = said.iter().find(|(_, offered, _)| *offered) else {
        return;
    };
    for cloud in clouds {
        if !said.iter().any(|(other, ..)| other == cloud) {
            context.add(
                &rules::CLOUD_DIFFERS,
                format!("cloud: {called} no {cloud}"),
                *first,
                (id, *at, "offered there"),
                (
                    format!(
                        "the document offers `{called}` in the cloud `{cloud}`, the page doesn't name it"
                    ),
                    HELP,
                ),
            );
        }
    }
}
