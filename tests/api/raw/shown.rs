//! What is shown of successes and of wrong arguments, and how long it takes to hide a secret.

use std::time::Duration;

use letterhead::partner_center::EntraApp;
use letterhead::{RetryPolicy, campaign_standard, cloudflare, partner_center};

use super::calls::{campaign, cloudflare as cloudflare_at, partner};
use super::table::Table;
use crate::support::server::{RawServer, json, typed};
use crate::support::{ManualClock, said, shown};

const DEBUG: &str = "`Debug` of a success shows no value that the document doesn't know";
const LINEAR: &str = "redaction takes linear time";
const SWAPPED: &str = "an argument in the wrong place isn't printed";

#[tokio::test]
async fn debug_of_a_success_shows_no_unknown_value() {
    let mut table = Table::new("secrets");
    for member in [
        r#""userCredentials":{"userName":"ada","password":"hunter2hunter2"}"#,
        r#""password":"hunter2hunter2""#,
        r#""passwordProfile":{"password":"hunter2hunter2","forceChangePassword":false}"#,
        r#""x":[["hunter2hunter2"]]"#,
        r#""x":{"y":{"z":"hunter2hunter2"}}"#,
        r#""companyProfile":{"x":"hunter2hunter2"},"content":[{"x":"hunter2hunter2"}],"orgUnit":{"x":"hunter2hunter2"}"#,
    ] {
        let row = async move {
            let body = format!(
                r#"{{"id":"c",{member},"items":[{{"id":"c",{member}}}],"result":{{{member}}}}}"#
            );
            let server = RawServer::each(vec![json(200, body.clone())]).await;
            let clock = ManualClock::new();
            let client = partner(&server.url, &clock).build().unwrap();
            let customer = client.get_customer().customer_tenant_id("c").send().await.unwrap();
            let user = client.get_customer_user().customer_tenant_id("c").user_id("u");
            let user = user.send().await.unwrap();
            let list = client.list_customers().send().await.unwrap();
            let mut text = format!("{}{}{}", shown(&customer), shown(&user), shown(&list));
            let client = campaign(&server.url, &clock).build().unwrap();
            let profile = client.get_profile().profile_pkey("@k").send().await.unwrap();
            text.push_str(&shown(&profile));
            let client = cloudflare_at(&server.url, &clock).build().unwrap();
            let profile = client.get_organization_profile().organization_id("o").send().await;
            text.push_str(&shown(&profile.unwrap()));
            assert!(!text.contains("hunter2"), "{text:.3000}");
        };
        table.row(DEBUG, format!("{member:.40}"), row).await;
    }
    table.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redaction_is_linear() {
    let mut table = Table::new("secrets");
    let (run, end) = ("a".repeat(3000), "b".repeat(3000));
    for (name, secret, filling) in [
        ("a run and another end", format!("{run}b"), "a".repeat(900_000)),
        ("a pattern and another end", format!("{}c", "ab".repeat(1500)), "ab".repeat(450_000)),
        ("escapes of the run", format!("{run}b"), "\\u0061".repeat(150_000)),
        ("percent signs of the run", format!("{run}b"), "%61".repeat(300_000)),
        ("entities of the run", format!("{run}b"), "&#97;".repeat(180_000)),
        ("an end in front", end, "b".repeat(2999).repeat(300)),
        ("a run in a message", format!("{run}b"), {
            let run = "a".repeat(300_000);
            format!(r#"{{"code":1,"description":"{run}"}}"#)
        }),
    ] {
        let row = async move {
            let server = RawServer::each(vec![typed(400, "", filling)]).await;
            let credential = partner_center::Credential::bearer(&secret).unwrap();
            let builder = partner(&server.url, &ManualClock::new()).credential(credential);
            let client = builder.retry(RetryPolicy::never()).build().unwrap();
            let start = tokio::time::Instant::now();
            client.get_support_profile().send().await.unwrap_err();
            assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
        };
        table.row(LINEAR, name, row).await;
    }
    table.end();
}

#[tokio::test]
async fn an_argument_in_the_wrong_place_is_not_printed() {
    let mut table = Table::new("secrets");
    let secret = "Pa55~word+of/an=app";
    let faults = [
        ("the secret for the tenant", {
            EntraApp::new(secret, "client", "tenant").app_only().unwrap_err()
        }),
        ("the secret for the authority", {
            let app = EntraApp::new("contoso.example", "client", "s").authority(secret);
            app.app_only().unwrap_err()
        }),
        ("the secret for the base URL", {
            let builder = cloudflare::Client::builder().base_url(secret);
            let credential = cloudflare::Credential::api_token("t0ken").unwrap();
            builder.credential(credential).build().unwrap_err()
        }),
        ("the secret in the base URL", {
            let url = format!("https://user:{}@a.example/?x={}", "Pa55", secret);
            let builder = cloudflare::Client::builder().base_url(url);
            let credential = cloudflare::Credential::api_token("t0ken").unwrap();
            builder.credential(credential).build().unwrap_err()
        }),
        ("the secret for a scope", {
            let app = campaign_standard::ServerToServer::new("id", "s");
            app.scopes([format!("{secret} x")]).credential().unwrap_err()
        }),
        ("a key with a line break", {
            let key = format!("{secret}\n");
            cloudflare::Credential::api_key("a@b.example", &key).unwrap_err()
        }),
        ("the key for the address", {
            let key = format!("{secret}\r");
            cloudflare::Credential::api_key(&key, "a@b.example").unwrap_err()
        }),
    ];
    for (name, fault) in faults {
        let row = async move {
            let text = said(&fault);
            assert!(!text.contains("Pa55"), "{text}");
        };
        table.row(SWAPPED, name, row).await;
    }
    table.end();
}
