//! Partner Center: the partner's own profiles, its customers and their users.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::ids;
use crate::journal::Service;
use crate::page::page;
use crate::reply::Reply;
use crate::sign_in::{Access, MfaRefusal, Tokens};
use crate::store::{Store, segments};
use crate::vendor::{Handler, Refusal, Request, Vendor};

/// The access token that Partner Center accepts.
pub const PARTNER_CENTER_TOKEN: &str =
    "sandbox-partner-center-access-token-6f1c0ad2b7e94358a1c6d3f07e52948b";

/// The tenant of the partner.
pub const PARTNER_TENANT_ID: &str = "2f5e8c1a-64b7-4d09-9e3f-b1a7c05d8e42";
/// The domain of the partner, by which Entra knows the tenant as well.
pub const PARTNER_DOMAIN: &str = "fabrikam.onmicrosoft.example";
/// The tenant of the first customer, the one with users.
pub const CUSTOMER_TENANT_ID: &str = CUSTOMER_TENANT_IDS[0];
/// The tenants of all customers, in the order of the list.
pub const CUSTOMER_TENANT_IDS: [&str; 4] = [
    "0a4c7e19-52d3-4b86-8f01-6c9d2e7b3a51",
    "3b8d1f60-7e25-49ca-a3b4-05f7c81e9d62",
    "6c92e5a7-1b48-4fd3-b7e6-94a0d35c1f73",
    "9d03f7b8-c6a1-4e52-8c19-2be84f60a784",
];
/// The first user of the first customer.
pub const USER_ID: &str = USER_IDS[0];
/// The active users of the first customer, in the order of the list.
pub const USER_IDS: [&str; 5] = [
    "11b6f0c4-3e87-4a92-b5d1-70c8e2f94a16",
    "22c7a1d5-4f98-4ba3-86e2-81d9f3a05b27",
    "33d8b2e6-50a9-4cb4-97f3-92ea04b16c38",
    "44e9c3f7-61ba-4dc5-a804-a3fb15c27d49",
    "55fad408-72cb-4ed6-b915-b40c26d38e5a",
];
/// A deleted user of the first customer, who can still be restored.
pub const INACTIVE_USER_ID: &str = "66abe519-83dc-4fe7-8a26-c51d37e49f6b";

/// What an organization profile has in every request and every reply, since a PUT replaces it whole.
const ORGANIZATION_MEMBERS: [&str; 8] = [
    "id",
    "companyName",
    "defaultAddress",
    "tenantId",
    "domain",
    "email",
    "language",
    "culture",
];
/// The operations that a token without a user is good for.
const FOR_APPS: [&str; 1] = ["listCustomers"];
const SUPPORT_MEMBERS: [&str; 3] = ["email", "telephone", "website"];
const BOM: &str = "\u{feff}";
const DEFAULT_SIZE: usize = 100;
const LARGEST_SIZE: usize = 500;

pub(crate) struct PartnerCenter;

impl Vendor for PartnerCenter {
    fn document(&self) -> (&'static str, &'static str) {
        (
            "partner-center.yaml",
            include_str!("../../spec/partner-center.yaml"),
        )
    }

    fn service(&self) -> Service {
        Service::PartnerCenter
    }

    fn handlers(&self) -> &'static [(&'static str, Handler)] {
        &[
            ("getOrganizationProfile", get_profile),
            ("updateOrganizationProfile", update_organization_profile),
            ("getSupportProfile", get_profile),
            ("updateSupportProfile", update_support_profile),
            ("listCustomers", list_customers),
            ("listCustomerUsers", list_customer_users),
            ("getCustomerUser", get_customer_user),
            ("updateCustomerUser", update_customer_user),
        ]
    }

    fn owns(&self, path: &[String]) -> bool {
        path.first().is_some_and(|first| first == "v1")
    }

    fn seed(&self, store: &mut Store, _origin: &str) {
        seed_profiles(store);
        seed_customers(store);
        seed_users(store);
    }

    fn authorize(&self, request: &Request, operation: &str, tokens: &Tokens) -> Result<(), Reply> {
        let refused = |code, text| {
            Err(error(StatusCode::UNAUTHORIZED, code, text).header("www-authenticate", "Bearer"))
        };
        match request.bearer().and_then(|token| tokens.access(token)) {
            Some(Access::PartnerCenterUser) => match tokens.mfa {
                None => Ok(()),
                Some(MfaRefusal::EmptyBody) => Err(Reply::with_status(StatusCode::UNAUTHORIZED)
                    .header("www-authenticate", r#"Bearer error="invalid_token""#)),
                Some(MfaRefusal::Code) => {
                    refused(900_421, "The user signed in without a second factor.")
                }
            },
            Some(Access::PartnerCenterApp) if FOR_APPS.contains(&operation) => Ok(()),
            Some(Access::PartnerCenterApp) => {
                let text = "Application credentials cannot reach this resource.";
                Err(error(StatusCode::FORBIDDEN, 900_329, text))
            }
            Some(Access::OtherApi) => refused(900_420, "The token is for another audience."),
            Some(Access::CampaignStandard) | None => match request.header("authorization") {
                None => refused(800_001, "The partner token is missing."),
                Some(_) => refused(400, "Access denied."),
            },
        }
    }

    fn request_id<'a>(&self, request: &'a Request) -> Option<&'a str> {
        request.header("ms-requestid").filter(|id| !id.is_empty())
    }

    fn refuse(&self, request: &Request, refusal: &Refusal) -> Reply {
        let code = match refusal {
            Refusal::UnknownRoute => 1000,
            Refusal::Invalid(_) | Refusal::MissingQuery(_) => 3000,
            _ => 800_002,
        };
        error(refusal.status(), code, &refusal.message(request))
    }

    fn finish(&self, request: &Request, reply: Reply) -> Reply {
        let echoed = |name| {
            request
                .header(name)
                .map_or_else(|| ids::guid(4), str::to_owned)
        };
        reply
            .echo("ms-requestid", &echoed("ms-requestid"))
            .echo("ms-correlationid", &echoed("ms-correlationid"))
            .header("ms-cv", &format!("{:016x}.0", ids::number()))
            .header("ms-serverid", "020014806")
            .header(
                "request-context",
                "appId=cid-v1:6f2d9a1c-80b4-4c57-93ee-d1a5077c42b8",
            )
    }
}

fn get_profile(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let profile = store
        .get(&request.path)
        .ok_or_else(|| error(StatusCode::NOT_FOUND, 1000, "There is no such profile."))?;
    Ok(success(profile))
}

fn update_organization_profile(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    require(request, &ORGANIZATION_MEMBERS)?;
    let current = store.get(&request.path).unwrap_or(&Value::Null);
    let etag = current["attributes"]["etag"].as_str();
    let sent = match &request.json["attributes"]["etag"] {
        Value::Null => None,
        sent => Some(sent.as_str().unwrap_or_default()),
    };
    let quoted = request.header("if-match");
    let is_stale = sent.is_some_and(|sent| Some(sent) != etag)
        || quoted.is_some_and(|quoted| Some(quoted) != etag.map(quote).as_deref());
    if is_stale {
        let text = "The resource has changed since it was read; read it again.";
        return Err(error(StatusCode::BAD_REQUEST, 2055, text));
    }
    let etag = Some(new_etag());
    let profile = replaced(current, request, "OrganizationProfile", etag);
    store.put(&request.path, profile.clone());
    Ok(success(&profile))
}

fn update_support_profile(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    require(request, &SUPPORT_MEMBERS)?;
    let current = store.get(&request.path).unwrap_or(&Value::Null);
    let profile = replaced(current, request, "SupportProfile", None);
    store.put(&request.path, profile.clone());
    Ok(success(&profile))
}

fn list_customers(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let member = |field: &str| match field {
        "CompanyName" => Some("companyName"),
        "Domain" => Some("domain"),
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

fn list_customer_users(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    existing_customer(store, request.ancestor(1))?;
    let deleted = match Filter::of(request)? {
        Some(filter) => match (
            filter.field.as_str(),
            filter.operator.as_str(),
            filter.value.as_str(),
        ) {
            ("UserState", "equals", "Inactive") => true,
            _ => return Err(unsupported_filter()),
        },
        None => false,
    };
    list(store, request, |user| {
        (user["state"] == "inactive") == deleted
    })
}

fn get_customer_user(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    Ok(success(existing_user(store, request)?))
}

fn update_customer_user(store: &mut Store, request: &Request) -> Result<Reply, Reply> {
    let mut user = existing_user(store, request)?.clone();
    let (Some(members), Some(changes)) = (user.as_object_mut(), request.json.as_object()) else {
        return Err(invalid("The body must be an object."));
    };
    if changes.get("state").is_some_and(|state| state == "active") {
        // Restoring a deleted user takes no more than this member.
        members.remove("softDeletionTime");
    }
    for (name, value) in changes {
        match name.as_str() {
            // These identify the user, whatever the body says.
            "id" | "links" => {}
            "passwordProfile" => merge_password_profile(members, value),
            _ if value.is_null() => {}
            _ => drop(members.insert(name.clone(), value.clone())),
        }
    }
    store.put(&request.path, user.clone());
    Ok(success(&user))
}

/// Keeps everything but the password itself.
fn merge_password_profile(user: &mut Map<String, Value>, value: &Value) {
    if let Some(profile) = value.as_object() {
        let mut profile = profile.clone();
        profile.remove("password");
        user.insert("passwordProfile".to_owned(), profile.into());
    }
}

fn existing_customer<'a>(store: &'a Store, path: &[String]) -> Result<&'a Value, Reply> {
    if !path.last().is_some_and(|id| is_guid(id)) {
        let text = "The customer id is not a GUID.";
        return Err(error(StatusCode::BAD_REQUEST, 900_118, text));
    }
    store.get(path).ok_or_else(|| {
        let text = "The tenant was not found among the customers.";
        error(StatusCode::NOT_FOUND, 60003, text)
    })
}

fn existing_user<'a>(store: &'a Store, request: &Request) -> Result<&'a Value, Reply> {
    existing_customer(store, request.ancestor(2))?;
    store.get(&request.path).ok_or_else(|| {
        let text = "The user was not found in the customer's tenant.";
        error(StatusCode::NOT_FOUND, 60002, text)
    })
}

fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// The `filter` parameter: JSON inside the query.
struct Filter {
    field: String,
    value: String,
    operator: String,
}

impl Filter {
    fn of(request: &Request) -> Result<Option<Self>, Reply> {
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

/// One page of the resources below the request's path, or the list that a test has put there.
fn list(
    store: &Store,
    request: &Request,
    matches: impl Fn(&Value) -> bool,
) -> Result<Reply, Reply> {
    if let Some(planted) = store.get(&request.path) {
        return Ok(success(planted));
    }
    let mut items: Vec<_> = store
        .below(&request.path)
        .map(|(_, item)| item)
        .filter(|item| matches(item))
        .collect();
    sort(&mut items, request);
    let size = match request.query("size").map(str::parse) {
        None | Some(Ok(0)) => DEFAULT_SIZE,
        Some(Ok(size @ 1..=LARGEST_SIZE)) => size,
        _ => return Err(invalid("The size must be a number up to 500.")),
    };
    let token = request.header("ms-continuationtoken");
    let cursor = match (request.query("seekOperation"), token) {
        (None | Some("First"), None) => None,
        (Some("Next"), Some(token)) => Some(token),
        _ => {
            return Err(invalid(
                "MS-ContinuationToken and seekOperation=Next go together.",
            ));
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

fn sort(items: &mut [&Value], request: &Request) {
    let Some(field) = request.query("sortField") else {
        return;
    };
    // Fields are named in PascalCase, members in camelCase.
    let mut letters = field.chars();
    let member: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(letters)
        .collect();
    items.sort_by_key(|item| item[&member].as_str());
    if request.query("sortDirection") == Some("Descending") {
        items.reverse();
    }
}

fn link(uri: &str, headers: &Value) -> Value {
    json!({"uri": uri, "method": "GET", "headers": headers})
}

/// The body of a PUT with what the service adds to it.
fn replaced(current: &Value, request: &Request, kind: &str, etag: Option<String>) -> Value {
    let mut profile = request.json.clone();
    profile["profileType"] = kind.into();
    if let Some(links) = current.get("links") {
        profile["links"] = links.clone();
    }
    if !profile["attributes"].is_object() {
        profile["attributes"] = json!({"objectType": kind});
    }
    if let Some(etag) = etag {
        profile["attributes"]["etag"] = etag.into();
    }
    profile
}

fn require(request: &Request, members: &[&str]) -> Result<(), Reply> {
    match members
        .iter()
        .find(|member| request.json[**member].is_null())
    {
        Some(member) => {
            let text = format!("The property {member} is required.");
            Err(error(StatusCode::BAD_REQUEST, 3000, &text))
        }
        None => Ok(()),
    }
}

/// A signed number in text, as the service writes them.
fn new_etag() -> String {
    ids::number().cast_signed().to_string()
}

fn quote(etag: &str) -> String {
    format!("\"{etag}\"")
}

fn unsupported_filter() -> Reply {
    let text = "The filter, or its field or operator, is not supported here.";
    error(StatusCode::BAD_REQUEST, 2000, text)
}

fn invalid(description: &str) -> Reply {
    error(StatusCode::BAD_REQUEST, 800_002, description)
}

const JSON: &str = "application/json; charset=utf-8";

/// A success, with the byte order mark that the service puts before the JSON.
fn success(value: &Value) -> Reply {
    Reply::with_status(StatusCode::OK).typed(JSON, format!("{BOM}{value}"))
}

fn error(status: StatusCode, code: u32, description: &str) -> Reply {
    let body = json!({
        "code": code,
        "description": description,
        "data": [],
        "source": "PartnerFD",
    });
    Reply::with_status(status).typed(JSON, body.to_string())
}

fn seed_profiles(store: &mut Store) {
    store.put(
        &segments("/v1/profiles/organization"),
        json!({
            "id": PARTNER_TENANT_ID,
            "companyName": "Fabrikam Partner Services",
            "defaultAddress": {
                "country": "US",
                "city": "Redmond",
                "state": "WA",
                "addressLine1": "14 Calibration Way",
                "addressLine2": "",
                "postalCode": "98052",
                "firstName": "Mira",
                "lastName": "Okafor",
                "phoneNumber": "4255550142",
            },
            "tenantId": PARTNER_TENANT_ID,
            "domain": PARTNER_DOMAIN,
            "email": "partners@fabrikam.example",
            "language": "en",
            "culture": "en-US",
            "profileType": "OrganizationProfile",
            "links": {"self": link("/profiles/organization", &json!([]))},
            "attributes": {"etag": new_etag(), "objectType": "OrganizationProfile"},
        }),
    );
    store.put(
        &segments("/v1/profiles/support"),
        json!({
            "email": "help@fabrikam.example",
            "telephone": "4255550100",
            "website": "www.fabrikam.example",
            "profileType": "SupportProfile",
            "links": {"self": link("/profiles/support", &json!([]))},
            "attributes": {"objectType": "SupportProfile"},
        }),
    );
}

fn seed_customers(store: &mut Store) {
    let names = [
        "Contoso",
        "Contoso Retail",
        "Northwind Lantern",
        "Tailspin Orchards",
    ];
    for (id, name) in CUSTOMER_TENANT_IDS.into_iter().zip(names) {
        let domain = name.to_lowercase().replace(' ', "-");
        store.put(
            &segments(&format!("/v1/customers/{id}")),
            json!({
                "id": id,
                "companyProfile": {
                    "tenantId": id,
                    "domain": format!("{domain}.onmicrosoft.example"),
                    "companyName": name,
                    "attributes": {"objectType": "CustomerCompanyProfile"},
                },
                "relationshipToPartner": "reseller",
                "links": {"self": link(&format!("/customers/{id}"), &json!([]))},
                "attributes": {"objectType": "Customer"},
            }),
        );
    }
}

fn seed_users(store: &mut Store) {
    let names = [
        ("Ada", "Lindqvist"),
        ("Bruno", "Marchetti"),
        ("Chiara", "Novak"),
        ("Dario", "Oyelaran"),
        ("Edda", "Pohl"),
        ("Finn", "Quist"),
    ];
    let ids = USER_IDS.into_iter().chain([INACTIVE_USER_ID]);
    for (id, (first, last)) in ids.zip(names) {
        let path = format!("/customers/{CUSTOMER_TENANT_ID}/users/{id}");
        let mut user = json!({
            "usageLocation": "US",
            "id": id,
            "userPrincipalName": format!("{}@contoso.onmicrosoft.example", first.to_lowercase()),
            "firstName": first,
            "lastName": last,
            "displayName": format!("{first} {last}"),
            "userDomainType": "none",
            "state": "active",
            "links": {"self": link(&path, &json!([]))},
            "attributes": {"objectType": "CustomerUser"},
        });
        if id == INACTIVE_USER_ID {
            user["state"] = "inactive".into();
            user["softDeletionTime"] = "2026-03-20T00:33:34Z".into();
        }
        store.put(&segments(&format!("/v1{path}")), user);
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

    use super::*;
    use crate::Sandbox;
    use crate::testing::credentials;

    const ORGANIZATION: &str = "/v1/profiles/organization";

    fn user_path(id: &str) -> String {
        format!("/v1/customers/{CUSTOMER_TENANT_ID}/users/{id}")
    }

    #[tokio::test]
    async fn success_has_a_byte_order_mark_and_failure_has_none() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let received = sandbox.call("GET", ORGANIZATION, None).await;
        assert!(received.body.starts_with(b"\xef\xbb\xbf{"));
        assert_eq!(received.header("content-type"), Some(JSON));
        let received = sandbox.send("GET", ORGANIZATION, &[], None).await;
        assert_eq!(received.status, 401);
        let expected = json!({
            "code": 800_001,
            "description": "The partner token is missing.",
            "data": [],
            "source": "PartnerFD",
        });
        assert_eq!(received.body, expected.to_string().as_bytes());
    }

    #[tokio::test]
    async fn ids_are_echoed_or_made() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let id = "9c1f0b7e-52d4-4e3a-8f6b-1a7d90c2e845".to_owned();
        let mut headers = credentials(ORGANIZATION);
        headers.push(("MS-RequestId", id.clone()));
        let received = sandbox.send("GET", ORGANIZATION, &headers, None).await;
        assert_eq!(received.header("ms-requestid"), Some(id.as_str()));
        assert!(received.header("ms-correlationid").is_some_and(is_guid));
        assert!(received.header("ms-cv").is_some());
    }

    #[tokio::test]
    async fn a_stale_etag_is_refused_in_body_and_header() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let first = sandbox.resource(ORGANIZATION).expect("a profile");
        let mut change = first.clone();
        change["email"] = "new@fabrikam.example".into();
        change["tier"] = json!({"name": "gold"});
        let second = sandbox
            .call("PUT", ORGANIZATION, Some(&change))
            .await
            .json();
        assert_eq!(second["tier"]["name"], "gold");
        assert_ne!(second["attributes"]["etag"], first["attributes"]["etag"]);

        let received = sandbox.call("PUT", ORGANIZATION, Some(&change)).await;
        assert_eq!(
            (received.status, received.json()["code"] == 2055),
            (400, true)
        );
        let etag = |profile: &Value| quote(profile["attributes"]["etag"].as_str().expect("text"));
        for (quoted, status) in [(etag(&first), 400), (etag(&second), 200)] {
            let mut headers = credentials(ORGANIZATION);
            headers.push(("if-match", quoted));
            let body = second.to_string();
            let received = sandbox
                .send("PUT", ORGANIZATION, &headers, Some(&body))
                .await;
            assert_eq!(received.status, status);
        }
    }

    #[tokio::test]
    async fn a_put_needs_the_whole_resource() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        for (path, member) in [
            (ORGANIZATION, "defaultAddress"),
            ("/v1/profiles/support", "website"),
        ] {
            let mut body = sandbox.resource(path).expect("a profile");
            body[member] = Value::Null;
            let received = sandbox.call("PUT", path, Some(&body)).await;
            assert_eq!(
                (received.status, received.json()["code"] == 3000),
                (400, true)
            );
        }
    }

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
            pages.push(
                items
                    .iter()
                    .map(|user| user["id"].clone())
                    .collect::<Vec<_>>(),
            );
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
        let refused = filtered(customers, "CompanyName", "cont", "substring").await;
        assert_eq!(refused["code"], 2000);
        let users = format!("{customers}/{CUSTOMER_TENANT_ID}/users");
        let found = filtered(&users, "UserState", "Inactive", "equals").await;
        assert_eq!(found["items"][0]["id"], INACTIVE_USER_ID);
        assert_eq!(found["totalCount"], 1);
    }

    #[tokio::test]
    async fn a_patch_merges_and_keeps_the_password_to_itself() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let change = json!({
            "usageLocation": "DE",
            "displayName": null,
            "badge": 7,
            "passwordProfile": {"password": "Copper-Kettle-41", "forceChangePassword": true},
        });
        let user = sandbox
            .call("PATCH", &user_path(USER_ID), Some(&change))
            .await;
        assert!(!String::from_utf8_lossy(&user.body).contains("Copper-Kettle-41"));
        let user = user.json();
        assert_eq!(user["usageLocation"], "DE");
        assert_eq!(user["displayName"], "Ada Lindqvist");
        assert_eq!(user["badge"], 7);
        assert_eq!(
            user["passwordProfile"],
            json!({"forceChangePassword": true})
        );
        assert_eq!(sandbox.resource(&user_path(USER_ID)), Some(user));

        let restored = json!({"state": "active"});
        let path = user_path(INACTIVE_USER_ID);
        let user = sandbox.call("PATCH", &path, Some(&restored)).await.json();
        assert_eq!(
            (user["state"] == "active", user.get("softDeletionTime")),
            (true, None)
        );
    }

    #[tokio::test]
    async fn mistakes_have_their_codes() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let nobody = PARTNER_TENANT_ID;
        for (method, target, status, code) in [
            ("GET", format!("/v1/customers/{nobody}/users"), 404, 60003),
            ("GET", "/v1/customers/nobody/users".to_owned(), 400, 900_118),
            ("GET", user_path(nobody), 404, 60002),
            ("GET", "/v1/profiles/supportprofile".to_owned(), 404, 1000),
            ("DELETE", user_path(USER_ID), 405, 800_002),
            (
                "GET",
                "/v1/customers?seekOperation=Next".to_owned(),
                400,
                800_002,
            ),
            ("GET", "/v1/customers?size=501".to_owned(), 400, 800_002),
        ] {
            let received = sandbox.call(method, &target, None).await;
            assert_eq!(received.status, status, "{target}");
            assert_eq!(received.json()["code"], code, "{target}");
        }
        let headers = credentials("/v1");
        let path = user_path(USER_ID);
        let received = sandbox.send("PATCH", &path, &headers, Some("{oops")).await;
        assert_eq!(
            (received.status, received.json()["code"] == 800_002),
            (400, true)
        );
    }
}
