//! Refresh tokens in stores that hang, that others write to, and that lie behind links.

use std::error::Error as StdError;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use letterhead::partner_center::Credential;
use letterhead::{BoxFuture, FileStore, RefreshTokenStore, Secret};

use super::calls::partner;
use super::table::Table;
use super::tokens::{Counting, app, client, granted, is_sign_in, read};
use crate::support::ManualClock;
use crate::support::server::{RawServer, json};

type BoxError = Box<dyn StdError + Send + Sync>;

const WEDGED: &str = "a source or a store that hangs doesn't wedge the client";
const SHARED: &str = "processes that share a store don't end each other's sign-in";

/// A store that hangs where it is to.
#[derive(Debug)]
struct Hanging {
    token: Mutex<Secret>,
    loads: bool,
    saves: bool,
}

impl RefreshTokenStore for Hanging {
    fn load(&self) -> BoxFuture<'_, Result<Secret, BoxError>> {
        Box::pin(async {
            if self.loads {
                std::future::pending::<()>().await;
            }
            Ok(self.token.lock().unwrap().clone())
        })
    }

    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async move {
            if self.saves {
                std::future::pending::<()>().await;
            }
            *self.token.lock().unwrap() = token;
            Ok(())
        })
    }
}

#[tokio::test]
async fn nothing_blocks_the_client_for_ever() {
    let mut table = Table::new("tokens");
    let row = async {
        let asked = Arc::new(AtomicUsize::default());
        let server = RawServer::each(vec![json(200, r#"{"email":"a"}"#)]).await;
        let clock = ManualClock::new();
        let source = Credential::from_tokens(Counting(Arc::clone(&asked), 1));
        let client = partner(&server.url, &clock).credential(source).build().unwrap();
        let first = tokio::spawn({
            let client = client.clone();
            async move { read(&client).await }
        });
        let is_asked = || asked.load(Ordering::SeqCst) > 0;
        crate::support::eventually("the source is asked", is_asked).await;
        first.abort();
        clock.advance(Duration::from_secs(700));
        read(&client).await.unwrap();
    };
    table.row(WEDGED, "a source that hangs once", row).await;
    for (name, loads, saves) in [("load", true, false), ("save", false, true)] {
        let row = async move {
            let server = RawServer::start(|request| match is_sign_in(request) {
                true => granted(request.number),
                false => json(200, r#"{"email":"a"}"#),
            })
            .await;
            let clock = ManualClock::new();
            let token = Mutex::new(Secret::from("rt-first"));
            let store = Hanging { token, loads, saves };
            let credential = app(&server).app_and_user(store).unwrap();
            let builder = partner(&server.url, &clock).credential(credential);
            if saves {
                // The good token has arrived: it is handed out before it is saved.
                let client = builder.build().unwrap();
                read(&client).await.unwrap();
                read(&client).await.unwrap();
            } else {
                let client = builder.timeout(Duration::from_secs(300)).build().unwrap();
                assert!(!read(&client).await.unwrap_err().may_have_been_sent());
            }
        };
        table.row(WEDGED, format!("a store whose {name} hangs"), row).await;
    }
    table.end();
}

#[tokio::test]
async fn a_shared_store_keeps_everyone_signed_in() {
    let mut table = Table::new("tokens");
    for clients in [2, 4] {
        let row = async move {
            let folder = temporary(&format!("shared-{clients}"));
            let path = folder.join("token");
            std::fs::write(&path, "rt-0").unwrap();
            let server = refusing_reuse().await;
            for _ in 0..3 {
                let clock = ManualClock::new();
                let calls = (0..clients).map(|_| {
                    let credential = app(&server).app_and_user(FileStore::new(&path)).unwrap();
                    let client = client(&server, &clock, credential);
                    tokio::spawn(async move { read(&client).await })
                });
                for call in calls.collect::<Vec<_>>() {
                    call.await.unwrap().unwrap();
                }
            }
            std::fs::remove_dir_all(folder).unwrap();
        };
        table.row(SHARED, format!("{clients} on one file"), row).await;
    }
    let row = async {
        let token = Arc::new(Mutex::new("rt-old".to_owned()));
        let newer = Arc::clone(&token);
        let server = RawServer::start(move |request| match is_sign_in(request) {
            true if request.text().contains("rt-old") => {
                // Another process was faster, and has put its replacement into the store.
                *newer.lock().unwrap() = "rt-new".into();
                json(400, r#"{"error":"invalid_grant","error_codes":[70000]}"#)
            }
            true => granted(9),
            false => json(200, r#"{"email":"a"}"#),
        })
        .await;
        let credential = app(&server).app_and_user(Store(token)).unwrap();
        read(&client(&server, &ManualClock::new(), credential)).await.unwrap();
    };
    table.row(SHARED, "a newer token in the store", row).await;
    #[cfg(unix)]
    table
        .row("a symbolic link is followed, and stays one", "FileStore", async {
            let folder = temporary("link");
            let (target, link) = (folder.join("target"), folder.join("token"));
            std::fs::write(&target, "rt-0").unwrap();
            std::os::unix::fs::symlink(&target, &link).unwrap();
            let server = refusing_reuse().await;
            let credential = app(&server).app_and_user(FileStore::new(&link)).unwrap();
            read(&client(&server, &ManualClock::new(), credential)).await.unwrap();
            let is_link = std::fs::symlink_metadata(&link).unwrap().is_symlink();
            let stored = std::fs::read_to_string(&target).unwrap();
            std::fs::remove_dir_all(folder).unwrap();
            assert!(is_link && stored.trim() != "rt-0", "{stored}");
        })
        .await;
    table.end();
}

#[derive(Debug)]
struct Store(Arc<Mutex<String>>);

impl RefreshTokenStore for Store {
    fn load(&self) -> BoxFuture<'_, Result<Secret, BoxError>> {
        let token = self.0.lock().unwrap().as_str().into();
        Box::pin(async { Ok(token) })
    }

    fn save(&self, token: Secret) -> BoxFuture<'_, Result<(), BoxError>> {
        drop(token);
        Box::pin(async { Ok(()) })
    }
}

/// An identity provider that takes each refresh token once.
async fn refusing_reuse() -> RawServer {
    let mut next = 0;
    RawServer::start(move |request| {
        if !is_sign_in(request) {
            return json(200, r#"{"email":"a"}"#);
        }
        let is_current = request.text().contains(&format!("refresh_token=rt-{next}"));
        if !is_current {
            return json(400, r#"{"error":"invalid_grant","error_codes":[70000]}"#);
        }
        next += 1;
        granted(next)
    })
    .await
}

fn temporary(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("letterhead-raw-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
