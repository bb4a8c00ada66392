//! Our documents, and where the sandbox has what they describe.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use letterhead_document::Document;
use letterhead_spec::{VENDORS, Vendor};

/// One of our documents.
#[derive(Clone, Copy)]
pub(crate) struct Described(pub(crate) &'static Vendor);

/// All of them.
pub(crate) fn documents() -> impl Iterator<Item = Described> {
    VENDORS.iter().map(|vendor| Described(vendor))
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

    pub(crate) fn document(self) -> anyhow::Result<Document> {
        let document = Document::parse(self.0.file, self.0.document());
        document.map_err(|fault| anyhow::anyhow!("{fault}"))
    }

    /// The path that it continues at the sandbox: that of its server, with the defaults of the variables.
    pub(crate) fn base(self) -> anyhow::Result<String> {
        let document = self.document()?;
        let server = document.servers().next().context("no server")?;
        let path = server.path().to_owned();
        let base = server
            .variables()
            .fold(path, |path, (name, default)| path.replace(&format!("{{{name}}}"), default));
        Ok(base)
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
