//! What a customer has licences for, and who has got them.

use http::StatusCode;
use serde_json::{Value, json};

use crate::partner_center::customers::existing_customer;
use crate::partner_center::list::collection;
use crate::partner_center::responses::{created, error, error_with, success};
use crate::partner_center::users::{active_user, has_name};
use crate::request::Request;
use crate::response::Response;
use crate::store::{Segments, Store};

pub(super) fn list_subscribed_skus(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    existing_customer(store, request.ancestor(1))?;
    Ok(list_of_groups(store, request, &request.path))
}

pub(super) fn list_user_licenses(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    let mut path = request.path.clone();
    let named = path.len() - 2;
    // A sign-in name serves as well as the id here.
    let by_name = store.below(request.ancestor(2)).find(|(_, user)| has_name(user, &path[named]));
    if let Some((id, _)) = by_name {
        id.clone_into(&mut path[named]);
    }
    active_user(store, &path[..=named])?;
    Ok(list_of_groups(store, request, &path))
}

/// What is below `path`, of the licence groups that the request asks for.
fn list_of_groups(store: &Store, request: &Request, path: &[String]) -> Response {
    let asked = request.queries("licenseGroupIds");
    let mut groups: Vec<_> = asked.map(str::to_lowercase).collect();
    if groups.is_empty() {
        groups.push("group1".to_owned());
    }
    let is_asked = |item: &&Value| {
        let group = item["productSku"]["licenseGroupId"].as_str();
        group.is_some_and(|group| groups.iter().any(|asked| asked == group))
    };
    let items: Vec<_> = store.below(path).map(|(_, item)| item).filter(is_asked).collect();
    success(&collection(&items))
}

/// Assigns and removes all of it, or nothing.
pub(super) fn update_user_licenses(
    store: &mut Store,
    request: &Request,
) -> Result<Response, Response> {
    let user = active_user(store, request.ancestor(1))?;
    let has_location = user["usageLocation"].is_string();
    let skus = child(request.ancestor(3), "subscribedskus");
    let licences = child(request.ancestor(1), "licenses");
    let members = |name: &str| request.json[name].as_array().cloned().unwrap_or_default();
    let (assigned, removed) = (members("licensesToAssign"), members("licensesToRemove"));
    let ids = || assigned.iter().map(|one| &one["skuId"]).chain(&removed);

    let refused = |text| Err(error(StatusCode::BAD_REQUEST, 60000, text));
    let known: Vec<_> = ids().map(|id| store.get(&child(&skus, text(id)))).collect();
    if known.iter().any(Option::is_none) {
        return refused("The customer has no such product.");
    }
    let group = |sku: Option<&Value>| sku.map(|sku| sku["productSku"]["licenseGroupId"].clone());
    if known.windows(2).any(|two| group(two[0]) != group(two[1])) {
        return refused("One call changes the licences of one licence group.");
    }
    if !assigned.is_empty() && !has_location {
        return refused("The user has no usage location.");
    }
    for (one, sku) in assigned.iter().zip(&known) {
        let is_held = store.get(&child(&licences, text(&one["skuId"]))).is_some();
        if !is_held && sku.is_none_or(|sku| sku["availableUnits"] == 0) {
            let data = json!(["LicenseQuotaExceededException: no seat is left."]);
            let text = "The customer is out of licences.";
            return Err(error_with(StatusCode::BAD_REQUEST, 60012, text, &data));
        }
    }

    for id in &removed {
        if store.remove(&child(&licences, text(id))).is_some() {
            occupy(store, &child(&skus, text(id)), -1);
        }
    }
    for one in &assigned {
        let (licence, sku) =
            (child(&licences, text(&one["skuId"])), child(&skus, text(&one["skuId"])));
        if store.get(&licence).is_none() {
            occupy(store, &sku, 1);
        }
        if let Some(sku) = store.get(&sku) {
            let value = licence_for(sku, &one["excludedPlans"]);
            store.put(&licence, value);
        }
    }
    Ok(created(&request.json))
}

fn licence_for(sku: &Value, excluded: &Value) -> Value {
    let is_excluded = |plan: &Value| {
        let excluded = excluded.as_array();
        excluded.is_some_and(|excluded| excluded.contains(&plan["id"]))
    };
    let plans = sku["servicePlans"].as_array().cloned().unwrap_or_default();
    let plans: Vec<_> = plans
        .into_iter()
        .filter(|plan| !is_excluded(plan))
        .map(|mut plan| {
            plan["capabilityStatus"] = "Assigned".into();
            plan
        })
        .collect();
    json!({
        "servicePlans": plans,
        "productSku": sku["productSku"],
        "attributes": {"objectType": "License"},
    })
}

/// Takes seats of a product, or gives them back.
fn occupy(store: &mut Store, path: &[String], seats: i64) {
    if let Some(mut sku) = store.get(path).cloned() {
        for (name, change) in [("consumedUnits", seats), ("availableUnits", -seats)] {
            sku[name] = (sku[name].as_i64().unwrap_or_default() + change).into();
        }
        store.put(path, sku);
    }
}

fn child(path: &[String], name: &str) -> Segments {
    [path, &[name.to_owned()]].concat()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Sandbox;
    use crate::seed::{CUSTOMER_TENANT_ID, GROUP_2_SKU_ID, LAST_SEAT_SKU_ID, SKU_ID, USER_IDS};

    #[tokio::test]
    async fn seats_run_out_and_come_back() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let customer = format!("/v1/customers/{CUSTOMER_TENANT_ID}");
        let update = async |user: &str, body| {
            let target = format!("{customer}/users/{user}/licenseupdates");
            let received = sandbox.call("POST", &target, Some(&body)).await;
            (received.status, received.json()["code"].as_u64())
        };
        let assign = json!({"licensesToAssign": [{"skuId": LAST_SEAT_SKU_ID}]});
        let remove = json!({"licensesToRemove": [LAST_SEAT_SKU_ID]});
        assert_eq!(update(USER_IDS[0], assign.clone()).await, (201, None));
        // Who has it may have it again; nobody else.
        assert_eq!(update(USER_IDS[0], assign.clone()).await, (201, None));
        assert_eq!(update(USER_IDS[1], assign.clone()).await, (400, Some(60012)));
        assert_eq!(update(USER_IDS[0], remove.clone()).await, (201, None));
        assert_eq!(update(USER_IDS[0], remove).await, (201, None));
        assert_eq!(update(USER_IDS[1], assign).await, (201, None));

        let mixed = json!({
            "licensesToAssign": [{"skuId": SKU_ID}, {"skuId": GROUP_2_SKU_ID}],
        });
        assert_eq!(update(USER_IDS[2], mixed).await, (400, Some(60000)));
        let unknown = json!({"licensesToRemove": ["b"]});
        assert_eq!(update(USER_IDS[2], unknown).await, (400, Some(60000)));

        let by_name = "bruno@contoso.onmicrosoft.example";
        for (user, count) in [(USER_IDS[0], 0), (USER_IDS[1], 1), (by_name, 1)] {
            let target = format!("{customer}/users/{user}/licenses");
            let list = sandbox.call("GET", &target, None).await.json();
            assert_eq!(list["totalCount"], count, "{user}");
        }
    }
}
