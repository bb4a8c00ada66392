use std::fmt;
use std::hash::{Hash, Hasher};

use letterhead_diagnostics::Severity;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The text: YAML, and the types that it gives to words.
    Syntax,
    /// The shape of an OpenAPI 3.0 document.
    Structure,
    /// `$ref`.
    References,
    /// Paths, operations, parameters and responses.
    Operations,
    /// Schemas.
    Schemas,
    /// Examples against their schemas.
    Examples,
    /// The code that the generator makes of it.
    Generator,
    /// What letterhead's layer needs to know; for its own documents only.
    Layer,
}

impl Family {
    /// All of them, in the order of their checks.
    pub const ALL: [Self; 8] = [
        Self::Syntax,
        Self::Structure,
        Self::References,
        Self::Operations,
        Self::Schemas,
        Self::Examples,
        Self::Layer,
        Self::Generator,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Structure => "structure",
            Self::References => "references",
            Self::Operations => "operations",
            Self::Schemas => "schemas",
            Self::Examples => "examples",
            Self::Generator => "generator",
            Self::Layer => "layer",
        }
    }

    /// What its rules are about, in a sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Syntax => "The text: its bytes, YAML, and what YAML turns words into.",
            Self::Structure => "The shape of an OpenAPI 3.0 document.",
            Self::References => "What `$ref` leads to.",
            Self::Operations => "Paths, operations, parameters and responses.",
            Self::Schemas => "Schemas: what they promise, and what they would refuse.",
            Self::Examples => "Examples against their schemas.",
            Self::Generator => "What the generator makes of a document.",
            Self::Layer => {
                "What letterhead's layer needs to know. These apply to its own documents only."
            }
        }
    }
}

/// What a document is for. Each purpose has its own rules and those of the purposes before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// It is a good OpenAPI document.
    #[default]
    Spec,
    /// A Rust client can be generated from it, too.
    Rust,
    /// It is one of letterhead's own.
    Letterhead,
}

impl Purpose {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Spec, Self::Rust, Self::Letterhead];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Spec => "spec",
            Self::Rust => "rust",
            Self::Letterhead => "letterhead",
        }
    }
}

/// One rule: what it demands and why. Each is a static under [`rules`](crate::rules), made from its page.
pub struct Rule {
    /// Its name in messages and on the command line, in kebab case.
    pub code: &'static str,
    /// What it is about.
    pub family: Family,
    /// How bad it is to break it, unless the command line says otherwise.
    pub severity: Severity,
    /// The first purpose that it matters for.
    pub purpose: Purpose,
    /// What it demands, in one line.
    pub summary: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Its whole page.
    pub(crate) page: &'static str,
}

/// A rule is the same as itself only.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Rule {}

impl Hash for Rule {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code.hash(state);
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.family.name(), self.code)
    }
}
