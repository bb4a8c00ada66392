//! Accounts, their moves and their tokens.

use futures_util::TryStreamExt;
use letterhead::cloudflare::{Client, Credential, types};
use letterhead_sandbox::{Response, credentials};
use serde_json::json;

use super::{
    ACCOUNT, BARE_ORGANIZATION, Cloudflare, ORGANIZATION, STAGING, SUB_ORGANIZATION, nothing_sent,
};

#[tokio::test]
async fn accounts_of_an_organization_are_listed_in_pages() {
    let cloudflare = Cloudflare::start().await;
    let list = || {
        let list = cloudflare.client().list_organization_accounts();
        list.organization_id(ORGANIZATION)
    };
    let call = list()
        .order_by(types::AccountOrder::AccountName)
        .direction(types::SortDirection::Desc)
        .page_size(1);
    let all: Vec<_> = call.items().try_collect().await.unwrap();
    let ids: Vec<_> = all.iter().filter_map(|one| one.id.as_deref()).collect();
    assert_eq!(ids, [STAGING, ACCOUNT]);
    assert_eq!(all[1].type_, Some(types::AccountType::Enterprise));
    let settings = all[1].settings.as_ref().unwrap();
    assert_eq!(settings.api_access_enabled, Some(true));
    let requests = cloudflare.requests();
    assert_eq!(requests.len(), 2);
    let path = format!("/client/v4/organizations/{ORGANIZATION}/accounts");
    assert_eq!(requests[0].path(), path);

    let found = list().name_contains("STAG").send().await.unwrap();
    assert_eq!(found.result.len(), 1);
    let found = list().account_pubname("Fabrikam").send().await.unwrap();
    assert_eq!(found.result, []);
    cloudflare.requests();
}

#[tokio::test]
async fn an_account_is_moved() {
    let cloudflare = Cloudflare::start().await;
    let client = cloudflare.client();
    let above = async || {
        let list = client.list_account_organizations().account_id(ACCOUNT);
        let page = list.send().await.unwrap().into_inner();
        let line = format!("GET /accounts/{ACCOUNT}/organizations");
        assert_eq!(cloudflare.sent(), nothing_sent(line));
        page.result.into_iter().filter_map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(above().await, [ORGANIZATION]);
    let moved = client
        .move_account()
        .account_id(ACCOUNT)
        .body_map(|body| body.destination_organization_id(SUB_ORGANIZATION))
        .send()
        .await
        .unwrap();
    let body = json!({"destination_organization_id": SUB_ORGANIZATION});
    let line = format!("POST /accounts/{ACCOUNT}/move");
    assert_eq!(cloudflare.sent(), (line, Some(body)));
    let moved = moved.into_inner().result.unwrap();
    assert_eq!(moved.source_organization_id.as_deref(), Some(ORGANIZATION));
    assert_eq!(above().await, [ORGANIZATION, SUB_ORGANIZATION]);

    for nowhere in ["nowhere", "", &format!("{ORGANIZATION}/profile")] {
        let moving = client.move_account().account_id(ACCOUNT);
        let moving = moving.body_map(|body| body.destination_organization_id(nowhere));
        let error = moving.send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 400);
        cloudflare.requests();
    }
    assert_eq!(above().await, [ORGANIZATION, SUB_ORGANIZATION]);
    cloudflare.requests();
}

#[tokio::test]
async fn accounts_are_moved_together() {
    let cloudflare = Cloudflare::start().await;
    let call = || {
        let call = cloudflare.client().move_accounts();
        call.body_map(|body| {
            body.account_ids([STAGING, "nobody"]).destination_organization_id(BARE_ORGANIZATION)
        })
    };
    let moves = call().send().await.unwrap().into_inner().result.unwrap();
    let outcome: Vec<_> = moves.each().iter().map(|one| (one.tag.as_deref(), one.moved)).collect();
    assert_eq!(outcome, [(Some(STAGING), Some(true)), (Some("nobody"), Some(false))]);
    let body = json!({
        "account_ids": [STAGING, "nobody"], "destination_organization_id": BARE_ORGANIZATION,
    });
    assert_eq!(cloudflare.sent(), ("POST /accounts/move".to_owned(), Some(body)));

    let one = json!({"success": true, "result": {"statuses": {"tag": STAGING, "moved": true}}});
    cloudflare.world.sandbox.respond_next(Response::new(200).json(&one));
    let moves = call().send().await.unwrap().into_inner().result.unwrap();
    assert_eq!(moves.each().len(), 1);
    assert_eq!(moves.each()[0].tag.as_deref(), Some(STAGING));
    cloudflare.requests();
}

#[tokio::test]
async fn a_token_is_verified_by_the_endpoint_of_its_owner() {
    let cloudflare = Cloudflare::start().await;
    let client = |token| {
        Client::builder()
            .base_url(cloudflare.world.sandbox.cloudflare_url())
            .credential(Credential::api_token(token).unwrap())
            .build()
            .unwrap()
    };
    let user = client(credentials::CLOUDFLARE_API_TOKEN);
    let account = client(credentials::CLOUDFLARE_ACCOUNT_TOKEN);
    let of_user = user.verify_user_token().send().await.unwrap();
    let of_account = account.verify_account_token().account_id(ACCOUNT);
    let of_account = of_account.send().await.unwrap();
    for reply in [of_user, of_account] {
        let token = reply.result.as_ref().unwrap();
        assert_eq!(token.status, Some(types::TokenStatus::Active));
        // The number of an authentication error among good news.
        assert_eq!(reply.messages.as_ref().unwrap()[0].code, Some(10000));
    }
    let wrong = user.verify_account_token().account_id(ACCOUNT).send().await;
    assert!(wrong.unwrap_err().is_forbidden());
    let by_key = cloudflare.client().verify_user_token().send().await;
    assert!(by_key.unwrap_err().is_unauthorized());

    let requests = cloudflare.world.sandbox.take_requests();
    assert_eq!(requests[0].path(), "/client/v4/user/tokens/verify");
    let path = format!("/client/v4/accounts/{ACCOUNT}/tokens/verify");
    assert_eq!(requests[1].path(), path);
}
