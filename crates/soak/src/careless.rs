//! Callers that break a promise on purpose.

use letterhead::partner_center::types;
use letterhead::{Error, RetryPolicy};
use tokio::time::sleep;

use crate::ledger::{Outcome, Reported, marker};
use crate::lists::{self, failed};
use crate::plan::Conduct;
use crate::scene::organization;
use crate::update::{PAUSE, Update};

impl Update<'_> {
    /// Makes the retries itself, each with ids of its own.
    pub(crate) async fn user_under_fresh_ids(&self, is_retried: fn(&Error) -> bool) -> Reported {
        let mut worst = Outcome::Unsent;
        for call in 1..=5 {
            let once = self.patch(self.partner()).retry(RetryPolicy::never());
            let outcome = once.correlation_id(self.id_of_call(call)).send().await;
            let goes_on = outcome.as_ref().is_err_and(is_retried);
            let reported = Reported::from(outcome);
            match reported.outcome {
                Outcome::Done => return reported,
                Outcome::Unsent => {}
                Outcome::Refused if worst == Outcome::Uncertain => {}
                outcome => worst = outcome,
            }
            if !goes_on {
                break;
            }
        }
        Reported::of(worst)
    }

    pub(crate) async fn user_through_another_client(&self) -> Reported {
        let another = self.stage.clients.another_partner();
        match another {
            Ok(partner) => self.patch(&partner).correlation_id(self.id()).send().await.into(),
            Err(error) => failed(error),
        }
    }

    /// Takes the ETag out of the profile where `is_dropped` says so.
    pub(crate) async fn organization_blindly(
        &self,
        is_dropped: fn(&types::OrganizationProfile) -> bool,
    ) -> Reported {
        let read = self.partner().get_organization_profile();
        let read = read.correlation_id(self.id_of_call(1)).timeout(self.limit);
        let mut profile = match read.send().await {
            Ok(reply) => reply.into_inner(),
            Err(error) => return failed(error),
        };
        self.sign(&mut profile);
        if is_dropped(&profile) {
            profile.attributes = None;
        }
        // Time for somebody else to write.
        sleep(PAUSE / 4).await;
        let write = self.partner().update_organization_profile().body(profile);
        let write = write.correlation_id(self.id()).timeout(self.limit);
        write.send().await.into()
    }

    pub(crate) fn has_no_etag(profile: &types::OrganizationProfile) -> bool {
        let attributes = profile.attributes.as_ref();
        let etag = attributes.and_then(|attributes| attributes.etag.as_ref());
        etag.is_none_or(|etag| etag.trim().is_empty())
    }

    pub(crate) async fn cloudflare_on_anything(&self) -> Reported {
        let id = organization(self.caller);
        let read = self.at_cloudflare().get_organization_profile();
        let read = read.organization_id(&id).correlation_id(self.id());
        let mut profile = match read.timeout(self.limit).send().await {
            Ok(reply) => reply.into_inner().result.unwrap_or_default(),
            Err(error) => return failed(error),
        };
        profile.business_name = Some(marker(self.number));
        for member in [
            &mut profile.business_address,
            &mut profile.business_email,
            &mut profile.business_phone,
            &mut profile.external_metadata,
        ] {
            member.get_or_insert_default();
        }
        let write = self.at_cloudflare().modify_organization_profile();
        let write = write.organization_id(&id).body(profile);
        let write = write.correlation_id(self.id()).timeout(self.limit);
        write.send().await.into()
    }

    pub(crate) async fn customers_by_hand(&self) -> Reported {
        let conduct = self.stage.plan.conduct;
        let mut ids = Vec::new();
        let mut list = Some(self.list_of_customers());
        let mut pages = 0;
        while let Some(call) = list.take() {
            pages += 1;
            if pages > lists::MOST_PAGES {
                return lists::endless();
            }
            let page = match call.send().await {
                Ok(reply) => reply.into_inner(),
                Err(error) if conduct == Conduct::ReadsMissingListAsEmpty && error.is_decode() => {
                    break;
                }
                Err(error) => return failed(error),
            };
            list = match self.list_of_customers().after(&page) {
                Ok(next) => next,
                Err(error) => return failed(error),
            };
            ids.extend(page.items.into_iter().filter_map(|customer| customer.id));
        }
        lists::read(ids, &self.stage.lists.customers)
    }
}
