//! Lists: filtered and in pages.

use serde_json::{Value, json};

use crate::cloudflare::responses::{envelope, invalid};
use crate::page::page;
use crate::request::Request;
use crate::response::Response;

const DEFAULT_SIZE: usize = 10;
const LARGEST_SIZE: usize = 1000;

/// The page of `items` that the request's `page_token` and `page_size` ask for.
pub(super) fn by_token(request: &Request, items: Vec<&Value>) -> Result<Response, Response> {
    let size = match request.query("page_size").map(str::parse) {
        None => DEFAULT_SIZE,
        Some(Ok(size @ 1..=LARGEST_SIZE)) => size,
        _ => return Err(invalid("page_size must be a number from 1 to 1000.")),
    };
    let list = format!("{}?{}", request.raw_path(), request.raw_query_without("page_token"));
    let mut info = json!({"total_size": items.len()});
    let page = page(&list, items, request.query("page_token"), size)
        .ok_or_else(|| invalid("page_token does not belong to this list."))?;
    if let Some(token) = page.next {
        info["next_page_token"] = token.into();
    }
    let mut body = envelope(&json!(page.items));
    body["result_info"] = info;
    Ok(Response::new(200).json(&body))
}

/// Whether `text` is what the parameter `name` and its variants ask for.
pub(super) fn fits(request: &Request, name: &str, text: &Value) -> bool {
    let text = text.as_str().unwrap_or_default();
    let lower = text.to_lowercase();
    let holds = |variant: &str, is_so: fn(&str, &str) -> bool| {
        let part = request.query(&format!("{name}.{variant}"));
        part.is_none_or(|part| is_so(&lower, &part.to_lowercase()))
    };
    request.query(name).is_none_or(|exact| exact == text)
        && holds("startsWith", |text, part| text.starts_with(part))
        && holds("endsWith", |text, part| text.ends_with(part))
        && holds("contains", |text, part| text.contains(part))
}

/// Whether `value` is one of those that a repeated parameter names, if it names any.
pub(super) fn is_among(request: &Request, name: &str, value: &Value) -> bool {
    let mut named = request.queries(name).peekable();
    named.peek().is_none() || named.any(|named| *value == named)
}
