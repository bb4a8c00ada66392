//! The extensions that letterhead reads.

use super::{answers, own, rule, said};
use crate::diagnostic::did_you_mean;
use crate::rule::{Check, Rule, Sample};

pub(crate) static CHECK: Check = Check {
    rules: RULES,
    run: |model, findings| {
        if !model.is_own {
            return;
        }
        for object in &model.objects {
            for (key, value) in object.node.members() {
                let name = key.text.as_str();
                if name.starts_with("x-")
                    && !KNOWN.contains(&name)
                    && let Some(meant) = did_you_mean(name, KNOWN)
                {
                    let message = format!("`{name}` is an extension that letterhead doesn't read");
                    findings.add(
                        "misspelt-extension",
                        key.span,
                        message,
                        format!("did you mean `{meant}`?"),
                    );
                }
                if name == "x-clouds" {
                    for cloud in value.items() {
                        let word = cloud.as_str().unwrap_or_default();
                        if !CLOUDS.contains(&word) {
                            let message = format!("`{word}` is no cloud that letterhead knows");
                            findings.add(
                                "unknown-cloud",
                                cloud.span,
                                message,
                                super::one_of(word, &CLOUDS),
                            );
                        }
                    }
                }
            }
        }
    },
};

const KNOWN: [&str; 4] = ["x-clouds", "x-decisions", "x-repeatable", "x-supplied-by"];

const CLOUDS: [&str; 3] = ["global", "us-government", "china"];

static RULES: &[Rule] = &[
    rule(
        "misspelt-extension",
        "letterhead's extensions are spelt as it reads them.",
        "An unknown extension is ignored, so that a typo silently loses what it says.",
        Sample::Document(own!(operation said!(), "      x-repeatible: always\n")),
        Sample::Document(own!(operation said!(), "      x-repeatable: always\n")),
    ),
    rule(
        "unknown-cloud",
        "`x-clouds` lists clouds that there are.",
        "Callers of a national cloud rely on it.",
        Sample::Document(
            own!(operation said!(), "      x-clouds: [global, germany]\n      x-repeatable: always\n"),
        ),
        Sample::Document(
            own!(operation said!(), "      x-clouds: [global, china]\n      x-repeatable: always\n"),
        ),
    ),
];
