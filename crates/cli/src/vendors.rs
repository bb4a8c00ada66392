//! The clients that a plan and an apply call, each made when it is first needed.

use std::sync::OnceLock;

use anyhow::{anyhow, bail};
use letterhead::{CorrelationId, campaign_standard, cloudflare, partner_center};
use tokio::sync::OnceCell;

use crate::connect::Session;

/// The clients, and what is read once for all targets.
pub(crate) struct Vendors<'s> {
    session: &'s Session,
    partner_center: OnceLock<partner_center::Client>,
    cloudflare: OnceLock<cloudflare::Client>,
    campaign_standard: OnceLock<campaign_standard::Client>,
    organizational_units: OnceCell<Units>,
    geographical_units: OnceCell<Units>,
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
        }
    }

    /// The id that all calls have.
    pub(crate) fn correlation_id(&self) -> CorrelationId {
        self.session.correlation_id
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
