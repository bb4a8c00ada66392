//! The tokens that were issued, and the settings for further ones.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use super::consent::Consents;
use crate::campaign_standard::credentials::CAMPAIGN_ACCESS_TOKEN;
use crate::ids;
use crate::partner_center::credentials::{PARTNER_CENTER_REFRESH_TOKEN, PARTNER_CENTER_TOKEN};

/// A way to get an access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TokenGrant {
    /// Entra's client credentials: app only.
    EntraClientCredentials,
    /// Entra's refresh token: App+User.
    EntraRefreshToken,
    /// Entra's authorization code: a person has consented in a browser.
    EntraAuthorizationCode,
    /// Entra's device code: a person has entered it.
    EntraDeviceCode,
    /// The client credentials of Adobe IMS.
    ImsClientCredentials,
}

/// How Partner Center says that a user signed in without a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MfaRefusal {
    /// The older way: 401 without a body, and `invalid_token` in `WWW-Authenticate`.
    EmptyBody,
    /// The newer way: 401 with code 900421.
    Code,
}

/// What an access token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    PartnerCenterUser,
    PartnerCenterApp,
    /// A valid token of Entra for an API that is not Partner Center's.
    OtherApi,
    CampaignStandard,
}

/// What a refresh token has come to.
pub(crate) enum Refresh {
    Valid,
    /// Refused with this AADSTS number.
    Revoked(u32),
}

pub(crate) struct Tokens {
    /// Each with its end; `None` for an end that is later than an `Instant` can hold.
    access: HashMap<String, (Access, Option<Instant>)>,
    refresh: HashMap<String, Refresh>,
    issued: BTreeMap<TokenGrant, u64>,
    /// How long access tokens live, if not as long as each endpoint has it.
    pub(crate) life: Option<Duration>,
    pub(crate) refresh_once: bool,
    pub(crate) numbers_as_text: bool,
    pub(crate) secrets_expired: bool,
    pub(crate) mfa: Option<MfaRefusal>,
    pub(super) consents: Consents,
}

impl Default for Tokens {
    fn default() -> Self {
        let refresh = [(PARTNER_CENTER_REFRESH_TOKEN.to_owned(), Refresh::Valid)];
        Self {
            access: HashMap::new(),
            refresh: refresh.into(),
            issued: BTreeMap::new(),
            life: None,
            refresh_once: false,
            numbers_as_text: false,
            secrets_expired: false,
            mfa: None,
            consents: Consents::default(),
        }
    }
}

impl Tokens {
    /// What a token is good for now.
    pub(crate) fn access(&self, token: &str) -> Option<Access> {
        match token {
            PARTNER_CENTER_TOKEN => Some(Access::PartnerCenterUser),
            CAMPAIGN_ACCESS_TOKEN => Some(Access::CampaignStandard),
            _ => {
                let (access, end) = self.access.get(token)?;
                is_ahead(*end).then_some(*access)
            }
        }
    }

    /// Makes an access token.
    pub(crate) fn issue(&mut self, grant: TokenGrant, access: Access, life: Duration) -> String {
        // A long run must not gather dead tokens.
        self.access.retain(|_, (_, end)| is_ahead(*end));
        let token = random("access");
        let end = Instant::now().checked_add(life);
        self.access.insert(token.clone(), (access, end));
        *self.issued.entry(grant).or_default() += 1;
        token
    }

    pub(crate) fn issued(&self, grant: TokenGrant) -> u64 {
        self.issued.get(&grant).copied().unwrap_or_default()
    }

    pub(crate) fn revoke_access(&mut self) {
        self.access.clear();
    }

    pub(crate) fn refresh(&self, token: &str) -> Option<&Refresh> {
        self.refresh.get(token)
    }

    /// Makes a refresh token.
    pub(crate) fn issue_refresh(&mut self) -> String {
        let token = random("refresh");
        self.refresh.insert(token.clone(), Refresh::Valid);
        token
    }

    /// Makes the replacement of a refresh token that was redeemed.
    pub(crate) fn replace_refresh(&mut self, redeemed: &str) -> String {
        if self.refresh_once {
            self.refresh.remove(redeemed);
        }
        self.issue_refresh()
    }

    pub(crate) fn revoke_refresh(&mut self, aadsts: u32) {
        for state in self.refresh.values_mut() {
            *state = Refresh::Revoked(aadsts);
        }
    }
}

fn is_ahead(end: Option<Instant>) -> bool {
    end.is_none_or(|end| Instant::now() < end)
}

fn random(kind: &str) -> String {
    let digits: [u64; 3] = std::array::from_fn(|_| ids::number());
    let digits = digits.map(|number| format!("{number:016x}")).concat();
    format!("sandbox-issued-{kind}-token-{digits}")
}
