//! Campaign Standard's operations against the sandbox: what went over the wire, and what came back.

mod common;

use common::World;
use futures_util::TryStreamExt;
use letterhead::campaign_standard::types::{NewProfile, OrganizationalUnitReference};
use letterhead_sandbox::{Exchange, credentials, seed};
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
