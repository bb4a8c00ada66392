//! No secret in any output.

use letterhead_sandbox::credentials;

use crate::support::{Ran, World, call, run_with};

/// What nobody must see.
const SECRETS: [&str; 9] = [
    credentials::PARTNER_CENTER_TOKEN,
    credentials::PARTNER_CENTER_CLIENT_SECRET,
    credentials::PARTNER_CENTER_REFRESH_TOKEN,
    credentials::CLOUDFLARE_API_TOKEN,
    credentials::CLOUDFLARE_API_KEY,
    credentials::CAMPAIGN_ACCESS_TOKEN,
    credentials::CAMPAIGN_CLIENT_SECRET,
    "sandbox-issued-",
    "Hush-4711",
];

/// Holds for each run of each test.
pub(crate) fn assert_hidden(ran: &Ran) {
    for secret in SECRETS {
        assert!(!ran.out.contains(secret) && !ran.notes.contains(secret), "{}", ran.screen());
    }
}

const USER: &str = r#"{"userPrincipalName":"a@b.example","usageLocation":"NL","displayName":"A","firstName":"A",
    "lastName":"B","passwordProfile":{"password":"Hush-4711","forceChangePassword":true}}"#;

#[test]
fn a_password_in_a_body_is_sent_and_not_shown() {
    let customer = letterhead_sandbox::seed::CUSTOMER_TENANT_ID;
    let create = ["partner-center", "create-customer-user", "--customer-tenant-id", customer];
    let ran = call(&[&create[..], &["--dry-run", "--body", USER]].concat());
    assert!(ran.out.contains("\"password\": \"[redacted]\""), "{}", ran.screen());
    assert!(ran.out.contains("authorization: [redacted]"), "{}", ran.screen());
    // What isn't the text that it should be may be the password all the same.
    for other in [r#"["Hush-4711"]"#, r#"{"is":"Hush-4711"}"#, "4711"] {
        let body = USER.replace("\"Hush-4711\"", other);
        let ran = call(&[&create[..], &["--dry-run", "--unchecked", "--body", &body]].concat());
        assert!(ran.out.contains("\"password\": \"[redacted]\""), "{}", ran.screen());
        assert!(!ran.out.contains("4711"), "{}", ran.screen());
    }
    // What is wrong with a password is said without it.
    let wrong = USER.replace("true", "\"Hush-4711\"");
    let ran = call(&[&create[..], &["--body", &wrong]].concat());
    assert_eq!(ran.code, 1, "{}", ran.screen());
    assert!(ran.notes.contains("/passwordProfile/forceChangePassword"), "{}", ran.screen());
}

#[tokio::test]
async fn a_secret_that_a_vendor_sends_back_is_not_shown() {
    let world = World::start().await;
    let customer = letterhead_sandbox::seed::CUSTOMER_TENANT_ID;
    let path = format!("/v1/customers/{customer}/users");
    let echo = serde_json::json!({"code": 3000, "description": format!("no {USER}")});
    world.sandbox.respond_next_to(&path, letterhead_sandbox::Response::new(400).json(&echo));
    let create = ["call", "partner-center", "create-customer-user", "--customer-tenant-id"];
    let ran = world.run(&[&create[..], &[customer, "--body", USER]].concat()).await;
    assert_eq!(ran.code, 1, "{}", ran.screen());
    assert!(ran.notes.contains("code 3000"), "{}", ran.screen());
    let sent = world.sandbox.requests().pop().expect("a request");
    assert_eq!(sent.json().expect("a body")["passwordProfile"]["password"], "Hush-4711");
}

#[tokio::test]
async fn a_password_that_is_no_text_is_sent_as_it_is() {
    let world = World::start().await;
    let customer = letterhead_sandbox::seed::CUSTOMER_TENANT_ID;
    let create = ["call", "partner-center", "create-customer-user", "--customer-tenant-id"];
    let body = USER.replace("\"Hush-4711\"", r#"[1.50, "Hush-4711"]"#);
    world.run(&[&create[..], &[customer, "--unchecked", "--body", &body]].concat()).await;
    let sent = world.sandbox.requests().pop().expect("a request");
    let sent = String::from_utf8(sent.body.to_vec()).expect("UTF-8");
    assert!(sent.contains(r#""password":[1.50,"Hush-4711"]"#));
}

#[test]
fn wrong_variables_are_named_and_not_shown() {
    let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let swapped = [
        set("AZURE_TENANT_ID", credentials::PARTNER_CENTER_CLIENT_SECRET),
        set("AZURE_CLIENT_ID", "id"),
        set("AZURE_CLIENT_SECRET", "hush"),
        set("CLOUDFLARE_API_TOKEN", "sandbox-issued-\u{1b}[31m"),
    ];
    for words in [
        &["doctor"][..],
        &["call", "partner-center", "list-customers"],
        &["call", "cloudflare", "list-organizations"],
        &["sign-in", "partner-center", "--file", "/nowhere/token"],
    ] {
        let ran = run_with(words, &swapped, "");
        assert_eq!(ran.code, 1, "{}", ran.screen());
        assert!(!ran.notes.contains('\u{1b}') && !ran.out.contains('\u{1b}'), "{}", ran.screen());
    }
}
