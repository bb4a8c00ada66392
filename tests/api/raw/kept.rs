//! What can't be decoded is kept for whoever asks, and a first profile is created only where there is none.

use letterhead::{Error, Position};

use super::calls::{ENDLESS, cloudflare, partner};
use super::table::Table;
use crate::support::ManualClock;
use crate::support::server::{RawServer, Request, json, typed};

const RAW: &str = "an unknown member is there to be asked for, exactly as it came";
const ALONE: &str = "only the member that can't be read fails, and only where it is asked for";

#[tokio::test]
async fn an_unknown_member_is_there_as_it_came() {
    let mut table = Table::new("kept");
    for text in [
        "1.0",
        "1e2",
        "1e400",
        "-0",
        "123456789012345678901234567890",
        "\"\\ud800\"",
        "\"\\u0041\"",
        "null",
        "[]",
        "{\"b\":1,\"a\":2}",
        "[1.0,{\"a\":1e2}]",
    ] {
        let row = async move {
            let body = format!("{{\"email\":\"a\",\"unknown\":{text},\"other\":[1]}}");
            let server = RawServer::each(vec![json(200, body)]).await;
            let client = partner(&server.url, &ManualClock::new()).build().unwrap();
            let profile = client.get_support_profile().send().await.unwrap();
            let extra = &profile.extra;
            assert_eq!(extra.get_raw("unknown"), Some(text));
            assert_eq!((extra.len(), extra.is_empty()), (2, false));
            assert!(extra.contains("other") && !extra.contains("email"));
            assert!(extra.get::<String>("missing").is_none() && extra.get_raw("missing").is_none());
            let names: Vec<_> = extra.iter().map(|(name, _)| name.to_owned()).collect();
            assert!(names.contains(&"unknown".to_owned()) && names.len() == 2, "{names:?}");
            assert!(!format!("{extra:?}").contains(&text[1..]) || text.len() < 3, "{extra:?}");
        };
        table.row(RAW, text, row).await;
    }
    for text in ["1e400", "\"\\ud800\"", "[[", "7"] {
        let row = async move {
            let body = format!("{{\"email\":\"a\",\"unknown\":{text},\"other\":[1]}}");
            let server = RawServer::each(vec![json(200, body)]).await;
            let client = partner(&server.url, &ManualClock::new()).build().unwrap();
            match client.get_support_profile().send().await {
                Ok(profile) => {
                    let error: Error = profile.extra.get::<bool>("unknown").unwrap().unwrap_err();
                    assert!(error.to_string().contains("unknown"), "{error}");
                    let other = profile.extra.get::<Vec<u8>>("other").unwrap().unwrap();
                    assert_eq!(other, [1]);
                }
                Err(error) => assert!(text == "[[" && error.is_decode(), "{error}"),
            }
        };
        table.row(ALONE, text, row).await;
    }
    table.end();
}

const ITEM: &str = "an item that can't be decoded has its raw JSON and its position";

#[tokio::test]
async fn a_bad_item_keeps_its_json() {
    let mut table = Table::new("kept");
    for bad in ["{\"id\":{\"a\":1.0}}", "\"gone\"", "7e2", "[ 1 ]", "{\"id\":1,\"unknown\":1e400}"]
    {
        let row = async move {
            let body = format!("{{\"items\":[{{\"id\":\"a\"}},{bad},{{\"id\":\"b\"}}]}}");
            let server = RawServer::each(vec![json(200, body)]).await;
            let client = partner(&server.url, &ManualClock::new()).build().unwrap();
            let mut list = client.list_customers().items();
            assert_eq!(list.next().await.unwrap().unwrap().id.as_deref(), Some("a"));
            let error = list.next().await.unwrap().unwrap_err();
            assert!(error.is_decode() && error.request_id().is_some(), "{error}");
            assert_eq!(error.item().unwrap().json(), bad);
            let position: Option<Position> = list.position();
            assert_eq!(list.next().await.unwrap().unwrap().id.as_deref(), Some("b"));
            assert!(list.next().await.is_none());
            // Whoever goes on from there gets past the bad one.
            let mut rest = client.list_customers().items_from(position.unwrap());
            assert_eq!(rest.next().await.unwrap().unwrap().id.as_deref(), Some("b"));
        };
        table.row(ITEM, bad, row).await;
    }
    table.end();
}

const CREATED: &str = "a first profile is only created where the vendor says that there is none";

#[tokio::test]
async fn a_first_profile_is_created_only_where_there_is_none() {
    let mut table = Table::new("kept");
    let none = r#"{"success":false,"errors":[{"code":1,"message":"no profile"}],"result":null}"#;
    for (name, read, may_write) in [
        ("404", json(404, none), true),
        ("403", json(403, "{}"), false),
        ("500", json(500, "{}"), false),
        ("an empty object", json(200, "{}"), false),
        ("an error in a 200", json(200, r#"{"error":"down","success":null}"#), false),
        ("an empty result", json(200, r#"{"success":true,"result":{}}"#), false),
        ("HTML", typed(200, "content-type: text/html\r\n", "<html>"), false),
        ("HTML in a 404", typed(404, "content-type: text/html\r\n", "<html>"), false),
        ("no body in a 404", json(404, ""), false),
    ] {
        let row = async move {
            let server = RawServer::start(move |request: &Request| match request.method() {
                "GET" => read.clone(),
                _ => typed(204, "", ""),
            })
            .await;
            let client = cloudflare(&server.url, &ManualClock::new()).build().unwrap();
            let resource = client.organization_profile("o").timeout(ENDLESS);
            let outcome = resource
                .update_or_create(|profile| profile.business_name = Some("Fabrikam".into()))
                .await;
            assert_eq!(server.count("PUT"), usize::from(may_write), "{outcome:?}");
            assert_eq!(outcome.is_ok(), may_write, "{outcome:?}");
        };
        table.row(CREATED, name, row).await;
    }
    table.end();
}
