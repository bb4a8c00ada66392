//! The clients that a plan and an apply call, each made when it is first needed.

use std::sync::OnceLock;

use anyhow::{anyhow, bail};
use letterhead::campaign_standard::types;
use letterhead::{CorrelationId, campaign_standard, cloudflare, partner_center};
use tokio::sync::OnceCell;

use crate::connect::Session;
use crate::waits::Waits;

/// How many reads are under way at once.
pub(crate) const AT_ONCE: usize = 16;

/// The clients, and what is read once for all targets.
pub(crate) struct Vendors<'s> {
    session: &'s Session,
    partner_center: OnceLock<partner_center::Client>,
    cloudflare: OnceLock<cloudflare::Client>,
    campaign_standard: OnceLock<campaign_standard::Client>,
    organizational_units: OnceCell<Units>,
    geographical_units: OnceCell<Units>,
    profiles: OnceCell<Vec<Listed>>,
}

/// A profile at Campaign Standard, as the list of all has it.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) email: String,
    /// The titles of its units: the label, and the name in brackets. Keys say nothing of which unit it is.
    pub(crate) organizational_unit: Option<String>,
    pub(crate) geographical_unit: Option<String>,
}

/// The names of units with their keys, which are for use now and not for keeping.
#[derive(Debug, Default)]
pub(crate) struct Units {
    kind: &'static str,
    pub(crate) keys: Vec<(String, String)>,
}

impl Units {
    /// The key of a unit.
    ///
    /// # Errors
    /// There is no such unit.
    pub(crate) fn key(&self, name: &str) -> anyhow::Result<String> {
        let mut found = self.keys.iter().filter(|(own, _)| own == name);
        match (found.next(), found.next()) {
            (Some((_, key)), None) => Ok(key.clone()),
            (Some(_), Some(_)) => bail!("several {} have the name `{name}`", self.kind),
            (None, _) => {
                bail!("there is no {} with the name `{name}`", self.kind.trim_end_matches('s'))
            }
        }
    }
}

impl<'s> Vendors<'s> {
    pub(crate) fn new(session: &'s Session) -> Self {
        Self {
            session,
            partner_center: OnceLock::new(),
            cloudflare: OnceLock::new(),
            campaign_standard: OnceLock::new(),
            organizational_units: OnceCell::new(),
            geographical_units: OnceCell::new(),
            profiles: OnceCell::new(),
        }
    }

    /// The id that all calls have.
    pub(crate) fn correlation_id(&self) -> CorrelationId {
        self.session.correlation_id
    }

    /// What sees why calls wait.
    pub(crate) fn waits(&self) -> &Waits {
        &self.session.waits
    }

    /// The client for Partner Center.
    ///
    /// # Errors
    /// Settings that are missing or can't be right. So it is with the others.
    pub(crate) fn partner_center(&self) -> anyhow::Result<partner_center::Client> {
        made(&self.partner_center, || self.session.partner_center())
    }

    /// The client for Cloudflare.
    pub(crate) fn cloudflare(&self) -> anyhow::Result<cloudflare::Client> {
        made(&self.cloudflare, || self.session.cloudflare())
    }

    /// The client for Campaign Standard.
    pub(crate) fn campaign_standard(&self) -> anyhow::Result<campaign_standard::Client> {
        made(&self.campaign_standard, || self.session.campaign_standard())
    }

    /// All organizational units.
    ///
    /// # Errors
    /// As the list.
    pub(crate) async fn organizational_units(&self) -> anyhow::Result<&Units> {
        let list = async {
            let mut units = Units { kind: "organizational units", keys: Vec::new() };
            let mut items = self.campaign_standard()?.list_organizational_units().items();
            while let Some(unit) = items.next().await {
                let unit = unit?;
                units.keys.extend(unit.name.zip(unit.p_key));
            }
            anyhow::Ok(units)
        };
        self.organizational_units.get_or_try_init(|| list).await
    }

    /// All geographical units.
    ///
    /// # Errors
    /// As the list.
    pub(crate) async fn geographical_units(&self) -> anyhow::Result<&Units> {
        let list = async {
            let mut units = Units { kind: "geographical units", keys: Vec::new() };
            let mut items = self.campaign_standard()?.list_geographical_units().items();
            while let Some(unit) = items.next().await {
                let unit = unit?;
                units.keys.extend(unit.name.zip(unit.p_key));
            }
            anyhow::Ok(units)
        };
        self.geographical_units.get_or_try_init(|| list).await
    }

    /// Whether the profiles have been read already.
    pub(crate) fn has_profiles(&self) -> bool {
        self.profiles.initialized()
    }

    /// All profiles, with a call of `seen` for each one that is read now.
    ///
    /// # Errors
    /// As the list.
    pub(crate) async fn profiles(&self, seen: impl Fn()) -> anyhow::Result<&[Listed]> {
        let list = async {
            let mut all = Vec::new();
            let mut items = self.campaign_standard()?.list_profiles().items();
            while let Some(profile) = items.next().await {
                let profile = profile?;
                seen();
                all.push(Listed {
                    email: profile.email.unwrap_or_default(),
                    organizational_unit: profile
                        .org_unit
                        .map(|unit| unit.title.unwrap_or_default()),
                    geographical_unit: profile.geo_unit.map(|unit| unit.title.unwrap_or_default()),
                });
            }
            anyhow::Ok(all)
        };
        Ok(self.profiles.get_or_try_init(|| list).await?)
    }

    /// The one profile that has an e-mail address.
    ///
    /// # Errors
    /// There is none, or there are several; and as the list.
    pub(crate) async fn profile(&self, email: &str) -> anyhow::Result<types::Profile> {
        let list = self.campaign_standard()?.list_profiles_by_email().email(email).send().await?;
        // Nobody says how the vendor compares them.
        let mut found = list.into_inner().content.into_iter();
        let mut found = found.by_ref().filter(|profile| profile.email.as_deref() == Some(email));
        match (found.next(), found.next()) {
            (Some(profile), None) => Ok(profile),
            (Some(_), Some(_)) => bail!("several profiles have this e-mail address"),
            (None, _) => bail!("there is no profile with this e-mail address"),
        }
    }
}

fn made<C: Clone>(
    cell: &OnceLock<C>,
    make: impl FnOnce() -> Result<C, letterhead::Error>,
) -> anyhow::Result<C> {
    if let Some(client) = cell.get() {
        return Ok(client.clone());
    }
    let client = make().map_err(|error| anyhow!(error))?;
    Ok(cell.get_or_init(|| client).clone())
}
