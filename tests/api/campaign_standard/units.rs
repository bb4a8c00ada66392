//! Organizational and geographical units.

use futures_util::TryStreamExt;
use letterhead_sandbox::seed;
use serde_json::json;

use super::{Campaign, UNIT, nothing_sent};

#[tokio::test]
async fn units_are_renamed_by_the_members_that_are_sent() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let path = format!("/orgUnitBase/{UNIT}");
    let update = || client.update_organizational_unit().org_unit_pkey(UNIT);
    let renamed = update().body_map(|unit| unit.label("Contoso Group"));
    let renamed = renamed.send().await.unwrap().into_inner();
    let body = json!({"label": "Contoso Group"});
    assert_eq!(campaign.sent(), (format!("PATCH {path}"), Some(body)));
    assert_eq!(renamed.unwrap().p_key.as_deref(), Some(UNIT));
    let unit = client.get_organizational_unit().org_unit_pkey(UNIT);
    let unit = unit.send().await.unwrap();
    assert_eq!(campaign.sent(), nothing_sent(format!("GET {path}")));
    assert_eq!(unit.title.as_deref(), Some("Contoso Group (contoso-brand)"));

    let nothing = update().body_map(|unit| unit).send().await.unwrap();
    assert_eq!((nothing.status().as_u16(), nothing.is_none()), (204, true));
    let root = client.update_organizational_unit();
    let root = root.org_unit_pkey(seed::CAMPAIGN_ROOT_UNIT_PKEY);
    let root = root.body_map(|unit| unit.label("Everyone"));
    let error = root.send().await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    assert_eq!(campaign.requests().len(), 2);
}

#[tokio::test]
async fn geographical_units_are_listed_read_and_renamed() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let list = || client.list_geographical_units();
    let page = list().line_count(5).send().await.unwrap();
    let line = "GET /geoUnitBase/?_lineCount=5";
    assert_eq!(campaign.sent(), nothing_sent(line));
    let key = page.content[0].p_key.as_deref().unwrap();
    assert_eq!(key, seed::CAMPAIGN_GEO_UNIT_PKEY);
    let path = format!("/geoUnitBase/{key}");
    let update = client.update_geographical_unit().geo_unit_pkey(key);
    let update = update.body_map(|unit| unit.name("azores"));
    update.send().await.unwrap();
    let body = json!({"name": "azores"});
    assert_eq!(campaign.sent(), (format!("PATCH {path}"), Some(body)));
    let unit = client.get_geographical_unit().geo_unit_pkey(key);
    let unit = unit.send().await.unwrap();
    assert_eq!(campaign.sent(), nothing_sent(format!("GET {path}")));
    assert_eq!(unit.name.as_deref(), Some("azores"));
    let all: Vec<_> = list().items().try_collect().await.unwrap();
    assert_eq!((all.len(), campaign.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_unit_is_found_on_a_later_page() {
    let campaign = Campaign::start().await;
    let link = campaign.address("/next");
    let pages = [
        json!({"content": [{"name": "a"}], "next": {"href": link}}),
        json!({"content": [{"name": "b", "label": "B"}]}),
    ];
    for name in ["b", "c"] {
        for page in &pages {
            campaign.respond_next(page);
        }
        let found = campaign.client().find_organizational_unit(name).await;
        assert_eq!(found.unwrap().is_some(), name == "b");
    }
    assert_eq!(campaign.followed().len(), 4);
}
