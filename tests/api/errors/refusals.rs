//! What vendors refuse, and what their codes mean.

use std::time::Duration;

use letterhead::campaign_standard::types::OrganizationalUnitReference;
use letterhead::{Error, ErrorKind, partner_center};
use letterhead_sandbox::{Response, credentials, seed};
use serde_json::json;

use super::{assert_traceable, error_of, modify};
use crate::support::{World, campaign_at, cloudflare_at, partner_at};

#[tokio::test]
async fn a_vendors_refusal_keeps_all_it_said() {
    let world = World::without_retries().await;
    let error = world
        .partner
        .get_customer_user()
        .customer_tenant_id(seed::CUSTOMER_TENANT_ID)
        .user_id("00000000-0000-0000-0000-000000000000")
        .send()
        .await
        .unwrap_err();
    let request = world.request();
    assert_traceable(&error, "get_customer_user");
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.is_not_found());
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(error.codes(), ["60002"]);
    assert_eq!(error.body().unwrap(), *request.response.body());
    assert_eq!(
        error.headers().unwrap()["content-type"],
        request.response.headers()["content-type"]
    );
    let sent = request.header("ms-requestid").unwrap();
    assert_eq!(error.request_id().unwrap().to_string(), sent);
    assert_eq!(error.trace_id(), request.response.headers()["ms-cv"].to_str().ok());
    assert_eq!(
        error.to_string(),
        format!(
            "get_customer_user: Partner Center responded with 404 Not Found, code 60002: {} (request id \
             {}, correlation id {}, trace id {})",
            error.message().unwrap(),
            error.request_id().unwrap(),
            error.correlation_id().unwrap(),
            error.trace_id().unwrap(),
        )
    );
}

#[tokio::test]
async fn a_stale_etag_is_a_conflict() {
    let world = World::without_retries().await;
    let first = world.partner.get_organization_profile().send().await.unwrap().into_inner();
    let second = first.clone();
    world.partner.update_organization_profile().body(first).send().await.unwrap();
    let update = world.partner.update_organization_profile().body(second);
    let error = update.send().await.unwrap_err();
    assert!(error.is_conflict() && !error.is_invalid_request());
    assert_eq!((error.status().unwrap().as_u16(), error.codes()), (400, &["2055".to_owned()][..]));
}

#[tokio::test]
async fn every_vendor_refuses_a_wrong_credential_in_its_own_way() {
    let world = World::without_retries().await;
    let sandbox = &world.sandbox;
    let wrong = partner_center::Credential::bearer("wrong").unwrap();
    let partner = partner_at(sandbox.partner_center_url()).credential(wrong);
    let error = partner.build().unwrap().get_support_profile().send().await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");

    let wrong = letterhead::cloudflare::Credential::api_token("wrong").unwrap();
    let cloudflare = cloudflare_at(sandbox.cloudflare_url()).credential(wrong);
    let call = cloudflare.build().unwrap();
    let call = call.get_organization_profile().organization_id(seed::CLOUDFLARE_ORGANIZATION_ID);
    let error = call.send().await.unwrap_err();
    assert!(error.is_forbidden(), "{error}");
    assert_eq!(error.codes(), ["10000"]);

    let token = credentials::CAMPAIGN_ACCESS_TOKEN;
    let wrong = letterhead::campaign_standard::Credential::new(token, "wrong").unwrap();
    let campaign = campaign_at(sandbox.campaign_standard_url()).credential(wrong);
    let call = campaign.build().unwrap();
    let error = call.list_organizational_units().send().await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    assert_eq!(error.codes(), ["403003"]);
}

#[tokio::test]
async fn campaigns_500_means_that_the_request_is_wrong() {
    let world = World::without_retries().await;
    let unit = OrganizationalUnitReference::from("brand4");
    let call = world.campaign.update_profile().profile_pkey(seed::CAMPAIGN_PROFILE_PKEY);
    let error = call.body_map(|profile| profile.org_unit(unit)).send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 500);
    assert!(error.is_invalid_request() && !error.is_server_error(), "{error}");
    assert!(error.message().unwrap().starts_with("RST-360011"));

    let oops = "Oops. Something went wrong. Check your URI and try again.";
    world.sandbox.respond_next(Response::new(502).json(&json!({"code": 502, "message": oops})));
    let error = world.campaign.list_organizational_units().send().await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");

    world.sandbox.respond_next(Response::new(500).body("RST-360011 An error\nXTK-170036"));
    let error = world.campaign.list_organizational_units().send().await.unwrap_err();
    assert!(error.is_invalid_request());
    assert_eq!(error.message(), Some("RST-360011 An error XTK-170036"));
}

#[tokio::test]
async fn a_success_that_says_it_is_none_is_an_error() {
    let world = World::without_retries().await;
    let body = json!({
        "success": false, "messages": null, "result": null,
        "errors": [{"code": 6003, "message": "Invalid request headers",
            "error_chain": [{"code": 6111, "message": "Invalid format"}]}],
    });
    for _ in 0..2 {
        world.sandbox.respond_next(Response::new(200).json(&body));
    }
    let read = world.cloudflare.get_organization_profile().organization_id("o").send().await;
    let write = modify(&world).await;
    for error in [read.unwrap_err(), write.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.is_unauthorized());
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(error.codes(), ["6003", "6111"]);
        assert_eq!(error.message(), Some("Invalid request headers; Invalid format"));
    }
}

#[tokio::test]
async fn vendors_codes_mean_what_the_predicates_say() {
    type Is = fn(&Error) -> bool;
    let world = World::without_retries().await;
    let cloudflare: [(u16, u32, Is); 6] = [
        (400, 9106, Error::is_unauthorized),
        (400, 6003, Error::is_unauthorized),
        (403, 9103, Error::is_unauthorized),
        (400, 1001, Error::is_forbidden),
        (403, 10_000, Error::is_forbidden),
        (404, 7003, Error::is_not_found),
    ];
    for (status, code, is) in cloudflare {
        let body = json!({"success": false, "errors": [{"code": code, "message": "m"}]});
        world.sandbox.respond_next(Response::new(status).json(&body));
        let error = modify(&world).await.unwrap_err();
        assert!(is(&error), "{error:?}");
    }
    let campaign: [(u16, serde_json::Value, Is); 11] = [
        (403, json!({"error_code": "403010", "message": "m"}), Error::is_unauthorized),
        (403, json!({"error_code": "403000", "message": "m"}), Error::is_unauthorized),
        (403, json!({"error_code": "403023", "message": "m"}), Error::is_forbidden),
        (429, json!({"error_code": "429050", "message": "m"}), Error::is_throttled),
        (500, json!("RST-360011 An error"), Error::is_invalid_request),
        (500, json!({"error": {"message": "XTK-170036"}}), Error::is_invalid_request),
        (500, json!({"title": "PGS-220000", "message": "m"}), Error::is_server_error),
        (
            500,
            json!(
                "RST-360011 An error has occurred.\nPGS-220000 PostgreSQL error: deadlock detected"
            ),
            Error::is_server_error,
        ),
        (
            500,
            json!("PGS-220000 ERROR: duplicate key value violates unique constraint"),
            Error::is_invalid_request,
        ),
        (500, json!({"message": "out of memory"}), Error::is_server_error),
        (503, json!({"message": "XTK-170036"}), Error::is_server_error),
    ];
    for (status, body, is) in campaign {
        world.sandbox.respond_next(Response::new(status).json(&body));
        let error = world.campaign.list_organizational_units().send().await.unwrap_err();
        assert!(is(&error), "{error:?}");
    }
    let partner: [(u16, Is); 5] = [
        (408, Error::is_timeout),
        (409, Error::is_conflict),
        (412, Error::is_conflict),
        (501, |error| !error.is_server_error()),
        (504, Error::is_server_error),
    ];
    for (status, is) in partner {
        let (_world, error) = error_of(Response::new(status)).await;
        assert!(is(&error), "{error:?}");
    }
}

#[tokio::test]
async fn retry_after_comes_as_seconds_or_as_a_date() {
    let gateway = json!({"statusCode": 429, "message": "Try again in 57 seconds."});
    let reply = Response::new(429).header("retry-after", "57").json(&gateway);
    let (_world, error) = error_of(reply).await;
    assert!(error.is_throttled());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(57)));
    assert_eq!(error.message(), Some("Try again in 57 seconds."));

    for (date, expected) in [
        ("Fri, 01 Jan 2100 00:00:00 GMT", Duration::from_secs(86_400)..Duration::MAX),
        ("Mon, 21 Mar 2016 05:48:41 GMT", Duration::ZERO..Duration::from_nanos(1)),
    ] {
        let (_world, error) = error_of(Response::new(503).header("retry-after", date)).await;
        assert!(expected.contains(&error.retry_after().unwrap()), "{date}");
    }
    for nonsense in ["", "soon", "-1", "June 24 2016 22:00:25 PST"] {
        let (_world, error) = error_of(Response::new(503).header("retry-after", nonsense)).await;
        assert_eq!(error.retry_after(), None, "{nonsense}");
    }
}
