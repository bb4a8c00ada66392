//! Writes of resources without an ETag that have to be sent once more, writes for which there is no time,
//! and creations that meet their own earlier attempt.

mod common;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Response, Script};
use letterhead::partner_center::types::SupportProfile;
use letterhead::{Error, ErrorKind, RetryPolicy, Updated};
use serde_json::{Value, json};

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
    server: Script,
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
        let server = Script::start(move |request| {
            let mut held = held.lock().unwrap();
            if request.method == "GET" {
                return Response::json(200, &held);
            }
            let put = puts.pop_front().unwrap_or(Put::Made);
            if matches!(put, Put::Made | Put::LostMade | Put::BadGatewayMade) {
                *held = request.json();
            }
            let response = match put {
                Put::Made => Response::json(200, &held),
                Put::LostUnmade | Put::LostMade => Response::Close,
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
        Self {
            server: server.await,
            profile,
        }
    }

    async fn update(
        &self,
        retry: RetryPolicy,
        rounds: u32,
    ) -> Result<Updated<SupportProfile>, Error> {
        let partner = self.server.partner().retry(retry).build().unwrap();
        let resource = partner.support_profile().rounds(rounds);
        resource
            .update(|profile| profile.email = Some("new".into()))
            .await
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
fn expected(is_made: bool) -> &'static [&'static str] {
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
        let methods: Vec<_> = requests.iter().map(|request| &*request.method).collect();
        let expected = expected(is_made(put));
        assert_eq!(methods, expected, "{put:?}");
        if !is_made(put) {
            let ids = [1, 3].map(|at| requests[at].header("ms-requestid"));
            assert_ne!(ids[0], ids[1], "another write is another request");
        }
        if matches!(put, Put::Unavailable | Put::Throttled) {
            let waits = support.server.clock.take_waits();
            assert!(
                waits.iter().any(|wait| *wait >= Duration::from_secs(30)),
                "{waits:?}"
            );
        }
    }
}

#[tokio::test]
async fn what_others_wrote_after_a_lost_write_stays() {
    for put in FAILED {
        let others = json!({"website": "theirs", "tier": ["platinum"]});
        let support = Support::start(&[put], Some(others)).await;
        assert!(
            support
                .update(RetryPolicy::default(), 10)
                .await
                .unwrap()
                .is_written()
        );
        let expected =
            json!({"email": "new", "telephone": "1", "website": "theirs", "tier": ["platinum"]});
        assert_eq!(*support.profile.lock().unwrap(), expected, "{put:?}");
    }
    // Whoever wrote the same member later wins only where the change is made anew.
    let support = Support::start(&[Put::LostMade], Some(json!({"email": "theirs"}))).await;
    assert!(
        support
            .update(RetryPolicy::default(), 10)
            .await
            .unwrap()
            .is_written()
    );
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
        assert!(
            error.may_have_taken_effect() && !error.is_conflict(),
            "{error}"
        );
        assert!(
            error.to_string().contains("isn't what was written"),
            "{error}"
        );
        let methods = support.server.take_methods();
        let expected = ["GET", "PUT"].repeat(writes);
        assert_eq!(methods[..methods.len() - 1], expected);
        assert_eq!(
            methods.last().unwrap(),
            "GET",
            "the last write is looked for"
        );
        assert_eq!(error.attempts() as usize, writes);
    }
    // Where the last one was made, that is seen.
    let support = Support::start(&[Put::LostMade], None).await;
    assert!(
        support
            .update(RetryPolicy::never(), 1)
            .await
            .unwrap()
            .is_written()
    );
    // A wait that is too long ends it, and nothing was made.
    let support = Support::start(&[Put::Throttled], None).await;
    let impatient = RetryPolicy::default().longest_wait(Duration::from_secs(5));
    let error = support.update(impatient, 10).await.unwrap_err();
    assert!(
        error.is_throttled() && !error.may_have_taken_effect(),
        "{error}"
    );
    assert_eq!(support.server.take_methods(), ["GET", "PUT"]);
}

#[tokio::test]
async fn a_refusal_after_a_lost_write_says_that_the_lost_one_may_have_taken_effect() {
    let puts = [Put::LostUnmade, Put::Refused];
    let support = Support::start(&puts, Some(json!({"website": "theirs"}))).await;
    let error = support
        .update(RetryPolicy::default(), 10)
        .await
        .unwrap_err();
    assert!(
        error.is_invalid_request() && error.may_have_taken_effect(),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("an earlier one may have taken effect"),
        "{error}"
    );
    let support = Support::start(&[Put::Throttled, Put::Refused], None).await;
    let error = support
        .update(RetryPolicy::default(), 10)
        .await
        .unwrap_err();
    assert!(
        error.is_invalid_request() && !error.may_have_taken_effect(),
        "{error}"
    );
}

#[tokio::test]
async fn where_the_lost_write_cannot_be_looked_for_it_is_what_is_reported() {
    let mut reads = 0;
    let server = Script::start(move |request| match request.method.as_str() {
        "GET" => {
            reads += 1;
            match reads {
                1 => Response::json(200, &json!({"email": "old"})),
                _ => Response::json(403, &json!({"code": 2032})),
            }
        }
        _ => Response::Close,
    })
    .await;
    let partner = server.partner().build().unwrap();
    let update = partner
        .support_profile()
        .update(|profile| profile.email = None);
    let error = update.await.unwrap_err();
    assert_eq!(error.operation(), Some("update_support_profile"));
    assert!(
        error.may_have_taken_effect() && !error.is_forbidden(),
        "{error}"
    );
}

#[tokio::test]
async fn a_first_profile_that_was_lost_is_looked_for_before_another_is_made() {
    for (is_made, others) in [(true, false), (false, false), (false, true)] {
        let stored = Arc::new(Mutex::new(None::<Value>));
        let held = Arc::clone(&stored);
        let mut writes = 0;
        let server = Script::start(move |request| {
            let mut held = held.lock().unwrap();
            if request.method == "GET" {
                let missing =
                    json!({"success": false, "errors": [{"code": 1000, "message": "None"}]});
                return match &*held {
                    Some(profile) => {
                        Response::json(200, &json!({"success": true, "result": profile}))
                    }
                    None => Response::json(404, &missing),
                };
            }
            writes += 1;
            if writes > 1 || is_made {
                *held = Some(request.json());
            }
            if writes == 1 && others {
                *held = Some(json!({"business_name": "Theirs", "business_phone": "1"}));
            }
            if writes > 1 {
                Response::text(204, "application/json", "")
            } else {
                Response::Close
            }
        })
        .await;
        let client = server.cloudflare().build().unwrap();
        let profile = client.organization_profile("1");
        let made = profile.update_or_create(|profile| profile.business_name = Some("Ours".into()));
        assert!(made.await.unwrap().is_written());
        assert_eq!(server.take_methods(), expected(is_made));
        let stored = stored.lock().unwrap().take().unwrap();
        let phone = if others { "1" } else { "" };
        assert_eq!(
            [&stored["business_name"], &stored["business_phone"]],
            ["Ours", phone]
        );
    }
}

#[tokio::test]
async fn a_write_is_not_started_with_nearly_no_time_left() {
    for (limit, passed, is_sent) in [
        (600_000, 599_995, false),
        (600_000, 599_100, false),
        (600_000, 598_900, true),
        (2_000, 1_600, false),
        (2_000, 1_400, true),
        (100, 99, false),
    ] {
        let clock = Arc::new(Mutex::new(None::<common::ManualClock>));
        let hand = Arc::clone(&clock);
        let server = Script::start(move |request| {
            if request.method == "GET" {
                let clock = hand.lock().unwrap();
                clock
                    .as_ref()
                    .unwrap()
                    .advance(Duration::from_millis(passed));
                return Response::json(200, &json!({"email": "old", "attributes": {"etag": "1"}}));
            }
            Response::json(200, &request.json())
        })
        .await;
        *clock.lock().unwrap() = Some(server.clock.clone());
        let partner = server
            .partner()
            .timeout(Duration::from_secs(10_000))
            .build()
            .unwrap();
        let profile = partner
            .organization_profile()
            .timeout(Duration::from_millis(limit));
        let updated = profile
            .update(|profile| profile.email = Some("new".into()))
            .await;
        let methods = server.take_methods();
        assert_eq!(
            methods.len(),
            if is_sent { 2 } else { 1 },
            "{limit} {passed}"
        );
        assert_eq!(updated.is_ok(), is_sent, "{updated:?}");
        if let Err(error) = updated {
            assert_eq!(error.kind(), ErrorKind::Timeout);
            assert!(!error.may_have_been_sent(), "{error}");
        }
    }
}

#[tokio::test]
async fn a_write_is_not_repeated_with_nearly_no_time_left() {
    for (wait, attempts) in [(8, 2), (9, 1)] {
        let mut is_first = true;
        let server = Script::start(move |request| {
            if std::mem::take(&mut is_first) {
                return Response::with(429, &format!("retry-after: {wait}\r\n"), "");
            }
            Response::json(200, &request.json())
        })
        .await;
        let retry = RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO);
        let partner = server.partner().retry(retry).build().unwrap();
        let write = partner
            .update_support_profile()
            .timeout(Duration::from_secs(10));
        let outcome = write.body_map(|profile| profile.email("new")).send().await;
        assert_eq!(server.take_methods().len(), attempts, "{wait}");
        if let Err(error) = outcome {
            assert!(
                error.is_throttled() && !error.may_have_taken_effect(),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn a_creation_that_meets_its_own_earlier_attempt_says_so() {
    let hint = "an earlier attempt of this call may have created it";
    for (lost, status, is_hinted) in [
        (true, 409, true),
        (true, 400, true),
        (true, 403, false),
        (false, 409, false),
        (false, 400, false),
    ] {
        let mut is_lost = lost;
        let server = Script::start(move |_| {
            if std::mem::take(&mut is_lost) {
                return Response::Close;
            }
            Response::json(
                status,
                &json!({"code": 3000, "description": "It exists already."}),
            )
        })
        .await;
        let partner = server.partner().build().unwrap();
        let create = partner.create_customer_user().customer_tenant_id("1");
        let error = create.body(common::user()).send().await;
        let error = error.unwrap_err();
        assert_eq!(
            error.to_string().contains(hint),
            is_hinted,
            "{lost} {status}: {error}"
        );
        assert_eq!(error.may_have_taken_effect(), lost);
        assert_eq!(server.take_methods().len(), 1 + usize::from(lost));
    }
}
