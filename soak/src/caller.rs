//! A caller: one update after the other, until there are no more.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use letterhead::partner_center::{self, types};
use letterhead::{CorrelationId, Error, Reply, RequestId, RetryPolicy};
use letterhead_sandbox::seed;
use tokio::time::{Instant, sleep, timeout};

use crate::ledger::{LAST_WRITER, Ledger, Outcome, Told, marker, member_of};
use crate::scene::{Clients, LIMIT, SHORT_LIMIT, Scene, organization};
use crate::{Conduct, Kind, Plan};

/// How long after its time limit a call may end: a busy machine needs some of it.
const MARGIN: Duration = Duration::from_secs(5);
/// How long a caller waits after a failure that came before anything was sent. Those come fast, and
/// would use up a run's updates while nothing can be sent.
const PAUSE: Duration = Duration::from_millis(250);
/// One update in so many has little time.
const HURRIED: u32 = 6;

/// What the callers share.
pub(crate) struct Stage {
    pub(crate) plan: Plan,
    pub(crate) scene: Scene,
    pub(crate) clients: Clients,
    /// Makes the ids of this run its own.
    pub(crate) salt: u64,
    /// How many updates were started.
    pub(crate) started: AtomicU32,
    /// Up to where each kind has looked for its updates.
    next: [AtomicU32; Kind::ALL.len()],
    pub(crate) deadline: Instant,
    ledger: Mutex<Ledger>,
}

impl Stage {
    pub(crate) fn new(plan: Plan, scene: Scene, clients: Clients) -> Self {
        let salt = fastrand::u64(..);
        Self {
            ledger: Mutex::new(Ledger::new(plan.updates, salt)),
            deadline: Instant::now() + plan.patience,
            plan,
            scene,
            clients,
            salt,
            started: AtomicU32::new(0),
            next: Default::default(),
        }
    }

    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, kind: Kind) -> Option<u32> {
        let next = &self.next[kind as usize];
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let number = numbers
            .take_while(|number| *number < self.plan.updates && Instant::now() < self.deadline)
            .find(|number| Kind::of_update(*number) == kind)?;
        self.started.fetch_add(1, Ordering::Relaxed);
        Some(number)
    }
}

/// Makes updates until there are none left.
pub(crate) async fn run(stage: Arc<Stage>, caller: u32) {
    let kind = Kind::of_caller(caller);
    while let Some(number) = stage.next(kind) {
        let limit = match number % HURRIED {
            0 => SHORT_LIMIT,
            _ => LIMIT,
        };
        let update = Update {
            stage: &stage,
            caller,
            number,
            limit,
        };
        let told = match timeout(limit + MARGIN, update.make(kind)).await {
            Ok(told) => told,
            Err(_) => Told {
                outcome: Outcome::Hung,
                ids: None,
            },
        };
        let told = told.as_passed_on(stage.plan.conduct);
        stage.ledger().told(number, kind, told);
        if told.outcome == Outcome::Unsent {
            sleep(PAUSE).await;
        }
    }
}

struct Update<'a> {
    stage: &'a Stage,
    caller: u32,
    number: u32,
    limit: Duration,
}

impl Update<'_> {
    fn make(&self, kind: Kind) -> Pin<Box<dyn Future<Output = Told> + Send + '_>> {
        match (kind, self.stage.plan.conduct) {
            (_, Conduct::NeverEnds) if self.number == 0 => Box::pin(std::future::pending()),
            (Kind::User, Conduct::FreshRequestIds) => Box::pin(self.user_under_fresh_ids()),
            (Kind::User, Conduct::ClientPerCall) => Box::pin(self.user_through_another_client()),
            (Kind::User, _) => Box::pin(async { self.user().await.into() }),
            (Kind::Organization, Conduct::BlindOverwrite) => Box::pin(self.organization_blindly()),
            (Kind::Organization, _) => Box::pin(self.organization()),
            (Kind::Cloudflare, _) => Box::pin(self.cloudflare()),
            (Kind::Campaign, _) => Box::pin(self.campaign()),
        }
    }

    fn id(&self) -> CorrelationId {
        self.id_of_call(0)
    }

    fn id_of_call(&self, call: u32) -> CorrelationId {
        Ledger::correlation_id(self.stage.salt, self.number, call)
    }

    fn partner(&self) -> &partner_center::Client {
        &self.stage.clients.partner
    }

    fn patch(
        &self,
        partner: &partner_center::Client,
    ) -> partner_center::builder::UpdateCustomerUser {
        let user = seed::USER_IDS[self.number as usize % seed::USER_IDS.len()];
        partner
            .update_customer_user()
            .customer_tenant_id(seed::CUSTOMER_TENANT_ID)
            .user_id(user)
            .body_map(|user| user.display_name(marker(self.number)))
            .timeout(self.limit)
    }

    async fn user(&self) -> Result<Reply<types::CustomerUser>, Error> {
        self.patch(self.partner())
            .correlation_id(self.id())
            .send()
            .await
    }

    async fn user_under_fresh_ids(&self) -> Told {
        let mut worst = Outcome::Unsent;
        for call in 1..=5 {
            let once = self.patch(self.partner()).retry(RetryPolicy::never());
            let outcome = once.correlation_id(self.id_of_call(call)).send().await;
            let told = Told::from(outcome);
            match told.outcome {
                Outcome::Done => return told,
                Outcome::Unsent => {}
                Outcome::Refused if worst == Outcome::Uncertain => {}
                outcome => worst = outcome,
            }
        }
        Told {
            outcome: worst,
            ids: None,
        }
    }

    async fn user_through_another_client(&self) -> Told {
        let another = self.stage.clients.another_partner(&self.stage.scene);
        match another {
            Ok(partner) => self
                .patch(&partner)
                .correlation_id(self.id())
                .send()
                .await
                .into(),
            Err(error) => Err::<Reply<()>, _>(error).into(),
        }
    }

    async fn organization(&self) -> Told {
        let profile = self.partner().organization_profile().timeout(self.limit);
        let update = profile.correlation_id(self.id());
        let updated = update.update(|profile| self.sign(profile)).await;
        updated.map(letterhead::Updated::into_reply).into()
    }

    fn sign(&self, profile: &mut types::OrganizationProfile) {
        let member = member_of(self.caller);
        profile.extra.insert(&member, marker(self.number));
        profile.extra.insert(LAST_WRITER, member);
    }

    async fn organization_blindly(&self) -> Told {
        let read = self.partner().get_organization_profile();
        let read = read.correlation_id(self.id_of_call(1)).timeout(self.limit);
        let mut profile = match read.send().await {
            Ok(reply) => reply.into_inner(),
            Err(error) => return Err::<Reply<()>, _>(error).into(),
        };
        self.sign(&mut profile);
        profile.attributes = None;
        // Time for somebody else to write.
        sleep(PAUSE / 10).await;
        let write = self.partner().update_organization_profile().body(profile);
        let write = write.correlation_id(self.id()).timeout(self.limit);
        write.send().await.into()
    }

    async fn cloudflare(&self) -> Told {
        let client = &self.stage.clients.cloudflare[self.caller as usize % 2];
        let profile = client.organization_profile(organization(self.caller));
        let update = profile.timeout(self.limit).correlation_id(self.id());
        let name = marker(self.number);
        let updated = update.update(|profile| profile.business_name = Some(name.clone()));
        updated.await.map(letterhead::Updated::into_reply).into()
    }

    async fn campaign(&self) -> Told {
        let keys = [
            seed::CAMPAIGN_PROFILE_PKEY,
            seed::CAMPAIGN_LOOSE_PROFILE_PKEY,
        ];
        self.stage
            .clients
            .campaign
            .update_profile()
            .profile_pkey(keys[self.number as usize % keys.len()])
            .body_map(|profile| profile.first_name(marker(self.number)))
            .correlation_id(self.id())
            .timeout(self.limit)
            .send()
            .await
            .into()
    }
}

impl<T> From<Result<Reply<T>, Error>> for Told {
    fn from(outcome: Result<Reply<T>, Error>) -> Self {
        let told = |outcome, request_id: Option<RequestId>, correlation_id| Self {
            outcome,
            ids: request_id.zip(correlation_id),
        };
        match outcome {
            Ok(reply) => told(
                Outcome::Done,
                Some(reply.request_id()),
                Some(reply.correlation_id()),
            ),
            Err(error) => told(
                Outcome::of(&error),
                error.request_id(),
                error.correlation_id(),
            ),
        }
    }
}

impl Told {
    /// What the caller makes of it.
    fn as_passed_on(mut self, conduct: Conduct) -> Self {
        if self.outcome == Outcome::Uncertain {
            self.outcome = match conduct {
                Conduct::CreditsUncertain => Outcome::Done,
                Conduct::DeniesUncertain => Outcome::Unsent,
                Conduct::DismissesUncertain => Outcome::Refused,
                _ => Outcome::Uncertain,
            };
        }
        self
    }
}
