//! Random sequences of updates by several writers, under faults, against a model of what has to come of
//! them: no update is lost, none is made twice, and what is reported is what happened.

use std::sync::{Arc, Mutex, MutexGuard};

use letterhead::{Error, partner_center};
use proptest::prelude::*;
use serde_json::json;
use tokio::sync::Notify;

use super::server::Server;
use super::service::{Fate, MEMBERS, Service, Turn};

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
    server: Server,
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
            Server::start(move |request| serving.lock().unwrap().respond(request, &crashing));
        let server = server.await;
        let partner = server.partner().build().unwrap();
        Self { server, service, crash, partner }
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
        let own = format!("<own {n}>");
        match step {
            Step::Append { turns } => {
                let outcome = world.append(&turns, &own).await;
                model.words.push((own, outcome));
            }
            Step::Set { writer, turns } => {
                let outcome = world.set(&turns, writer, &own).await;
                let is_there = world.service().support[MEMBERS[writer]] == own;
                prop_assert!(
                    outcome == Outcome::Unknown || is_there == (outcome == Outcome::Made),
                    "step {}: {:?}, there: {}",
                    n,
                    outcome,
                    is_there
                );
                if is_there {
                    model.members[writer] = own;
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
        let words = service.organization["companyName"].as_str().unwrap_or_default();
        for (word, outcome) in &self.words {
            let count = words.matches(word.as_str()).count();
            let is_right = match outcome {
                Outcome::Made => count == 1,
                Outcome::NotMade => count == 0,
                Outcome::Unknown => count < 2,
            };
            prop_assert!(is_right, "step {step}: {word} is {outcome:?} and there {count} times");
        }
        for word in &service.appended {
            let count = words.matches(word.as_str()).count();
            prop_assert!(count == 1, "step {step}: someone else's {word} is there {count} times");
        }
        let (support, organization) = (&service.support, &service.organization);
        let others = service.set.to_string();
        for (member, value) in MEMBERS.iter().zip(self.members.iter().chain([&others])) {
            prop_assert_eq!(support[*member].as_str(), Some(value.as_str()), "step {}", step);
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
