//! Extensions, where a configuration lists those that somebody reads.

use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::operations;
use crate::suppress;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    let Some(known) = &model.extensions else {
        return;
    };
    let known = || known.iter().map(String::as_str).chain([suppress::KEY]);
    for object in &model.objects {
        for (key, _) in object.node.members().filter(|(key, _)| key.text.starts_with("x-")) {
            if known().all(|name| key.text != name) {
                let message = format!("`{}` is an extension that nobody reads", key.text);
                let help = match did_you_mean(&key.text, known()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => {
                        "leave it out, or list it in `extensions` of the configuration".to_owned()
                    }
                };
                findings.add(&operations::UNKNOWN_EXTENSION, key.span, message, help);
            }
        }
    }
}
