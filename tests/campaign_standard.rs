//! Campaign Standard's operations against the sandbox: what went over the wire, and what came back.

mod common;

use common::World;
use futures_util::TryStreamExt;
use letterhead::campaign_standard::types::{
    MessageType, NewProfile, NewService, OrganizationalUnitReference, ProfileSubscription,
    ResourceReference, ServiceSubscription,
};
use letterhead::campaign_standard::{date, timestamp};
use letterhead_sandbox::{Exchange, credentials, seed};
use proptest::prelude::*;
use serde_json::json;

/// The only exchange since the last one: its method, its path below the family, both credentials.
fn sent(world: &World, method: &str, path: &str) -> Exchange {
    let exchange = world.exchange();
    let target = format!(
        "/{}/campaign/profileAndServicesExt/{path}",
        seed::CAMPAIGN_ORGANIZATION
    );
    assert_eq!(
        (exchange.method.as_str(), &exchange.target),
        (method, &target)
    );
    let bearer = format!("Bearer {}", credentials::CAMPAIGN_ACCESS_TOKEN);
    assert_eq!(exchange.request_header("authorization"), Some(&*bearer));
    assert_eq!(
        exchange.request_header("x-api-key"),
        Some(credentials::CAMPAIGN_API_KEY)
    );
    exchange
}

#[tokio::test]
async fn profiles_are_listed_over_all_pages() {
    let world = World::start().await;
    let list = || {
        let list = world.campaign.list_profiles().line_count(1);
        list.order("email desc").force_pagination(true)
    };
    let page = list().send().await.unwrap();
    sent(
        &world,
        "GET",
        "profile?_forcePagination=true&_lineCount=1&_order=email%20desc",
    );
    assert_eq!(page.content.len(), 1);
    let all: Vec<_> = list().items().try_collect().await.unwrap();
    let keys: Vec<_> = all
        .iter()
        .filter_map(|profile| profile.p_key.as_deref())
        .collect();
    let expected = [
        seed::CAMPAIGN_LOOSE_PROFILE_PKEY,
        seed::CAMPAIGN_PROFILE_PKEY,
    ];
    assert_eq!(keys, expected);
    assert_eq!(world.sandbox.take_exchanges().len(), 2);
}

#[tokio::test]
async fn the_values_of_an_attribute_are_a_list_of_texts() {
    let world = World::start().await;
    let page = world
        .campaign
        .list_profile_emails()
        .line_count(1)
        .order("email")
        .send();
    let first = page.await.unwrap();
    sent(&world, "GET", "profile/email?_lineCount=1&_order=email");
    assert_eq!(first.content, [seed::CAMPAIGN_PROFILE_EMAIL]);
    let next = world.campaign.next_page(&first).await.unwrap().unwrap();
    assert_eq!(next.content, [seed::CAMPAIGN_LOOSE_PROFILE_EMAIL]);
    let all = world.campaign.list_profile_emails().line_count(1).items();
    let all: Vec<String> = all.try_collect().await.unwrap();
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn profiles_are_found_by_text_and_by_key_fields() {
    let world = World::start().await;
    for (text, field, found) in [
        ("Nad", None, 1),
        ("nad", Some("firstName"), 0),
        ("Ber", None, 1),
    ] {
        let mut call = world.campaign.list_profiles_by_text().text(text);
        let mut query = format!("text={text}");
        if let Some(field) = field {
            call = call.filter_type(field);
            query = format!("filterType={field}&{query}");
        }
        let page = call.send().await.unwrap();
        sent(&world, "GET", &format!("profile/byText?{query}"));
        assert_eq!(page.content.len(), found, "{text}");
    }
    let call = world.campaign.list_profiles_by_keys();
    let page = call
        .email(seed::CAMPAIGN_PROFILE_EMAIL)
        .send()
        .await
        .unwrap();
    sent(
        &world,
        "GET",
        "profile/byKeysProfile?email=nadia.osei%40contoso.example",
    );
    assert_eq!(
        page.content[0].p_key.as_deref(),
        Some(seed::CAMPAIGN_PROFILE_PKEY)
    );
}

#[tokio::test]
async fn a_profile_is_created_in_its_unit_and_deleted() {
    let world = World::start().await;
    let profile = NewProfile::builder()
        .email("ines.castell@contoso.example".to_owned())
        .org_unit(OrganizationalUnitReference::from(
            seed::CAMPAIGN_OTHER_UNIT_PKEY,
        ));
    let profile: NewProfile = profile.try_into().unwrap();
    let created = world
        .campaign
        .create_profile()
        .body(profile)
        .send()
        .await
        .unwrap();
    let exchange = sent(&world, "POST", "profile");
    assert_eq!(
        exchange.request_json().unwrap(),
        json!({
            "email": "ines.castell@contoso.example",
            "orgUnit": {"PKey": seed::CAMPAIGN_OTHER_UNIT_PKEY},
        })
    );
    assert_eq!(created.status(), 201);
    let unit = created.org_unit.as_ref().unwrap();
    assert_eq!(
        unit.title.as_deref(),
        Some("Northwind Brand (northwind-brand)")
    );

    let key = created.into_inner().p_key.unwrap();
    let path = format!("profile/{key}");
    let delete = || world.campaign.delete_profile().profile_pkey(&*key).send();
    delete().await.unwrap();
    assert!(sent(&world, "DELETE", &path).response_body.is_empty());
    assert!(delete().await.unwrap_err().is_not_found());
    sent(&world, "DELETE", &path);
}

#[tokio::test]
async fn a_profile_may_have_been_created_when_no_answer_came() {
    let world = World::start().await;
    world
        .sandbox
        .reply_next(letterhead_sandbox::Reply::new(503));
    let call = world.campaign.create_profile().body(NewProfile::default());
    let error = call.send().await.unwrap_err();
    assert!(error.is_server_error() && error.may_have_taken_effect());
    // Nothing tells the service that a second one repeats the first.
    sent(&world, "POST", "profile");
}

#[tokio::test]
async fn units_are_renamed_by_the_members_that_are_sent() {
    let world = World::start().await;
    let campaign = &world.campaign;
    let key = seed::CAMPAIGN_UNIT_PKEY;
    let path = format!("orgUnitBase/{key}");
    let update = || campaign.update_organizational_unit().org_unit_pkey(key);
    let updated = update()
        .body_map(|unit| unit.label("Contoso Group"))
        .send()
        .await
        .unwrap();
    let exchange = sent(&world, "PATCH", &path);
    assert_eq!(
        exchange.request_json().unwrap(),
        json!({"label": "Contoso Group"})
    );
    assert_eq!(updated.into_inner().unwrap().p_key.as_deref(), Some(key));
    let unit = campaign
        .get_organizational_unit()
        .org_unit_pkey(key)
        .send()
        .await
        .unwrap();
    sent(&world, "GET", &path);
    assert_eq!(unit.title.as_deref(), Some("Contoso Group (contoso-brand)"));

    let nothing = update().body_map(|unit| unit).send().await.unwrap();
    assert_eq!(
        (nothing.status().as_u16(), (*nothing).is_none()),
        (204, true)
    );
    let root = campaign
        .update_organizational_unit()
        .org_unit_pkey(seed::CAMPAIGN_ROOT_UNIT_PKEY);
    let error = root
        .body_map(|unit| unit.label("Everyone"))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
}

#[tokio::test]
async fn geographical_units_are_listed_read_and_renamed() {
    let world = World::start().await;
    let campaign = &world.campaign;
    let page = campaign
        .list_geographical_units()
        .line_count(5)
        .send()
        .await
        .unwrap();
    sent(&world, "GET", "geoUnitBase/?_lineCount=5");
    let key = page.content[0].p_key.as_deref().unwrap();
    assert_eq!(key, seed::CAMPAIGN_GEO_UNIT_PKEY);
    let path = format!("geoUnitBase/{key}");
    let update = campaign.update_geographical_unit().geo_unit_pkey(key);
    update
        .body_map(|unit| unit.name("azores"))
        .send()
        .await
        .unwrap();
    let exchange = sent(&world, "PATCH", &path);
    assert_eq!(exchange.request_json().unwrap(), json!({"name": "azores"}));
    let unit = campaign
        .get_geographical_unit()
        .geo_unit_pkey(key)
        .send()
        .await
        .unwrap();
    sent(&world, "GET", &path);
    assert_eq!(unit.name.as_deref(), Some("azores"));
    let all: Vec<_> = campaign
        .list_geographical_units()
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all.len(), 1);
}

#[tokio::test]
async fn a_profile_is_assigned_to_a_unit_by_its_name() {
    let world = World::start().await;
    let key = seed::CAMPAIGN_LOOSE_PROFILE_PKEY;
    let updated = world
        .campaign
        .assign_profile(key, "northwind-brand")
        .await
        .unwrap();
    let exchanges = world.sandbox.take_exchanges();
    let [units, profile] = exchanges.as_slice() else {
        panic!("{exchanges:?}");
    };
    assert_eq!(
        (units.method.as_str(), profile.method.as_str()),
        ("GET", "PATCH")
    );
    let unit = json!({"orgUnit": {"PKey": seed::CAMPAIGN_OTHER_UNIT_PKEY}});
    assert_eq!(profile.request_json().unwrap(), unit);
    assert_eq!(updated.status(), 200);

    let error = world
        .campaign
        .assign_profile(key, "Northwind Brand")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("Northwind Brand"), "{error}");
    assert!(!error.may_have_been_sent());
    let reads = world.sandbox.take_exchanges();
    assert!(reads.iter().all(|exchange| exchange.method == "GET"));
}

#[tokio::test]
async fn a_unit_is_found_on_a_later_page() {
    let world = World::start().await;
    let link = format!("{}/fabrikam/campaign/next", world.sandbox.url());
    let pages = [
        json!({"content": [{"name": "a"}], "next": {"href": link}}),
        json!({"content": [{"name": "b", "label": "B"}]}),
    ];
    for name in ["b", "c"] {
        for page in &pages {
            world
                .sandbox
                .reply_next(letterhead_sandbox::Reply::new(200).json(page));
        }
        let found = world.campaign.find_organizational_unit(name).await.unwrap();
        assert_eq!(found.is_some(), name == "b");
    }
}

#[tokio::test]
async fn services_are_made_found_changed_and_deleted() {
    let world = World::start().await;
    let campaign = &world.campaign;
    let new = || {
        let new = NewService::builder()
            .name("harbour".to_owned())
            .message_type(MessageType::Sms);
        NewService::try_from(new).unwrap()
    };
    let created = campaign.create_service().body(new()).send().await.unwrap();
    let exchange = sent(&world, "POST", "service");
    let body = json!({"name": "harbour", "messageType": "sms"});
    assert_eq!(exchange.request_json().unwrap(), body);
    let error = campaign
        .create_service()
        .body(new())
        .send()
        .await
        .unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    sent(&world, "POST", "service");
    let key = created.into_inner().p_key.unwrap();

    let all = campaign.list_services().line_count(5).send().await.unwrap();
    sent(&world, "GET", "service?_lineCount=5");
    assert_eq!(all.content.len(), 2);
    let sms = campaign
        .list_services_by_channel()
        .channel("sms")
        .send()
        .await
        .unwrap();
    sent(&world, "GET", "service/byChannel?channel=sms");
    assert_eq!(sms.content[0].p_key.as_deref(), Some(&*key));
    let found = campaign
        .list_services_by_text()
        .text("Con")
        .send()
        .await
        .unwrap();
    sent(&world, "GET", "service/byText?text=Con");
    assert_eq!(
        found.content[0].p_key.as_deref(),
        Some(seed::CAMPAIGN_SERVICE_PKEY)
    );

    let path = format!("service/{key}");
    let update = campaign.update_service().service_pkey(&*key);
    update
        .body_map(|service| service.label("Harbour News"))
        .send()
        .await
        .unwrap();
    let exchange = sent(&world, "PATCH", &path);
    assert_eq!(
        exchange.request_json().unwrap(),
        json!({"label": "Harbour News"})
    );
    let read = campaign
        .get_service()
        .service_pkey(&*key)
        .send()
        .await
        .unwrap();
    sent(&world, "GET", &path);
    assert_eq!(read.label.as_deref(), Some("Harbour News"));
    campaign
        .delete_service()
        .service_pkey(&*key)
        .send()
        .await
        .unwrap();
    sent(&world, "DELETE", &path);
    assert!(
        campaign
            .get_service()
            .service_pkey(key)
            .send()
            .await
            .unwrap_err()
            .is_not_found()
    );
}

#[tokio::test]
async fn a_profile_subscribes_and_unsubscribes_either_way() {
    let world = World::start().await;
    let campaign = &world.campaign;
    let (service, profile) = (seed::CAMPAIGN_SERVICE_PKEY, seed::CAMPAIGN_PROFILE_PKEY);
    let of_profile = format!("profile/{profile}/subscriptions");
    let of_service = format!("service/{service}/subscriptions/");

    let body = ProfileSubscription::builder().service(ResourceReference::from(service));
    let body = ProfileSubscription::try_from(body).unwrap();
    let call = campaign
        .subscribe_profile()
        .profile_pkey(profile)
        .body(body);
    let first = call.send().await.unwrap().into_inner();
    let exchange = sent(&world, "POST", &of_profile);
    assert_eq!(
        exchange.request_json().unwrap(),
        json!({"service": {"PKey": service}})
    );
    assert_eq!(first.service_name.as_deref(), Some("contoso_news"));

    let body = ServiceSubscription::builder()
        .subscriber(ResourceReference::from(seed::CAMPAIGN_LOOSE_PROFILE_PKEY));
    let body = ServiceSubscription::try_from(body).unwrap();
    let add = || {
        campaign
            .add_subscriber()
            .service_pkey(service)
            .body(body.clone())
            .send()
    };
    add().await.unwrap();
    let exchange = sent(&world, "POST", &of_service);
    let subscriber = json!({"subscriber": {"PKey": seed::CAMPAIGN_LOOSE_PROFILE_PKEY}});
    assert_eq!(exchange.request_json().unwrap(), subscriber);
    assert!(
        add().await.unwrap_err().is_invalid_request(),
        "subscribed already"
    );
    sent(&world, "POST", &of_service);

    let list = || campaign.list_profile_subscriptions().profile_pkey(profile);
    let page = list().send().await.unwrap();
    sent(&world, "GET", &of_profile);
    assert_eq!(page.content, std::slice::from_ref(&first));
    let all = campaign.list_service_subscriptions().service_pkey(service);
    assert_eq!(all.clone().send().await.unwrap().content.len(), 2);
    sent(&world, "GET", &of_service);
    let streamed: Vec<_> = all.line_count(1).items().try_collect().await.unwrap();
    assert_eq!(streamed.len(), world.sandbox.take_exchanges().len());

    let key = first.p_key.unwrap();
    let end = || {
        campaign
            .unsubscribe()
            .service_pkey(service)
            .subscription_pkey(&*key)
            .send()
    };
    assert_eq!(end().await.unwrap().status(), 204);
    sent(&world, "DELETE", &format!("{of_service}{key}"));
    assert!(end().await.unwrap_err().is_not_found());
    assert_eq!(list().send().await.unwrap().content, []);
    // The profile's subscriptions go with it.
    let loose = seed::CAMPAIGN_LOOSE_PROFILE_PKEY;
    campaign
        .delete_profile()
        .profile_pkey(loose)
        .send()
        .await
        .unwrap();
    let left = campaign
        .list_service_subscriptions()
        .service_pkey(service)
        .send();
    assert_eq!(left.await.unwrap().content, []);
}

#[tokio::test]
async fn a_resource_is_described_with_its_fields() {
    let world = World::start().await;
    let describe = |name| world.campaign.get_resource_metadata().resource(name).send();
    let profile = describe("profile").await.unwrap();
    sent(&world, "GET", "resourceType/profile");
    let fields = profile.content.as_ref().unwrap();
    assert_eq!(fields["email"]["apiName"], "email");
    assert!(describe("offer").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn entries_are_counted_by_the_link_that_came_with_them() {
    let world = World::start().await;
    let campaign = &world.campaign;
    let units = campaign
        .list_organizational_units()
        .line_count(1)
        .send()
        .await
        .unwrap();
    let count = campaign.count(&units).await.unwrap().unwrap();
    assert_eq!(count.count, 3);
    let followed = world.sandbox.take_exchanges().remove(1).target;
    let href = units.count.as_ref().unwrap().href.as_deref().unwrap();
    assert_eq!(format!("{}{followed}", world.sandbox.url()), href);
    assert!(
        followed.contains("orgUnitBase//_count?_lineCount=1&"),
        "{followed}"
    );

    let found = campaign
        .list_profiles_by_email()
        .email(seed::CAMPAIGN_PROFILE_EMAIL);
    let found = found.send().await.unwrap();
    assert_eq!(campaign.count(&found).await.unwrap().unwrap().count, 1);
}

#[tokio::test]
async fn a_count_is_followed_on_the_own_instance_only() {
    let world = World::start().await;
    let other = format!("{}/contoso/campaign/_count", world.sandbox.url());
    for href in ["https://attacker.example/fabrikam/campaign/_count", &other] {
        let page = json!({"content": [], "count": {"href": href}});
        world
            .sandbox
            .reply_next(letterhead_sandbox::Reply::new(200).json(&page));
        let page = world.campaign.list_profiles().send().await.unwrap();
        let error = world.campaign.count(&page).await.unwrap_err();
        assert!(!error.may_have_been_sent(), "{error}");
        assert_eq!(world.sandbox.take_exchanges().len(), 1);
    }
    world
        .sandbox
        .reply_next(letterhead_sandbox::Reply::new(200).json(&json!({"content": []})));
    let page = world.campaign.list_profiles().send().await.unwrap();
    assert!(world.campaign.count(&page).await.unwrap().is_none());
}

#[tokio::test]
async fn times_are_read_when_they_are_asked_for() {
    let world = World::start().await;
    let unit = world.campaign.get_organizational_unit();
    let unit = unit
        .org_unit_pkey(seed::CAMPAIGN_UNIT_PKEY)
        .send()
        .await
        .unwrap();
    let created = timestamp(unit.created.as_deref().unwrap())
        .unwrap()
        .unwrap();
    assert_eq!(created.to_string(), "2026-01-12T08:36:13.252Z");
    assert_eq!(
        date("1984-03-21").unwrap().unwrap().to_string(),
        "1984-03-21"
    );
    assert_eq!((timestamp("").unwrap(), date("").unwrap()), (None, None));
    for wrong in ["1977-09-°4", "1984-02-30", "yesterday"] {
        let errors = [timestamp(wrong).unwrap_err(), date(wrong).unwrap_err()];
        for error in errors {
            assert!(
                error.is_decode() && !error.to_string().contains(wrong),
                "{error}"
            );
        }
    }
}

proptest! {
    #[test]
    fn no_text_stops_the_reading_of_times(text in any::<String>(), near in "[0-9TZ: .+-]{0,30}") {
        for text in [text, near] {
            let _ = (timestamp(&text), date(&text));
        }
    }

    #[test]
    fn every_time_is_read_as_it_was_written(milliseconds in 0..253_402_207_200_000_i64) {
        let time = letterhead::jiff::Timestamp::from_millisecond(milliseconds).unwrap();
        let written = time.strftime("%Y-%m-%d %H:%M:%S.%3fZ").to_string();
        prop_assert_eq!(timestamp(&written).unwrap(), Some(time));
    }
}
