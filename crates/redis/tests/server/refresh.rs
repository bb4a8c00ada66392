//! A refresh token that replicas share.

use std::time::{Duration, Instant};

use letterhead::{RefreshTokenStore as _, Secret};
use letterhead_redis::client::{AsyncCommands as _, cmd};
use letterhead_redis::{Error, Key, Redis, SharedRefreshToken, WhenAway};

use tokio::runtime::Builder;

use crate::support::{PATIENCE, Server};

const KEY: &str = "letterhead:refresh:{person}";

fn store(server: &Server) -> SharedRefreshToken {
    server.redis(WhenAway::FailClosed).refresh_token("person")
}

async fn load(store: &SharedRefreshToken) -> String {
    store.load().await.unwrap().expose().to_owned()
}

#[tokio::test]
async fn one_has_the_lease_and_saving_frees_it() {
    let server = Server::start();
    let (one, other) = (store(&server), store(&server));
    one.put(&"first".into()).await.unwrap();
    let held = one.lock().await.unwrap();
    assert_eq!(load(&one).await, "first");
    let waiting = tokio::spawn(async move {
        let held = other.lock().await.unwrap();
        let token = load(&other).await;
        drop(held);
        token
    });
    one.save("second".into()).await.unwrap();
    assert_eq!(waiting.await.unwrap(), "second");
    drop(held);
}

#[tokio::test]
async fn the_first_of_two_writes_stays() {
    let server = Server::start();
    let (one, other) = (store(&server), store(&server));
    one.put(&"first".into()).await.unwrap();
    for replica in [&one, &other] {
        assert_eq!(load(replica).await, "first");
    }
    one.save("second".into()).await.unwrap();
    let error = other.save("too late".into()).await.unwrap_err().to_string();
    assert!(error.contains("another replica"), "{error}");
    assert_eq!(load(&other).await, "second");
    other.save("third".into()).await.unwrap();
    assert_eq!(load(&one).await, "third");
}

#[tokio::test]
async fn a_token_that_a_person_puts_is_not_overwritten_by_a_replacement_of_the_old_one() {
    let server = Server::start();
    let replica = store(&server);
    replica.put(&"first".into()).await.unwrap();
    assert_eq!(load(&replica).await, "first");
    store(&server).put(&"of a person".into()).await.unwrap();
    replica.save("replacement of the first".into()).await.unwrap_err();
    assert_eq!(load(&replica).await, "of a person");
}

#[tokio::test]
async fn a_look_between_a_redemption_and_its_end_does_not_make_the_replacement_newer() {
    let server = Server::start();
    let replica = store(&server);
    replica.put(&"first".into()).await.unwrap();
    let held = replica.lock().await.unwrap();
    assert_eq!(load(&replica).await, "first");
    store(&server).put(&"of a person".into()).await.unwrap();
    assert_eq!(load(&replica).await, "of a person");
    replica.save("replacement of the first".into()).await.unwrap_err();
    drop(held);
    assert_eq!(load(&replica).await, "of a person");
}

#[tokio::test]
async fn what_the_server_has_lost_is_given_back_unless_the_person_signed_out() {
    let mut server = Server::start();
    let (old, new) = (store(&server), store(&server));
    old.put(&"first".into()).await.unwrap();
    assert_eq!(load(&new).await, "first");
    new.save("second".into()).await.unwrap();
    server.restart();
    // Who knows an older one may come first.
    assert_eq!(load(&old).await, "first");
    assert_eq!(load(&new).await, "second");
    assert_eq!(load(&old).await, "second");
    let fresh = store(&server);
    assert_eq!(load(&fresh).await, "second");

    fresh.forget().await.unwrap();
    for replica in [&old, &new, &fresh] {
        let error = replica.load().await.unwrap_err().to_string();
        assert!(error.contains("a person has to sign in"), "{error}");
    }
}

#[tokio::test]
async fn a_sign_out_is_not_undone_by_a_replacement_of_what_was_there_before() {
    let server = Server::start();
    let (replica, person) = (store(&server), store(&server));
    person.put(&"first".into()).await.unwrap();
    assert_eq!(load(&replica).await, "first");
    person.forget().await.unwrap();
    // It has seen the sign-out, and has a replacement in its hands.
    replica.load().await.unwrap_err();
    replica.save("second".into()).await.unwrap_err();
    replica.load().await.unwrap_err();
    person.put(&"of a person".into()).await.unwrap();
    assert_eq!(load(&replica).await, "of a person");
}

#[tokio::test]
async fn a_key_is_replaced_without_a_new_consent() {
    let server = Server::start();
    let [old, new] = [[7; 32], [8; 32]].map(Key::new);
    let with = |first: &Key, further: &[&Key]| {
        let builder = Redis::builder(&server.url(), first.clone(), WhenAway::FailClosed);
        let builder =
            further.iter().fold(builder, |builder, key| builder.further_key((*key).clone()));
        builder.timeout(PATIENCE).build().unwrap().refresh_token("person")
    };
    with(&old, &[]).put(&"kept".into()).await.unwrap();
    let replica = with(&new, &[&old]);
    // Who only looks writes nothing: another one may be redeeming the token.
    assert_eq!(load(&replica).await, "kept");
    with(&new, &[]).load().await.unwrap_err();
    // A redemption that brings no other token.
    let held = replica.lock().await.unwrap();
    assert_eq!(load(&replica).await, "kept");
    drop(held);
    assert_eq!(load(&with(&new, &[])).await, "kept");
    // And one that does.
    let held = replica.lock().await.unwrap();
    assert_eq!(load(&replica).await, "kept");
    replica.save("next".into()).await.unwrap();
    drop(held);
    assert_eq!(load(&with(&new, &[])).await, "next");
}

#[tokio::test]
async fn a_replacement_waits_for_a_server_that_comes_back() {
    let mut server = Server::with(&["--appendonly", "yes"]);
    let replica = store(&server);
    replica.put(&"first".into()).await.unwrap();
    assert_eq!(load(&replica).await, "first");
    server.kill();
    let saving = tokio::spawn(async move { replica.save("second".into()).await });
    tokio::task::yield_now().await;
    server.restart();
    saving.await.unwrap().unwrap();
    assert_eq!(load(&store(&server)).await, "second");
}

#[tokio::test]
async fn what_is_not_ours_is_left_as_it_is() {
    let server = Server::start();
    let mut connection = server.connection().await;
    let replica = store(&server);
    let token = Secret::from("mine");
    let other_key =
        Redis::builder(&server.url(), Key::new([9; 32]), WhenAway::FailClosed).timeout(PATIENCE);
    let of_another = other_key.build().unwrap().refresh_token("person");
    for fields in [
        vec![],
        vec!["a", "b"],
        vec!["format", "0", "version", "1", "sealed", "x"],
        vec!["format", "1", "version", "inf", "sealed", "x"],
        vec!["format", "1", "version", "1"],
        vec!["format", "1", "version", "1", "sealed", "x"],
        vec!["another key's"],
    ] {
        let _: () = connection.del(KEY).await.unwrap();
        match &*fields {
            [] => connection.set(KEY, "a stranger's").await.unwrap(),
            [_] => of_another.put(&token).await.unwrap(),
            _ => {
                let mut set = cmd("HSET");
                let _: () = set.arg(KEY).arg(&fields).query_async(&mut connection).await.unwrap();
            }
        }
        let mut look = if fields.len() == 1 { cmd("HGET") } else { cmd("DUMP") };
        look.arg(KEY);
        if fields.len() == 1 {
            look.arg("sealed");
        }
        let before: Vec<u8> = look.query_async(&mut connection).await.unwrap();
        let error = replica.load().await.unwrap_err();
        let error = error.downcast_ref::<Error>().unwrap();
        assert!(error.is_foreign(), "{fields:?}: {error}");
        assert!(error.to_string().contains(KEY), "{error}");
        replica.save("mine".into()).await.unwrap_err();
        let after: Vec<u8> = look.query_async(&mut connection).await.unwrap();
        assert!(before == after, "{fields:?}");
    }
}

#[tokio::test]
async fn a_lease_that_outlives_its_holder_ends() {
    let server = Server::start();
    let lease = Duration::from_millis(500);
    let builder = server.builder(WhenAway::FailClosed).lease(lease);
    // A process that is killed frees nothing, and renews nothing.
    let killed = std::thread::spawn(|| {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let store = builder.build().unwrap().refresh_token("person");
        std::mem::forget(runtime.block_on(store.lock()).unwrap());
    });
    killed.join().unwrap();
    let started = Instant::now();
    drop(store(&server).lock().await.unwrap());
    assert!(started.elapsed() < lease * 4, "{:?}", started.elapsed());
}
