//! Writes `company.yaml`.

use std::fmt::Write as _;

use anyhow::Context as _;
use letterhead_document::{Document, Kind, Node};

use super::CompanyFile;

impl CompanyFile {
    /// The file as YAML, in the order of its types. What says nothing is left out.
    ///
    /// # Errors
    /// A value that lies deeper than YAML is read.
    pub(crate) fn to_yaml(&self) -> anyhow::Result<String> {
        // JSON keeps the order of the types, and is YAML already; only people don't like to read it.
        let json = serde_json::to_string(self)?;
        let document = Document::parse("company.yaml", &json).context("what was read")?;
        let mut yaml = String::new();
        write_members(&mut yaml, document.root(), 0);
        Ok(yaml)
    }
}

fn write_members(yaml: &mut String, node: &Node, indent: usize) {
    for (key, value) in node.members() {
        let _ = write!(yaml, "{:indent$}{}:", "", text(&key.text));
        write_value(yaml, value, indent + 2);
    }
}

/// Writes what follows a key or a dash.
fn write_value(yaml: &mut String, node: &Node, indent: usize) {
    match &node.kind {
        Kind::Object(members) if !members.is_empty() => {
            yaml.push('\n');
            write_members(yaml, node, indent);
        }
        Kind::Array(items) if !items.is_empty() => {
            yaml.push('\n');
            for item in items {
                let mut written = String::new();
                write_value(&mut written, item, indent + 2);
                // The first member of a mapping stands beside its dash.
                let _ = writeln!(yaml, "{:indent$}- {}", "", written.trim());
            }
        }
        Kind::String(value) => {
            let _ = writeln!(yaml, " {}", text(value));
        }
        _ => {
            let _ = writeln!(yaml, " {}", node.to_json());
        }
    }
}

/// A text as a scalar: plain where nobody could take it for anything else, in quotes elsewhere.
fn text(text: &str) -> String {
    let is_word =
        |character: char| character.is_ascii_alphanumeric() || "._-@/ ".contains(character);
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.ends_with(|last: char| last.is_ascii_alphanumeric())
        && text.chars().all(is_word)
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"]
            .contains(&text.to_ascii_lowercase().as_str());
    if is_plain {
        return text.to_owned();
    }
    let mut quoted = String::new();
    for character in serde_json::Value::from(text).to_string().chars() {
        // JSON lets them stand, and YAML doesn't, or takes them for the end of a line.
        let is_unsafe = matches!(
            character,
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        );
        if is_unsafe {
            let _ = write!(quoted, "\\u{:04x}", u32::from(character));
        } else {
            quoted.push(character);
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_read_as_it_was_written() {
        for text in [
            "",
            " ",
            "plain",
            "two words",
            "ends.",
            "NO",
            "1e3",
            "0x1f",
            "~",
            "- a",
            "a: b",
            "a #b",
            "\"'",
            "\u{85}\u{2028}\u{feff}\u{7f}",
            "tab\t",
            "line\nline",
            "\\u0041",
            "🏢",
            "@x",
            "{a}",
            "2026-01-01",
        ] {
            let yaml = format!("{}: {}\n", super::text("key"), super::text(text));
            let document = Document::parse("test", &yaml).expect(&yaml);
            assert_eq!(document.root().text("key"), Some(text), "{yaml}");
        }
    }
}
