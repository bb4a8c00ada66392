use std::borrow::Cow;

use letterhead_document::{Place, Source, Span};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The text works, but it may surprise someone.
    Warning,
    /// The text is wrong, or what is made from it will be.
    Error,
}

impl Severity {
    /// Its name in every format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// What a check demands.
pub trait Rule {
    /// Its name, in kebab case.
    fn code(&self) -> &str;

    /// What it demands, in one line.
    fn summary(&self) -> &str;

    /// How bad it is to break it.
    fn severity(&self) -> Severity {
        Severity::Error
    }

    /// Why it is demanded.
    fn reason(&self) -> Option<&str> {
        None
    }

    /// Where its page stands in the documentation.
    fn help_uri(&self) -> Option<String> {
        None
    }

    /// What explains it, in Markdown.
    fn page(&self) -> Option<String> {
        None
    }

    /// The name of the rules about the same theme.
    fn family(&self) -> Option<&str> {
        None
    }
}

/// One finding, as it is shown: what is wrong, where, and how to correct it.
#[derive(Clone)]
pub struct Finding<'a> {
    /// The rule that was broken.
    pub rule: &'a dyn Rule,
    /// How bad it is here, which may differ from the rule's own severity.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub message: Cow<'a, str>,
    /// How to correct it; may be empty.
    pub help: Cow<'a, str>,
    /// Where it is. The first location is the finding's own; the others belong to it.
    pub locations: Vec<Location<'a>>,
}

/// A span of a text, and what is there.
#[derive(Clone, Copy, Debug)]
pub struct Location<'a> {
    /// The text.
    pub source: &'a Source,
    /// The bytes in it.
    pub span: Span,
    /// What is there; may be empty.
    pub label: &'a str,
    /// The JSON pointer to it; may be empty.
    pub pointer: &'a str,
    /// The operation that it belongs to; may be empty.
    pub operation: &'a str,
}

impl<'a> Location<'a> {
    /// A location without a label.
    #[must_use]
    pub fn new(source: &'a Source, span: Span) -> Self {
        Self::labelled(source, span, "")
    }

    /// A location with a label.
    #[must_use]
    pub fn labelled(source: &'a Source, span: Span, label: &'a str) -> Self {
        Self { source, span, label, pointer: "", operation: "" }
    }

    /// The location with its address within the document.
    #[must_use]
    pub fn at(self, pointer: &'a str, operation: &'a str) -> Self {
        Self { pointer, operation, ..self }
    }

    /// Where it starts.
    #[must_use]
    pub fn start(&self) -> Place {
        self.source.place(self.span.start)
    }

    /// The place after its end.
    #[must_use]
    pub fn end(&self) -> Place {
        self.source.place(self.span.end.max(self.span.start))
    }
}

/// A message as it is shown: one line of readable length, whatever text was put in.
#[must_use]
pub fn one_line(text: String) -> String {
    const LONGEST: usize = 500;
    if text.len() <= LONGEST && !text.contains(char::is_control) {
        return text;
    }
    let mut line = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == LONGEST {
            line.push_str("...");
            break;
        }
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// A number with its noun: `1 page`, `3 pages`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
