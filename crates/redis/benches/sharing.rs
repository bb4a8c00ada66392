//! What sharing costs a call that needs no new token: its throughput with a shared token, and with a shared quota as
//! well, against the same call of a client that keeps both to itself.
//!
//! ```text
//! cargo bench --manifest-path crates/redis/Cargo.toml --features server --bench sharing
//! ```
//!
//! A ratio is taken from two rounds that follow each other, so that what else the machine does strikes both sides.
//! It fails where a median for shared tokens is below the goal.

#![allow(clippy::print_stdout, reason = "the table is what this is for")]

#[path = "../tests/server/support.rs"]
#[expect(dead_code, reason = "most of it is for the tests")]
mod support;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use letterhead::partner_center::{Client, Credential, EntraApp};
use letterhead::{Error, RateLimit, RateLimiter};
use letterhead_redis::WhenAway;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use support::{Server, number};

const ROUNDS: usize = 21;
/// How many calls are under way at once, and how many there are in a round: enough for a steady pace.
const LOADS: [(usize, usize); 2] = [(1, 640), (64, 6400)];
const GOAL: f64 = 0.9;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (redis, vendor) = (Server::start(), vendor());
    let shared = redis.redis(WhenAway::FailClosed);
    // Nobody waits for a turn.
    let limit = RateLimit::new(number(1_000_000), Duration::from_secs(1));
    let source = || {
        let app = EntraApp::new("contoso.example", "client", "the secret");
        app.authority(&*vendor).app_only_source().unwrap()
    };
    let client = || Client::builder().base_url(&*vendor);
    let with_own = Credential::from_tokens(source());
    let with_shared = Credential::from_tokens(shared.tokens("app", source()));
    let [own, sharing] =
        [&with_own, &with_shared].map(|it| client().credential(it.clone()).build().unwrap());
    let own_limit = client().credential(with_own).limiter(RateLimiter::new(limit));
    let shared_limit = client().credential(with_shared).limiter(shared.quota("app", limit));

    let (own_quota, sharing_quota) = (own_limit.build().unwrap(), shared_limit.build().unwrap());
    // What a quota costs depends on the way to Redis, so that only tokens have to reach the goal.
    let cases =
        [("tokens", &sharing, &own, true), ("tokens and quota", &sharing_quota, &own_quota, false)];

    println!("GETs on loopback, medians of {ROUNDS} paired rounds.\n");
    println!(
        "{:<18}{:>10}{:>12}{:>12}{:>8}{:>8}",
        "", "in flight", "shared", "own", "ratio", "goal"
    );
    let mut is_reached = true;
    for (what, sharing, own, has_to) in cases {
        for load in LOADS {
            is_reached &= compare(what, sharing, own, load).await >= GOAL || !has_to;
        }
    }
    if is_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn compare(what: &str, sharing: &Client, own: &Client, load: (usize, usize)) -> f64 {
    let mut rounds = Vec::new();
    // The first round opens connections, and asks for tokens.
    for round in 0..=ROUNDS {
        let (with, without);
        if round % 2 == 0 {
            with = timed(sharing, load).await.unwrap();
            without = timed(own, load).await.unwrap();
        } else {
            without = timed(own, load).await.unwrap();
            with = timed(sharing, load).await.unwrap();
        }
        if round > 0 {
            let [with, without] = [with, without].map(|took| rate(load.1, took));
            rounds.push([with / without, with, without]);
        }
    }
    rounds.sort_by(|one, other| one[0].total_cmp(&other[0]));
    let [ratio, with, without] = rounds[ROUNDS / 2];
    let in_flight = load.0;
    println!(
        "{what:<18}{in_flight:>10}{with:>10.0}/s{without:>10.0}/s{ratio:>8.3}{:>8}",
        format!(">= {GOAL}")
    );
    ratio
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn rate(calls: usize, took: Duration) -> f64 {
    calls as f64 / took.as_secs_f64()
}

async fn timed(client: &Client, (in_flight, calls): (usize, usize)) -> Result<Duration, Error> {
    let started = Instant::now();
    let mut callers: JoinSet<Result<(), Error>> = JoinSet::new();
    for _ in 0..in_flight {
        let client = client.clone();
        callers.spawn(async move {
            for _ in 0..calls / in_flight {
                client.get_support_profile().send().await?;
            }
            Ok(())
        });
    }
    while let Some(called) = callers.join_next().await {
        called.unwrap()?;
    }
    Ok(started.elapsed())
}

/// Partner Center and Entra on loopback, in a thread of their own, with as little work as there can be; their URL.
fn vendor() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream));
            }
        });
    });
    url
}

async fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader);
    loop {
        let (mut line, mut body, mut length) = (String::new(), r#"{"email":"a@b.example"}"#, 0);
        while reader.read_line(&mut line).await? > 2 {
            if line.starts_with("POST") {
                body = r#"{"access_token":"a-token","expires_in":3599}"#;
            }
            if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = text.trim().parse().unwrap();
            }
            line.clear();
        }
        if line.is_empty() {
            return Ok(());
        }
        reader.read_exact(&mut vec![0; length]).await?;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:";
        writer.write_all(format!("{head} {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    }
}
