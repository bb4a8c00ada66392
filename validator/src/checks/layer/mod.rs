//! What letterhead's layer and its readers need to know; for letterhead's own documents only.

pub(crate) mod decisions;
pub(crate) mod extensions;
pub(crate) mod headers;
pub(crate) mod operations;
pub(crate) mod repetition;
pub(crate) mod security;

use letterhead_document::Node;

use crate::diagnostic::{Severity, did_you_mean};
use crate::rule::{Family, Rule, Sample};

const fn rule(
    code: &'static str,
    summary: &'static str,
    reason: &'static str,
    wrong: Sample,
    right: Sample,
) -> Rule {
    Rule {
        code,
        family: Family::Layer,
        severity: Severity::Error,
        summary,
        reason,
        wrong,
        right,
    }
}

fn text_of<'d>(node: &'d Node, key: &str) -> Option<&'d str> {
    node.get(key).and_then(Node::as_str)
}

/// The known word that was meant, or all of them.
fn one_of(word: &str, known: &[&str]) -> String {
    match did_you_mean(word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("write one of `{}`", known.join("`, `")),
    }
}

/// What every operation of a sample says, in the order that the specification has it.
macro_rules! said {
    () => {
        "      tags: [Pets]\n      summary: List the pets\n      description: Lists them.\n      externalDocs: {url: https://pets.example/list}\n"
    };
}

/// The answers of a sample's operation.
macro_rules! answers {
    () => {
        "      responses: {'204': {description: None.}, '404': {description: Not found.}}\n"
    };
}

/// A document of letterhead's own kind, around what a rule is about.
macro_rules! own {
    (operation $($text:expr),*) => {
        own!(document "security: [{token: []}]\n", concat!($($text,)* answers!()), "{type: http, scheme: bearer}\n")
    };
    (security $text:literal, $scheme:literal) => {
        own!(document $text, concat!(said!(), "      x-repeatable: always\n", answers!()), $scheme)
    };
    (header $text:literal $(, $more:expr)*) => {
        own!(
            document "security: [{token: []}]\n",
            concat!(
                "      parameters: [{$ref: '#/components/parameters/Id'}]\n",
                said!(), "      x-repeatable: always\n", answers!() $(, $more)*
            ),
            concat!("{type: http, scheme: bearer}\n  parameters:\n    Id: ", $text)
        )
    };
    (document $security:expr, $operation:expr, $end:expr) => {
        concat!(
            "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\n",
            $security,
            "tags: [{name: Pets, description: The pets.}]\npaths:\n  /pets:\n    get:\n      operationId: listPets\n",
            $operation,
            "components:\n  securitySchemes:\n    token: ",
            $end
        )
    };
}
use {answers, own, said};
