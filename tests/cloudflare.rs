//! Cloudflare's operations against the sandbox: what went over the wire, held against the document, and
//! what came back.

mod common;

use std::sync::LazyLock;

use common::{Contract, World};
use futures_util::TryStreamExt;
use letterhead::cloudflare::types::{
    self, AuditActionType, AuditActorContext, AuditActorType, AuditResult, MemberStatus,
};
use letterhead::cloudflare::{Client, Credential, builder};
use letterhead_sandbox::{Exchange, Reply, credentials, seed};
use serde_json::{Value, json};

const ORGANIZATION: &str = seed::CLOUDFLARE_ORGANIZATION_ID;
const SUB_ORGANIZATION: &str = seed::CLOUDFLARE_SUB_ORGANIZATION_ID;
const BARE_ORGANIZATION: &str = seed::CLOUDFLARE_BARE_ORGANIZATION_ID;
const ACCOUNT: &str = seed::CLOUDFLARE_ACCOUNT_IDS[0];
const STAGING: &str = seed::CLOUDFLARE_ACCOUNT_IDS[1];
const EUROPE: &str = seed::CLOUDFLARE_ACCOUNT_IDS[2];

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::new("cloudflare", "/client/v4"));

struct Cloudflare {
    world: World,
}

impl Cloudflare {
    async fn start() -> Self {
        Self {
            world: World::start().await,
        }
    }

    fn client(&self) -> &Client {
        &self.world.cloudflare
    }

    /// The exchanges since this was last asked, each of which is what the document says.
    fn exchanges(&self) -> Vec<Exchange> {
        let exchanges = self.world.sandbox.take_exchanges();
        for exchange in &exchanges {
            CONTRACT.assert_holds(exchange);
            assert_eq!(
                exchange.request_header("x-auth-key"),
                Some(credentials::CLOUDFLARE_API_KEY)
            );
        }
        exchanges
    }

    /// The only exchange since then: method and path, and the body that was sent.
    fn sent(&self) -> (String, Option<Value>) {
        let exchanges = self.exchanges();
        let [exchange] = exchanges.as_slice() else {
            panic!("one exchange: {exchanges:#?}");
        };
        let target = exchange.target.strip_prefix("/client/v4").unwrap();
        (
            format!("{} {target}", exchange.method),
            exchange.request_json(),
        )
    }
}

fn nothing_sent(line: impl Into<String>) -> (String, Option<Value>) {
    (line.into(), None)
}

#[test]
fn every_operation_is_called_here() {
    let here = include_str!("cloudflare.rs");
    for id in CONTRACT.operation_ids() {
        let mut call = String::from(".");
        for c in id.chars() {
            if c.is_uppercase() {
                call.push('_');
            }
            call.extend(c.to_lowercase());
        }
        call.push_str("()");
        assert!(here.contains(&call), "nothing calls {call}");
    }
}

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

    let exchanges = cloudflare.exchanges();
    assert_eq!(exchanges.len(), 2);
    let first: Value = serde_json::from_slice(&exchanges[0].response_body).unwrap();
    assert_eq!(first["result_info"]["total_size"], 3);
    let token = first["result_info"]["next_page_token"].as_str().unwrap();
    let query = exchanges[1].query().unwrap();
    assert!(query.contains("page_size=2"), "{query}");
    assert!(query.contains(&format!("page_token={token}")), "{query}");
}

#[tokio::test]
async fn every_filter_of_organizations_narrows_the_list() {
    let cloudflare = Cloudflare::start().await;
    let list = || cloudflare.client().list_organizations();
    let (top, sub, bare) = (ORGANIZATION, SUB_ORGANIZATION, BARE_ORGANIZATION);
    let filtered = [
        (list().id([sub, bare].map(Into::into)), vec![bare, sub]),
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
        let ids: Vec<_> = page
            .result
            .iter()
            .filter_map(|one| one.id.as_deref())
            .collect();
        assert_eq!(ids, expected, "{line}");
    }
    let both = list()
        .id(["a b", "c"].map(Into::into))
        .name_starts_with("&");
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
    cloudflare.exchanges();
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
    let created = client
        .create_organization()
        .body(body)
        .send()
        .await
        .unwrap();
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
    cloudflare.exchanges();
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
}

#[tokio::test]
async fn an_organization_that_holds_something_is_not_deleted() {
    let cloudflare = Cloudflare::start().await;
    let deletion = cloudflare.client().delete_organization();
    let error = deletion
        .organization_id(ORGANIZATION)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 400);
    assert!(error.message().unwrap().contains("still has"), "{error}");
    cloudflare.exchanges();
    assert!(cloudflare.world.sandbox.journal().is_empty());
}

#[tokio::test]
async fn a_creation_is_not_repeated_where_it_may_have_happened() {
    let cloudflare = Cloudflare::start().await;
    cloudflare.world.sandbox.reply_next(Reply::new(503));
    let creation = cloudflare.client().create_organization();
    let error = creation
        .body_map(|new| new.name("Twice"))
        .send()
        .await
        .unwrap_err();
    assert!(error.may_have_taken_effect());
    assert_eq!(cloudflare.world.sandbox.exchanges().len(), 1);
}

#[tokio::test]
async fn a_profile_is_read_and_replaced() {
    let cloudflare = Cloudflare::start().await;
    let client = cloudflare.client();
    let read = client.get_organization_profile();
    let read = read.organization_id(ORGANIZATION).send().await.unwrap();
    let path = format!("/organizations/{ORGANIZATION}/profile");
    assert_eq!(cloudflare.sent(), nothing_sent(format!("GET {path}")));
    let profile = read.into_inner().result.unwrap();
    let write = client.modify_organization_profile().body(profile.clone());
    write.organization_id(ORGANIZATION).send().await.unwrap();
    let body = serde_json::to_value(profile).unwrap();
    assert_eq!(cloudflare.sent(), (format!("PUT {path}"), Some(body)));
}

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
    let exchanges = cloudflare.exchanges();
    assert_eq!(exchanges.len(), 2);
    let path = format!("/client/v4/organizations/{ORGANIZATION}/accounts");
    assert_eq!(exchanges[0].path(), path);

    let found = list().name_contains("STAG").send().await.unwrap();
    assert_eq!(found.result.len(), 1);
    let found = list().account_pubname("Fabrikam").send().await.unwrap();
    assert_eq!(found.result, []);
    cloudflare.exchanges();
}

#[tokio::test]
async fn members_come_and_go() {
    let cloudflare = Cloudflare::start().await;
    let client = cloudflare.client();
    let path = format!("/organizations/{ORGANIZATION}/members");
    let new = types::NewMember::builder()
        .user(types::NewMemberUser::builder().email("grace@fabrikam.example"));
    let creation = client.create_organization_member();
    let creation = creation.body_map(|body| body.member(new));
    let created = creation.organization_id(ORGANIZATION).send().await.unwrap();
    let body = json!({"member": {"user": {"email": "grace@fabrikam.example"}}});
    assert_eq!(cloudflare.sent(), (format!("POST {path}"), Some(body)));
    let created = created.into_inner().result.unwrap();
    assert_eq!(created.status, Some(MemberStatus::Pending));
    let id = created.id.as_deref().unwrap();

    let read = client.get_organization_member().member_id(id);
    let read = read.organization_id(ORGANIZATION).send().await.unwrap();
    assert_eq!(read.result.as_ref(), Some(&created));
    assert_eq!(cloudflare.sent(), nothing_sent(format!("GET {path}/{id}")));

    for is_there in [true, false] {
        let deletion = client.delete_organization_member().member_id(id);
        let deleted = deletion.organization_id(ORGANIZATION).send().await;
        let line = format!("DELETE {path}/{id}");
        assert_eq!(cloudflare.sent(), nothing_sent(line));
        match deleted {
            Ok(_) => assert!(is_there),
            Err(error) => assert!(!is_there && error.is_not_found(), "{error}"),
        }
    }
}

#[tokio::test]
async fn several_members_are_made_at_once() {
    let cloudflare = Cloudflare::start().await;
    let call = |emails: &[&str]| {
        let members: Vec<Value> = emails
            .iter()
            .map(|email| json!({"user": {"email": email}, "status": "active"}))
            .collect();
        let body = serde_json::from_value(json!({ "members": members })).unwrap();
        let creation = cloudflare.client().batch_create_organization_members();
        creation
            .organization_id(BARE_ORGANIZATION)
            .body::<types::BatchCreateMembers>(body)
    };
    let created = call(&["a@b.example", "c@d.example"]).send().await.unwrap();
    assert_eq!(created.result.len(), 2);
    // The colon goes as it is.
    let (line, _) = cloudflare.sent();
    let expected = format!("POST /organizations/{BARE_ORGANIZATION}/members:batchCreate");
    assert_eq!(line, expected);

    let eleven: Vec<_> = (0..11).map(|n| format!("{n}@b.example")).collect();
    let eleven: Vec<_> = eleven.iter().map(String::as_str).collect();
    for refused in [eleven.as_slice(), &["e@f.example", "a@b.example"]] {
        let error = call(refused).send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 400, "{error}");
    }
    let list = cloudflare.client().list_organization_members();
    let members = list.organization_id(BARE_ORGANIZATION).items();
    let members: Vec<_> = members.try_collect().await.unwrap();
    assert_eq!(members.len(), 2, "all or none");
}

#[tokio::test]
async fn every_filter_of_members_narrows_the_list() {
    let cloudflare = Cloudflare::start().await;
    let list = || {
        let list = cloudflare.client().list_organization_members();
        list.organization_id(ORGANIZATION)
    };
    let (ada, lin) = ("ada@fabrikam.example", "Lin@contoso.example");
    let filtered = [
        (list(), vec![ada, lin]),
        (list().status(vec![MemberStatus::Active]), vec![ada]),
        (
            list().status(vec![MemberStatus::Pending, MemberStatus::Rejected]),
            vec![lin],
        ),
        (list().user_email(ada), vec![ada]),
        (list().user_email_starts_with("lin"), vec![lin]),
        (list().user_email_ends_with("FABRIKAM.example"), vec![ada]),
        (list().user_email_contains("@"), vec![ada, lin]),
    ];
    for (call, expected) in filtered {
        let page = call.send().await.unwrap();
        let users = page.result.iter().filter_map(|one| one.user.as_ref());
        let emails: Vec<_> = users.filter_map(|user| user.email.as_deref()).collect();
        assert_eq!(emails, expected, "{:?}", cloudflare.sent());
    }
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
        page.result
            .into_iter()
            .filter_map(|one| one.id)
            .collect::<Vec<_>>()
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

    let nowhere = client.move_account().account_id(ACCOUNT);
    let nowhere = nowhere.body_map(|body| body.destination_organization_id("nowhere"));
    let error = nowhere.send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 400);
    cloudflare.exchanges();
}

#[tokio::test]
async fn accounts_are_moved_together() {
    let cloudflare = Cloudflare::start().await;
    let call = || {
        let call = cloudflare.client().move_accounts();
        call.body_map(|body| {
            let ids = [STAGING, "nobody"].map(Into::into).to_vec();
            body.account_ids(ids)
                .destination_organization_id(BARE_ORGANIZATION)
        })
    };
    let moves = call().send().await.unwrap().into_inner().result.unwrap();
    let outcome: Vec<_> = moves
        .each()
        .iter()
        .map(|one| (one.tag.as_deref(), one.moved))
        .collect();
    assert_eq!(
        outcome,
        [(Some(STAGING), Some(true)), (Some("nobody"), Some(false))]
    );
    let body = json!({
        "account_ids": [STAGING, "nobody"], "destination_organization_id": BARE_ORGANIZATION,
    });
    assert_eq!(
        cloudflare.sent(),
        ("POST /accounts/move".to_owned(), Some(body))
    );

    let one = json!({"success": true, "result": {"statuses": {"tag": STAGING, "moved": true}}});
    cloudflare
        .world
        .sandbox
        .reply_next(Reply::new(200).json(&one));
    let moves = call().send().await.unwrap().into_inner().result.unwrap();
    assert_eq!(moves.each().len(), 1);
    assert_eq!(moves.each()[0].tag.as_deref(), Some(STAGING));
    cloudflare.exchanges();
}

#[tokio::test]
async fn the_profile_of_an_account_is_read_and_replaced() {
    let cloudflare = Cloudflare::start().await;
    let client = cloudflare.client();
    let path = format!("/accounts/{ACCOUNT}/profile");
    let read = client
        .get_account_profile()
        .account_id(ACCOUNT)
        .send()
        .await;
    assert_eq!(cloudflare.sent(), nothing_sent(format!("GET {path}")));
    let mut profile = read.unwrap().into_inner().result.unwrap();
    profile.business_phone = Some("+1 425 555 0161".into());
    let write = client.modify_account_profile().account_id(ACCOUNT);
    write.body(profile.clone()).send().await.unwrap();
    let body = serde_json::to_value(profile).unwrap();
    assert_eq!(cloudflare.sent(), (format!("PUT {path}"), Some(body)));
    let missing = client.get_account_profile().account_id(EUROPE).send().await;
    assert!(missing.unwrap_err().is_not_found());
    cloudflare.exchanges();
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

    let exchanges = cloudflare.world.sandbox.take_exchanges();
    for exchange in &exchanges {
        CONTRACT.assert_holds(exchange);
    }
    assert_eq!(exchanges[0].path(), "/client/v4/user/tokens/verify");
    let path = format!("/client/v4/accounts/{ACCOUNT}/tokens/verify");
    assert_eq!(exchanges[1].path(), path);
}

const AUDIT: [&str; 3] = [
    seed::CLOUDFLARE_AUDIT_LOG_ID,
    "0b94e7d3-61fa-4c28-9d05-7ae3c81f2b60",
    "a27c5f18-d046-4be3-8e91-30b6f9d4c752",
];

fn audit(client: &Client) -> builder::ListOrganizationAuditLogs<'_> {
    let list = client.list_organization_audit_logs();
    list.organization_id(ORGANIZATION)
        .since("2026-10-01")
        .before("2026-11-01")
}

fn ids(entries: &[types::AuditLog]) -> Vec<&str> {
    entries
        .iter()
        .filter_map(|entry| entry.id.as_deref())
        .collect()
}

#[tokio::test]
async fn the_audit_log_is_listed_by_cursor() {
    let cloudflare = Cloudflare::start().await;
    let all: Vec<_> = audit(cloudflare.client())
        .limit(2)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids(&all), AUDIT);
    let action = all[1].action.as_ref().unwrap();
    assert_eq!(action.result, Some(AuditResult::Failure));
    let exchanges = cloudflare.exchanges();
    assert_eq!(exchanges.len(), 2);
    let path = format!("/client/v4/organizations/{ORGANIZATION}/logs/audit");
    assert_eq!(exchanges[0].path(), path);
    assert!(exchanges[1].query().unwrap().contains("cursor=AAE"));

    let early = audit(cloudflare.client()).before("2026-10-04");
    let early = early
        .direction(types::SortDirection::Asc)
        .send()
        .await
        .unwrap();
    assert_eq!(ids(&early.result), [AUDIT[2], AUDIT[1]]);
    cloudflare.exchanges();
}

#[tokio::test]
async fn a_cursor_is_found_in_either_place() {
    let cloudflare = Cloudflare::start().await;
    for info in [
        json!({"count": "1", "cursor": "next"}),
        json!({"count": 1, "cursors": {"after": "next"}}),
        json!({"cursor": "", "cursors": {"after": "next", "before": "first"}}),
    ] {
        for info in [info, json!({"cursor": "", "cursors": {"after": null}})] {
            let page = json!({"success": true, "result": [{"id": "a"}], "result_info": info});
            cloudflare
                .world
                .sandbox
                .reply_next(Reply::new(200).json(&page));
        }
        let all: Vec<_> = audit(cloudflare.client())
            .items()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(all.len(), 2);
        let exchanges = cloudflare.exchanges();
        assert!(exchanges[1].query().unwrap().contains("cursor=next"));
    }
}

#[tokio::test]
async fn every_filter_of_the_audit_log_has_its_opposite() {
    let cloudflare = Cloudflare::start().await;
    let list = || audit(cloudflare.client());
    let text = |text: &str| vec![text.to_owned()];
    let token = "90b3a5d7c1e84f62b8d04a9e7f15c236";
    let uri = format!("/client/v4/organizations/{ORGANIZATION}/member");
    /// A call with a filter, another one with its twin, and what the first one finds.
    macro_rules! filters {
        ($($filter:ident, $not:ident: $value:expr => $found:expr;)*) => {
            vec![$((stringify!($filter), list().$filter($value), list().$not($value), $found.to_vec())),*]
        };
    }
    let filters = filters! {
        id, id_not: text(AUDIT[1]) => [1];
        action_result, action_result_not: vec![AuditResult::Success] => [0, 2];
        action_type, action_type_not: vec![AuditActionType::Create] => [2];
        actor_context, actor_context_not: vec![AuditActorContext::Dash, AuditActorContext::ApiKey] => [0, 2];
        actor_email, actor_email_not: text("ada@fabrikam.example") => [0, 1, 2];
        actor_id, actor_id_not: text("nobody") => [];
        actor_ip_address, actor_ip_address_not: text("192.0.2.14") => [0, 1, 2];
        actor_token_id, actor_token_id_not: text(token) => [1];
        actor_token_name, actor_token_name_not: text("nightly sync") => [1];
        actor_type, actor_type_not: vec![AuditActorType::System] => [];
        raw_cf_ray_id, raw_cf_ray_id_not: text("8f2b6c1d9e4a7204") => [0];
        raw_method, raw_method_not: text("PUT") => [0, 1];
        raw_status_code, raw_status_code_not: vec![204, 400] => [0, 1];
        raw_uri, raw_uri_not: text(&uri) => [2];
        resource_id, resource_id_not: text(ORGANIZATION) => [0, 1];
        resource_product, resource_product_not: text("organizations") => [0, 1, 2];
        resource_scope, resource_scope_not: text("organizations") => [0, 1, 2];
        resource_type, resource_type_not: text("member") => [2];
    };
    for (name, with, without, found) in filters {
        let found: Vec<_> = found.into_iter().map(|at: usize| AUDIT[at]).collect();
        let with = with.send().await.unwrap();
        assert_eq!(ids(&with.result), found, "{name}");
        let without = without.send().await.unwrap();
        let others = AUDIT.into_iter().filter(|id| !found.contains(id));
        assert_eq!(
            ids(&without.result),
            others.collect::<Vec<_>>(),
            "{name}.not"
        );
        let exchanges = cloudflare.exchanges();
        let query = exchanges[1].query().unwrap();
        assert!(query.contains(&format!("{name}.not=")), "{query}");
    }
}

#[tokio::test]
async fn a_history_has_the_updates_of_one_resource() {
    let cloudflare = Cloudflare::start().await;
    let call = |entry: &str| {
        let list = cloudflare.client().list_organization_audit_log_history();
        list.organization_id(ORGANIZATION)
            .id(entry)
            .action_time("2026-10-04T16:20:11Z")
            .since("2026-10-01")
            .before("2026-11-01")
    };
    let page = call(AUDIT[0]).send().await.unwrap();
    assert_eq!(ids(&page.result), [AUDIT[0], AUDIT[1]]);
    let info = page.result_info.as_ref().unwrap();
    assert_eq!(info.history_status, Some(types::HistoryStatus::Exact));
    let (line, _) = cloudflare.sent();
    let times = "action_time=2026-10-04T16%3A20%3A11Z&before=2026-11-01&since=2026-10-01";
    let path = format!(
        "GET /organizations/{ORGANIZATION}/logs/audit/{}/history",
        AUDIT[0]
    );
    assert_eq!(line, format!("{path}?{times}"));
    let all: Vec<_> = call(AUDIT[0]).limit(1).items().try_collect().await.unwrap();
    assert_eq!(ids(&all), [AUDIT[0], AUDIT[1]]);
    assert!(call("nothing").send().await.unwrap_err().is_not_found());
    cloudflare.exchanges();
}

#[tokio::test]
async fn usage_comes_in_rows() {
    let cloudflare = Cloudflare::start().await;
    let call = || {
        let call = cloudflare.client().get_organization_billable_usage();
        call.organization_id(ORGANIZATION)
    };
    let usage = call().send().await.unwrap();
    let path = format!("GET /organizations/{ORGANIZATION}/billable/usage");
    assert_eq!(cloudflare.sent(), nothing_sent(path));
    assert_eq!(usage.result.len(), 3);
    let row = &usage.result[1];
    assert_eq!(row.consumed_quantity, Some(98_213.5));
    let metric = row.x_billable_metric_name.as_deref();
    assert_eq!((metric, row.billed_cost), (Some("Workers Requests"), None));
    let usage = call()
        .from("2026-10-02")
        .to("2026-10-31")
        .send()
        .await
        .unwrap();
    assert_eq!(usage.result.len(), 2);
    for refused in [
        call().from("2026-10-01"),
        call().from("2026-01-01").to("2026-10-01"),
    ] {
        let error = refused.send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 400);
    }
    cloudflare.exchanges();
}

#[tokio::test]
async fn shares_are_listed_by_page_number() {
    let cloudflare = Cloudflare::start().await;
    let list = || {
        cloudflare
            .client()
            .list_organization_shares()
            .organization_id(ORGANIZATION)
    };
    let call = list().order(types::ShareOrder::Created).per_page(1);
    let all: Vec<_> = call.items().try_collect().await.unwrap();
    let names: Vec<_> = all
        .iter()
        .map(|share| share["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["Former rules", "Baseline rules", "Allowed addresses"]
    );
    let exchanges = cloudflare.exchanges();
    let queries: Vec<_> = exchanges.iter().filter_map(Exchange::query).collect();
    let numbers = ["", "&page=2", "&page=3"];
    let expected = numbers.map(|number| format!("order=created{number}&per_page=1"));
    assert_eq!(queries, expected);

    let text = |text: &str| text.to_owned();
    for (call, count) in [
        (list().status("deleted"), 1),
        (list().kind("sent").target_type("organization"), 3),
        (
            list().resource_types(vec![text("a"), text("custom-ruleset")]),
            3,
        ),
        (list().resource_types(vec![text("a")]), 0),
        (list().direction(types::SortDirection::Desc).page(2), 0),
    ] {
        assert_eq!(call.send().await.unwrap().result.len(), count);
        cloudflare.exchanges();
    }
}

#[tokio::test]
async fn numbered_pages_end_whatever_they_say_of_the_total() {
    let cloudflare = Cloudflare::start().await;
    let page = |info: Value| {
        Reply::new(200).json(&json!({"success": true, "result": [{}], "result_info": info}))
    };
    for (first, second) in [
        (
            json!({"page": 1, "per_page": 1, "total_count": 2}),
            json!({"page": 2, "per_page": 1, "total_count": 2}),
        ),
        (
            json!({"page": 1, "per_page": 1, "count": 1}),
            json!({"page": 2, "per_page": 2, "count": 1}),
        ),
        (
            json!({"page": 1, "per_page": 1, "total_pages": 2}),
            json!(null),
        ),
    ] {
        cloudflare.world.sandbox.reply_next(page(first));
        cloudflare.world.sandbox.reply_next(page(second));
        let list = cloudflare.client().list_organization_shares();
        let all: Vec<_> = list
            .organization_id(ORGANIZATION)
            .items()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(all.len(), 2);
    }
    // A server that knows no pages sends the first one for ever.
    for _ in 0..2 {
        let first = json!({"page": 1, "per_page": 1, "total_pages": 9});
        cloudflare.world.sandbox.reply_next(page(first));
    }
    let list = cloudflare.client().list_organization_shares();
    let all: Result<Vec<_>, _> = list
        .organization_id(ORGANIZATION)
        .items()
        .try_collect()
        .await;
    assert!(all.unwrap_err().to_string().contains("a second time"));
    cloudflare.exchanges();
}
