//! Lists: filtered, sorted and in pages.

use http::StatusCode;
use serde_json::{Value, json};

use crate::page::page;
use crate::partner_center::responses::{error, invalid, success};
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

const DEFAULT_SIZE: usize = 100;

/// One page of the resources below the request's path, or the list that a test has put there.
pub(super) fn list(
    store: &Store,
    request: &Request,
    matches: impl Fn(&Value) -> bool,
) -> Result<Response, Response> {
    if let Some(stored) = store.get(&request.path) {
        return Ok(success(stored));
    }
    let mut items: Vec<_> =
        store.below(&request.path).map(|(_, item)| item).filter(|item| matches(item)).collect();
    sort(&mut items, request);
    let size = request.query("size").and_then(|size| size.parse().ok());
    let size = size.filter(|size| *size > 0).unwrap_or(DEFAULT_SIZE);
    let token = request.header("ms-continuationtoken");
    let cursor = match (request.query("seekOperation"), token) {
        (None, None) | (Some("First"), _) => None,
        (Some("Next"), Some(token)) => Some(token),
        _ => {
            return Err(invalid("MS-ContinuationToken and seekOperation=Next go together."));
        }
    };
    let name = format!("{:?}{:?}", request.path, request.query("filter"));
    let page = page(&name, items, cursor, size)
        .ok_or_else(|| invalid("The continuation token does not belong to this list."))?;

    let own_uri = request.target.strip_prefix("/v1").unwrap_or_default();
    let mut links = json!({"self": link(own_uri, &json!([]))});
    let mut collection = json!({
        // In spite of the name, what is on this page.
        "totalCount": page.items.len(),
        "items": page.items,
        "attributes": {"objectType": "Collection"},
    });
    if let Some(token) = page.next {
        let header = json!([{"key": "MS-ContinuationToken", "value": token}]);
        let path = request.raw_path().strip_prefix("/v1").unwrap_or_default();
        let query = request.raw_query_without("seekOperation");
        links["next"] = link(&format!("{path}?{query}seekOperation=Next"), &header);
        collection["continuationToken"] = token.into();
    }
    collection["links"] = links;
    Ok(success(&collection))
}

/// The `filter` parameter: JSON inside the query.
pub(super) struct Filter {
    pub(super) field: String,
    pub(super) value: String,
    pub(super) operator: String,
}

impl Filter {
    pub(super) fn of(request: &Request) -> Result<Option<Self>, Response> {
        let Some(text) = request.query("filter") else {
            return Ok(None);
        };
        let filter: Value = serde_json::from_str(text).map_err(|_| unsupported_filter())?;
        let member = |name: &str| {
            let value = filter[name].as_str().map(str::to_owned);
            value.ok_or_else(unsupported_filter)
        };
        Ok(Some(Self {
            field: member("Field")?,
            value: member("Value")?,
            operator: member("Operator")?,
        }))
    }
}

fn sort(items: &mut [&Value], request: &Request) {
    let Some(field) = request.query("sortField") else {
        return;
    };
    // Fields are named in PascalCase, members in camelCase.
    let mut letters = field.chars();
    let member: String =
        letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    items.sort_by_key(|item| item[&member].as_str());
    if request.query("sortDirection") == Some("Descending") {
        items.reverse();
    }
}

/// A list that comes in one piece.
pub(super) fn collection(items: &[&Value]) -> Value {
    json!({
        "totalCount": items.len(),
        "items": items,
        "attributes": {"objectType": "Collection"},
    })
}

/// The link from a resource to itself.
pub(super) fn own_link(request: &Request) -> Value {
    let uri = request.raw_path().strip_prefix("/v1").unwrap_or_default();
    link(uri, &json!([]))
}

pub(super) fn link(uri: &str, headers: &Value) -> Value {
    json!({"uri": uri, "method": "GET", "headers": headers})
}

pub(super) fn unsupported_filter() -> Response {
    let text = "The filter, or its field or operator, is not supported here.";
    error(StatusCode::BAD_REQUEST, 2000, text)
}

#[cfg(test)]
mod tests {
    use crate::Sandbox;
    use crate::seed::{CUSTOMER_TENANT_ID, USER_IDS};
    use crate::testing::credentials;

    #[tokio::test]
    async fn pages_follow_each_other_to_the_end() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let users = format!("/v1/customers/{CUSTOMER_TENANT_ID}/users?size=2");
        let mut headers = credentials(&users);
        let mut target = users.clone();
        let mut pages = Vec::new();
        loop {
            let page = sandbox.send("GET", &target, &headers, None).await.json();
            let items = page["items"].as_array().expect("a list");
            assert_eq!(page["totalCount"], items.len());
            pages.push(items.iter().map(|user| user["id"].clone()).collect::<Vec<_>>());
            let Some(token) = page["continuationToken"].as_str() else {
                assert!(page["links"].get("next").is_none());
                break;
            };
            target = format!("{users}&seekOperation=Next");
            let next = &page["links"]["next"];
            assert_eq!(next["uri"], target.trim_start_matches("/v1"));
            headers.truncate(1);
            headers.push(("ms-continuationtoken", token.to_owned()));
        }
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
        assert_eq!(pages.concat(), USER_IDS);
    }
}
