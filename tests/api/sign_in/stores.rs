//! Stores that are slow, and files that several clients and processes share.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use letterhead::{BoxFuture, FileStore, RefreshTokenStore, Secret};
use letterhead_sandbox::{Fault, Faults, credentials};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::churn::Shared;
use super::{client, read, sign_ins};
use crate::support::{Faulty, child, entra, entra_endpoint, eventually, succeeds};

/// Where a child finds the sandbox, and the file.
const AUTHORITY: &str = "LETTERHEAD_TEST_AUTHORITY";
const PARTNER: &str = "LETTERHEAD_TEST_PARTNER";
const FILE: &str = "LETTERHEAD_TEST_FILE";

/// A store that takes a token when it is let.
#[derive(Debug)]
struct Slow(Shared, Arc<Semaphore>);

impl RefreshTokenStore for Slow {
    fn load(&self) -> BoxFuture<'_, Result<Secret, Box<dyn StdError + Send + Sync>>> {
        self.0.load()
    }

    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), Box<dyn StdError + Send + Sync>>> {
        Box::pin(async {
            self.1.acquire().await?.forget();
            self.0.save(token).await
        })
    }
}

#[tokio::test]
async fn a_save_outlasts_the_call_and_the_client() {
    let faulty = Faulty::start().await;
    let store = Shared::new(credentials::PARTNER_CENTER_REFRESH_TOKEN);
    let open = Arc::new(Semaphore::new(0));
    let slow = Slow(store.clone(), Arc::clone(&open));
    let client = client(&faulty, entra(&faulty.sandbox.entra_url()).app_and_user(slow));
    read(&client).await.unwrap();
    read(&client).await.unwrap();
    drop(client);
    let before = store.held();
    assert_eq!(before.expose(), credentials::PARTNER_CENTER_REFRESH_TOKEN);
    open.add_permits(1);
    eventually("the replacement is saved", || store.held() != before).await;
    assert_eq!(sign_ins(&faulty).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_redeem_a_token_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("refresh-token");
    std::fs::write(&path, credentials::PARTNER_CENTER_REFRESH_TOKEN).unwrap();
    // Slow, so that all of them would redeem the first token.
    let slow = Faults::script([]).delay(Duration::from_millis(300));
    let faulty = Faulty::with(slow).await;
    faulty.sandbox.set_refresh_tokens_single_use(true);
    let authority = faulty.proxy.entra_url();
    for _ in 0..6 {
        let endpoint = entra_endpoint();
        faulty.proxy.fault_next_to(&endpoint, Fault::SlowHeaders);
    }
    let mut processes = JoinSet::new();
    for _ in 0..3 {
        let mut child = child(module_path!(), "another_process");
        child
            .env(AUTHORITY, &authority)
            .env(PARTNER, faulty.sandbox.partner_center_url())
            .env(FILE, &path);
        processes.spawn(succeeds(child));
        let app = entra(&authority).app_and_user(FileStore::new(&path));
        let client = client(&faulty, app);
        processes.spawn(async move { read(&client).await.unwrap() });
    }
    while let Some(ended) = processes.join_next().await {
        ended.unwrap();
    }
    let redeemed = sign_ins(&faulty);
    assert!(redeemed.iter().all(|sent| sent.response.status() == 200));
    assert_eq!(redeemed.len(), 6);
}

#[tokio::test]
#[ignore = "is run by another test, in a process of its own"]
async fn another_process() {
    let variable = |name| std::env::var(name).unwrap();
    let app = entra(&variable(AUTHORITY)).app_and_user(FileStore::new(variable(FILE)));
    let client = letterhead::partner_center::Client::builder()
        .base_url(variable(PARTNER))
        .credential(app.unwrap())
        .build()
        .unwrap();
    read(&client).await.unwrap();
}
