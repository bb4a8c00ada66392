//! What a list does with single items, cursors and positions that aren't as they should be.

use letterhead::Position;

use super::lists::{WAYS, Way, items, serving};
use super::table::Table;
use crate::support::server::{RawServer, json};

const TYPED: &str = "cursors and totals are read as text or number";
const BAD: &str = "an item that can't be decoded is an error, and the list goes on after it";
const DEAD: &str = "a position that the vendor refuses isn't kept for ever, and the error says so";
const KEPT: &str = "a page that can't be had for now can be gone on from";

#[tokio::test]
async fn cursors_and_totals_are_text_or_number() {
    let mut table = Table::new("lists");
    let list = items(&["a"]);
    for (way, extra, wanted) in [
        (Way::Continuation, r#""continuationToken":50"#, Some("50")),
        (Way::Continuation, r#""continuationToken":"t2","totalCount":"2""#, Some("t2")),
        (Way::Continuation, r#""continuationToken":"t2","totalCount":2.0"#, Some("t2")),
        (Way::Continuation, r#""totalCount":2e0"#, None),
        (Way::PageToken, r#""result_info":{"next_page_token":7}"#, Some("7")),
        (Way::PageToken, r#""result_info":{"next_page_token":"t","total_size":"2"}"#, Some("t")),
        (Way::PageToken, r#""result_info":{"next_page_token":"t","total_size":2.0}"#, Some("t")),
        (Way::PageToken, r#""result_info":{"next_page_token":null,"total_size":"1"}"#, None),
        (Way::Cursor, r#""result_info":{"cursor":50}"#, Some("50")),
        (Way::Cursor, r#""result_info":{"cursors":{"after":51}}"#, Some("51")),
        (Way::Cursor, r#""result_info":{"cursor":"c","count":"1"}"#, Some("c")),
        (
            Way::Cursor,
            r#""result_info":{"cursor":12345678901234567890}"#,
            Some("12345678901234567890"),
        ),
        (Way::Number, r#""result_info":{"page":"1","total_pages":"2"}"#, Some("page=2")),
        (Way::Number, r#""result_info":{"page":1.0,"total_pages":2.0}"#, Some("page=2")),
        (
            Way::Number,
            r#""result_info":{"page":1,"per_page":"1","total_count":"2"}"#,
            Some("page=2"),
        ),
        (Way::Number, r#""result_info":{"page":1,"total_pages":1,"total_count":1.0}"#, None),
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
            assert_eq!((listed.items.len(), server.requests().len()), (pages, pages));
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
            // The document knows no member of a share, so that none is of another type.
            if way != Way::Number || name != "a member of another type" {
                table.row(BAD, format!("{way:?}: {name}"), row).await;
            }
        }
    }
    table.end();
}

#[tokio::test]
async fn a_dead_position_is_given_up_and_a_live_one_kept() {
    let mut table = Table::new("lists");
    for way in WAYS {
        for (status, is_dead) in
            [(400, true), (410, true), (503, false), (500, false), (401, false)]
        {
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
