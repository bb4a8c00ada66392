//! What becomes of everything that isn't a plain success.

mod common;

use std::error::Error as _;
use std::time::Duration;

use common::{World, whole_profile};
use letterhead::campaign_standard::types::OrganizationalUnitReference;
use letterhead::partner_center::types::SupportProfile;
use letterhead::{Error, ErrorKind, partner_center};
use letterhead_sandbox::{Reply, credentials, seed};
use serde_json::json;

/// The error of reading the organization profile when the vendor answers with `reply`.
async fn answered(reply: Reply) -> (World, Error) {
    let world = World::without_retries().await;
    world.sandbox.reply_next(reply);
    let error = world
        .partner
        .get_organization_profile()
        .send()
        .await
        .unwrap_err();
    (world, error)
}

/// Cloudflare's PUT, whose success has no body.
async fn modify(world: &World) -> Result<(), Error> {
    let call = world
        .cloudflare
        .modify_organization_profile()
        .organization_id("o");
    call.body(whole_profile()).send().await.map(drop)
}

/// Ids and operation stand in every error of a call, and its text is one line.
fn assert_traceable(error: &Error, operation: &str) {
    assert_eq!(error.operation(), Some(operation));
    let text = error.to_string();
    assert!(
        text.contains(&error.request_id().unwrap().to_string()),
        "{text}"
    );
    assert!(
        text.contains(&error.correlation_id().unwrap().to_string()),
        "{text}"
    );
    assert!(!text.contains('\n'), "{text}");
}

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
    let exchange = world.exchange();
    assert_traceable(&error, "get_customer_user");
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.is_not_found());
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(error.codes(), ["60002"]);
    assert_eq!(error.body().unwrap(), exchange.response_body);
    assert_eq!(
        error.headers().unwrap()["content-type"],
        exchange.response_headers["content-type"]
    );
    let sent = exchange.request_header("ms-requestid").unwrap();
    assert_eq!(error.request_id().unwrap().to_string(), sent);
    assert_eq!(
        error.trace_id(),
        exchange.response_headers["ms-cv"].to_str().ok()
    );
    assert_eq!(
        error.to_string(),
        format!(
            "get_customer_user: Partner Center answered 404 Not Found, code 60002: {} (request id \
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
    let first = world
        .partner
        .get_organization_profile()
        .send()
        .await
        .unwrap()
        .into_inner();
    let second = first.clone();
    world
        .partner
        .update_organization_profile()
        .body(first)
        .send()
        .await
        .unwrap();
    let update = world.partner.update_organization_profile().body(second);
    let error = update.send().await.unwrap_err();
    assert!(error.is_conflict() && !error.is_invalid_request());
    assert_eq!(
        (error.status().unwrap().as_u16(), error.codes()),
        (400, &["2055".to_owned()][..])
    );
}

#[tokio::test]
async fn every_vendor_refuses_a_wrong_credential_in_its_own_way() {
    let world = World::without_retries().await;
    let url = world.sandbox.url();
    let partner = partner_center::Client::builder()
        .base_url(&url)
        .credential(partner_center::Credential::bearer("wrong").unwrap());
    let error = partner
        .build()
        .unwrap()
        .get_support_profile()
        .send()
        .await
        .unwrap_err();
    assert!(error.is_unauthorized(), "{error}");

    let cloudflare = letterhead::cloudflare::Client::builder()
        .base_url(world.sandbox.cloudflare_url())
        .credential(letterhead::cloudflare::Credential::api_token("wrong").unwrap());
    let call = cloudflare.build().unwrap();
    let call = call
        .get_organization_profile()
        .organization_id(seed::CLOUDFLARE_ORGANIZATION_ID);
    let error = call.send().await.unwrap_err();
    assert!(error.is_forbidden(), "{error}");
    assert_eq!(error.codes(), ["10000"]);

    let campaign = letterhead::campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION)
        .base_url(&url)
        .credential(
            letterhead::campaign_standard::Credential::new(
                credentials::CAMPAIGN_ACCESS_TOKEN,
                "wrong",
            )
            .unwrap(),
        );
    let call = campaign.build().unwrap();
    let error = call.list_organizational_units().send().await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    assert_eq!(error.codes(), ["403003"]);
}

#[tokio::test]
async fn campaigns_500_means_that_the_request_is_wrong() {
    let world = World::without_retries().await;
    let unit = OrganizationalUnitReference::from("brand4");
    let call = world
        .campaign
        .update_profile()
        .profile_pkey(seed::CAMPAIGN_PROFILE_PKEY);
    let error = call
        .body_map(|profile| profile.org_unit(unit))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 500);
    assert!(
        error.is_invalid_request() && !error.is_server_error(),
        "{error}"
    );
    assert!(error.message().unwrap().starts_with("RST-360011"));

    let oops = "Oops. Something went wrong. Check your URI and try again.";
    world
        .sandbox
        .reply_next(Reply::new(502).json(&json!({"code": 502, "message": oops})));
    let error = world
        .campaign
        .list_organizational_units()
        .send()
        .await
        .unwrap_err();
    assert!(error.is_invalid_request(), "{error}");

    world
        .sandbox
        .reply_next(Reply::new(500).body("RST-360011 An error\nXTK-170036"));
    let error = world
        .campaign
        .list_organizational_units()
        .send()
        .await
        .unwrap_err();
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
        world.sandbox.reply_next(Reply::new(200).json(&body));
    }
    let read = world
        .cloudflare
        .get_organization_profile()
        .organization_id("o")
        .send()
        .await;
    let write = modify(&world).await;
    for error in [read.unwrap_err(), write.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.is_unauthorized());
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(error.codes(), ["6003", "6111"]);
        assert_eq!(
            error.message(),
            Some("Invalid request headers; Invalid format")
        );
    }
}

#[tokio::test]
async fn a_proxys_html_keeps_its_status() {
    let (_world, error) = answered(Reply::new(502).html("<html>Bad gateway</html>")).await;
    assert_traceable(&error, "get_organization_profile");
    assert!(error.is_server_error());
    assert_eq!(error.body().unwrap(), b"<html>Bad gateway</html>");
    assert_eq!((error.codes().len(), error.message()), (0, None));

    // A login page in place of the answer.
    let (_world, error) = answered(Reply::new(200).html("<html>Sign in</html>")).await;
    assert!(error.is_decode());
    assert_eq!(error.status().unwrap(), 200);
    assert!(
        error.to_string().contains("its content type is `text/html"),
        "{error}"
    );
    assert!(error.source().is_some());
}

#[tokio::test]
async fn an_empty_body_is_told_apart() {
    let (_world, error) = answered(Reply::new(401)).await;
    assert!(error.is_unauthorized());
    assert_eq!(error.body().unwrap(), b"");

    for body in ["", "\u{feff}"] {
        let (_world, error) = answered(Reply::new(200).body(body)).await;
        assert!(error.is_decode());
        assert!(
            error
                .to_string()
                .contains("without the body that the document promises")
        );
    }
}

#[tokio::test]
async fn a_body_cut_off_is_a_failure_of_the_connection() {
    let body = r#"{"companyName": "Fabrikam"}"#;
    let (_world, error) = answered(Reply::new(200).body(body).truncate(10)).await;
    assert_traceable(&error, "get_organization_profile");
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.status().unwrap(), 200);

    // What a failure said before it broke off is still what it said.
    let refusal = r#"{"code": 800001, "description": "no token"}"#;
    let reply = Reply::new(401).body(refusal).truncate(refusal.len() - 1);
    let (_world, error) = answered(reply).await;
    assert!(
        error.is_unauthorized() && error.source().is_some(),
        "{error:?}"
    );
    assert_eq!(
        error.body().unwrap(),
        &refusal.as_bytes()[..refusal.len() - 1]
    );

    // Cut off by someone who counted again.
    let (_world, error) = answered(Reply::new(200).body(&body.as_bytes()[..10])).await;
    assert!(error.is_decode());
}

#[tokio::test]
async fn what_does_not_decode_is_named_by_its_path() {
    let body = json!({"defaultAddress": {"phoneNumber": 4_255_550_100_u64}});
    let (_world, error) = answered(Reply::new(200).json(&body)).await;
    assert!(error.is_decode());
    let source = error.source().unwrap().to_string();
    let expected =
        "defaultAddress.phoneNumber: invalid type, expected a string at line 1 column 43";
    assert_eq!(source, expected, "and nothing of the value");
}

#[tokio::test]
async fn a_bom_is_no_part_of_json_in_errors_either() {
    let body = "\u{feff}{\"code\": 60003, \"description\": \"no tenant\"}";
    let (_world, error) = answered(Reply::new(404).body(body)).await;
    assert_eq!(error.codes(), ["60003"]);
    assert_eq!(error.message(), Some("no tenant"));
}

#[tokio::test]
async fn retry_after_comes_as_seconds_or_as_a_date() {
    let gateway = json!({"statusCode": 429, "message": "Try again in 57 seconds."});
    let reply = Reply::new(429).header("retry-after", "57").json(&gateway);
    let (_world, error) = answered(reply).await;
    assert!(error.is_throttled());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(57)));
    assert_eq!(error.message(), Some("Try again in 57 seconds."));

    for (date, expected) in [
        (
            "Fri, 01 Jan 2100 00:00:00 GMT",
            Duration::from_secs(86_400)..Duration::MAX,
        ),
        (
            "Mon, 21 Mar 2016 05:48:41 GMT",
            Duration::ZERO..Duration::from_nanos(1),
        ),
    ] {
        let (_world, error) = answered(Reply::new(503).header("retry-after", date)).await;
        assert!(expected.contains(&error.retry_after().unwrap()), "{date}");
    }
    for nonsense in ["", "soon", "-1", "June 24 2016 22:00:25 PST"] {
        let (_world, error) = answered(Reply::new(503).header("retry-after", nonsense)).await;
        assert_eq!(error.retry_after(), None, "{nonsense}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let reply = Reply::new(307).header("location", "https://elsewhere.example/v1");
    let (world, error) = answered(reply).await;
    assert_eq!(error.status().unwrap(), 307);
    assert!(
        error.to_string().contains("redirects aren't followed"),
        "{error}"
    );
    assert_eq!(world.sandbox.exchanges().len(), 1);
}

#[tokio::test]
async fn a_failure_is_sent_once() {
    for status in [408, 429, 500, 503] {
        let (world, _) = answered(Reply::new(status)).await;
        assert_eq!(world.sandbox.exchanges().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let sandbox = letterhead_sandbox::Sandbox::start().await.unwrap();
    let url = sandbox.url();
    let client = partner_center::Client::builder()
        .base_url(url)
        .credential(partner_center::Credential::bearer("token").unwrap())
        .build()
        .unwrap();
    // A port that was free a moment ago and that nobody listens on.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let nobody = partner_center::Client::builder()
        .base_url(gone)
        .credential(partner_center::Credential::bearer("token").unwrap())
        .build()
        .unwrap();
    let error = nobody.get_support_profile().send().await.unwrap_err();
    assert!(error.is_connect());
    assert_traceable(&error, "get_support_profile");
    assert!(error.to_string().contains("nothing was sent"), "{error}");
    // The source says why, and the text doesn't repeat it.
    let source = error.source().unwrap().to_string();
    assert!(!error.to_string().contains(&source), "{error} / {source}");
    assert!(
        client
            .get_support_profile()
            .send()
            .await
            .unwrap_err()
            .is_unauthorized()
    );
}

#[tokio::test]
async fn a_long_body_is_kept_in_part() {
    let (_world, error) = answered(Reply::new(500).body(vec![b'x'; 200_000])).await;
    assert_eq!(error.body().unwrap().len(), 64 * 1024);
}

#[tokio::test]
async fn error_bodies_may_be_anything() {
    for body in [
        "null",
        "[]",
        "3",
        "\"text\"",
        "{\"code\": {}}",
        "{\"code\": 1e400}",
        "{",
        "\u{0}",
    ] {
        for status in [400, 500] {
            let (_world, error) = answered(Reply::new(status).body(body)).await;
            assert_eq!(error.body().unwrap(), body.as_bytes());
        }
    }
}

#[tokio::test]
async fn an_answer_by_somebody_else_is_no_success() {
    let world = World::without_retries().await;
    for (body, kind) in [
        ("<html>Sign in</html>", ErrorKind::Decode),
        (
            "\u{feff}{\"success\":false,\"errors\":[]}",
            ErrorKind::Refused,
        ),
        ("{\"success\":false,\"err", ErrorKind::Decode),
    ] {
        world.sandbox.reply_next(Reply::new(200).body(body));
        assert_eq!(modify(&world).await.unwrap_err().kind(), kind, "{body}");
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
        world.sandbox.reply_next(Reply::new(status).json(&body));
        let error = modify(&world).await.unwrap_err();
        assert!(is(&error), "{error:?}");
    }
    let campaign: [(u16, serde_json::Value, Is); 9] = [
        (
            403,
            json!({"error_code": "403010", "message": "m"}),
            Error::is_unauthorized,
        ),
        (
            403,
            json!({"error_code": "403000", "message": "m"}),
            Error::is_unauthorized,
        ),
        (
            403,
            json!({"error_code": "403023", "message": "m"}),
            Error::is_forbidden,
        ),
        (
            429,
            json!({"error_code": "429050", "message": "m"}),
            Error::is_throttled,
        ),
        (500, json!("RST-360011 An error"), Error::is_invalid_request),
        (
            500,
            json!({"error": {"message": "XTK-170036"}}),
            Error::is_invalid_request,
        ),
        (
            500,
            json!({"title": "PGS-220000", "message": "m"}),
            Error::is_invalid_request,
        ),
        (
            500,
            json!({"message": "out of memory"}),
            Error::is_server_error,
        ),
        (
            503,
            json!({"message": "XTK-170036"}),
            Error::is_server_error,
        ),
    ];
    for (status, body, is) in campaign {
        world.sandbox.reply_next(Reply::new(status).json(&body));
        let error = world
            .campaign
            .list_organizational_units()
            .send()
            .await
            .unwrap_err();
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
        let (_world, error) = answered(Reply::new(status)).await;
        assert!(is(&error), "{error:?}");
    }
}

#[tokio::test]
async fn what_a_vendor_sends_cannot_forge_lines_or_fill_logs() {
    let body = json!({"code": "1\n2031 INFO forged", "description": "x".repeat(5000)});
    let (_world, error) = answered(Reply::new(400).json(&body)).await;
    assert_eq!(error.codes(), ["1 2031 INFO forged"]);
    let text = format!("{error}{error:?}");
    assert!(!text.contains('\n') && text.len() < 3000, "{}", text.len());

    let long = json!({"defaultAddress": "x".repeat(100_000)});
    let (_world, error) = answered(Reply::new(200).json(&long)).await;
    let text = format!("{error}{error:?}{}", error.source().unwrap());
    assert!(text.len() < 3000, "{}", text.len());
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_on() {
    // Connections are taken by the system; nobody reads from them.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = partner_center::Client::builder()
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .credential(partner_center::Credential::bearer("token").unwrap())
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = client.get_support_profile().send().await.unwrap_err();
    assert!(error.is_timeout() && !error.is_connect());
    assert!(error.may_have_been_sent() && !error.may_have_taken_effect());
    assert!(!error.to_string().contains("may have acted"), "{error}");

    let write = client
        .update_support_profile()
        .body(SupportProfile::default());
    let error = write.send().await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_taken_effect());
    assert!(
        error.to_string().contains("may have acted on the request"),
        "{error}"
    );
}

#[tokio::test]
async fn a_redirect_that_the_callers_client_followed_is_told() {
    let world = World::without_retries().await;
    let http = letterhead::http_client_builder().unwrap();
    let http = http.redirect(letterhead::reqwest::redirect::Policy::default());
    let client = partner_center::Client::builder()
        .base_url(world.sandbox.url())
        .credential(partner_center::Credential::bearer(credentials::PARTNER_CENTER_TOKEN).unwrap())
        .http_client(http.build().unwrap())
        .build()
        .unwrap();
    world
        .sandbox
        .reply_next(Reply::new(307).header("location", "/v1/profiles/organization"));
    let error = client.get_support_profile().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("followed a redirect"), "{error}");
}

#[tokio::test]
async fn a_list_that_leads_back_to_itself_ends() {
    let world = World::without_retries().await;
    let path = format!(
        "/{}/campaign/profileAndServicesExt/orgUnitBase/",
        seed::CAMPAIGN_ORGANIZATION
    );
    let href = format!("{}{path}?_lineStart=x", world.sandbox.url());
    world
        .sandbox
        .put_resource(&path, json!({"content": [], "next": {"href": href}}));
    let page = world
        .campaign
        .list_organizational_units()
        .send()
        .await
        .unwrap();
    let error = world.campaign.next_page(&page).await.unwrap_err();
    assert!(
        error.to_string().contains("leads back to the page"),
        "{error}"
    );
}
