//! Which targets a company file names, and what it says for each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use letterhead_diagnostics::count;
use letterhead_spec::{CAMPAIGN_STANDARD, CLOUDFLARE};
use serde_json::{Value, json};

use crate::company::{Company, CompanyFile, Differences, Holder};
use crate::mapping;
use crate::output::Output;
use crate::progress::Progress;
use crate::target::{Target, unit_name};
use crate::vendors::{AT_ONCE, Listed, Vendors};
use crate::wanted::Wanted;

/// A target that a company file names.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    pub(crate) target: Target,
    /// What the vendor calls it, where that is known already.
    pub(crate) label: Option<String>,
    /// The same for all targets of an entry.
    pub(crate) wanted: Arc<Wanted>,
}

/// The targets, in the order of the file.
///
/// # Errors
/// A list that can't be read, an organization that isn't there, a target that is named twice, and no target at all.
pub(crate) async fn select(
    file: &CompanyFile,
    vendors: &Vendors<'_>,
    output: &mut Output,
) -> anyhow::Result<Vec<Selected>> {
    let company = Arc::new(serde_json::to_value(&file.company)?);
    let wanted = |set: &Company, leave: &[String]| wanted(&company, set, leave);
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
    let (organizations, accounts) = (&file.cloudflare.organizations, &file.cloudflare.accounts);
    let is_below = |holder: &Holder| holder.below.is_some();
    let mut tree = Tree::default();
    if organizations.iter().chain(accounts).any(is_below) {
        tree = Tree::read(vendors, output).await.context("the organizations at Cloudflare")?;
    }
    let all = each(organizations, async |id| tree.below(id)).await?;
    let accounts = if accounts.iter().any(is_below) {
        let list = accounts_list(vendors, output);
        let seen = || list.step(CLOUDFLARE.name);
        let found = each(accounts, async |id| tree.accounts(vendors, id, &seen).await).await;
        list.end_list(found, mapping::CLOUDFLARE_ACCOUNT.names, output)?
    } else {
        each(accounts, async |_| Ok(Vec::new())).await?
    };
    for (holders, all, target) in [
        (organizations, all, Target::CloudflareOrganization as fn(String) -> Target),
        (&file.cloudflare.accounts, accounts, Target::CloudflareAccount),
    ] {
        let wanted: Vec<_> =
            holders.iter().map(|it| wanted(&it.set, &it.leave)).collect::<Result<_, _>>()?;
        selected.extend(all.into_iter().map(|(id, Found { label, entry, .. })| Selected {
            target: target(id),
            label,
            wanted: Arc::clone(&wanted[entry]),
        }));
    }
    let campaign = &file.campaign_standard;
    let units = campaign.organizational_units.iter();
    let units = units.map(|unit| (unit, Target::OrganizationalUnit(unit.name.clone())));
    let others = campaign.geographical_units.iter();
    let others = others.map(|unit| (unit, Target::GeographicalUnit(unit.name.clone())));
    let assignments = campaign.organizational_units.iter();
    let assignments = assignments
        .flat_map(|unit| unit.assign.iter().map(|email| (email.as_str(), unit.name.as_str())));
    let assignments: BTreeMap<_, _> = assignments.collect();
    for (unit, target) in units.chain(others) {
        let wanted = wanted(&unit.set, &unit.leave)?;
        if unit.profiles {
            let profiles = listed_profiles(vendors, output).await?;
            let profiles = assigned(&target, &unit.name, profiles, &assignments, output)?;
            selected.extend(profiles.into_iter().map(|email| {
                let target = Target::CampaignProfile(email);
                Selected { target, label: None, wanted: Arc::clone(&wanted) }
            }));
        }
        selected.push(Selected { target, label: None, wanted });
    }
    selected.extend(assignments.into_iter().map(|(email, unit)| {
        let layers = vec![Arc::new(json!({"organizationalUnit": unit}))];
        let wanted = Arc::new(Wanted { layers, leave: Vec::new() });
        Selected { target: Target::Assignment(email.to_owned()), label: None, wanted }
    }));
    if selected.is_empty() {
        bail!(
            "the company file names no target that is there: `partnerCenter`, `cloudflare` and `campaignStandard` \
             say where the company's data goes"
        );
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = selected.iter().find(|selected| !seen.insert(&selected.target)) {
        bail!(
            "`{}` is selected twice; leave out `profiles` at one of its units",
            twice.target.shown(output.masks())
        );
    }
    Ok(selected)
}

/// All profiles at Campaign Standard, which are read once.
async fn listed_profiles<'v>(
    vendors: &'v Vendors<'_>,
    output: &mut Output,
) -> anyhow::Result<&'v [Listed]> {
    if vendors.has_profiles() {
        return vendors.profiles(|| {}).await;
    }
    let vendor = CAMPAIGN_STANDARD.name;
    let names = mapping::CAMPAIGN_PROFILE.names;
    let list = Progress::of_list(output, vendors.waits(), vendor, names[1]);
    let profiles = vendors.profiles(|| list.step(vendor)).await;
    list.end_list(profiles, names, output)
}

fn wanted(company: &Arc<Value>, set: &Company, leave: &[String]) -> anyhow::Result<Arc<Wanted>> {
    let set = Arc::new(serde_json::to_value(set)?);
    Ok(Arc::new(Wanted { layers: vec![Arc::clone(company), set], leave: leave.to_vec() }))
}

/// An identifier that an entry of the file names.
#[derive(Debug)]
struct Found {
    label: Option<String>,
    /// How many organizations above it the entry's own one stands.
    distance: usize,
    /// The place of the entry.
    entry: usize,
}

/// The identifiers that entries name: the nearest entry counts, and one of its own is nearer than any for all below.
async fn each(
    holders: &[Holder],
    below: impl AsyncFn(&str) -> anyhow::Result<Vec<Below>>,
) -> anyhow::Result<BTreeMap<String, Found>> {
    let mut all: BTreeMap<String, Found> = BTreeMap::new();
    for (entry, holder) in holders.iter().enumerate() {
        let Some(parent) = &holder.below else { continue };
        for Below { id, label, distance } in below(parent).await? {
            let is_nearer = all.get(&id).is_none_or(|known| distance < known.distance);
            if is_nearer {
                all.insert(id, Found { label, distance, entry });
            }
        }
    }
    for (entry, holder) in holders.iter().enumerate() {
        if let Some(id) = &holder.id {
            let label = all.remove(id).and_then(|found| found.label);
            all.insert(id.clone(), Found { label, distance: 0, entry });
        }
    }
    Ok(all)
}

/// The organizations at Cloudflare: each with its name and its parent.
#[derive(Debug, Default)]
pub(crate) struct Tree(pub(crate) Vec<(String, Option<String>, Option<String>)>);

/// An organization or account below another organization.
struct Below {
    id: String,
    label: Option<String>,
    /// How many steps it is away.
    distance: usize,
}

impl Tree {
    /// Reads the list of all organizations.
    ///
    /// # Errors
    /// As the list.
    pub(crate) async fn read(vendors: &Vendors<'_>, output: &mut Output) -> anyhow::Result<Self> {
        let names = mapping::CLOUDFLARE_ORGANIZATION.names;
        let list = Progress::of_list(output, vendors.waits(), CLOUDFLARE.name, names[1]);
        let read = async {
            let mut all = Vec::new();
            let mut items = vendors.cloudflare()?.list_organizations().page_size(100).items();
            while let Some(organization) = items.next().await {
                let organization = organization?;
                list.step(CLOUDFLARE.name);
                let parent = organization.parent.and_then(|parent| parent.id);
                all.extend(organization.id.map(|id| (id, organization.name, parent)));
            }
            anyhow::Ok(Self(all))
        };
        list.end_list(read.await, names, output)
    }

    /// All organizations below one, at any depth.
    ///
    /// # Errors
    /// An organization that isn't there, or that the credential doesn't see.
    fn below(&self, root: &str) -> anyhow::Result<Vec<Below>> {
        let mut children: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, (_, _, parent)) in self.0.iter().enumerate() {
            children.entry(parent.as_deref().unwrap_or_default()).or_default().push(index);
        }
        let is_there = children.contains_key(root) || self.0.iter().any(|(id, ..)| id == root);
        if !is_there {
            bail!(
                "`below: {root}`: there is no such organization at Cloudflare, or the credential doesn't see it"
            );
        }
        let (mut found, mut open) = (Vec::new(), vec![(root, 0)]);
        let mut seen = BTreeSet::from([root]);
        while let Some((parent, distance)) = open.pop() {
            for &index in children.get(parent).into_iter().flatten() {
                let (id, label, _) = &self.0[index];
                if seen.insert(id) {
                    let distance = distance + 1;
                    found.push(Below { id: id.clone(), label: label.clone(), distance });
                    open.push((id, distance));
                }
            }
        }
        Ok(found)
    }

    /// The accounts of an organization and of all below it.
    async fn accounts(
        &self,
        vendors: &Vendors<'_>,
        root: &str,
        seen: &impl Fn(),
    ) -> anyhow::Result<Vec<Below>> {
        let own = Below { id: root.to_owned(), label: None, distance: 0 };
        let organizations = std::iter::once(own).chain(self.below(root)?);
        let accounts = organizations.map(|organization| async move {
            let accounts = accounts_of(vendors, &organization.id, seen).await?.into_iter();
            let distance = organization.distance;
            anyhow::Ok(accounts.map(move |(id, label)| Below { id, label, distance }))
        });
        let accounts: Vec<_> = stream::iter(accounts).buffered(AT_ONCE).try_collect().await?;
        Ok(accounts.into_iter().flatten().collect())
    }
}

/// How far the lists of accounts are read.
pub(crate) fn accounts_list<'v>(vendors: &'v Vendors<'_>, output: &Output) -> Progress<'v> {
    let names = mapping::CLOUDFLARE_ACCOUNT.names;
    Progress::of_list(output, vendors.waits(), CLOUDFLARE.name, names[1])
}

/// The accounts of an organization, with their names, and with a call of `seen` for each.
///
/// # Errors
/// As the list.
pub(crate) async fn accounts_of(
    vendors: &Vendors<'_>,
    organization: &str,
    seen: &impl Fn(),
) -> anyhow::Result<Vec<(String, Option<String>)>> {
    let list = vendors.cloudflare()?.list_organization_accounts().organization_id(organization);
    let (mut accounts, mut items) = (Vec::new(), list.items());
    while let Some(account) = items.next().await {
        let account = account?;
        seen();
        accounts.extend(account.id.map(|id| (id, account.name)));
    }
    Ok(accounts)
}

/// The e-mail addresses of the profiles that are assigned to a unit, once all are where they are to be. One that has
/// none of its own can't be named.
fn assigned(
    target: &Target,
    name: &str,
    profiles: &[Listed],
    assignments: &BTreeMap<&str, &str>,
    output: &mut Output,
) -> anyhow::Result<Vec<String>> {
    let mut emails: BTreeMap<&str, usize> = BTreeMap::new();
    for profile in profiles {
        *emails.entry(&profile.email).or_default() += 1;
    }
    let (mut found, mut nameless) = (Vec::new(), 0);
    for profile in profiles {
        let (title, declared) = match target {
            Target::GeographicalUnit(_) => (&profile.geographical_unit, None),
            _ => (&profile.organizational_unit, assignments.get(&*profile.email)),
        };
        let unit = match (declared, title.as_deref()) {
            (Some(unit), _) => Some(*unit),
            (None, Some("")) => {
                bail!("a profile's unit has no title, so nobody knows whether it is `{name}`")
            }
            (None, title) => title.and_then(unit_name),
        };
        if unit != Some(name) {
            continue;
        }
        if profile.email.is_empty() || emails[&*profile.email] > 1 {
            nameless += 1;
        } else {
            found.push(profile.email.clone());
        }
    }
    if nameless > 0 {
        let nameless = count(nameless, "profile");
        output.note(&format!(
            "note: left out at `{name}`: {nameless} without an e-mail address of its own"
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let organization = |(id, parent): (&str, &str)| (id.into(), None, Some(parent.into()));
        Tree([("a", ""), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "a")].map(organization).into())
    }

    async fn entries(holders: Value) -> anyhow::Result<Vec<(String, usize)>> {
        let holders: Vec<Holder> = serde_json::from_value(holders)?;
        let tree = tree();
        let found = each(&holders, async |id| tree.below(id)).await?;
        Ok(found.into_iter().map(|(id, found)| (id, found.entry)).collect())
    }

    #[tokio::test]
    async fn the_nearest_entry_counts() {
        let entry = |(id, entry): (&str, usize)| (id.to_owned(), entry);
        for (holders, expected) in [
            (json!([{"below": "b"}, {"below": "a"}]), vec![("b", 1), ("c", 0), ("d", 0), ("e", 1)]),
            (json!([{"below": "a"}, {"below": "b"}]), vec![("b", 0), ("c", 1), ("d", 1), ("e", 0)]),
            (json!([{"id": "d"}, {"below": "b"}]), vec![("c", 1), ("d", 0)]),
            (json!([{"below": "e"}]), vec![]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(entry).collect();
            assert_eq!(entries(holders.clone()).await.expect("entries"), expected, "{holders}");
        }
    }

    #[tokio::test]
    async fn an_organization_that_nobody_sees_is_named() {
        let error = entries(json!([{"below": "b"}, {"below": "z"}])).await.expect_err("no `z`");
        assert!(error.to_string().contains("`below: z`"), "{error}");
    }
}
