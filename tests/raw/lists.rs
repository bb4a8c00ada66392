//! Lists: a page without its list is no empty list, and every list ends.

use std::future::Future;
use std::pin::Pin;

use letterhead::{Error, Items, Listing, Position, cloudflare as cf};

use crate::calls::{campaign, cloudflare, partner};
use crate::common::ManualClock;
use crate::server::{RawServer, Request, json};
use crate::table::Table;

const MISSING: &str = "a page without its list is an error with a position, and no empty list";
const ENDS: &str = "every list ends, with an error where the vendor would have it go on for ever";
const EMPTY: &str = "an empty page that names a next one isn't the end";
const TYPED: &str = "cursors and totals are read as text or number";
const BAD: &str = "an item that can't be decoded is an error, and the list goes on after it";
const DEAD: &str = "a position that the vendor refuses isn't kept for ever, and the error says so";
const KEPT: &str = "a page that can't be had for now can be gone on from";

/// A list of each way to go from page to page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Continuation,
    PageToken,
    Cursor,
    Number,
    Link,
}

pub(crate) const WAYS: [Way; 5] = [
    Way::Continuation,
    Way::PageToken,
    Way::Cursor,
    Way::Number,
    Way::Link,
];

/// What a list came to.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) items: Vec<String>,
    pub(crate) errors: Vec<Error>,
    pub(crate) position: Option<Position>,
}

type Draining = Pin<Box<dyn Future<Output = Listed> + Send>>;

impl Way {
    /// All that a list has, from `position` on.
    pub(crate) fn all(self, url: &str, position: Position) -> Draining {
        let clock = ManualClock::new();
        match self {
            Self::Continuation => {
                let call = partner(url, &clock).build().unwrap().list_customers();
                Box::pin(drain(call.items_from(position), |it| it.id.clone()))
            }
            Self::PageToken => {
                let call = cloudflare(url, &clock)
                    .build()
                    .unwrap()
                    .list_organizations();
                Box::pin(drain(call.items_from(position), |it| it.id.clone()))
            }
            Self::Cursor => {
                let client = cloudflare(url, &clock).build().unwrap();
                let call = client.list_organization_audit_logs().organization_id("o");
                let call = call.since("2026-10-01").before("2026-11-01");
                Box::pin(drain(call.items_from(position), |it| it.id.clone()))
            }
            Self::Number => {
                let client = cloudflare(url, &clock).build().unwrap();
                let call = client.list_organization_shares().organization_id("o");
                Box::pin(drain(call.items_from(position), share_id))
            }
            Self::Link => {
                let client = campaign(url, &clock).build().unwrap();
                let call = client.list_organizational_units();
                Box::pin(drain(call.items_from(position), |it| it.p_key.clone()))
            }
        }
    }

    /// The member that holds the list.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Self::Continuation => "items",
            Self::Link => "content",
            _ => "result",
        }
    }

    /// What leads on from page `number` to the next one, of which `token` is the name.
    fn leads_on(self, number: usize, token: &str) -> String {
        match self {
            Self::Continuation => format!(r#""continuationToken":{token}"#),
            Self::PageToken => format!(r#""result_info":{{"next_page_token":{token}}}"#),
            Self::Cursor => format!(r#""result_info":{{"cursor":{token}}}"#),
            Self::Number => format!(r#""result_info":{{"page":{number},"total_pages":1000000}}"#),
            Self::Link => {
                let token = token.trim_matches('"');
                format!(r#""next":{{"href":"/fabrikam/campaign/x?_lineStart={token}"}}"#)
            }
        }
    }

    /// Page `number`, from 1, with these items as JSON; it names a next one where there is a token.
    pub(crate) fn page(self, number: usize, items: &str, token: Option<&str>) -> String {
        let member = self.member();
        match token {
            Some(token) => {
                let next = self.leads_on(number, token);
                format!(r#"{{"success":true,"{member}":{items},{next}}}"#)
            }
            None => format!(
                r#"{{"success":true,"{member}":{items},"result_info":{{"page":{number},"total_pages":{number}}}}}"#
            ),
        }
    }
}

/// Items with these ids, under every name that an id has.
pub(crate) fn items(ids: &[&str]) -> String {
    let items = ids
        .iter()
        .map(|id| format!(r#"{{"id":"{id}","PKey":"{id}"}}"#));
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

/// A share has nothing but members that the document doesn't know.
fn share_id(share: &cf::types::Share) -> Option<String> {
    let share = serde_json::to_value(share).ok()?;
    share["id"].as_str().map(str::to_owned)
}

/// Takes all items, and goes on after errors of single ones.
async fn drain<L: Listing + Unpin>(
    mut list: Items<L>,
    id: impl Fn(&L::Item) -> Option<String>,
) -> Listed {
    let mut listed = Listed::default();
    while let Some(item) = list.next().await {
        match item {
            Ok(item) => listed.items.push(id(&item).unwrap_or_default()),
            Err(error) => listed.errors.push(error),
        }
        assert!(listed.errors.len() < 100, "errors without an end");
    }
    listed.position = list.position();
    listed
}

async fn serving(page: impl Fn(&Request) -> String + Send + 'static) -> RawServer {
    RawServer::start(move |request| json(200, page(request))).await
}

#[tokio::test]
async fn a_page_without_its_list_is_no_empty_list() {
    let mut table = Table::new("lists");
    for way in WAYS {
        let member = way.member();
        let next = way.leads_on(1, "\"t2\"");
        for (name, page) in [
            ("an empty object", "{}".to_owned()),
            (
                "an error in a 200",
                r#"{"code":"503","description":"down"}"#.to_owned(),
            ),
            (
                "a gateway's error",
                r#"{"statusCode":503,"message":"down"}"#.to_owned(),
            ),
            ("another name", r#"{"value":[{"id":"a"}]}"#.to_owned()),
            ("success alone", r#"{"success":true}"#.to_owned()),
            (
                "null beside a next page",
                format!(r#"{{"{member}":null,{next}}}"#),
            ),
            ("no list beside a next page", format!("{{{next}}}")),
            (
                "an object for a list",
                format!(r#"{{"{member}":{{"id":"a"}}}}"#),
            ),
            ("a text for a list", format!(r#"{{"{member}":"none"}}"#)),
            ("null for a page", "null".to_owned()),
            ("a bare list", "[]".to_owned()),
            ("no body", String::new()),
        ] {
            let row = async move {
                let server = serving(move |_| page.clone()).await;
                let listed = way.all(&server.url, Position::default()).await;
                assert!(listed.items.is_empty(), "{listed:?}");
                assert!(!listed.errors.is_empty(), "a quiet end: {listed:?}");
                assert!(listed.position.is_some(), "no position: {listed:?}");
                assert_eq!(server.requests().len(), 1);
            };
            table.row(MISSING, format!("{way:?}: {name}"), row).await;
        }
        let row = async move {
            let server = serving(move |request| match request.number {
                0 => way.page(1, &items(&["a", "b"]), Some("\"t2\"")),
                _ => "{}".to_owned(),
            })
            .await;
            let listed = way.all(&server.url, Position::default()).await;
            assert_eq!(listed.items, ["a", "b"]);
            assert_eq!(listed.errors.len(), 1, "a quiet end: {listed:?}");
            assert!(listed.position.is_some(), "{listed:?}");
        };
        table
            .row(MISSING, format!("{way:?}: the second page"), row)
            .await;
        let row = async move {
            let server = serving(move |_| way.page(1, "[]", None)).await;
            let listed = way.all(&server.url, Position::default()).await;
            assert!(
                listed.items.is_empty() && listed.errors.is_empty(),
                "{listed:?}"
            );
            assert!(listed.position.is_none());
        };
        table
            .row("an empty list is an empty list", format!("{way:?}"), row)
            .await;
    }
    table.end();
}

#[tokio::test]
async fn every_list_ends() {
    let mut table = Table::new("lists");
    for way in WAYS {
        let row = async move {
            let server = serving(move |request| match request.number {
                0 => way.page(1, "[]", Some("\"t2\"")),
                1 => way.page(2, &items(&["a"]), Some("\"t3\"")),
                2 => way.page(3, "[]", Some("\"t4\"")),
                _ => way.page(4, &items(&["b"]), None),
            })
            .await;
            let listed = way.all(&server.url, Position::default()).await;
            assert_eq!(listed.items, ["a", "b"], "{listed:?}");
            assert!(listed.errors.is_empty(), "{listed:?}");
        };
        table.row(EMPTY, format!("{way:?}"), row).await;
        let row = async move {
            let server = serving(move |request| {
                let token = format!("\"t{}\"", request.number);
                way.page(request.number + 1, "[]", Some(&token))
            })
            .await;
            let listed = way.all(&server.url, Position::default()).await;
            assert_eq!(listed.errors.len(), 1, "{listed:?}");
            let asked = server.requests().len();
            assert!(asked <= 2000, "{asked} empty pages");
        };
        table
            .row(ENDS, format!("{way:?}: empty pages for ever"), row)
            .await;
        for ids in [&["a", "b"][..], &["a"][..]] {
            let row = async move {
                let server = serving(move |request| {
                    let token = format!("\"minted{}\"", request.number);
                    way.page(request.number + 1, &items(ids), Some(&token))
                })
                .await;
                let listed = way.all(&server.url, Position::default()).await;
                let asked = server.requests().len();
                assert!(asked <= 100, "{asked} pages of the same items");
                assert_eq!(listed.errors.len(), 1, "{listed:?}");
            };
            let name = format!("{way:?}: the same {} items under new cursors", ids.len());
            table.row(ENDS, name, row).await;
        }
        let row = async move {
            let server = serving(move |request| {
                let (even, ids) = (request.number % 2 == 0, ["a", "b"]);
                let token = format!("\"minted{}\"", request.number);
                let ids = if even { ids } else { ["c", "d"] };
                way.page(request.number + 1, &items(&ids), Some(&token))
            })
            .await;
            let listed = way.all(&server.url, Position::default()).await;
            let asked = server.requests().len();
            assert!(asked <= 12_000, "{asked} pages of the same items");
            assert_eq!(listed.errors.len(), 1, "{listed:?}");
        };
        table
            .row(
                ENDS,
                format!("{way:?}: two pages in turn under new cursors"),
                row,
            )
            .await;
        if way != Way::Number {
            let row = async move {
                let server = serving(move |request| {
                    let id = format!("i{}", request.number);
                    way.page(request.number + 1, &items(&[&id]), Some("\"again\""))
                })
                .await;
                let listed = way.all(&server.url, Position::default()).await;
                assert_eq!(
                    (listed.items.len(), listed.errors.len()),
                    (2, 1),
                    "{listed:?}"
                );
                assert_eq!(server.requests().len(), 2);
            };
            table
                .row(ENDS, format!("{way:?}: a cursor that comes again"), row)
                .await;
        }
    }
    table.end();
}

#[tokio::test]
async fn cursors_and_totals_are_text_or_number() {
    let mut table = Table::new("lists");
    let list = items(&["a"]);
    for (way, extra, wanted) in [
        (Way::Continuation, r#""continuationToken":50"#, Some("50")),
        (
            Way::Continuation,
            r#""continuationToken":"t2","totalCount":"2""#,
            Some("t2"),
        ),
        (
            Way::Continuation,
            r#""continuationToken":"t2","totalCount":2.0"#,
            Some("t2"),
        ),
        (Way::Continuation, r#""totalCount":2e0"#, None),
        (
            Way::PageToken,
            r#""result_info":{"next_page_token":7}"#,
            Some("7"),
        ),
        (
            Way::PageToken,
            r#""result_info":{"next_page_token":"t","total_size":"2"}"#,
            Some("t"),
        ),
        (
            Way::PageToken,
            r#""result_info":{"next_page_token":"t","total_size":2.0}"#,
            Some("t"),
        ),
        (
            Way::PageToken,
            r#""result_info":{"next_page_token":null,"total_size":"1"}"#,
            None,
        ),
        (Way::Cursor, r#""result_info":{"cursor":50}"#, Some("50")),
        (
            Way::Cursor,
            r#""result_info":{"cursors":{"after":51}}"#,
            Some("51"),
        ),
        (
            Way::Cursor,
            r#""result_info":{"cursor":"c","count":"1"}"#,
            Some("c"),
        ),
        (
            Way::Cursor,
            r#""result_info":{"cursor":12345678901234567890}"#,
            Some("12345678901234567890"),
        ),
        (
            Way::Number,
            r#""result_info":{"page":"1","total_pages":"2"}"#,
            Some("page=2"),
        ),
        (
            Way::Number,
            r#""result_info":{"page":1.0,"total_pages":2.0}"#,
            Some("page=2"),
        ),
        (
            Way::Number,
            r#""result_info":{"page":1,"per_page":"1","total_count":"2"}"#,
            Some("page=2"),
        ),
        (
            Way::Number,
            r#""result_info":{"page":1,"total_pages":1,"total_count":1.0}"#,
            None,
        ),
    ] {
        let member = way.member();
        let first = format!(r#"{{"success":true,"{member}":{list},{extra}}}"#);
        let row = async move {
            let server = serving(move |request| match request.number {
                0 => first.clone(),
                _ => way.page(2, &items(&["b"]), None),
            })
            .await;
            let listed = way.all(&server.url, Position::default()).await;
            assert!(listed.errors.is_empty(), "{listed:?}");
            let pages = 1 + usize::from(wanted.is_some());
            assert_eq!(
                (listed.items.len(), server.requests().len()),
                (pages, pages)
            );
            if let Some(wanted) = wanted {
                let asked = &server.requests()[1].head;
                assert!(asked.contains(wanted), "{asked}");
            }
        };
        table.row(TYPED, format!("{way:?}: {extra}"), row).await;
    }
    table.end();
}

#[tokio::test]
async fn a_list_gets_past_a_bad_item() {
    let mut table = Table::new("lists");
    for way in WAYS {
        for (name, bad) in [
            ("a member of another type", r#"{"id":{"a":1},"PKey":[1]}"#),
            ("a text", r#""gone""#),
            ("a number", "7"),
            ("a list", "[[]]"),
        ] {
            let row = async move {
                let server = serving(move |request| match request.number {
                    0 => {
                        let good = items(&["a", "b"]).replace("},{", &format!("}},{bad},{{"));
                        way.page(1, &good, Some("\"t2\""))
                    }
                    _ => way.page(2, &items(&["c"]), None),
                })
                .await;
                let listed = way.all(&server.url, Position::default()).await;
                assert_eq!(listed.items, ["a", "b", "c"], "{listed:?}");
                assert_eq!(listed.errors.len(), 1, "{listed:?}");
                assert!(listed.errors[0].is_decode(), "{listed:?}");
                assert!(listed.position.is_none(), "{listed:?}");
                assert_eq!(server.requests().len(), 2);
            };
            table.row(BAD, format!("{way:?}: {name}"), row).await;
        }
    }
    table.end();
}

#[tokio::test]
async fn a_dead_position_is_given_up_and_a_live_one_kept() {
    let mut table = Table::new("lists");
    for way in WAYS {
        for (status, is_dead) in [
            (400, true),
            (410, true),
            (503, false),
            (500, false),
            (401, false),
        ] {
            let row = async move {
                // The first page is there; the second one fails so, whenever it is asked for.
                let server = RawServer::start(move |request| match request.number {
                    0 => json(200, way.page(1, &items(&["a"]), Some("\"t2\""))),
                    _ => json(status, "{}"),
                })
                .await;
                let first = way.all(&server.url, Position::default()).await;
                assert_eq!((first.items.len(), first.errors.len()), (1, 1), "{first:?}");
                if !is_dead {
                    assert!(first.position.is_some_and(|it| it != Position::default()));
                    return;
                }
                let Some(saved) = first.position else { return };
                let again = way.all(&server.url, saved.clone()).await;
                let said = again.errors[0].to_string();
                assert!(said.contains("position"), "{said}");
                assert_ne!(again.position, Some(saved), "{said}");
            };
            let promise = if is_dead { DEAD } else { KEPT };
            table.row(promise, format!("{way:?}: {status}"), row).await;
        }
    }
    table.end();
}
