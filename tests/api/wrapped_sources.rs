//! The sources of letterhead's own credentials inside a source of the caller's, as a shared cache is one.

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use crate::support::{Faulty, entra, ims};
use letterhead::{
    AccessToken, BoxFuture, MemoryStore, TokenSource, campaign_standard, partner_center, reqwest,
};
use letterhead_sandbox::{TokenGrant, credentials};

/// Hands out the token that the source yielded, until half of its life is over.
#[derive(Debug)]
struct Cache<S> {
    source: S,
    kept: Arc<Mutex<Option<AccessToken>>>,
}

impl<S: TokenSource> TokenSource for Cache<S> {
    fn fetch<'a>(
        &'a self,
        http: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async {
            let kept = self.kept.lock().unwrap().clone();
            if let Some(token) = kept {
                let left = token.expires_in().map(|life| life / 2);
                return Ok(AccessToken::new(token.token().clone(), left));
            }
            let token = self.source.fetch(http).await?;
            assert!(token.expires_in() > Some(Duration::from_secs(3000)), "{token:?}");
            *self.kept.lock().unwrap() = Some(token.clone());
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

#[tokio::test]
async fn clients_with_a_cache_between_ask_the_identity_provider_once() {
    let faulty = Faulty::start().await;
    let (entra_url, ims_url) = (faulty.proxy.entra_url(), faulty.proxy.ims_url());
    let [app_only, user, adobe] = [(); 3].map(|()| Arc::default());
    for _ in 0..2 {
        let source = entra(&entra_url).app_only_source().unwrap();
        let cache = Cache { source, kept: Arc::clone(&app_only) };
        let credential = partner_center::Credential::from_tokens(cache);
        let client = faulty.partner().credential(credential).build().unwrap();
        client.list_customers().send().await.unwrap();

        let store = MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN);
        let source = entra(&entra_url).app_and_user_source(store).unwrap();
        let cache = Cache { source, kept: Arc::clone(&user) };
        let credential = partner_center::Credential::from_tokens(cache);
        let client = faulty.partner().credential(credential).build().unwrap();
        client.get_support_profile().send().await.unwrap();

        let source = ims(&ims_url).source().unwrap();
        let cache = Cache { source, kept: Arc::clone(&adobe) };
        let id = credentials::CAMPAIGN_CLIENT_ID;
        let credential = campaign_standard::Credential::from_tokens(cache, id).unwrap();
        let client = faulty.campaign().credential(credential).build().unwrap();
        client.list_profiles().send().await.unwrap();
    }
    let sandbox = &faulty.sandbox;
    for grant in [TokenGrant::EntraClientCredentials, TokenGrant::EntraRefreshToken] {
        assert_eq!(sandbox.tokens_issued(grant), 1, "{grant:?}");
    }
    assert_eq!(sandbox.tokens_issued(TokenGrant::ImsClientCredentials), 1);
}
