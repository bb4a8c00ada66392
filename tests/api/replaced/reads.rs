//! What an update builds on: a read that proves to be the resource.

use letterhead::partner_center::Client;
use letterhead::{Error, ErrorKind, Updated};
use serde_json::{Value, json};

use super::server::Server;
use super::{ID, NO_PROFILE, always};

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

/// Nothing but reads went out, and the error says what it has to.
fn assert_unwritten(error: &Error, server: &Server, row: &str) {
    let methods = server.take_methods();
    assert!(methods.iter().all(|method| method == "GET"), "{row}: {methods:?}");
    assert_eq!(error.kind(), ErrorKind::Decode, "{row}: {error}");
    assert_eq!(error.status().unwrap(), 200, "{row}");
    assert!(error.request_id().is_some() && error.body().is_some(), "{row}");
    assert!(error.may_have_been_sent() && !error.may_have_taken_effect(), "{row}");
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
        written(partner.organization_profile().update(|it| it.email = text()).await),
        written(partner.billing_profile().update(|it| it.tax_id = text()).await),
        written(customer.update(|it| it.email = text()).await),
        written(partner.support_profile().update(|it| it.email = text()).await),
        written(
            partner.legal_business_profile().update(|it| it.company_approver_email = text()).await,
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
