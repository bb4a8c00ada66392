use openapiv3::{OpenAPI, Operation, ReferenceOr};
use serde_json::Value;

use super::walk;

/// Makes descriptions safe as rustdoc: no accidental doctests, links or HTML. An operation's begins with the
/// call to use instead, and ends with the vendor's page.
pub(super) fn make_safe(model: &mut OpenAPI) {
    for operation in walk::operations_mut(model) {
        operation.description = with_page(operation);
        for text in [&mut operation.summary, &mut operation.description] {
            safe(text);
        }
        operation.description = with_convenience(operation);
        for parameter in &mut operation.parameters {
            if let ReferenceOr::Item(parameter) = parameter {
                safe(&mut walk::data_mut(parameter).description);
            }
        }
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            safe(&mut body.description);
        }
    }
    let shared = model
        .components
        .iter_mut()
        .flat_map(|components| components.parameters.values_mut());
    for parameter in shared {
        if let ReferenceOr::Item(parameter) = parameter {
            safe(&mut walk::data_mut(parameter).description);
        }
    }
    safe(&mut model.info.description);
    walk::schemas_mut(model, &mut |schema| {
        safe(&mut schema.schema_data.description);
    });
}

fn with_page(operation: &Operation) -> Option<String> {
    let page = operation.external_docs.as_ref().map(|docs| {
        let title = docs.description.as_deref().unwrap_or_default();
        format!(
            "Vendor's page: {} {}",
            title.trim_end_matches('.'),
            docs.url
        )
    });
    joined(operation.description.clone(), page)
}

fn with_convenience(operation: &Operation) -> Option<String> {
    let call = operation.extensions.get("x-convenience");
    let instead = call.and_then(Value::as_str).and_then(|call| {
        let (name, _) = call.split_once('(')?;
        Some(format!(
            "**Use [`{call}`](Self::{name}) instead**: it makes the change safely, or finds what the change needs."
        ))
    });
    joined(instead, operation.description.clone())
}

fn joined(first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some(format!("{first}\n\n{second}")),
        (first, second) => first.or(second),
    }
}

fn safe(text: &mut Option<String>) {
    if let Some(text) = text {
        *text = rustdoc(text);
    }
}

/// Rewrites Markdown line by line; inside a fence only the fence itself changes.
fn rustdoc(markdown: &str) -> String {
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
    use serde_json::json;

    #[test]
    fn an_operation_leads_to_its_convenience_and_its_page() {
        let mut model = serde_json::from_value(json!({
            "openapi": "3.0.3",
            "info": {"title": "Pets", "version": "1"},
            "paths": {"/pets": {"put": {
                "description": "Replaces [it].",
                "externalDocs": {"url": "https://pets.example/update", "description": "Update a pet."},
                "x-convenience": "pet(…).update(…)",
                "responses": {}
            }}}
        }))
        .unwrap();
        super::make_safe(&mut model);
        let (.., operation) = model.operations().next().unwrap();
        assert_eq!(
            operation.description.as_deref().unwrap_or_default(),
            "**Use [`pet(…).update(…)`](Self::pet) instead**: it makes the change safely, or finds what the \
             change needs.\n\nReplaces \\[it\\].\n\nVendor's page: Update a pet <https://pets.example/update>"
        );
    }

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
