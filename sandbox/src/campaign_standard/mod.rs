//! Campaign Standard: organizational units, and the profiles that belong to them.

mod metadata;
mod profiles;
mod seed;
mod services;
mod subscriptions;
#[cfg(test)]
mod successes;
mod units;

use http::StatusCode;
use serde_json::{Value, json};

use crate::ids;
use crate::journal::Service;
use crate::page::page;
use crate::reply::Reply;
use crate::sign_in::{Access, Tokens};
use crate::store::Store;
use crate::vendor::{Handler, Refusal, Request, Vendor};

pub use seed::{
    CAMPAIGN_GEO_UNIT_PKEY, CAMPAIGN_LOOSE_PROFILE_EMAIL, CAMPAIGN_LOOSE_PROFILE_PKEY,
    CAMPAIGN_ORGANIZATION, CAMPAIGN_OTHER_UNIT_PKEY, CAMPAIGN_PROFILE_EMAIL, CAMPAIGN_PROFILE_PKEY,
    CAMPAIGN_ROOT_UNIT_PKEY, CAMPAIGN_SERVICE_PKEY, CAMPAIGN_UNIT_PKEY,
};
#[cfg(test)]
pub(crate) use successes::successes;

/// The access token that Campaign Standard accepts, beside [`CAMPAIGN_API_KEY`].
pub const CAMPAIGN_ACCESS_TOKEN: &str =
    "sandbox-campaign-standard-access-token-c83e5f1970ab4d62915cd7e80f4b263a";
/// The API key that Campaign Standard accepts, beside [`CAMPAIGN_ACCESS_TOKEN`].
pub const CAMPAIGN_API_KEY: &str =
    "sandbox-campaign-standard-api-key-5d9e07b2c4f84a13a86b1f3d72c0e945";

/// Behind a list, this asks how many entries it has.
const COUNT: &str = "_count";
const LINE_COUNT: usize = 25;
const BACKEND: &str = "RST-360011 An error has occurred - please contact your administrator.";

pub(crate) struct CampaignStandard;

impl Vendor for CampaignStandard {
    fn document(&self) -> (&'static str, &'static str) {
        (
            "campaign-standard.yaml",
            include_str!("../../../spec/campaign-standard.yaml"),
        )
    }

    fn service(&self) -> Service {
        Service::CampaignStandard
    }

    fn handlers(&self) -> &'static [(&'static str, Handler)] {
        &[
            ("listOrganizationalUnits", units::list_all),
            ("getOrganizationalUnit", get_record),
            ("updateOrganizationalUnit", units::update),
            ("listGeographicalUnits", units::list_all),
            ("getGeographicalUnit", get_record),
            ("updateGeographicalUnit", units::update),
            ("getResourceMetadata", metadata::describe),
            ("listProfiles", profiles::list_all),
            ("createProfile", profiles::create),
            ("listProfileEmails", profiles::list_emails),
            ("listProfilesByEmail", profiles::list_by_email),
            ("listProfilesByText", profiles::list_by_text),
            ("listProfilesByKeys", profiles::list_by_email),
            ("getProfile", get_record),
            ("updateProfile", profiles::update),
            ("deleteProfile", profiles::delete),
            ("listProfileSubscriptions", subscriptions::list_of_profile),
            ("subscribeProfile", subscriptions::subscribe_profile),
            ("listServices", services::list_all),
            ("createService", services::create),
            ("listServicesByChannel", services::list_by_channel),
            ("listServicesByText", services::list_by_text),
            ("getService", get_record),
            ("updateService", services::update),
            ("deleteService", services::delete),
            ("listServiceSubscriptions", subscriptions::list_of_service),
            ("addSubscriber", subscriptions::add_subscriber),
            ("unsubscribe", subscriptions::end),
        ]
    }

    fn owns(&self, path: &[String]) -> bool {
        path.get(1).is_some_and(|second| second == "campaign")
    }

    fn resolve(&self, request: &mut Request) {
        if request.path.last().is_some_and(|last| last == COUNT) {
            request.path.pop();
            request.is_followed = true;
        }
    }

    fn seed(&self, store: &mut Store, origin: &str) {
        seed::seed(store, origin);
    }

    fn authorize(&self, request: &Request, _: &str, tokens: &Tokens) -> Result<(), Reply> {
        let refused = |code, text| Err(gateway(code, text));
        let access = request.bearer().and_then(|token| tokens.access(token));
        match (request.header("authorization"), access) {
            (_, Some(Access::CampaignStandard)) => {}
            (None, _) => return refused("401010", "OAuth token is missing"),
            (Some(_), _) => return refused("401013", "OAuth token is not valid"),
        }
        match request.header("x-api-key") {
            Some(CAMPAIGN_API_KEY) => {}
            None => return refused("403000", "Api Key is required"),
            Some(_) => return refused("403003", "Api Key is invalid"),
        }
        match request.path.first().map(String::as_str) {
            Some(CAMPAIGN_ORGANIZATION) => Ok(()),
            _ => refused("403023", "Profile is not valid"),
        }
    }

    fn refuse(&self, request: &Request, refusal: &Refusal) -> Reply {
        match refusal {
            // What the gateway says about every address that it cannot make sense of.
            Refusal::UnknownRoute => Reply::new(500).json(&json!({
                "code": 500,
                "message": "Oops. Something went wrong. Check your URI and try again.",
            })),
            Refusal::WrongMethod(_) | Refusal::BodyTooLarge | Refusal::NotDeclaredAsJson => {
                let code = format!("{}000", refusal.status().as_u16());
                gateway(&code, &refusal.message(request))
            }
            Refusal::NotJson(_) | Refusal::MissingParameter(_) | Refusal::Invalid(_) => {
                backend(&format!("XTK-170006 {}", refusal.message(request)))
            }
        }
    }

    fn finish(&self, _request: &Request, reply: Reply) -> Reply {
        reply.header("x-request-id", &ids::guid(4))
    }
}

fn get_record(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let record = existing(store, &request.path)?;
    Ok(Reply::new(200).json(record))
}

/// Key and address of the record that was changed, and none of its members.
fn changed(request: &Request) -> Reply {
    let key = request.path.last().map(String::as_str).unwrap_or_default();
    let href = format!("{}{}", request.origin(), request.raw_path());
    Reply::new(200).json(&json!({"PKey": key, "href": href}))
}

/// The record whose key ends `path`.
fn existing<'a>(store: &'a Store, path: &[String]) -> Result<&'a Value, Reply> {
    let key = path.last().map(String::as_str).unwrap_or_default();
    if !key.starts_with('@') {
        let text = format!("XTK-170036 Unable to parse: '{key}' is not a valid constant.");
        return Err(backend(&text));
    }
    store.get(path).ok_or_else(not_found)
}

fn not_found() -> Reply {
    Reply::new(404).json(&json!({
        "error_code": "404",
        "title": "Not found",
        "message": format!("{BACKEND} There is no document with this key."),
    }))
}

/// One page of `records`, or the list that a test has put at the request's path.
fn list(store: &Store, request: &Request, mut records: Vec<&Value>) -> Result<Reply, Reply> {
    if request.is_followed {
        return Ok(Reply::new(200).json(&json!({"count": records.len()})));
    }
    if let Some(planted) = store.get(&request.path) {
        return Ok(Reply::new(200).json(planted));
    }
    if let Some(order) = request.query("_order") {
        let (field, direction) = order.split_once(' ').unwrap_or((order, "asc"));
        // Of a list of values each is its own field.
        records.sort_by_key(|record| record.get(field).unwrap_or(record).as_str());
        if direction == "desc" {
            records.reverse();
        }
    }
    let size = match request.query("_lineCount").map(str::parse) {
        None => LINE_COUNT,
        Some(Ok(size @ 1..)) => size,
        Some(_) => return Err(backend("XTK-170036 The value of _lineCount is not valid.")),
    };
    // A cursor belongs to the list with all its parameters, paging apart.
    let others: Vec<_> = request
        .query
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "_lineCount" | "_lineStart"))
        .collect();
    let name = format!("{:?}{others:?}", request.path);
    let cursor = request.query("_lineStart");
    let bare = cursor.map(|cursor| cursor.strip_prefix('@').unwrap_or_default());
    let page = page(&name, records, bare, size)
        .ok_or_else(|| backend("XTK-170036 The value of _lineStart is not valid."))?;

    let address = format!("{}{}", request.origin(), request.raw_path());
    let query = request.raw_query_without("_lineStart");
    let start = cursor.unwrap_or("@");
    let mut body = json!({
        "content": page.items,
        "count": {"href": format!("{address}/{COUNT}?{query}_lineStart={start}")},
        "serverSidePagination": true,
    });
    if let Some(next) = page.next {
        body["next"] = json!({"href": format!("{address}?{query}_lineStart=@{next}")});
    }
    Ok(Reply::new(200).json(&body))
}

/// An error of the gateway, whose code begins with the status.
fn gateway(code: &str, message: &str) -> Reply {
    let status = code.get(..3).and_then(|status| status.parse().ok());
    Reply::with_status(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .json(&json!({"error_code": code, "message": message}))
}

/// An error of the application behind the gateway, which has 500 for most mistakes of a caller.
fn backend(detail: &str) -> Reply {
    Reply::new(500).json(&json!({
        "title": "Internal error",
        "message": format!("{BACKEND} {detail}"),
    }))
}

#[cfg(test)]
mod tests {
    use super::seed::{PROFILES, UNITS};
    use super::*;
    use crate::Sandbox;
    use crate::testing::credentials;

    fn path(rest: &str) -> String {
        format!("/{CAMPAIGN_ORGANIZATION}/campaign/{rest}")
    }

    fn profile_path() -> String {
        path(&format!("{PROFILES}/{CAMPAIGN_PROFILE_PKEY}"))
    }

    #[tokio::test]
    async fn the_gateway_wants_token_key_and_its_own_organization() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let bearer = ("authorization", format!("Bearer {CAMPAIGN_ACCESS_TOKEN}"));
        let stranger = ("authorization", "Bearer stranger".to_owned());
        let key = ("x-api-key", CAMPAIGN_API_KEY.to_owned());
        let other_key = ("x-api-key", "stranger".to_owned());
        let own = profile_path();
        let other = own.replace(CAMPAIGN_ORGANIZATION, "contoso");
        for (target, headers, status, code) in [
            (&own, vec![key.clone()], 401, "401010"),
            (&own, vec![stranger, key.clone()], 401, "401013"),
            (&own, vec![bearer.clone()], 403, "403000"),
            (&own, vec![bearer.clone(), other_key], 403, "403003"),
            (&other, vec![bearer, key], 403, "403023"),
        ] {
            let received = sandbox.send("GET", target, &headers, None).await;
            assert_eq!(received.status, status);
            assert_eq!(received.json()["error_code"], code);
            assert!(received.header("x-request-id").is_some());
        }
    }

    #[tokio::test]
    async fn next_leads_to_the_end_on_the_same_origin() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let mut target = path(&format!("{UNITS}/?_lineCount=2"));
        let mut keys = Vec::new();
        let mut pages = 0;
        loop {
            let page = sandbox.call("GET", &target, None).await.json();
            pages += 1;
            let units = page["content"].as_array().expect("a list");
            keys.extend(units.iter().map(|unit| unit["PKey"].clone()));
            let Some(next) = page["next"]["href"].as_str() else {
                break;
            };
            assert!(next.contains("_lineStart=@"), "{next}");
            target = next
                .strip_prefix(&sandbox.url())
                .expect("the origin")
                .to_owned();
        }
        let all = [
            CAMPAIGN_ROOT_UNIT_PKEY,
            CAMPAIGN_UNIT_PKEY,
            CAMPAIGN_OTHER_UNIT_PKEY,
        ];
        assert_eq!(pages, 2);
        assert_eq!(keys, all);
    }

    #[tokio::test]
    async fn a_profile_is_found_by_its_exact_address() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        for (email, expected) in [
            ("tomas%2Bnews%40contoso.example", 1),
            ("tomas", 0),
            // Unencoded, a plus is a space.
            ("tomas+news@contoso.example", 0),
        ] {
            let target = path(&format!("{PROFILES}/byEmail?email={email}"));
            let page = sandbox.call("GET", &target, None).await.json();
            let found = page["content"].as_array().map(Vec::len);
            assert_eq!(found, Some(expected), "{email}");
        }
        let without = path(&format!("{PROFILES}/byEmail"));
        assert_eq!(sandbox.call("GET", &without, None).await.status, 500);
    }

    #[tokio::test]
    async fn a_unit_is_linked_by_its_key_and_taken_away_by_null() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let change = json!({"orgUnit": {"PKey": CAMPAIGN_OTHER_UNIT_PKEY}, "cusColour": "teal"});
        let received = sandbox.call("PATCH", &profile_path(), Some(&change)).await;
        let href = format!("{}{}", sandbox.url(), profile_path());
        let expected = json!({"PKey": CAMPAIGN_PROFILE_PKEY, "href": href});
        assert_eq!((received.status, received.json()), (200, expected));
        let profile = sandbox.call("GET", &profile_path(), None).await.json();
        let unit = path(&format!("{UNITS}/{CAMPAIGN_OTHER_UNIT_PKEY}"));
        let link = json!({
            "PKey": CAMPAIGN_OTHER_UNIT_PKEY,
            "href": format!("{}{unit}", sandbox.url()),
            "title": "Northwind Brand (northwind-brand)",
        });
        assert_eq!(
            (&profile["orgUnit"], &profile["cusColour"]),
            (&link, &json!("teal"))
        );

        let cleared = json!({"orgUnit": null});
        sandbox.call("PATCH", &profile_path(), Some(&cleared)).await;
        let profile = sandbox.resource(&profile_path()).expect("a profile");
        assert_eq!(profile.get("orgUnit"), Some(&Value::Null));
        let nothing = sandbox
            .call("PATCH", &profile_path(), Some(&json!({})))
            .await;
        assert_eq!((nothing.status, nothing.body.len()), (204, 0));
    }

    #[tokio::test]
    async fn mistakes_are_500_unless_a_record_is_missing() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let unit = |key: &str| json!({"orgUnit": {"PKey": key}});
        for (change, status, said) in [
            (unit("contoso"), 500, "XTK-170036"),
            (unit("@nobody"), 404, "no document"),
            (
                json!({"geoUnit": {"PKey": CAMPAIGN_UNIT_PKEY}}),
                404,
                "no document",
            ),
            (json!({"orgUnit": {}}), 500, "/orgUnit/PKey"),
            (json!({"age": 30}), 500, "read-only"),
            (json!({"PKey": "@other"}), 500, "RST-360012"),
        ] {
            let received = sandbox.call("PATCH", &profile_path(), Some(&change)).await;
            let body = received.json();
            assert_eq!(received.status, status, "{body}");
            let message = body["message"].as_str().expect("a message");
            assert!(message.contains(said), "{message}");
            assert!(message.starts_with("RST-360011"), "{message}");
        }
        for (key, status) in [("nobody", 500), ("@nobody", 404)] {
            let target = path(&format!("{PROFILES}/{key}"));
            assert_eq!(sandbox.call("GET", &target, None).await.status, status);
        }
        let headers = credentials("/fabrikam");
        let target = path("profileAndServicesExt/landingPage/");
        let received = sandbox.send("GET", &target, &headers, None).await;
        assert_eq!(
            (received.status, received.json()["code"] == 500),
            (500, true)
        );
    }
}
