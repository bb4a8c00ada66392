//! Where the vendor's API is.

use anyhow::bail;
use letterhead_document::{Document, Node, Operation};

use crate::decision::Decision;
use crate::node::{mapping, text};
use crate::prose::prose;

/// The server that a client is for, the first one, and what was decided about it.
///
/// # Errors
/// A document that doesn't say where the API is, and operations that are elsewhere.
pub(crate) fn of(
    document: &Document,
    operations: &[Operation<'_>],
) -> anyhow::Result<(Node, Option<Decision>)> {
    let Some((server, node)) = document.servers().zip(document.root().list("servers")).next()
    else {
        bail!("`{}` doesn't say where the API is: write `servers` with its URL", document.name());
    };
    let published = server.url().unwrap_or_default();
    let mut url = published.to_owned();
    for (name, value) in server.variables() {
        url = url.replace(&format!("{{{name}}}"), value);
    }
    let url = url.trim_end_matches('/');
    if !url.starts_with("https://") || url.contains('{') {
        bail!(document.fault(
            node.span,
            format!(
                "`{url}` isn't where the API is: write its whole URL, which begins with `https://`"
            )
        ));
    }
    for operation in operations {
        let own = [operation.node, operation.item].map(|it| it.list("servers"));
        if let Some(other) = own.into_iter().flatten().find(|it| it.text("url") != Some(published))
        {
            bail!(document.fault(
                other.span,
                format!("`{}` is at another server than the rest; leave it out", operation.name())
            ));
        }
    }
    let mut members = vec![("url", text(url))];
    if let Some(description) = node.text("description") {
        members.push(("description", text(&prose(description))));
    }
    let others = document.servers().skip(1).filter_map(|it| it.url());
    let all: Vec<_> = [published].into_iter().chain(others).collect();
    let decision = (all != [url]).then(|| Decision {
        id: "published-servers".to_owned(),
        about: "cloud",
        documented: all.join(", "),
        decided: url.to_owned(),
        reason: "",
    });
    Ok((mapping(members), decision))
}
