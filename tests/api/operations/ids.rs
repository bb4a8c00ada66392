//! The ids of calls: from the call, else from the scope, else made.

use letterhead::{CorrelationId, RequestId};

use crate::support::World;

#[tokio::test]
async fn a_correlation_id_comes_from_the_call_else_the_scope_else_is_made() {
    let world = World::start().await;
    let (outer, own) = (CorrelationId::new(), CorrelationId::new());
    let (scoped, given) = outer
        .scope(async {
            let scoped = world.partner.get_support_profile().send().await.unwrap();
            let given = world.partner.get_support_profile().correlation_id(own).send().await;
            (scoped, given.unwrap())
        })
        .await;
    let made = world.partner.get_support_profile().send().await.unwrap();

    assert_eq!(scoped.correlation_id(), outer);
    assert_eq!(given.correlation_id(), own);
    assert!(![outer, own].contains(&made.correlation_id()));
    let requests = world.sandbox.take_requests();
    for (request, reply) in requests.iter().zip([&scoped, &given, &made]) {
        let sent = |name| request.header(name).unwrap().to_owned();
        assert_eq!(sent("ms-correlationid"), reply.correlation_id().to_string());
        assert_eq!(sent("ms-requestid"), reply.request_id().to_string());
    }
    assert_ne!(scoped.request_id(), given.request_id());
    assert_eq!(CorrelationId::current(), None);
}

#[tokio::test]
async fn scopes_of_tasks_side_by_side_do_not_mix() {
    let world = World::start().await;
    let ids: [CorrelationId; 8] = std::array::from_fn(|_| CorrelationId::new());
    let calls = ids.map(|id| {
        let partner = world.partner.clone();
        tokio::spawn(id.scope(async move { partner.get_support_profile().send().await.unwrap() }))
    });
    for (id, call) in ids.into_iter().zip(calls) {
        assert_eq!(call.await.unwrap().correlation_id(), id);
    }
}

#[tokio::test]
async fn a_call_can_reuse_the_id_of_one_without_a_response() {
    let world = World::without_retries().await;
    world.sandbox.respond_next(letterhead_sandbox::Response::new(200).body("{}").truncate(1));
    let error = world.partner.get_support_profile().send().await.unwrap_err();
    let id = error.request_id().unwrap();
    let reply = world.partner.get_support_profile().request_id(id).send().await.unwrap();
    assert_eq!(reply.request_id(), id);
    let sent = world.sandbox.take_requests();
    assert_eq!(sent[0].header("ms-requestid"), sent[1].header("ms-requestid"));
}

#[test]
fn ids_are_kept_as_text() {
    let text = "\"6b0f3a52-94d1-4c7e-8a15-2f7d90c3be41\"";
    let correlation_id: CorrelationId = serde_json::from_str(text).unwrap();
    let request_id: RequestId = serde_json::from_str(text).unwrap();
    assert_eq!(format!("\"{correlation_id}\""), text);
    assert_eq!(serde_json::to_string(&correlation_id).unwrap(), text);
    assert_eq!(serde_json::to_string(&request_id).unwrap(), text);
    assert!(serde_json::from_str::<RequestId>("\"7\"").is_err());
}
