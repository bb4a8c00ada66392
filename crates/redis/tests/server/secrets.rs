//! What the server holds and the log shows.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use letterhead::{Limiter as _, Patience, RateLimit, RefreshTokenStore as _};
use letterhead_redis::client::{Value, cmd};
use letterhead_redis::{Key, Redis, WhenAway};
use tracing_subscriber::filter::LevelFilter;

use crate::support::{Issuer, PATIENCE, Server, number, token};

const HOUR: Duration = Duration::from_secs(3600);
const GO_ON: WhenAway = WhenAway::GoOn { replicas: number(2) };
const PASSWORD: &str = "pa55-hush";
const KEY: &[u8; 32] = b"the key itself, which is 32 byte";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_the_server_nor_the_log_holds_a_secret() {
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || written.clone())
        .finish();
    // Of the other tests' threads as well: they have secrets, too.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let mut server = Server::with(&["--requirepass", PASSWORD]);
    let url = |password: &str| server.url().replace("redis://", &format!("redis://:{password}@"));
    let (right, wrong) = (url(PASSWORD), url("wrong-hush"));
    let redis =
        |url: &str| Redis::builder(url, Key::new(*KEY), GO_ON).timeout(PATIENCE).build().unwrap();
    let issuer = Issuer::new(HOUR);
    let use_all = async |redis: Redis| {
        token(&redis.tokens("app", issuer.clone())).await.unwrap();
        let limit = RateLimit::new(number(1000), Duration::from_secs(1));
        let patience = Patience::new(HOUR, HOUR);
        redis.quota("app", limit).acquire(patience).await.unwrap();
        let store = redis.refresh_token("person");
        let put = store.put(&"refresh token".into()).await;
        assert_eq!(put.is_ok(), store.load().await.is_ok());
    };
    use_all(redis(&right)).await;
    use_all(redis(&wrong)).await;

    let client = letterhead_redis::client::Client::open(&*right).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    assert!(keys.len() >= 3, "{keys:?}");
    for key in keys {
        let dump: Value = cmd("DUMP").arg(&key).query_async(&mut connection).await.unwrap();
        let Value::BulkString(dump) = dump else { continue };
        for secret in ["token 1", "refresh token"] {
            let holds = dump.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!holds, "{key} holds `{secret}`");
        }
    }
    let () = cmd("SET")
        .arg(&["letterhead:token:{app}", "a stranger's"])
        .query_async(&mut connection)
        .await
        .unwrap();
    use_all(redis(&right)).await;
    server.kill();
    use_all(redis(&right)).await;

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for expected in ["Redis can't be used", "isn't a token that can be read"] {
        assert!(log.contains(expected), "{log}");
    }
    for secret in ["hush", "token 1", "token 2", "refresh token\"", "the key itself"] {
        assert!(!log.contains(secret), "`{secret}` in {log}");
    }
}
