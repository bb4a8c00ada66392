use letterhead_document::Span;
use serde_json::{Map, Number, Value};

/// A value of a sample and where it stands in the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value's bytes.
    pub span: Span,
    /// The value.
    pub value: Sample,
}

/// The shapes of a sample's values.
#[derive(Clone, Debug, PartialEq)]
pub enum Sample {
    /// `null`, or a placeholder without quotes: it says nothing about its type.
    Open,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// Members in their order, each with the place of its name.
    Object {
        /// The members.
        members: Vec<(String, Span, Node)>,
        /// Whether some were left out with dots.
        partial: bool,
    },
}

/// What had to be done to a sample before it was JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repair {
    /// A byte order mark was dropped.
    ByteOrderMark,
    /// A comment was dropped.
    Comment,
    /// The pieces of several `-d` were put together.
    DataPieces,
    /// A key that stands twice was kept once.
    DuplicateKey,
    /// `...` was dropped.
    Ellipsis,
    /// A comma too many was dropped.
    ExtraComma,
    /// `04` was read as 4.
    LeadingZero,
    /// A line break inside a text was kept as one.
    LineBreakInText,
    /// Members without braces were read as an object.
    MissingBraces,
    /// Several values in a row were read as a list.
    MissingBrackets,
    /// Brackets were closed at the end.
    MissingClose,
    /// A comma between two lines was added.
    MissingComma,
    /// Single quotes were read as double ones.
    SingleQuotes,
    /// Typographic quotes were read as plain ones.
    SmartQuotes,
    /// A character before a sample, or a quote between its values, was dropped.
    StrayCharacter,
    /// A comma before a closing bracket, or behind the last one, was dropped.
    TrailingComma,
    /// A key got quotes.
    UnquotedKey,
    /// A placeholder without quotes was taken for any value.
    UnquotedPlaceholder,
    /// A word without quotes was taken for any value.
    UnquotedText,
}

impl Repair {
    /// Its name in facts and in the lock.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "byte-order-mark",
            Self::Comment => "comment",
            Self::DataPieces => "data-pieces",
            Self::DuplicateKey => "duplicate-key",
            Self::Ellipsis => "ellipsis",
            Self::ExtraComma => "extra-comma",
            Self::LeadingZero => "leading-zero",
            Self::LineBreakInText => "line-break-in-text",
            Self::MissingBraces => "missing-braces",
            Self::MissingBrackets => "missing-brackets",
            Self::MissingClose => "missing-close",
            Self::MissingComma => "missing-comma",
            Self::SingleQuotes => "single-quotes",
            Self::SmartQuotes => "smart-quotes",
            Self::StrayCharacter => "stray-character",
            Self::TrailingComma => "trailing-comma",
            Self::UnquotedKey => "unquoted-key",
            Self::UnquotedPlaceholder => "unquoted-placeholder",
            Self::UnquotedText => "unquoted-text",
        }
    }
}

impl Node {
    /// The value as plain JSON; what is open is null.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.value {
            Sample::Open => Value::Null,
            Sample::Bool(value) => Value::Bool(*value),
            Sample::Number(value) => Value::Number(value.clone()),
            Sample::String(value) => Value::String(value.clone()),
            Sample::Array(items) => items.iter().map(Node::to_json).collect(),
            Sample::Object { members, .. } => members
                .iter()
                .map(|(name, _, value)| (name.clone(), value.to_json()))
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    /// Whether it holds any value.
    pub(crate) fn has_members(&self) -> bool {
        match &self.value {
            Sample::Array(items) => items.iter().any(Node::has_members),
            Sample::Object { members, .. } => !members.is_empty(),
            _ => false,
        }
    }

    /// All texts in it.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let mut texts = Vec::new();
        let mut open = vec![self];
        while let Some(node) = open.pop() {
            match &node.value {
                Sample::String(text) => texts.push(text.as_str()),
                Sample::Array(items) => open.extend(items),
                Sample::Object { members, .. } => {
                    open.extend(members.iter().map(|(.., value)| value));
                }
                _ => {}
            }
        }
        texts
    }

    /// The name of its type.
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.value {
            Sample::Open => "any",
            Sample::Bool(_) => "boolean",
            Sample::Number(number) if number.is_f64() => "number",
            Sample::Number(_) => "integer",
            Sample::String(_) => "string",
            Sample::Array(_) => "array",
            Sample::Object { .. } => "object",
        }
    }

    /// The paths of all values that hold no others, with their types and places: `links.self.uri`, `items[].id`.
    pub(crate) fn leaves(&self) -> Vec<(String, &'static str, Span)> {
        let mut leaves = Vec::new();
        self.collect("", self.span, &mut leaves);
        leaves
    }

    fn collect(&self, path: &str, place: Span, leaves: &mut Vec<(String, &'static str, Span)>) {
        match &self.value {
            Sample::Object { members, .. } if !members.is_empty() => {
                for (name, span, value) in members {
                    let dot = if path.is_empty() { "" } else { "." };
                    value.collect(&format!("{path}{dot}{name}"), *span, leaves);
                }
            }
            Sample::Array(items) if !items.is_empty() => {
                let inner = format!("{path}[]");
                for item in items {
                    item.collect(&inner, item.span, leaves);
                }
            }
            _ => leaves.push((path.to_owned(), self.type_name(), place)),
        }
    }
}
