//! What an update builds on, and what it takes for a write that was made: a response that proves it.

mod common;

use std::sync::{Arc, Mutex};

use common::{Response, Script};
use letterhead::partner_center::{Client, types};
use letterhead::{CorrelationId, Error, ErrorKind, Updated, cloudflare};
use serde_json::{Value, json};

const ID: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// A body of a success that is no Cloudflare profile.
const NO_ENVELOPE: [&str; 17] = [
    r#"{"success":true,"errors":[],"messages":[],"result":null}"#,
    r#"{"success":true,"errors":[],"messages":[]}"#,
    r#"{"success":true,"result":{}}"#,
    r#"{"success":true,"result":{"id":"1","name":"Fabrikam"}}"#,
    r#"{"success":true,"result":{"business_name":null,"business_email":null}}"#,
    r#"{"success":true,"result":[]}"#,
    r#"{"success":true,"result":"Fabrikam"}"#,
    r#"{"success":true,"result":{"business_name":5}}"#,
    r#"{"success":null,"result":{"business_name":"Fabrikam"}}"#,
    r#"{"result":{"business_name":"Fabrikam"}}"#,
    r#"{"business_name":"Fabrikam"}"#,
    r#"{"error":"down","success":null}"#,
    "{}",
    "[]",
    "null",
    "\"down\"",
    "",
];

/// A body of a success that is no profile of Partner Center's.
const NO_PROFILE: [&str; 14] = [
    r#"{"statusCode":503,"message":"Try again later."}"#,
    r#"{"code":2055,"description":"The etag is out of date."}"#,
    r#"{"error":{"code":"ServiceUnavailable","message":"Try again later."}}"#,
    r#"{"attributes":{"etag":"1","objectType":"OrganizationProfile"},"links":{}}"#,
    r#"{"attributes":{"etag":"1"},"profileType":"OrganizationProfile"}"#,
    r#"{"attributes":{"etag":"1"},"tier":"gold"}"#,
    r#"{"attributes":{"etag":"1"},"companyName":null,"email":null,"address":null}"#,
    r#"{"attributes":{"etag":"1"},"companyName":7,"email":7}"#,
    r#"[{"companyName":"Fabrikam"}]"#,
    "{}",
    "[]",
    "null",
    "\"down\"",
    "",
];

/// Responds with `body` to whatever is asked.
async fn always(body: &str) -> Script {
    let body = body.to_owned();
    Script::start(move |_| Response::text(200, "application/json", &body)).await
}

/// Nothing but reads went out, and the error says what it has to.
fn assert_unwritten(error: &Error, server: &Script, row: &str) {
    let methods = server.take_methods();
    assert!(
        methods.iter().all(|method| method == "GET"),
        "{row}: {methods:?}"
    );
    assert_eq!(error.kind(), ErrorKind::Decode, "{row}: {error}");
    assert_eq!(error.status().unwrap(), 200, "{row}");
    assert!(
        error.request_id().is_some() && error.body().is_some(),
        "{row}"
    );
    assert!(
        error.may_have_been_sent() && !error.may_have_taken_effect(),
        "{row}"
    );
    let text = error.to_string();
    assert!(text.contains("nothing was written"), "{row}: {text}");
}

#[tokio::test]
async fn a_read_that_is_no_profile_of_cloudflares_is_never_written_back() {
    for body in NO_ENVELOPE {
        let server = always(body).await;
        let client = server.cloudflare().build().unwrap();
        let phone = || Some("+1 425 555 0100".to_owned());
        let profile = || client.organization_profile(ID);
        let update = profile().update(|profile| profile.business_phone = phone());
        assert_unwritten(&update.await.unwrap_err(), &server, body);
        let made = profile().update_or_create(|profile| profile.business_phone = phone());
        assert_unwritten(&made.await.unwrap_err(), &server, body);
        let preview = profile().preview(|profile| profile.business_phone = phone());
        assert_unwritten(&preview.await.unwrap_err(), &server, body);
        let account = client.account_profile(ID);
        let update = account.update(|profile| profile.business_phone = phone());
        assert_unwritten(&update.await.unwrap_err(), &server, body);
        assert!(profile().get().await.unwrap_err().is_decode(), "{body}");
    }
}

/// Updates every profile of Partner Center's, one after the other.
async fn update_all(partner: &Client) -> Vec<Result<bool, Error>> {
    fn written<T>(updated: Result<Updated<T>, Error>) -> Result<bool, Error> {
        updated.map(|updated| updated.is_written())
    }
    let text = || Some("new@fabrikam.example".to_owned());
    let customer = partner.customer_billing_profile(ID);
    vec![
        written(
            partner
                .organization_profile()
                .update(|it| it.email = text())
                .await,
        ),
        written(
            partner
                .billing_profile()
                .update(|it| it.tax_id = text())
                .await,
        ),
        written(customer.update(|it| it.email = text()).await),
        written(
            partner
                .support_profile()
                .update(|it| it.email = text())
                .await,
        ),
        written(
            partner
                .legal_business_profile()
                .update(|it| it.company_approver_email = text())
                .await,
        ),
    ]
}

#[tokio::test]
async fn a_read_that_is_no_profile_of_partner_centers_is_never_written_back() {
    for body in NO_PROFILE {
        let server = always(body).await;
        let partner = server.partner().build().unwrap();
        for outcome in update_all(&partner).await {
            assert_unwritten(&outcome.unwrap_err(), &server, body);
        }
        let preview = partner.organization_profile().preview(|_| {});
        assert_unwritten(&preview.await.unwrap_err(), &server, body);
        let read = partner.organization_profile().get().await;
        assert!(read.unwrap_err().is_decode(), "{body}");
    }
}

#[tokio::test]
async fn a_resource_that_lacks_its_etag_is_never_written() {
    for attributes in [
        Value::Null,
        json!({}),
        json!({"objectType": "OrganizationProfile"}),
        json!({"etag": null}),
        json!({"etag": ""}),
        json!({"etag": " \t"}),
        json!({"etag": 5}),
        json!({"etag": ["1"]}),
        json!({"Etag": "1"}),
        json!("1"),
    ] {
        let profile =
            json!({"companyName": "Fabrikam", "email": "a@b.example", "attributes": attributes});
        let row = profile.to_string();
        let server = always(&row).await;
        let partner = server.partner().build().unwrap();
        for outcome in update_all(&partner).await.into_iter().take(3) {
            let error = outcome.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{row}");
            assert!(error.to_string().contains("nothing was written"), "{error}");
        }
        let preview = partner.organization_profile().preview(|it| it.email = None);
        assert!(preview.await.unwrap_err().is_decode());
        let methods = server.take_methods();
        let writes = methods.iter().filter(|method| *method == "PUT").count();
        // Those that have none are written without; a text that is of another type is of no type.
        let is_read = partner.organization_profile().get().await.is_ok();
        assert_eq!(writes, if is_read { 2 } else { 0 }, "{row}");
    }
}

/// A server that holds one profile, and responds to a PUT with `respond`, which gets the profile.
async fn holding(
    profile: Value,
    respond: impl Fn(&mut Value, &Value) -> Response + Send + 'static,
) -> (Script, Arc<Mutex<Value>>) {
    let stored = Arc::new(Mutex::new(profile));
    let held = Arc::clone(&stored);
    let server = Script::start(move |request| {
        let mut held = held.lock().unwrap();
        match request.method.as_str() {
            "GET" if request.target.starts_with("/client") => {
                Response::json(200, &json!({"success": true, "result": *held}))
            }
            "GET" => Response::json(200, &held),
            _ => respond(&mut held, &request.json()),
        }
    });
    (server.await, stored)
}

fn organization() -> Value {
    json!({"companyName": "Fabrikam", "email": "old@fabrikam.example", "attributes": {"etag": "-42"}})
}

async fn update_email(server: &Script) -> Result<Updated<types::OrganizationProfile>, Error> {
    let partner = server.partner().build().unwrap();
    let profile = partner.organization_profile().rounds(2);
    let email = || Some("new@fabrikam.example".to_owned());
    profile.update(|profile| profile.email = email()).await
}

#[tokio::test]
async fn a_write_is_reported_where_its_response_proves_it_and_nowhere_else() {
    for body in NO_PROFILE.into_iter().skip(3).chain(["<html>ok</html>"]) {
        let (server, _) = holding(organization(), |_, _| {
            Response::text(200, "application/json", body)
        })
        .await;
        let error = update_email(&server).await.unwrap_err();
        assert!(
            error.is_decode() && error.may_have_taken_effect(),
            "{body}: {error}"
        );
        assert_eq!(
            (error.status().unwrap().as_u16(), error.body()),
            (200, Some(body.as_bytes()))
        );
        let text = error.to_string();
        assert!(
            text.contains("read again, isn't what was written"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_write_whose_response_proves_nothing_is_looked_for_once() {
    let (server, stored) = holding(organization(), |held, sent| {
        *held = sent.clone();
        Response::json(200, &json!({}))
    })
    .await;
    assert!(update_email(&server).await.unwrap().is_written());
    assert_eq!(server.take_methods(), ["GET", "PUT", "GET"]);
    assert_eq!(stored.lock().unwrap()["email"], "new@fabrikam.example");
}

#[tokio::test]
async fn an_error_object_on_a_200_is_an_error_with_its_codes_category() {
    let stale = json!({"code": 2055, "description": "The etag is out of date.", "data": []});
    let (server, _) = holding(organization(), move |_, _| Response::json(200, &stale)).await;
    let error = update_email(&server).await.unwrap_err();
    assert!(
        error.is_conflict() && !error.may_have_taken_effect(),
        "{error}"
    );
    assert_eq!(server.take_methods(), ["GET", "PUT", "GET", "PUT"]);
    let partner = server.partner().build().unwrap();
    let bare = partner
        .update_organization_profile()
        .body_map(|it| it.company_name("Fabrikam"));
    let error = bare.send().await.unwrap_err();
    assert!(error.is_conflict() && error.has_code("2055"), "{error}");

    for (body, is_uncertain, check) in [
        (
            json!({"statusCode": 503, "message": "Later."}),
            true,
            Error::is_server_error as fn(&Error) -> bool,
        ),
        (
            json!({"code": 20002, "description": "No relationship."}),
            false,
            Error::is_forbidden,
        ),
        (json!({"code": "60002"}), false, Error::is_not_found),
        (
            json!({"code": 77, "description": "Who knows?"}),
            true,
            |error| error.has_code("77"),
        ),
        (
            json!({"error": {"code": "ServiceUnavailable"}}),
            true,
            |_| true,
        ),
    ] {
        let row = body.to_string();
        let server = always(&row).await;
        let partner = server.partner().build().unwrap();
        let create = partner.create_customer_user().customer_tenant_id(ID);
        let error = create.body(common::user()).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{row}");
        assert_eq!(error.may_have_taken_effect(), is_uncertain, "{row}");
        assert!(check(&error), "{row}: {error}");
        assert_eq!(server.take_methods(), ["POST"], "{row}");
    }
    // A resource with a member of that name is none.
    let server = always(r#"{"code":"FAB","companyName":"Fabrikam","description":"Lenses"}"#).await;
    let partner = server.partner().build().unwrap();
    let write = partner
        .update_organization_profile()
        .body_map(|it| it.company_name("Fabrikam"));
    write.send().await.unwrap();
}

#[tokio::test]
async fn a_write_to_cloudflare_is_proved_by_204_or_by_its_envelope() {
    let profile = json!({"business_name": "Fabrikam", "business_phone": "1"});
    for (status, body, is_written) in [
        (204, "", true),
        (200, r#"{"success":true,"errors":[],"result":null}"#, true),
        (200, r#"{"success":null,"error":"down"}"#, false),
        (200, r#"{"errors":[{"code":1,"message":"down"}]}"#, false),
        (200, "{}", false),
        (200, "", false),
        (202, "", false),
        (200, "<html>ok</html>", false),
    ] {
        let (server, _) = holding(profile.clone(), move |_, _| {
            Response::text(status, "application/json", body)
        })
        .await;
        let client = server.cloudflare().build().unwrap();
        let update = client.organization_profile(ID).rounds(1);
        let updated = update
            .update(|profile| profile.business_phone = Some("2".into()))
            .await;
        assert_eq!(updated.is_ok(), is_written, "{status} {body}: {updated:?}");
        if let Err(error) = updated {
            assert!(error.may_have_taken_effect(), "{status} {body}: {error}");
        }
    }
    // The operation by itself only knows an error where it sees one.
    for (body, is_error) in [(r#"{"success":null,"error":"down"}"#, true), ("{}", false)] {
        let server = always(body).await;
        let client = server.cloudflare().build().unwrap();
        let write = client.modify_organization_profile().organization_id(ID);
        let outcome = write.body(common::whole_profile()).send().await;
        assert_eq!(outcome.is_err(), is_error, "{body}");
    }
}

#[tokio::test]
async fn the_etag_that_was_read_goes_with_the_write_whatever_the_change_does() {
    for target in ["organization", "customer"] {
        let (server, _) = holding(organization(), |_, sent| Response::json(200, sent)).await;
        let partner = server.partner().build().unwrap();
        if target == "organization" {
            let update = partner.organization_profile().update(|profile| {
                *profile = types::OrganizationProfile::default();
                profile.company_name = Some("Contoso".into());
            });
            assert!(update.await.unwrap().is_written());
        } else {
            let update = partner.customer_billing_profile(ID).update(|profile| {
                profile.attributes = None;
                profile.company_name = Some("Contoso".into());
            });
            assert!(update.await.unwrap().is_written());
        }
        let requests = server.take_requests();
        assert_eq!(requests[1].json()["attributes"]["etag"], "-42");
        // The page demands the header of customers only.
        let if_match = requests[1].header("if-match");
        assert_eq!(if_match, (target == "customer").then_some("\"-42\""));
    }
}

/// What is responded to a read of a profile that may be missing, and whether it is.
fn missing() -> Vec<(Response, bool)> {
    let said = |body: &str| Response::text(404, "application/json", body);
    vec![
        (
            said(
                r#"{"success":false,"errors":[{"code":1000,"message":"Profile not found"}],"result":null}"#,
            ),
            true,
        ),
        (
            said(r#"{"success":false,"errors":[],"messages":[],"result":null}"#),
            false,
        ),
        (
            said(r#"{"success":false,"errors":[{"code":7003,"message":"No route"}]}"#),
            false,
        ),
        (
            said(r#"{"errors":[{"code":1000,"message":"Profile not found"}]}"#),
            false,
        ),
        (
            said(r#"{"success":true,"errors":[{"code":1000,"message":"?"}]}"#),
            false,
        ),
        (said(r#"{"message":"not found"}"#), false),
        (said("{}"), false),
        (said(""), false),
        (
            Response::text(404, "text/html", "<html>not found</html>"),
            false,
        ),
        (
            Response::text(
                410,
                "application/json",
                r#"{"success":false,"errors":[{"code":1000,"message":"Gone"}]}"#,
            ),
            false,
        ),
        (
            Response::text(
                400,
                "application/json",
                r#"{"success":false,"errors":[{"code":7003,"message":"No route"}]}"#,
            ),
            false,
        ),
    ]
}

#[tokio::test]
async fn a_profile_is_made_only_where_cloudflare_says_that_there_is_none() {
    let scope = CorrelationId::new();
    for (row, (response, is_missing)) in missing().into_iter().enumerate() {
        let response = Mutex::new(Some(response));
        let server = Script::start(move |request| match request.method.as_str() {
            "GET" => response.lock().unwrap().take().unwrap(),
            _ => Response::text(204, "application/json", ""),
        })
        .await;
        let client = server.cloudflare().build().unwrap();
        let profile = client.organization_profile(ID).correlation_id(scope);
        let made =
            profile.update_or_create(|profile| profile.business_name = Some("Fabrikam".into()));
        let made = made.await;
        let requests = server.take_requests();
        if !is_missing {
            made.unwrap_err();
            assert_eq!(requests.len(), 1, "row {row}");
            continue;
        }
        let made = made.unwrap();
        assert!(made.is_written() && made.correlation_id() == scope);
        assert_eq!(made.business_name.as_deref(), Some("Fabrikam"));
        let whole = json!({
            "business_address": "", "business_email": "", "business_name": "Fabrikam",
            "business_phone": "", "external_metadata": "",
        });
        assert_eq!(requests[1].json(), whole);
    }
    for (row, (response, is_missing)) in missing().into_iter().enumerate() {
        let response = Mutex::new(Some(response));
        let server = Script::start(move |_| response.lock().unwrap().take().unwrap()).await;
        let client: cloudflare::Client = server.cloudflare().build().unwrap();
        let error = client.account_profile(ID).update(|_| {}).await.unwrap_err();
        let has_hint = error.to_string().contains("update_or_create");
        assert_eq!(has_hint, is_missing, "row {row}: {error}");
        assert_eq!(server.take_methods(), ["GET"]);
    }
}
