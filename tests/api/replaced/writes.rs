//! What is taken for a write that was made: a response that proves it.

use std::sync::{Arc, Mutex};

use letterhead::partner_center::types;
use letterhead::{Error, ErrorKind, Updated};
use serde_json::{Value, json};

use super::server::{Response, Server};
use super::{ID, NO_PROFILE, always, user};
use crate::support::whole_profile;

/// A server that holds one profile, and responds to a PUT with `respond`, which gets the profile.
async fn holding(
    profile: Value,
    respond: impl Fn(&mut Value, &Value) -> Response + Send + 'static,
) -> (Server, Arc<Mutex<Value>>) {
    let stored = Arc::new(Mutex::new(profile));
    let held = Arc::clone(&stored);
    let server = Server::start(move |request| {
        let mut held = held.lock().unwrap();
        match request.method() {
            "GET" if request.target().starts_with("/client") => {
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

async fn update_email(server: &Server) -> Result<Updated<types::OrganizationProfile>, Error> {
    let partner = server.partner().build().unwrap();
    let profile = partner.organization_profile().rounds(2);
    let email = || Some("new@fabrikam.example".to_owned());
    profile.update(|profile| profile.email = email()).await
}

#[tokio::test]
async fn a_write_is_reported_where_its_response_proves_it_and_nowhere_else() {
    for body in NO_PROFILE.into_iter().skip(3).chain(["<html>ok</html>"]) {
        let (server, _) =
            holding(organization(), |_, _| Response::text(200, "application/json", body)).await;
        let error = update_email(&server).await.unwrap_err();
        assert!(error.is_decode() && error.may_have_taken_effect(), "{body}: {error}");
        assert_eq!((error.status().unwrap().as_u16(), error.body()), (200, Some(body.as_bytes())));
        let text = error.to_string();
        assert!(text.contains("read again, isn't what was written"), "{text}");
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
    assert!(error.is_conflict() && !error.may_have_taken_effect(), "{error}");
    assert_eq!(server.take_methods(), ["GET", "PUT", "GET", "PUT"]);
    let partner = server.partner().build().unwrap();
    let bare = partner.update_organization_profile().body_map(|it| it.company_name("Fabrikam"));
    let error = bare.send().await.unwrap_err();
    assert!(error.is_conflict() && error.has_code("2055"), "{error}");

    for (body, is_uncertain, check) in [
        (
            json!({"statusCode": 503, "message": "Later."}),
            true,
            Error::is_server_error as fn(&Error) -> bool,
        ),
        (json!({"code": 20002, "description": "No relationship."}), false, Error::is_forbidden),
        (json!({"code": "60002"}), false, Error::is_not_found),
        (json!({"code": 77, "description": "Who knows?"}), true, |error| error.has_code("77")),
        (json!({"error": {"code": "ServiceUnavailable"}}), true, |_| true),
    ] {
        let row = body.to_string();
        let server = always(&row).await;
        let partner = server.partner().build().unwrap();
        let create = partner.create_customer_user().customer_tenant_id(ID);
        let error = create.body(user()).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{row}");
        assert_eq!(error.may_have_taken_effect(), is_uncertain, "{row}");
        assert!(check(&error), "{row}: {error}");
        assert_eq!(server.take_methods(), ["POST"], "{row}");
    }
    // A resource with a member of that name is none.
    let server = always(r#"{"code":"FAB","companyName":"Fabrikam","description":"Lenses"}"#).await;
    let partner = server.partner().build().unwrap();
    let write = partner.update_organization_profile().body_map(|it| it.company_name("Fabrikam"));
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
        let (server, _) =
            holding(profile.clone(), move |_, _| Response::text(status, "application/json", body))
                .await;
        let client = server.cloudflare().build().unwrap();
        let update = client.organization_profile(ID).rounds(1);
        let updated = update.update(|profile| profile.business_phone = Some("2".into())).await;
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
        let outcome = write.body(whole_profile()).send().await;
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
