//! Our documents, and where the sandbox has what they describe.

use std::fs;
use std::path::{Path, PathBuf};

use letterhead_document::{Document, Node};

/// One of our documents, and what the table says of it.
pub(crate) struct Described {
    pub(crate) name: &'static str,
    /// The path that it continues at the sandbox.
    pub(crate) base: &'static str,
    pub(crate) every_operation: &'static str,
    pub(crate) test_run: &'static str,
}

pub(crate) const PARTNER_CENTER: Described = Described {
    name: "partner-center",
    base: "",
    every_operation: "Partner Center, every operation",
    test_run: "Partner Center, all of the test run",
};

pub(crate) const CLOUDFLARE: Described = Described {
    name: "cloudflare",
    base: "/client/v4",
    every_operation: "Cloudflare, every operation",
    test_run: "Cloudflare, all of the test run",
};

pub(crate) const CAMPAIGN_STANDARD: Described = Described {
    name: "campaign-standard",
    base: "/fabrikam/campaign",
    every_operation: "Campaign Standard, every operation",
    test_run: "Campaign Standard, all of the test run",
};

pub(crate) const DOCUMENTS: [Described; 3] = [PARTNER_CENTER, CLOUDFLARE, CAMPAIGN_STANDARD];

/// An operation of a document.
pub(crate) struct Operation {
    pub(crate) id: String,
    /// The parameters of its path, in their order there.
    pub(crate) parameters: Vec<String>,
}

impl Described {
    pub(crate) fn path(&self) -> PathBuf {
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
        spec.join(format!("{}.yaml", self.name))
    }

    /// The operations, in the order of the document.
    pub(crate) fn operations(&self) -> anyhow::Result<Vec<Operation>> {
        let text = fs::read_to_string(self.path())?;
        let document =
            Document::parse(self.name, &text).map_err(|fault| anyhow::anyhow!("{fault}"))?;
        let operations = document.operations().filter_map(|(path, _, operation)| {
            let id = operation.get("operationId").and_then(Node::as_str)?;
            let parameters = path.split('{').skip(1);
            let parameters = parameters.filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()));
            Some(Operation {
                id: id.to_owned(),
                parameters: parameters.collect(),
            })
        });
        Ok(operations.collect())
    }

    /// What the document has of an address: path and query without the base, whatever the names in it.
    pub(crate) fn target<'a>(&self, url: &'a str) -> &'a str {
        let slashes = 2 + self.base.matches('/').count();
        let at = url.match_indices('/').nth(slashes);
        at.map_or("", |(at, _)| &url[at..])
    }
}
