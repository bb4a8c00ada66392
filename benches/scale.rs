//! What many clients cost: one for each tenant of a service.
//!
//! ```text
//! cargo bench --bench scale              a minute
//! cargo bench --bench scale -- --quick   some seconds
//! ```
//!
//! A client has a credential of its own, with a token as long as Microsoft's, and all else that a client has. *Apart* are clients with an HTTP client
//! each, which is what a program has that makes them by hand: at most a hundred of them, counted up. Memory is what
//! the program's allocator has given, not what the system has.
//!
//! Figures are shown beside the goals and never fail the run.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is what this is for")]

#[path = "report/mod.rs"]
mod report;

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use letterhead::ClientBuilder;
use letterhead::partner_center::{Client, Credential};
use letterhead_sandbox::{Sandbox, credentials};
use peak_alloc::PeakAlloc;
use report::{Report, Row};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

type Fault = Box<dyn Error + Send + Sync>;

/// How many clients the goals are about.
const GOAL: usize = 1000;

/// How many clients are made.
const COUNTS: [usize; 4] = [1, GOAL, 5 * GOAL, 10 * GOAL];

/// How many clients apart are made at most to know what one costs.
const APART: usize = 100;

fn main() -> ExitCode {
    report::exit(run())
}

fn run() -> Result<(), Fault> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let mut report = Report::of(&arguments)?;
    clients(&mut report)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(calls(&mut report))?;
    report.finish()
}

/// Clients that share what all have, against clients apart.
fn clients(report: &mut Report) -> Result<(), Fault> {
    let vendor = "https://api.partnercenter.microsoft.com";
    report.table("clients", ["shared", "apart"]);
    for count in COUNTS {
        let (mut times, mut memory) = (Vec::new(), Vec::new());
        for _ in 0..if report.is_quick { 1 } else { 5 } {
            let shared = make(count, |tenant| client(vendor, tenant))?;
            let made = count.min(APART);
            let apart = make(made, |tenant| {
                let http = letterhead::http_client_builder()?.build()?;
                Ok(client(vendor, tenant)?.http_client(http))
            })?;
            #[expect(clippy::cast_precision_loss, reason = "some thousands")]
            let more = count as f64 / made as f64;
            times.push([shared[0], apart[0] * more]);
            memory.push([shared[1], apart[1] * more]);
        }
        let goals = if count == GOAL { ["<= 20 ms", "<= 3 MiB"] } else { [""; 2] };
        report.row(&Row::paired(&format!("{count} clients, time"), " ms", &times, ratio, goals[0]));
        let what = format!("{count} clients, memory");
        report.row(&Row::paired(&what, " MiB", &memory, ratio, goals[1]));
    }
    Ok(())
}

/// Calls of many clients, one after the other, against as many calls of one.
async fn calls(report: &mut Report) -> Result<(), Fault> {
    let sandbox = Sandbox::start().await?;
    sandbox.record_requests(false);
    let connections = Arc::new(AtomicUsize::new(0));
    let url = forward(sandbox.partner_center_url(), Arc::clone(&connections)).await?;
    let one = authorized(&url)?.build()?;
    let many: Vec<_> = (0..GOAL).map(|_| authorized(&url)?.build().map_err(Fault::from)).collect();
    let many = many.into_iter().collect::<Result<Vec<_>, Fault>>()?;
    let mut rounds = Vec::new();
    // The first round opens the connection and isn't counted.
    for round in 0..=9 {
        let start = Instant::now();
        for client in &many {
            client.get_support_profile().send().await?;
        }
        let of_many = milliseconds(start);
        let start = Instant::now();
        for _ in &many {
            one.get_support_profile().send().await?;
        }
        if round > 0 {
            rounds.push([of_many, milliseconds(start)]);
        }
    }
    report.table("calls, one after the other", ["of many", "of one"]);
    report.row(&Row::paired(&format!("{GOAL} calls, time"), " ms", &rounds, ratio, ""));
    let connections = connections.load(Ordering::Relaxed);
    println!();
    println!("connections to the server: {connections}, goal <= 2");
    Ok(())
}

fn ratio([ours, theirs]: [f64; 2]) -> f64 {
    ours / theirs
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

type Builder = ClientBuilder<Client>;

fn client(url: &str, tenant: usize) -> Result<Builder, Fault> {
    let credential = Credential::bearer(&format!("{}{tenant:06}", "a".repeat(1200)))?;
    Ok(Client::builder().base_url(url).credential(credential))
}

fn authorized(url: &str) -> Result<Builder, Fault> {
    let credential = Credential::bearer(credentials::PARTNER_CENTER_TOKEN)?;
    Ok(Client::builder().base_url(url).credential(credential))
}

/// Makes clients; the milliseconds that it took, and the mebibytes that they hold.
fn make(count: usize, client: impl Fn(usize) -> Result<Builder, Fault>) -> Result<[f64; 2], Fault> {
    let mut all = Vec::with_capacity(count);
    let before = ALLOCATED.current_usage();
    let start = Instant::now();
    for tenant in 0..count {
        all.push(client(tenant)?.build()?);
    }
    let time = milliseconds(start);
    let held = ALLOCATED.current_usage().saturating_sub(before);
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let held = held as f64 / f64::from(1 << 20);
    Ok([time, held])
}

/// Passes connections on to `url`, and counts them.
async fn forward(url: String, count: Arc<AtomicUsize>) -> Result<String, Fault> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = url.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let server = server.clone();
            tokio::spawn(async move {
                let mut onward = TcpStream::connect(&server).await?;
                onward.set_nodelay(true)?;
                stream.set_nodelay(true)?;
                copy_bidirectional(&mut stream, &mut onward).await
            });
        }
    });
    Ok(format!("http://{address}"))
}
