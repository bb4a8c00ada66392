//! One step of an apply: a target is read, and written where it still is what the plan builds on.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use letterhead::campaign_standard::types;
use letterhead::{Creatable, Replaced, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::plan::TargetPlan;
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
    /// Whether this apply began to write it before, and nobody knows what became of that.
    pub(crate) may_be_own: &'a AtomicBool,
    /// Is called right before each write, and may keep it from being sent.
    pub(crate) begin: &'a (dyn Fn() -> Result<(), Failure> + Sync),
}

/// Why a target wasn't written.
#[derive(Debug)]
pub(crate) enum Failure {
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
    /// Reads the target and writes it, where it still is what the step builds on. Says whether something was written.
    ///
    /// # Errors
    /// A target that somebody has changed, and failures of the vendor's operations.
    pub(crate) async fn run(&self, vendors: &Vendors<'_>) -> Result<bool, Failure> {
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
                self.patch(vendors).await
            }
        }
    }

    async fn replace<R>(&self, resource: Resource<R>) -> Result<bool, Failure>
    where
        R: Replaced,
        R::Value: DeserializeOwned,
    {
        let updated = resource.try_update(|value| self.change(value)).await?;
        Ok(updated.is_written())
    }

    async fn replace_or_create<R>(&self, resource: Resource<R>) -> Result<bool, Failure>
    where
        R: Creatable,
        R::Value: DeserializeOwned,
    {
        let updated = resource.try_update_or_create(|value| self.change(value)).await?;
        Ok(updated.is_written())
    }

    fn change<V: Serialize + DeserializeOwned>(&self, value: &mut V) -> Result<(), Failure> {
        let json = serde_json::to_string(value)?;
        if let Some(json) = self.changed(json)? {
            *value = serde_json::from_str(&json)?;
        }
        Ok(())
    }

    /// What becomes of a resource; none where it is what it is to be already.
    fn changed(&self, mut json: String) -> Result<Option<String>, Failure> {
        let TargetPlan { target, read, etag, changes, .. } = self.plan;
        let snapshot = target.snapshot_of(serde_json::from_str(&json)?);
        let shape = target.shape();
        if changes.iter().all(|change| snapshot.instead_of(change, shape).is_none()) {
            return Ok(None);
        }
        let is_base = snapshot.hash() == *read && (etag.is_none() || snapshot.etag == *etag);
        if !is_base {
            let may_be_own = self.may_be_own.load(Ordering::SeqCst);
            let is_own = may_be_own && snapshot.with(self.plan.old())?.hash() == *read;
            return Err(if is_own { Failure::Rewritten } else { Failure::Changed });
        }
        (self.begin)()?;
        for change in changes {
            json = edited(&json, &change.path, &change.new, shape.texts)?;
        }
        Ok(Some(json))
    }

    /// Sends the members that change. Campaign Standard has no ETag: whoever writes between the read and the write
    /// is noticed only where that happens before the read.
    async fn patch(&self, vendors: &Vendors<'_>) -> Result<bool, Failure> {
        let campaign = vendors.campaign_standard()?;
        match &self.plan.target {
            OrganizationalUnit(name) => {
                let key = vendors.organizational_units().await?.key(name)?;
                let unit = campaign.get_organizational_unit().org_unit_pkey(&key).send().await?;
                let Some(patch) = self.patch_of::<types::OrganizationalUnitPatch>(&*unit)? else {
                    return Ok(false);
                };
                campaign.update_organizational_unit().org_unit_pkey(key).body(patch).send().await?;
            }
            GeographicalUnit(name) => {
                let key = vendors.geographical_units().await?.key(name)?;
                let unit = campaign.get_geographical_unit().geo_unit_pkey(&key).send().await?;
                let Some(patch) = self.patch_of::<types::GeographicalUnitPatch>(&*unit)? else {
                    return Ok(false);
                };
                campaign.update_geographical_unit().geo_unit_pkey(key).body(patch).send().await?;
            }
            CampaignProfile(email) => {
                let profile = vendors.profile(email).await?;
                let Some(patch) = self.patch_of::<types::ProfilePatch>(&profile)? else {
                    return Ok(false);
                };
                let key = profile.p_key.context("the profile has no key")?;
                campaign.update_profile().profile_pkey(key).body(patch).send().await?;
            }
            Assignment(email) => {
                let profile = vendors.profile(email).await?;
                if self.changed(serde_json::to_string(&profile)?)?.is_none() {
                    return Ok(false);
                }
                let key = profile.p_key.context("the profile has no key")?;
                let unit = self.plan.changes.iter().find_map(|change| change.new.as_str());
                let unit = unit.context("the plan names no unit")?;
                campaign.assign_profile(key, unit).send().await?;
            }
            _ => unreachable!("the other vendors' resources are replaced as a whole"),
        }
        Ok(true)
    }

    fn patch_of<P: DeserializeOwned>(
        &self,
        resource: &impl Serialize,
    ) -> Result<Option<P>, Failure> {
        let Some(json) = self.changed(serde_json::to_string(resource)?)? else { return Ok(None) };
        let mut members: Map<String, Value> = serde_json::from_str(&json)?;
        let changed = |name: &String| {
            let mut changes = self.plan.changes.iter();
            changes.any(|change| change.path.split('/').nth(1) == Some(name.as_str()))
        };
        members.retain(|name, _| changed(name));
        Ok(Some(serde_json::from_value(members.into())?))
    }
}
