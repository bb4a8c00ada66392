//! Lists that would never end, and lists that only look like it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt, TryStreamExt};
use letterhead::partner_center::{Client, Credential};
use letterhead::{Error, Position, cloudflare};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::support::{head, serve};

/// A server that makes each page anew, and how many it made.
async fn pages(
    page: impl Fn(usize) -> Value + Send + Sync + 'static,
) -> (String, Arc<AtomicUsize>) {
    let made = Arc::new(AtomicUsize::new(0));
    let (count, page) = (Arc::clone(&made), Arc::new(page));
    let url = serve(move |mut stream| {
        let (count, page) = (Arc::clone(&count), Arc::clone(&page));
        async move {
            while head(&mut stream).await.is_ok() {
                let number = count.fetch_add(1, Ordering::SeqCst);
                let body = page(number).to_string();
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
                );
                stream.write_all(format!("{head}{body}").as_bytes()).await?;
            }
            Ok(())
        }
    })
    .await;
    (url, made)
}

fn partner(url: &str) -> Client {
    let credential = Credential::bearer("token").unwrap();
    Client::builder().base_url(url).credential(credential).build().unwrap()
}

/// A page of a list that mints its tokens anew.
fn minted(number: usize, items: &Value) -> Value {
    json!({"items": items, "continuationToken": format!("t{number}")})
}

/// How many items came, and what ended the list.
async fn taken(url: &str) -> (usize, Option<Error>) {
    let mut items = partner(url).list_customers().items();
    let mut count = 0;
    while let Some(item) = items.next().await {
        match item {
            Ok(_) => count += 1,
            Err(error) => {
                assert!(items.next().await.is_none());
                assert!(items.position().is_some());
                assert!(error.is_decode() && error.request_id().is_some(), "{error}");
                return (count, Some(error));
            }
        }
    }
    (count, None)
}

#[tokio::test]
async fn the_same_items_under_new_tokens_are_an_error() {
    for circle in [1, 2, 7] {
        let (url, made) = pages(move |number| {
            let page = number % circle;
            minted(number, &json!([{"id": format!("a{page}")}, {"id": format!("b{page}")}]))
        })
        .await;
        let (count, error) = taken(&url).await;
        assert_eq!(count, 2 * circle);
        assert_eq!(made.load(Ordering::SeqCst), circle + 1);
        let error = error.unwrap().to_string();
        assert!(error.contains("a second time, under another token"), "{error}");
    }
}

#[tokio::test]
async fn the_same_items_are_an_error_for_whoever_takes_a_page_at_a_time() {
    let (url, made) = pages(|number| minted(number, &json!([{"id": "a"}, {"id": "b"}]))).await;
    let mut position = Position::default();
    for is_first in [true, false] {
        let list = partner(&url).list_customers();
        let mut items = list.items_from(position).at_most(2);
        let piece: Result<Vec<_>, _> = items.by_ref().try_collect().await;
        assert_eq!(piece.is_ok(), is_first);
        let saved = serde_json::to_string(&items.position().unwrap()).unwrap();
        position = serde_json::from_str(&saved).unwrap();
    }
    assert_eq!(made.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn pages_with_nothing_new_are_an_error_after_a_hundred() {
    let items = [
        json!([]),
        // Without ids nothing but what they hold can be compared.
        json!([{"companyProfile": {"domain": "a"}}, {"companyProfile": {"domain": "b"}}]),
        // What can't be decoded has no id either.
        json!([{"id": "a"}, 7]),
    ];
    for items in items {
        let (url, made) = pages(move |number| minted(number, &items)).await;
        let mut pages = partner(&url).list_customers().pages();
        let mut last = None;
        while let Some(page) = pages.next().await {
            last = page.err().filter(|error| error.item().is_none());
        }
        let error = last.unwrap().to_string();
        assert!(error.contains("100 pages in a row held nothing new"), "{error}");
        assert!(made.load(Ordering::SeqCst) <= 101);
        assert!(pages.position().is_some());
    }
}

#[tokio::test]
async fn a_list_may_have_so_many_pages_and_no_more() {
    let (url, made) = pages(|number| minted(number, &json!([{"id": number.to_string()}]))).await;
    let list = || partner(&url).list_customers();
    let mut items = list().items().page_limit(30);
    let taken: Vec<_> = items.by_ref().collect().await;
    assert_eq!(taken.len(), 31);
    let error = taken.last().unwrap().as_ref().unwrap_err().to_string();
    assert!(error.contains("goes on after 30 pages"), "{error}");
    assert!(error.contains("`page_limit`"), "{error}");
    assert_eq!(made.load(Ordering::SeqCst), 30);

    // It can be gone on with, and allowed more.
    let rest = list().items_from(items.position().unwrap());
    let next = rest.at_most(1).try_next().await.unwrap().unwrap();
    assert_eq!(next.id.as_deref(), Some("30"));
    let more: Vec<_> = list().pages().page_limit(40).at_most(40).collect().await;
    assert!(more[..40].iter().all(Result::is_ok));
}

#[tokio::test]
async fn a_long_list_is_a_list() {
    let (url, made) = pages(|number| {
        let items = json!([{"id": number.to_string()}]);
        let more = number < 2500;
        json!({"items": items, "continuationToken": more.then(|| format!("t{number}"))})
    })
    .await;
    let (count, error) = taken(&url).await;
    assert_eq!((count, error.is_none()), (2501, true));
    assert_eq!(made.load(Ordering::SeqCst), 2501);
}

#[tokio::test]
async fn equal_items_without_ids_are_items() {
    // More equal pages than may hold nothing new: of one object, and of two of the same.
    for items in [json!([{}]), json!([{}, {}])] {
        let size = items.as_array().unwrap().len();
        let (url, _) = pages(move |number| {
            let more = number < 150;
            json!({
                "success": true, "result": items,
                "result_info": {"page": number + 1, "total_pages": if more { 999 } else { 1 }},
            })
        })
        .await;
        let credential = cloudflare::Credential::api_token("token").unwrap();
        let client = cloudflare::Client::builder().base_url(&url);
        let client = client.credential(credential).build().unwrap();
        let shares = client.list_organization_shares().organization_id("o");
        let shares: Vec<_> = shares.items().try_collect().await.unwrap();
        assert_eq!(shares.len(), 151 * size);
    }
}

#[tokio::test]
async fn equal_pages_of_texts_are_pages() {
    use letterhead::campaign_standard::{Client, Credential};
    // A column without values, and one that has the same two on some pages.
    for (texts, more_than) in [(json!(["", ""]), 150), (json!(["a@b", "c@d"]), 90)] {
        let (url, _) = pages(move |number| {
            let href = (number < more_than).then(|| format!("/o/campaign/x?{number}"));
            json!({"content": texts, "next": {"href": href}})
        })
        .await;
        let credential = Credential::new("token", "key").unwrap();
        let client = Client::builder("o").base_url(&url).credential(credential);
        let emails = client.build().unwrap().list_profile_emails().items();
        let emails: Vec<_> = emails.try_collect().await.unwrap();
        assert_eq!(emails.len(), (more_than + 1) * 2);
    }
}
