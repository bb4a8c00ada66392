//! A response without its list is no empty list.

use futures_util::{StreamExt, TryStreamExt};
use letterhead::Error;
use letterhead_sandbox::{Response, seed};
use serde_json::{Value, json};

use crate::support::World;

fn assert_lacks_its_list(error: &Error, list: &str, body: &str) {
    assert!(error.is_decode(), "{body}: {error}");
    assert!(!error.may_have_taken_effect(), "{body}: {error}");
    let text = error.to_string();
    assert!(text.contains(&format!("{list}: ")), "{body}: {text}");
    assert!(text.contains(" at line "), "{body}: {text}");
    assert_eq!(error.attempts(), 1, "{body}: {error}");
    assert!(error.request_id().is_some());
}

/// What a list's member is called, by the operation that asked for it.
fn member(error: &Error) -> &'static str {
    match error.operation().unwrap() {
        "list_customers" => "items",
        "list_organizational_units" => "content",
        _ => "result",
    }
}

#[tokio::test]
async fn every_way_says_what_is_missing_and_where() {
    let world = World::start().await;
    let more = format!("{}/fabrikam/campaign/x?2", world.sandbox.campaign_standard_url());
    let leads_on = json!({
        "continuationToken": "t", "next": {"href": more},
        "result_info": {"next_page_token": "t", "cursor": "t", "page": 1, "total_pages": 9},
    });
    let with = |list: &Value| {
        let mut page = leads_on.clone();
        for name in ["items", "result", "content"] {
            page[name] = list.clone();
        }
        page.to_string()
    };
    for body in [
        "{}".to_owned(),
        json!({"code": "503", "description": "try later"}).to_string(),
        json!({"statusCode": 503, "message": "try later"}).to_string(),
        json!({"value": [{"id": "a"}]}).to_string(),
        json!({"Items": [], "Result": [], "Content": []}).to_string(),
        json!({"items": null, "result": null, "content": null}).to_string(),
        leads_on.to_string(),
        with(&json!(null)),
        with(&json!({})),
        with(&json!({"0": {"id": "a"}})),
        with(&json!("")),
        with(&json!(7)),
        with(&json!(false)),
        "{\n\n  \"x\": {\"items\": [], \"result\": [], \"content\": []}\n}\n".to_owned(),
    ] {
        let reply =
            Response::new(200).header("content-type", "application/json").body(body.clone());
        each_way!(world, 1, |list| {
            world.sandbox.respond_next(reply.clone());
            let mut items = list().items();
            let error = items.next().await.unwrap().unwrap_err();
            assert_lacks_its_list(&error, member(&error), &body);
            assert!(items.next().await.is_none());
            assert!(items.position().is_some(), "the list isn't done");

            world.sandbox.respond_next(reply.clone());
            let error = list().pages().next().await.unwrap().unwrap_err();
            assert_lacks_its_list(&error, member(&error), &body);

            world.sandbox.respond_next(reply.clone());
            let error = list().send().await.unwrap_err();
            assert_lacks_its_list(&error, member(&error), &body);
            assert_eq!(world.sandbox.take_requests().len(), 3);
        });
    }
}

#[tokio::test]
async fn the_place_is_the_bodys_own() {
    let world = World::start().await;
    for (body, place) in [
        ("{}", "items: missing field `items` at line 1 column 2"),
        (
            "{\n \"items\": null,\n \"totalCount\": 1}",
            "items: invalid type: null, expected a sequence at line 2 column 14",
        ),
        (
            "{\"totalCount\": \"2\",\n \"items\": {\n}}",
            "items: invalid type: map, expected a sequence at line 3 column 1",
        ),
        ("{\"items\": [{}],\n \"links\": 5}", "links: invalid type: integer `5`"),
    ] {
        let reply = Response::new(200).header("content-type", "application/json");
        world.sandbox.respond_next(reply.body(body));
        let error = world.partner.list_customers().send().await.unwrap_err();
        let said = error.to_string();
        let place = place.split(": integer").next().unwrap();
        assert!(said.contains(place), "{body}: {said}");
    }
}

#[tokio::test]
async fn lists_without_pages_have_to_be_there_as_well() {
    let world = World::start().await;
    let customer = seed::CUSTOMER_TENANT_IDS[0];
    for body in [json!({}), json!({"items": null, "result": null, "totalCount": 0})] {
        let reply = || world.sandbox.respond_next(Response::new(200).json(&body));
        let partner = &world.partner;
        reply();
        let roles = partner.list_directory_roles().customer_tenant_id(customer);
        assert_lacks_its_list(&roles.send().await.unwrap_err(), "items", "roles");
        reply();
        let skus = partner.list_subscribed_skus().customer_tenant_id(customer);
        assert_lacks_its_list(&skus.send().await.unwrap_err(), "items", "skus");
        reply();
        let licenses = partner.list_customer_user_licenses().customer_tenant_id(customer);
        let licenses = licenses.user_id("u").send().await;
        assert_lacks_its_list(&licenses.unwrap_err(), "items", "licenses");
        reply();
        let above = world.cloudflare.list_account_organizations();
        let above = above.account_id("a").send().await;
        assert_lacks_its_list(&above.unwrap_err(), "result", "organizations");
    }
}

#[tokio::test]
async fn an_empty_list_is_one() {
    let world = World::start().await;
    for body in [
        json!({"items": [], "result": [], "content": []}),
        json!({"items": [], "result": [], "content": [], "totalCount": 0, "result_info": null}),
    ] {
        each_way!(world, 1, |list| {
            world.sandbox.respond_next(Response::new(200).json(&body));
            assert_eq!(list().items().count().await, 0);
            world.sandbox.respond_next(Response::new(200).json(&body));
            assert!(list().send().await.is_ok());
        });
    }
    // Whatever else the response is: an array that the document lets be null is not its list.
    let customer = json!({"id": "a", "customDomains": null});
    world.sandbox.respond_next(Response::new(200).json(&customer));
    let customer = world.partner.get_customer().customer_tenant_id("a").send().await;
    assert_eq!(customer.unwrap().id.as_deref(), Some("a"));
}

#[tokio::test]
async fn an_empty_page_that_leads_on_is_not_the_last_one() {
    let world = World::start().await;
    each_way!(world, 1, |list| {
        let pages = [(0, true), (1, true), (0, true), (0, true), (1, false)];
        for (number, (count, more)) in (1..).zip(pages) {
            queue(&world, number, count, more);
        }
        let items: Vec<_> = list().items().try_collect().await.unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(world.sandbox.take_requests().len(), 5);
    });
}

/// Queues a page that has a number as well as a token and a link of its own.
fn queue(world: &World, number: i64, count: usize, more: bool) {
    let items = vec![json!({}); count];
    let token = more.then(|| format!("t{number}"));
    let href = token.as_ref().map(|token| {
        let base = world.sandbox.campaign_standard_url();
        format!("{base}/fabrikam/campaign/x?{token}")
    });
    world.sandbox.respond_next(Response::new(200).json(&json!({
        "items": items, "content": items, "result": items,
        "continuationToken": token, "next": {"href": href},
        "result_info": {
            "next_page_token": token, "cursor": token, "page": number,
            "total_pages": if more { 99 } else { number },
        },
    })));
}
