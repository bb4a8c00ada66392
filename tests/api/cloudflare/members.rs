//! Members of an organization.

use futures_util::TryStreamExt;
use letterhead::cloudflare::types::{self, MemberStatus};
use serde_json::{Value, json};

use super::{BARE_ORGANIZATION, Cloudflare, ORGANIZATION, nothing_sent};

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
        creation.organization_id(BARE_ORGANIZATION).body::<types::BatchCreateMembers>(body)
    };
    let created = call(&["a@b.example", "c@d.example"]).send().await.unwrap();
    assert_eq!(created.result.len(), 2);
    // The colon goes as it is.
    let (line, _) = cloudflare.sent();
    let expected = format!("POST /organizations/{BARE_ORGANIZATION}/members:batchCreate");
    assert_eq!(line, expected);

    let eleven: Vec<_> = (0..11).map(|n| format!("{n}@b.example")).collect();
    let eleven: Vec<_> = eleven.iter().map(String::as_str).collect();
    let known = &["e@f.example", "a@b.example"];
    let doubled = &["e@f.example", "e@f.example"];
    for refused in [eleven.as_slice(), known, doubled] {
        let error = call(refused).send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 400, "{error}");
    }
    // Eleven are more than the document allows.
    let _ = cloudflare.world.sandbox.take_requests();
    let list = cloudflare.client().list_organization_members();
    let members = list.organization_id(BARE_ORGANIZATION).items();
    let members: Vec<_> = members.try_collect().await.unwrap();
    assert_eq!(members.len(), 2, "all or none");
    cloudflare.requests();
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
        (list().status(vec![MemberStatus::Pending, MemberStatus::Rejected]), vec![lin]),
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
