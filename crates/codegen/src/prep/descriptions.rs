use openapiv3::{OpenAPI, ReferenceOr};

use super::walk;

/// Makes the descriptions of arguments and types safe as rustdoc: no accidental doctests, links or HTML.
pub(super) fn make_safe(model: &mut OpenAPI) {
    for operation in walk::operations_mut(model) {
        for parameter in &mut operation.parameters {
            if let ReferenceOr::Item(parameter) = parameter {
                safe(&mut walk::data_mut(parameter).description);
            }
        }
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            safe(&mut body.description);
        }
        for response in operation.responses.responses.values_mut() {
            let ReferenceOr::Item(response) = response else { continue };
            for header in response.headers.values_mut() {
                if let ReferenceOr::Item(header) = header {
                    safe(&mut header.description);
                }
            }
        }
    }
    for item in walk::items_mut(model) {
        for parameter in &mut item.parameters {
            if let ReferenceOr::Item(parameter) = parameter {
                safe(&mut walk::data_mut(parameter).description);
            }
        }
    }
    let components = model.components.iter_mut();
    for components in components {
        for parameter in components.parameters.values_mut() {
            if let ReferenceOr::Item(parameter) = parameter {
                safe(&mut walk::data_mut(parameter).description);
            }
        }
        for body in components.request_bodies.values_mut() {
            if let ReferenceOr::Item(body) = body {
                safe(&mut body.description);
            }
        }
    }
    walk::schemas_mut(model, &mut |schema| {
        safe(&mut schema.schema_data.description);
    });
}

fn safe(text: &mut Option<String>) {
    if let Some(text) = text {
        *text = rustdoc(text);
    }
}

/// Makes Markdown safe as rustdoc, line by line; inside a fence only the fence itself changes.
pub(crate) fn rustdoc(markdown: &str) -> String {
    let mut fenced = false;
    let lines: Vec<String> = markdown
        .lines()
        .map(|line| {
            let text = line.trim_start();
            if let Some(label) = text.strip_prefix("```") {
                fenced = !fenced;
                // An unlabelled block would be compiled as a doctest.
                return if fenced && label.trim().is_empty() {
                    "```text".to_owned()
                } else {
                    text.to_owned()
                };
            }
            if fenced {
                return line.to_owned();
            }
            // Four spaces would make it a code block, and so a doctest.
            let indent = (line.len() - text.len()).min(3);
            format!("{}{}", &"   "[..indent], inline(text))
        })
        .collect();
    lines.join("\n")
}

/// Escapes what rustdoc would take for HTML or a link, outside code spans; bare URLs become links.
fn inline(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut code = false;
    let mut rest = line;
    while let Some(next) = rest.chars().next() {
        if !code && (rest.starts_with("https://") || rest.starts_with("http://")) {
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '`' | '<' | '>' | ')' | ']'))
                .unwrap_or(rest.len());
            let url = rest[..end].trim_end_matches(['.', ',', ';', ':']);
            out.push('<');
            out.push_str(url);
            out.push('>');
            rest = &rest[url.len()..];
            continue;
        }
        match next {
            '`' => code = !code,
            '<' | '>' | '[' | ']' if !code => out.push('\\'),
            _ => {}
        }
        out.push(next);
        rest = &rest[next.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn markdown_becomes_safe_rustdoc() {
        assert_eq!(
            super::rustdoc(
                "A Vec<String> or `Vec<T>` [x], see https://a.example/b.\n\n        code\n```\nx < y\n```"
            ),
            "A Vec\\<String\\> or `Vec<T>` \\[x\\], see <https://a.example/b>.\n\n   code\n```text\nx < y\n```"
        );
    }
}
