//! Profiles: listed, found, made, changed and deleted.

use futures_util::TryStreamExt;
use letterhead::campaign_standard::types::{
    NewProfile, OrganizationalUnitReference, ProfilePage, ResourceReference, ServiceSubscription,
};
use letterhead_sandbox::{Response, seed};
use serde_json::json;

use super::{Campaign, LOOSE_PROFILE, OTHER_UNIT, PROFILE, SERVICE, nothing_sent};

fn keys(page: &ProfilePage) -> Vec<&str> {
    let profiles = page.content.iter();
    profiles.filter_map(|profile| profile.p_key.as_deref()).collect()
}

#[tokio::test]
async fn profiles_are_listed_over_all_pages() {
    let campaign = Campaign::start().await;
    let list = || {
        let list = campaign.client().list_profiles().line_count(1);
        list.order("email desc").force_pagination(true)
    };
    let page = list().send().await.unwrap();
    let line = "GET /profile?_forcePagination=true&_lineCount=1&_order=email%20desc";
    assert_eq!(campaign.sent(), nothing_sent(line));
    assert_eq!(keys(&page), [LOOSE_PROFILE]);
    let all: Vec<_> = list().items().try_collect().await.unwrap();
    let keys: Vec<_> = all.iter().filter_map(|profile| profile.p_key.as_deref()).collect();
    assert_eq!(keys, [LOOSE_PROFILE, PROFILE]);
    assert_eq!(campaign.requests().len(), 2);
}

#[tokio::test]
async fn the_values_of_an_attribute_are_a_list_of_texts() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let list = || client.list_profile_emails().line_count(1);
    let first = list().order("email").send().await.unwrap();
    let line = "GET /profile/email?_lineCount=1&_order=email";
    assert_eq!(campaign.sent(), nothing_sent(line));
    assert_eq!(first.content, [seed::CAMPAIGN_PROFILE_EMAIL]);
    let next = client.next_page(&first).await.unwrap().unwrap();
    assert_eq!(next.content, [seed::CAMPAIGN_LOOSE_PROFILE_EMAIL]);
    let all: Vec<String> = list().items().try_collect().await.unwrap();
    assert_eq!((all.len(), campaign.requests().len()), (2, 3));
}

#[tokio::test]
async fn profiles_are_found_by_address_text_and_key_fields() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    for (text, field, found) in [("Nad", None, 1), ("nad", Some("firstName"), 0), ("Ber", None, 1)]
    {
        let mut call = client.list_profiles_by_text().text(text);
        let mut query = format!("text={text}");
        if let Some(field) = field {
            call = call.filter_type(field);
            query = format!("filterType={field}&{query}");
        }
        let page = call.send().await.unwrap();
        let line = format!("GET /profile/byText?{query}");
        assert_eq!(campaign.sent(), nothing_sent(line));
        assert_eq!(page.content.len(), found, "{text}");
    }
    let email = seed::CAMPAIGN_LOOSE_PROFILE_EMAIL;
    let page = client.list_profiles_by_email().email(email).send().await;
    let line = "GET /profile/byEmail?email=tomas%2Bnews%40contoso.example";
    assert_eq!(campaign.sent(), nothing_sent(line));
    assert_eq!(keys(&page.unwrap()), [LOOSE_PROFILE]);
    let email = seed::CAMPAIGN_PROFILE_EMAIL;
    let page = client.list_profiles_by_keys().email(email).send().await;
    let line = "GET /profile/byKeysProfile?email=nadia.osei%40contoso.example";
    assert_eq!(campaign.sent(), nothing_sent(line));
    assert_eq!(keys(&page.unwrap()), [PROFILE]);
}

#[tokio::test]
async fn profiles_are_found_by_audience_and_by_what_a_delivery_did() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let audience = seed::CAMPAIGN_AUDIENCE_PKEY;
    let list = |key| client.list_profiles_by_static_audience().audience(key);
    let page = list(audience).line_count(5).send().await.unwrap();
    let encoded = audience.replace('@', "%40");
    let line = format!("GET /profile/byStaticAudience?_lineCount=5&audience={encoded}");
    assert_eq!(campaign.sent(), nothing_sent(line));
    assert_eq!(keys(&page), [PROFILE]);

    let key = seed::CAMPAIGN_DELIVERY_PKEY;
    let query = format!("delivery={}", key.replace('@', "%40"));
    let received = client.list_profiles_that_received_delivery().delivery(key);
    let page = received.clone().send().await.unwrap();
    let line = format!("GET /profile/hasReceivedDelivery?{query}");
    assert_eq!(campaign.sent(), nothing_sent(line));
    assert_eq!(keys(&page), [PROFILE, LOOSE_PROFILE]);
    let all: Vec<_> = received.line_count(1).items().try_collect().await.unwrap();
    assert_eq!((all.len(), campaign.requests().len()), (2, 2));
    let opened = client.list_profiles_that_opened_delivery().delivery(key);
    let page = opened.send().await.unwrap();
    let line = format!("GET /profile/hasOpenedDelivery?{query}");
    assert_eq!(campaign.sent(), nothing_sent(line));
    assert_eq!(keys(&page), [PROFILE]);
    let clicked = client.list_profiles_that_clicked_delivery().delivery(key);
    let page = clicked.send().await.unwrap();
    let line = format!("GET /profile/hasClickedDelivery?{query}");
    assert_eq!(campaign.sent(), nothing_sent(line));
    assert_eq!(keys(&page), [LOOSE_PROFILE]);

    // Nobody is in an audience that isn't there; what is no key is a mistake.
    assert_eq!(list("@nobody").send().await.unwrap().content, []);
    let error = list("members").send().await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    assert_eq!(campaign.requests().len(), 2);
}

#[tokio::test]
async fn subscribers_are_the_profiles_with_a_subscription() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let list = || client.list_subscribers().service(SERVICE);
    assert_eq!(list().send().await.unwrap().content, []);
    let line = format!("GET /profile/subscribers?service={}", SERVICE.replace('@', "%40"));
    assert_eq!(campaign.sent(), nothing_sent(line));
    let body = ServiceSubscription::builder().subscriber(ResourceReference::from(LOOSE_PROFILE));
    let body = ServiceSubscription::try_from(body).unwrap();
    let add = client.add_subscriber().service_pkey(SERVICE).body(body);
    add.send().await.unwrap();
    assert_eq!(keys(&list().send().await.unwrap()), [LOOSE_PROFILE]);
    assert_eq!(campaign.requests().len(), 2);
}

#[tokio::test]
async fn a_profile_is_created_in_its_unit_changed_and_deleted() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let email = "ines.castell@contoso.example";
    let profile =
        NewProfile::builder().email(email).org_unit(OrganizationalUnitReference::from(OTHER_UNIT));
    let profile: NewProfile = profile.try_into().unwrap();
    let created = client.create_profile().body(profile).send().await.unwrap();
    let body = json!({"email": email, "orgUnit": {"PKey": OTHER_UNIT}});
    assert_eq!(campaign.sent(), ("POST /profile".to_owned(), Some(body)));
    assert_eq!(created.status(), 201);
    let unit = created.org_unit.as_ref().unwrap();
    assert_eq!(unit.title.as_deref(), Some("Northwind Brand (northwind-brand)"));

    let key = created.into_inner().p_key.unwrap();
    let path = format!("/profile/{key}");
    let update = || client.update_profile().profile_pkey(&*key);
    let rename = update().body_map(|profile| profile.first_name("Ines"));
    rename.send().await.unwrap();
    let body = json!({"firstName": "Ines"});
    assert_eq!(campaign.sent(), (format!("PATCH {path}"), Some(body)));
    let nothing = update().body_map(|profile| profile).send().await.unwrap();
    assert_eq!((nothing.status().as_u16(), nothing.is_none()), (204, true));
    campaign.requests();
    let read = client.get_profile().profile_pkey(&*key).send().await;
    assert_eq!(campaign.sent(), nothing_sent(format!("GET {path}")));
    assert_eq!(read.unwrap().first_name.as_deref(), Some("Ines"));

    for is_there in [true, false] {
        let deleted = client.delete_profile().profile_pkey(&*key).send().await;
        assert_eq!(campaign.sent(), nothing_sent(format!("DELETE {path}")));
        match deleted {
            Ok(_) => assert!(is_there),
            Err(error) => assert!(!is_there && error.is_not_found(), "{error}"),
        }
    }
}

#[tokio::test]
async fn a_profile_may_have_been_created_if_no_response_came() {
    let campaign = Campaign::start().await;
    campaign.world.sandbox.respond_next(Response::new(503));
    let call = campaign.client().create_profile();
    let error = call.body(NewProfile::default()).send().await.unwrap_err();
    assert!(error.is_server_error() && error.may_have_taken_effect());
    // The service cannot know that a second one is a retry of the first.
    assert_eq!(campaign.followed().len(), 1);
}

#[tokio::test]
async fn a_profile_is_assigned_to_a_unit_by_its_name() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let updated = client.assign_profile(LOOSE_PROFILE, "northwind-brand").await;
    let requests = campaign.requests();
    let [units, profile] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert_eq!((units.method.as_str(), profile.method.as_str()), ("GET", "PATCH"));
    let unit = json!({"orgUnit": {"PKey": OTHER_UNIT}});
    assert_eq!(profile.json().unwrap(), unit);
    assert_eq!(updated.unwrap().status(), 200);

    let error = client.assign_profile(LOOSE_PROFILE, "Northwind Brand").await;
    let error = error.unwrap_err();
    assert!(error.to_string().contains("Northwind Brand"), "{error}");
    assert!(error.is_not_found() && !error.may_have_been_sent());
    let reads = campaign.requests();
    assert!(reads.iter().all(|request| request.method == "GET"));
}
