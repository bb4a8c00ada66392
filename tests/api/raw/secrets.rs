//! Secrets that a vendor repeats, however it spells them.

use std::fmt::Write as _;

use letterhead::partner_center::EntraApp;
use letterhead::partner_center::types::PasswordProfile;
use letterhead::{MemoryStore, cloudflare};

use super::calls::{cloudflare as cloudflare_at, partner};
use super::table::Table;
use crate::support::server::{RawServer, json, typed};
use crate::support::{ManualClock, capture, said};

const HIDDEN: &str = "a secret that the vendor repeats isn't shown, however it is spelt";
const LOGS: &str = "a secret that an identity provider repeats isn't logged";

/// With everything that is spelt differently somewhere; a header can carry it.
const SECRET: &str = r#"k~Zq/9+x&y='7"%w<\8Q-end"#;

fn each(text: &str, spell: impl Fn(u8) -> String) -> String {
    text.bytes().map(spell).collect()
}

fn base64(bytes: &[u8], alphabet: &[u8; 64], is_padded: bool) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
        let word = word << (8 * (3 - chunk.len()));
        for at in 0..4 {
            if at <= chunk.len() {
                text.push(char::from(alphabet[(word >> (18 - 6 * at) & 63) as usize]));
            } else if is_padded {
                text.push('=');
            }
        }
    }
    text
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// How a secret is spelt on its way back.
fn spellings(secret: &str) -> Vec<(&'static str, String)> {
    let is_plain: fn(u8) -> bool = |byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let percent = |is_kept: fn(u8) -> bool, upper: bool| {
        each(secret, |byte| match byte {
            byte if is_kept(byte) => char::from(byte).to_string(),
            byte if upper => format!("%{byte:02X}"),
            byte => format!("%{byte:02x}"),
        })
    };
    let json = |spell: fn(u8) -> String| each(secret, spell);
    let quoted = serde_json::to_string(secret).unwrap();
    let quoted = quoted.trim_start_matches('"');
    vec![
        ("plain", secret.to_owned()),
        ("percent in upper case", percent(is_plain, true)),
        ("percent in lower case", percent(is_plain, false)),
        ("percent with ~ as it is", percent(is_plain_or_tilde, true)),
        ("percent, each byte", percent(|_| false, true)),
        ("percent, each byte, in lower case", percent(|_| false, false)),
        (
            "percent, cases mixed",
            percent(is_plain, true).replace("%2F", "%2f").replace("%2B", "%2b"),
        ),
        ("base64", base64(secret.as_bytes(), STANDARD, true)),
        ("base64 without padding", base64(secret.as_bytes(), STANDARD, false)),
        ("base64 for URLs", base64(secret.as_bytes(), URL, false)),
        ("base64 after a user's name", base64(format!("ada:{secret}").as_bytes(), STANDARD, true)),
        ("base64 after two bytes", base64(format!("a:{secret}").as_bytes(), STANDARD, true)),
        ("JSON", quoted[..quoted.len() - 1].to_owned()),
        ("JSON escapes in lower case", json(|byte| format!("\\u{byte:04x}"))),
        ("JSON escapes in upper case", json(|byte| format!("\\u{byte:04X}"))),
        ("JSON escapes of some letters", {
            json(|byte| match byte {
                b'Z' | b'9' | b'"' | b'\\' => format!("\\u{byte:04x}"),
                byte => char::from(byte).to_string(),
            })
        }),
        ("HTML, decimal", each(secret, |byte| format!("&#{byte};"))),
        ("HTML, hexadecimal", each(secret, |byte| format!("&#x{byte:x};"))),
        ("HTML, names", {
            let named = secret.replace('&', "&amp;").replace('<', "&lt;");
            named.replace('"', "&quot;").replace('\'', "&#39;")
        }),
    ]
}

fn is_plain_or_tilde(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn assert_without(text: &str, spelt: &str, secret: &str) {
    for form in [spelt, secret] {
        assert!(!text.contains(form), "{form} stands in {text:.2000}");
    }
    // What a reader makes of the escapes is no secret either.
    let inner = "9+x&y=";
    assert!(!text.contains(inner), "{inner} stands in {text:.2000}");
}

#[tokio::test]
async fn a_secret_that_is_sent_back_is_hidden() {
    let mut table = Table::new("secrets");
    for (name, spelt) in spellings(SECRET) {
        let is_header = !spelt.contains(['\n', '\r']);
        let places = ["a text", "a message", "a header", "a trace id", "a link", "a content type"];
        for place in places.into_iter().filter(|_| is_header) {
            let spelt = spelt.clone();
            let row = async move {
                let body = match place {
                    "a text" => format!("no such key: {spelt} (unknown)"),
                    "a message" if name.starts_with("JSON") => {
                        format!(
                            r#"{{"success":false,"errors":[{{"code":1,"message":"key {spelt} "}}]}}"#
                        )
                    }
                    "a message" => {
                        let text = serde_json::Value::from(format!("key {spelt} "));
                        format!(
                            r#"{{"success":false,"errors":[{{"code":{text},"message":{text}}}]}}"#
                        )
                    }
                    _ => String::new(),
                };
                let headers = match place {
                    "a header" => format!("x-echo: key={spelt};\r\n"),
                    "a trace id" => format!("cf-ray: {spelt}\r\n"),
                    "a link" => format!("location: https://a.example/?k={spelt}&x=1\r\n"),
                    "a content type" => format!("content-type: text/x; k={spelt}\r\n"),
                    _ => String::new(),
                };
                let status = if place == "a content type" { 200 } else { 400 };
                let (log, _guard) = capture();
                let server = RawServer::each(vec![typed(status, &headers, body)]).await;
                let credential = cloudflare::Credential::api_key("ada@a.example", SECRET).unwrap();
                let builder = cloudflare_at(&server.url, &ManualClock::new());
                let client = builder.credential(credential).build().unwrap();
                let call = client.get_organization_profile().organization_id("o");
                let error = call.send().await.unwrap_err();
                let mut text = said(&error);
                write!(text, "{:?} {:?}", error.trace_id(), error.message()).unwrap();
                text.push_str(&log.text());
                assert_without(&text, &spelt, SECRET);
            };
            table.row(HIDDEN, format!("{name}, in {place}"), row).await;
        }
    }
    table.end();
}

#[tokio::test]
async fn whatever_was_secret_in_a_request_is_hidden() {
    let mut table = Table::new("secrets");
    for (name, spelt) in spellings(SECRET) {
        let (header, password) = (spelt.clone(), spelt.clone());
        let row = async move {
            let server = RawServer::each(vec![typed(400, "", format!("what is {header}?"))]).await;
            let client = partner(&server.url, &ManualClock::new()).build().unwrap();
            let call = client.get_support_profile().extra_header("x-pass", SECRET);
            assert_without(&said(&call.send().await.unwrap_err()), &header, SECRET);
        };
        table.row(HIDDEN, format!("{name}, the value of an extra header"), row).await;
        let row = async move {
            let server =
                RawServer::each(vec![typed(400, "", format!("what is {password}?"))]).await;
            let client = partner(&server.url, &ManualClock::new()).build().unwrap();
            let profile = PasswordProfile::builder().password(SECRET);
            let call = client.update_customer_user().customer_tenant_id("t").user_id("u");
            let call = call.body_map(|user| user.password_profile(profile));
            assert_without(&said(&call.send().await.unwrap_err()), &password, SECRET);
        };
        table.row(HIDDEN, format!("{name}, a password in the body"), row).await;
        let row = async move {
            let (log, _guard) = capture();
            let text = serde_json::Value::from(format!("bad secret {spelt} "));
            let body = format!(
                r#"{{"error":"invalid_client","error_description":{text},"correlation_id":{text}}}"#
            );
            let server = RawServer::start(move |_| json(401, &body)).await;
            let app = EntraApp::new("contoso.example", "client", SECRET).authority(&*server.url);
            let credential = app.app_and_user(MemoryStore::new("rt")).unwrap();
            let builder = partner(&server.url, &ManualClock::new()).credential(credential);
            let error = builder.build().unwrap().get_support_profile().send().await.unwrap_err();
            let text = format!("{} {:?} {}", said(&error), error.trace_id(), log.text());
            assert!(text.contains("bad secret") && log.text().contains("WARN"), "{text}");
            assert_without(&text, &spelt, SECRET);
        };
        if !name.starts_with("JSON") {
            table.row(LOGS, name, row).await;
        }
    }
    table.end();
}
