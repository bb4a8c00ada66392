//! One update, as the client is meant to be used.

use std::time::Duration;

use letterhead::cloudflare;
use letterhead::partner_center::{self, types};
use letterhead::{CorrelationId, Error, Reply, RequestId};
use letterhead_sandbox::seed;

use crate::ledger::{LAST_WRITER, Ledger, Outcome, Reported, marker, member_of};
use crate::plan::Conduct;
use crate::scene::organization;
use crate::stage::Stage;

/// How long a caller waits after a failure without effect: no connection, a token that is refused. Those
/// come fast, and would use up a run's updates while nothing can be done.
pub(crate) const PAUSE: Duration = Duration::from_millis(100);

/// One update, or one read of a list.
pub(crate) struct Update<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) caller: u32,
    pub(crate) number: u32,
    pub(crate) limit: Duration,
}

impl Update<'_> {
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

    pub(crate) async fn user(&self) -> Result<Reply<types::CustomerUser>, Error> {
        self.patch(self.partner()).correlation_id(self.id()).send().await
    }

    pub(crate) async fn organization(&self) -> Reported {
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

    pub(crate) async fn cloudflare(&self) -> Reported {
        let profile = self.at_cloudflare().organization_profile(organization(self.caller));
        let update = profile.timeout(self.limit).correlation_id(self.id());
        let name = marker(self.number);
        let updated = update.update(|profile| profile.business_name = Some(name.clone()));
        updated.await.map(letterhead::Updated::into_reply).into()
    }

    pub(crate) async fn campaign(&self) -> Reported {
        let keys = [seed::CAMPAIGN_PROFILE_PKEY, seed::CAMPAIGN_LOOSE_PROFILE_PKEY];
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

impl<T> From<Result<Reply<T>, Error>> for Reported {
    fn from(outcome: Result<Reply<T>, Error>) -> Self {
        let reported = |outcome, request_id: Option<RequestId>, correlation_id| Self {
            outcome,
            ids: request_id.zip(correlation_id),
            flaw: None,
        };
        match outcome {
            Ok(reply) => {
                reported(Outcome::Done, Some(reply.request_id()), Some(reply.correlation_id()))
            }
            Err(error) => reported(Outcome::of(&error), error.request_id(), error.correlation_id()),
        }
    }
}

impl Reported {
    pub(crate) fn of(outcome: Outcome) -> Self {
        Self { outcome, ids: None, flaw: None }
    }

    /// What the caller reports after it.
    pub(crate) fn passed_on(mut self, conduct: Conduct) -> Self {
        if self.outcome == Outcome::Uncertain {
            self.outcome = match conduct {
                Conduct::ReportsUncertainAsDone => Outcome::Done,
                Conduct::ReportsUncertainAsUnsent => Outcome::Unsent,
                Conduct::ReportsUncertainAsRefused => Outcome::Refused,
                _ => Outcome::Uncertain,
            };
        }
        self
    }
}
