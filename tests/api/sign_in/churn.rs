//! How often a token is asked for where asking doesn't help, and what ends the wait.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use letterhead::partner_center::Client;
use letterhead::{BoxFuture, RefreshTokenStore, Secret};
use letterhead_sandbox::{MfaRefusal, Response, TokenGrant};

use super::{client, consented, read, sign_ins};
use crate::support::{Faulty, entra, eventually};

const SUPPORT: &str = "/v1/profiles/support";

/// A store that a person, too, writes to.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<Mutex<Secret>>);

impl Shared {
    pub(crate) fn new(token: &str) -> Self {
        Self(Arc::new(Mutex::new(token.into())))
    }

    pub(crate) fn put(&self, token: impl Into<Secret>) {
        *self.0.lock().unwrap() = token.into();
    }

    pub(crate) fn held(&self) -> Secret {
        self.0.lock().unwrap().clone()
    }
}

impl RefreshTokenStore for Shared {
    fn load(&self) -> BoxFuture<'_, Result<Secret, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async { Ok(self.held()) })
    }

    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), Box<dyn StdError + Send + Sync>>> {
        self.put(token);
        Box::pin(async { Ok(()) })
    }
}

fn with_store(faulty: &Faulty) -> (Shared, Client) {
    let store = Shared::new(letterhead_sandbox::credentials::PARTNER_CENTER_REFRESH_TOKEN);
    let app = entra(&faulty.sandbox.entra_url()).app_and_user(store.clone());
    (store, client(faulty, app))
}

fn issued(faulty: &Faulty) -> u64 {
    faulty.sandbox.tokens_issued(TokenGrant::EntraRefreshToken)
}

#[tokio::test]
async fn a_path_that_refuses_every_token_takes_none_from_others() {
    let faulty = Faulty::start().await;
    let client = client(&faulty, entra(&faulty.sandbox.entra_url()).app_and_user(consented()));
    client.list_customers().send().await.unwrap();
    for _ in 0..20 {
        for _ in 0..2 {
            faulty.sandbox.respond_next_to(SUPPORT, Response::new(401));
        }
        let error = read(&client).await.unwrap_err();
        assert!(error.is_unauthorized() && error.attempts() <= 2, "{error}");
        client.list_customers().send().await.unwrap();
        if error.attempts() == 1 {
            // The other refusal is left.
            read(&client).await.unwrap_err();
        }
        faulty.clock.advance(Duration::from_secs(1));
    }
    assert!(issued(&faulty) <= 3, "{}", issued(&faulty));
    // One that is revoked is replaced at once all the same.
    let before = issued(&faulty);
    faulty.sandbox.revoke_access_tokens();
    client.list_customers().send().await.unwrap();
    assert_eq!(issued(&faulty), before + 1);
}

#[tokio::test]
async fn a_dead_token_is_redeemed_less_and_less_often_until_there_is_another() {
    let faulty = Faulty::start().await;
    let (store, client) = with_store(&faulty);
    faulty.sandbox.revoke_refresh_tokens(700_082);
    for _ in 0..600 {
        assert!(read(&client).await.unwrap_err().needs_consent());
        faulty.clock.advance(Duration::from_secs(1));
    }
    let redeemed = sign_ins(&faulty).len();
    assert!((2..=11).contains(&redeemed), "{redeemed} in ten minutes");
    store.put(faulty.sandbox.consent());
    faulty.clock.advance(Duration::from_secs(1));
    read(&client).await.unwrap();
    assert_eq!(sign_ins(&faulty).len(), 1);
}

#[tokio::test]
async fn a_person_who_is_wanted_by_the_vendor_is_looked_for_in_the_store() {
    let faulty = Faulty::start().await;
    let (store, client) = with_store(&faulty);
    read(&client).await.unwrap();
    faulty.sandbox.require_mfa(Some(MfaRefusal::Code));
    for _ in 0..20 {
        let error = read(&client).await.unwrap_err();
        assert!(error.needs_consent() && error.attempts() == 1, "{error}");
        faulty.clock.advance(Duration::from_secs(2));
    }
    assert_eq!(issued(&faulty), 1);
    store.put(faulty.sandbox.consent());
    faulty.sandbox.require_mfa(None);
    read(&client).await.unwrap();
    eventually("a token of the new consent", || issued(&faulty) == 2).await;
}
