//! Organizations and their tree.

use futures_util::TryStreamExt;
use letterhead::cloudflare::types;
use letterhead_sandbox::{Response, seed};
use serde_json::{Value, json};

use super::{BARE_ORGANIZATION, Cloudflare, EUROPE, ORGANIZATION, SUB_ORGANIZATION, nothing_sent};

#[tokio::test]
async fn organizations_are_listed_in_pages() {
    let cloudflare = Cloudflare::start().await;
    let list = cloudflare.client().list_organizations().page_size(2);
    let all: Vec<_> = list.items().try_collect().await.unwrap();
    let ids: Vec<_> = all.iter().filter_map(|one| one.id.as_deref()).collect();
    assert_eq!(ids, [ORGANIZATION, BARE_ORGANIZATION, SUB_ORGANIZATION]);
    let meta = all[2].meta.as_ref().unwrap();
    assert_eq!(meta.hierarchy_tags, [ORGANIZATION, SUB_ORGANIZATION]);
    let flags = meta.tenant_flags.as_ref().unwrap();
    assert_eq!(flags.sub_org_creation.as_deref(), Some("enabled"));

    let requests = cloudflare.requests();
    assert_eq!(requests.len(), 2);
    let first: Value = serde_json::from_slice(requests[0].response.body()).unwrap();
    assert_eq!(first["result_info"]["total_size"], 3);
    let token = first["result_info"]["next_page_token"].as_str().unwrap();
    let query = requests[1].query().unwrap();
    assert!(query.contains("page_size=2"), "{query}");
    assert!(query.contains(&format!("page_token={token}")), "{query}");
}

#[tokio::test]
async fn every_filter_of_organizations_narrows_the_list() {
    let cloudflare = Cloudflare::start().await;
    let list = || cloudflare.client().list_organizations();
    let (top, sub, bare) = (ORGANIZATION, SUB_ORGANIZATION, BARE_ORGANIZATION);
    let filtered = [
        (list().id([sub, bare]), vec![bare, sub]),
        (list().name("Fabrikam"), vec![top]),
        (list().name("fabrikam"), vec![]),
        (list().name_starts_with("FABRI"), vec![top, sub]),
        (list().name_ends_with("EUROPE"), vec![sub]),
        (list().name_contains("TH"), vec![bare]),
        (list().parent_id(top), vec![sub]),
        (list().parent_id("null"), vec![top, bare]),
        (list().containing_organization(sub), vec![top]),
        (list().containing_account(EUROPE), vec![top, sub]),
        (list().containing_user(seed::CLOUDFLARE_USER_ID), vec![top]),
        (list().parent_id("null").name_contains("kam"), vec![top]),
    ];
    for (call, expected) in filtered {
        let page = call.send().await.unwrap();
        let (line, _) = cloudflare.sent();
        let ids: Vec<_> = page.result.iter().filter_map(|one| one.id.as_deref()).collect();
        assert_eq!(ids, expected, "{line}");
    }
    let both = list().id(["a b", "c"]).name_starts_with("&");
    both.send().await.unwrap();
    let line = "GET /organizations?id=a%20b&id=c&name.startsWith=%26";
    assert_eq!(cloudflare.sent(), nothing_sent(line));
}

#[tokio::test]
async fn a_page_token_of_another_list_is_refused() {
    let cloudflare = Cloudflare::start().await;
    let list = || cloudflare.client().list_organizations();
    let first = list().page_size(1).send().await.unwrap();
    let info = first.result_info.as_ref().unwrap();
    let token = info.next_page_token.clone().unwrap();
    let other = list().page_size(1).name("Fabrikam").page_token(token);
    let error = other.send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 400);
    cloudflare.requests();
}

#[tokio::test]
async fn an_organization_lives_from_creation_to_deletion() {
    let cloudflare = Cloudflare::start().await;
    let client = cloudflare.client();
    let profile = json!({
        "business_address": "", "business_email": "", "business_name": "Fabrikam Iberia",
        "business_phone": "", "external_metadata": "{}",
    });
    let input = json!({
        "name": "Fabrikam Iberia", "parent": {"id": ORGANIZATION}, "profile": profile,
    });
    let body: types::OrganizationInput = serde_json::from_value(input.clone()).unwrap();
    let created = client.create_organization().body(body).send().await.unwrap();
    let expected = ("POST /organizations".to_owned(), Some(input));
    assert_eq!(cloudflare.sent(), expected);
    let created = created.into_inner().result.unwrap();
    let id = created.id.as_deref().unwrap();
    assert_eq!(created.name.as_deref(), Some("Fabrikam Iberia"));
    let parent = created.parent.as_ref().unwrap();
    assert_eq!(parent.name.as_deref(), Some("Fabrikam"));

    let read = client.get_organization().organization_id(id).send().await;
    assert_eq!(read.unwrap().result.as_ref(), Some(&created));
    let line = format!("GET /organizations/{id}");
    assert_eq!(cloudflare.sent(), nothing_sent(line));

    let deletion = client.delete_organization().organization_id(id);
    let deleted = deletion.send().await.unwrap().into_inner().result.unwrap();
    assert_eq!(deleted.id.as_deref(), Some(id));
    let line = format!("DELETE /organizations/{id}");
    assert_eq!(cloudflare.sent(), nothing_sent(line));
    let read = client.get_organization().organization_id(id).send().await;
    assert!(read.unwrap_err().is_not_found());
    cloudflare.requests();
}

#[tokio::test]
async fn a_new_name_reaches_the_children() {
    let cloudflare = Cloudflare::start().await;
    let client = cloudflare.client();
    let renamed = client
        .modify_organization()
        .organization_id(ORGANIZATION)
        .body_map(|organization| organization.name("Fabrikam Worldwide"))
        .send()
        .await
        .unwrap();
    let name = renamed.result.as_ref().unwrap().name.as_deref();
    assert_eq!(name, Some("Fabrikam Worldwide"));
    let line = format!("PUT /organizations/{ORGANIZATION}");
    let body = json!({"name": "Fabrikam Worldwide"});
    assert_eq!(cloudflare.sent(), (line, Some(body)));
    let child = client.get_organization().organization_id(SUB_ORGANIZATION);
    let child = child.send().await.unwrap().into_inner().result.unwrap();
    let parent = child.parent.unwrap().name;
    assert_eq!(parent.as_deref(), Some("Fabrikam Worldwide"));
    cloudflare.requests();
}

#[tokio::test]
async fn an_organization_that_holds_something_is_not_deleted() {
    let cloudflare = Cloudflare::start().await;
    let deletion = cloudflare.client().delete_organization();
    let error = deletion.organization_id(ORGANIZATION).send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 400);
    assert!(error.message().unwrap().contains("still has"), "{error}");
    cloudflare.requests();
    assert!(cloudflare.world.sandbox.applied_writes().is_empty());
}

#[tokio::test]
async fn a_deletion_is_retried() {
    let cloudflare = Cloudflare::start().await;
    cloudflare.world.sandbox.respond_next(Response::new(503));
    let deletion = cloudflare.client().delete_organization();
    deletion.organization_id(BARE_ORGANIZATION).send().await.unwrap();
    assert_eq!(cloudflare.world.sandbox.requests().len(), 2);
}

#[tokio::test]
async fn a_creation_that_may_have_happened_is_not_retried() {
    let cloudflare = Cloudflare::start().await;
    cloudflare.world.sandbox.respond_next(Response::new(503));
    let creation = cloudflare.client().create_organization();
    let error = creation.body_map(|new| new.name("Twice")).send().await.unwrap_err();
    assert!(error.may_have_taken_effect());
    assert_eq!(cloudflare.world.sandbox.requests().len(), 1);
}
