//! The model of a company: what `company.yaml` says, and for whom.

mod read;
mod write;

use std::collections::BTreeMap;

use letterhead::Patch;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[cfg(test)]
pub(crate) use read::parse;
pub(crate) use read::read;

/// One company, and where its data goes: the content of `company.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct CompanyFile {
    /// The company. A member that is left out is left alone at the vendors; null clears it there.
    pub(crate) company: Company,
    /// Which profiles at Microsoft Partner Center are the company's.
    pub(crate) partner_center: PartnerCenter,
    /// Which organizations and accounts at Cloudflare are the company's.
    pub(crate) cloudflare: Cloudflare,
    /// Which units at Adobe Campaign Standard are the company's.
    pub(crate) campaign_standard: CampaignStandard,
}

/// What is known about a company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Company {
    /// The name that the company is registered under.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    legal_name: Patch<String>,
    /// The name that the company is known by.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    trading_name: Patch<String>,
    /// The registered address.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    address: Patch<Address>,
    /// The address that bills and letters go to.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    postal_address: Patch<Address>,
    /// The phone number.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    phone: Patch<String>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    email: Patch<String>,
    /// The web site.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    website: Patch<String>,
    /// Whom a vendor turns to.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    contact: Patch<Person>,
    /// Who represents the company before the law.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    representative: Patch<Representative>,
    /// Where customers get help.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    support: Patch<Support>,
    /// The domains. Vendors don't let them be changed; a plan says where they differ.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    domains: Patch<Vec<String>>,
    /// The tax identifier.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    tax_id: Patch<String>,
    /// The identifier in Microsoft's partner network. It can't be changed; a plan says where it differs.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    network_id: Patch<String>,
    /// Free data: a name, and any value. A name that is left out is left alone; null removes it.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    metadata: Patch<BTreeMap<String, Value>>,
}

impl Company {
    /// Whether it says nothing about any member.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An address in parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Address {
    /// The first line: street and number.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    line1: Patch<String>,
    /// The second line.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    line2: Patch<String>,
    /// The third line.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    line3: Patch<String>,
    /// The city.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    city: Patch<String>,
    /// The state or province.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    region: Patch<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    postal_code: Patch<String>,
    /// The country: two letters of ISO 3166.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    country: Patch<String>,
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Person {
    /// The first name.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    first_name: Patch<String>,
    /// The last name.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    last_name: Patch<String>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    email: Patch<String>,
    /// The phone number.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    phone: Patch<String>,
}

/// A person who represents the company.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Representative {
    /// The first name.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    first_name: Patch<String>,
    /// The last name.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    last_name: Patch<String>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    email: Patch<String>,
}

/// Where customers get help.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Support {
    /// The e-mail address.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    email: Patch<String>,
    /// The phone number.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    phone: Patch<String>,
}

/// How one target differs from the company. Empty braces mean that it doesn't.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Differences {
    /// Members with another value here.
    #[serde(skip_serializing_if = "Company::is_empty")]
    pub(crate) set: Company,
    /// Members that are left alone here, such as `phone` or `address.line2`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) leave: Vec<String>,
}

/// The partner's profiles. One that is left out is left alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct PartnerCenter {
    /// The organization profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Differences")]
    pub(crate) organization: Option<Differences>,
    /// The billing profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Differences")]
    pub(crate) billing: Option<Differences>,
    /// The legal business profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Differences")]
    pub(crate) legal_business: Option<Differences>,
    /// The support profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Differences")]
    pub(crate) support: Option<Differences>,
    /// The profile in the partner network, which is only compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Differences")]
    pub(crate) network: Option<Differences>,
}

/// Organizations and accounts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Cloudflare {
    /// Organizations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) organizations: Vec<Holder>,
    /// Accounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) accounts: Vec<Holder>,
}

/// One organization or account by its identifier, or all of them below an organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Holder {
    /// The identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub(crate) id: Option<String>,
    /// The identifier of an organization: all below it are meant, at any depth, that have no nearer entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub(crate) below: Option<String>,
    /// Members with another value here.
    #[serde(skip_serializing_if = "Company::is_empty")]
    pub(crate) set: Company,
    /// Members that are left alone here, such as `phone` or `address.line2`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) leave: Vec<String>,
}

/// Units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct CampaignStandard {
    /// Organizational units.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) organizational_units: Vec<Unit>,
    /// Geographical units.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) geographical_units: Vec<Unit>,
}

/// A unit by its internal name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Unit {
    /// The internal name, such as `brand4`.
    pub(crate) name: String,
    /// Whether the company's address goes to all profiles that are assigned to the unit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) profiles: bool,
    /// The e-mail addresses of profiles that are to be assigned to it: an organizational unit. Other profiles stay
    /// where they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) assign: Vec<String>,
    /// Members with another value here.
    #[serde(default, skip_serializing_if = "Company::is_empty")]
    pub(crate) set: Company,
    /// Members that are left alone here, such as `phone` or `address.line2`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) leave: Vec<String>,
}
