//! Prints the generated code, in macros as well.

use std::fmt::Write as _;

use syn::{File, Item};

use crate::code::Code;

/// The text of `code`.
pub(crate) fn print(code: Vec<Code>) -> String {
    let mut text = String::new();
    parts(code, "", &mut text);
    text
}

fn parts(code: Vec<Code>, indent: &str, text: &mut String) {
    let inner = format!("{indent}    ");
    for part in code {
        match part {
            Code::Item(found) => item(found, indent, text),
            Code::Call(path, items) => {
                let _ = writeln!(text, "{indent}{path}! {{");
                for found in items {
                    item(found, &inner, text);
                }
                let _ = writeln!(text, "{indent}}}");
            }
            Code::Module(module, code) => {
                item(Item::Mod(module), indent, text);
                // What closes it stands behind the rest.
                text.truncate(text.trim_end().trim_end_matches('}').trim_end().len());
                text.push('\n');
                parts(code, &inner, text);
                let _ = writeln!(text, "{indent}}}");
            }
        }
    }
}

/// No literal of the generated code has more than one line, so each may be moved.
fn item(found: Item, indent: &str, text: &mut String) {
    let file = File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![found] };
    for line in prettyplease::unparse(&file).lines().map(str::trim_end) {
        if !line.is_empty() {
            text.push_str(indent);
            text.push_str(line);
        }
        text.push('\n');
    }
}
