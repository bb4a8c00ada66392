//! What an instance says about its resources.

use letterhead::campaign_standard::types::ResourceListing;
use serde_json::{Value, json};

use super::{BASE, Campaign, nothing_sent};

#[tokio::test]
async fn a_resource_is_described_with_its_fields() {
    let campaign = Campaign::start().await;
    let describe = |name| {
        let describe = campaign.client().get_resource_metadata();
        describe.resource(name).send()
    };
    let profile = describe("profile").await.unwrap();
    let line = "GET /resourceType/profile";
    assert_eq!(campaign.sent(), nothing_sent(line));
    let fields = profile.content.as_ref().unwrap();
    let email: Value = fields.get("email").unwrap().unwrap();
    assert_eq!(email["apiName"], "email");
    assert!(describe("offer").await.unwrap_err().is_not_found());
    assert_eq!(campaign.requests().len(), 1);
}

#[tokio::test]
async fn the_filters_of_a_resource_are_where_its_description_says() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let describe = client.get_resource_metadata().resource("profile");
    let profile = describe.send().await.unwrap();
    campaign.requests();
    let filters = client.filters(&profile).await.unwrap().unwrap();
    let href = profile.filters.as_ref().unwrap().href.as_deref().unwrap();
    let followed = campaign.followed().remove(0).target;
    assert_eq!(format!("{}{followed}", campaign.world.sandbox.url()), href, "as it came");
    let data = "/profileAndServicesExt/profile/byText?text=$value";
    let by_text: Value = filters.get("byText").unwrap().unwrap();
    assert_eq!(by_text["data"], data);

    let stranger = "https://attacker.example/fabrikam/campaign/filters";
    for (filters, is_refused) in [(json!({ "href": stranger }), true), (json!(null), false)] {
        campaign.respond_next(&json!({ "filters": filters }));
        let describe = client.get_resource_metadata().resource("profile");
        let profile = describe.send().await.unwrap();
        match client.filters(&profile).await {
            Ok(filters) => assert!(!is_refused && filters.is_none()),
            Err(error) => assert!(is_refused && !error.may_have_been_sent(), "{error}"),
        }
    }
    assert_eq!(campaign.requests().len(), 2);
}

#[tokio::test]
async fn the_resources_of_the_instance_are_listed_under_their_names() {
    let campaign = Campaign::start().await;
    let listing = campaign.client().list_resources().send().await.unwrap();
    let [request] = &campaign.requests()[..] else {
        panic!("one request");
    };
    assert_eq!(request.target, format!("{BASE}/profileAndServicesExt"));
    assert_eq!(listing.api_name.as_deref(), Some("resourceType"));
    let names: Vec<_> = listing.resources().map(|(name, _)| name).collect();
    assert_eq!(names, ["geoUnitBase", "orgUnitBase", "profile", "service"]);

    let listing = json!({
        "apiName": "resourceType",
        "cusPurchase": {"data": "/profileAndServicesExt/cusPurchase/", "content": {}, "cusOwn": 1},
        "version": "26.2",
        "odd": {"label": 7},
    });
    let listing: ResourceListing = serde_json::from_value(listing).unwrap();
    let resources: Vec<_> = listing.resources().collect();
    let [("cusPurchase", purchase)] = resources.as_slice() else {
        panic!("{resources:?}");
    };
    assert_eq!(purchase.extra.get_raw("cusOwn"), Some("1"));
    assert!(listing.extra.contains("odd"));
}
