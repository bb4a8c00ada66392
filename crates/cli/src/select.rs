//! Which targets a company file names, and what it says for each.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use serde_json::Value;

use crate::company::{Company, CompanyFile, Differences, Holder};
use crate::mapping::Wanted;
use crate::target::Target;
use crate::vendors::Vendors;

/// A target that a company file names.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    pub(crate) target: Target,
    /// What the vendor calls it, where that is known already.
    pub(crate) label: Option<String>,
    pub(crate) wanted: Wanted,
}

/// The targets, in the order of the file.
///
/// # Errors
/// A list that can't be read.
pub(crate) async fn select(
    file: &CompanyFile,
    vendors: &Vendors<'_>,
) -> anyhow::Result<Vec<Selected>> {
    let company = serde_json::to_value(&file.company)?;
    let wanted = |set: &Company, leave: &[String]| {
        let set = serde_json::to_value(set)?;
        anyhow::Ok(Wanted { layers: vec![company.clone(), set], leave: leave.to_vec() })
    };
    let mut selected = Vec::new();
    let profiles = &file.partner_center;
    for (target, differences) in [
        (Target::Organization, &profiles.organization),
        (Target::Billing, &profiles.billing),
        (Target::LegalBusiness, &profiles.legal_business),
        (Target::Support, &profiles.support),
        (Target::Network, &profiles.network),
    ] {
        if let Some(Differences { set, leave }) = differences {
            selected.push(Selected { target, label: None, wanted: wanted(set, leave)? });
        }
    }
    let organizations = &file.cloudflare.organizations;
    let mut tree = Tree::default();
    let is_below = |holder: &Holder| holder.below.is_some();
    if organizations.iter().chain(&file.cloudflare.accounts).any(is_below) {
        tree = Tree::read(vendors).await.context("the organizations at Cloudflare")?;
    }
    let all = each(organizations, async |id| Ok(tree.below(id))).await?;
    for (id, (label, holder)) in all {
        let wanted = wanted(&holder.set, &holder.leave)?;
        selected.push(Selected { target: Target::CloudflareOrganization(id), label, wanted });
    }
    let accounts =
        each(&file.cloudflare.accounts, async |id| tree.accounts(vendors, id).await).await?;
    for (id, (label, holder)) in accounts {
        let wanted = wanted(&holder.set, &holder.leave)?;
        selected.push(Selected { target: Target::CloudflareAccount(id), label, wanted });
    }
    let campaign = &file.campaign_standard;
    let units = campaign.organizational_units.iter();
    let units = units.map(|unit| (unit, Target::OrganizationalUnit(unit.name.clone())));
    let others = campaign.geographical_units.iter();
    let others = others.map(|unit| (unit, Target::GeographicalUnit(unit.name.clone())));
    for (unit, target) in units.chain(others) {
        let wanted = wanted(&unit.set, &unit.leave)?;
        if unit.profiles {
            let profiles = assigned(&target, &unit.name, vendors).await?;
            let profiles = profiles.into_iter().map(|(key, label)| {
                let target = Target::CampaignProfile(key);
                Selected { target, label, wanted: wanted.clone() }
            });
            selected.extend(profiles);
        }
        selected.push(Selected { target, label: None, wanted });
    }
    Ok(selected)
}

/// The identifiers that entries name, each with its entry: one of its own goes before one for all below.
async fn each<'h>(
    holders: &'h [Holder],
    below: impl AsyncFn(&str) -> anyhow::Result<Vec<(String, Option<String>)>>,
) -> anyhow::Result<Vec<(String, (Option<String>, &'h Holder))>> {
    let mut all = BTreeMap::new();
    for holder in holders {
        if let Some(parent) = &holder.below {
            let found = below(parent).await?.into_iter();
            all.extend(found.map(|(id, label)| (id, (label, holder))));
        }
    }
    for holder in holders {
        if let Some(id) = &holder.id {
            let label = all.remove(id).and_then(|(label, _): (Option<String>, _)| label);
            all.insert(id.clone(), (label, holder));
        }
    }
    Ok(all.into_iter().collect())
}

/// The organizations at Cloudflare: each with its name and its parent.
#[derive(Debug, Default)]
pub(crate) struct Tree(pub(crate) Vec<(String, Option<String>, Option<String>)>);

impl Tree {
    /// Reads the list of all organizations.
    ///
    /// # Errors
    /// As the list.
    pub(crate) async fn read(vendors: &Vendors<'_>) -> anyhow::Result<Self> {
        let mut all = Vec::new();
        let mut items = vendors.cloudflare()?.list_organizations().page_size(100).items();
        while let Some(organization) = items.next().await {
            let organization = organization?;
            let parent = organization.parent.and_then(|parent| parent.id);
            all.extend(organization.id.map(|id| (id, organization.name, parent)));
        }
        Ok(Self(all))
    }

    /// All organizations below one, at any depth.
    fn below(&self, root: &str) -> Vec<(String, Option<String>)> {
        let mut children: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, (_, _, parent)) in self.0.iter().enumerate() {
            children.entry(parent.as_deref().unwrap_or_default()).or_default().push(index);
        }
        let (mut found, mut open, mut seen) = (Vec::new(), vec![root], BTreeSet::from([root]));
        while let Some(parent) = open.pop() {
            for &index in children.get(parent).into_iter().flatten() {
                let (id, name, _) = &self.0[index];
                if seen.insert(id) {
                    found.push((id.clone(), name.clone()));
                    open.push(id);
                }
            }
        }
        found
    }

    /// The accounts of an organization and of all below it.
    async fn accounts(
        &self,
        vendors: &Vendors<'_>,
        root: &str,
    ) -> anyhow::Result<Vec<(String, Option<String>)>> {
        let below = self.below(root).into_iter().map(|(id, _)| id);
        let mut accounts = Vec::new();
        for organization in std::iter::once(root.to_owned()).chain(below) {
            accounts.extend(accounts_of(vendors, &organization).await?);
        }
        Ok(accounts)
    }
}

/// The accounts of an organization, with their names.
///
/// # Errors
/// As the list.
pub(crate) async fn accounts_of(
    vendors: &Vendors<'_>,
    organization: &str,
) -> anyhow::Result<Vec<(String, Option<String>)>> {
    let list = vendors.cloudflare()?.list_organization_accounts().organization_id(organization);
    let (mut accounts, mut items) = (Vec::new(), list.items());
    while let Some(account) = items.next().await {
        let account = account?;
        accounts.extend(account.id.map(|id| (id, account.name)));
    }
    Ok(accounts)
}

/// The keys of the profiles that are assigned to a unit, with their e-mail addresses.
async fn assigned(
    target: &Target,
    name: &str,
    vendors: &Vendors<'_>,
) -> anyhow::Result<Vec<(String, Option<String>)>> {
    let (member, units) = match target {
        Target::GeographicalUnit(_) => ("/geoUnit/PKey", vendors.geographical_units().await?),
        _ => ("/orgUnit/PKey", vendors.organizational_units().await?),
    };
    let unit: Value = units.key(name)?.into();
    let mut items = vendors.campaign_standard()?.list_profiles().items();
    let mut found = Vec::new();
    while let Some(profile) = items.next().await {
        let profile = profile?;
        let links = serde_json::json!({"orgUnit": profile.org_unit, "geoUnit": profile.geo_unit});
        if links.pointer(member) == Some(&unit) {
            found.extend(profile.p_key.map(|key| (key, profile.email)));
        }
    }
    Ok(found)
}
