//! From text to the located tree, with everything that is questionable about the text.

use std::collections::HashMap;
use std::path::Path;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use crate::json;
use crate::remark::{Remark, RemarkKind};
use crate::scalar::{self, Scalar};
use crate::source::Source;
use crate::text::{Text, Texts};
use crate::tree::{DEEPEST, Key, Kind, Members, Node, Span};

/// How many nodes aliases may add.
const MOST_ALIASED: usize = 100_000;

/// The tree, if a text has one, and what there is to say about the text.
pub(crate) type Contents = (Option<Node>, Vec<Remark>);

/// Reads JSON where the text is called so, or starts as it does, and YAML otherwise.
pub(crate) fn read(source: &Source) -> Contents {
    let ending = Path::new(source.name()).extension();
    let is_called_json = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if is_called_json || json::is_likely(source.blocks()) {
        match json::read(source.blocks()) {
            Ok(contents) => return contents,
            Err(remark) if is_called_json => return (None, vec![remark]),
            Err(_) => {}
        }
    }
    yaml(&source.text())
}

/// A remark about a key that stands a second time.
pub(crate) fn duplicate(key: &Key, first: Span) -> Remark {
    let message = format!("the key `{}` stands twice", key.text);
    let help = "keep one of the two; parsers silently drop the other";
    Remark::error(RemarkKind::DuplicateKey, key.span, message, help)
        .and(first, "it stands here first")
}

fn yaml(text: &str) -> Contents {
    let mut reader = Reader::default();
    let complete = reader.run(text);
    let root = if complete { reader.root } else { None };
    (root, reader.remarks)
}

#[derive(Default)]
struct Reader {
    root: Option<Node>,
    open: Vec<Open>,
    /// The items of all open sequences, outer ones first.
    items: Vec<Node>,
    /// The members of all open mappings, outer ones first.
    members: Vec<(Key, Node)>,
    texts: Texts,
    anchors: HashMap<usize, Node>,
    aliased: usize,
    remarks: Vec<Remark>,
}

/// A sequence or a mapping that isn't closed yet.
struct Open {
    span: Span,
    anchor: usize,
    content: Content,
}

enum Content {
    Items {
        /// Where they start in the reader's items.
        from: usize,
    },
    Members {
        /// Where they start in the reader's members.
        from: usize,
        /// Where each key stands, by its text.
        seen: HashMap<Text, Span>,
        key: Option<Key>,
        merges: Vec<Node>,
    },
}

impl Reader {
    /// Reads to the end, or to where nothing more can be made of the text; true at the end.
    fn run(&mut self, text: &str) -> bool {
        let mut documents = 0;
        for event in Parser::new_from_str(text) {
            let (event, span) = match event {
                Ok((event, span)) => (event, span_of(&span)),
                Err(error) => {
                    self.remarks.push(Remark::of_scan_error(text, &error));
                    return false;
                }
            };
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        let remark = Remark::error(
                            RemarkKind::SeveralDocuments,
                            span,
                            "a second document starts here",
                            "one file holds one document; move this one to a file of its own",
                        );
                        self.remarks.push(remark);
                        return true;
                    }
                }
                Event::Scalar(value, style, anchor, tag) => {
                    let node = self.scalar(text, &value, style, tag.as_deref(), span);
                    self.anchored(anchor, &node);
                    self.value(text, node);
                }
                Event::Alias(anchor) if !self.alias(text, anchor, span) => return false,
                Event::SequenceStart(_, anchor, tag) => {
                    self.collection_tag(text, tag.as_deref(), "seq", span);
                    let from = self.items.len();
                    self.open(span, anchor, Content::Items { from });
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.collection_tag(text, tag.as_deref(), "map", span);
                    let content = Content::Members {
                        from: self.members.len(),
                        seen: HashMap::new(),
                        key: None,
                        merges: Vec::new(),
                    };
                    self.open(span, anchor, content);
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(text, span),
                _ => {}
            }
            if self.open.len() > DEEPEST {
                self.remarks.push(Remark::too_deep(span));
                return false;
            }
        }
        true
    }

    /// Puts a copy of what the anchor stands for here; false where that would be too much.
    fn alias(&mut self, text: &str, anchor: usize, span: Span) -> bool {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            // Its own anchor is still open: a cycle, which a tree can't hold.
            let message = "this alias stands inside the value it stands for";
            let remark =
                Remark::error(RemarkKind::AliasCycle, span, message, "use `$ref` for recursion");
            self.remarks.push(remark);
            self.value(text, Node { span, kind: Kind::Null });
            return true;
        };
        self.aliased += count(&node);
        if self.aliased > MOST_ALIASED {
            let message = "aliases multiply this document beyond reason";
            let help = "write the values out, or use `$ref`";
            self.remarks.push(Remark::error(RemarkKind::AliasBomb, span, message, help));
            return false;
        }
        self.value(text, node);
        true
    }

    fn open(&mut self, span: Span, anchor: usize, content: Content) {
        self.open.push(Open { span, anchor, content });
    }

    fn close(&mut self, text: &str, end: Span) {
        let Some(open) = self.open.pop() else { return };
        let span = Span { start: open.span.start, end: end.end.max(open.span.end) };
        let kind = match open.content {
            Content::Items { from } => Kind::Array(self.items.drain(from..).collect()),
            Content::Members { from, seen, merges, .. } => {
                // What is written wins over what is merged, and earlier merges over later ones.
                let written = self.members.len();
                for (key, value) in merges.into_iter().flat_map(members) {
                    let mut merged = self.members[written..].iter();
                    if !seen.contains_key(&key.text)
                        && !merged.any(|(known, _)| known.text == key.text)
                    {
                        self.members.push((key, value));
                    }
                }
                Kind::Object(self.members.drain(from..).collect())
            }
        };
        let node = Node { span, kind };
        self.anchored(open.anchor, &node);
        self.value(text, node);
    }

    fn anchored(&mut self, anchor: usize, node: &Node) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
    }

    /// Puts a finished node where it belongs.
    fn value(&mut self, text: &str, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { content: Content::Items { .. }, .. }) => self.items.push(node),
            Some(Open { content: Content::Members { seen, key, merges, .. }, .. }) => {
                match key.take() {
                    None => {
                        let written = text.get(node.span.start as usize..node.span.end as usize);
                        let written = written.unwrap_or_default();
                        *key = Some(key_of(node, written, &mut self.texts, &mut self.remarks));
                    }
                    Some(found) if found.text == "<<" && is_mergeable(&node) => merges.push(node),
                    Some(found) => {
                        if let Some(first) = seen.get(&found.text) {
                            self.remarks.push(duplicate(&found, *first));
                        } else {
                            seen.insert(found.text.clone(), found.span);
                            self.members.push((found, node));
                        }
                    }
                }
            }
        }
    }

    /// A tag of a sequence or a mapping, which says no more than what is seen.
    fn collection_tag(&mut self, text: &str, tag: Option<&Tag>, own: &str, span: Span) {
        if tag.is_some_and(|tag| tag.suffix() != own) {
            self.unknown_tag(text, span);
        }
    }

    fn unknown_tag(&mut self, text: &str, span: Span) {
        let span = tag_before(text, span);
        let tag = text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let message = format!("the tag `{tag}` has no meaning here");
        let help = "leave the tag out";
        self.remarks.push(Remark::error(RemarkKind::UnknownTag, span, message, help));
    }

    fn scalar(
        &mut self,
        text: &str,
        value: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Node {
        let plain = style == ScalarStyle::Plain;
        let tag = tag.map(|tag| tag.suffix().to_owned());
        let scalar = match tag.as_deref() {
            Some("str") => Scalar::Text,
            Some(name @ ("int" | "float" | "bool" | "null")) => {
                let resolved = scalar::resolve(value);
                if !scalar::is_tagged(&resolved, name) {
                    self.remarks.push(Remark::error(
                        RemarkKind::UnknownTag,
                        span,
                        format!("`{value}` is not what its tag says, `!!{name}`"),
                        "leave the tag out, and write the value that is meant",
                    ));
                }
                resolved
            }
            Some(_) => {
                self.unknown_tag(text, span);
                Scalar::Text
            }
            None if plain => scalar::resolve(value),
            None => Scalar::Text,
        };
        if plain && tag.is_none() {
            self.remarks.extend(scalar::doubt(value, span));
        }
        let kind = match scalar {
            Scalar::Null => Kind::Null,
            Scalar::Bool(value) => Kind::Bool(value),
            Scalar::Number(value) => Kind::Number(value),
            Scalar::NotFinite => {
                self.remarks.push(Remark::error(
                    RemarkKind::NotJson,
                    span,
                    format!("`{value}` is a number that JSON can't hold"),
                    "quote it if it is meant as text",
                ));
                Kind::String(self.texts.text(value))
            }
            Scalar::Text => Kind::String(self.texts.text(value)),
        };
        debug_assert!(text.is_char_boundary(span.start as usize));
        Node { span, kind }
    }
}

/// The tag of the value at `span`, which the parser leaves out of it.
fn tag_before(text: &str, span: Span) -> Span {
    let before = text.get(..span.start as usize).unwrap_or_default();
    let Some(start) = before.rfind('!') else {
        return span;
    };
    let start = before[..start].trim_end_matches('!').len();
    let length = before[start..].find(char::is_whitespace).unwrap_or(before.len() - start);
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: place(start), end: place(start + length) }
}

fn span_of(span: &granit_parser::Span) -> Span {
    let offset = |marker: &granit_parser::Marker| {
        let bytes = marker.byte_offset().unwrap_or_else(|| marker.index());
        u32::try_from(bytes).unwrap_or(u32::MAX)
    };
    Span { start: offset(&span.start), end: offset(&span.end) }
}

fn key_of(node: Node, written: &str, texts: &mut Texts, remarks: &mut Vec<Remark>) -> Key {
    let is_doubted = remarks.last().is_some_and(|remark| remark.span == node.span);
    if !is_doubted {
        remarks.extend(scalar::doubt_of_key(&node.kind, written, node.span));
    }
    let text = match node.kind {
        Kind::String(text) => text,
        // Status codes are written without quotes everywhere.
        Kind::Number(number) => texts.text(&number.to_string()),
        Kind::Bool(value) => texts.text(&value.to_string()),
        Kind::Null => texts.text("null"),
        Kind::Array(_) | Kind::Object(_) => {
            remarks.push(Remark::error(
                RemarkKind::KeyNotText,
                node.span,
                "a key has to be a word",
                "write the key as text; braces may want quotes, as in `\"/pets/{id}\"`",
            ));
            texts.text("")
        }
    };
    Key { span: node.span, text }
}

fn is_mergeable(node: &Node) -> bool {
    match &node.kind {
        Kind::Object(_) => true,
        Kind::Array(items) => items.iter().all(|item| matches!(item.kind, Kind::Object(_))),
        _ => false,
    }
}

fn members(node: Node) -> Members {
    match node.kind {
        Kind::Object(members) => members,
        Kind::Array(items) => items.into_iter().flat_map(members).collect(),
        _ => Members::new(),
    }
}

fn count(node: &Node) -> usize {
    let inner: usize = match &node.kind {
        Kind::Array(items) => items.iter().map(count).sum(),
        Kind::Object(members) => members.iter().map(|(_, value)| count(value)).sum(),
        _ => 0,
    };
    inner + 1
}
