//! Expressions that name a part of a request or a response: in links and in the URLs of callbacks.

use letterhead_document::{Node, Span};

use crate::finding::{Findings, did_you_mean};
use crate::model::{Model, is_method};
use crate::rules::references;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in &model.objects {
        match object.kind {
            Kind::Link => {
                let parameters = object.node.get("parameters").into_iter();
                let values = parameters.flat_map(Node::members).map(|(_, value)| value);
                for value in values.chain(object.node.get("requestBody")) {
                    if let Some(text) = value.as_str() {
                        within(text, value.span, false, findings);
                    }
                }
            }
            Kind::Callback => {
                for (key, _) in object.node.members() {
                    within(&key.text, key.span, true, findings);
                }
            }
            _ => {}
        }
    }
}

/// The text as a whole, or each of its parts in braces; in a URL all of those are expressions.
fn within(text: &str, span: Span, is_url: bool, findings: &mut Findings) {
    if is_url && let Some((message, help)) = fault_of_url(text) {
        findings.add(&references::RUNTIME_EXPRESSION, span, message, help);
        return;
    }
    let braced = text.split('{').skip(1).filter_map(|part| part.split('}').next());
    let whole = text.starts_with('$').then_some(text);
    let wrong = whole
        .into_iter()
        .chain(braced)
        .filter(|expression| is_url || expression.starts_with('$'))
        .find_map(|expression| Some((expression, fault(expression)?)));
    if let Some((expression, help)) = wrong {
        let message = format!("`{expression}` names nothing of a request or a response");
        findings.add(&references::RUNTIME_EXPRESSION, span, message, help);
    }
}

/// Why a text can't be the URL of a callback, and what to write.
fn fault_of_url(text: &str) -> Option<(String, String)> {
    if is_method(text) {
        let message = format!("a callback has no `{text}`: it has URLs, and their operations");
        let help = "write the URL between, such as `'{$request.body#/url}':`";
        return Some((message, help.to_owned()));
    }
    let braces = text.chars().filter(|c| matches!(c, '{' | '}'));
    let depths = braces.scan(0, |depth: &mut i32, brace| {
        *depth += if brace == '{' { 1 } else { -1 };
        Some(*depth)
    });
    let depths: Vec<i32> = depths.collect();
    let is_paired = depths.last().is_none_or(|last| *last == 0)
        && depths.iter().all(|depth| (0..=1).contains(depth));
    let message = || format!("the braces of `{text}` aren't in pairs");
    (!is_paired).then(|| (message(), "write each expression between `{` and `}`".to_owned()))
}

/// What to write instead of a wrong expression.
fn fault(expression: &str) -> Option<String> {
    let end = expression.find(['.', '#']).unwrap_or(expression.len());
    let (root, rest) = expression.split_at(end);
    if !expression.starts_with('$') {
        let meant = format!("${expression}");
        return Some(match fault(&meant) {
            None => format!("write `{{{meant}}}`"),
            Some(_) => EXAMPLE.to_owned(),
        });
    }
    let roots = ["$url", "$method", "$statusCode", "$request", "$response"];
    if !roots.contains(&root) {
        return Some(match did_you_mean(root, roots) {
            Some(near) => format!("did you mean `{near}{rest}`?"),
            None => EXAMPLE.to_owned(),
        });
    }
    if !matches!(root, "$request" | "$response") {
        return (!rest.is_empty()).then(|| format!("write `{root}`"));
    }
    let rest = rest.strip_prefix('.').unwrap_or_default();
    let end = rest.find(['.', '#']).unwrap_or(rest.len());
    let (source, name) = rest.split_at(end);
    let is_good = match source {
        "body" => name.is_empty() || name == "#" || name.starts_with("#/"),
        // A response has neither a query nor a path.
        "query" | "path" if root == "$response" => {
            return Some(format!("did you mean `$request.{source}{name}`?"));
        }
        "header" | "query" | "path" => name.len() > 1 && name.starts_with('.'),
        _ => false,
    };
    (!is_good).then(|| match did_you_mean(source, ["body", "header", "query", "path"]) {
        Some(near) => format!("did you mean `{root}.{near}{name}`?"),
        None if source == "body" => format!("write `{root}.body#/` and the way to the member"),
        None => EXAMPLE.to_owned(),
    })
}

const EXAMPLE: &str = "write such as `$response.body#/id`, `$request.query.page` or `$url`";

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn expressions_follow_the_grammar() {
        for good in [
            "$url",
            "$method",
            "$statusCode",
            "$request.body",
            "$request.body#/user/uuid",
            "$request.path.id",
            "$request.query.hook",
            "$response.header.Location",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for (wrong, help) in [
            ("$respons.body", "did you mean `$response.body`?"),
            ("$url.host", "write `$url`"),
            ("$response.query.a", "did you mean `$request.query.a`?"),
            ("$request.querry.a", "did you mean `$request.query.a`?"),
            ("$response.body.id", "write `$response.body#/` and the way to the member"),
        ] {
            assert_eq!(fault(wrong).as_deref(), Some(help), "{wrong}");
        }
    }
}
