//! Random sequences of updates by several writers, under faults, against a model of what has to come of
//! them: no update is lost, none is made twice, and what is reported is what happened.

mod common;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use common::{Request, Response, Script};
use letterhead::{Error, partner_center};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::sync::Notify;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Fine,
    /// The connection ends before or after it was acted on.
    Lost {
        is_made: bool,
    },
    BadGateway {
        is_made: bool,
    },
    Unavailable,
    Throttled,
    /// A 200 that is no resource.
    Nothing {
        is_made: bool,
    },
    /// A 200 with an error in it.
    ErrorObject {
        code: u32,
    },
    /// A resource without its ETag.
    NoEtag,
    Conflict,
    /// The client ends, and another one starts.
    Crash {
        is_made: bool,
    },
}

/// A request's fate, and whether someone else writes before the next one comes.
#[derive(Clone, Copy, Debug)]
struct Turn {
    fate: Fate,
    is_overtaken: bool,
}

#[derive(Clone, Debug)]
enum Step {
    /// Adds a word to the profile that has an ETag: made twice, it would stand there twice.
    Append {
        turns: Vec<Turn>,
    },
    /// Sets a member of the profile that has none.
    Set {
        writer: usize,
        turns: Vec<Turn>,
    },
    Read,
    Restart,
}

fn fate() -> impl Strategy<Value = Fate> {
    let is_made = any::<bool>;
    prop_oneof![
        4 => Just(Fate::Fine),
        2 => is_made().prop_map(|is_made| Fate::Lost { is_made }),
        1 => is_made().prop_map(|is_made| Fate::BadGateway { is_made }),
        1 => is_made().prop_map(|is_made| Fate::Nothing { is_made }),
        1 => is_made().prop_map(|is_made| Fate::Crash { is_made }),
        1 => prop_oneof![Just(2055), Just(503), Just(77)].prop_map(|code| Fate::ErrorObject { code }),
        1 => prop_oneof![
            Just(Fate::Unavailable),
            Just(Fate::Throttled),
            Just(Fate::NoEtag),
            Just(Fate::Conflict),
        ],
    ]
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = (fate(), prop::bool::weighted(0.3));
    let turn = turn.prop_map(|(fate, is_overtaken)| Turn { fate, is_overtaken });
    prop::collection::vec(turn, 0..8)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => turns().prop_map(|turns| Step::Append { turns }),
        4 => (0..2_usize, turns()).prop_map(|(writer, turns)| Step::Set { writer, turns }),
        1 => Just(Step::Read),
        1 => Just(Step::Restart),
    ]
}

/// The service: two profiles, and what is to become of the next requests.
#[derive(Default)]
struct Service {
    organization: Value,
    support: Value,
    turns: VecDeque<Turn>,
    /// What someone else has appended.
    appended: Vec<String>,
    /// How often someone else has set a member.
    set: usize,
    etag: u32,
}

const SUPPORT: &str = "/v1/profiles/support";
/// A member for each of the writers, and the last for someone else.
const MEMBERS: [&str; 3] = ["email", "telephone", "website"];

impl Service {
    fn new() -> Self {
        Self {
            organization: json!({"companyName": "", "email": "a@b.example", "tier": ["gold", null]}),
            support: json!({"email": "", "telephone": "", "website": "0", "tier": {"since": 1.0}}),
            ..Self::default()
        }
    }

    fn respond(&mut self, request: &Request, crash: &Notify) -> Response {
        let turn = self.turns.pop_front();
        let turn = turn.unwrap_or(Turn {
            fate: Fate::Fine,
            is_overtaken: false,
        });
        let response = self.act(request, turn.fate, crash);
        let has_etag = request.target != SUPPORT;
        let is_read = request.method == "GET" && matches!(turn.fate, Fate::Fine | Fate::NoEtag);
        if turn.is_overtaken && has_etag {
            let words = self.organization["companyName"].as_str().unwrap();
            let word = format!("<other {}>", self.appended.len());
            self.organization["companyName"] = format!("{words}{word}").into();
            self.appended.push(word);
            self.etag += 1;
        } else if turn.is_overtaken && !is_read {
            // Nothing guards a resource without an ETag between a read and the write right after it.
            self.set += 1;
            self.support[MEMBERS[2]] = self.set.to_string().into();
        }
        response
    }

    fn act(&mut self, request: &Request, fate: Fate, crash: &Notify) -> Response {
        let is_put = request.method == "PUT";
        let made = match fate {
            Fate::Fine | Fate::NoEtag => true,
            Fate::Lost { is_made }
            | Fate::BadGateway { is_made }
            | Fate::Nothing { is_made }
            | Fate::Crash { is_made } => is_made,
            _ => false,
        };
        if is_put && made && !self.write(request) {
            return match fate {
                Fate::Lost { .. } => Response::Close,
                _ => Response::json(400, &json!({"code": 2055, "description": "Stale."})),
            };
        }
        match fate {
            Fate::Fine => Response::json(200, &self.profile(request)),
            Fate::NoEtag => {
                let mut profile = self.profile(request);
                profile["attributes"] = json!({"objectType": "OrganizationProfile"});
                Response::json(200, &profile)
            }
            Fate::Lost { .. } => Response::Close,
            Fate::BadGateway { .. } => Response::text(502, "text/html", "<html>"),
            Fate::Nothing { .. } => Response::json(200, &json!({})),
            Fate::Unavailable => Response::with(503, "retry-after: 1\r\n", ""),
            Fate::Throttled => Response::with(429, "retry-after: 1\r\n", ""),
            Fate::ErrorObject { code: 503 } => {
                Response::json(200, &json!({"statusCode": 503, "message": "?"}))
            }
            Fate::ErrorObject { code } => {
                Response::json(200, &json!({"code": code, "description": "?"}))
            }
            Fate::Conflict if is_put => Response::json(409, &json!({"code": 409})),
            Fate::Conflict => Response::json(404, &json!({"code": 1000})),
            Fate::Crash { .. } => {
                crash.notify_one();
                Response::Hang
            }
        }
    }

    /// Whether a write was made.
    fn write(&mut self, request: &Request) -> bool {
        let sent = request.json();
        if request.target == SUPPORT {
            self.support = sent;
        } else {
            let etag = &sent["attributes"]["etag"];
            // As at the vendor, a write without an ETag is one without a condition.
            if !etag.is_null() && *etag != self.etag.to_string() {
                return false;
            }
            self.etag += 1;
            self.organization = sent;
        }
        true
    }

    fn profile(&self, request: &Request) -> Value {
        if request.target == SUPPORT {
            return self.support.clone();
        }
        let mut profile = self.organization.clone();
        profile["attributes"] = json!({"etag": self.etag.to_string()});
        profile
    }
}

/// What is known of an update once it is over.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Made,
    NotMade,
    Unknown,
}

impl Outcome {
    fn of(result: Option<Result<bool, Error>>) -> Self {
        match result {
            // Nobody else makes such a change.
            Some(Ok(is_written)) if is_written => Self::Made,
            Some(Err(error)) if !error.may_have_taken_effect() => Self::NotMade,
            Some(Ok(_)) => panic!("a change of its own that was there already"),
            Some(Err(_)) | None => Self::Unknown,
        }
    }
}

struct World {
    server: Script,
    service: Arc<Mutex<Service>>,
    crash: Arc<Notify>,
    partner: partner_center::Client,
}

impl World {
    async fn start() -> Self {
        let service = Arc::new(Mutex::new(Service::new()));
        let crash = Arc::new(Notify::new());
        let (serving, crashing) = (Arc::clone(&service), Arc::clone(&crash));
        let server =
            Script::start(move |request| serving.lock().unwrap().respond(request, &crashing));
        let server = server.await;
        let partner = server.partner().build().unwrap();
        Self {
            server,
            service,
            crash,
            partner,
        }
    }

    fn service(&self) -> MutexGuard<'_, Service> {
        self.service.lock().unwrap()
    }

    /// Runs an update under faults until it is over or its client has crashed.
    async fn run(
        &mut self,
        turns: &[Turn],
        update: impl Future<Output = Result<bool, Error>>,
    ) -> Outcome {
        self.service().turns = turns.iter().copied().collect();
        let result = tokio::select! {
            result = update => Some(result),
            () = self.crash.notified() => None,
        };
        if result.is_none() {
            self.partner = self.server.partner().build().unwrap();
        }
        self.service().turns.clear();
        Outcome::of(result)
    }

    async fn append(&mut self, turns: &[Turn], word: &str) -> Outcome {
        let profile = self.partner.organization_profile();
        let appended = word.to_owned();
        self.run(turns, async move {
            let updated = profile.update(|profile| {
                let words = profile.company_name.get_or_insert_default();
                words.push_str(&appended);
            });
            Ok(updated.await?.is_written())
        })
        .await
    }

    async fn set(&mut self, turns: &[Turn], writer: usize, word: &str) -> Outcome {
        let profile = self.partner.support_profile();
        let set = word.to_owned();
        self.run(turns, async move {
            let updated = profile.update(|profile| {
                let member = match writer {
                    0 => &mut profile.email,
                    _ => &mut profile.telephone,
                };
                *member = Some(set.clone());
            });
            Ok(updated.await?.is_written())
        })
        .await
    }
}

/// What has to be: the words that were appended and whether they are there, and the members that were set.
#[derive(Default)]
struct Model {
    words: Vec<(String, Outcome)>,
    members: [String; 2],
}

async fn play(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut world = World::start().await;
    let mut model = Model::default();
    for (n, step) in steps.into_iter().enumerate() {
        let word = format!("<own {n}>");
        match step {
            Step::Append { turns } => {
                let outcome = world.append(&turns, &word).await;
                model.words.push((word, outcome));
            }
            Step::Set { writer, turns } => {
                let outcome = world.set(&turns, writer, &word).await;
                let is_there = world.service().support[MEMBERS[writer]] == word;
                prop_assert!(
                    outcome == Outcome::Unknown || is_there == (outcome == Outcome::Made),
                    "step {}: {:?}, there: {}",
                    n,
                    outcome,
                    is_there
                );
                if is_there {
                    model.members[writer] = word;
                }
            }
            Step::Read => {
                let read = world.partner.organization_profile().get().await.unwrap();
                let stored = world.service().organization["companyName"].clone();
                prop_assert_eq!(read.company_name.as_deref(), stored.as_str());
            }
            Step::Restart => world.partner = world.server.partner().build().unwrap(),
        }
        model.check(&world.service(), n)?;
    }
    Ok(())
}

impl Model {
    fn check(&self, service: &Service, step: usize) -> Result<(), TestCaseError> {
        let words = service.organization["companyName"]
            .as_str()
            .unwrap_or_default();
        for (word, outcome) in &self.words {
            let count = words.matches(word.as_str()).count();
            let is_right = match outcome {
                Outcome::Made => count == 1,
                Outcome::NotMade => count == 0,
                Outcome::Unknown => count < 2,
            };
            prop_assert!(
                is_right,
                "step {step}: {word} is {outcome:?} and there {count} times"
            );
        }
        for word in &service.appended {
            let count = words.matches(word.as_str()).count();
            prop_assert!(
                count == 1,
                "step {step}: someone else's {word} is there {count} times"
            );
        }
        let (support, organization) = (&service.support, &service.organization);
        let others = service.set.to_string();
        for (member, value) in MEMBERS.iter().zip(self.members.iter().chain([&others])) {
            prop_assert_eq!(
                support[*member].as_str(),
                Some(value.as_str()),
                "step {}",
                step
            );
        }
        // What no document knows stays as it was.
        prop_assert_eq!(&support["tier"], &json!({"since": 1.0}));
        prop_assert_eq!(&organization["tier"], &json!(["gold", null]));
        prop_assert_eq!(&organization["email"], "a@b.example");
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_update_is_lost_and_none_is_made_twice(steps in prop::collection::vec(step(), 1..10)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(play(steps))?;
    }
}
