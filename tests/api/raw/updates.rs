//! What an update builds on: only on a response that proves to be the resource.

use std::pin::Pin;

use letterhead::Error;

use super::calls::{ENDLESS, cloudflare, partner};
use super::table::Table;
use crate::support::ManualClock;
use crate::support::server::{RawServer, Response, json, typed};

const PROOF: &str =
    "an update builds only on a response that proves to be the resource: else nothing is sent";
const ETAG: &str = "a resource that has an ETag isn't written without one";
const WRITTEN: &str = "a write is only called written where the response doesn't say otherwise";
const UNTOUCHED: &str = "what needs no write gets none";

/// Which resource a row updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Organization,
    Support,
    Billing,
    Legal,
    CustomerBilling,
    CloudOrganization,
    CloudAccount,
}
use Which::{
    Billing, CloudAccount, CloudOrganization, CustomerBilling, Legal, Organization, Support,
};

type Updating = Pin<Box<dyn Future<Output = Result<bool, Error>> + Send>>;

/// Updates a resource; whether it was written.
fn update(which: Which, url: &str) -> Updating {
    let clock = ManualClock::new();
    macro_rules! update {
        ($client:ident.$resource:ident($($key:expr)?), $($member:ident).+ = $value:expr) => {{
            let client = $client(url, &clock).build().unwrap();
            let resource = client.$resource($($key)?).timeout(ENDLESS);
            Box::pin(async move {
                let updated = resource.update(|it| it.$($member).+ = $value).await;
                updated.map(|it| it.is_written())
            })
        }};
    }
    let new = || Some("new@fabrikam.example".to_owned());
    match which {
        Organization => update!(partner.organization_profile(), email = new()),
        Support => update!(partner.support_profile(), email = new()),
        Billing => update!(partner.billing_profile(), company_name = new()),
        Legal => update!(partner.legal_business_profile(), company_name = new()),
        CustomerBilling => update!(partner.customer_billing_profile("t"), email = new()),
        CloudOrganization => update!(cloudflare.organization_profile("o"), business_email = new()),
        CloudAccount => update!(cloudflare.account_profile("a"), business_email = new()),
    }
}

/// The resource as it is, with an ETag where it has one.
fn whole(which: Which) -> &'static str {
    match which {
        CloudOrganization | CloudAccount => {
            r#"{"success":true,"errors":[],"messages":[],"result":{"business_name":"F",
                "business_address":"","business_email":"old@fabrikam.example","business_phone":"1",
                "external_metadata":"{}"}}"#
        }
        _ => {
            r#"{"email":"old@fabrikam.example","companyName":"F","telephone":"1","profileType":"p",
                "attributes":{"etag":"\"e1\"","objectType":"Profile"}}"#
        }
    }
}

/// A server that gives `read` to each GET and `write` to each PUT.
async fn serving(read: Response, write: Response) -> RawServer {
    RawServer::start(move |request| match request.method() {
        "GET" => read.clone(),
        _ => write.clone(),
    })
    .await
}

async fn refused(
    table: &mut Table,
    promise: &'static str,
    which: Which,
    name: &str,
    read: Response,
) {
    let row = async move {
        let write = typed(204, "", "");
        let server = serving(read, write).await;
        let outcome = update(which, &server.url).await;
        let writes = server.count("PUT");
        let sent = server.requests().pop().map(|it| it.text()).unwrap_or_default();
        assert_eq!(writes, 0, "it sent {sent}, and came to {outcome:?}");
        let error = outcome.expect_err("nothing was sent, so that nothing succeeded");
        assert!(!error.may_have_taken_effect(), "{error}");
    };
    table.row(promise, format!("{which:?}: {name}"), row).await;
}

#[tokio::test]
async fn a_read_that_is_no_profile_becomes_no_update() {
    let mut table = Table::new("updates");
    let anyone = [
        ("no body", ""),
        ("null", "null"),
        ("an empty object", "{}"),
        ("a list", "[]"),
        ("a list of profiles", r#"[{"email":"a","business_email":"a"}]"#),
        ("a text", r#""down""#),
        ("HTML", "<html>Welcome</html>"),
        ("an error of a gateway", r#"{"statusCode":503,"message":"Service unavailable"}"#),
        ("an error with a code", r#"{"code":"503","description":"down"}"#),
        ("an error in an object", r#"{"error":{"code":503,"message":"down"}}"#),
        ("an error in a text", r#"{"error":"down","success":null}"#),
        ("a page of a list", r#"{"totalCount":0,"items":[]}"#),
        ("unknown members alone", r#"{"x":1,"y":"z"}"#),
        ("links alone", r#"{"links":{"self":{"uri":"/x","method":"GET"}}}"#),
    ];
    for (name, body) in anyone {
        for which in [Organization, Support, Billing, Legal, CloudOrganization, CloudAccount] {
            refused(&mut table, PROOF, which, name, json(200, body)).await;
        }
    }
    let cloud = [
        ("a null result", r#"{"success":true,"errors":[],"messages":[],"result":null}"#),
        ("no result", r#"{"success":true,"errors":[],"messages":[]}"#),
        ("an empty result", r#"{"success":true,"result":{}}"#),
        ("a list as result", r#"{"success":true,"result":[]}"#),
        ("a text as result", r#"{"success":true,"result":"ok"}"#),
        ("another resource", r#"{"success":true,"result":{"id":"o","name":"F"}}"#),
        ("a profile without its envelope", r#"{"business_name":"F","business_email":"a"}"#),
        ("success that is null", r#"{"success":null,"result":null}"#),
        ("success that is false", r#"{"success":false,"result":{"business_name":"F"}}"#),
        (
            "an error beside a result",
            r#"{"success":false,"errors":[{"code":1}],"result":{"business_name":"F"}}"#,
        ),
    ];
    for (name, body) in cloud {
        for which in [CloudOrganization, CloudAccount] {
            refused(&mut table, PROOF, which, name, json(200, body)).await;
        }
    }
    for which in [Organization, CloudOrganization] {
        refused(&mut table, PROOF, which, "204", typed(204, "", "")).await;
        refused(&mut table, PROOF, which, "404", json(404, "{}")).await;
    }
    let only = r#"{"attributes":{"etag":"e1"}}"#;
    refused(&mut table, PROOF, Organization, "an ETag alone", json(200, only)).await;
    let other = r#"{"attributes":{"etag":"e1"},"statusCode":503,"message":"down"}"#;
    refused(&mut table, PROOF, Billing, "an error with an ETag", json(200, other)).await;
    table.end();
}

#[tokio::test]
async fn nothing_is_written_without_its_condition() {
    let mut table = Table::new("updates");
    for (name, attributes) in [
        ("no attributes", ""),
        ("null attributes", r#","attributes":null"#),
        ("empty attributes", r#","attributes":{}"#),
        ("attributes without an ETag", r#","attributes":{"objectType":"P"}"#),
        ("a null ETag", r#","attributes":{"etag":null}"#),
        ("an empty ETag", r#","attributes":{"etag":""}"#),
        ("a blank ETag", r#","attributes":{"etag":" \t"}"#),
        ("an ETag that is an object", r#","attributes":{"etag":{}}"#),
        ("an ETag under another name", r#","attributes":{"eTag":"e1"},"etag":"e1""#),
    ] {
        for which in [Organization, Billing, CustomerBilling] {
            let body = format!(r#"{{"email":"old","companyName":"F"{attributes}}}"#);
            refused(&mut table, ETAG, which, name, json(200, body)).await;
        }
    }
    table.end();
}

#[tokio::test]
async fn what_is_a_profile_is_written_once() {
    let mut table = Table::new("updates");
    for which in
        [Organization, Support, Billing, Legal, CustomerBilling, CloudOrganization, CloudAccount]
    {
        let row = async move {
            let write = match which {
                CloudOrganization | CloudAccount => typed(204, "", ""),
                _ => json(200, whole(which)),
            };
            let server = serving(json(200, whole(which)), write).await;
            assert!(update(which, &server.url).await.unwrap());
            assert_eq!(server.count("PUT"), 1);
            let put = server.requests().pop().unwrap().text();
            assert!(put.contains("new@fabrikam.example"), "{put}");
            if which == Organization {
                assert!(put.contains("e1") && put.contains("telephone"), "{put}");
            }
        };
        let promise = "an update writes everything that was read, once";
        table.row(promise, format!("{which:?}"), row).await;
        let row = async move {
            let same =
                whole(which).replace("old@", "new@").replace("\"F\"", "\"new@fabrikam.example\"");
            let server = serving(json(200, same), json(500, "")).await;
            assert!(!update(which, &server.url).await.unwrap());
            assert_eq!(server.count("PUT"), 0);
        };
        table.row(UNTOUCHED, format!("{which:?}"), row).await;
    }
    table.end();
}

#[tokio::test]
async fn a_write_that_failed_is_not_called_written() {
    let mut table = Table::new("updates");
    for (name, which, write) in [
        ("a conflict in a 200", Organization, json(200, r#"{"code":2055,"description":"stale"}"#)),
        ("a conflict in a 200", Support, json(200, r#"{"code":2055,"description":"stale"}"#)),
        (
            "a gateway's error in a 200",
            Organization,
            json(200, r#"{"statusCode":503,"message":"m"}"#),
        ),
        ("a gateway's error in a 200", Support, json(200, r#"{"statusCode":503,"message":"m"}"#)),
        (
            "success: false",
            CloudOrganization,
            json(200, r#"{"success":false,"errors":[{"code":1}]}"#),
        ),
        ("an error in a text", CloudOrganization, json(200, r#"{"error":"down","success":null}"#)),
        ("HTML", CloudOrganization, typed(200, "content-type: text/html\r\n", "<html>")),
        ("HTML", Organization, typed(200, "content-type: text/html\r\n", "<html>")),
        ("a redirect", CloudOrganization, typed(303, "location: /x\r\n", "")),
        ("a refusal", Legal, json(400, r#"{"code":1}"#)),
    ] {
        let row = async move {
            let server = serving(json(200, whole(which)), write).await;
            let outcome = update(which, &server.url).await;
            let (writes, reads) = (server.count("PUT"), server.count("GET"));
            assert!(outcome.is_err(), "{outcome:?} after {reads} reads and {writes} writes");
            assert!(writes <= 10, "{writes}");
        };
        table.row(WRITTEN, format!("{which:?}: {name}"), row).await;
    }
    table.end();
}
