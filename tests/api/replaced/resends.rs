//! Writes of resources without an ETag that have to be sent once more.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use letterhead::partner_center::types::SupportProfile;
use letterhead::{Error, RetryPolicy, Updated};
use serde_json::{Value, json};

use super::server::{Response, Server};
use crate::support::server::Request;

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Put {
    Made,
    LostUnmade,
    LostMade,
    BadGateway,
    BadGatewayMade,
    Unavailable,
    Throttled,
    Refused,
}

/// A server of one support profile, whose next writes go as they are laid down, and then well; after each
/// that doesn't, `others` write.
struct Support {
    server: Server,
    profile: Arc<Mutex<Value>>,
}

impl Support {
    async fn start(puts: &[Put], others: Option<Value>) -> Self {
        let start =
            json!({"email": "old", "telephone": "1", "website": "w", "tier": ["gold", null]});
        let profile = Arc::new(Mutex::new(start));
        let held = Arc::clone(&profile);
        let mut puts: VecDeque<_> = puts.iter().copied().collect();
        let mut others = others;
        let server = Server::start(move |request| {
            let mut held = held.lock().unwrap();
            if request.method() == "GET" {
                return Response::json(200, &held);
            }
            let put = puts.pop_front().unwrap_or(Put::Made);
            if matches!(put, Put::Made | Put::LostMade | Put::BadGatewayMade) {
                *held = request.json();
            }
            let response = match put {
                Put::Made => Response::json(200, &held),
                Put::LostUnmade | Put::LostMade => Response::close(),
                Put::BadGateway | Put::BadGatewayMade => Response::text(502, "text/html", "<html>"),
                Put::Unavailable => Response::with(503, "retry-after: 30\r\n", ""),
                Put::Throttled => Response::with(429, "retry-after: 30\r\n", ""),
                Put::Refused => Response::json(400, &json!({"code": 3000, "description": "No."})),
            };
            if put != Put::Made
                && let Some(Value::Object(changed)) = others.take()
            {
                held.as_object_mut().unwrap().extend(changed);
            }
            response
        });
        Self { server: server.await, profile }
    }

    async fn update(
        &self,
        retry: RetryPolicy,
        rounds: u32,
    ) -> Result<Updated<SupportProfile>, Error> {
        let partner = self.server.partner().retry(retry).build().unwrap();
        let resource = partner.support_profile().rounds(rounds);
        resource.update(|profile| profile.email = Some("new".into())).await
    }
}

const FAILED: [Put; 6] = [
    Put::LostUnmade,
    Put::LostMade,
    Put::BadGateway,
    Put::BadGatewayMade,
    Put::Unavailable,
    Put::Throttled,
];

/// What goes out where the first write was lost, and was made or not.
pub(crate) fn expected(is_made: bool) -> &'static [&'static str] {
    let all = &["GET", "PUT", "GET", "PUT"];
    if is_made { &all[..3] } else { all }
}

fn is_made(put: Put) -> bool {
    matches!(put, Put::LostMade | Put::BadGatewayMade)
}

#[tokio::test]
async fn a_write_without_an_etag_is_sent_again_only_after_a_read() {
    for put in FAILED {
        let support = Support::start(&[put], None).await;
        let updated = support.update(RetryPolicy::default(), 10).await.unwrap();
        assert!(updated.is_written(), "{put:?}");
        assert_eq!(updated.email.as_deref(), Some("new"), "{put:?}");
        let requests = support.server.take_requests();
        let methods: Vec<_> = requests.iter().map(Request::method).collect();
        let expected = expected(is_made(put));
        assert_eq!(methods, expected, "{put:?}");
        if !is_made(put) {
            let ids = [1, 3].map(|at| requests[at].header("ms-requestid"));
            assert_ne!(ids[0], ids[1], "another write is another request");
        }
        if matches!(put, Put::Unavailable | Put::Throttled) {
            let waits = support.server.clock.take_waits();
            assert!(waits.iter().any(|wait| *wait >= Duration::from_secs(30)), "{waits:?}");
        }
    }
}

#[tokio::test]
async fn what_others_wrote_after_a_lost_write_stays() {
    for put in FAILED {
        let others = json!({"website": "theirs", "tier": ["platinum"]});
        let support = Support::start(&[put], Some(others)).await;
        assert!(support.update(RetryPolicy::default(), 10).await.unwrap().is_written());
        let expected =
            json!({"email": "new", "telephone": "1", "website": "theirs", "tier": ["platinum"]});
        assert_eq!(*support.profile.lock().unwrap(), expected, "{put:?}");
    }
    // Whoever wrote the same member later wins only where the change is made anew.
    let support = Support::start(&[Put::LostMade], Some(json!({"email": "theirs"}))).await;
    assert!(support.update(RetryPolicy::default(), 10).await.unwrap().is_written());
    assert_eq!(support.profile.lock().unwrap()["email"], "new");
}

#[tokio::test]
async fn writes_without_an_etag_are_bounded_by_the_policy_and_by_rounds() {
    let spent = [
        (RetryPolicy::never(), 10, 1),
        (RetryPolicy::default(), 1, 1),
        (RetryPolicy::default().attempts(3), 10, 3),
        (RetryPolicy::default(), 2, 2),
    ];
    for (policy, rounds, writes) in spent {
        let support = Support::start(&[Put::LostUnmade; 20], None).await;
        let error = support.update(policy, rounds).await.unwrap_err();
        assert!(error.may_have_taken_effect() && !error.is_conflict(), "{error}");
        assert!(error.to_string().contains("isn't what was written"), "{error}");
        let methods = support.server.take_methods();
        let expected = ["GET", "PUT"].repeat(writes);
        assert_eq!(methods[..methods.len() - 1], expected);
        assert_eq!(methods.last().unwrap(), "GET", "the last write is looked for");
        assert_eq!(error.attempts() as usize, writes);
    }
    // Where the last one was made, that is seen.
    let support = Support::start(&[Put::LostMade], None).await;
    assert!(support.update(RetryPolicy::never(), 1).await.unwrap().is_written());
    // A wait that is too long ends it, and nothing was made.
    let support = Support::start(&[Put::Throttled], None).await;
    let impatient = RetryPolicy::default().longest_wait(Duration::from_secs(5));
    let error = support.update(impatient, 10).await.unwrap_err();
    assert!(error.is_throttled() && !error.may_have_taken_effect(), "{error}");
    assert_eq!(support.server.take_methods(), ["GET", "PUT"]);
}

#[tokio::test]
async fn a_refusal_after_a_lost_write_says_that_the_lost_one_may_have_taken_effect() {
    let puts = [Put::LostUnmade, Put::Refused];
    let support = Support::start(&puts, Some(json!({"website": "theirs"}))).await;
    let error = support.update(RetryPolicy::default(), 10).await.unwrap_err();
    assert!(error.is_invalid_request() && error.may_have_taken_effect(), "{error}");
    assert!(error.to_string().contains("an earlier one may have taken effect"), "{error}");
    let support = Support::start(&[Put::Throttled, Put::Refused], None).await;
    let error = support.update(RetryPolicy::default(), 10).await.unwrap_err();
    assert!(error.is_invalid_request() && !error.may_have_taken_effect(), "{error}");
}

#[tokio::test]
async fn where_the_lost_write_cannot_be_looked_for_it_is_what_is_reported() {
    let mut reads = 0;
    let server = Server::start(move |request| match request.method() {
        "GET" => {
            reads += 1;
            match reads {
                1 => Response::json(200, &json!({"email": "old"})),
                _ => Response::json(403, &json!({"code": 2032})),
            }
        }
        _ => Response::close(),
    })
    .await;
    let partner = server.partner().build().unwrap();
    let update = partner.support_profile().update(|profile| profile.email = None);
    let error = update.await.unwrap_err();
    assert_eq!(error.operation(), Some("update_support_profile"));
    assert!(error.may_have_taken_effect() && !error.is_forbidden(), "{error}");
}
