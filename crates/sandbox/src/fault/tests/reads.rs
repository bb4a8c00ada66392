//! Reads of resources and lists that are not what they promise.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::seed::{CLOUDFLARE_ORGANIZATION_ID, CUSTOMER_TENANT_IDS};
use crate::vendor::Vendor;

const CUSTOMERS: &str = "/v1/customers";
const ORGANIZATIONS: &str = "/client/v4/organizations";

fn profile_at_cloudflare() -> String {
    format!("{ORGANIZATIONS}/{CLOUDFLARE_ORGANIZATION_ID}/profile")
}

/// What reads of `target` come to, each of them faulted.
async fn reads(fault: Fault, target: &str, count: u64) -> Vec<Value> {
    let world = World::with(Faults::random(1, 1.0).only([fault])).await;
    let mut jsons = Vec::new();
    for _ in 0..count {
        let received = world.get(target).await;
        assert_eq!(received.status, 200, "{fault}");
        jsons.push(received.json());
    }
    assert_eq!(world.proxy.fault_counts()[&fault], count, "{fault}");
    jsons
}

#[tokio::test]
async fn a_resource_can_be_read_as_something_else() {
    for target in [ORGANIZATION, &profile_at_cloudflare()] {
        let jsons = reads(Fault::NotTheResource, target, 6).await;
        for json in &jsons {
            assert!(!json.to_string().contains("Fabrikam"), "{json}");
        }
        let shapes: BTreeSet<_> = jsons.iter().map(Value::to_string).collect();
        assert!(shapes.len() >= 4, "{shapes:?}");
    }
}

#[tokio::test]
async fn a_resource_can_be_read_without_its_etag() {
    let jsons = reads(Fault::EtagMissing, ORGANIZATION, 4).await;
    let etags: Vec<_> = jsons
        .iter()
        .map(|json| {
            assert_eq!(json["companyName"], "Fabrikam Partner Services");
            json["attributes"].get("etag").map(Value::to_string)
        })
        .collect();
    let texts = ["null", r#""""#, r#"" ""#].map(|etag| Some(etag.to_owned()));
    assert_eq!(etags, [&[None], &texts[..]].concat());
}

#[tokio::test]
async fn a_page_can_lack_its_list() {
    for target in [CUSTOMERS, ORGANIZATIONS, "/fabrikam/campaign/profileAndServicesExt/profile"] {
        for json in reads(Fault::PageWithoutList, target, 5).await {
            for vendor in Vendor::ALL {
                assert!(!json[vendor.row().items].is_array(), "{json}");
            }
        }
    }
}

#[tokio::test]
async fn what_has_no_etag_list_or_cursor_arrives_unharmed() {
    for (fault, target) in [
        (Fault::NotTheResource, CUSTOMERS),
        (Fault::EtagMissing, &profile_at_cloudflare()),
        (Fault::EtagMissing, CUSTOMERS),
        (Fault::PageWithoutList, ORGANIZATION),
        (Fault::PageTwice, CUSTOMERS),
        (Fault::EndlessPages, ORGANIZATIONS),
        (Fault::PageTwice, ORGANIZATION),
    ] {
        let world = World::one(fault).await;
        let received = world.get(target).await.json();
        assert_eq!(received, world.get(target).await.json(), "{fault}");
        assert_eq!(world.proxy.fault_counts()[&fault], 0, "{fault}");
    }
}

/// The items of each page of a list that is followed blindly, and whether it came to its end.
async fn follow(world: &World, pages: usize) -> (Vec<Value>, BTreeSet<String>) {
    let (mut items, mut cursors) = (Vec::new(), BTreeSet::new());
    let mut page = world.get(&format!("{CUSTOMERS}?size=1")).await.json();
    for _ in 1..pages {
        items.push(page["items"][0]["id"].clone());
        let Some(cursor) = page["continuationToken"].as_str() else {
            break;
        };
        cursors.insert(cursor.to_owned());
        let header = ("ms-continuationtoken", cursor.to_owned());
        let target = format!("{CUSTOMERS}?size=1&seekOperation=Next");
        page = world.get_with(&target, &[header]).await.json();
    }
    (items, cursors)
}

#[tokio::test]
async fn a_page_can_lead_to_itself_once() {
    let ids = CUSTOMER_TENANT_IDS;
    for (faults, expected) in [
        ([Some(Fault::PageTwice), None], [0, 0, 1, 2, 3]),
        ([None, Some(Fault::PageTwice)], [0, 1, 1, 2, 3]),
    ] {
        let world = World::with(Faults::script(faults)).await;
        let (items, cursors) = follow(&world, 10).await;
        assert_eq!(items, expected.map(|at| ids[at]));
        assert_eq!(world.proxy.fault_counts()[&Fault::PageTwice], 1);
        // Under a new cursor on the first page, which has none, and under its own on the second.
        assert_eq!(cursors.len(), if expected[1] == 0 { 4 } else { 3 });
    }
}

#[tokio::test]
async fn pages_without_end_have_a_new_cursor_each() {
    let ids = CUSTOMER_TENANT_IDS;
    let world = World::with(Faults::script([None, Some(Fault::EndlessPages)])).await;
    let (items, cursors) = follow(&world, 12).await;
    assert_eq!(items[..3], [ids[0], ids[1], ids[1]]);
    assert!(items[1..].iter().all(|item| *item == ids[1]), "{items:?}");
    assert_eq!((items.len(), cursors.len()), (11, 11));
}

#[tokio::test]
async fn pages_of_cloudflare_can_be_without_end_too() {
    let world = World::one(Fault::EndlessPages).await;
    let first = format!("{ORGANIZATIONS}?page_size=1");
    let mut page = world.get(&first).await.json();
    let mut cursors = BTreeSet::new();
    for _ in 0..5 {
        let cursor = page["result_info"]["next_page_token"].as_str();
        let cursor = cursor.expect("a cursor").to_owned();
        let next = world.get(&format!("{first}&page_token={cursor}")).await.json();
        assert_eq!(next["result"], page["result"]);
        cursors.insert(cursor);
        page = next;
    }
    assert_eq!(cursors.len(), 5);
}
