//! The resources of vendors that hold a company's data: their names, how they are read and how they are written.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use letterhead::campaign_standard::types;
use letterhead::{Creatable, Replaced, Resource};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::mapping::{self, Shape};
use crate::output::MASK;
use crate::shown;
use crate::value::{edited, hash, is_same, unfolded};
use crate::vendors::Vendors;

/// A resource of a vendor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) enum Target {
    Organization,
    Billing,
    LegalBusiness,
    Support,
    Network,
    CloudflareOrganization(String),
    CloudflareAccount(String),
    OrganizationalUnit(String),
    GeographicalUnit(String),
    /// By its e-mail address: its key is for use now and not for keeping.
    CampaignProfile(String),
}

use Target::{
    Billing, CampaignProfile, CloudflareAccount, CloudflareOrganization, GeographicalUnit,
    LegalBusiness, Network, Organization, OrganizationalUnit, Support,
};

/// What was read of a target.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    /// What it holds, without what the vendor keeps books with.
    pub(crate) document: Value,
    /// The vendor's own mark of its state, where it has one.
    pub(crate) etag: Option<String>,
}

/// One member that is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Change {
    /// The member of the company.
    pub(crate) member: String,
    /// The JSON pointer at the vendor.
    pub(crate) path: String,
    /// What was read; null for nothing.
    pub(crate) old: Value,
    /// What is sent: an empty text clears a text, and null removes a member.
    pub(crate) new: Value,
}

/// What is written to a target, and what that builds on.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) target: &'a Target,
    /// The hash of what was read.
    pub(crate) base: &'a str,
    /// The vendor's mark of what was read, where it had one.
    pub(crate) etag: Option<&'a str>,
    pub(crate) changes: &'a [Change],
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

impl Target {
    pub(crate) fn shape(&self) -> &'static Shape {
        match self {
            Organization => &mapping::ORGANIZATION_PROFILE,
            Billing => &mapping::BILLING_PROFILE,
            LegalBusiness => &mapping::LEGAL_PROFILE,
            Support => &mapping::SUPPORT_PROFILE,
            Network => &mapping::NETWORK_PROFILE,
            CloudflareOrganization(_) => &mapping::CLOUDFLARE_ORGANIZATION,
            CloudflareAccount(_) => &mapping::CLOUDFLARE_ACCOUNT,
            OrganizationalUnit(_) => &mapping::ORGANIZATIONAL_UNIT,
            GeographicalUnit(_) => &mapping::GEOGRAPHICAL_UNIT,
            CampaignProfile(_) => &mapping::CAMPAIGN_PROFILE,
        }
    }

    /// The vendor's name for people.
    pub(crate) fn vendor(&self) -> &'static str {
        match self {
            Organization | Billing | LegalBusiness | Support | Network => "Partner Center",
            CloudflareOrganization(_) | CloudflareAccount(_) => "Cloudflare",
            OrganizationalUnit(_) | GeographicalUnit(_) | CampaignProfile(_) => "Campaign Standard",
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// As the vendor's operation.
    pub(crate) async fn read(&self, vendors: &Vendors<'_>) -> anyhow::Result<Snapshot> {
        Ok(match self {
            Organization => {
                self.snapshot(&*vendors.partner_center()?.organization_profile().get().await?)?
            }
            Billing => self.snapshot(&*vendors.partner_center()?.billing_profile().get().await?)?,
            LegalBusiness => {
                self.snapshot(&*vendors.partner_center()?.legal_business_profile().get().await?)?
            }
            Support => self.snapshot(&*vendors.partner_center()?.support_profile().get().await?)?,
            Network => {
                self.snapshot(&*vendors.partner_center()?.get_mpn_profile().send().await?)?
            }
            CloudflareOrganization(id) => {
                let profile = vendors.cloudflare()?.organization_profile(id).find().await?;
                profile.map_or(Ok(Snapshot::default()), |profile| self.snapshot(&*profile))?
            }
            CloudflareAccount(id) => {
                let profile = vendors.cloudflare()?.account_profile(id).find().await?;
                profile.map_or(Ok(Snapshot::default()), |profile| self.snapshot(&*profile))?
            }
            OrganizationalUnit(name) => {
                let key = vendors.organizational_units().await?.key(name)?;
                let campaign = vendors.campaign_standard()?;
                self.snapshot(
                    &*campaign.get_organizational_unit().org_unit_pkey(key).send().await?,
                )?
            }
            GeographicalUnit(name) => {
                let key = vendors.geographical_units().await?.key(name)?;
                let campaign = vendors.campaign_standard()?;
                self.snapshot(&*campaign.get_geographical_unit().geo_unit_pkey(key).send().await?)?
            }
            CampaignProfile(email) => self.snapshot(&vendors.profile(email).await?)?,
        })
    }

    /// The same, without personal data.
    pub(crate) fn masked(&self) -> Self {
        match self {
            CampaignProfile(_) => CampaignProfile(MASK.to_owned()),
            _ => self.clone(),
        }
    }

    /// What people call it, in one line.
    pub(crate) fn shown(&self, masks: bool) -> String {
        shown::visible(&if masks { self.masked() } else { self.clone() }.to_string())
    }

    /// What a value of the vendor's says.
    pub(crate) fn snapshot(&self, value: &impl Serialize) -> serde_json::Result<Snapshot> {
        Ok(self.snapshot_of(serde_json::to_value(value)?))
    }

    fn snapshot_of(&self, mut value: Value) -> Snapshot {
        let shape = self.shape();
        let etag = value.pointer("/attributes/etag").and_then(Value::as_str).map(str::to_owned);
        if let Some(members) = value.as_object_mut() {
            if shape.shown.is_empty() {
                members.retain(|name, _| {
                    !["attributes", "links", "profileType"].contains(&name.as_str())
                });
            } else {
                members.retain(|name, _| shape.shown.contains(&name.as_str()));
            }
        }
        Snapshot { document: unfolded(value, shape.texts), etag }
    }
}

impl Snapshot {
    /// A hash of what it means, whatever the vendor writes anew by itself.
    pub(crate) fn hash(&self) -> String {
        let nothing = Value::Object(Map::new());
        hash(if self.document.is_null() { &nothing } else { &self.document })
    }

    /// What it has in place of a change, if it hasn't that.
    pub(crate) fn instead_of(&self, change: &Change, shape: &Shape) -> Option<Value> {
        let value = self.document.pointer(&change.path).unwrap_or(&Value::Null);
        let is_made = is_same(value, &change.new, shape.folds(&change.path));
        (!is_made).then(|| value.clone())
    }

    /// What it was before `changes`, if they were all that was made of it.
    fn before(&self, changes: &[Change]) -> serde_json::Result<Self> {
        let mut document = self.document.clone();
        for change in changes {
            document = reverted(&document, &change.path, &change.old)?;
        }
        Ok(Self { document, etag: None })
    }
}

/// A document with a value put back; an object that was made for it goes with it.
fn reverted(document: &Value, path: &str, old: &Value) -> serde_json::Result<Value> {
    let json = if document.is_null() { "{}".to_owned() } else { document.to_string() };
    let document: Value = serde_json::from_str(&edited(&json, path, old, &[])?)?;
    match path.rsplit_once('/') {
        Some((parent, _)) if !parent.is_empty() && old.is_null() => {
            let is_empty =
                document.pointer(parent).and_then(Value::as_object).is_some_and(Map::is_empty);
            if is_empty { reverted(&document, parent, &Value::Null) } else { Ok(document) }
        }
        _ => Ok(document),
    }
}

impl Step<'_> {
    /// Reads the target and writes it, where it still is what the step builds on. Says whether something was written.
    ///
    /// # Errors
    /// A target that somebody has changed, and failures of the vendor's operations.
    pub(crate) async fn run(&self, vendors: &Vendors<'_>) -> Result<bool, Failure> {
        match self.target {
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
            OrganizationalUnit(_) | GeographicalUnit(_) | CampaignProfile(_) => {
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
        let snapshot = self.target.snapshot_of(serde_json::from_str(&json)?);
        let shape = self.target.shape();
        if self.changes.iter().all(|change| snapshot.instead_of(change, shape).is_none()) {
            return Ok(None);
        }
        let is_base = snapshot.hash() == self.base
            && self.etag.is_none_or(|etag| snapshot.etag.as_deref() == Some(etag));
        if !is_base {
            let may_be_own = self.may_be_own.load(Ordering::SeqCst);
            let is_own = may_be_own && snapshot.before(self.changes)?.hash() == self.base;
            return Err(if is_own { Failure::Rewritten } else { Failure::Changed });
        }
        (self.begin)()?;
        for change in self.changes {
            json = edited(&json, &change.path, &change.new, shape.texts)?;
        }
        Ok(Some(json))
    }

    /// Sends the members that change. Campaign Standard has no ETag: whoever writes between the read and the write
    /// is noticed only where that happens before the read.
    async fn patch(&self, vendors: &Vendors<'_>) -> Result<bool, Failure> {
        let campaign = vendors.campaign_standard()?;
        match self.target {
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
            self.changes.iter().any(|change| change.path.split('/').nth(1) == Some(name.as_str()))
        };
        members.retain(|name, _| changed(name));
        Ok(Some(serde_json::from_value(members.into())?))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Organization => f.write_str("partner-center/organization"),
            Billing => f.write_str("partner-center/billing"),
            LegalBusiness => f.write_str("partner-center/legal-business"),
            Support => f.write_str("partner-center/support"),
            Network => f.write_str("partner-center/network"),
            CloudflareOrganization(id) => write!(f, "cloudflare/organizations/{id}"),
            CloudflareAccount(id) => write!(f, "cloudflare/accounts/{id}"),
            OrganizationalUnit(name) => write!(f, "campaign-standard/organizational-units/{name}"),
            GeographicalUnit(name) => write!(f, "campaign-standard/geographical-units/{name}"),
            CampaignProfile(email) => write!(f, "campaign-standard/profiles/{email}"),
        }
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<_> = text.splitn(3, '/').collect();
        Ok(match parts[..] {
            ["partner-center", "organization"] => Organization,
            ["partner-center", "billing"] => Billing,
            ["partner-center", "legal-business"] => LegalBusiness,
            ["partner-center", "support"] => Support,
            ["partner-center", "network"] => Network,
            ["cloudflare", "organizations", id] => CloudflareOrganization(id.to_owned()),
            ["cloudflare", "accounts", id] => CloudflareAccount(id.to_owned()),
            ["campaign-standard", "organizational-units", name] => {
                OrganizationalUnit(name.to_owned())
            }
            ["campaign-standard", "geographical-units", name] => GeographicalUnit(name.to_owned()),
            ["campaign-standard", "profiles", email] => CampaignProfile(email.to_owned()),
            _ => return Err(format!("there is no target `{text}`")),
        })
    }
}

impl TryFrom<String> for Target {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}
