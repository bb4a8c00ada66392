//! Who may call an operation: an application alone, or for a user.

use super::context::Context;
use super::finding::Id;
use crate::fact::{Kind, credential};
use crate::rules;

/// What `x-credentials` calls them.
const APP: &str = "app";
const USER: &str = "app+user";

pub(super) fn check(context: &mut Context<'_>, id: Id) {
    let Some((names, at)) = &context.operation(id).credentials else {
        return;
    };
    let own = (names.contains(&APP), names.contains(&USER));
    let page = context.page;
    for fact in &page.facts {
        let Kind::Credential { app, user } = fact.kind else {
            continue;
        };
        if (app, user) == own || !context.is_about(fact, id) {
            continue;
        }
        let called = context.called(id);
        let (page, document) = (credential(app, user), credential(own.0, own.1));
        context.add(
            &rules::CREDENTIAL_DIFFERS,
            format!("credential: {called} {page}"),
            fact.span,
            (id, *at, "the document's rule"),
            (
                format!("the page lets `{called}` be called by {page}, the document by {document}"),
                "change `x-credentials`, or settle it in a decision of the operation",
            ),
        );
    }
}
