//! Items that can't be decoded: each is an error in its place, and the list goes on.

use futures_util::{StreamExt, TryStreamExt};
use letterhead::{Error, Position};
use letterhead_sandbox::{Response, credentials, seed};
use serde_json::{Value, json};

use crate::support::World;

fn raw(body: impl Into<String>) -> Response {
    Response::new(200).header("content-type", "application/json").body(body.into())
}

fn customers(items: &str, token: Option<&str>) -> Response {
    let token = json!(token);
    raw(format!("{{\"items\": {items},\n \"continuationToken\": {token}}}"))
}

/// Each item's id, or the JSON of one that couldn't be decoded.
async fn taken<T>(
    items: impl futures_util::Stream<Item = Result<T, Error>>,
    id: impl Fn(T) -> Option<String>,
) -> Vec<String> {
    let items = items.map(|item| match item {
        Ok(item) => id(item).unwrap_or_default(),
        Err(error) => error.item().expect("an item's error").json().to_owned(),
    });
    items.collect().await
}

#[tokio::test]
async fn a_list_gets_past_what_cannot_be_decoded() {
    let world = World::start().await;
    for (bad, fault) in [
        (r#"{"id": 7}"#, "items[1].id: "),
        (r#"{"id": ["x"], "more": {}}"#, "items[1].id: "),
        (r#"{"companyProfile": {"domain": {}}}"#, "items[1].companyProfile.domain: "),
        (r#"{"companyProfile": "none"}"#, "items[1].companyProfile: "),
        ("null", "items[1]: "),
        ("7", "items[1]: "),
        (r#""text""#, "items[1]: "),
        ("[]", "items[1]: "),
        ("1e400", "items[1]: "),
        (r#""\ud800""#, "items[1]: "),
        (r#"{"id": "\ud800"}"#, "items[1].id: "),
        (&format!("{}{}", "[".repeat(300), "]".repeat(300)), "items[1]: "),
    ] {
        let page = format!(r#"[{{"id": "a"}}, {bad}, {{"id": "b"}}]"#);
        world.sandbox.respond_next(customers(&page, Some("t1")));
        world.sandbox.respond_next(customers(r#"[{"id": "c"}]"#, None));
        let mut items = world.partner.list_customers().items();
        let mut ids = Vec::new();
        let mut failed = None;
        while let Some(item) = items.next().await {
            match item {
                Ok(customer) => ids.extend(customer.id),
                Err(error) => failed = Some(error),
            }
        }
        assert_eq!(ids, ["a", "b", "c"], "{bad}");
        let error = failed.unwrap();
        let item = error.item().unwrap();
        assert_eq!((item.index(), item.json()), (1, bad));
        assert!(error.is_decode() && !error.may_have_taken_effect(), "{error}");
        assert!(error.to_string().contains(fault), "{bad}: {error}");
        assert!(error.to_string().contains(" at line 1 column "), "{error}");
        assert_eq!(error.operation(), Some("list_customers"));
        assert!(error.request_id().is_some() && error.status().is_some());
        assert_eq!(items.position(), None);
        assert_eq!(world.sandbox.take_requests().len(), 2);

        // Its position leads to it again.
        world.sandbox.respond_next(customers(&page, None));
        let again = world.partner.list_customers();
        let again = again.items_from(item.position().clone());
        let again = taken(again, |customer| customer.id).await;
        assert_eq!(again, [bad, "b"]);
        let _ = world.sandbox.take_requests();
    }
}

#[tokio::test]
async fn every_way_gets_past_it() {
    let world = World::start().await;
    each_way!(world, 1, |list| {
        let bad = json!([{}, 7, {}, "x"]);
        world.sandbox.respond_next(Response::new(200).json(&json!({
            "items": bad, "content": bad, "result": bad,
        })));
        let items: Vec<_> = list().items().collect().await;
        let is_ok: Vec<_> = items.iter().map(Result::is_ok).collect();
        assert_eq!(is_ok, [true, false, true, false]);
        let _ = world.sandbox.take_requests();
    });
}

#[tokio::test]
async fn a_page_comes_after_what_it_lacks() {
    let world = World::start().await;
    let bad = r#"[7, {"id": "a"}, {"id": []}]"#;
    world.sandbox.respond_next(customers(bad, Some("t1")));
    world.sandbox.respond_next(customers("[null]", Some("t2")));
    world.sandbox.respond_next(customers(r#"[{"id": "b"}]"#, None));
    let mut pages = world.partner.list_customers().pages();
    let start =
        Some(Position::default()).map(|start| world.partner.list_customers().items_from(start));
    let start = start.unwrap().position();
    for index in [0, 2] {
        let error = pages.next().await.unwrap().unwrap_err();
        assert_eq!(error.item().unwrap().index(), index);
        assert_eq!(pages.position(), start, "the page wasn't handed out");
    }
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(page.items[0].id.as_deref(), Some("a"));
    assert_eq!(page.items.len(), 1);
    assert_ne!(pages.position(), start);
    // A page with nothing else goes on.
    assert!(pages.next().await.unwrap().unwrap_err().item().is_some());
    assert!(pages.next().await.unwrap().unwrap().items.is_empty());
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(page.items[0].id.as_deref(), Some("b"));
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn a_list_in_pieces_has_each_of_them_once() {
    let world = World::start().await;
    let pages = [r#"[7, {"id": "a"}, 8, 9, {"id": "b"}, 10]"#, "[11]", r#"[{"id": "c"}]"#];
    let expected = ["7", "a", "8", "9", "b", "10", "11", "c"];
    for piece in 1..=4 {
        let mut all: Vec<String> = Vec::new();
        let mut position = Some(Position::default());
        while let Some(from) = position {
            let cursor = serde_json::to_value(&from).unwrap()["cursor"].clone();
            let first = match cursor.as_str() {
                None => 0,
                Some("t1") => 1,
                _ => 2,
            };
            for (number, page) in pages.iter().enumerate().skip(first) {
                let token = ["t1", "t2"].get(number).copied();
                let path = "/v1/customers";
                world.sandbox.respond_next_to(path, customers(page, token));
            }
            let list = world.partner.list_customers();
            let mut items = list.items_from(from).at_most(piece);
            all.extend(taken(items.by_ref(), |customer| customer.id).await);
            position = items.position();
            // What is left in the queue would be the next piece's.
            let asked = world.sandbox.take_requests().len();
            for _ in first + asked..pages.len() {
                let _ = world.partner.list_customers().send().await;
            }
            let _ = world.sandbox.take_requests();
        }
        assert_eq!(all, expected, "{piece}");
    }
}

#[tokio::test]
async fn a_fault_beside_the_items_ends_the_list() {
    let world = World::start().await;
    for body in [
        r#"{"items": [{"id": "a"}], "continuationToken": {}}"#,
        r#"{"items": [{"id": "a"}], "links": 7}"#,
        r#"{"items": [{"id": "a"}, 7], "totalCount": "many"}"#,
        r#"{"items": [{"id": "a"}], "totalCount": 1"#,
        r#"[{"id": "a"}]"#,
        r#"{"items": [{"id": "a"} 7]}"#,
    ] {
        world.sandbox.respond_next(raw(body));
        let list = world.partner.list_customers();
        let mut items = list.retry(letterhead::RetryPolicy::never()).items();
        let error = items.next().await.unwrap().unwrap_err();
        assert!(error.is_decode() && error.item().is_none(), "{body}: {error}");
        assert!(items.next().await.is_none());
        assert!(items.position().is_some());
    }
}

#[tokio::test]
async fn a_call_by_itself_fails_with_the_first_of_them() {
    let world = World::start().await;
    world.sandbox.respond_next(customers("[{},\n {\"id\": 7}, 8]", None));
    let error = world.partner.list_customers().send().await.unwrap_err();
    assert!(error.is_decode() && error.item().is_none());
    let place = "items[1].id: invalid type, expected a string at line 2 column 9";
    assert!(error.to_string().contains(place), "{error}");
}

#[tokio::test]
async fn what_is_looked_for_may_be_another_one() {
    let world = World::start().await;
    let customer = r#"{"id": "a", "companyProfile": {"domain": "a.example"}}"#;
    for (items, is_found) in [(format!("[7, {customer}]"), true), ("[7, {}]".to_owned(), false)] {
        world.sandbox.respond_next(customers(&items, None));
        let found = world.partner.find_customer_by_domain("a.example").await;
        match found {
            Ok(found) => assert!(is_found && found.is_some()),
            Err(error) => assert!(!is_found && error.item().is_some()),
        }
        let units = json!({"content": [7, {"name": if is_found { "b" } else { "c" }}]});
        world.sandbox.respond_next(Response::new(200).json(&units));
        match world.campaign.find_organizational_unit("b").await {
            Ok(found) => assert!(is_found && found.is_some()),
            Err(error) => assert!(!is_found && error.item().is_some()),
        }
    }
}

#[tokio::test]
async fn nothing_shows_its_json() {
    let world = World::start().await;
    let token = credentials::PARTNER_CENTER_TOKEN;
    let bad = json!({"id": 7, "echo": token, "note": "customer's own"}).to_string();
    world.sandbox.respond_next(customers(&format!("[{bad}]"), None));
    let mut items = world.partner.list_customers().items();
    let error = items.next().await.unwrap().unwrap_err();
    let item = error.item().unwrap();
    for shown in [format!("{error} {error:?} {item:?} {items:?}"), format!("{error:#?}")] {
        assert!(!shown.contains("customer's own"), "{shown}");
        assert!(!shown.contains(token), "{shown}");
    }
    assert!(item.json().contains("customer's own"));
    assert!(!item.json().contains(token));
    let value: Value = serde_json::from_str(item.json()).unwrap();
    assert_eq!(value["id"], 7);
}

#[tokio::test]
async fn a_page_of_nothing_else_fails_where_it_is_too_many() {
    let world = World::start().await;
    let many = format!("[{}7]", "null, ".repeat(5000));
    world.sandbox.respond_next(customers(&many, None));
    let all: Vec<_> = world.partner.list_customers().items().collect().await;
    assert_eq!(all.len(), 1);
    let error = all[0].as_ref().unwrap_err();
    assert!(error.is_decode() && error.item().is_none(), "{error}");
    let fine = format!("[{}{{}}]", "null, ".repeat(999));
    world.sandbox.respond_next(customers(&fine, None));
    let all: Vec<_> = world.partner.list_customers().items().collect().await;
    assert_eq!(all.iter().filter(|item| item.is_err()).count(), 999);
    let only: Result<Vec<_>, _> = world.partner.list_customers().items().try_collect().await;
    assert!(only.is_ok());
}
