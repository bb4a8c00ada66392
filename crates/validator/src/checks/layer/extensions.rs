//! The extensions that letterhead reads.

use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::layer;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    if !model.is_own() {
        return;
    }
    for object in &model.objects {
        for (key, value) in object.node.members() {
            let name = key.text.as_str();
            if name.starts_with("x-") && !KNOWN.contains(&name) {
                let message = format!("`{name}` is an extension that letterhead doesn't read");
                let help = match did_you_mean(name, KNOWN) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "leave it out, or say it in `description`".to_owned(),
                };
                findings.add(&layer::MISSPELT_EXTENSION, key.span, message, help);
            }
            if name == "x-clouds" {
                for cloud in value.items() {
                    let word = cloud.as_str().unwrap_or_default();
                    if !CLOUDS.contains(&word) {
                        let message = format!("`{word}` is no cloud that letterhead knows");
                        findings.add(
                            &layer::UNKNOWN_CLOUD,
                            cloud.span,
                            message,
                            super::one_of(word, &CLOUDS),
                        );
                    }
                }
            }
        }
    }
}

const KNOWN: [&str; 11] = [
    crate::suppress::KEY,
    "x-clouds",
    "x-convenience",
    "x-credentials",
    "x-decisions",
    "x-further-pages",
    "x-paging",
    "x-patch",
    "x-read-by",
    "x-repeatable",
    "x-supplied-by",
];

const CLOUDS: [&str; 3] = ["global", "us-government", "china"];
