//! Refresh tokens: where they are kept, and who can renew them.

use std::error::Error as StdError;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use letterhead::{BoxFuture, ErrorKind, FileStore, MemoryStore, RefreshTokenStore, Secret};
use letterhead_sandbox::{MfaRefusal, credentials};

use super::{client, consented, read, refused, sign_ins};
use crate::support::{Faulty, entra, form_member};

#[tokio::test]
async fn the_replacement_of_a_refresh_token_goes_into_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("refresh-token");
    std::fs::write(&path, credentials::PARTNER_CENTER_REFRESH_TOKEN).unwrap();
    let faulty = Faulty::start().await;
    faulty.sandbox.set_refresh_tokens_single_use(true);
    let app = entra(&faulty.sandbox.entra_url());
    for credential in [app.clone().app_and_user(FileStore::new(&path)), {
        app.app_and_user(MemoryStore::new(faulty.sandbox.consent()))
    }] {
        let client = client(&faulty, credential);
        for _ in 0..3 {
            read(&client).await.unwrap();
            faulty.clock.advance(Duration::from_secs(3599));
        }
        let redeemed: Vec<_> = sign_ins(&faulty)
            .iter()
            .map(|sent| form_member(sent, "refresh_token").unwrap())
            .collect();
        assert_eq!(redeemed.len(), 3);
        assert!(redeemed[0] != redeemed[1] && redeemed[1] != redeemed[2]);
    }
    // A process that starts later goes on with what the file holds now.
    let later = entra(&faulty.sandbox.entra_url()).app_and_user(FileStore::new(&path));
    read(&client(&faulty, later)).await.unwrap();
}

/// A store that can be read, and written only by the test.
#[derive(Clone, Debug)]
struct ReadOnly(Arc<Mutex<Option<Secret>>>);

impl ReadOnly {
    fn new(token: &str) -> Self {
        Self(Arc::new(Mutex::new(Some(token.into()))))
    }
}

impl RefreshTokenStore for ReadOnly {
    fn load(&self) -> BoxFuture<'_, Result<Secret, Box<dyn StdError + Send + Sync>>> {
        let missing = || io::Error::new(io::ErrorKind::NotFound, "nobody has signed in");
        Box::pin(async move { Ok(self.0.lock().unwrap().clone().ok_or_else(missing)?) })
    }

    fn save(&self, _: Secret) -> BoxFuture<'_, Result<(), Box<dyn StdError + Send + Sync>>> {
        Box::pin(async { Err("the disk is full".into()) })
    }
}

#[tokio::test]
async fn a_replacement_that_cannot_be_saved_is_kept_until_a_person_consents_again() {
    let faulty = Faulty::start().await;
    faulty.sandbox.set_refresh_tokens_single_use(true);
    let store = ReadOnly::new(credentials::PARTNER_CENTER_REFRESH_TOKEN);
    let app = entra(&faulty.sandbox.entra_url());
    let client = client(&faulty, app.app_and_user(store.clone()));
    for _ in 0..3 {
        read(&client).await.unwrap();
        faulty.clock.advance(Duration::from_secs(3599));
    }
    faulty.sandbox.revoke_refresh_tokens(50_173);
    assert!(read(&client).await.unwrap_err().needs_consent());
    *store.0.lock().unwrap() = Some(faulty.sandbox.consent().into());
    faulty.clock.advance(Duration::from_secs(2));
    read(&client).await.unwrap();
}

#[tokio::test]
async fn a_replacement_that_cannot_be_saved_does_not_outlive_a_sign_out() {
    let faulty = Faulty::start().await;
    let store = ReadOnly::new(credentials::PARTNER_CENTER_REFRESH_TOKEN);
    let app = entra(&faulty.sandbox.entra_url());
    let client = client(&faulty, app.app_and_user(store.clone()));
    read(&client).await.unwrap();
    *store.0.lock().unwrap() = None;
    faulty.clock.advance(Duration::from_secs(3599));
    assert!(read(&client).await.unwrap_err().needs_consent());
    assert_eq!(sign_ins(&faulty).len(), 1);
}

#[tokio::test]
async fn a_bad_token_file_fails_before_anything_is_sent() {
    let faulty = Faulty::start().await;
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "").unwrap();
    let mut files = vec![
        (folder.path().join("none"), "a person has to sign in"),
        (empty, "is empty"),
        (folder.path().to_owned(), "can't be read"),
    ];
    if cfg!(target_os = "linux") {
        // Readable, in a folder that not even root can write to.
        files.push(("/proc/self/comm".into(), "the folder `/proc/self` can't be written"));
    }
    for (path, expected) in files {
        let app = entra(&faulty.sandbox.entra_url());
        let error = refused(&faulty, app.app_and_user(FileStore::new(path))).await;
        let source = error.source().unwrap().to_string();
        assert!(source.contains(expected), "{source}");
        assert!(error.to_string().contains("no refresh token to redeem"), "{error}");
    }
    assert!(faulty.sandbox.requests().is_empty());
}

#[tokio::test]
async fn what_only_a_person_can_mend_is_said() {
    for aadsts in [50_076, 50_078, 50_079, 50_173, 65_001, 70_000, 70_008, 70_043, 700_082] {
        let faulty = Faulty::start().await;
        faulty.sandbox.revoke_refresh_tokens(aadsts);
        let app = entra(&faulty.sandbox.entra_url());
        let error = refused(&faulty, app.app_and_user(consented())).await;
        assert!(error.needs_consent() && error.is_unauthorized(), "{error}");
        let response = sign_ins(&faulty).pop().unwrap().response.into_body();
        let response: letterhead::serde_json::Value =
            letterhead::serde_json::from_slice(&response).unwrap();
        assert_eq!(error.trace_id(), response["correlation_id"].as_str());
        assert_eq!(error.codes()[..2], ["invalid_grant".to_owned(), aadsts.to_string()]);
        let text = error.to_string();
        assert!(text.contains("; a person must consent again"), "{text}");
        assert!(!text.contains(".;"), "{text}");
        assert!(text.contains(error.trace_id().unwrap()), "{text}");
        assert!(!text.contains('\n'), "{text}");
    }
}

#[tokio::test]
async fn a_missing_second_factor_is_recognized_in_both_forms() {
    for refusal in [MfaRefusal::EmptyBody, MfaRefusal::Code] {
        let faulty = Faulty::start().await;
        faulty.sandbox.require_mfa(Some(refusal));
        let app = entra(&faulty.sandbox.entra_url());
        let user = client(&faulty, app.app_and_user(consented()));
        for client in [user, faulty.partner().build().unwrap()] {
            let error = read(&client).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Refused);
            assert!(error.needs_consent() && error.is_unauthorized(), "{refusal:?}");
            let text = error.to_string();
            assert!(text.contains("multi-factor"), "{text}");
            let may_have_ended = refusal == MfaRefusal::EmptyBody;
            assert_eq!(text.contains("has ended"), may_have_ended, "{text}");
        }
    }
}
