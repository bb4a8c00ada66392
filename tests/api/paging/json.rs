//! Lists of plain JSON go the ways of the lists that documents have.

use letterhead::http::Method;
use letterhead::{Json, JsonRequest};

use super::*;

/// The requests since the last time: the path, the names in the query, and whether a header leads on. What
/// leads on is another one in each list.
fn sent(world: &World) -> Vec<(String, Vec<String>, bool)> {
    let requests = world.sandbox.take_requests().into_iter();
    let leads = |request: letterhead_sandbox::RecordedRequest| {
        let query = request.query().unwrap_or_default().split('&');
        let mut names: Vec<_> =
            query.map(|pair| pair.split('=').next().unwrap().to_owned()).collect();
        names.sort_unstable();
        (request.path().to_owned(), names, request.header("ms-continuationtoken").is_some())
    };
    requests.map(leads).collect()
}

#[tokio::test]
async fn a_list_of_json_is_the_same_list() {
    let world = World::start().await;
    let organization = seed::CLOUDFLARE_ORGANIZATION_ID;
    let cloudflare = |path| world.cloudflare.request(Method::GET, path);
    let of_organization = |path| cloudflare(path).path("id", organization);
    let units = "/profileAndServicesExt/orgUnitBase/";
    let mut untyped: Vec<JsonRequest> = vec![
        world.partner.request(Method::GET, "/v1/customers").query("size", 2),
        cloudflare("/organizations").query("page_size", 2),
        of_organization("/organizations/{id}/logs/audit")
            .query("since", "2026-10-01")
            .query("before", "2026-11-01")
            .query("limit", 2),
        of_organization("/organizations/{id}/shares").query("per_page", 2),
        world.campaign.request(Method::GET, units).query("_lineCount", 2),
    ];
    untyped.reverse();
    each_way!(world, 2, |list| {
        let typed: Vec<Value> =
            list().items().map_ok(|item| value(&item)).try_collect().await.unwrap();
        let expected = sent(&world);
        assert!(expected.len() > 1, "{expected:?}");
        let request = untyped.pop().unwrap();
        let items: Vec<Json> = request.clone().items().try_collect().await.unwrap();
        let items: Vec<Value> = items.iter().map(|item| item.read().unwrap()).collect();
        assert_eq!(items, typed);
        assert_eq!(sent(&world), expected);

        let mut first = request.clone().pages().at_most(1);
        let taken = first.next().await.unwrap().unwrap().items.len();
        let rest = request.items_from(first.position().unwrap());
        let rest: Vec<Json> = rest.try_collect().await.unwrap();
        assert_eq!(taken + rest.len(), typed.len());
        sent(&world);
    });
}

#[tokio::test]
async fn what_has_no_list_or_never_ends_is_an_error() {
    let world = World::start().await;
    let list = || world.partner.request(Method::GET, "/v1/orders");
    world.sandbox.respond_next(Response::new(200).json(&json!({"totalCount": 0})));
    let error = list().items().next().await.unwrap().unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("no list `items`"), "{error}");

    for _ in 0..2 {
        world.sandbox.respond_next(page(&["a", "b"], Some("again")));
    }
    let items: Vec<_> = {
        let mut stream = list().items();
        let mut items = Vec::new();
        while let Some(item) = stream.next().await {
            items.push(item.map(|item| item.as_str().to_owned()));
        }
        items
    };
    assert_eq!(items.len(), 3, "{items:?}");
    assert!(items[2].as_ref().unwrap_err().to_string().contains("a second time"), "{items:?}");
}
