//! Pages against documents.

mod addresses;
mod clouds;
mod context;
mod credentials;
mod envelopes;
mod facts;
mod finding;
mod headers;
mod members;
mod operations;
mod parameters;
mod properties;
mod samples;
mod schemas;
mod scope;
mod seen;
mod settle;

use crate::files::Folder;
use crate::name::Name;
use crate::spec::{Documents, PageLink};

use context::{Context, with};
use scope::Scope;

pub use finding::{Coverage, Finding, Outcome, Pair, Quiet, Unread};

/// Holds all pages against the documents.
#[must_use]
pub fn check(folder: &Folder, documents: &Documents) -> Outcome {
    let specs = documents.specs();
    let mut outcome = Outcome::default();
    let mut all = Vec::new();
    let own = folder.pages.iter().map(|page| {
        let is_own = |link: &PageLink<'_>| link.name.is(&page.path);
        with(&specs, |operation| operation.pages.iter().any(is_own))
    });
    let own: Vec<_> = own.collect();
    let mut scope = Scope::new(folder, &specs, &own);
    for ((index, page), own) in folder.pages.iter().enumerate().zip(&own) {
        let is_of = |name: &Name| name.is(&page.path);
        let named = with(&specs, |operation| operation.named.iter().any(is_of));
        let mut context = Context::new(&specs, index, page);
        let outside = operations::pair(&mut context, own, &named);
        let spec = scope.document_of(index);
        let has_types = properties::check((index, page), &specs, spec, &mut all);
        if own.is_empty() {
            outcome.coverage.extend(scope::coverage(index, page, &specs));
            // A name as common as `headers` is no evidence.
            if context.groups.is_empty() && !has_types {
                continue;
            }
        } else if outside > 0 {
            outcome.coverage.push(Coverage { page: index, outside, inside: 0 });
        }
        outcome.compared.push(index);
        scope.shows(index, context.mentioned());
        facts::check(&mut context, own);
        all.append(&mut context.findings);
    }
    all.extend(scope.unmentioned());
    all.extend(scope.without_page());
    outcome.unread = scope.unread();
    outcome.pairs = scope.pairs();
    settle::sort_out(all, &scope, &mut outcome);
    outcome
}
