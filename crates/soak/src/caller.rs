//! A caller: one update after the other, until there are no more.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use letterhead::cloudflare;
use letterhead::partner_center::{self, types};
use letterhead::{CorrelationId, Error, Reply, RequestId};
use letterhead_sandbox::seed;
use tokio::time::{Instant, sleep, timeout};

use crate::ledger::{LAST_WRITER, Ledger, Outcome, Told, marker, member_of};
use crate::scene::{Clients, LIMIT, SHORT_LIMIT, Scene, organization};
use crate::{Conduct, Kind, Plan, lists};

/// How long after its time limit a call may end: a busy machine needs some of it.
const MARGIN: Duration = Duration::from_secs(5);
/// How long a caller waits after a failure without effect: no connection, a token that is refused. Those
/// come fast, and would use up a run's updates while nothing can be done.
pub(crate) const PAUSE: Duration = Duration::from_millis(100);
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
        let mut ledger = Ledger::new(plan.updates, salt);
        for path in &scene.profiles {
            let profile = scene.sandbox.resource(path);
            ledger.begins(path.clone(), profile.unwrap_or_default());
        }
        Self {
            ledger: Mutex::new(ledger),
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
        // Each page of a list has the limit to itself.
        let whole = if kind.is_list() {
            limit * lists::MOST_CALLS
        } else {
            limit
        };
        let told = timeout(whole + MARGIN, update.make(kind)).await;
        let told = told.unwrap_or(Told::of(Outcome::Hung));
        let told = told.as_passed_on(stage.plan.conduct);
        stage.ledger().told(number, kind, told);
        if matches!(told.outcome, Outcome::Unsent | Outcome::Refused) {
            sleep(PAUSE).await;
        }
    }
}

/// One update, or one read of a list.
pub(crate) struct Update<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) caller: u32,
    pub(crate) number: u32,
    pub(crate) limit: Duration,
}

impl Update<'_> {
    fn make(&self, kind: Kind) -> Pin<Box<dyn Future<Output = Told> + Send + '_>> {
        let conduct = self.stage.plan.conduct;
        match (kind, conduct) {
            (_, Conduct::NeverEnds) if self.number == 0 => Box::pin(std::future::pending()),
            (Kind::User, Conduct::FreshRequestIds) => Box::pin(self.user_under_fresh_ids(|_| true)),
            (Kind::User, Conduct::RepeatsUndecodable) => {
                Box::pin(self.user_under_fresh_ids(Error::is_decode))
            }
            (Kind::User, Conduct::ClientPerCall) => Box::pin(self.user_through_another_client()),
            (Kind::User, _) => Box::pin(async { self.user().await.into() }),
            (Kind::Organization, Conduct::BlindOverwrite) => {
                Box::pin(self.organization_blindly(|_| true))
            }
            (Kind::Organization, Conduct::WritesWithoutEtag) => {
                Box::pin(self.organization_blindly(Self::has_no_etag))
            }
            (Kind::Organization, _) => Box::pin(self.organization()),
            (Kind::Cloudflare, Conduct::BuildsOnAnything) => {
                Box::pin(self.cloudflare_on_anything())
            }
            (Kind::Cloudflare, _) => Box::pin(self.cloudflare()),
            (Kind::Campaign, _) => Box::pin(self.campaign()),
            (Kind::Customers, Conduct::TakesNoListForEmpty | Conduct::FollowsEveryCursor) => {
                Box::pin(self.customers_by_hand())
            }
            (Kind::Customers, _) => Box::pin(self.customers()),
            (Kind::Organizations, _) => Box::pin(self.organizations()),
        }
    }

    pub(crate) fn id(&self) -> CorrelationId {
        self.id_of_call(0)
    }

    pub(crate) fn id_of_call(&self, call: u32) -> CorrelationId {
        Ledger::correlation_id(self.stage.salt, self.number, call)
    }

    pub(crate) fn partner(&self) -> &partner_center::Client {
        &self.stage.clients.partner
    }

    pub(crate) fn patch(
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

    async fn organization(&self) -> Told {
        let profile = self.partner().organization_profile().timeout(self.limit);
        let update = profile.correlation_id(self.id());
        let updated = update.update(|profile| self.sign(profile)).await;
        updated.map(letterhead::Updated::into_reply).into()
    }

    pub(crate) fn sign(&self, profile: &mut types::OrganizationProfile) {
        let member = member_of(self.caller);
        profile.extra.insert(&member, marker(self.number));
        profile.extra.insert(LAST_WRITER, member);
    }

    pub(crate) fn at_cloudflare(&self) -> &cloudflare::Client {
        &self.stage.clients.cloudflare[self.caller as usize % 2]
    }

    async fn cloudflare(&self) -> Told {
        let profile = self
            .at_cloudflare()
            .organization_profile(organization(self.caller));
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
            flaw: None,
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
    pub(crate) fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            ids: None,
            flaw: None,
        }
    }

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
