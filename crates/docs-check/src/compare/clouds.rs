//! Where a page offers an operation.

use letterhead_document::Span;

use super::context::Context;
use super::finding::Id;
use crate::fact::{Cloud, Kind};
use crate::rules;

/// Where the page offers an operation, and where the document does.
pub(super) fn check(context: &mut Context<'_>, id: Id) {
    let Some((clouds, at)) = &context.operation(id).clouds else {
        return;
    };
    let page = context.page;
    let shown: Vec<(Cloud, Span)> = page
        .facts
        .iter()
        .filter_map(|fact| match fact.kind {
            Kind::Cloud { cloud, offered: true } => Some((cloud, fact.span)),
            _ => None,
        })
        .collect();
    let Some((_, first)) = shown.first() else {
        return;
    };
    let called = context.called(id);
    let help = "change `x-clouds`, or settle it in a decision of the operation";
    for (cloud, span) in &shown {
        if !clouds.contains(&cloud.name()) {
            context.add(
                &rules::CLOUD_DIFFERS,
                format!("cloud: {called} {}", cloud.name()),
                *span,
                (id, *at, "not offered there"),
                (
                    format!(
                        "the page offers `{called}` in {}, the document doesn't",
                        cloud.place()
                    ),
                    help,
                ),
            );
        }
    }
    let all = [Cloud::Global, Cloud::China, Cloud::Germany, Cloud::UsGovernment];
    for cloud in all {
        if clouds.contains(&cloud.name()) && shown.iter().all(|(other, _)| *other != cloud) {
            context.add(
                &rules::CLOUD_DIFFERS,
                format!("cloud: {called} no {}", cloud.name()),
                *first,
                (id, *at, "offered there"),
                (
                    format!(
                        "the document offers `{called}` in {}, the page doesn't",
                        cloud.place()
                    ),
                    help,
                ),
            );
        }
    }
}
