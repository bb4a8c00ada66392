//! Links, which are followed as they come, on the own instance only.

use futures_util::TryStreamExt;
use letterhead_sandbox::seed;
use serde_json::json;

use crate::{BASE, Campaign};

#[tokio::test]
async fn entries_are_counted_by_the_link_that_came_with_them() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let units = client.list_organizational_units().line_count(1);
    let units = units.send().await.unwrap();
    campaign.exchanges();
    let count = client.count(&units).await.unwrap().unwrap();
    assert_eq!(count.count, 3);
    let followed = campaign.followed().remove(0).target;
    let href = units.count.as_ref().unwrap().href.as_deref().unwrap();
    assert_eq!(format!("{}{followed}", campaign.world.sandbox.url()), href);
    assert!(
        followed.contains("orgUnitBase//_count?_lineCount=1&"),
        "{followed}"
    );

    let found = client.list_profiles_by_email();
    let found = found.email(seed::CAMPAIGN_PROFILE_EMAIL).send().await;
    let count = client.count(&found.unwrap()).await.unwrap().unwrap();
    assert_eq!(count.count, 1);
}

#[tokio::test]
async fn a_count_is_followed_on_the_own_instance_only() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let other = format!("{}/contoso/campaign/_count", campaign.world.sandbox.url());
    for href in ["https://attacker.example/fabrikam/campaign/_count", &other] {
        campaign.answer_next(&json!({"content": [], "count": {"href": href}}));
        let page = client.list_profiles().send().await.unwrap();
        let error = client.count(&page).await.unwrap_err();
        assert!(!error.may_have_been_sent(), "{error}");
        assert_eq!(campaign.exchanges().len(), 1);
    }
    campaign.answer_next(&json!({"content": []}));
    let page = client.list_profiles().send().await.unwrap();
    assert!(client.count(&page).await.unwrap().is_none());
}

#[tokio::test]
async fn a_next_page_is_found_wherever_the_instance_says_that_it_is() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let origin = campaign.world.sandbox.url();
    for (href, expected) in [
        (
            format!("{origin}{BASE}//profile?_lineStart=@a"),
            format!("{BASE}//profile?_lineStart=@a"),
        ),
        // Some addresses lack `/campaign`.
        (
            format!("{origin}/fabrikam/profile?_lineStart=@b"),
            "/fabrikam/profile?_lineStart=@b".to_owned(),
        ),
        (
            format!("{BASE}/profile?_lineStart=@c"),
            format!("{BASE}/profile?_lineStart=@c"),
        ),
    ] {
        campaign.answer_next(&json!({"content": [{}], "next": {"href": href}}));
        campaign.answer_next(&json!({"content": [{}]}));
        let all: Vec<_> = client.list_profiles().items().try_collect().await.unwrap();
        assert_eq!(all.len(), 2, "{href}");
        assert_eq!(campaign.followed()[1].target, expected);
    }
}
