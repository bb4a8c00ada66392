//! Prints the generated code, in macros as well.

use std::fmt::Write as _;

use syn::{File, Item};

use crate::code::Part;

/// The text of `code`.
pub(crate) fn print(code: Vec<Part>) -> String {
    let mut text = String::new();
    parts(code, "", &mut text);
    text
}

fn parts(code: Vec<Part>, indent: &str, text: &mut String) {
    let inner = format!("{indent}    ");
    for part in code {
        match part {
            Part::Item(found) => item(found, indent, text),
            Part::Call(called, items) => {
                let _ = writeln!(text, "{indent}{}! {{", called.path());
                for found in items {
                    item(found, &inner, text);
                }
                let _ = writeln!(text, "{indent}}}");
            }
            Part::Module(module, code) => {
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

/// Prints an item with each of its lines indented: no literal has more than one.
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
