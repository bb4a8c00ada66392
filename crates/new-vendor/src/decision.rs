//! Where the written document departs from the published one.

use letterhead_document::Node;

use crate::node::{mapping, text};

/// An entry of `x-decisions`.
pub(crate) struct Decision {
    pub(crate) id: String,
    pub(crate) about: &'static str,
    pub(crate) documented: String,
    pub(crate) decided: String,
    /// Empty where whoever reads the vendor's pages has to say it: `validate-spec` asks for it.
    pub(crate) reason: &'static str,
}

impl Decision {
    pub(crate) fn node(&self) -> Node {
        mapping([
            ("id", text(&self.id)),
            ("about", text(self.about)),
            ("documented", text(&self.documented)),
            ("decided", text(&self.decided)),
            ("reason", text(self.reason)),
        ])
    }
}
