//! What is made where there is nothing yet, and made once.

use std::sync::{Arc, Mutex};

use letterhead::CorrelationId;
use serde_json::{Value, json};

use super::resends::expected;
use super::server::{Response, Server};
use super::{ID, user};

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
        (said(r#"{"success":false,"errors":[],"messages":[],"result":null}"#), false),
        (said(r#"{"success":false,"errors":[{"code":7003,"message":"No route"}]}"#), false),
        (said(r#"{"errors":[{"code":1000,"message":"Profile not found"}]}"#), false),
        (said(r#"{"success":true,"errors":[{"code":1000,"message":"?"}]}"#), false),
        (said(r#"{"message":"not found"}"#), false),
        (said("{}"), false),
        (said(""), false),
        (Response::text(404, "text/html", "<html>not found</html>"), false),
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
        let server = Server::start(move |request| match request.method() {
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
        let server = Server::start(move |_| response.lock().unwrap().take().unwrap()).await;
        let client = server.cloudflare().build().unwrap();
        let error = client.account_profile(ID).update(|_| {}).await.unwrap_err();
        let has_hint = error.to_string().contains("update_or_create");
        assert_eq!(has_hint, is_missing, "row {row}: {error}");
        assert_eq!(server.take_methods(), ["GET"]);
    }
}

#[tokio::test]
async fn a_first_profile_that_was_lost_is_looked_for_before_another_is_made() {
    for (is_made, others) in [(true, false), (false, false), (false, true)] {
        let stored = Arc::new(Mutex::new(None::<Value>));
        let held = Arc::clone(&stored);
        let mut writes = 0;
        let server = Server::start(move |request| {
            let mut held = held.lock().unwrap();
            if request.method() == "GET" {
                let missing =
                    json!({"success": false, "errors": [{"code": 1000, "message": "None"}]});
                return match &*held {
                    Some(profile) => {
                        Response::json(200, &json!({"success": true, "result": profile}))
                    }
                    None => Response::json(404, &missing),
                };
            }
            writes += 1;
            if writes > 1 || is_made {
                *held = Some(request.json());
            }
            if writes == 1 && others {
                *held = Some(json!({"business_name": "Theirs", "business_phone": "1"}));
            }
            if writes > 1 { Response::text(204, "application/json", "") } else { Response::close() }
        })
        .await;
        let client = server.cloudflare().build().unwrap();
        let profile = client.organization_profile("1");
        let made = profile.update_or_create(|profile| profile.business_name = Some("Ours".into()));
        assert!(made.await.unwrap().is_written());
        assert_eq!(server.take_methods(), expected(is_made));
        let stored = stored.lock().unwrap().take().unwrap();
        let phone = if others { "1" } else { "" };
        assert_eq!([&stored["business_name"], &stored["business_phone"]], ["Ours", phone]);
    }
}

#[tokio::test]
async fn a_creation_that_meets_its_own_earlier_attempt_says_so() {
    let hint = "an earlier attempt of this call may have created it";
    for (lost, status, is_hinted) in [
        (true, 409, true),
        (true, 400, true),
        (true, 403, false),
        (false, 409, false),
        (false, 400, false),
    ] {
        let mut is_lost = lost;
        let server = Server::start(move |_| {
            if std::mem::take(&mut is_lost) {
                return Response::close();
            }
            Response::json(status, &json!({"code": 3000, "description": "It exists already."}))
        })
        .await;
        let partner = server.partner().build().unwrap();
        let create = partner.create_customer_user().customer_tenant_id("1");
        let error = create.body(user()).send().await;
        let error = error.unwrap_err();
        assert_eq!(error.to_string().contains(hint), is_hinted, "{lost} {status}: {error}");
        assert_eq!(error.may_have_taken_effect(), lost);
        assert_eq!(server.take_methods().len(), 1 + usize::from(lost));
    }
}
