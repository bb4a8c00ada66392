//! `letterhead import`: the first company file, from what the vendors have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use letterhead::ErrorKind;
use letterhead_diagnostics::count;
use letterhead_spec::{CAMPAIGN_STANDARD, CLOUDFLARE, PARTNER_CENTER, Vendor};
use serde_json::{Map, Value};

use crate::company::{Company, CompanyFile, Differences, Holder, Unit};
use crate::connect::Session;
use crate::doctor::set_variables;
use crate::exit::Exit;
use crate::mapping::{self, is_metadata};
use crate::output::Output;
use crate::reading;
use crate::select::{Selected, Tree, accounts_list, accounts_of};
use crate::target::{Snapshot, Target};
use crate::value::is_same;
use crate::vendors::{AT_ONCE, Units, Vendors};
use crate::wanted::{Wanted, covers};

#[cfg(test)]
mod tests;

const HEAD: &str = "\
# One company, and where its data goes. A member that is left out is left alone at the vendors; null clears it there.
# `letterhead schema` prints the JSON Schema for editors, and `letterhead plan` shows what differs.

";

/// Write the first company file from what the vendors have
///
/// A vendor of which no variable is set in the environment is left out.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The company file, which must not be there yet
    #[arg(default_value = "company.yaml")]
    file: PathBuf,
}

pub(crate) async fn run(
    arguments: Arguments,
    session: Session,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    let name = arguments.file.display().to_string();
    // Better known before all is read.
    if arguments.file.exists() {
        bail!("the company file `{name}` is there already");
    }
    let file = company_file(&Vendors::new(&session), output).await?;
    let yaml = file.to_yaml()?;
    let written = OpenOptions::new().write(true).create_new(true).open(&arguments.file);
    let written = written.and_then(|mut written| {
        written.write_all(HEAD.as_bytes())?;
        written.write_all(yaml.as_bytes())
    });
    written.with_context(|| format!("the company file `{name}`"))?;
    writeln!(output, "Wrote `{name}`. `letterhead plan {name}` shows what differs: nothing yet.")?;
    Ok(Exit::Done)
}

/// What was read of a target: each member, with its value if it has one.
type Members = Vec<(String, Option<Value>)>;

/// Reads all that the vendors have, and says it as a company file.
///
/// # Errors
/// A list or a target that can't be read, and no vendor at all.
pub(crate) async fn company_file(
    vendors: &Vendors<'_>,
    output: &mut Output,
) -> anyhow::Result<CompanyFile> {
    let targets = targets(vendors, output).await?.into_iter();
    let wanted = Arc::new(Wanted::default());
    let selected =
        targets.map(|target| Selected { target, label: None, wanted: Arc::clone(&wanted) });
    let selected: Vec<_> = selected.collect();
    let make = |selected: &Selected, snapshot: Snapshot| {
        selected.target.shape().members(&snapshot.document)
    };
    let reads = reading::each(&selected, vendors, output, make).await;
    let mut read: Vec<(Target, Members)> = Vec::new();
    for (Selected { target, .. }, members) in selected.into_iter().zip(reads) {
        match members {
            Ok(members) => read.push((target, members)),
            Err(error) if is_absent(&error) && target.vendor() == "Partner Center" => {
                output.note(&format!("note: there is no {}", target.shape().names[0]));
            }
            Err(error) => return Err(error.context(format!("`{target}`"))),
        }
    }
    file_of(read)
}

/// What was read, as a company file.
fn file_of(read: Vec<(Target, Members)>) -> anyhow::Result<CompanyFile> {
    let company = common(&read);
    let mut file = CompanyFile { company: company_of(&company)?, ..CompanyFile::default() };
    for (target, members) in read {
        let (set, leave) = differences(&company, &members, target.shape().has("metadata"))?;
        let holder =
            |id| Holder { id: Some(id), below: None, set: set.clone(), leave: leave.clone() };
        let unit = |name| Unit { name, set: set.clone(), leave: leave.clone(), ..Unit::default() };
        let differences = Some(Differences { set: set.clone(), leave: leave.clone() });
        let (profiles, campaign) = (&mut file.partner_center, &mut file.campaign_standard);
        match target {
            Target::Organization => profiles.organization = differences,
            Target::Billing => profiles.billing = differences,
            Target::LegalBusiness => profiles.legal_business = differences,
            Target::Support => profiles.support = differences,
            Target::Network => profiles.network = differences,
            Target::CloudflareOrganization(id) => file.cloudflare.organizations.push(holder(id)),
            Target::CloudflareAccount(id) => file.cloudflare.accounts.push(holder(id)),
            Target::OrganizationalUnit(name) => campaign.organizational_units.push(unit(name)),
            Target::GeographicalUnit(name) => campaign.geographical_units.push(unit(name)),
            Target::CampaignProfile(_) | Target::Assignment(_) => {}
        }
    }
    Ok(file)
}

/// All targets that the vendors have.
async fn targets(vendors: &Vendors<'_>, output: &mut Output) -> anyhow::Result<Vec<Target>> {
    let mut targets = Vec::new();
    let is_set = [
        is_set_up(&PARTNER_CENTER, vendors.partner_center(), output)?,
        is_set_up(&CLOUDFLARE, vendors.cloudflare(), output)?,
        is_set_up(&CAMPAIGN_STANDARD, vendors.campaign_standard(), output)?,
    ];
    if is_set == [false; 3] {
        bail!("no vendor is set up in the environment");
    }
    let [partner_center, cloudflare, campaign_standard] = is_set;
    if partner_center {
        use Target::{Billing, LegalBusiness, Network, Organization, Support};
        targets.extend([Organization, LegalBusiness, Billing, Support, Network]);
    }
    if cloudflare {
        let tree = Tree::read(vendors, output).await.context("the organizations at Cloudflare")?;
        let organizations =
            tree.0.iter().map(|(id, ..)| Target::CloudflareOrganization(id.clone()));
        targets.extend(organizations);
        let list = accounts_list(vendors, output);
        let seen = || list.step(CLOUDFLARE.name);
        let accounts = tree.0.iter().map(|(id, ..)| accounts_of(vendors, id, &seen));
        let accounts = stream::iter(accounts).buffered(AT_ONCE).try_collect::<Vec<_>>().await;
        let accounts = list.end_list(accounts, mapping::CLOUDFLARE_ACCOUNT.names, output);
        let accounts = accounts.context("the accounts at Cloudflare")?.into_iter().flatten();
        targets.extend(accounts.map(|(id, _)| Target::CloudflareAccount(id)));
    }
    if campaign_standard {
        let units = vendors.organizational_units().await?;
        targets.extend(named(units, output).into_iter().map(Target::OrganizationalUnit));
        let units = vendors.geographical_units().await?;
        targets.extend(named(units, output).into_iter().map(Target::GeographicalUnit));
    }
    Ok(targets)
}

/// The names by which one unit alone is known.
fn named(units: &Units, output: &mut Output) -> Vec<String> {
    let names: BTreeSet<_> = units.keys.iter().map(|(name, _)| name).collect();
    let (known, ambiguous): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| units.key(name).is_ok());
    if !ambiguous.is_empty() {
        output.note(&format!(
            "note: left out are {} that several units have",
            count(ambiguous.len(), "name")
        ));
    }
    known.into_iter().cloned().collect()
}

/// Whether a vendor is set up. One of which no variable is set is left out; one that lacks a part isn't.
///
/// # Errors
/// Settings that are missing beside others, or that can't be right.
fn is_set_up<C>(
    vendor: &Vendor,
    client: anyhow::Result<C>,
    output: &mut Output,
) -> anyhow::Result<bool> {
    let Err(error) = client else { return Ok(true) };
    let set = set_variables(vendor);
    if !set.is_empty() {
        let set = set.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let name = vendor.name;
        let context = format!("{name} is set up in part, by {set}; unset them to leave it out");
        return Err(error.context(context));
    }
    let is_settings = |error: &letterhead::Error| error.kind() == ErrorKind::Configuration;
    if !error.downcast_ref().is_some_and(is_settings) {
        return Err(error.context(vendor.name));
    }
    output.note(&format!("note: {} is left out: none of its variables is set", vendor.name));
    Ok(false)
}

fn is_absent(error: &anyhow::Error) -> bool {
    error.downcast_ref::<letterhead::Error>().is_some_and(letterhead::Error::is_not_found)
}

/// The company: for each member the value that most targets have, the first of them where there are several. Free
/// data is the company's where most targets have it, and a target's own elsewhere.
fn common(read: &[(Target, Members)]) -> BTreeMap<String, Value> {
    let mut values: BTreeMap<&str, Vec<(&Value, usize)>> = BTreeMap::new();
    let holders = read.iter().filter(|(target, _)| !target.shape().texts.is_empty()).count();
    for (member, value) in read.iter().flat_map(|(_, members)| members) {
        let Some(value) = value else { continue };
        let values = values.entry(member).or_default();
        match values.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None => values.push((value, 1)),
        }
    }
    let most = values.into_iter().filter_map(|(member, values)| {
        // The last of the greatest is what `max_by_key` takes.
        let (value, count) = values.into_iter().rev().max_by_key(|(_, count)| *count)?;
        let is_common = !is_metadata(member) || count * 2 > holders;
        is_common.then(|| (member.to_owned(), value.clone()))
    });
    most.collect()
}

/// What a target has in place of the company's values, and which of them it hasn't at all.
fn differences(
    company: &BTreeMap<String, Value>,
    members: &Members,
    takes_metadata: bool,
) -> anyhow::Result<(Company, Vec<String>)> {
    let (mut set, mut leave) = (BTreeMap::new(), Vec::new());
    let own: BTreeMap<_, _> =
        members.iter().map(|(member, value)| (member.as_str(), value)).collect();
    let of_company = company.keys().filter(|member| is_metadata(member)).map(String::as_str);
    let names: BTreeSet<_> =
        own.keys().copied().chain(of_company.filter(|_| takes_metadata)).collect();
    for member in names {
        let value = own.get(member).and_then(|value| value.as_ref());
        match (value, company.get(member)) {
            (Some(value), common) if common.is_none_or(|common| !is_same(value, common, false)) => {
                set.insert(member.to_owned(), value.clone());
            }
            (None, Some(_)) => leave.push(member.to_owned()),
            _ => {}
        }
    }
    Ok((company_of(&set)?, grouped(leave, &own)))
}

/// The members to leave alone, with a group in place of all its members.
fn grouped(leave: Vec<String>, own: &BTreeMap<&str, &Option<Value>>) -> Vec<String> {
    let mut groups = Vec::new();
    for member in leave {
        let group = member.split_once('.').map_or(&*member, |(group, _)| group);
        let is_whole = !is_metadata(&member)
            && own.iter().all(|(other, value)| !covers(group, other) || value.is_none());
        let name = if is_whole { group.to_owned() } else { member };
        if !groups.contains(&name) {
            groups.push(name);
        }
    }
    groups
}

/// The members as a company. The name of free data may have any character.
fn company_of(members: &BTreeMap<String, Value>) -> anyhow::Result<Company> {
    let mut company = Map::new();
    for (member, value) in members {
        match member.split_once('.') {
            None => drop(company.insert(member.clone(), value.clone())),
            Some((group, name)) => {
                let group = company.entry(group).or_insert_with(|| Map::new().into());
                if let Some(group) = group.as_object_mut() {
                    group.insert(name.to_owned(), value.clone());
                }
            }
        }
    }
    Ok(serde_json::from_value(company.into())?)
}
