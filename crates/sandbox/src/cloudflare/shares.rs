//! What an organization shares with others.

use serde_json::json;

use crate::cloudflare::list::is_among;
use crate::cloudflare::organizations;
use crate::cloudflare::responses::{envelope, invalid};
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

const DEFAULT_SIZE: usize = 20;
const LARGEST_SIZE: usize = 100;

pub(super) fn list(store: &mut Store, request: &Request) -> Result<Response, Response> {
    organizations::existing(store, request)?;
    let mut items: Vec<_> = store
        .below(&request.path)
        .map(|(_, share)| share)
        .filter(|share| {
            ["status", "kind", "target_type"]
                .iter()
                .all(|name| is_among(request, name, &share[*name]))
                && is_among(request, "resource_types", &share["resource_type"])
        })
        .collect();
    if let Some(order) = request.query("order") {
        items.sort_by_key(|share| share[order].as_str());
    }
    if request.query("direction") == Some("desc") {
        items.reverse();
    }
    let number = |name: &str, default: usize, largest: usize| {
        let number = request.query(name).map_or(Ok(default), str::parse);
        match number {
            Ok(number) if (1..=largest).contains(&number) => Ok(number),
            _ => Err(invalid(&format!("{name} must be a number from 1 to {largest}."))),
        }
    };
    let size = number("per_page", DEFAULT_SIZE, LARGEST_SIZE)?;
    let page = number("page", 1, usize::MAX)?;
    let total = items.len();
    let start = (page - 1).saturating_mul(size);
    let items: Vec<_> = items.into_iter().skip(start).take(size).collect();
    let mut body = envelope(&json!(items));
    body["result_info"] = json!({
        "page": page,
        "per_page": size,
        "count": items.len(),
        "total_count": total,
        "total_pages": total.div_ceil(size),
    });
    Ok(Response::new(200).json(&body))
}
