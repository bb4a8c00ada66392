//! Our documents, and where the sandbox has what they describe.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use letterhead_document::{Document, Node};
use letterhead_spec::{VENDORS, Vendor};

/// One of our documents.
#[derive(Clone, Copy)]
pub(crate) struct Described(pub(crate) &'static Vendor);

/// All of them.
pub(crate) fn documents() -> impl Iterator<Item = Described> {
    VENDORS.iter().map(|vendor| Described(vendor))
}

/// An operation of a document.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) path: String,
    /// The parameters of its path, in their order there.
    pub(crate) parameters: Vec<String>,
}

impl Described {
    pub(crate) fn name(self) -> &'static str {
        self.0.name
    }

    /// The file, for a program that is given one.
    pub(crate) fn path(self) -> PathBuf {
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
        spec.join(self.0.file)
    }

    fn document(self) -> anyhow::Result<Document> {
        let document = Document::parse(self.0.file, self.0.document());
        document.map_err(|fault| anyhow::anyhow!("{fault}"))
    }

    /// The path that it continues at the sandbox: that of its server, with the defaults of the variables.
    pub(crate) fn base(self) -> anyhow::Result<String> {
        let document = self.document()?.to_json();
        let server = &document["servers"][0];
        let url = server["url"].as_str().context("no server")?;
        let path = url.splitn(4, '/').nth(3);
        let mut base = path.map_or_else(String::new, |path| format!("/{path}"));
        let variables = server["variables"].as_object().into_iter().flatten();
        for (name, variable) in variables {
            let default = variable["default"].as_str().context("no default")?;
            base = base.replace(&format!("{{{name}}}"), default);
        }
        Ok(base)
    }

    /// The operations, in the order of the document.
    pub(crate) fn operations(self) -> anyhow::Result<Vec<Operation>> {
        let document = self.document()?;
        let operations = document.operations().filter_map(|(path, _, operation)| {
            let id = operation.get("operationId").and_then(Node::as_str)?;
            let parameters = path.split('{').skip(1);
            let parameters = parameters.filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()));
            Some(Operation {
                id: id.to_owned(),
                path: path.to_owned(),
                parameters: parameters.collect(),
            })
        });
        Ok(operations.collect())
    }
}

/// What a document has of an address: path and query without the base, whatever the names in it.
pub(crate) fn target<'a>(base: &str, url: &'a str) -> &'a str {
    let slashes = 2 + base.matches('/').count();
    let at = url.match_indices('/').nth(slashes);
    at.map_or("", |(at, _)| &url[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_continues_the_path_of_its_server() {
        let base = |vendor| Described(vendor).base().unwrap();
        assert_eq!(base(&letterhead_spec::PARTNER_CENTER), "");
        assert_eq!(base(&letterhead_spec::CLOUDFLARE), "/client/v4");
        let campaign = base(&letterhead_spec::CAMPAIGN_STANDARD);
        assert_eq!(campaign, "/fabrikam/campaign");
        let url = "http://127.0.0.1:1/acme/campaign/x/y?z=/";
        assert_eq!(target(&campaign, url), "/x/y?z=/");
    }
}
