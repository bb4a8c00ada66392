//! A document: its text, its tree, and the places of both.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::fault::Fault;
use crate::part::Part;
use crate::read;
use crate::remark::Remark;
use crate::source::Source;
use crate::text::Text;
use crate::tree::{Kind, Node, Span};

/// An OpenAPI document: its source and its located tree.
#[derive(Debug)]
pub struct Document {
    source: Source,
    root: Node,
    /// For each section of the components, the index of each component by its name.
    pub(crate) components: OnceLock<Vec<HashMap<Text, usize>>>,
    /// The other files that it consists of, in the order they were read.
    pub(crate) parts: Vec<Part>,
}

impl Document {
    /// Parses `text`, YAML or JSON; `name` is how faults call the document.
    ///
    /// # Errors
    /// Text that isn't one well-formed YAML document, and a key that stands twice in one mapping.
    pub fn parse(name: &str, text: &str) -> Result<Self, Fault> {
        let (document, remarks) = Self::read(Source::new(name, text));
        match remarks.into_iter().find(|remark| remark.is_error) {
            Some(remark) => Err(document.fault(remark.span, remark.message)),
            None => Ok(document),
        }
    }

    /// Reads a text, YAML or JSON, as far as it goes, and says all that is questionable about it.
    ///
    /// The root is null where nothing can be made of the text.
    #[must_use]
    pub fn read(source: Source) -> (Self, Vec<Remark>) {
        let (root, remarks) = read::read(&source);
        let document = Self {
            source,
            root: root.unwrap_or(Node { span: Span::default(), kind: Kind::Null }),
            components: OnceLock::new(),
            parts: Vec::new(),
        };
        (document, remarks)
    }

    /// Its name and its text.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// How faults call the document.
    #[must_use]
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// Whether a value was written in quotes.
    #[must_use]
    pub fn is_quoted(&self, node: &Node) -> bool {
        let file = self.file(node.span.start);
        matches!(file.source.byte(file.local(node.span).start), Some(b'"' | b'\''))
    }

    /// The located tree.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Puts another tree in the place of the document's own, which is returned.
    pub fn replace_root(&mut self, root: Node) -> Node {
        self.components = OnceLock::new();
        std::mem::replace(&mut self.root, root)
    }

    /// The whole document as plain JSON, references intact.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        self.root.to_json()
    }

    /// A fault of this document at `span`.
    #[must_use]
    pub fn fault(&self, span: Span, reason: impl Into<String>) -> Fault {
        let name = self.file(span.start).source.name();
        Fault::new(name, self.place(span.start), reason.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remark::RemarkKind;

    fn document(text: &str) -> Document {
        let (document, remarks) = Document::read(Source::new("t.yaml", text));
        assert_eq!(remarks, [], "{text}");
        document
    }

    /// The kind, line and column of every remark.
    fn remarks(text: &str) -> Vec<(RemarkKind, usize, usize)> {
        let (document, remarks) = Document::read(Source::new("t.yaml", text));
        let place = |remark: &Remark| document.place(remark.span.start);
        remarks
            .iter()
            .map(|remark| (remark.kind, place(remark).line, place(remark).column))
            .collect()
    }

    #[test]
    fn every_value_knows_its_bytes() {
        let text = "a: 1\nb:\n  200: {c: 'né'}\n  d: [x, null]\n";
        let document = document(text);
        let root = document.root();
        let c = root.at("/b/200/c");
        assert_eq!((c.as_str(), &*document.slice(c.span)), (Some("né"), "'né'"));
        let x = root.at("/b/d/0");
        assert_eq!(
            (document.place(x.span.start).line, document.place(x.span.start).column),
            (4, 7)
        );
        let (key, _) = root.at("/b").entry("200").unwrap();
        assert_eq!(document.slice(key.span), "200");
        let json = serde_json::json!({"a": 1, "b": {"200": {"c": "né"}, "d": ["x", null]}});
        assert_eq!(document.to_json(), json);
    }

    #[test]
    fn anchors_and_merge_keys_mean_what_they_mean() {
        let text = "a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd: {<<: [{y: 4}, *a]}\n";
        let json = serde_json::json!({
            "a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 2},
            "c": {"x": 1, "y": 3}, "d": {"x": 1, "y": 4},
        });
        assert_eq!(document(text).to_json(), json);
        assert_eq!(
            document("a: !!str 12\nb: \"no\"\n").to_json(),
            serde_json::json!({"a": "12", "b": "no"})
        );
    }

    #[test]
    fn what_is_questionable_is_said_once_and_where_it_is() {
        for (text, expected) in [
            ("a: 1\nb: 2\na: 3\n", (RemarkKind::DuplicateKey, 3, 1)),
            ("a: no\n", (RemarkKind::AmbiguousScalar, 1, 4)),
            ("a:\n\tb: 1\n", (RemarkKind::TabIndentation, 2, 1)),
            ("a: x\n\tb: 1\n", (RemarkKind::TabIndentation, 2, 1)),
            ("a: 1\n---\nb: 2\n", (RemarkKind::SeveralDocuments, 2, 1)),
            ("a: &a [*a]\n", (RemarkKind::AliasCycle, 1, 8)),
            ("a: .nan\n", (RemarkKind::NotJson, 1, 4)),
            ("a: !!set {b, c}\n", (RemarkKind::UnknownTag, 1, 4)),
            ("a: !!bool yes\n", (RemarkKind::UnknownTag, 1, 11)),
            ("a: !!binary aGk=\n", (RemarkKind::UnknownTag, 1, 4)),
            ("1.10: a\n", (RemarkKind::AmbiguousScalar, 1, 1)),
            ("0x1F: a\n", (RemarkKind::AmbiguousScalar, 1, 1)),
            ("1e3: a\n", (RemarkKind::AmbiguousScalar, 1, 1)),
            ("null: a\n", (RemarkKind::AmbiguousScalar, 1, 1)),
            ("a: =\n", (RemarkKind::AmbiguousScalar, 1, 4)),
            ("a: !pet x\n", (RemarkKind::UnknownTag, 1, 4)),
            ("? {a: 1}\n: 2\n", (RemarkKind::KeyNotText, 1, 3)),
        ] {
            assert_eq!(remarks(text), [expected], "{text}");
        }
        for text in ["a: [1, 2\nb: 3\n", "a: *nobody\n", "a: 'x\n", "a: b: c\n", "\ré:]\n|:\r"] {
            let found = remarks(text);
            assert_eq!((found.len(), found[0].0), (1, RemarkKind::YamlSyntax), "{text}");
        }
    }

    #[test]
    fn bombs_and_towers_end_soon() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..20 {
            let items = vec![format!("*a{}", n - 1); 10].join(", ");
            bomb.extend([format!("a{n}: &a{n} [{items}]\n")]);
        }
        assert_eq!(remarks(&bomb)[0].0, RemarkKind::AliasBomb);
        let tower = "[".repeat(100_000);
        assert!([RemarkKind::TooDeep, RemarkKind::YamlSyntax].contains(&remarks(&tower)[0].0));
    }
}
