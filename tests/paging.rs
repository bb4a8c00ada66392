//! Lists over all their pages: they end, lose nothing and can be gone on with.

mod common;

use std::collections::HashSet;

use common::World;
use futures_util::{StreamExt, TryStreamExt};
use letterhead::{CorrelationId, Position, RequestId, RetryPolicy};
use letterhead_sandbox::{Reply, seed};
use serde_json::{Value, json};

/// A page of customers with these ids and perhaps a token for the next one.
fn page(ids: &[&str], token: Option<&str>) -> Reply {
    let items: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    Reply::new(200).json(&json!({"items": items, "continuationToken": token}))
}

/// Does the same with a list of each way to page: continuation token, page token, cursor, page number,
/// link.
macro_rules! each_way {
    ($world:ident, $size:expr, |$list:ident| $check:expr) => {
        let organization = seed::CLOUDFLARE_ORGANIZATION_ID;
        let (partner, campaign) = (&$world.partner, &$world.campaign);
        let cloudflare = &$world.cloudflare;
        let $list = || partner.list_customers().size($size);
        $check;
        let $list = || cloudflare.list_organizations().page_size($size);
        $check;
        let $list = || {
            let logs = cloudflare
                .list_organization_audit_logs()
                .since("2026-10-01");
            logs.before("2026-11-01")
                .organization_id(organization)
                .limit($size)
        };
        $check;
        let $list = || {
            let shares = cloudflare.list_organization_shares();
            shares.organization_id(organization).per_page($size)
        };
        $check;
        let $list = || campaign.list_organizational_units().line_count($size);
        $check;
    };
}

fn value(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// A position through a file, say, and into another process.
fn saved(position: &Position) -> Position {
    serde_json::from_str(&serde_json::to_string(position).unwrap()).unwrap()
}

#[tokio::test]
async fn a_list_in_pieces_is_the_list() {
    let world = World::without_retries().await;
    for (size, piece, fails) in [
        (1, 1, true),
        (2, 1, true),
        (2, 3, false),
        (2, 2, true),
        (9, 2, true),
    ] {
        each_way!(world, size, |list| {
            let whole: Vec<_> = list().items().try_collect().await.unwrap();
            assert!(whole.len() > 1);
            let (mut taken, mut position) = (Vec::new(), Position::default());
            loop {
                if fails {
                    world.sandbox.reply_next(Reply::new(503));
                    let mut failed = list().items_from(position.clone());
                    assert!(failed.next().await.unwrap().unwrap_err().is_server_error());
                    assert!(failed.next().await.is_none());
                    position = saved(&failed.position().unwrap());
                }
                let mut items = list().items_from(position).at_most(piece);
                while let Some(item) = items.next().await {
                    taken.push(item.unwrap());
                }
                match items.position() {
                    Some(next) => position = saved(&next),
                    None => break,
                }
            }
            assert_eq!(taken, whole);

            // Some items, then the rest of their page and the pages after it.
            let mut items = list().items().at_most(piece);
            let mut taken: Vec<_> = items
                .by_ref()
                .map(|item| value(&item.unwrap()))
                .collect()
                .await;
            if let Some(position) = items.position() {
                let mut pages = list().pages_from(saved(&position));
                while let Some(page) = pages.next().await {
                    let page = value(&*page.unwrap());
                    let lists = ["items", "content", "result"];
                    let items = lists.iter().find_map(|name| page[name].as_array());
                    taken.extend(items.into_iter().flatten().cloned());
                }
            }
            assert_eq!(taken, whole.iter().map(value).collect::<Vec<_>>());
        });
    }
}

#[tokio::test]
async fn a_cap_fetches_no_page_that_it_does_not_need() {
    let world = World::start().await;
    for (cap, fetched) in [(0, 0), (1, 1), (2, 1), (3, 2)] {
        each_way!(world, 2, |list| {
            let items: Vec<_> = list().items().at_most(cap).try_collect().await.unwrap();
            assert_eq!(items.len(), cap);
            assert_eq!(world.sandbox.take_exchanges().len(), fetched);
            let _: Vec<_> = list().pages().at_most(fetched).try_collect().await.unwrap();
            assert_eq!(world.sandbox.take_exchanges().len(), fetched);
        });
    }
}

#[tokio::test]
async fn pages_are_calls_of_one_operation() {
    let world = World::start().await;
    let id = RequestId::from(letterhead::uuid::Uuid::from_u128(7));
    each_way!(world, 1, |list| {
        let pages: Vec<_> = list().request_id(id).pages().try_collect().await.unwrap();
        let requests: HashSet<_> = pages.iter().map(letterhead::Reply::request_id).collect();
        let operations: HashSet<_> = pages
            .iter()
            .map(letterhead::Reply::correlation_id)
            .collect();
        // An id that is sent again would make another page a repetition.
        assert_eq!((requests.len(), operations.len()), (pages.len(), 1));
        assert_eq!(pages[0].request_id(), id);
    });
    let job = CorrelationId::new();
    let mut pages = world.partner.list_customers().size(1).pages();
    let first = job.scope(pages.next()).await.unwrap().unwrap();
    let second = pages.next().await.unwrap().unwrap();
    assert_eq!([first.correlation_id(), second.correlation_id()], [job; 2]);
}

#[tokio::test]
async fn a_position_in_another_list_is_refused() {
    let world = World::start().await;
    let mut profiles = world.campaign.list_profiles().line_count(1).items();
    profiles.next().await.unwrap().unwrap();
    let position = profiles.position().unwrap();
    let _ = world.sandbox.take_exchanges();
    let mut units = world
        .campaign
        .list_organizational_units()
        .items_from(position);
    let error = units.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("`list_profiles`"), "{error}");
    assert!(!error.may_have_been_sent());
    assert!(units.next().await.is_none());
    assert_eq!(world.sandbox.exchanges().len(), 0);
}

#[tokio::test]
async fn every_way_ends_where_nothing_leads_on() {
    let world = World::without_retries().await;
    // What the pages hold with where each says that the next one is; and what comes of them.
    for (script, taken, is_error) in [
        (vec![(1, None)], 1, false),
        (vec![(0, None)], 0, false),
        (vec![(2, Some(""))], 2, false),
        (vec![(2, Some("2")), (0, Some("3"))], 2, false),
        (vec![(1, Some("2")), (1, Some("2"))], 2, true),
        (
            vec![(1, Some("2")), (1, Some("3")), (1, Some("2"))],
            3,
            true,
        ),
        (
            vec![
                (1, Some("2")),
                (1, Some("3")),
                (1, Some("4")),
                (2, Some("2")),
            ],
            5,
            true,
        ),
    ] {
        each_way!(world, 1, |list| {
            for (count, next) in &script {
                let items = vec![json!({}); *count];
                // Where a page has a number, it says its own.
                let number = next.and_then(|next| next.parse::<i64>().ok());
                let href = next.map(|next| match next {
                    "" => String::new(),
                    next => format!(
                        "{}/fabrikam/campaign/x?{next}",
                        world.sandbox.campaign_standard_url()
                    ),
                });
                world.sandbox.reply_next(Reply::new(200).json(&json!({
                    "success": true, "unknown": [1], "items": items, "content": items, "result": items,
                    "continuationToken": next, "next": {"href": href},
                    "result_info": {
                        "next_page_token": next, "cursor": next, "page": number.map(|next| next - 1),
                        "total_pages": number.map(|_| 99),
                    },
                })));
            }
            let mut items = list().items();
            let (mut count, mut failure) = (0, None);
            while let Some(item) = items.next().await {
                match item {
                    Ok(_) => count += 1,
                    Err(error) => failure = Some(error),
                }
            }
            assert_eq!(failure.is_some(), is_error, "{script:?} {items:?}");
            // One that isn't the page asked for isn't handed out, and can be asked for again.
            let is_other = failure.as_ref().is_some_and(|error| {
                assert!(error.request_id().is_some() && !error.may_have_taken_effect());
                let text = error.to_string();
                let is_other = text.contains("was asked for");
                assert!(is_other || text.contains("a second time"), "{text}");
                is_other
            });
            let (last, _) = script.last().unwrap();
            assert_eq!(
                count,
                taken - if is_other { *last } else { 0 },
                "{script:?}"
            );
            assert_eq!(items.position().is_some(), is_other);
            assert_eq!(world.sandbox.take_exchanges().len(), script.len());
        });
    }
}

#[tokio::test]
async fn all_pages_are_one_stream() {
    let world = World::start().await;
    let all: Vec<_> = world
        .partner
        .list_customers()
        .size(2)
        .items()
        .try_collect()
        .await
        .unwrap();
    let ids: Vec<_> = all
        .iter()
        .filter_map(|customer| customer.id.as_deref())
        .collect();
    assert_eq!(ids, seed::CUSTOMER_TENANT_IDS);
    let exchanges = world.sandbox.take_exchanges();
    assert_eq!(exchanges.len(), seed::CUSTOMER_TENANT_IDS.len().div_ceil(2));
    assert!(
        exchanges
            .iter()
            .all(|exchange| exchange.target.contains("size=2"))
    );

    let units = world
        .campaign
        .list_organizational_units()
        .line_count(1)
        .items();
    let units: Vec<_> = units.try_collect().await.unwrap();
    let exchanges = world.sandbox.take_exchanges();
    assert_eq!(units.len(), exchanges.len());
    assert!(units.len() > 1);
    // Without it a large table would end after its first page.
    for exchange in exchanges {
        assert!(exchange.target.contains("_forcePagination=true"));
    }
}

#[tokio::test]
async fn a_token_may_be_in_the_link_to_the_next_page_only() {
    let world = World::start().await;
    let header = json!({"key": "ms-continuationtoken", "value": "t1"});
    let next = json!({"uri": "/customers?seekOperation=Next", "headers": [header]});
    let first = json!({"items": [{"id": "a"}], "links": {"next": next}});
    world.sandbox.reply_next(Reply::new(200).json(&first));
    world.sandbox.reply_next(page(&["b"], Some("")));
    let all = world.partner.list_customers().items();
    let all: Vec<_> = all.try_collect().await.unwrap();
    assert_eq!(all.len(), 2);
    let exchanges = world.sandbox.take_exchanges();
    assert_eq!(exchanges.len(), 2, "an empty token is none");
    let second = &exchanges[1];
    assert_eq!(second.target, "/v1/customers?seekOperation=Next");
    assert_eq!(second.request_header("ms-continuationtoken"), Some("t1"));
}

#[tokio::test]
async fn pages_can_be_taken_one_by_one() {
    let world = World::start().await;
    let mut pages = world.partner.list_customers().size(2).pages();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        count += page.unwrap().items.len();
    }
    assert_eq!(count, seed::CUSTOMER_TENANT_IDS.len());
    assert_eq!(pages.position(), None);
    assert!(pages.next().await.is_none(), "an end is an end");
}

#[tokio::test]
async fn a_token_that_comes_again_is_an_error_after_the_items() {
    let world = World::start().await;
    world.sandbox.reply_next(page(&["a"], Some("t1")));
    world.sandbox.reply_next(page(&["b"], Some("t2")));
    world.sandbox.reply_next(page(&["c"], Some("t1")));
    let mut customers = world.partner.list_customers().items();
    let mut ids = Vec::new();
    let error = loop {
        match customers.next().await.expect("an error before the end") {
            Ok(customer) => ids.extend(customer.id),
            Err(error) => break error,
        }
    };
    assert_eq!(ids, ["a", "b", "c"]);
    assert!(error.to_string().contains("a second time"), "{error}");
    assert!(customers.next().await.is_none());
    assert_eq!(world.sandbox.exchanges().len(), 3);
}

#[tokio::test]
async fn after_a_failure_a_list_goes_on_where_it_was() {
    let world = World::start().await;
    let list = || world.partner.list_customers().retry(RetryPolicy::never());
    world.sandbox.reply_next(page(&["a", "b"], Some("t1")));
    world.sandbox.reply_next(Reply::new(503));
    let mut customers = list().items();
    for expected in ["a", "b"] {
        let customer = customers.next().await.unwrap().unwrap();
        assert_eq!(customer.id.as_deref(), Some(expected));
    }
    assert!(
        customers
            .next()
            .await
            .unwrap()
            .unwrap_err()
            .is_server_error()
    );
    assert!(customers.next().await.is_none());

    // Through a file, say, and into another process.
    let saved = serde_json::to_string(&customers.position().unwrap()).unwrap();
    let position: Position = serde_json::from_str(&saved).unwrap();
    let _ = world.sandbox.take_exchanges();
    world.sandbox.reply_next(page(&["c"], None));
    let rest: Vec<_> = list().items_from(position).try_collect().await.unwrap();
    assert_eq!(rest[0].id.as_deref(), Some("c"));
    let sent = world.sandbox.exchanges();
    assert_eq!(sent[0].request_header("ms-continuationtoken"), Some("t1"));
}

#[tokio::test]
async fn a_link_out_of_the_instance_is_not_followed() {
    let world = World::start().await;
    let base = world.sandbox.campaign_standard_url();
    let (_, host) = base.split_once("://").unwrap();
    let (name, port) = host.split_once(':').unwrap();
    let path = "fabrikam/campaign/x";
    for (href, reason) in [
        (format!("https://attacker.example/{path}"), "not followed"),
        (format!("//attacker.example/{path}"), "not followed"),
        (format!("\\\\attacker.example/{path}"), "not followed"),
        (
            format!("http://{host}@attacker.example/{path}"),
            "not followed",
        ),
        (
            format!("http://{name}.attacker.example:{port}/{path}"),
            "not followed",
        ),
        (format!("https://{host}/{path}"), "not followed"),
        (format!("http://{name}/{path}"), "not followed"),
        (format!("http://{name}:1/{path}"), "not followed"),
        (format!("http://localhost:{port}/{path}"), "not followed"),
        ("file:///fabrikam/campaign/x".to_owned(), "not followed"),
        ("http://[::1".to_owned(), "can't be read"),
        (format!("{base}/other/campaign/x"), "another instance"),
        (format!("{base}/fabrikam2/campaign/x"), "another instance"),
        (
            format!("{base}/fabrikam/%2e%2e/other/campaign/x"),
            "another instance",
        ),
    ] {
        let answer = json!({"content": [{"name": "a"}], "next": {"href": href}});
        world.sandbox.reply_next(Reply::new(200).json(&answer));
        let mut units = world.campaign.list_organizational_units().items();
        assert!(units.next().await.unwrap().is_ok());
        let error = units.next().await.unwrap().unwrap_err();
        assert!(error.to_string().contains(reason), "{href}: {error}");
        assert!(!error.may_have_been_sent());
        assert_eq!(world.sandbox.take_exchanges().len(), 1, "{href}");
    }
    for href in [
        base.replace("http", "HTTP") + "/fabrikam/campaign/x",
        base.clone() + "/fabrikam/x?a=%40b#c",
        "/fabrikam/campaign//x".to_owned(),
    ] {
        let first = json!({"content": [{"name": "a"}], "next": {"href": href}});
        for answer in [first, json!({"content": [{"name": "b"}]})] {
            world.sandbox.reply_next(Reply::new(200).json(&answer));
        }
        let units = world.campaign.list_organizational_units().items();
        assert_eq!(units.count().await, 2, "{href}");
        let _ = world.sandbox.take_exchanges();
    }
}

#[tokio::test]
async fn what_is_looked_for_by_name_is_found_on_any_page() {
    let world = World::start().await;
    let units = |units: &Value| {
        let base = world.sandbox.campaign_standard_url();
        let next = json!({"href": format!("{base}/fabrikam/campaign/x?_lineStart=@2")});
        for answer in [
            json!({"content": [{"name": "a", "PKey": "@a"}], "next": next}),
            json!({ "content": units }),
        ] {
            world.sandbox.reply_next(Reply::new(200).json(&answer));
        }
    };
    units(&json!([{"name": "b", "PKey": "@b"}]));
    let found = world.campaign.find_organizational_unit("b").await.unwrap();
    assert_eq!(found.unwrap().p_key.as_deref(), Some("@b"));
    let profile = seed::CAMPAIGN_PROFILE_PKEY;
    let job = CorrelationId::new();
    for (content, reason, is_not_found) in [
        (
            json!([]),
            "assign_profile: no organizational unit has the name \"b\"",
            true,
        ),
        (json!([{"name": "b"}]), "\"b\" came without a key", false),
    ] {
        units(&content);
        let error = job.scope(world.campaign.assign_profile(profile, "b")).await;
        let error = error.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(error.is_not_found(), is_not_found, "{error}");
        assert_eq!(error.operation(), Some("assign_profile"));
        assert_eq!(error.correlation_id(), Some(job));
        assert!(error.request_id().is_some());
    }
    let _ = world.sandbox.take_exchanges();

    let customer = |domain: &str| json!({"id": domain, "companyProfile": {"domain": domain}});
    for (token, domain) in [
        (Some("t"), "fabrikam.example.org"),
        (None, "Fabrikam.example"),
    ] {
        let page = json!({"items": [customer(domain)], "continuationToken": token});
        world.sandbox.reply_next(Reply::new(200).json(&page));
    }
    let found = world
        .partner
        .find_customer_by_domain("fabrikam.EXAMPLE")
        .await;
    assert_eq!(
        found.unwrap().unwrap().id.as_deref(),
        Some("Fabrikam.example")
    );
    let exchanges = world.sandbox.take_exchanges();
    let id = |at: usize| exchanges[at].request_header("ms-correlationid");
    assert!(exchanges.len() == 2 && id(0) == id(1));
}
