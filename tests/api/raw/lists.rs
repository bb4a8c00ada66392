//! Lists: a page without its list is no empty list, and every list ends.

use std::future::Future;
use std::pin::Pin;

use letterhead::{Error, Items, Listing, Position, cloudflare as cf};

use super::calls::{campaign, cloudflare, partner};
use super::table::Table;
use crate::support::ManualClock;
use crate::support::server::{RawServer, Request, json};

const MISSING: &str = "a page without its list is an error with a position, and no empty list";
const ENDS: &str = "every list ends, with an error where the vendor would have it go on for ever";
const EMPTY: &str = "an empty page that names a next one isn't the end";

/// A list of each way to go from page to page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Continuation,
    PageToken,
    Cursor,
    Number,
    Link,
}

pub(crate) const WAYS: [Way; 5] =
    [Way::Continuation, Way::PageToken, Way::Cursor, Way::Number, Way::Link];

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
                let call = cloudflare(url, &clock).build().unwrap().list_organizations();
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
    let items = ids.iter().map(|id| format!(r#"{{"id":"{id}","PKey":"{id}"}}"#));
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

pub(crate) async fn serving(page: impl Fn(&Request) -> String + Send + 'static) -> RawServer {
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
            ("an error in a 200", r#"{"code":"503","description":"down"}"#.to_owned()),
            ("a gateway's error", r#"{"statusCode":503,"message":"down"}"#.to_owned()),
            ("another name", r#"{"value":[{"id":"a"}]}"#.to_owned()),
            ("success alone", r#"{"success":true}"#.to_owned()),
            ("null beside a next page", format!(r#"{{"{member}":null,{next}}}"#)),
            ("no list beside a next page", format!("{{{next}}}")),
            ("an object for a list", format!(r#"{{"{member}":{{"id":"a"}}}}"#)),
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
        table.row(MISSING, format!("{way:?}: the second page"), row).await;
        let row = async move {
            let server = serving(move |_| way.page(1, "[]", None)).await;
            let listed = way.all(&server.url, Position::default()).await;
            assert!(listed.items.is_empty() && listed.errors.is_empty(), "{listed:?}");
            assert!(listed.position.is_none());
        };
        table.row("an empty list is an empty list", format!("{way:?}"), row).await;
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
        // An empty page may well be beyond the last number.
        if way != Way::Number {
            table.row(EMPTY, format!("{way:?}"), row).await;
        }
        let row = async move {
            let server = serving(move |request| {
                let token = format!("\"t{}\"", request.number);
                let token = (request.number < 2100).then_some(&*token);
                way.page(request.number + 1, "[]", token)
            })
            .await;
            let listed = way.all(&server.url, Position::default()).await;
            let asked = server.requests().len();
            assert!(asked <= 2000, "{asked} empty pages");
            let is_quiet = listed.errors.is_empty();
            assert!(!is_quiet || way == Way::Number, "a quiet end: {listed:?}");
        };
        table.row(ENDS, format!("{way:?}: empty pages for ever"), row).await;
        for ids in [&["a", "b"][..], &["a"][..]] {
            let row = async move {
                let server = serving(move |request| {
                    let token = format!("\"minted{}\"", request.number);
                    let token = (request.number < 150).then_some(&*token);
                    way.page(request.number + 1, &items(ids), token)
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
                let token = (request.number < 12_100).then_some(&*token);
                way.page(request.number + 1, &items(&ids), token)
            })
            .await;
            let listed = way.all(&server.url, Position::default()).await;
            let asked = server.requests().len();
            assert!(asked <= 12_000, "{asked} pages of the same items");
            assert_eq!(listed.errors.len(), 1, "{listed:?}");
        };
        table.row(ENDS, format!("{way:?}: two pages in turn under new cursors"), row).await;
        if way != Way::Number {
            let row = async move {
                let server = serving(move |request| {
                    let id = format!("i{}", request.number);
                    way.page(request.number + 1, &items(&[&id]), Some("\"again\""))
                })
                .await;
                let listed = way.all(&server.url, Position::default()).await;
                assert_eq!((listed.items.len(), listed.errors.len()), (2, 1), "{listed:?}");
                assert_eq!(server.requests().len(), 2);
            };
            table.row(ENDS, format!("{way:?}: a cursor that comes again"), row).await;
        }
    }
    table.end();
}
