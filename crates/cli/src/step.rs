//! One step of an apply: a target is read, and written where it still is what the plan builds on.

use anyhow::Context as _;
use letterhead::campaign_standard::types;
use letterhead::{Creatable, Replaced, RequestId, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::plan::TargetPlan;
use crate::target::Snapshot;
use crate::target::Target::{
    Assignment, Billing, CampaignProfile, CloudflareAccount, CloudflareOrganization,
    GeographicalUnit, LegalBusiness, Network, Organization, OrganizationalUnit, Support,
};
use crate::value::edited;
use crate::vendors::Vendors;

/// What is written to a target, and what that builds on.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) plan: &'a TargetPlan,
    /// Says whether a write of this apply may have taken effect already.
    pub(crate) may_be_own: &'a (dyn Fn() -> bool + Sync),
    /// Is called right before each write, with the end of the path that it goes to, and the id of its request where
    /// something else is written there as well. It may keep the write from being sent.
    pub(crate) begin: &'a Begin<'a>,
}

/// What is called before a write.
type Begin<'a> = dyn Fn(&str, Option<RequestId>) -> Result<(), Failure> + Sync + 'a;

/// Why a target wasn't written.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It is what it is to be already.
    InPlace,
    /// Somebody has changed it since it was read.
    Changed,
    /// This apply has written it before, and the vendor has made something else of a member.
    Rewritten,
    /// The apply stops, so nothing is written any more.
    Stopped,
    Error(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl Step<'_> {
    /// Reads the target and writes it, where it still is what the step builds on. Returns what a resource was replaced
    /// by, if it was replaced as a whole.
    ///
    /// # Errors
    /// A target that needs no write, one that somebody has changed, and failures of the vendor's operations.
    pub(crate) async fn run(&self, vendors: &Vendors<'_>) -> Result<Option<Snapshot>, Failure> {
        match &self.plan.target {
            Organization => self.replace(vendors.partner_center()?.organization_profile()).await,
            Billing => self.replace(vendors.partner_center()?.billing_profile()).await,
            LegalBusiness => self.replace(vendors.partner_center()?.legal_business_profile()).await,
            Support => self.replace(vendors.partner_center()?.support_profile()).await,
            Network => Err(Failure::Error(anyhow::anyhow!("the vendor doesn't let it be changed"))),
            CloudflareOrganization(id) => {
                self.replace_or_create(vendors.cloudflare()?.organization_profile(id)).await
            }
            CloudflareAccount(id) => {
                self.replace_or_create(vendors.cloudflare()?.account_profile(id)).await
            }
            OrganizationalUnit(_) | GeographicalUnit(_) | CampaignProfile(_) | Assignment(_) => {
                self.patch(vendors).await.map(|()| None)
            }
        }
    }

    async fn replace<R>(&self, resource: Resource<R>) -> Result<Option<Snapshot>, Failure>
    where
        R: Replaced,
        R::Value: DeserializeOwned,
    {
        let mut sent = None;
        let updated = resource.try_update(|value| self.change(value, &mut sent)).await?;
        if updated.is_written() { Ok(sent) } else { Err(Failure::InPlace) }
    }

    async fn replace_or_create<R>(&self, resource: Resource<R>) -> Result<Option<Snapshot>, Failure>
    where
        R: Creatable,
        R::Value: DeserializeOwned,
    {
        let mut sent = None;
        // A change that refuses to change nothing makes no empty resource.
        let updated = resource.try_update_or_create(|value| self.change(value, &mut sent)).await?;
        if updated.is_written() { Ok(sent) } else { Err(Failure::InPlace) }
    }

    fn change<V: Serialize + DeserializeOwned>(
        &self,
        value: &mut V,
        sent: &mut Option<Snapshot>,
    ) -> Result<(), Failure> {
        let json = self.changed(serde_json::to_string(value)?, None)?;
        *sent = Some(self.plan.target.snapshot_of(serde_json::from_str(&json)?));
        *value = serde_json::from_str(&json)?;
        Ok(())
    }

    /// What becomes of a resource, which a vendor may know by a key, and a request with an id of its own writes then.
    fn changed(&self, mut json: String, key: Option<(&str, RequestId)>) -> Result<String, Failure> {
        let TargetPlan { target, read, etag, changes, .. } = self.plan;
        let snapshot = target.snapshot_of(serde_json::from_str(&json)?);
        let shape = target.shape();
        if changes.iter().all(|change| snapshot.instead_of(change, shape).is_none()) {
            return Err(Failure::InPlace);
        }
        let is_base = snapshot.hash() == *read && (etag.is_none() || snapshot.etag == *etag);
        if !is_base {
            let is_own = (self.may_be_own)() && snapshot.with(self.plan.old())?.hash() == *read;
            return Err(if is_own { Failure::Rewritten } else { Failure::Changed });
        }
        let (key, id) = key.map_or(("", None), |(key, id)| (key, Some(id)));
        (self.begin)(&target.path(key), id)?;
        for change in changes {
            json = edited(&json, &change.path, &change.new, shape.texts)?;
        }
        Ok(json)
    }

    /// Sends the members that change. Campaign Standard has no ETag: whoever writes between the read and the write
    /// is noticed only where that happens before the read.
    async fn patch(&self, vendors: &Vendors<'_>) -> Result<(), Failure> {
        let campaign = vendors.campaign_standard()?;
        // A profile and its assignment are written by the same operation at the same path.
        let id = RequestId::from(Uuid::new_v4());
        match &self.plan.target {
            OrganizationalUnit(name) => {
                let key = vendors.organizational_units().await?.key(name)?;
                let unit = campaign.get_organizational_unit().org_unit_pkey(&key).send().await?;
                let patch: types::OrganizationalUnitPatch = self.patch_of(&*unit, (&key, id))?;
                campaign
                    .update_organizational_unit()
                    .org_unit_pkey(key)
                    .body(patch)
                    .request_id(id)
                    .send()
                    .await?;
            }
            GeographicalUnit(name) => {
                let key = vendors.geographical_units().await?.key(name)?;
                let unit = campaign.get_geographical_unit().geo_unit_pkey(&key).send().await?;
                let patch: types::GeographicalUnitPatch = self.patch_of(&*unit, (&key, id))?;
                campaign
                    .update_geographical_unit()
                    .geo_unit_pkey(key)
                    .body(patch)
                    .request_id(id)
                    .send()
                    .await?;
            }
            CampaignProfile(email) => {
                let profile = vendors.profile(email).await?;
                let key = profile.p_key.clone().context("the profile has no key")?;
                let patch: types::ProfilePatch = self.patch_of(&profile, (&key, id))?;
                campaign
                    .update_profile()
                    .profile_pkey(key)
                    .body(patch)
                    .request_id(id)
                    .send()
                    .await?;
            }
            Assignment(email) => {
                let profile = vendors.profile(email).await?;
                let key = profile.p_key.clone().context("the profile has no key")?;
                let unit = self.plan.changes.iter().find_map(|change| change.new.as_str());
                let unit = unit.context("the plan names no unit")?;
                self.changed(serde_json::to_string(&profile)?, Some((&key, id)))?;
                campaign.assign_profile(key, unit).request_id(id).send().await?;
            }
            _ => unreachable!("the other vendors' resources are replaced as a whole"),
        }
        Ok(())
    }

    fn patch_of<P: DeserializeOwned>(
        &self,
        resource: &impl Serialize,
        key: (&str, RequestId),
    ) -> Result<P, Failure> {
        let json = self.changed(serde_json::to_string(resource)?, Some(key))?;
        let mut members: Map<String, Value> = serde_json::from_str(&json)?;
        let changed = |name: &String| {
            let mut changes = self.plan.changes.iter();
            changes.any(|change| change.path.split('/').nth(1) == Some(name.as_str()))
        };
        members.retain(|name, _| changed(name));
        Ok(serde_json::from_value(members.into())?)
    }
}
