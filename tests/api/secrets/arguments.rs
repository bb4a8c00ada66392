//! Arguments get swapped: what is wrong with one is said without it.

use std::error::Error as StdError;

use letterhead::campaign_standard::{self, ServerToServer};
use letterhead::partner_center::{self, EntraApp};
use letterhead::{
    AccessToken, BoxFuture, FileStore, RefreshTokenStore as _, TokenSource, cloudflare, reqwest,
};

use crate::support::{assert_hidden, said, shown};

/// Some of them could be what they are taken for.
const SECRETS: [&str; 5] = [
    "hunter2",
    "Q8~hunter2.hunter2_hunter2-hunter2",
    "hunter2:hunter2@hunter2/hunter2",
    "eyJhunter2eyJhunter2eyJhunter2eyJhunter2eyJhunter2eyJhunter2eyJhunter2eyJhunter2",
    "hunter2 hunter2\n",
];

fn assert_nowhere(text: &str) {
    assert_hidden(text, ["hunter2"]);
}

#[test]
fn a_secret_in_the_wrong_place_is_not_shown() {
    for secret in SECRETS {
        let mut all = Vec::new();
        let token = || partner_center::Credential::bearer("token").unwrap();
        for app in [
            EntraApp::new(secret, "id", "other"),
            EntraApp::new("contoso.example", secret, "other"),
            EntraApp::new("contoso.example", "id", "other").authority(secret),
        ] {
            all.push(shown(&app));
            match app.app_only() {
                Err(error) => all.push(said(&error)),
                Ok(credential) => all.push(shown(&credential)),
            }
        }
        for app in [
            ServerToServer::new(secret, "id"),
            ServerToServer::new("id", "other").authority(secret),
        ] {
            all.push(shown(&app));
            let made = app.credential();
            all.push(made.map_or_else(|error| said(&error), |made| shown(&made)));
        }
        for made in [
            cloudflare::Credential::api_key(secret, "a@b.example"),
            cloudflare::Credential::api_token(&format!("cfk_{secret}")),
            cloudflare::Credential::api_key("a@b.example", &format!("cfut_{secret}")),
        ] {
            all.push(made.map_or_else(|error| said(&error), |made| shown(&made)));
        }
        let client = partner_center::Client::builder().base_url(secret);
        let client = client.credential(token());
        all.push(shown(&client));
        all.push(client.build().map_or_else(|error| said(&error), |made| shown(&made)));
        let client = campaign_standard::Client::builder(secret);
        let client = client.credential(campaign_standard::Credential::new("t", "key").unwrap());
        all.push(shown(&client));
        all.push(client.build().map_or_else(|error| said(&error), |made| shown(&made)));
        assert_nowhere(&all.join("\n"));
    }
}

#[tokio::test]
async fn a_header_with_name_and_value_swapped_is_not_shown() {
    let client = partner_center::Client::builder()
        .credential(partner_center::Credential::bearer("token").unwrap())
        .build()
        .unwrap();
    for secret in SECRETS {
        let call = client.get_support_profile();
        let call = call.extra_header(secret, "x-gateway-key");
        assert_nowhere(&shown(&call));
        // It could be a name, and it is sent then.
        if secret.contains(['/', '\n']) {
            assert_nowhere(&said(&call.send().await.unwrap_err()));
        }
    }
}

#[tokio::test]
async fn a_token_in_place_of_a_path_is_not_shown() {
    let store = FileStore::new("hunter2-hunter2");
    let error = store.load().await.unwrap_err();
    assert_nowhere(&format!("{}{error} {error:?}", shown(&store)));
}

/// A source whose `Debug` shows what it holds.
#[derive(Debug)]
struct Careless {
    #[expect(dead_code, reason = "`Debug` shows it")]
    token: &'static str,
}

impl TokenSource for Careless {
    fn fetch<'a>(
        &'a self,
        _: &'a reqwest::Client,
    ) -> BoxFuture<'a, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        Box::pin(async { Ok(AccessToken::new("hunter2".into(), None)) })
    }
}

#[test]
fn of_a_source_of_the_callers_own_only_the_type_is_shown() {
    let careless = || Careless { token: "hunter2" };
    let credential = partner_center::Credential::from_tokens(careless());
    let other = campaign_standard::Credential::from_tokens(careless(), "key").unwrap();
    let client = partner_center::Client::builder().credential(credential.clone());
    let all = shown(&(&credential, &other, client.build().unwrap()));
    assert!(all.contains("Careless"), "{all}");
    assert_nowhere(&all);
    assert_nowhere(&shown(&AccessToken::new("hunter2".into(), None)));
}
