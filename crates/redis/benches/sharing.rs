//! What sharing costs a call that needs no new token: its throughput with a shared token, and with a shared quota as
//! well, against the same call of a client that keeps both to itself.
//!
//! ```text
//! cargo bench --manifest-path crates/redis/Cargo.toml --features server --bench sharing
//! ```
//!
//! A ratio is taken from two rounds that follow each other, so that what else the machine does strikes both sides.
//! What doesn't depend on the machine has to hold: a token that is there costs no command of Redis, a turn of a quota
//! one at most. It fails otherwise.

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
    // With the most scripts that a call may cost.
    let cases =
        [("tokens", &sharing, &own, 0.0), ("tokens and quota", &sharing_quota, &own_quota, 1.0)];

    println!("GETs on loopback, medians of {ROUNDS} paired rounds.\n");
    println!(
        "{:<18}{:>10}{:>12}{:>12}{:>8}{:>8}{:>10}",
        "", "in flight", "shared", "own", "ratio", "goal", "scripts"
    );
    let mut holds = true;
    for (what, sharing, own, most) in cases {
        for load in LOADS {
            // Opens connections, and asks for tokens.
            for client in [sharing, own] {
                timed(client, load).await.unwrap();
            }
            let before = redis.commands().await;
            let [ratio, with, without] = compare(sharing, own, load).await;
            let scripts = count(redis.commands().await - before) / count(ROUNDS * load.1);
            holds &= scripts <= most;
            println!(
                "{what:<18}{:>10}{with:>10.0}/s{without:>10.0}/s{ratio:>8.3}{:>8}{scripts:>10.4}",
                load.0,
                format!(">= {GOAL}")
            );
        }
    }
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The median ratio, and the calls in a second of both sides.
async fn compare(sharing: &Client, own: &Client, load: (usize, usize)) -> [f64; 3] {
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let (with, without);
        if round % 2 == 0 {
            with = timed(sharing, load).await.unwrap();
            without = timed(own, load).await.unwrap();
        } else {
            without = timed(own, load).await.unwrap();
            with = timed(sharing, load).await.unwrap();
        }
        let [with, without] = [with, without].map(|took| count(load.1) / took.as_secs_f64());
        rounds.push([with / without, with, without]);
    }
    rounds.sort_by(|one, other| one[0].total_cmp(&other[0]));
    rounds[ROUNDS / 2]
}

#[expect(clippy::cast_precision_loss, reason = "some hundred thousand at most")]
fn count(number: usize) -> f64 {
    number as f64
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
