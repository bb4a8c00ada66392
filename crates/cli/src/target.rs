//! The resources of vendors that hold a company's data: their names, and how they are read.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::mapping;
use crate::output::MASK;
use crate::shape::Shape;
use crate::shown;
use crate::value::{edited, hash, is_none, is_same, leaves, unfolded};
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
    /// Which unit a profile is assigned to, by the same address.
    Assignment(String),
}

use Target::{
    Assignment, Billing, CampaignProfile, CloudflareAccount, CloudflareOrganization,
    GeographicalUnit, LegalBusiness, Network, Organization, OrganizationalUnit, Support,
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
            Assignment(_) => &mapping::ASSIGNMENT,
        }
    }

    /// The vendor's name for people.
    pub(crate) fn vendor(&self) -> &'static str {
        match self {
            Organization | Billing | LegalBusiness | Support | Network => "Partner Center",
            CloudflareOrganization(_) | CloudflareAccount(_) => "Cloudflare",
            OrganizationalUnit(_) | GeographicalUnit(_) | CampaignProfile(_) | Assignment(_) => {
                "Campaign Standard"
            }
        }
    }

    /// How the path ends that it is written at. Campaign Standard's resources have a key in it.
    pub(crate) fn path(&self, key: &str) -> String {
        match self {
            Organization => "/profiles/organization".to_owned(),
            Billing => "/profiles/billing".to_owned(),
            LegalBusiness => "/profiles/legalbusiness".to_owned(),
            Support => "/profiles/support".to_owned(),
            Network => "/profiles/mpn".to_owned(),
            CloudflareOrganization(id) => format!("/organizations/{id}/profile"),
            CloudflareAccount(id) => format!("/accounts/{id}/profile"),
            OrganizationalUnit(_) => format!("/orgUnitBase/{key}"),
            GeographicalUnit(_) => format!("/geoUnitBase/{key}"),
            CampaignProfile(_) | Assignment(_) => format!("/profile/{key}"),
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
            CampaignProfile(email) | Assignment(email) => {
                self.snapshot(&vendors.profile(email).await?)?
            }
        })
    }

    /// The same, without personal data.
    pub(crate) fn masked(&self) -> Self {
        match self {
            CampaignProfile(_) => CampaignProfile(MASK.to_owned()),
            Assignment(_) => Assignment(MASK.to_owned()),
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

    pub(crate) fn snapshot_of(&self, mut value: Value) -> Snapshot {
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
        // The key of a unit, and what people call it, may be another one tomorrow.
        if let (Assignment(_), Some(unit)) = (self, value.get_mut("orgUnit")) {
            *unit = unit["title"].as_str().and_then(unit_name).into();
        }
        Snapshot { document: unfolded(value, shape.texts), etag }
    }
}

/// The internal name of a unit whose title a profile has: `Brand 4 (brand4)`.
pub(crate) fn unit_name(title: &str) -> Option<&str> {
    Some(title.strip_suffix(')')?.rsplit_once(" (")?.1)
}

impl Snapshot {
    /// A hash of what it means, whatever the vendor writes anew by itself.
    pub(crate) fn hash(&self) -> String {
        hash(&self.document)
    }

    /// What it has in place of a change, if it hasn't that.
    pub(crate) fn instead_of(&self, change: &Change, shape: &Shape) -> Option<Value> {
        let value = self.document.pointer(&change.path).unwrap_or(&Value::Null);
        let is_made = is_same(value, &change.new, shape.folds(&change.path));
        (!is_made).then(|| value.clone())
    }

    /// What it has in place of values that were sent with it, and that it hasn't. A value that no company has may be
    /// one that the vendor moves by itself, such as the state of a check: only if it is gone, it was dropped.
    pub(crate) fn instead_of_all<'s>(
        &'s self,
        sent: &'s Self,
        shape: &'s Shape,
    ) -> impl Iterator<Item = (String, &'s Value, Value)> {
        leaves(&sent.document).into_iter().filter_map(|(path, wanted)| {
            let has = self.document.pointer(&path).unwrap_or(&Value::Null);
            let is_lost = is_none(has) || shape.has_at(&path);
            let is_kept = is_same(has, wanted, shape.folds(&path));
            (is_lost && !is_kept).then(|| (path, wanted, has.clone()))
        })
    }

    /// The same with other values at some JSON pointers; null removes what is there.
    pub(crate) fn with<'v>(
        &self,
        values: impl Iterator<Item = (&'v str, &'v Value)>,
    ) -> serde_json::Result<Self> {
        let mut json =
            if self.document.is_null() { "{}".to_owned() } else { self.document.to_string() };
        for (path, value) in values {
            json = edited(&json, path, value, &[])?;
        }
        Ok(Self { document: serde_json::from_str(&json)?, etag: None })
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
            Assignment(email) => write!(f, "campaign-standard/assignments/{email}"),
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
            ["campaign-standard", "assignments", email] => Assignment(email.to_owned()),
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
