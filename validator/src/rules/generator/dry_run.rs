//! The dry run: the generator itself, for what no rule knows.

use letterhead_codegen::Obstacle;

use super::{effort, rule};
use crate::DryRun;
use crate::diagnostic::{Findings, Severity};
use crate::rule::{Check, Rule, Sample};

pub(crate) static CHECK: Check = Check {
    rules: RULES,
    run: |model, findings| {
        // A document with errors has been told what stops it. A large one is tried on request only,
        // since that takes a second and more; so is none that is defined as itself, which the
        // generator doesn't survive.
        let errors = |code: &str| {
            crate::rules::find(code).is_none_or(|rule| rule.severity == Severity::Error)
        };
        let is_faulty = findings.list.iter().any(|finding| errors(finding.code));
        let is_endless = findings
            .list
            .iter()
            .any(|finding| finding.code == "reference-cycle");
        let is_small = model.is_own
            || model.operations.len() <= SMALL
                && effort::schemas(model.document.root()) <= 5 * SMALL;
        let is_wanted = match model.dry_run {
            DryRun::Auto => is_small && !is_faulty,
            DryRun::Always => true,
            DryRun::Never => false,
        };
        if is_wanted && !is_endless && effort::is_reasonable(model.document.root()) {
            let is_told = |reason: &str| {
                let told = ["no-success-response", "deep-reference"];
                reason.contains("no success response")
                    && findings
                        .list
                        .iter()
                        .any(|finding| told.contains(&finding.code))
            };
            let mut obstacles = letterhead_codegen::dry_run(model.document);
            obstacles.retain(|obstacle| !is_told(&obstacle.reason));
            for obstacle in &obstacles {
                tell(obstacle, findings);
            }
        }
    },
};

/// A document of so many operations, and a few times as many schemas, is generated in well under a
/// second.
const SMALL: usize = 100;

fn tell(obstacle: &Obstacle, findings: &mut Findings) {
    let (construct, help) = explain(&obstacle.reason);
    let message = match &obstacle.operation {
        Some(operation) => format!("`{operation}` can't be generated: {construct}"),
        None => format!("the document can't be generated: {construct}"),
    };
    findings.add("generator", obstacle.span, message, help);
}

/// What the generator stumbled over, and what to write instead.
fn explain(reason: &str) -> (String, &'static str) {
    let known = [
        (
            "response_types.len() <= 1",
            "its responses have different bodies",
            "give its success responses one schema",
        ),
        (
            "unique variant names",
            "an enum has values of one name in Rust",
            "leave one of the values out",
        ),
        (
            "entered unreachable code",
            "a parameter is an object",
            "write `type: string` for it",
        ),
        (
            "multiple implied types",
            "an enum without `type` mixes types",
            "write the `type`",
        ),
        (
            "unhandled not schema",
            "a schema says `not`",
            "say it in `description`",
        ),
        (
            "missing path name mapping",
            "its path has a parameter that isn't described",
            "describe it under `parameters`",
        ),
        (
            "Option::unwrap()",
            "a type written in place has no name",
            "give it a schema of its own in `components`",
        ),
        (
            "invalid (or unexpected) schema",
            "a schema has keywords that don't go together",
            "write its `type`, and leave out what belongs to another one",
        ),
    ];
    let found = known.iter().find(|(part, _, _)| reason.contains(part));
    match found {
        Some((_, construct, help)) => ((*construct).to_owned(), help),
        None => (
            reason.to_owned(),
            "write that part in a simpler way; leave members out until the message goes, to find it",
        ),
    }
}

static RULES: &[Rule] = &[rule(
    "generator",
    Severity::Error,
    "The client can be generated.",
    "This is the generator that the build runs, tried on the document, and on each operation alone \
     where the whole fails. What has a rule of its own is told by that.",
    Sample::Pet("enum: [cat]\nminimum: 3"),
    Sample::Pet("type: string\nenum: [cat]"),
)];
