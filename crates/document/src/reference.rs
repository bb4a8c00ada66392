//! References, and what they lead to.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;

use crate::document::Document;
use crate::pointer::unescaped;
use crate::text::Text;
use crate::tree::{Key, Node};

/// How many references are followed before they count as a circle.
const MOST_REFERENCES: usize = 32;

/// The section and the name of the component that a reference leads to.
#[must_use]
pub fn component(reference: &str) -> Option<(&str, &str)> {
    reference.strip_prefix("#/components/")?.split_once('/')
}

/// A reference as it is meant: it is a URI, in which any character may stand as `%` and its number.
fn decoded(reference: &str) -> Cow<'_, str> {
    percent_decode_str(reference).decode_utf8_lossy()
}

impl Document {
    /// The component `name` of a section, with its key.
    #[must_use]
    pub fn component(&self, section: &str, name: &str) -> Option<(&Key, &Node)> {
        // There can be thousands of them in one mapping, and of references to them.
        let sections = self.root().get("components")?;
        let index = self.components.get_or_init(|| index(sections));
        let mut indexed = sections.members().zip(index);
        let ((_, components), names) = indexed.find(|((key, _), _)| key.text == section)?;
        components.member(*names.get(name)?)
    }

    /// What a reference leads to, one step.
    #[must_use]
    pub fn target(&self, reference: &str) -> Option<&Node> {
        let found = component(reference).and_then(|(section, name)| self.component(section, name));
        if let Some((_, node)) = found {
            return Some(node);
        }
        self.root().follow(decoded(reference).strip_prefix('#')?).ok()
    }

    /// The last node on the way to what a reference leads to.
    #[must_use]
    pub fn last_on_the_way(&self, reference: &str) -> &Node {
        let reference = decoded(reference);
        self.root().at(reference.strip_prefix('#').unwrap_or_default())
    }

    /// The section and the name of the component that a reference leads to, or into.
    #[must_use]
    pub fn component_of<'d>(&'d self, reference: &str) -> Option<(&'d str, &'d str)> {
        let reference = decoded(reference);
        let (section, name) = component(&reference)?;
        let name = unescaped(name.split('/').next().unwrap_or(name));
        let (section, _) = self.root().get("components")?.entry(section)?;
        let (name, _) = self.component(&section.text, &name)?;
        Some((&section.text, &name.text))
    }

    /// The node itself, or what it refers to through any number of references; none where they lead
    /// nowhere or round in a circle.
    #[must_use]
    pub fn resolve<'d>(&'d self, node: &'d Node) -> Option<&'d Node> {
        let mut node = node;
        for _ in 0..MOST_REFERENCES {
            match node.reference() {
                Some(reference) => node = self.target(reference)?,
                None => return Some(node),
            }
        }
        None
    }

    /// The references that stand in some nodes, and in whatever these lead to.
    pub fn reached<'d>(&'d self, nodes: impl IntoIterator<Item = &'d Node>) -> HashSet<&'d str> {
        let mut open: Vec<&Node> = nodes.into_iter().collect();
        let mut reached = HashSet::new();
        while let Some(node) = open.pop() {
            if let Some(reference) = node.reference()
                && let Some(target) = self.target(reference)
                && reached.insert(reference)
            {
                open.push(target);
            }
            open.extend(node.members().map(|(_, member)| member));
            open.extend(node.items());
        }
        reached
    }
}

fn index(sections: &Node) -> Vec<HashMap<Text, usize>> {
    let sections = sections.members().map(|(_, members)| {
        let names = members.members().enumerate();
        names.map(|(at, (name, _))| (name.text.clone(), at)).collect()
    });
    sections.collect()
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;

    const CIRCLES: &str = r##"
components:
  schemas:
    A: {$ref: "#/components/schemas/B"}
    B: {$ref: "#/components/schemas/C"}
    C: {type: object, properties: {a: {$ref: "#/components/schemas/A"}}}
    Circle: {$ref: "#/components/schemas/Circle"}
    a/b: {type: string}
    Lost: {$ref: "#/nowhere"}
    Odd: {$ref: 1}
"##;

    #[test]
    fn references_are_followed_to_their_end_or_to_none() {
        let document = Document::parse("t.yaml", CIRCLES).unwrap();
        let resolve = |name| {
            let (_, node) = document.component("schemas", name).unwrap();
            document.resolve(node).map(|node| document.place(node.span.start).line)
        };
        for (name, line) in [("A", Some(6)), ("C", Some(6)), ("Odd", Some(10))] {
            assert_eq!(resolve(name), line, "{name}");
        }
        assert_eq!(resolve("Circle"), None);
        assert_eq!(resolve("Lost"), None);
        assert!(document.component("schemas", "D").is_none());
        assert!(document.component("responses", "A").is_none());
        let escaped = document.target("#/components/schemas/a~1b").unwrap();
        assert_eq!(escaped.text("type"), Some("string"));
        for reference in ["#/components/schemas/%61~1b", "#/components/schemas/a%7E1b"] {
            assert!(ptr::eq(document.target(reference).unwrap(), escaped), "{reference}");
            assert_eq!(document.component_of(reference), Some(("schemas", "a/b")));
        }
        let inner = "#/components/schemas/C/properties/%61";
        assert!(document.target(inner).is_some());
        assert_eq!(document.component_of(inner), Some(("schemas", "C")));
        assert_eq!(document.component_of("#/components/schemas/D"), None);
        let (_, from) = document.component("schemas", "B").unwrap();
        let reached = document.reached([from]);
        let expected = ["A", "B", "C"].map(|name| format!("#/components/schemas/{name}"));
        assert_eq!(reached, expected.iter().map(String::as_str).collect());
    }
}
