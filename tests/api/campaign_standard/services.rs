//! Services, and the subscriptions to them.

use futures_util::TryStreamExt;
use letterhead::campaign_standard::types::{
    MessageType, NewService, ProfileSubscription, ResourceReference, ServiceSubscription,
};
use serde_json::json;

use super::{Campaign, LOOSE_PROFILE, PROFILE, SERVICE, nothing_sent};

#[tokio::test]
async fn services_are_made_found_changed_and_deleted() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let create = || {
        let new = NewService::builder().name("harbour").message_type(MessageType::Sms);
        let new = NewService::try_from(new).unwrap();
        client.create_service().body(new).send()
    };
    let body = json!({"name": "harbour", "messageType": "sms"});
    let line = "POST /service".to_owned();
    let created = create().await.unwrap();
    assert_eq!(campaign.sent(), (line.clone(), Some(body.clone())));
    let error = create().await.unwrap_err();
    assert_eq!(campaign.sent(), (line, Some(body)));
    assert!(error.is_invalid_request(), "{error}");
    let key = created.into_inner().p_key.unwrap();

    let all = client.list_services().line_count(5).send().await.unwrap();
    assert_eq!(campaign.sent(), nothing_sent("GET /service?_lineCount=5"));
    assert_eq!(all.content.len(), 2);
    let sms = client.list_services_by_channel().channel("sms");
    let sms = sms.send().await.unwrap();
    let line = "GET /service/byChannel?channel=sms";
    assert_eq!(campaign.sent(), nothing_sent(line));
    assert_eq!(sms.content[0].p_key.as_deref(), Some(&*key));
    let found = client.list_services_by_text().text("Con").send().await;
    assert_eq!(campaign.sent(), nothing_sent("GET /service/byText?text=Con"));
    assert_eq!(found.unwrap().content[0].p_key.as_deref(), Some(SERVICE));

    let path = format!("/service/{key}");
    let update = client.update_service().service_pkey(&*key);
    let update = update.body_map(|service| service.label("Harbour News"));
    update.send().await.unwrap();
    let body = json!({"label": "Harbour News"});
    assert_eq!(campaign.sent(), (format!("PATCH {path}"), Some(body)));
    let read = || client.get_service().service_pkey(&*key).send();
    assert_eq!(read().await.unwrap().label.as_deref(), Some("Harbour News"));
    assert_eq!(campaign.sent(), nothing_sent(format!("GET {path}")));
    let delete = client.delete_service().service_pkey(&*key);
    delete.send().await.unwrap();
    assert_eq!(campaign.sent(), nothing_sent(format!("DELETE {path}")));
    assert!(read().await.unwrap_err().is_not_found());
    assert_eq!(campaign.requests().len(), 1);
}

#[tokio::test]
async fn services_are_found_by_when_and_for_whom_they_are() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let new = NewService::builder().start("2026-03-10");
    let new = NewService::try_from(new.end("2026-03-20")).unwrap();
    client.create_service().body(new).send().await.unwrap();
    campaign.requests();
    // The one that was there is open on both sides.
    for (first, last, found) in [
        ("2026-03-01", "2026-03-09", 1),
        ("2026-03-01", "2026-03-10", 2),
        ("2026-03-20", "2026-03-20", 2),
        ("2026-03-21", "2026-12-31", 1),
    ] {
        let list = client.list_services_by_planning();
        let page = list.start_date(first).end_date(last).send().await.unwrap();
        let line = format!("GET /service/byPlanning?endDate={last}&startDate={first}");
        assert_eq!(campaign.sent(), nothing_sent(line));
        assert_eq!(page.content.len(), found, "{first} to {last}");
    }
    for (target, found) in [("profile", 2), ("visitor", 0)] {
        let list = client.list_services_by_target_resource();
        let all = list.target_resource(target).items();
        let all: Vec<_> = all.try_collect().await.unwrap();
        let query = format!("_forcePagination=true&targetResource={target}");
        let line = format!("GET /service/byTargetResource?{query}");
        assert_eq!(campaign.sent(), nothing_sent(line));
        assert_eq!(all.len(), found, "{target}");
    }
}

#[tokio::test]
async fn a_profile_subscribes_and_unsubscribes_either_way() {
    let campaign = Campaign::start().await;
    let client = campaign.client();
    let of_profile = format!("/profile/{PROFILE}/subscriptions");
    let of_service = format!("/service/{SERVICE}/subscriptions/");

    let body = ProfileSubscription::builder().service(ResourceReference::from(SERVICE));
    let body = ProfileSubscription::try_from(body).unwrap();
    let call = client.subscribe_profile().profile_pkey(PROFILE).body(body);
    let first = call.send().await.unwrap().into_inner();
    let body = json!({"service": {"PKey": SERVICE}});
    assert_eq!(campaign.sent(), (format!("POST {of_profile}"), Some(body)));
    assert_eq!(first.service_name.as_deref(), Some("contoso_news"));

    let body = ServiceSubscription::builder().subscriber(ResourceReference::from(LOOSE_PROFILE));
    let body = ServiceSubscription::try_from(body).unwrap();
    let add = client.add_subscriber().service_pkey(SERVICE).body(body);
    for is_new in [true, false] {
        let added = add.clone().send().await;
        let body = json!({"subscriber": {"PKey": LOOSE_PROFILE}});
        assert_eq!(campaign.sent(), (format!("POST {of_service}"), Some(body)));
        match added {
            Ok(_) => assert!(is_new),
            Err(error) => assert!(!is_new && error.is_invalid_request(), "{error}"),
        }
    }

    let list = || client.list_profile_subscriptions().profile_pkey(PROFILE);
    let page = list().send().await.unwrap();
    assert_eq!(campaign.sent(), nothing_sent(format!("GET {of_profile}")));
    assert_eq!(page.content, std::slice::from_ref(&first));
    let all = || client.list_service_subscriptions().service_pkey(SERVICE);
    assert_eq!(all().send().await.unwrap().content.len(), 2);
    assert_eq!(campaign.sent(), nothing_sent(format!("GET {of_service}")));
    let streamed: Vec<_> = all().line_count(1).items().try_collect().await.unwrap();
    assert_eq!(streamed.len(), campaign.requests().len());

    let key = first.p_key.unwrap();
    let end = client.unsubscribe().service_pkey(SERVICE);
    let end = end.subscription_pkey(&*key);
    for is_there in [true, false] {
        let ended = end.clone().send().await;
        let line = format!("DELETE {of_service}{key}");
        assert_eq!(campaign.sent(), nothing_sent(line));
        match ended {
            Ok(reply) => assert!(is_there && reply.status() == 204),
            Err(error) => assert!(!is_there && error.is_not_found(), "{error}"),
        }
    }
    assert_eq!(list().send().await.unwrap().content, []);
    // The profile's subscriptions go with it.
    let delete = client.delete_profile().profile_pkey(LOOSE_PROFILE);
    delete.send().await.unwrap();
    assert_eq!(all().send().await.unwrap().content, []);
    assert_eq!(campaign.requests().len(), 3);
}
