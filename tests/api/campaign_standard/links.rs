//! Links, which are followed as they come, on the own instance only.

use futures_util::TryStreamExt;
use letterhead_sandbox::seed;
use serde_json::json;

use super::{BASE, Campaign};

#[tokio::test]
async fn entries_are_counted_by_the_link_that_came_with_them() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let units = client.list_organizational_units().line_count(1);
    let units = units.send().await.unwrap();
    campaign.requests();
    let count = client.count(&units).await.unwrap().unwrap();
    assert_eq!(count.count, 3);
    let followed = campaign.followed().remove(0).target;
    let href = units.count.as_ref().unwrap().href.as_deref().unwrap();
    assert_eq!(format!("{}{followed}", campaign.world.sandbox.url()), href);
    assert!(followed.contains("orgUnitBase//_count?_lineCount=1&"), "{followed}");

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
        campaign.respond_next(&json!({"content": [], "count": {"href": href}}));
        let page = client.list_profiles().send().await.unwrap();
        let error = client.count(&page).await.unwrap_err();
        assert!(!error.may_have_been_sent(), "{error}");
        assert_eq!(campaign.requests().len(), 1);
    }
    campaign.respond_next(&json!({"content": []}));
    let page = client.list_profiles().send().await.unwrap();
    assert!(client.count(&page).await.unwrap().is_none());
}

#[tokio::test]
async fn a_next_page_is_asked_for_on_the_own_instance_only() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let origin = campaign.world.sandbox.url();
    let host = origin.trim_start_matches("http:");
    for href in [
        "https://attacker.example/fabrikam/campaign/profile".to_owned(),
        "//attacker.example/fabrikam/campaign/profile".to_owned(),
        "\\\\attacker.example\\fabrikam".to_owned(),
        format!("https:{host}{BASE}/profile"),
        format!("{origin}@attacker.example{BASE}/profile"),
        format!("{origin}/contoso/campaign/profile"),
        format!("{origin}{BASE}/../../contoso/campaign/profile"),
        format!("{origin}{BASE}/%2e%2e/%2E./contoso/campaign/profile"),
        "/contoso/campaign/profile".to_owned(),
        "http://".to_owned(),
        // What another server may take for a way out.
        format!("{BASE}/..%2f..%2fcontoso/campaign/profile"),
        format!("{BASE}/x/%2e%2e%2F%2e%2e%2F%2E./contoso/profile"),
        format!("{origin}{BASE}/..%5c..%5Ccontoso/profile"),
        format!("{origin}{BASE}/%2e%2e%5c..%5ccontoso/profile"),
        format!("{BASE}/..;/..;/contoso/profile"),
        format!("{BASE}/..;a=b/profile"),
        format!("{BASE}/%2e%2e;/profile"),
        format!("{BASE}/%2e%2e%3b/profile"),
        format!("{BASE}/%252e%252e/%252e%252e/contoso/profile"),
        format!("{BASE}/..%252f..%252fcontoso/profile"),
        format!("{BASE}/..%20/contoso"),
        // Relative to the address of the page.
        "profile?_lineStart=@a".to_owned(),
        "?_lineStart=@a".to_owned(),
        "./profile".to_owned(),
        "campaign/profile".to_owned(),
        "campaign/../fabrikam/campaign/profile".to_owned(),
        "http:profile".to_owned(),
        "#next".to_owned(),
    ] {
        campaign.respond_next(&json!({"content": [{}], "next": {"href": href}}));
        let mut pages = client.list_profiles().pages();
        let page = pages.next().await.unwrap().unwrap();
        let streamed = pages.next().await.unwrap().unwrap_err();
        let asked = client.next_page(&page).await.unwrap_err();
        for error in [streamed, asked] {
            assert!(!error.may_have_been_sent(), "{href}: {error}");
        }
        assert_eq!(campaign.requests().len(), 1, "{href}");
    }
}

#[tokio::test]
async fn a_list_ends_where_nothing_leads_on() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    for (content, next) in [
        (json!([{}]), json!(null)),
        (json!([{}]), json!({})),
        (json!([{}]), json!({"href": null})),
        (json!([{}]), json!({"href": ""})),
        (json!([]), json!(null)),
    ] {
        let count = content.as_array().map(Vec::len);
        campaign.respond_next(&json!({"content": content, "next": next}));
        let all: Vec<_> = client.list_profiles().items().try_collect().await.unwrap();
        assert_eq!(Some(all.len()), count, "{next}");
        assert_eq!(campaign.requests().len(), 1, "{next}");
    }
}

#[tokio::test]
async fn a_list_that_leads_back_ends_in_an_error() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let page = |at: &str| {
        let href = campaign.address(&format!("/profileAndServicesExt/profile?_lineStart=@{at}"));
        campaign.respond_next(&json!({"content": [{}], "next": {"href": href}}));
    };
    // A page that names itself, and two that name each other.
    for pages in [&["a", "a"][..], &["a", "b", "a"]] {
        pages.iter().copied().for_each(page);
        let mut items = client.list_profiles().items();
        for _ in pages {
            items.next().await.unwrap().unwrap();
        }
        let error = items.next().await.unwrap().unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert!(items.next().await.is_none());
        assert_eq!(campaign.requests().len(), pages.len());
    }
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
        (format!("{BASE}/profile?_lineStart=@c"), format!("{BASE}/profile?_lineStart=@c")),
        // Keys may hold anything, and queries as well.
        (
            format!("{origin}{BASE}/service/@a%2Fb%25..c;d/subscriptions?_lineStart=@..%2f..;"),
            format!("{BASE}/service/@a%2Fb%25..c;d/subscriptions?_lineStart=@..%2f..;"),
        ),
    ] {
        campaign.respond_next(&json!({"content": [{}], "next": {"href": href}}));
        campaign.respond_next(&json!({"content": [{}]}));
        let all: Vec<_> = client.list_profiles().items().try_collect().await.unwrap();
        assert_eq!(all.len(), 2, "{href}");
        assert_eq!(campaign.followed()[1].target, expected);
    }
}

#[tokio::test]
async fn a_stream_is_one_operation() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let more = campaign.address("/profileAndServicesExt/profile?_lineStart=@a");
    campaign.respond_next(&json!({"content": [{}], "next": {"href": more}}));
    campaign.respond_next(&json!({"content": "none"}));
    let mut pages = client.list_profiles().pages();
    let page = pages.next().await.unwrap().unwrap();
    let error = pages.next().await.unwrap().unwrap_err();
    assert_eq!(error.operation(), Some("list_profiles"), "{error}");
    campaign.respond_next(&json!({"Content": []}));
    let error = client.next_page(&page).await.unwrap_err();
    assert_eq!(error.operation(), Some("next_page"));
    assert!(error.to_string().contains("content: missing"), "{error}");
}
