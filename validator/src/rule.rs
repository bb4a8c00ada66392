use crate::diagnostic::{Findings, Severity};
use crate::model::Model;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The text: YAML and what it turns words into.
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
    /// What the generator makes of it.
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

/// One rule: what it is called, why it is there, how it looks broken and kept.
#[derive(Debug)]
pub struct Rule {
    /// Its name in messages and on the command line, in kebab case.
    pub code: &'static str,
    /// What it is about.
    pub family: Family,
    /// How bad it is to break it, unless the command line says otherwise.
    pub severity: Severity,
    /// What it demands, in one line.
    pub summary: &'static str,
    /// Why.
    pub reason: &'static str,
    /// A document that breaks it and nothing else.
    pub wrong: Sample,
    /// The same document, mended.
    pub right: Sample,
}

/// A document for a rule's page and for its test: the part that matters, and what surrounds it.
#[derive(Clone, Copy, Debug)]
pub enum Sample {
    /// A whole document.
    Document(&'static str),
    /// The content of `paths`.
    Paths(&'static str),
    /// The content of one operation, `get` on `/pets/{id}`, beside its id, its parameter and its
    /// responses.
    Operation(&'static str),
    /// The content of `responses` of one operation, `get` on `/pets`.
    Responses(&'static str),
    /// The content of `components.schemas.Pet`, which `GET /pets` answers with.
    Pet(&'static str),
    /// The content of `components.schemas`, one of which has to be `Pet`.
    Schemas(&'static str),
    /// The content of `components.schemas.PetPatch`, which `PATCH /pets` takes.
    PetPatch(&'static str),
}

/// A family's rules and what looks for them.
pub(crate) struct Check {
    pub(crate) rules: &'static [Rule],
    pub(crate) run: fn(&Model<'_>, &mut Findings),
}

impl Sample {
    /// The part that matters.
    #[must_use]
    pub fn fragment(&self) -> &'static str {
        match self {
            Self::Document(text)
            | Self::Paths(text)
            | Self::Operation(text)
            | Self::Responses(text)
            | Self::Pet(text)
            | Self::Schemas(text)
            | Self::PetPatch(text) => text,
        }
    }

    /// The whole document.
    #[must_use]
    pub fn document(&self) -> String {
        let (before, depth, text, after) = match self {
            Self::Document(text) => return (*text).to_owned(),
            Self::Paths(text) => (HEAD.to_owned() + "paths:\n", 2, text, String::new()),
            Self::Operation(text) => (
                format!(
                    "{HEAD}paths:\n  /pets/{{id}}:\n    get:\n      operationId: getPet\n{PARAMETER}{NO_CONTENT}"
                ),
                6,
                text,
                String::new(),
            ),
            Self::Responses(text) => (
                format!(
                    "{HEAD}paths:\n  /pets:\n    get:\n      operationId: listPets\n      responses:\n"
                ),
                8,
                text,
                String::new(),
            ),
            Self::Pet(text) => (
                format!("{HEAD}{LIST_PETS}components:\n  schemas:\n    Pet:\n"),
                6,
                text,
                String::new(),
            ),
            Self::Schemas(text) => (
                format!("{HEAD}{LIST_PETS}components:\n  schemas:\n"),
                4,
                text,
                String::new(),
            ),
            Self::PetPatch(text) => (
                format!("{HEAD}{PATCH_PETS}components:\n  schemas:\n    PetPatch:\n"),
                6,
                text,
                String::new(),
            ),
        };
        let indent = " ".repeat(depth);
        let body: String = text
            .trim_matches('\n')
            .lines()
            .map(|line| {
                if line.is_empty() {
                    "\n".to_owned()
                } else {
                    format!("{indent}{line}\n")
                }
            })
            .collect();
        before + &body + &after
    }
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\n";

const PARAMETER: &str =
    "      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n";

const NO_CONTENT: &str = "      responses:
        '204': {description: Nothing.}
        '404': {description: Not found.}
";

const LIST_PETS: &str = "paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          description: A pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '404': {description: Not found.}
";

const PATCH_PETS: &str = "paths:
  /pets:
    patch:
      operationId: patchPets
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/PetPatch'}}}
      responses:
        '204': {description: Nothing.}
        '404': {description: Not found.}
";
