//! What replicas share.

use std::error::Error as StdError;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use letterhead::{
    AccessToken, BoxFuture, RateLimit, RateLimiter, TokenSource, campaign_standard, partner_center,
    reqwest,
};
use letterhead_redis::{Key, Redis, WhenAway};
use letterhead_sandbox::credentials;
use tokio::sync::watch;

use super::message::{Message, Setup};
use crate::clients::{Limiters, Means};
use crate::plan::Conduct;

/// The names of the credentials and of the quotas.
pub(super) const PARTNER: &str = "partner-center";
pub(super) const CAMPAIGN: &str = "campaign";
const CLOUDFLARE: &str = "cloudflare";

/// For how long a token can't be replaced after a replica has crashed that was about to. Redis is away for less:
/// who has redeemed a refresh token meanwhile still has its lease when it can write the new one.
const LEASE: Duration = Duration::from_secs(5);
const SECOND: Duration = Duration::from_secs(1);

/// The quotas of Cloudflare and of Campaign Standard. While Redis is away, nothing is sent to Cloudflare, and
/// replicas keep to their shares of the other one.
pub(super) const QUOTAS: [RateLimit; 2] = [limit(100), limit(50)];

const fn limit(requests: u32) -> RateLimit {
    RateLimit::new(number(requests), SECOND).burst(number(8))
}

const fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).expect("a number above 0")
}

/// The server, for those who fail closed.
pub(super) fn closed(url: &str) -> Result<Redis, letterhead_redis::Error> {
    redis(url, WhenAway::FailClosed)
}

fn redis(url: &str, when_away: WhenAway) -> Result<Redis, letterhead_redis::Error> {
    Redis::builder(url, Key::new([7; 32]), when_away).lease(LEASE).build()
}

/// What a replica shares with the others, unless its conduct is not to.
pub(super) fn means(setup: &Setup, stands_still: watch::Receiver<bool>) -> anyhow::Result<Means> {
    let factor = number(1 + u32::from(setup.conduct == Conduct::DoublesQuotas));
    let [cloudflare, campaign] = QUOTAS.map(|quota| {
        let requests = quota.requests().saturating_mul(factor);
        RateLimit::new(requests, quota.per()).burst(quota.burst_size())
    });
    if setup.conduct == Conduct::SharesNothing {
        let limiters = Limiters {
            cloudflare: Arc::new(RateLimiter::new(cloudflare)),
            campaign: Arc::new(RateLimiter::new(campaign)),
        };
        return Ok(Means { limiters: Some(limiters), ..Means::own(&setup.addresses)? });
    }
    let closed = closed(&setup.redis)?;
    let go_on = redis(&setup.redis, WhenAway::GoOn { replicas: number(setup.part.of) })?;
    let person = setup.addresses.entra().app_and_user_source(closed.refresh_token(PARTNER))?;
    let app = StandingStill { source: setup.addresses.ims().source()?, stands_still };
    Ok(Means {
        partner: partner_center::Credential::from_tokens(closed.tokens(PARTNER, person)),
        campaign: campaign_standard::Credential::from_tokens(
            go_on.tokens(CAMPAIGN, app),
            credentials::CAMPAIGN_CLIENT_ID,
        )?,
        limiters: Some(Limiters {
            cloudflare: Arc::new(closed.quota(CLOUDFLARE, cloudflare)),
            campaign: Arc::new(go_on.quota(CAMPAIGN, campaign)),
        }),
    })
}

/// A source that doesn't return while it is ordered so, after it was given a token.
struct StandingStill<S> {
    source: S,
    stands_still: watch::Receiver<bool>,
}

impl<S: TokenSource> TokenSource for StandingStill<S> {
    fn fetch<'a>(
        &'a self,
        http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async {
            let token = self.source.fetch(http).await?;
            if *self.stands_still.borrow() {
                Message::StandsStill.send();
                self.stands_still.clone().wait_for(|is_wanted| !is_wanted).await?;
            }
            Ok(token)
        })
    }

    fn timeout(&self) -> Duration {
        self.source.timeout()
    }

    fn has_changed(&self) -> BoxFuture<'_, bool> {
        self.source.has_changed()
    }
}

impl<S> fmt::Debug for StandingStill<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandingStill").finish_non_exhaustive()
    }
}
