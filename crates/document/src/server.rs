//! The servers of a document.

use crate::document::Document;
use crate::tree::Node;

/// Where a service is.
#[derive(Clone, Copy, Debug)]
pub struct Server<'d>(&'d Node);

impl Document {
    /// The servers of the whole document.
    pub fn servers(&self) -> impl Iterator<Item = Server<'_>> {
        self.root().list("servers").iter().map(Server)
    }
}

impl<'d> Server<'d> {
    /// Its URL, with the names of variables in braces.
    #[must_use]
    pub fn url(&self) -> Option<&'d str> {
        self.0.text("url")
    }

    /// The path of its URL, which the paths of operations continue: empty, or from a slash on.
    #[must_use]
    pub fn path(&self) -> &'d str {
        let url = self.url().unwrap_or_default();
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = rest.find('/').map_or("", |at| &rest[at..]);
        path.trim_end_matches('/')
    }

    /// The variables of its URL that have a default, each with that.
    pub fn variables(&self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
        let variables = self.0.map("variables");
        variables.filter_map(|(name, of)| Some((name.text.as_str(), of.text("default")?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_server_is_what_operations_continue() {
        let text = r#"
servers:
  - {url: "https://pets.example/{shop}/v1/", variables: {shop: {default: main}, odd: 1}}
  - {url: https://pets.example}
"#;
        let document = Document::parse("pets.yaml", text).unwrap();
        let servers: Vec<_> = document.servers().collect();
        assert_eq!(servers[0].path(), "/{shop}/v1");
        assert_eq!(servers[0].variables().collect::<Vec<_>>(), [("shop", "main")]);
        assert_eq!(servers[1].path(), "");
    }
}
