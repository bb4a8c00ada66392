//! The body of a call: where it comes from, and whether it is what the document says.

use std::io::Read as _;

use anyhow::{Context as _, bail};
use letterhead_document::Schema;

use super::arguments::faults;
use crate::json::Json;

/// The most of what is wrong that is listed.
const LISTED: usize = 10;

/// The body that was given: JSON, `@FILE`, or `-` for standard input.
///
/// # Errors
/// What can't be read, isn't JSON, or isn't what the document says, unless it is taken `unchecked`.
pub(super) fn read(
    given: &str,
    schema: Option<Schema<'_>>,
    unchecked: bool,
) -> anyhow::Result<Json> {
    let (place, text) = match (given, given.strip_prefix('@')) {
        ("-", _) => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("standard input can't be read")?;
            ("standard input", text)
        }
        (_, Some(path)) => {
            let text = std::fs::read_to_string(path);
            (path, text.with_context(|| format!("the body can't be read from `{path}`"))?)
        }
        _ => ("`--body`", given.to_owned()),
    };
    let body = Json::parse(text.trim_start_matches('\u{feff}'))
        .with_context(|| format!("{place} isn't JSON"))?
        .with_secrets(schema);
    if let Some(schema) = schema.filter(|_| !unchecked) {
        let faults = faults(schema, &serde_json::from_str(text.trim_start_matches('\u{feff}'))?)?;
        if !faults.is_empty() {
            let lines = faults.iter().take(LISTED).map(|(path, fault)| {
                let path = if path.is_empty() { "the body" } else { path };
                format!("\n  {path}: {fault}")
            });
            bail!(
                "the body isn't what the document says; `--unchecked` sends it all the same{}",
                lines.collect::<String>()
            );
        }
    }
    Ok(body)
}
