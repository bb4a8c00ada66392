//! The partner's customers.

use http::StatusCode;
use serde_json::{Value, json};

use crate::partner_center::list::{Filter, list, own_link, unsupported_filter};
use crate::partner_center::profiles::{get_profile, update_versioned_profile};
use crate::partner_center::responses::{error, success};
use crate::request::Request;
use crate::response::Response;
use crate::store::Store;

pub(super) fn list_customers(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let member = |field: &str| match field {
        "CompanyName" => Some("companyName"),
        "Domain" => Some("domain"),
        // No customer here has either, and a profile of one has no such member.
        "IndirectReseller" => Some("indirectReseller"),
        "IndirectCloudSolutionProvider" => Some("indirectCloudSolutionProvider"),
        _ => None,
    };
    let filter = match Filter::of(request)? {
        Some(filter) => match (filter.operator.as_str(), member(&filter.field)) {
            ("starts_with", Some(member)) => Some((member, filter.value.to_lowercase())),
            _ => return Err(unsupported_filter()),
        },
        None => None,
    };
    let matches = |customer: &Value| match &filter {
        Some((member, start)) => customer["companyProfile"][member]
            .as_str()
            .is_some_and(|text| text.to_lowercase().starts_with(start)),
        None => true,
    };
    list(store, request, matches)
}

pub(super) fn get_customer(store: &mut Store, request: &Request) -> Result<Response, Response> {
    let customer = existing_customer(store, &request.path)?;
    let mut whole = customer.clone();
    let billing = [&request.path[..], &["profiles".to_owned(), "billing".to_owned()]].concat();
    if let Some(profile) = store.get(&billing) {
        whole["billingProfile"] = profile.clone();
    }
    Ok(success(&whole))
}

pub(super) fn get_company_profile(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    let customer = existing_customer(store, request.ancestor(2))?;
    let mut profile = customer["companyProfile"].clone();
    profile["links"] = json!({"self": own_link(request)});
    Ok(success(&profile))
}

pub(super) fn get_billing_profile(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    existing_customer(store, request.ancestor(2))?;
    get_profile(store, request)
}

pub(super) fn update_billing_profile(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    existing_customer(store, request.ancestor(2))?;
    update_versioned_profile(store, request, "CustomerBillingProfile")
}

pub(super) fn existing_customer<'a>(
    store: &'a Store,
    path: &[String],
) -> Result<&'a Value, Response> {
    if !path.last().is_some_and(|id| is_guid(id)) {
        let text = "The customer id is not a GUID.";
        return Err(error(StatusCode::BAD_REQUEST, 900_118, text));
    }
    store.get(path).ok_or_else(|| {
        let text = "The tenant was not found among the customers.";
        error(StatusCode::NOT_FOUND, 60003, text)
    })
}

pub(super) fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use serde_json::json;

    use crate::Sandbox;
    use crate::seed::{CUSTOMER_TENANT_ID, CUSTOMER_TENANT_IDS, INACTIVE_USER_ID};

    #[tokio::test]
    async fn filters_choose_and_unknown_ones_are_refused() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let filtered = async |path: &str, field: &str, value: &str, operator: &str| {
            let filter = json!({"Field": field, "Value": value, "Operator": operator}).to_string();
            let filter = utf8_percent_encode(&filter, NON_ALPHANUMERIC);
            let target = format!("{path}?size=0&filter={filter}");
            sandbox.call("GET", &target, None).await.json()
        };
        let customers = "/v1/customers";
        let found = filtered(customers, "CompanyName", "cont", "starts_with").await;
        assert_eq!(found["totalCount"], 2);
        let found = filtered(customers, "Domain", "Tailspin", "starts_with").await;
        assert_eq!(found["items"][0]["id"], CUSTOMER_TENANT_IDS[3]);
        let found = filtered(customers, "IndirectReseller", "Wide", "starts_with").await;
        assert_eq!(found["totalCount"], 0);
        let refused = filtered(customers, "CompanyName", "cont", "substring").await;
        assert_eq!(refused["code"], 2000);
        let users = format!("{customers}/{CUSTOMER_TENANT_ID}/users");
        let found = filtered(&users, "UserState", "Inactive", "equals").await;
        assert_eq!(found["items"][0]["id"], INACTIVE_USER_ID);
        assert_eq!(found["totalCount"], 1);
    }
}
